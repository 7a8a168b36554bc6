//! The catalog: one small file with settings, applications, accounts, tokens and the audit log.

mod accounts;
mod agents;
mod applications;
mod audit;
mod codec;
mod database;
mod error;
mod schema;
mod segments;
mod settings;
mod tokens;

pub use audit::{AuditCheck, AuditLine, Author};
pub use database::Catalog;
pub use error::CatalogError;
pub use settings::Setting;

#[cfg(test)]
mod golden_tests;
