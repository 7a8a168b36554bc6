//! The list of sessions: find the session of a person, or all sessions like it.

use std::collections::BTreeMap;

use serde::Serialize;

use super::frame::Link;
use super::parts::{Chip, Choice, Pager, Shown};
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

/// The filter box of a page, with type-ahead.
#[derive(Debug, Clone, Default, Serialize)]
pub struct FindBox {
    /// Where the form leads.
    pub action: String,
    /// What it is for.
    pub label: &'static str,
    /// What could be typed.
    pub hint: &'static str,
    /// Terms.
    pub tokens: Vec<Token>,
    /// The filter as text.
    pub query: String,
    /// Further parameters: name, value.
    pub keep: Vec<(String, String)>,
    /// Where it asks what could be meant; what is typed goes behind it.
    pub suggest: String,
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
    /// The way to more values, or back to fewer.
    pub more: Option<Link>,
    /// What is said about values that no list shows; empty when all are shown.
    pub rest: String,
}

/// A column of the list.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Column {
    /// Name in addresses.
    pub key: &'static str,
    /// Head.
    pub label: &'static str,
    /// CSS classes of its cells.
    pub class: &'static str,
    /// The list sorted by it; empty when it cannot be.
    pub sort: String,
    /// `ascending` or `descending` when the list is sorted by it; else empty.
    pub sorted: &'static str,
}

/// A column as it can be chosen.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ColumnChoice {
    /// Name that is sent.
    pub key: &'static str,
    /// Head.
    pub label: &'static str,
    /// Whether it is shown.
    pub is_shown: bool,
}

/// The form that chooses columns and rows of a page.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ColumnsMenu {
    /// Where it is sent.
    pub action: String,
    /// Parameters that stay: (name, value).
    pub keep: Vec<(String, String)>,
    /// Columns.
    pub columns: Vec<ColumnChoice>,
    /// Rows of a page: (number, whether it is chosen).
    pub rows: Vec<(usize, bool)>,
}

/// The form that takes the range from one bar of the chart to another.
#[derive(Debug, Clone, Default, Serialize)]
pub struct StretchForm {
    /// Where it is sent.
    pub action: String,
    /// Parameters that stay: (name, value).
    pub keep: Vec<(String, String)>,
    /// Starts of bars.
    pub from: Vec<Choice>,
    /// Ends of bars.
    pub to: Vec<Choice>,
}

/// Saved segments above the list.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SegmentBar {
    /// Segments, and all sessions before them.
    pub items: Vec<Link>,
    /// Whether the filter can be saved: by the role, and when it is not one of them already.
    pub may_save: bool,
    /// The filter to save.
    pub filter: String,
    /// Where to go back to.
    pub back: String,
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
    /// Values of the columns that are not always shown, by their key.
    pub extra: BTreeMap<&'static str, String>,
    /// What in it fits the filter, as `page /checkout 3×`; empty when the row shows it.
    pub matched: String,
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
    /// The filter box.
    pub find: FindBox,
    /// Facets.
    pub facets: Vec<Facet>,
    /// As `1,284 sessions`.
    pub total: String,
    /// As `of 3,412 · 847 users`.
    pub note: String,
    /// Sessions over time.
    pub chart: Option<Markup>,
    /// The way to a part of the chart without dragging.
    pub stretch: Option<StretchForm>,
    /// Saved segments.
    pub segments: SegmentBar,
    /// Columns of the table.
    pub columns: Vec<Column>,
    /// How to choose them.
    pub columns_menu: ColumnsMenu,
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
