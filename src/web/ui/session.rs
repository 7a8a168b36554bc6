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
    /// The element behind it.
    pub element: String,
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

/// A group of a full waterfall.
#[derive(Debug, Clone, Default, Serialize)]
pub struct WaterfallGroup {
    /// `Documents`, `XHR`, `Resources`.
    pub title: &'static str,
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
    pub findings: Vec<Chip>,
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
