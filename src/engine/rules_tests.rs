//! Tests of loading rules.
