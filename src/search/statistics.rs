//! Numbers over all matching sessions: totals, people, over time, by value, beside an earlier period.
//!
//! What counts sessions (people, bounces, lengths) counts whole sessions, so that the list behind a number has as many
//! rows. What counts actions and errors counts those of the asked application alone: a session may cross several.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::day::DayIndex;
use super::gather::Gatherer;
use super::index::{SearchError, SearchIndex};
use super::request::{Breadth, SearchRequest};
use super::run::Plan;
use crate::base::id::ApplicationId;
use crate::base::time::{Day, Millis, Timestamp};
use crate::model::query::Field;
use crate::model::session::SessionKind;

/// Sessions from which on several threads share the days.
const MANY: u64 = 20_000;
/// Threads that share the days of one request at most.
const THREADS_MAX: usize = 4;

/// Whose actions and errors are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Those of all applications together.
    All,
    /// Those of one; other sessions are left out.
    Application(ApplicationId),
    /// Each application for itself. Dimensions are not told then.
    EachApplication,
}

/// What is asked.
#[derive(Debug, Clone)]
pub struct StatisticsRequest {
    /// Filter, range, buckets and budget. Its filter does not name user types.
    pub search: SearchRequest,
    /// Whose actions.
    pub scope: Scope,
    /// Kinds of sessions that are counted; of the others only how many there are is told.
    pub kinds: Vec<SessionKind>,
    /// Start of the period to compare with, which is as long as the range.
    pub compare_from: Option<Timestamp>,
    /// Fields whose values are counted, among [`StatisticsRequest::DIMENSIONS`].
    pub dimensions: Vec<Field>,
    /// Those of them for which the durations of loads are told as well.
    pub timed: Vec<Field>,
    /// Values of a dimension that are told, the most frequent first.
    pub values_max: usize,
}

impl StatisticsRequest {
    /// Fields whose values can be counted.
    pub const DIMENSIONS: &[Field] = &[
        Field::UserType,
        Field::Browser,
        Field::Os,
        Field::DeviceType,
        Field::Country,
        Field::Release,
        Field::Entry,
        Field::Exit,
    ];

    /// Totals of real users of all applications, without dimensions.
    #[must_use]
    pub fn new(search: SearchRequest, scope: Scope) -> Self {
        Self {
            search,
            scope,
            kinds: vec![SessionKind::RealUser],
            compare_from: None,
            dimensions: Vec::new(),
            timed: Vec::new(),
            values_max: 10,
        }
    }
}

/// Sums over sessions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Figures {
    /// Sessions.
    pub sessions: u64,
    /// Sessions of browsers seen for the first time.
    pub new: u64,
    /// Sessions of at most one action.
    pub bounces: u64,
    /// Sessions that are live.
    pub live: u64,
    /// Sessions with at least one error among those counted: `error.app` finds them.
    pub with_errors: u64,
    /// Satisfied, tolerated and frustrated sessions; live ones are not rated yet.
    pub experiences: [u64; 3],
    /// Loads, XHR and custom actions.
    pub actions: [u64; 3],
    /// Satisfied, tolerating and frustrated actions.
    pub zones: [u64; 3],
    /// JavaScript, request and custom errors.
    pub errors: [u64; 3],
    /// Sum of the lengths of the sessions, milliseconds.
    pub duration: u64,
}

impl Figures {
    /// All actions.
    #[must_use]
    pub fn all_actions(&self) -> u64 {
        self.actions.iter().sum()
    }

    /// All errors.
    #[must_use]
    pub fn all_errors(&self) -> u64 {
        self.errors.iter().sum()
    }

    /// Adds other sums.
    pub fn add(&mut self, other: &Self) {
        self.sessions += other.sessions;
        self.new += other.new;
        self.bounces += other.bounces;
        self.live += other.live;
        self.with_errors += other.with_errors;
        self.duration += other.duration;
        for (own, other) in [
            (&mut self.experiences, &other.experiences),
            (&mut self.actions, &other.actions),
            (&mut self.zones, &other.zones),
            (&mut self.errors, &other.errors),
        ] {
            for (own, other) in own.iter_mut().zip(other) {
                *own += other;
            }
        }
    }
}

/// Sums over the sessions with one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Part {
    /// Sessions.
    pub sessions: u64,
    /// Sessions of at most one action.
    pub bounces: u64,
    /// Sessions with at least one error.
    pub with_errors: u64,
    /// Satisfied, tolerating and frustrated actions.
    pub zones: [u64; 3],
}

impl Part {
    /// Adds other sums.
    pub fn add(&mut self, other: &Self) {
        self.sessions += other.sessions;
        self.bounces += other.bounces;
        self.with_errors += other.with_errors;
        for (own, other) in self.zones.iter_mut().zip(&other.zones) {
            *own += other;
        }
    }
}

/// One value of a dimension.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DimensionValue {
    /// Value as the filter language takes it.
    pub value: String,
    /// Its sums.
    pub part: Part,
    /// Loads whose duration is known; none where they are not asked for.
    pub loads: u64,
    /// 75th percentile of their duration, within 0.4 percent.
    pub load_p75: Option<Millis>,
}

/// Values of a field, by sessions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dimension {
    /// Field.
    pub field: Field,
    /// The most frequent values.
    pub values: Vec<DimensionValue>,
    /// Different values there are.
    pub distinct: u64,
}

/// One period.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Period {
    /// Start.
    pub from: Timestamp,
    /// End.
    pub to: Timestamp,
    /// Sums.
    pub figures: Figures,
    /// Different people: user tags, or browsers where there is none.
    pub people: u64,
    /// Sessions of real users, robots and monitors, whether they are in the other numbers or not.
    pub kinds: [u64; 3],
    /// End of the last action of all sessions in the numbers.
    pub last_seen: Option<Timestamp>,
    /// Loads whose duration is known.
    pub loads: u64,
    /// 75th percentile of the duration of loads, within 0.4 percent.
    pub load_p75: Option<Millis>,
    /// Median of the lengths of the sessions, within 0.4 percent.
    pub median_duration: Option<Millis>,
    /// Sums by start of the session; what began before the range and is live is in the first one.
    pub buckets: Vec<(Timestamp, Figures)>,
}

/// The numbers of one application, or of all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Statistics {
    /// Application; none for all together.
    pub application: Option<ApplicationId>,
    /// The range.
    pub current: Period,
    /// The period to compare with, its buckets as many after its start as those of the range.
    pub before: Option<Period>,
    /// Values of the range, in the order of the request.
    pub dimensions: Vec<Dimension>,
}

/// The numbers that were asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StatisticsAnswer {
    /// One for [`Scope::All`] and [`Scope::Application`]; those with sessions for [`Scope::EachApplication`].
    pub groups: Vec<Statistics>,
    /// Days of the range whose index is damaged and being rebuilt.
    pub missing_days: Vec<Day>,
    /// The time ran out: some days are not counted.
    pub is_partial: bool,
}

impl SearchIndex {
    /// Counts all matching sessions in one pass over the days; large ones are shared by threads.
    pub fn statistics(&self, request: &StatisticsRequest) -> Result<StatisticsAnswer, SearchError> {
        if let Some((_, problem)) = request.search.filter.problems().next() {
            return Err(SearchError::Filter(problem.clone()));
        }
        let search = &request.search;
        let range = search.from.day()..=search.to.day();
        let mut missing_days = self.damaged_days();
        missing_days.retain(|day| range.contains(day));
        let mut wide = search.clone();
        wide.from = request.compare_from.map_or(search.from, |from| from.min(search.from));
        if let Scope::Application(id) = request.scope {
            let may_see = search.allowed.as_ref().is_none_or(|allowed| allowed.contains(&id));
            wide.allowed = Some(if may_see { vec![id] } else { Vec::new() });
        }
        let plan = Plan::new(self, &wide, &search.filter, Breadth::Near, false);
        let days = plan.days(self);
        let workers = workers(&days);
        let gathered = if workers < 2 {
            self.gather(request, &plan, &days, &AtomicUsize::new(0))?
        } else {
            self.gather_together(request, &plan, &days, workers)?
        };
        let is_partial = gathered.is_partial;
        Ok(StatisticsAnswer { groups: gathered.finish(), missing_days, is_partial })
    }

    /// Counts days until there is none left; `next` is shared by all who work on them.
    fn gather(
        &self,
        request: &StatisticsRequest,
        plan: &Plan,
        days: &[Arc<DayIndex>],
        next: &AtomicUsize,
    ) -> Result<Gatherer, SearchError> {
        let mut gatherer = Gatherer::new(request);
        while let Some(day) = days.get(next.fetch_add(1, Ordering::Relaxed)) {
            let budget = &request.search.budget;
            let walked = day.searcher().and_then(|searcher| {
                gatherer
                    .walk(&searcher, plan.query(day.day), budget)
                    .map_err(|error| SearchError::of(day.day, &error))
            });
            match walked {
                Err(_) if budget.is_over() => {
                    gatherer.is_partial = true;
                    break;
                }
                Err(error @ SearchError::Damaged { .. }) => {
                    tracing::error!(%error, "the day is left out of the search until it is rebuilt");
                    self.put_aside(day.day);
                }
                other => other?,
            }
        }
        Ok(gatherer)
    }

    fn gather_together(
        &self,
        request: &StatisticsRequest,
        plan: &Plan,
        days: &[Arc<DayIndex>],
        workers: usize,
    ) -> Result<Gatherer, SearchError> {
        let next = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            let others: Vec<_> = (1..workers)
                .map(|_| scope.spawn(|| self.gather(request, plan, days, &next)))
                .collect();
            let mut all = self.gather(request, plan, days, &next)?;
            for other in others {
                all.merge(other.join().map_err(|_| SearchError::Unavailable)??);
            }
            Ok(all)
        })
    }
}

/// How many threads the days are worth.
fn workers(days: &[Arc<DayIndex>]) -> usize {
    let sessions: u64 =
        days.iter().filter_map(|day| day.searcher().ok()).map(|searcher| searcher.num_docs()).sum();
    if sessions < MANY {
        return 1;
    }
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    cores.min(THREADS_MAX).min(days.len())
}
