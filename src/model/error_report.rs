//! Errors that a visitor met.

use serde::{Deserialize, Serialize};

/// What kind of error.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum ErrorKind {
    /// Uncaught exception or rejection, or reported by the page.
    #[default]
    Javascript,
    /// A request that failed: status 4xx or 5xx, no answer, a broken image, a CSP violation.
    Request,
    /// Reported by the page as key and value.
    Custom,
}

/// One error. All texts are masked and bounded, and were written by the visitor's page: hostile when shown.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ErrorReport {
    /// Kind.
    pub kind: ErrorKind,
    /// Milliseconds after the start of its action, or after the start of the beacon's clock for standalone errors.
    pub at: i64,
    /// Message, or key of a custom error.
    pub message: String,
    /// Name of the error class, as `TypeError`; value of a custom error.
    pub name: String,
    /// Stack trace.
    pub stack: String,
    /// Source file, or address of the failed request.
    pub url: String,
    /// HTTP method of a failed request.
    pub method: String,
    /// HTTP status of a failed request; 0 when there was no answer.
    pub status: u16,
    /// Line in the source.
    pub line: u32,
    /// Column in the source.
    pub column: u32,
    /// How often it happened in a row.
    pub count: u32,
}
