//! The filter language: text to tree and back.

mod parse;
mod print;
mod value;

pub use parse::parse;
pub use print::{print, print_term};

#[cfg(test)]
mod tests;
