//! What runs: the services of one process, their threads and timers.

pub mod demo;
pub mod access;
pub mod indexing;
pub mod password;
pub mod rules;
pub mod services;
pub mod throttle;
