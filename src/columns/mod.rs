//! User actions as columns: derived from the store, mapped from Arrow files or in memory, scanned without an index.

mod bits;
mod block;
mod build;
mod column;
mod file;
mod filter;
mod groups;
mod map;
mod question;
mod scan;
mod set;
mod tables;
mod users;

pub use build::SessionRows;
pub use file::FileError;
pub use filter::knows;
pub use question::{Answer, BUCKETS_MAX, Group, Measure, Question, SPLITS_MAX, Split, Sums, Wants};
pub use set::{ColumnOptions, ColumnStore};
pub use tables::{ActionColumn, SessionColumn, ViewColumn};

#[cfg(test)]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::option_option,
    reason = "numbers of tests are small"
)]
mod tests;
