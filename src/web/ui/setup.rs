//! First run: token, account, first application, snippet, first beacon.

use serde::Serialize;

use super::frame::Link;
use super::parts::Form;

/// A step of the wizard.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Step {
    /// Name.
    pub label: &'static str,
    /// `done`, `now` or `later`.
    pub state: &'static str,
    /// Number, from 1.
    pub number: u8,
}

/// One thing that the last step waits for.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Check {
    /// `done`, `waiting` or `wrong`.
    pub state: &'static str,
    /// What.
    pub title: String,
    /// Details.
    pub text: String,
}

/// What has arrived so far.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Arrival {
    /// Things that are waited for.
    pub checks: Vec<Check>,
    /// Whether data has arrived.
    pub is_done: bool,
    /// Address of a stamp that changes when something arrives.
    pub href: String,
    /// The stamp as of now.
    pub stamp: String,
    /// This page again.
    pub again: String,
    /// The session that came first.
    pub session: Option<Link>,
    /// Beacons that were refused, with the reason and the way to mend it.
    pub refused: Vec<Check>,
}

/// A page of the wizard.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SetupPage {
    /// All steps.
    pub steps: Vec<Step>,
    /// Title of this step.
    pub title: String,
    /// What to do.
    pub text: String,
    /// Form of this step.
    pub form: Option<Form>,
    /// Line to put into pages.
    pub snippet: String,
    /// The last step: what has arrived.
    pub arrival: Option<Arrival>,
    /// The next step, when there is no form.
    pub next: Option<Link>,
}

/// The steps with one marked, from 1.
#[must_use]
pub fn steps(now: u8) -> Vec<Step> {
    (1..)
        .zip(["Administrator", "Application", "First session"])
        .map(|(number, label)| Step {
            label,
            state: match number.cmp(&now) {
                std::cmp::Ordering::Less => "done",
                std::cmp::Ordering::Equal => "now",
                std::cmp::Ordering::Greater => "later",
            },
            number,
        })
        .collect()
}
