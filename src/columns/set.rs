//! The columns of all days: files of days that are over, parts in memory of days that still change.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use ahash::{AHashMap, AHashSet};

use super::bits::Bits;
use super::build::{Builder, SessionRows, merge};
use super::file::{self, FileError, Writing};
use super::filter::PartTests;
use super::groups::Groups;
use super::question::{Answer, Group, Question};
use super::scan::Scan;
use super::tables::Part;
use crate::base::id::SessionId;
use crate::base::time::{DAY_MILLIS, Day};

/// Small parts of a day that changes before they are merged.
const PARTS_MAX: usize = 8;
/// A part is merged with those that came after it unless it has this many times their sessions.
const MERGE_TIMES: usize = 4;
/// Threads that answer one question.
const THREADS_MAX: usize = 4;
/// Actions below which one thread is enough.
const MANY: usize = 200_000;
/// Groups that a second pass gives percentiles to, when the first finds more than it can.
const SECOND_PASS: usize = 1_000;

/// How large parts become.
#[derive(Debug, Clone, Copy)]
pub struct ColumnOptions {
    /// Actions from which a part is left alone; files hold about as many. Merging takes 100 bytes of memory for each.
    pub large: usize,
    /// Actions from which a part of a day that changes is kept in a file.
    pub spilled: usize,
}

impl Default for ColumnOptions {
    fn default() -> Self {
        Self { large: 250_000, spilled: 30_000 }
    }
}

/// A part with the sessions in it that newer parts replace.
#[derive(Debug, Clone)]
struct Living {
    part: Arc<Part>,
    /// Sessions that count; `None` for all.
    alive: Option<Arc<Bits>>,
    /// Its folder, when it is a file of a day that changes.
    spilled: Option<PathBuf>,
}

impl Living {
    fn of(part: Part) -> Self {
        Self { part: Arc::new(part), alive: None, spilled: None }
    }

    fn is_alive(&self, row: usize) -> bool {
        let alive = self.alive.as_ref();
        alive.is_none_or(|alive| u32::try_from(row).is_ok_and(|row| alive.has(row)))
    }

    /// Says that a newer part has a session.
    fn bury(&mut self, id: u128) {
        if let Some(row) = self.part.find(id) {
            let all = self.part.sessions.rows;
            let bits = self.alive.get_or_insert_with(|| Arc::new(Bits::new(all, true)));
            Arc::make_mut(bits).set(row, false);
        }
    }
}

/// A day.
#[derive(Debug, Default)]
struct DayColumns {
    parts: Vec<Living>,
    /// All its sessions are here.
    is_whole: bool,
    is_sealed: bool,
    /// Files that were written while it changed.
    spills: u64,
}

/// The columns of all days. Questions hold no lock while they read.
#[derive(Debug)]
pub struct ColumnStore {
    data_folder: PathBuf,
    options: ColumnOptions,
    days: RwLock<BTreeMap<Day, DayColumns>>,
}

/// Where the columns of a day lie.
fn folder(data_folder: &Path, day: Day) -> PathBuf {
    data_folder.join("days").join(day.to_string()).join("columns")
}

/// Where large parts of a day lie while it changes. They are of no use to another process.
fn live_folder(data_folder: &Path, day: Day) -> PathBuf {
    data_folder.join("days").join(day.to_string()).join("columns.live")
}

impl DayColumns {
    fn push(&mut self, part: Part) {
        for row in 0..part.sessions.rows {
            let id = part.id(row);
            self.parts.iter_mut().for_each(|living| living.bury(id));
        }
        self.parts.push(Living::of(part));
    }

    /// The first of the parts to merge: as few as leave those before much larger than all that follow. None while there
    /// are few.
    fn to_merge(&self, large: usize) -> Option<usize> {
        let is_large = |living: &Living| living.part.actions.rows >= large;
        let small = self.parts.iter().rposition(is_large).map_or(0, |last| last + 1);
        if self.parts.len() - small < PARTS_MAX {
            return None;
        }
        let (mut from, mut sum) = (self.parts.len(), 0);
        for (at, living) in self.parts.iter().enumerate().skip(small).rev() {
            let size = living.part.sessions.rows;
            if at + 2 < self.parts.len() && size > sum * MERGE_TIMES {
                break;
            }
            sum += size;
            from = at;
        }
        Some(from)
    }

    /// Merges small parts when there are many; those that grew large go to the disk.
    fn settle(&mut self, day: Day, live: &Path, options: ColumnOptions) {
        let Some(from) = self.to_merge(options.large) else { return };
        let old = self.parts.split_off(from);
        let mut fresh = Vec::new();
        let merged = merge_living(day, &old, options.large, |part| {
            fresh.push(part);
            Ok(())
        });
        if let Err(error) = merged {
            tracing::error!(%day, %error, "parts of columns stay as they are");
            self.parts.extend(old);
            return;
        }
        for part in fresh {
            let kept = self.keep(part, live, options.spilled);
            self.parts.push(kept);
        }
        for path in old.into_iter().filter_map(|living| living.spilled) {
            if let Err(error) = file::remove(&path) {
                tracing::warn!(path = %path.display(), %error, "columns cannot be removed");
            }
        }
    }

    /// A part, from the disk when it is large: pages of files can leave memory.
    fn keep(&mut self, part: Part, live: &Path, spilled: usize) -> Living {
        if part.actions.rows < spilled {
            return Living::of(part);
        }
        self.spills += 1;
        let path = live.join(self.spills.to_string());
        match spill(&path, &part) {
            Ok(mapped) => Living { spilled: Some(path), ..Living::of(mapped.unwrap_or(part)) },
            Err(error) => {
                tracing::warn!(path = %path.display(), %error, "columns stay in memory");
                Living::of(part)
            }
        }
    }
}

fn spill(path: &Path, part: &Part) -> Result<Option<Part>, FileError> {
    let mut writing = Writing::begin(path)?;
    writing.add(part)?;
    writing.finish(0)?;
    Ok(file::open(path, 0)?.and_then(|mut parts| parts.pop()))
}

/// Merges parts into as few as their actions allow.
fn merge_living(
    day: Day,
    living: &[Living],
    large: usize,
    take: impl FnMut(Part) -> Result<(), FileError>,
) -> Result<(), FileError> {
    let parts: Vec<&Part> = living.iter().map(|living| living.part.as_ref()).collect();
    let is_kept =
        |number: usize, row: usize| living.get(number).is_some_and(|one| one.is_alive(row));
    merge(day, &parts, is_kept, large, take)
}

impl ColumnStore {
    /// The columns below a data folder. Files are opened as their days are asked for.
    #[must_use]
    pub fn new(data_folder: &Path) -> Self {
        Self::with(data_folder, ColumnOptions::default())
    }

    /// The same with parts of other sizes.
    #[must_use]
    pub fn with(data_folder: &Path, options: ColumnOptions) -> Self {
        Self { data_folder: data_folder.to_owned(), options, days: RwLock::default() }
    }

    /// Opens the files of a day that is over; whether there were any that show the store at `sequence`.
    ///
    /// # Errors
    /// When they are damaged or of another version: they are removed then, to be made anew.
    pub fn open(&self, day: Day, sequence: u64) -> Result<bool, FileError> {
        let path = folder(&self.data_folder, day);
        let opened = file::open(&path, sequence).inspect_err(|_| {
            if let Err(error) = file::remove(&path) {
                tracing::warn!(%day, %error, "damaged columns cannot be removed");
            }
        })?;
        let Some(parts) = opened else { return Ok(false) };
        let parts = parts.into_iter().map(Living::of).collect();
        let sealed = DayColumns { parts, is_whole: true, is_sealed: true, ..DayColumns::default() };
        self.days.write().unwrap_or_else(PoisonError::into_inner).insert(day, sealed);
        Ok(true)
    }

    /// Replaces sessions of a day that changes. They must be of that day.
    pub fn put(&self, day: Day, sessions: &mut [SessionRows<'_>]) {
        if sessions.is_empty() {
            return;
        }
        sessions.sort_unstable_by_key(|rows| rows.session.id.0);
        let mut builder = Builder::new(day);
        for rows in sessions.iter() {
            builder.add(*rows);
        }
        let part = builder.finish();
        let mut days = self.days.write().unwrap_or_else(PoisonError::into_inner);
        let columns = days.entry(day).or_default();
        // What the files of a sealed day hold are the first parts of a day that changes again.
        columns.is_sealed = false;
        columns.push(part);
        columns.settle(day, &live_folder(&self.data_folder, day), self.options);
    }

    /// Says that all sessions of a day were put.
    pub fn mark_whole(&self, day: Day) {
        let mut days = self.days.write().unwrap_or_else(PoisonError::into_inner);
        days.entry(day).or_default().is_whole = true;
    }

    /// Whether all sessions of a day are here.
    #[must_use]
    pub fn is_whole(&self, day: Day) -> bool {
        let days = self.days.read().unwrap_or_else(PoisonError::into_inner);
        days.get(&day).is_some_and(|columns| columns.is_whole)
    }

    /// Whether a day has files and nothing that is newer than they.
    #[must_use]
    pub fn is_sealed(&self, day: Day) -> bool {
        let days = self.days.read().unwrap_or_else(PoisonError::into_inner);
        days.get(&day).is_some_and(|columns| columns.is_sealed)
    }

    /// Writes the files of a day that is over and lets go of its parts in memory. `sequence` is what they show of the store.
    ///
    /// # Errors
    /// When the disk does not take them; the parts stay then.
    pub fn seal(&self, day: Day, sequence: u64) -> Result<(), FileError> {
        let days = self.days.read().unwrap_or_else(PoisonError::into_inner);
        let Some(columns) = days.get(&day).filter(|day| day.is_whole && !day.is_sealed) else {
            return Ok(());
        };
        let parts = columns.parts.clone();
        drop(days);
        let path = folder(&self.data_folder, day);
        let mut writing = Writing::begin(&path)?;
        merge_living(day, &parts, self.options.large, |part| writing.add(&part))?;
        writing.finish(sequence)?;
        file::remove(&live_folder(&self.data_folder, day))?;
        self.open(day, sequence).map(drop)
    }

    /// Lets go of a day whose folder is about to be removed, or whose columns are made anew.
    pub fn drop_day(&self, day: Day) {
        self.days.write().unwrap_or_else(PoisonError::into_inner).remove(&day);
    }

    /// Removes the columns of a day, to be made anew.
    ///
    /// # Errors
    /// When the disk does not let them go.
    pub fn discard(&self, day: Day) -> std::io::Result<()> {
        self.drop_day(day);
        file::remove(&live_folder(&self.data_folder, day))?;
        file::remove(&folder(&self.data_folder, day))
    }

    /// User actions on all days.
    #[must_use]
    pub fn action_count(&self) -> usize {
        let days = self.days.read().unwrap_or_else(PoisonError::into_inner);
        let parts = days.values().flat_map(|columns| &columns.parts);
        parts.map(|living| living.part.actions.rows).sum()
    }

    /// Answers a question. `stored` are the days there are; `found` tells the sessions of a day for which the terms hold
    /// that columns do not know, and is asked only when there are such terms.
    pub fn ask(
        &self,
        question: &Question,
        stored: &[Day],
        found: &(dyn Fn(Day) -> Option<Vec<SessionId>> + Sync),
    ) -> Answer {
        let periods = [Some(question.from), question.compare_from];
        let length = question.to.0.saturating_sub(question.from.0);
        // A session that began the day before may go on in the period, and a late action may lie before its session.
        let is_asked = |day: &Day| {
            periods.iter().flatten().any(|from| {
                let first = from.0.saturating_sub(2 * DAY_MILLIS);
                let end = from.0.saturating_add(length).saturating_add(DAY_MILLIS);
                (first..end).contains(&day.start().0)
            })
        };
        let days = self.days.read().unwrap_or_else(PoisonError::into_inner);
        let mut missing_days: Vec<Day> = Vec::new();
        let mut work: Vec<(Day, Living)> = Vec::new();
        for day in stored.iter().filter(|day| is_asked(day)) {
            let columns = days.get(day);
            if columns.is_none_or(|columns| !columns.is_whole) {
                missing_days.push(*day);
            }
            work.extend(columns.iter().flat_map(|c| &c.parts).map(|living| (*day, living.clone())));
        }
        drop(days);
        work.sort_by_key(|(_, living)| std::cmp::Reverse(living.part.actions.rows));
        let (groups, is_cut) = run(question, &work, found);
        Answer { groups, is_cut, missing_days }
    }
}

type Found<'a> = &'a (dyn Fn(Day) -> Option<Vec<SessionId>> + Sync);

/// All groups; more than can have percentiles are counted first, and the largest get theirs in a second pass.
fn run(question: &Question, work: &[(Day, Living)], found: Found<'_>) -> (Vec<Group>, bool) {
    let (groups, is_cut) = pass(question, work, found, None);
    if !is_cut || !question.wants.percentiles {
        return (groups, is_cut);
    }
    let mut bare = question.clone();
    bare.wants.percentiles = false;
    bare.bucket_starts.clear();
    let (mut groups, _) = pass(&bare, work, found, None);
    groups.sort_by(|a, b| b.sums.count.cmp(&a.sums.count).then_with(|| a.values.cmp(&b.values)));
    let buckets = question.bucket_starts.len().max(1);
    let kept = (super::groups::HISTOGRAMS_MAX / buckets / 2).clamp(1, SECOND_PASS);
    let only: AHashSet<Vec<String>> =
        groups.into_iter().map(|group| group.values).take(kept).collect();
    (pass(question, work, found, Some(&only)).0, true)
}

fn pass(
    question: &Question,
    work: &[(Day, Living)],
    found: Found<'_>,
    only: Option<&AHashSet<Vec<String>>>,
) -> (Vec<Group>, bool) {
    let actions: usize = work.iter().map(|(_, living)| living.part.actions.rows).sum();
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let threads = if actions < MANY { 1 } else { cores.min(THREADS_MAX).min(work.len()) };
    let next = AtomicUsize::new(0);
    let one = || answer(question, work, found, only, &next);
    if threads < 2 {
        return one();
    }
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(one)).collect();
        let (first, mut is_cut) = one();
        let key = |group: &Group| (group.values.clone(), group.is_before, group.bucket);
        let mut all: AHashMap<_, Group> =
            first.into_iter().map(|group| (key(&group), group)).collect();
        for other in others {
            let Ok((groups, was_cut)) = other.join() else {
                tracing::error!("a thread of an analysis panicked");
                is_cut = true;
                continue;
            };
            is_cut |= was_cut;
            for group in groups {
                match all.entry(key(&group)) {
                    std::collections::hash_map::Entry::Occupied(mut own) => {
                        own.get_mut().sums.merge(&group.sums);
                    }
                    std::collections::hash_map::Entry::Vacant(free) => {
                        free.insert(group);
                    }
                }
            }
        }
        (all.into_values().collect(), is_cut)
    })
}

fn answer(
    question: &Question,
    work: &[(Day, Living)],
    found: Found<'_>,
    only: Option<&AHashSet<Vec<String>>>,
    next: &AtomicUsize,
) -> (Vec<Group>, bool) {
    let mut groups = Groups::new(question, only);
    while let Some((day, living)) = work.get(next.fetch_add(1, Ordering::Relaxed)) {
        let part = living.part.as_ref();
        let mut scans: Vec<Scan<'_>> =
            [false, true].iter().filter_map(|is| Scan::new(part, *day, question, *is)).collect();
        if scans.is_empty() {
            continue;
        }
        let mut tests = PartTests::of(part, &question.filter.terms, &question.names);
        if let Some(allowed) = &question.allowed {
            tests.allow(part, allowed);
        }
        if let Some(alive) = &living.alive {
            tests.narrow(alive.as_ref().clone());
        }
        if let Some(ids) = found(*day) {
            let mut rows = Bits::new(part.sessions.rows, false);
            ids.iter().filter_map(|id| part.find(id.0)).for_each(|row| rows.set(row, true));
            tests.narrow(rows);
        }
        for scan in scans.drain(..) {
            scan.run(&tests, &mut groups);
        }
    }
    let is_cut = groups.is_cut;
    (groups.finish(), is_cut)
}
