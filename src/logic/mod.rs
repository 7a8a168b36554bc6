//! (room)

pub mod query_parser;
