//! What is asked of the columns, and what they answer.

use super::tables::{ActionColumn, SessionColumn, ViewColumn};
use super::users::Users;
use crate::base::histogram::Histogram;
use crate::base::id::ApplicationId;
use crate::base::time::{Day, Timestamp};
use crate::model::query::Filter;

/// Splits of one question at most.
pub const SPLITS_MAX: usize = 3;
/// Buckets of a period at most: the hours of a month.
pub const BUCKETS_MAX: usize = 800;

/// By what actions are split.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Split {
    /// A text of their session.
    Session(SessionColumn),
    /// A text of their own.
    Action(ActionColumn),
}

/// The number that is summed up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Measure {
    /// A number of each action.
    #[default]
    Duration,
    /// Server time.
    Server,
    /// Network time.
    Network,
    /// Frontend time.
    Frontend,
    /// Visually complete.
    VisuallyComplete,
    /// A figure of page views: only they are counted then.
    View(ViewColumn),
}

/// What is summed up beyond counts and zones: each takes time and memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wants {
    /// Percentiles of the measure.
    pub percentiles: bool,
    /// Different people.
    pub users: bool,
    /// Zones and errors.
    pub zones: bool,
}

/// A question about user actions.
#[derive(Debug, Clone, Default)]
pub struct Question {
    /// Actions that began from here on.
    pub from: Timestamp,
    /// And before this.
    pub to: Timestamp,
    /// Start of a period of the same length to compare with.
    pub compare_from: Option<Timestamp>,
    /// What must hold. Terms that the columns do not know are answered by `found`.
    pub filter: Filter,
    /// Names of applications, for `app:shop`.
    pub names: Vec<(ApplicationId, String)>,
    /// Applications that may be seen; `None` for all.
    pub allowed: Option<Vec<ApplicationId>>,
    /// By what to split, at most [`SPLITS_MAX`].
    pub splits: Vec<Split>,
    /// Starts of the buckets of the period, in order; empty for one bucket.
    pub bucket_starts: Vec<Timestamp>,
    /// What is summed up.
    pub measure: Measure,
    /// And what else.
    pub wants: Wants,
}

/// Sums of a group.
#[derive(Debug, Clone, Default)]
pub struct Sums {
    /// Actions; page views for a measure of theirs.
    pub count: u64,
    /// Actions by Apdex zone: satisfied, tolerating, frustrated, unknown.
    pub zones: [u64; 4],
    /// Actions with errors.
    pub with_errors: u64,
    /// Errors.
    pub errors: u64,
    /// Actions that have the measure.
    pub measured: u64,
    /// Sum of the measure.
    pub sum: u64,
    /// Smallest and largest value of the measure.
    pub range: Option<(u32, u32)>,
    /// Values of the measure; empty when percentiles were not wanted.
    pub histogram: Histogram,
    pub(super) users: Users,
}

impl Sums {
    /// Mean of the measure.
    #[must_use]
    pub const fn mean(&self) -> Option<u64> {
        self.sum.checked_div(self.measured)
    }

    /// Different people; above two thousand within 3 %.
    #[must_use]
    pub fn users(&self) -> u64 {
        self.users.count()
    }

    /// Adds the sums of others.
    pub fn merge(&mut self, other: &Self) {
        self.count += other.count;
        for (own, other) in self.zones.iter_mut().zip(other.zones) {
            *own += other;
        }
        self.with_errors += other.with_errors;
        self.errors += other.errors;
        self.measured += other.measured;
        self.sum += other.sum;
        self.range = match (self.range, other.range) {
            (Some((a, b)), Some((c, d))) => Some((a.min(c), b.max(d))),
            (own, other) => own.or(other),
        };
        self.histogram.merge(&other.histogram);
        self.users.merge(&other.users);
    }
}

/// A group of actions with the same values.
#[derive(Debug, Clone)]
pub struct Group {
    /// Values of the splits, in order.
    pub values: Vec<String>,
    /// Whether it is of the period to compare with.
    pub is_before: bool,
    /// Number of its bucket.
    pub bucket: usize,
    /// Its sums.
    pub sums: Sums,
}

/// The groups that have actions, in no order.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    /// Groups.
    pub groups: Vec<Group>,
    /// More groups there were than are kept; what is missing is in none of them.
    pub is_cut: bool,
    /// Days that are not read yet, or that are damaged and being rebuilt.
    pub missing_days: Vec<Day>,
}
