//! Search over everything: the page, and what the command menu shows.

use serde::Serialize;

/// Something that was found.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Hit {
    /// Icon.
    pub icon: &'static str,
    /// Text.
    pub text: String,
    /// What else there is to say.
    pub note: String,
    /// Where it leads; empty for a command.
    pub href: String,
    /// Theme that it chooses; empty for none.
    pub theme: &'static str,
    /// Command of the browser, as `copy`; empty for none. Only the command menu shows it.
    pub command: &'static str,
}

/// Hits of one kind.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Group {
    /// As `People`.
    pub title: &'static str,
    /// Best first.
    pub hits: Vec<Hit>,
}

/// The page.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SearchPage {
    /// What was typed.
    pub text: String,
    /// Groups with something in them.
    pub groups: Vec<Group>,
    /// What is not in it, or why there is nothing.
    pub note: String,
}
