//! Applications: the list, settings, and whether data arrives.

use serde::Serialize;

use super::frame::Link;
use super::overview::Delta;
use super::parts::{Chip, Fact, Form};
use crate::web::templates::Markup;

/// A row of the list of applications.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ApplicationRow {
    /// Name.
    pub name: String,
    /// Its overview.
    pub href: String,
    /// Domains that lead to it.
    pub hosts: String,
    /// Sessions.
    pub sessions: u64,
    /// Its list of sessions.
    pub sessions_href: String,
    /// Change of the sessions.
    pub delta: Delta,
    /// Users.
    pub users: u64,
    /// User actions a minute.
    pub rate: String,
    /// Apdex with its band; none when nothing was measured.
    pub apdex: Option<Chip>,
    /// Apdex over time.
    pub spark: Markup,
    /// 75th percentile of the duration of loads.
    pub load: String,
    /// Share of sessions with errors.
    pub errors: String,
    /// Those sessions.
    pub errors_href: String,
    /// When the last beacon came.
    pub last_beacon: String,
    /// `receiving`, `waiting`, `off`, `refusing`.
    pub state: Chip,
    /// Health page.
    pub health: String,
    /// Settings page; empty when the role does not allow it.
    pub settings: String,
}

/// A heading that sorts.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SortHead {
    /// Text.
    pub label: &'static str,
    /// Sorts by it.
    pub href: String,
    /// `ascending`, `descending` or empty.
    pub order: &'static str,
    /// Whether its cells are numbers.
    pub is_number: bool,
}

/// Traffic that no detection rule claims.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Unassigned {
    /// The application that takes it.
    pub row: ApplicationRow,
    /// Where its hosts are seen and made applications.
    pub way: Link,
}

/// The list of applications.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ApplicationsPage {
    /// Headings.
    pub heads: Vec<SortHead>,
    /// Rows.
    pub rows: Vec<ApplicationRow>,
    /// The last row.
    pub unassigned: Option<Unassigned>,
    /// What is counted.
    pub note: String,
    /// Where a new one is made; empty when the role does not allow it.
    pub create: String,
}

/// A new application.
#[derive(Debug, Clone, Default, Serialize)]
pub struct NewApplicationPage {
    /// Name and domain.
    pub form: Form,
}

/// A detection rule in the editor.
#[derive(Debug, Clone, Default, Serialize)]
pub struct RuleRow {
    /// Number, from 1.
    pub number: usize,
    /// As `domain is or is below shop.example.com`.
    pub text: String,
    /// Application.
    pub application: String,
    /// Whether it leads to the application shown.
    pub is_own: bool,
    /// Value that names it in forms.
    pub key: String,
    /// May move up.
    pub may_rise: bool,
    /// May move down.
    pub may_sink: bool,
}

/// Detection rules, with a check of an address.
#[derive(Debug, Clone, Default, Serialize)]
pub struct RulesView {
    /// Rules, in order.
    pub rows: Vec<RuleRow>,
    /// Where changes are sent.
    pub action: String,
    /// Address that was checked.
    pub address: String,
    /// What was found; empty before.
    pub verdict: String,
    /// A new rule.
    pub form: Form,
}

/// A rule by which the agent finds the user tag.
#[derive(Debug, Clone, Default, Serialize)]
pub struct TagRuleRow {
    /// Number, from 1.
    pub number: usize,
    /// Kind of place.
    pub source: String,
    /// Selector, path or name.
    pub expression: String,
    /// Regular expression.
    pub cleanup: String,
    /// Value that names it in forms.
    pub key: String,
}

/// User tag rules.
#[derive(Debug, Clone, Default, Serialize)]
pub struct TagRulesView {
    /// Rules, in order.
    pub rows: Vec<TagRuleRow>,
    /// Revision of the application that the forms change.
    pub revision: String,
    /// Where changes are sent.
    pub action: String,
    /// A new rule.
    pub form: Form,
}

/// Settings of an application.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ApplicationPage {
    /// Name.
    pub name: String,
    /// One line of facts.
    pub facts: String,
    /// Sessions, settings, health.
    pub tabs: Vec<Link>,
    /// Sections.
    pub sections: Vec<Link>,
    /// Title of the section.
    pub title: String,
    /// What the section is for.
    pub text: String,
    /// Settings.
    pub form: Option<Form>,
    /// Detection rules.
    pub rules: Option<RulesView>,
    /// User tag rules.
    pub tag_rules: Option<TagRulesView>,
    /// Line to put into pages; empty for none.
    pub snippet: String,
    /// Whether a change was just saved.
    pub is_saved: bool,
}

/// A reason and how often it came.
#[derive(Debug, Clone, Default, Serialize)]
pub struct OutcomeRow {
    /// Outcome in words.
    pub label: String,
    /// Outcome as the API names it.
    pub name: &'static str,
    /// Beacons.
    pub count: u64,
    /// What it means and what to do.
    pub text: &'static str,
    /// `good`, `fair`, `bad`.
    pub chip: Chip,
}

/// A beacon that was refused.
#[derive(Debug, Clone, Default, Serialize)]
pub struct RefusalRow {
    /// When, short.
    pub at: String,
    /// When, in full.
    pub at_full: String,
    /// Application to which it was addressed, or that there is none.
    pub application: String,
    /// Origin of the page; empty when the browser did not tell.
    pub origin: String,
    /// Outcome.
    pub chip: Chip,
    /// What it means and what to do.
    pub text: &'static str,
}

/// An origin whose beacons are refused.
#[derive(Debug, Clone, Default, Serialize)]
pub struct OriginRow {
    /// Origin.
    pub origin: String,
    /// As `3 beacons, last 2 min ago`.
    pub note: String,
    /// Settings with the origin filled in; empty when the role does not allow it.
    pub href: String,
}

/// Whether data of an application arrives, and why not.
#[derive(Debug, Clone, Default, Serialize)]
pub struct HealthPage {
    /// Name.
    pub name: String,
    /// One line of facts.
    pub facts: String,
    /// Sessions, settings, health.
    pub tabs: Vec<Link>,
    /// In one word.
    pub state: Chip,
    /// In one sentence.
    pub text: String,
    /// Outcomes.
    pub outcomes: Vec<OutcomeRow>,
    /// Since when it is counted.
    pub since: String,
    /// What to say when no beacon was addressed to it.
    pub none: String,
    /// Origins that are refused.
    pub origins: Vec<OriginRow>,
    /// The last refused beacons, newest first.
    pub refusals: Vec<RefusalRow>,
    /// Versions of the agent in the newest sessions: (version, sessions).
    pub agents: Vec<(String, String)>,
    /// The server: disk, checkpoint, index.
    pub server: Vec<Fact>,
    /// Line to put into pages.
    pub snippet: String,
    /// Check again.
    pub again: String,
}
