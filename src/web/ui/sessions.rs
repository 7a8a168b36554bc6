//! The list of sessions: find the session of a person, or all sessions like it.

use serde::Serialize;

use super::frame::Link;
use super::parts::{Chip, Pager, Shown};
use crate::web::templates::Markup;

/// A term of the filter as it is shown in the box.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Token {
    /// Field; empty for a word.
    pub field: String,
    /// Value.
    pub value: String,
    /// The list without this term.
    pub without: String,
    /// What is wrong with it; empty when it is understood.
    pub error: String,
}

/// One value of a facet.
#[derive(Debug, Clone, Default, Serialize)]
pub struct FacetRow {
    /// Value in words.
    pub label: String,
    /// Sessions.
    pub count: u64,
    /// The list with or without it.
    pub href: String,
    /// Whether the filter asks for it.
    pub is_on: bool,
}

/// Values of one field, with counts.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Facet {
    /// Field in words.
    pub title: String,
    /// Most common values.
    pub rows: Vec<FacetRow>,
}

/// A row of the list.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SessionRow {
    /// Its page.
    pub href: String,
    /// Start, short.
    pub started: String,
    /// Start in full.
    pub started_full: String,
    /// Start for machines.
    pub started_iso: String,
    /// User tag; empty text when anonymous.
    pub user: Shown,
    /// Whether it is live.
    pub is_live: bool,
    /// Experience.
    pub experience: Chip,
    /// Length.
    pub duration: String,
    /// User actions.
    pub actions: u64,
    /// Errors.
    pub errors: u64,
    /// Entry and exit, cut in the middle.
    pub path: String,
    /// Entry and exit in full.
    pub path_full: String,
    /// Country and city.
    pub place: String,
    /// Browser.
    pub browser: String,
}

/// A term and what would be found without it.
#[derive(Debug, Clone, Default, Serialize)]
pub struct TermHelp {
    /// Term.
    pub term: String,
    /// Sessions without it.
    pub count: u64,
    /// The list without it.
    pub href: String,
}

/// What to show when nothing is found.
#[derive(Debug, Clone, Default, Serialize)]
pub struct NothingFound {
    /// Whether there was never any session.
    pub is_never: bool,
    /// One sentence.
    pub text: String,
    /// Terms and what each hides.
    pub terms: Vec<TermHelp>,
    /// Other ways on, as a longer time range.
    pub ways: Vec<Link>,
}

/// The list of sessions.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SessionsPage {
    /// Terms of the filter.
    pub tokens: Vec<Token>,
    /// The filter as text without what is being typed.
    pub query: String,
    /// Where the form leads.
    pub action: String,
    /// Parameters that the form keeps.
    pub keep: Vec<(String, String)>,
    /// Where suggestions come from.
    pub suggest: String,
    /// Facets.
    pub facets: Vec<Facet>,
    /// As `1,284 sessions`.
    pub total: String,
    /// As `of 3,412 · 847 users`.
    pub note: String,
    /// Sessions over time.
    pub chart: Option<Markup>,
    /// Rows.
    pub rows: Vec<SessionRow>,
    /// Why there are none.
    pub nothing: Option<NothingFound>,
    /// Paging.
    pub pager: Pager,
    /// Downloads.
    pub exports: Vec<Link>,
    /// Address that tells how many newer sessions there are; empty when the range has ended.
    pub updates: String,
}
