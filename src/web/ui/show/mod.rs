//! Handlers of pages: they read, and fill the view structs.

pub mod access;
pub mod application_forms;
pub mod applications;
pub mod exports;
pub mod fields;
pub mod happenings;
pub mod health;
pub mod health_parts;
pub mod help;
pub mod navigation;
pub mod outcomes;
pub mod rules;
pub mod session;
pub mod session_facts;
pub mod session_rows;
pub mod sessions;
pub mod sessions_parts;
pub mod settings;
pub mod setup;
pub mod shell;
pub mod suggest;
pub mod user;
pub mod user_key;
pub mod waterfall;
pub mod words;
