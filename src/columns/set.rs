//! The columns of all days: files of days that are over, parts in memory of days that still change.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use ahash::{AHashMap, AHashSet};

use super::bits::Bits;
use super::build::{Builder, SessionRows, merge};
use super::file::{self, FileError};
use super::filter::PartTests;
use super::groups::Groups;
use super::question::{Answer, Group, Question};
use super::scan::Scan;
use super::tables::Part;
use crate::base::id::SessionId;
use crate::base::time::{DAY_MILLIS, Day};

/// Parts of a day in memory before they are merged.
const PARTS_MAX: usize = 8;
/// A part is merged with those that came after it when they hold this share of its sessions.
const MERGE_SHARE: usize = 4;
/// Threads that answer one question.
const THREADS_MAX: usize = 4;
/// Actions below which one thread is enough.
const MANY: usize = 200_000;
/// Groups that a second pass gives percentiles to, when the first finds more than it can.
const SECOND_PASS: usize = 1_000;

/// A part with the sessions in it that newer parts replace.
#[derive(Debug, Clone)]
struct Living {
    part: Arc<Part>,
    /// Sessions that count; `None` for all.
    alive: Option<Arc<Bits>>,
}

/// A day.
#[derive(Debug, Default)]
struct DayColumns {
    parts: Vec<Living>,
    /// Where each session of a day that changes is: part and row.
    places: AHashMap<SessionId, (usize, usize)>,
    /// All its sessions are here.
    is_whole: bool,
    is_sealed: bool,
}

/// The columns of all days. Questions hold no lock while they read.
#[derive(Debug)]
pub struct ColumnStore {
    data_folder: PathBuf,
    days: RwLock<BTreeMap<Day, DayColumns>>,
}

/// Where the columns of a day lie.
fn folder(data_folder: &Path, day: Day) -> PathBuf {
    data_folder.join("days").join(day.to_string()).join("columns")
}

impl DayColumns {
    fn alive(&mut self, number: usize, row: usize, is_alive: bool) {
        if let Some(living) = self.parts.get_mut(number) {
            let all = living.part.sessions.rows;
            let bits = living.alive.get_or_insert_with(|| Arc::new(Bits::new(all, true)));
            Arc::make_mut(bits).set(row, is_alive);
        }
    }

    fn push(&mut self, part: Part) {
        let number = self.parts.len();
        for row in 0..part.sessions.rows {
            let id = SessionId(part.id(row));
            if let Some((old, old_row)) = self.places.insert(id, (number, row)) {
                self.alive(old, old_row, false);
            }
        }
        self.parts.push(Living { part: Arc::new(part), alive: None });
    }

    /// Merges the last parts, as few as leave the others much larger than what follows them.
    fn settle(&mut self, day: Day) {
        if self.parts.len() < PARTS_MAX {
            return;
        }
        let sizes: Vec<usize> = self.parts.iter().map(|living| living.part.sessions.rows).collect();
        let mut from = self.parts.len() - 1;
        let mut sum = 0;
        for (at, size) in sizes.iter().enumerate().rev() {
            if at + 2 < sizes.len() && *size > sum * MERGE_SHARE {
                break;
            }
            sum += size;
            from = at;
        }
        self.merge_from(day, from);
    }

    fn merge_from(&mut self, day: Day, from: usize) {
        let tail = self.parts.split_off(from);
        let parts: Vec<&Part> = tail.iter().map(|living| living.part.as_ref()).collect();
        let merged = merge(day, &parts, |number, row| is_alive(tail.get(number), row));
        for row in 0..merged.sessions.rows {
            self.places.insert(SessionId(merged.id(row)), (from, row));
        }
        self.parts.push(Living { part: Arc::new(merged), alive: None });
    }
}

fn is_alive(living: Option<&Living>, row: usize) -> bool {
    let alive = living.and_then(|living| living.alive.as_ref());
    alive.is_none_or(|alive| u32::try_from(row).is_ok_and(|row| alive.has(row)))
}

impl ColumnStore {
    /// The columns below a data folder. Files are opened as their days are asked for.
    #[must_use]
    pub fn new(data_folder: &Path) -> Self {
        Self { data_folder: data_folder.to_owned(), days: RwLock::default() }
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
        let Some(part) = opened else { return Ok(false) };
        let parts = vec![Living { part: Arc::new(part), alive: None }];
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
        if columns.is_sealed {
            // A session that changes after all: what the files hold is the first part of a day that changes again.
            let sealed = std::mem::take(&mut columns.parts);
            *columns = DayColumns { is_whole: true, ..DayColumns::default() };
            for living in sealed {
                columns.push(Arc::unwrap_or_clone(living.part));
            }
        }
        columns.push(part);
        columns.settle(day);
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
        let all: Vec<&Part> = parts.iter().map(|living| living.part.as_ref()).collect();
        let merged = merge(day, &all, |number, row| is_alive(parts.get(number), row));
        file::write(&folder(&self.data_folder, day), &merged, sequence)?;
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
