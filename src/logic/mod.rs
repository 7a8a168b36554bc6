//! The pure core: what beacons mean. No I/O, no clock, no randomness: all of it comes in as parameters.

pub mod apdex;
pub mod experience;
pub mod metering;
pub mod query_parser;
pub mod sessionizer;
