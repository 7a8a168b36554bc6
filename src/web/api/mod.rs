//! The API under `/api/v1`: whatever pages can do, programs can do.

pub mod me;
pub mod sign_in;
