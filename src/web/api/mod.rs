//! The API under `/api/v1`: whatever pages can do, programs can do.

pub mod accounts;
pub mod actions;
pub mod apdex_trial;
pub mod applications;
pub mod audit;
pub mod detection_rules;
pub mod me;
pub mod overview;
pub mod segments;
pub mod session_export;
pub mod session_order;
pub mod session_view;
pub mod sessions;
pub mod sign_in;
pub mod tokens;
pub mod users;
