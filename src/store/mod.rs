//! What is kept, and under which key: the durable truth (redb), one folder a day, behind a redo journal.

pub mod catalog;
pub mod codec;
pub mod day;
pub mod dictionary;
pub mod error;
pub mod fresh;
pub mod journal;
pub mod keys;
pub mod reads;
pub mod retention;
pub mod schema;
pub mod write;

pub use error::Error;
pub use write::{Changes, Row, Store, StoreOptions};
