//! Footfall: digital experience monitoring in one binary.

pub mod base;
pub mod config;
pub mod model;
pub mod store;
