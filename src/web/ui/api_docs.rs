//! The API for people: its calls, and one of them with parameters and an example.

use serde::Serialize;

use super::frame::Link;
use super::parts::{Chip, Form};

/// Calls of one subject.
#[derive(Debug, Clone, Default, Serialize)]
pub struct CallGroup {
    /// Subject.
    pub title: String,
    /// Its calls.
    pub calls: Vec<CallLink>,
}

/// A call in the list.
#[derive(Debug, Clone, Default, Serialize)]
pub struct CallLink {
    /// As `GET`.
    pub method: String,
    /// Path.
    pub path: String,
    /// The page of it.
    pub link: Link,
}

/// A parameter, or a field of the body.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Parameter {
    /// Name.
    pub name: String,
    /// As `path`, `query`, `body`.
    pub place: String,
    /// As `text`, `number`.
    pub kind: String,
    /// Whether the call needs it.
    pub is_required: bool,
    /// What it is.
    pub text: String,
}

/// One call.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Call {
    /// As `GET`.
    pub method: String,
    /// Path with parameters in braces.
    pub path: String,
    /// What it does.
    pub text: String,
    /// Permission that it needs.
    pub permission: String,
    /// Parameters and fields.
    pub parameters: Vec<Parameter>,
    /// What it answers: status and words.
    pub answers: Vec<(Chip, String)>,
    /// How a program calls it.
    pub example: String,
    /// Tries it, for calls that only read.
    pub attempt: Option<Form>,
}

/// The page.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ApiPage {
    /// All calls.
    pub groups: Vec<CallGroup>,
    /// The chosen one; none for the first view.
    pub call: Option<Call>,
    /// How to begin, as curl.
    pub example: String,
}
