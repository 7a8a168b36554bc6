//! One session: what happened to this person, in order.

use serde::Serialize;

use super::frame::Link;
use super::parts::{Chip, Fact, Shown};
use crate::web::templates::Markup;

/// An error as it is shown.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ErrorView {
    /// As `HTTP 500` or `TypeError`.
    pub label: String,
    /// Message, or method and address.
    pub text: Shown,
    /// Where in the code.
    pub place: String,
    /// Stack trace.
    pub stack: String,
    /// As `3 times`; empty for once.
    pub times: String,
}

/// A row of a small waterfall.
#[derive(Debug, Clone, Default, Serialize)]
pub struct WaterfallRow {
    /// Method and path, cut.
    pub name: String,
    /// Address in full, masked.
    pub title: String,
    /// Kind in words.
    pub kind: &'static str,
    /// Status, in a chip.
    pub status: Chip,
    /// Size.
    pub size: String,
    /// Start.
    pub start: String,
    /// Duration.
    pub duration: String,
    /// Bar.
    pub bar: Markup,
    /// Protocol, cache and the like.
    pub note: String,
    /// Anchor; empty in small waterfalls.
    pub id: String,
    /// The page with this row opened, or closed again.
    pub href: String,
    /// Whether the chosen finding applies to it.
    pub is_marked: bool,
    /// Whether a finding is chosen that does not apply to it.
    pub is_dimmed: bool,
    /// What is known of it; only when it is opened.
    pub details: Vec<Fact>,
}

/// A finding that marks rows.
#[derive(Debug, Clone, Default, Serialize)]
pub struct FindingLink {
    /// How many rows, and what.
    pub chip: Chip,
    /// The page with its rows marked, or no longer.
    pub href: String,
    /// Whether its rows are marked.
    pub is_current: bool,
}

/// A part of the duration.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Part {
    /// `Server`, `Network`, `Frontend`.
    pub label: &'static str,
    /// Duration.
    pub value: String,
    /// CSS class of the key.
    pub class: &'static str,
}

/// A web vital with its word.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Vital {
    /// Short name.
    pub name: &'static str,
    /// Long name.
    pub title: &'static str,
    /// Value with its word.
    pub chip: Chip,
    /// What it is made of, in order.
    pub parts: Vec<Part>,
    /// The parts as a bar.
    pub bar: Option<Markup>,
    /// What is behind it.
    pub facts: Vec<Fact>,
}

/// What is behind a line of the list.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Detail {
    /// Errors.
    pub errors: Vec<ErrorView>,
    /// First requests.
    pub requests: Vec<WaterfallRow>,
    /// How many more there are; empty for none.
    pub more_requests: String,
    /// Link to the full waterfall; empty when there is nothing more to see.
    pub waterfall: String,
    /// Where the time went.
    pub contributors: Option<Markup>,
    /// Its parts.
    pub parts: Vec<Part>,
    /// Web vitals.
    pub vitals: Vec<Vital>,
    /// Facts.
    pub facts: Vec<Fact>,
}

/// A line of "What happened".
#[derive(Debug, Clone, Default, Serialize)]
pub struct Happening {
    /// Anchor.
    pub id: String,
    /// Whether it is only a gap.
    pub is_gap: bool,
    /// Offset from the start, as `4:15`.
    pub offset: String,
    /// When, in full.
    pub at: String,
    /// Icon.
    pub icon: &'static str,
    /// What.
    pub name: String,
    /// In addition.
    pub note: String,
    /// Whether it went wrong.
    pub is_bad: bool,
    /// Duration; empty for none.
    pub duration: String,
    /// Bar of the duration.
    pub bar: Option<Markup>,
    /// Experience.
    pub chip: Option<Chip>,
    /// Masked value.
    pub masked: Option<Shown>,
    /// What is behind it.
    pub detail: Option<Detail>,
    /// Whether it is shown opened.
    pub is_open: bool,
}

/// A card of facts.
#[derive(Debug, Clone, Default, Serialize)]
pub struct FactCard {
    /// Title.
    pub title: &'static str,
    /// Anchor of the title.
    pub id: &'static str,
    /// Facts.
    pub facts: Vec<Fact>,
    /// What to say when there are none.
    pub empty: &'static str,
}

/// One session.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SessionPage {
    /// User tag or `Anonymous`.
    pub user: Shown,
    /// Experience, errors, live.
    pub chips: Vec<Chip>,
    /// Whether it is live.
    pub is_live: bool,
    /// Start, end, duration, application and release.
    pub facts: String,
    /// Buttons.
    pub actions: Vec<Link>,
    /// The next newer session of the list; none at its end, or when the page was not opened from a list.
    pub newer: Option<Link>,
    /// The next older session of the list.
    pub older: Option<Link>,
    /// The session as JSON.
    pub export: String,
    /// Timeline.
    pub timeline: Markup,
    /// Anchor of the first error; empty for none.
    pub first_error: String,
    /// Views of the list.
    pub views: Vec<Link>,
    /// What happened.
    pub happenings: Vec<Happening>,
    /// What to say when the view has none.
    pub empty: String,
    /// Shown instead of all rows: link to all.
    pub more: Option<Link>,
    /// Facts on the right.
    pub cards: Vec<FactCard>,
    /// Address asked for news while live; empty when ended.
    pub updates: String,
}

/// A session that is not there.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SessionMissing {
    /// What, in one line.
    pub title: String,
    /// Why.
    pub text: String,
    /// The id that was asked for.
    pub id: String,
    /// Start of the search for it: as long as data is kept.
    pub from: String,
}

/// A group of a full waterfall.
#[derive(Debug, Clone, Default, Serialize)]
pub struct WaterfallGroup {
    /// `Documents`, `XHR`, `Resources`, or a host.
    pub title: String,
    /// Time and size in sum.
    pub note: String,
    /// Rows.
    pub rows: Vec<WaterfallRow>,
}

/// The full waterfall of one action.
#[derive(Debug, Clone, Default, Serialize)]
pub struct WaterfallPage {
    /// Name of the action.
    pub name: String,
    /// Chips.
    pub chips: Vec<Chip>,
    /// One line of facts.
    pub facts: String,
    /// Back to the session, at the action.
    pub session: String,
    /// What stands out.
    pub findings: Vec<FindingLink>,
    /// Search as typed.
    pub text: String,
    /// Where the search is sent.
    pub action: String,
    /// Parameters that the search keeps.
    pub keep: Vec<(String, String)>,
    /// Orders.
    pub sorts: Vec<Link>,
    /// Ways to group.
    pub groupings: Vec<Link>,
    /// Hides or shows requests to other sites; none when there are none.
    pub third: Option<Link>,
    /// As `12 of 40 requests`.
    pub shown: String,
    /// What the browser does not tell, and why; empty when it told all.
    pub untold: String,
    /// Parts of the navigation of a page load: (name, duration).
    pub navigation: Vec<(&'static str, String)>,
    /// Scale.
    pub axis: Markup,
    /// Groups.
    pub groups: Vec<WaterfallGroup>,
    /// Vertical lines: (class of the key, text).
    pub lines: Vec<(&'static str, String)>,
    /// Resources that were only counted: (host, kind, count, time, size).
    pub sums: Vec<Vec<String>>,
    /// Why there is nothing; empty otherwise.
    pub empty: String,
}
