//! What runs: the services of one process, their threads and timers.

pub mod access;
pub mod analysis;
pub mod apdex_sample;
pub mod collector;
pub mod demo;
pub mod disk;
pub mod http_call;
pub mod indexing;
pub mod jobs;
mod loaded;
pub mod observed;
pub mod outcomes;
pub mod password;
pub mod pipeline;
pub mod registry;
pub mod rules;
pub mod running;
pub mod services;
pub mod snippet;
pub mod throttle;
pub mod train_dictionary;
mod visits;
