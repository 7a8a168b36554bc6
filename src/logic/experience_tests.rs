//! Tests of experience.
