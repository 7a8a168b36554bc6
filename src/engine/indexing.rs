//! Keeps the search index behind the store: what changed, re-indexed soon, resumed after a crash, rebuilt when damaged.
//!
//! Invariant: a day's commit remembers a sequence only when every change of the day up to it is in the index.

use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use ahash::{AHashMap, AHashSet};

use super::visits::Visits;
use crate::base::clock::{Clock, Stopwatch};
use crate::base::id::SessionId;
use crate::base::time::{Day, HOUR_MILLIS, Timestamp};
use crate::model::session::{Session, SessionEventKind};
use crate::search::{SearchError, SearchIndex, SessionDocument};
use crate::store::{self, Store};

/// Shortest time from one cycle to the next.
const INTERVAL_MIN: Duration = Duration::from_secs(2);
/// Longest time from one cycle to the next.
const INTERVAL_MAX: Duration = Duration::from_secs(30);
/// A cycle is followed by this many times its own length of rest: a fifth of one core at most.
const REST_TIMES: u32 = 4;
/// A session that was indexed less than this ago waits.
const SESSION_INTERVAL_MILLIS: i64 = 4_000;
/// Changes taken from a day in one cycle.
const CHANGES: usize = 5_000;
/// Documents handed to the index at once.
const BATCH: usize = 200;
/// Documents between two commits of a rebuild.
const REBUILD_COMMIT: usize = 20_000;
/// Days, newest first, that are looked at in every cycle.
const RECENT_DAYS: usize = 3;
/// Cycles after which all days are looked at.
const ALL_DAYS_CYCLES: u64 = 300;
/// Failures of a day in a row after which it is rebuilt.
const FAILURES: u32 = 3;
/// Cycles after which changes that the index holds are forgotten.
const FORGET_CYCLES: u64 = 60;
/// A day is over when no session of it can be open: this long after its end.
const SEAL_AFTER_MILLIS: i64 = 9 * HOUR_MILLIS;

/// Why a cycle did not do its work; the next one tries again.
#[derive(Debug, thiserror::Error)]
pub enum IndexingError {
    /// The store.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The index.
    #[error(transparent)]
    Search(#[from] SearchError),
}

/// What one cycle did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CycleReport {
    /// Sessions indexed.
    pub indexed: usize,
    /// Sessions that wait because they were indexed a moment ago.
    pub waiting: usize,
    /// More changes lie in the store than one cycle takes.
    pub has_more: bool,
}

#[derive(Debug, Default)]
struct DayState {
    /// Changes up to here were taken from the store.
    seen: u64,
    /// Taken and not indexed, with the oldest change of each.
    waiting: AHashMap<SessionId, u64>,
    /// When sessions were indexed, as long as it matters.
    indexed_at: AHashMap<SessionId, Timestamp>,
    forgotten: u64,
    failures: u32,
    is_sealed: bool,
}

/// The worker. Drive it with [`Indexer::cycle`], or let it run in its own thread with [`Indexer::start`].
#[derive(Debug)]
pub struct Indexer {
    store: Arc<Store>,
    search: Arc<SearchIndex>,
    clock: Clock,
    days: BTreeMap<Day, DayState>,
    cycles: u64,
}

impl Indexer {
    /// A worker over a store and its index.
    #[must_use]
    pub fn new(store: Arc<Store>, search: Arc<SearchIndex>, clock: Clock) -> Self {
        Self { store, search, clock, days: BTreeMap::new(), cycles: 0 }
    }

    /// Takes what changed and makes it searchable. A day that fails is tried again, then rebuilt; others go on.
    pub fn cycle(&mut self) -> CycleReport {
        let mut report = CycleReport::default();
        let days = match self.store.days() {
            Ok(days) => days,
            Err(error) => {
                tracing::error!(%error, "the days of the store cannot be listed");
                return report;
            }
        };
        self.days.retain(|day, _| days.contains(day));
        let looks_at_all = self.cycles.is_multiple_of(ALL_DAYS_CYCLES);
        let damaged = self.search.damaged_days();
        self.cycles += 1;
        for (age, day) in days.iter().rev().enumerate() {
            let waits = self
                .days
                .get(day)
                .is_some_and(|state| !state.waiting.is_empty() || state.failures > 0);
            if age < RECENT_DAYS || looks_at_all || waits || damaged.contains(day) {
                self.tend(*day, &mut report);
            }
        }
        report
    }

    /// One day: rebuilds it or takes its changes; counts failures.
    fn tend(&mut self, day: Day, report: &mut CycleReport) {
        match self.take_changes(day, report) {
            Ok(()) => {
                if let Some(state) = self.days.get_mut(&day) {
                    state.failures = 0;
                }
            }
            Err(error) => {
                let state = self.days.entry(day).or_default();
                let failures = state.failures + 1;
                tracing::error!(%day, %error, failures, "indexing failed");
                *state = DayState { failures, ..DayState::default() };
                if failures >= FAILURES && matches!(error, IndexingError::Search(_)) {
                    self.search.put_aside(day);
                }
            }
        }
    }

    fn take_changes(&mut self, day: Day, report: &mut CycleReport) -> Result<(), IndexingError> {
        let committed = self.search.committed_sequence(day);
        let Some(committed) = committed.filter(|_| !self.search.damaged_days().contains(&day))
        else {
            let sequence = rebuild_day(&self.store, &self.search, day, &mut |n| {
                report.indexed += n;
            })?;
            let state = self.days.entry(day).or_default();
            state.seen = sequence;
            state.waiting.clear();
            return Ok(());
        };
        let now = self.clock.now();
        let state = self.days.entry(day).or_default();
        state.seen = state.seen.max(committed);
        let changed = self.store.changed_since(day, state.seen, CHANGES)?;
        report.has_more |= changed.len() >= CHANGES;
        for (sequence, id) in changed {
            state.waiting.entry(id).or_insert(sequence);
            state.seen = state.seen.max(sequence);
        }
        state.indexed_at.retain(|_, at| now.0.saturating_sub(at.0) < SESSION_INTERVAL_MILLIS);
        let due: Vec<SessionId> =
            state.waiting.keys().filter(|id| !state.indexed_at.contains_key(id)).copied().collect();
        if !due.is_empty() {
            report.indexed += index_sessions(&self.store, &self.search, &due, state.seen)?;
            for id in &due {
                state.waiting.remove(id);
                state.indexed_at.insert(*id, now);
            }
            let oldest = state.waiting.values().min().copied();
            let sequence = oldest.map_or(state.seen, |oldest| oldest.saturating_sub(1));
            self.search.commit_day(day, sequence.max(committed))?;
        }
        report.waiting += state.waiting.len();
        self.keep_house(day, now)
    }

    /// Forgets changes that are indexed for good, and seals a day that is over.
    fn keep_house(&mut self, day: Day, now: Timestamp) -> Result<(), IndexingError> {
        let Some(state) = self.days.get_mut(&day) else {
            return Ok(());
        };
        let committed = self.search.committed_sequence(day).unwrap_or(0);
        if self.cycles.is_multiple_of(FORGET_CYCLES) && committed > state.forgotten {
            self.store.forget_changes(day, committed)?;
            state.forgotten = committed;
        }
        let is_over = now.0 > day.next().start().0.saturating_add(SEAL_AFTER_MILLIS);
        if is_over && !state.is_sealed && state.waiting.is_empty() {
            self.search.seal_day(day)?;
            state.is_sealed = true;
        }
        self.search.rest_day(day);
        Ok(())
    }

    /// Runs in a thread of its own until the handle stops it.
    ///
    /// # Errors
    /// When the thread cannot be started.
    pub fn start(mut self) -> std::io::Result<IndexerHandle> {
        let signal = Arc::new((Mutex::new(false), Condvar::new()));
        let seen = Arc::clone(&signal);
        let run = move || {
            loop {
                let watch = Stopwatch::start();
                let report = self.cycle();
                let busy = watch.elapsed();
                let rest = if report.has_more {
                    busy
                } else {
                    (busy * REST_TIMES).clamp(INTERVAL_MIN, INTERVAL_MAX)
                };
                if is_stopped_within(&seen, rest) {
                    return;
                }
            }
        };
        let thread = std::thread::Builder::new().name("index".to_owned()).spawn(run)?;
        Ok(IndexerHandle { signal, thread: Some(thread) })
    }
}

fn is_stopped_within(signal: &(Mutex<bool>, Condvar), rest: Duration) -> bool {
    let stopped = signal.0.lock().unwrap_or_else(PoisonError::into_inner);
    let (stopped, _) = signal
        .1
        .wait_timeout_while(stopped, rest, |stopped| !*stopped)
        .unwrap_or_else(PoisonError::into_inner);
    *stopped
}

/// Stops the worker when it is dropped; waits for the cycle that runs.
#[derive(Debug)]
pub struct IndexerHandle {
    signal: Arc<(Mutex<bool>, Condvar)>,
    thread: Option<JoinHandle<()>>,
}

impl IndexerHandle {
    /// Stops the worker and waits for it.
    pub fn stop(self) {
        drop(self);
    }
}

impl Drop for IndexerHandle {
    fn drop(&mut self) {
        *self.signal.0.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.signal.1.notify_all();
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the indexing thread panicked");
        }
    }
}

/// Makes the index of every day anew. `progress` hears the sessions done so far.
pub fn reindex(
    store: &Store,
    search: &SearchIndex,
    mut progress: impl FnMut(Day, usize),
) -> Result<usize, IndexingError> {
    let mut done = 0;
    for day in store.days()?.into_iter().rev() {
        search.put_aside(day);
        rebuild_day(store, search, day, &mut |n| {
            done += n;
            progress(day, done);
        })?;
    }
    Ok(done)
}

/// Fills the index of a day from the store; answers the sequence that it shows.
fn rebuild_day(
    store: &Store,
    search: &SearchIndex,
    day: Day,
    progress: &mut dyn FnMut(usize),
) -> Result<u64, IndexingError> {
    let sequence = match store.day(day)? {
        Some(file) => file.sequence()?,
        None => return Ok(0),
    };
    let mut after = None;
    let mut uncommitted = 0;
    loop {
        let sessions = store.sessions_of_day(day, after, BATCH)?;
        let Some(last) = sessions.last() else { break };
        after = Some(last.id);
        let documents = documents(store, sessions, sequence);
        search.put(&documents)?;
        uncommitted += documents.len();
        progress(documents.len());
        if uncommitted >= REBUILD_COMMIT {
            search.commit_day(day, 0)?;
            uncommitted = 0;
        }
    }
    search.commit_day(day, sequence)?;
    search.mark_rebuilt(day);
    Ok(sequence)
}

fn index_sessions(
    store: &Store,
    search: &SearchIndex,
    ids: &[SessionId],
    sequence: u64,
) -> Result<usize, IndexingError> {
    let mut indexed = 0;
    for batch in ids.chunks(BATCH) {
        let mut sessions = Vec::with_capacity(batch.len());
        for id in batch {
            match store.session(*id) {
                Ok(found) => sessions.extend(found),
                Err(error @ store::Error::Record { .. }) => {
                    tracing::error!(session = %id, %error, "the session is not indexed");
                }
                Err(error) => return Err(error.into()),
            }
        }
        let documents = documents(store, sessions, sequence);
        search.put(&documents)?;
        indexed += documents.len();
    }
    Ok(indexed)
}

fn documents(store: &Store, sessions: Vec<Session>, sequence: u64) -> Vec<SessionDocument> {
    sessions.into_iter().map(|session| document(store, session, sequence)).collect()
}

/// A session with the texts of its rows; rows that cannot be read are left out and named in the log.
fn document(store: &Store, session: Session, sequence: u64) -> SessionDocument {
    let id = session.id;
    let mut pages = Texts::default();
    let mut names = Texts::default();
    let mut messages = Texts::default();
    let mut visits = Visits::of(&session);
    pages.add(&session.entry_page);
    pages.add(&session.exit_page);
    match store.actions(id) {
        Ok(actions) => {
            for action in actions {
                pages.add(&action.page);
                names.add(&action.name);
                visits.add_action(&action);
                for error in &action.errors {
                    messages.add(&error.message);
                }
            }
        }
        Err(error) => {
            tracing::error!(session = %id, %error, "user actions are not indexed");
        }
    }
    match store.events(id) {
        Ok(events) => {
            for event in events {
                if let SessionEventKind::Error(report) = event.kind {
                    visits.add_error(event.application, &report);
                    messages.add(&report.message);
                }
            }
        }
        Err(error) => tracing::error!(session = %id, %error, "events are not indexed"),
    }
    SessionDocument {
        session,
        pages: pages.found,
        action_names: names.found,
        error_messages: messages.found,
        visits: visits.figures,
        sequence,
    }
}

#[derive(Default)]
struct Texts {
    seen: AHashSet<String>,
    found: Vec<String>,
}

impl Texts {
    fn add(&mut self, text: &str) {
        if !text.is_empty() && !self.seen.contains(text) {
            self.seen.insert(text.to_owned());
            self.found.push(text.to_owned());
        }
    }
}

#[cfg(test)]
#[path = "indexing_tests.rs"]
mod tests;
