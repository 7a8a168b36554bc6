//! Tests of the inflater.
