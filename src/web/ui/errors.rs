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
    /// What to look for, as it stood in the address; empty for no search.
    pub search: String,
    /// Whether trying again may help.
    pub may_retry: bool,
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
            ways: vec![Link::new("Sessions", "/sessions"), Link::new("Applications", "/apps")],
            ..Self::default()
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
            ways: vec![
                Link::new("Roles", "/help/roles"),
                Link::new("My account", "/me"),
                Link::new("Sessions", "/sessions"),
            ],
            ..Self::default()
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
            may_retry: true,
            ways: vec![Link::new("Sessions", "/sessions")],
            ..Self::default()
        }
    }

    /// The server cannot answer now, but soon.
    #[must_use]
    pub fn busy(detail: &str) -> Self {
        Self {
            status: 503,
            title: "The server is busy".to_owned(),
            text: format!("{detail} Collected data is not affected."),
            may_retry: true,
            ways: vec![Link::new("Sessions", "/sessions")],
            ..Self::default()
        }
    }
}
