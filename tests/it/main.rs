//! The web applications from outside, in one process.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod access;
mod demo;
mod fixture;
mod matrix;
