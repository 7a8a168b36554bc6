//! The pure core: what beacons mean. No I/O, no clock, no randomness: all of it comes in as parameters.

pub mod address;
pub mod apdex;
pub mod apdex_trial;
pub mod application_check;
pub mod cardinality;
pub mod classify;
pub mod detection;
pub mod enrich;
pub mod exclusion;
pub mod experience;
pub mod geo;
pub mod metering;
pub mod naming;
pub mod privacy;
pub mod query_parser;
pub mod ruleset;
pub mod sessionizer;
pub mod waterfall;
