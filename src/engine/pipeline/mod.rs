//! From enriched beacons to durable sessions: a bounded queue, one thread, one pure step, one synced batch.
//!
//! An answer is sent only after its batch is in the journal. What the queue does not take was never acknowledged.

pub mod batch;
pub mod queue;
pub mod seen;
pub mod state;
pub mod worker;

pub use queue::{Envelope, Pipeline};
