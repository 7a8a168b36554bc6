//! Full text search over sessions: one index per day, derived from the store, rebuilt at will.

mod budget;
mod columns;
mod compile;
mod count;
mod day;
mod dictionary;
mod distinct;
mod document;
mod fields;
mod gather;
mod index;
mod lines;
mod request;
mod run;
mod spread;
mod statistics;
mod suggest;
mod sums;
mod visit;

pub use budget::Budget;
pub use document::SessionDocument;
pub use index::{SearchError, SearchIndex, SearchOptions};
pub use request::{
    Breadth, Bucket, Cursor, Facet, SearchAnswer, SearchCounts, SearchRequest, Suggestions,
    UserSuggestion, ValueSuggestion,
};
pub use statistics::{
    Dimension, DimensionValue, Figures, Part, Period, Scope, Statistics, StatisticsAnswer,
    StatisticsRequest,
};
pub use visit::VisitFigures;

#[cfg(test)]
mod fixture;
#[cfg(test)]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::many_single_char_names,
    reason = "numbers of tests are small; a tiny edit distance reads best so"
)]
mod naive_tests;
#[cfg(test)]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "numbers of tests are small"
)]
mod statistics_tests;
#[cfg(test)]
#[expect(clippy::cast_sign_loss, reason = "numbers of tests are small")]
mod tag_tests;
#[cfg(test)]
#[expect(clippy::cast_sign_loss, clippy::cast_possible_wrap, reason = "numbers of tests are small")]
mod tests;
#[cfg(test)]
mod writer_tests;
