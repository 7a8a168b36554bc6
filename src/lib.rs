//! Footfall: digital experience monitoring in one binary.

pub mod app;
pub mod base;
pub mod cli;
pub mod columns;
pub mod config;
pub mod engine;
pub mod logic;
pub mod model;
pub mod search;
pub mod store;
pub mod web;
pub mod wire;
