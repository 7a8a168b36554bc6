//! What the operator sets before the store opens. Everything else is a setting in the store, edited in the UI.

pub mod check;
pub mod load;
pub mod tree;

pub use load::{Error, load};
pub use tree::Config;

#[cfg(test)]
mod example_tests;
