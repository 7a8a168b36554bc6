//! Tests of rule files.
