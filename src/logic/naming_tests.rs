//! Tests of naming.
