//! The protocol of our own agent, one file a version.

mod encode;
mod fields;
mod lax;
mod v1;

pub use encode::encode;
pub use v1::decode;

#[cfg(test)]
mod tests;
