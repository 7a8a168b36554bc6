//! Masking, before anything is written.

pub mod ip;
pub mod origin;
pub mod tag;
pub mod text;
pub mod url;

#[cfg(test)]
mod tests;
