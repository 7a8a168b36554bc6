//! The command line, one file a command.

mod args;
mod check;
mod demo;
mod health;
mod log;
mod reindex;
mod serve;
mod token;
mod user;

pub use args::run;
