//! What there is: plain data, without I/O, clocks or locks.

pub mod account;
pub mod action;
pub mod application;
pub mod beacon;
pub mod error_report;
pub mod outcome;
pub mod query;
pub mod query_fields;
pub mod segment;
pub mod session;
pub mod visitor;
