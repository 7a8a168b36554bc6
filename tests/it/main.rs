//! The web applications from outside, in one process.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::disallowed_methods, reason = "a test may drive the real binary and measure time")]

mod access;
mod actions;
mod cardinality;
mod demo;
mod dictionary;
mod fixture;
mod golden;
mod hostile;
mod matrix;
mod overview;
mod packaging;
mod segments;
#[path = "../support/server_process.rs"]
mod server_process;
mod settings;
