//! Tests of places.
