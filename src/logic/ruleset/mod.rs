//! Rule files: data about the world, compiled into one immutable set.

mod bots;
mod compile;
mod overlay;
mod problem;
mod user_agents;

pub use bots::{Bot, Bots};
pub use compile::{Ruleset, SelfTest, compile};
pub use problem::RuleProblem;
pub use user_agents::UserAgents;

#[cfg(test)]
mod tests;
