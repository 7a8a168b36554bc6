//! Keeps the search index and the columns behind the store: what changed, taken soon, resumed after a crash, rebuilt when
//! damaged.
//!
//! Invariant: a day's commit remembers a sequence only when every change of the day up to it is in the index.

use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use ahash::AHashMap;

use super::loaded::Loaded;
use crate::base::clock::{Clock, Stopwatch};
use crate::base::id::SessionId;
use crate::base::time::{Day, HOUR_MILLIS, Timestamp};
use crate::columns::{ColumnStore, FileError};
use crate::model::session::Session;
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
/// Sessions that are read into columns in one cycle after a start.
const LOADED: usize = 5_000;
/// Sessions that opening the files of a day counts as.
const OPENED: usize = 500;
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
    /// The files of columns.
    #[error("the columns cannot be kept: {0}")]
    Columns(#[from] FileError),
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
    /// The last session that was read into columns after a start.
    loaded: Option<SessionId>,
}

/// What is read, and what is derived from it.
#[derive(Debug, Clone, Copy)]
struct Derived<'a> {
    store: &'a Store,
    search: &'a SearchIndex,
    columns: &'a ColumnStore,
}

/// The worker. Drive it with [`Indexer::cycle`], or let it run in its own thread with [`Indexer::start`].
#[derive(Debug)]
pub struct Indexer {
    store: Arc<Store>,
    search: Arc<SearchIndex>,
    columns: Arc<ColumnStore>,
    clock: Clock,
    days: BTreeMap<Day, DayState>,
    cycles: u64,
    /// Sessions that this cycle may still read into columns.
    may_load: usize,
}

impl Indexer {
    /// A worker over a store, its index and its columns.
    #[must_use]
    pub fn new(
        store: Arc<Store>,
        search: Arc<SearchIndex>,
        columns: Arc<ColumnStore>,
        clock: Clock,
    ) -> Self {
        Self { store, search, columns, clock, days: BTreeMap::new(), cycles: 0, may_load: 0 }
    }

    fn derived(&self) -> Derived<'_> {
        Derived { store: &self.store, search: &self.search, columns: &self.columns }
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
        self.may_load = LOADED;
        for (age, day) in days.iter().rev().enumerate() {
            let waits = self
                .days
                .get(day)
                .is_some_and(|state| !state.waiting.is_empty() || state.failures > 0);
            let is_kept = self.columns.is_sealed(*day)
                || (self.columns.is_whole(*day) && !is_over(*day, self.clock.now()));
            let loads = self.may_load > 0 && !is_kept;
            if age < RECENT_DAYS || looks_at_all || waits || loads || damaged.contains(day) {
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
            let sequence = rebuild_day(self.derived(), day, &mut |n| report.indexed += n)?;
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
            let derived =
                Derived { store: &self.store, search: &self.search, columns: &self.columns };
            report.indexed += index_sessions(derived, day, &due, state.seen)?;
            for id in &due {
                state.waiting.remove(id);
                state.indexed_at.insert(*id, now);
            }
            let oldest = state.waiting.values().min().copied();
            let sequence = oldest.map_or(state.seen, |oldest| oldest.saturating_sub(1));
            self.search.commit_day(day, sequence.max(committed))?;
        }
        report.waiting += state.waiting.len();
        self.keep_columns(day, now, report)?;
        self.keep_house(day, now)
    }

    /// Brings the columns of a day into memory after a start: from its files when it is over, else from the store, some
    /// thousand sessions a cycle; and writes the files of a day that is over.
    fn keep_columns(
        &mut self,
        day: Day,
        now: Timestamp,
        report: &mut CycleReport,
    ) -> Result<(), IndexingError> {
        let Some(state) = self.days.get_mut(&day) else {
            return Ok(());
        };
        let sequence = match self.store.day(day)? {
            Some(file) => file.sequence()?,
            None => return Ok(()),
        };
        if self.columns.is_whole(day) {
            let is_current = state.waiting.is_empty()
                && self.store.changed_since(day, state.seen, 1)?.is_empty();
            if is_over(day, now) && is_current && !self.columns.is_sealed(day) {
                // What is in memory answers as well; the next cycle tries again.
                if let Err(error) = self.columns.seal(day, sequence) {
                    tracing::error!(%day, %error, "the columns of the day cannot be written");
                }
            }
            return Ok(());
        }
        if is_over(day, now) && state.loaded.is_none() {
            // Files are read whole, to compare them with their checksums: live sessions must not wait for all of them.
            self.may_load = self.may_load.saturating_sub(OPENED);
            report.has_more = true;
            match self.columns.open(day, sequence) {
                Ok(true) => return Ok(()),
                Ok(false) => {}
                Err(error) => tracing::warn!(%day, %error, "columns are made anew"),
            }
        }
        while self.may_load > 0 {
            let sessions = self.store.sessions_of_day(day, state.loaded, BATCH)?;
            self.may_load = self.may_load.saturating_sub(sessions.len().max(1));
            let Some(last) = sessions.last() else {
                self.columns.mark_whole(day);
                return Ok(());
            };
            state.loaded = Some(last.id);
            let loaded: Vec<Loaded> =
                sessions.into_iter().map(|session| Loaded::read(&self.store, session)).collect();
            self.columns.put(day, &mut loaded.iter().map(Loaded::rows).collect::<Vec<_>>());
        }
        report.has_more = true;
        Ok(())
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
        if is_over(day, now) && !state.is_sealed && state.waiting.is_empty() {
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

/// Whether no session of a day can be open any more.
fn is_over(day: Day, now: Timestamp) -> bool {
    now.0 > day.next().start().0.saturating_add(SEAL_AFTER_MILLIS)
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

/// Makes the index and the columns of every day anew. `progress` hears the sessions done so far.
pub fn reindex(
    store: &Store,
    search: &SearchIndex,
    columns: &ColumnStore,
    mut progress: impl FnMut(Day, usize),
) -> Result<usize, IndexingError> {
    let mut done = 0;
    for day in store.days()?.into_iter().rev() {
        search.put_aside(day);
        columns.discard(day).map_err(FileError::Io)?;
        let sequence = rebuild_day(Derived { store, search, columns }, day, &mut |n| {
            done += n;
            progress(day, done);
        })?;
        // Also of a day that goes on: a server that starts makes those anew from the store.
        columns.seal(day, sequence)?;
    }
    Ok(done)
}

/// Fills the index and the columns of a day from the store; answers the sequence that they show.
fn rebuild_day(
    derived: Derived<'_>,
    day: Day,
    progress: &mut dyn FnMut(usize),
) -> Result<u64, IndexingError> {
    let Derived { store, search, columns } = derived;
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
        let count = derive(&derived, day, sessions, sequence)?;
        uncommitted += count;
        progress(count);
        if uncommitted >= REBUILD_COMMIT {
            search.commit_day(day, 0)?;
            uncommitted = 0;
        }
    }
    search.commit_day(day, sequence)?;
    search.mark_rebuilt(day);
    columns.mark_whole(day);
    Ok(sequence)
}

fn index_sessions(
    derived: Derived<'_>,
    day: Day,
    ids: &[SessionId],
    sequence: u64,
) -> Result<usize, IndexingError> {
    let mut indexed = 0;
    for batch in ids.chunks(BATCH) {
        let mut sessions = Vec::with_capacity(batch.len());
        for id in batch {
            match derived.store.session(*id) {
                Ok(found) => sessions.extend(found),
                Err(error @ store::Error::Record { .. }) => {
                    tracing::error!(session = %id, %error, "the session is not indexed");
                }
                Err(error) => return Err(error.into()),
            }
        }
        indexed += derive(&derived, day, sessions, sequence)?;
    }
    Ok(indexed)
}

/// Hands sessions to all that is derived from them.
fn derive(
    derived: &Derived<'_>,
    day: Day,
    sessions: Vec<Session>,
    sequence: u64,
) -> Result<usize, IndexingError> {
    let loaded: Vec<Loaded> =
        sessions.into_iter().map(|session| Loaded::read(derived.store, session)).collect();
    let documents: Vec<SessionDocument> =
        loaded.iter().map(|session| session.document(sequence)).collect();
    derived.search.put(&documents)?;
    derived.columns.put(day, &mut loaded.iter().map(Loaded::rows).collect::<Vec<_>>());
    Ok(documents.len())
}

#[cfg(test)]
#[path = "indexing_tests.rs"]
mod tests;
