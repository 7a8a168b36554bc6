//! Tests of enriching.
