//! From a request to an offered envelope: admit, decode, enrich. Every beacon gets exactly one outcome.

pub mod admit;
pub mod rate;

pub use admit::{Arrival, Collector, Refused, Told};
