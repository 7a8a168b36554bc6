//! Applications: the list, settings, and whether data arrives.

use serde::Serialize;

use super::frame::Link;
use super::overview::Delta;
use super::parts::{Chip, Fact, Field, Form};
use super::setup::Check;
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
    /// Rules that fit as well and come too late.
    pub others: Vec<String>,
    /// A new rule.
    pub form: Form,
    /// Domains of beacons, for this application.
    pub domains: Vec<DomainRow>,
    /// Where a domain is sent that becomes an application.
    pub adopt: String,
}

/// A domain that was seen in beacons.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DomainRow {
    /// Host.
    pub host: String,
    /// As `12 beacons, last 2 min ago`.
    pub note: String,
    /// Application that gets it by a rule; empty when none does.
    pub application: String,
}

/// Something personal before and after masking.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SampleRow {
    /// What it is.
    pub what: &'static str,
    /// As it comes.
    pub before: String,
    /// As it is written.
    pub after: String,
}

/// A way to bring the agent into pages.
#[derive(Debug, Clone, Default, Serialize)]
pub struct FormatView {
    /// Name in addresses.
    pub name: &'static str,
    /// Title.
    pub title: &'static str,
    /// What it is good for.
    pub text: &'static str,
    /// HTML; empty when it is too long to be shown.
    pub html: String,
    /// As `41 kB`.
    pub size: String,
    /// Where it is as a file.
    pub file: String,
    /// What a Content-Security-Policy needs for it.
    pub policy: String,
}

/// How a server puts the line into pages.
#[derive(Debug, Clone, Default, Serialize)]
pub struct RecipeView {
    /// Server.
    pub server: &'static str,
    /// What to know.
    pub note: &'static str,
    /// Configuration.
    pub text: String,
}

/// What it means to take an application away.
#[derive(Debug, Clone, Default, Serialize)]
pub struct RemovalView {
    /// Where it is sent.
    pub form: Form,
    /// Consequences, in numbers.
    pub facts: Vec<String>,
    /// Why it cannot be removed; empty when it can.
    pub refusal: &'static str,
}

/// A page that told something lately.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ToldRow {
    /// When, short.
    pub at: String,
    /// When, in full.
    pub at_full: String,
    /// Page.
    pub page: String,
    /// What the rules found in it, as stored.
    pub found: Vec<String>,
}

/// Rules against what pages told lately.
#[derive(Debug, Clone, Default, Serialize)]
pub struct LiveView {
    /// What the rule that was tried gives; empty before.
    pub verdict: String,
    /// Whether the rule that was tried gives a value.
    pub is_good: bool,
    /// A line for the console of a page, that shows what the rule would read there; empty before.
    pub console: String,
    /// As `31 of the last 100 pages told a user tag`.
    pub summary: String,
    /// The newest of them.
    pub rows: Vec<ToldRow>,
}

/// A rule by which the agent finds the user tag or a property.
#[derive(Debug, Clone, Default, Serialize)]
pub struct TagRuleRow {
    /// Number, from 1.
    pub number: usize,
    /// Property with its scope; empty for user tags.
    pub property: String,
    /// May move up.
    pub may_rise: bool,
    /// Kind of place.
    pub source: String,
    /// Selector, path or name.
    pub expression: String,
    /// Regular expression.
    pub cleanup: String,
    /// Value that names it in forms.
    pub key: String,
}

/// User tag rules or property rules.
#[derive(Debug, Clone, Default, Serialize)]
pub struct TagRulesView {
    /// Whether these are rules of properties.
    pub is_property: bool,
    /// Against what pages told.
    pub live: Option<LiveView>,
    /// Rules, in order.
    pub rows: Vec<TagRuleRow>,
    /// Revision of the application that the forms change.
    pub revision: String,
    /// Where changes are sent.
    pub action: String,
    /// A new rule.
    pub form: Form,
}

/// Thresholds of one kind of user actions, and what they would give.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ApdexKindView {
    /// Kind in addresses.
    pub key: &'static str,
    /// Kind.
    pub title: &'static str,
    /// Both thresholds.
    pub fields: Vec<Field>,
    /// What is wrong with them; empty when nothing is.
    pub error: String,
    /// The sentence about the score, up to it; all of it when there is no score.
    pub before: String,
    /// The score.
    pub chip: Option<Chip>,
    /// The rest of the sentence.
    pub after: String,
    /// Class and text of each part.
    pub legend: Vec<(&'static str, String)>,
    /// Durations with the thresholds.
    pub chart: Markup,
}

/// Apdex thresholds, and what they would give.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ApdexView {
    /// Where they are sent.
    pub action: String,
    /// Fields that nobody sees.
    pub hidden: Vec<Field>,
    /// What is wrong with the whole.
    pub error: String,
    /// Kinds.
    pub kinds: Vec<ApdexKindView>,
    /// The sentence about the score of all kinds, up to it.
    pub before: String,
    /// The score.
    pub chip: Option<Chip>,
    /// The rest of the sentence.
    pub after: String,
    /// What the scores are made from.
    pub source: String,
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
    /// Apdex thresholds.
    pub apdex: Option<ApdexView>,
    /// Detection rules.
    pub rules: Option<RulesView>,
    /// User tag rules or property rules.
    pub tag_rules: Option<TagRulesView>,
    /// Why nothing can be changed; empty when it can.
    pub locked: String,
    /// A sample before and after masking.
    pub samples: Vec<SampleRow>,
    /// Ways to bring the agent into pages.
    pub formats: Vec<FormatView>,
    /// Servers that put the line into pages.
    pub recipes: Vec<RecipeView>,
    /// Taking it away.
    pub removal: Option<RemovalView>,
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
    /// Why there may be no data.
    pub checks: Vec<Check>,
    /// Domains of pages.
    pub domains: Vec<DomainRow>,
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
    /// By how much the visitors' clocks differ from ours; empty when unknown.
    pub clock: String,
    /// The server: disk, checkpoint, index.
    pub server: Vec<Fact>,
    /// Line to put into pages.
    pub snippet: String,
    /// Check again.
    pub again: String,
}
