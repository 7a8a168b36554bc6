//! Protocols: bytes to bounded model values, and back.

pub mod beacon;
pub mod inflate;
