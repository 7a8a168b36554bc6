//! The words Rust lacks: time, ids, randomness, limits, bounded text.

pub mod clock;
pub mod entropy;
pub mod fold;
pub mod histogram;
pub mod id;
pub mod limits;
pub mod text;
pub mod time;
