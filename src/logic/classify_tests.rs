//! Tests of classifying.
