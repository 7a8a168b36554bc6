//! Tests of apdex.
