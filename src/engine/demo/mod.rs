//! A small shop that does not exist, and its plausible visitors: everything comes from one seed.

mod actions;
mod browsers;
mod dice;
mod faults;
pub mod fill;
mod pages;
mod people;
mod places;
mod resources;
pub mod settings;
pub mod show;
mod visit;
mod visitors;
mod vitals;

pub use visit::Visit;
pub use visitors::{Pace, Visitors};

#[cfg(test)]
mod dictionary_tests;
#[cfg(test)]
mod elsewhere;
#[cfg(test)]
mod tests;
