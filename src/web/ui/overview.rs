//! Home, and the overview of an application: who came, what they did, how it felt, what broke, did they succeed.

use serde::Serialize;

use super::frame::Link;
use super::parts::{Chip, Fact};
use super::sessions::{FindBox, SessionRow};
use crate::base::time::Timestamp;
use crate::web::templates::Markup;

/// A change against an earlier period.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Delta {
    /// As `6.2%` or `0.4 pt`; empty when there is nothing to compare.
    pub text: String,
    /// `up`, `down` or empty.
    pub way: &'static str,
    /// `good`, `bad` or empty.
    pub mood: &'static str,
    /// What it was, in words.
    pub title: String,
}

/// A step of the story.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Step {
    /// Name in addresses.
    pub key: &'static str,
    /// Question.
    pub question: &'static str,
    /// Number.
    pub value: String,
    /// Number in full.
    pub full: String,
    /// Unit behind it.
    pub unit: String,
    /// Change.
    pub delta: Delta,
    /// Second line.
    pub line: String,
    /// Parts of the whole.
    pub bar: Markup,
    /// Shows its detail.
    pub href: String,
    /// Whether its detail is shown.
    pub is_current: bool,
}

/// A plot with its heading.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Panel {
    /// Heading.
    pub title: String,
    /// Behind the heading.
    pub note: String,
    /// What the colours mean: (CSS class, text).
    pub legend: Vec<(&'static str, String)>,
    /// The plots, under each other.
    pub plots: Vec<Markup>,
    /// What to say when there is nothing to draw.
    pub none: String,
}

/// A value of a dimension.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ValueRow {
    /// Value in words.
    pub label: String,
    /// Sessions with it.
    pub href: String,
    /// Sessions.
    pub sessions: u64,
    /// Share of all sessions.
    pub share: String,
    /// 75th percentile of the duration of its loads; empty when there are too few.
    pub load: String,
    /// From how many loads that is made.
    pub load_title: String,
    /// Apdex.
    pub apdex: Option<Chip>,
    /// Share of its sessions with errors.
    pub errors: String,
    /// Share of its sessions that ended after one action.
    pub bounced: String,
}

/// Values of a dimension.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ValueTable {
    /// Name in addresses.
    pub key: &'static str,
    /// Heading.
    pub title: &'static str,
    /// Behind the heading.
    pub note: String,
    /// Values, most sessions first.
    pub rows: Vec<ValueRow>,
    /// `errors`, `bounced` or `apdex`: which number stands beside the sessions.
    pub measure: &'static str,
    /// Whether the durations of loads stand there as well.
    pub is_timed: bool,
    /// The values as files; none when the role does not allow it.
    pub exports: Vec<Link>,
}

/// The overview of an application.
#[derive(Debug, Clone, Default, Serialize)]
pub struct OverviewPage {
    /// Name.
    pub name: String,
    /// One line of facts.
    pub facts: String,
    /// When something came last.
    #[serde(skip)]
    pub last_at: Option<Timestamp>,
    /// Whether beacons arrive.
    pub state: Chip,
    /// Where to read why.
    pub health: String,
    /// Pages of the application.
    pub tabs: Vec<Link>,
    /// Sessions of the range.
    pub sessions: String,
    /// Real users, robots, monitors.
    pub kinds: Vec<Link>,
    /// The filter box.
    pub find: FindBox,
    /// The story.
    pub steps: Vec<Step>,
    /// The open step.
    pub panel: Panel,
    /// Numbers of the open step.
    pub figures: Vec<Fact>,
    /// Dimensions by which the open step may be split.
    pub splits: Vec<Link>,
    /// The chosen split.
    pub split: ValueTable,
    /// All dimensions.
    pub tables: Vec<ValueTable>,
    /// As `14 live now`; empty for none.
    pub live: Option<Link>,
    /// What is counted, and what is not in the numbers.
    pub excluded: Vec<Link>,
    /// Nothing is in the range.
    pub nothing: Option<NoData>,
    /// Only this panel, as a part of a page.
    pub only: String,
}

/// Why there are no numbers.
#[derive(Debug, Clone, Default, Serialize)]
pub struct NoData {
    /// Whether there was never anything.
    pub is_never: bool,
    /// In words.
    pub text: String,
    /// Line to put into pages, when there was never anything.
    pub snippet: String,
    /// Ways on.
    pub ways: Vec<Link>,
}

/// An application on the home page.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ApplicationCard {
    /// Name.
    pub name: String,
    /// Its overview.
    pub href: String,
    /// Domains that lead to it.
    pub hosts: String,
    /// Sessions.
    pub sessions: u64,
    /// Change of the sessions.
    pub delta: Delta,
    /// Sessions over time.
    pub spark: Markup,
    /// Apdex.
    pub apdex: Option<Chip>,
    /// Share of sessions with errors.
    pub errors: String,
    /// Those sessions.
    pub errors_href: String,
    /// As `14 live`; empty for none.
    pub live: String,
    /// Whether beacons arrive.
    pub state: Chip,
    /// Where to read why.
    pub health: String,
}

/// A step to a complete set-up.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Task {
    /// What.
    pub title: &'static str,
    /// Why.
    pub text: &'static str,
    /// Where; empty when the role does not allow it.
    pub href: String,
    /// Whether it is done.
    pub is_done: bool,
}

/// A part of the sentence on the home page.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Phrase {
    /// Text.
    pub text: String,
    /// Where it leads; empty for nowhere.
    pub href: String,
    /// Whether it names something unhealthy.
    pub is_bad: bool,
}

/// The home page.
#[derive(Debug, Clone, Default, Serialize)]
pub struct HomePage {
    /// How everything is, in words.
    pub sentence: Vec<Phrase>,
    /// `problem`, `good` or `info`.
    pub mood: &'static str,
    /// Applications, the largest first.
    pub cards: Vec<ApplicationCard>,
    /// Applications that have no card.
    pub more: Option<Link>,
    /// Sessions that are live.
    pub live: Vec<SessionRow>,
    /// All of them.
    pub live_all: Link,
    /// The newest sessions that were frustrating.
    pub worst: Vec<SessionRow>,
    /// All of them.
    pub worst_all: Link,
    /// What to say when there are none.
    pub worst_none: String,
    /// Set-up, until it is complete.
    pub tasks: Vec<Task>,
    /// Whether anything was ever recorded.
    pub has_data: bool,
}
