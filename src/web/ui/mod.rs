//! Pages: one file each, with a view struct that is ready for display.

pub mod access;
pub mod actions;
pub mod api_docs;
pub mod applications;
pub mod errors;
pub mod frame;
pub mod help;
pub mod overview;
pub mod parts;
pub mod search;
pub mod segments;
pub mod session;
pub mod sessions;
pub mod settings;
pub mod setup;
pub mod show;
pub mod user;

#[cfg(test)]
mod golden_tests;
#[cfg(test)]
mod render_tests;
#[cfg(test)]
#[rustfmt::skip]
mod samples;
#[cfg(test)]
#[rustfmt::skip]
mod samples_overview;
#[cfg(test)]
#[rustfmt::skip]
mod samples_settings;
#[cfg(test)]
#[rustfmt::skip]
mod samples_frame;
#[cfg(test)]
#[rustfmt::skip]
mod samples_sessions;
