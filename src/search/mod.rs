//! Full text search over sessions: one index per day, derived from the store, rebuilt at will.

mod budget;
mod compile;
mod count;
mod day;
mod dictionary;
mod document;
mod fields;
mod index;
mod request;
mod run;
mod suggest;

pub use budget::Budget;
pub use document::SessionDocument;
pub use index::{SearchError, SearchIndex, SearchOptions};
pub use request::{
    Breadth, Bucket, Cursor, Facet, SearchAnswer, SearchCounts, SearchRequest, Suggestions,
    UserSuggestion, ValueSuggestion,
};

#[cfg(test)]
mod naive_tests;
#[cfg(test)]
mod tests;
