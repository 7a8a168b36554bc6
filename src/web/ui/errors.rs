//! Error pages in the same frame.

use serde::Serialize;

use super::frame::Link;

/// A page that says why something is not shown.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ErrorPage {
    /// HTTP status.
    pub status: u16,
    /// What, in one line.
    pub title: String,
    /// Why, and what can be done.
    pub text: String,
    /// Number under which the server logged it; empty for none.
    pub incident: String,
    /// Ways on.
    pub ways: Vec<Link>,
}

impl ErrorPage {
    /// Nothing is at this address.
    #[must_use]
    pub fn not_found(what: &str) -> Self {
        Self {
            status: 404,
            title: format!("{what} was not found"),
            text: "It may be past the time for which data is kept, or the address is not complete."
                .to_owned(),
            incident: String::new(),
            ways: vec![Link::new("Sessions", "/sessions"), Link::new("Applications", "/apps")],
        }
    }

    /// The role does not allow it.
    #[must_use]
    pub fn forbidden(permission: &str) -> Self {
        Self {
            status: 403,
            title: "Your role does not allow this".to_owned(),
            text: format!(
                "It needs the permission “{permission}”. An administrator can give it to you."
            ),
            incident: String::new(),
            ways: vec![Link::new("Sessions", "/sessions")],
        }
    }

    /// A fault of the server.
    #[must_use]
    pub fn fault(incident: &str) -> Self {
        Self {
            status: 500,
            title: "The server could not draw this page".to_owned(),
            text: "Collected data is not affected. The log of the server has the reason under this number."
                .to_owned(),
            incident: incident.to_owned(),
            ways: vec![Link::new("Sessions", "/sessions")],
        }
    }
}
