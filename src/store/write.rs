//! The write side of the store: journal first, day files in checkpoints behind it.
//!
//! Invariants: what [`Store::append`] answered `Ok` for survives `kill -9` and power loss; rows are absolute, so a
//! frame applied twice changes nothing; a journal file is removed only after its rows are in the day files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ahash::AHashSet;

use super::day::{Checkpoint, DayFile, DayRows};
use super::dictionary::{self, Dictionary};
use super::error::Error;
use super::fresh::{self, OpenDatabase};
use super::journal::{self, Frame, Journal};
use super::keys;
use super::schema::Table;
use crate::base::id::{BeaconId, SessionId};
use crate::base::time::{Day, Timestamp};

/// A put (value) or removal (no value) of one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Day folder: the day on which the session started.
    pub day: Day,
    /// Table.
    pub table: Table,
    /// Key.
    pub key: Vec<u8>,
    /// New value; `None` removes.
    pub value: Option<Vec<u8>>,
}

/// One batch to make durable.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    /// When the batch was taken.
    pub at: Timestamp,
    /// Rows, in order.
    pub rows: Vec<Row>,
    /// Beacons of the batch.
    pub beacons: Vec<BeaconId>,
}

/// Bounds of the store.
#[derive(Debug, Clone, Copy)]
pub struct StoreOptions {
    /// redb cache of the newest day.
    pub cache_bytes_newest: usize,
    /// redb cache of each other open day.
    pub cache_bytes_other: usize,
    /// Day files that stay open at once.
    pub open_days_max: usize,
    /// Free bytes below which nothing is taken any more.
    pub free_bytes_min: u64,
    /// What opens the database file of a day, given its path and the bytes of its cache. A simulation puts a disk that
    /// fails under it.
    pub open_database: OpenDatabase,
}

impl Default for StoreOptions {
    fn default() -> Self {
        Self {
            cache_bytes_newest: 24 * 1024 * 1024,
            // Rows of an old day are read a few at a time; the pages of the file lie in the system's cache.
            cache_bytes_other: 1024 * 1024,
            // Opening a day again costs many times what a row costs, and a search may show rows of all days.
            open_days_max: 64,
            free_bytes_min: 256 * 1024 * 1024,
            open_database: fresh::open,
        }
    }
}

/// What opening found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OpenReport {
    /// Frames of the journal that were applied.
    pub frames: usize,
    /// Journal files with a torn or damaged tail; they are kept beside the journal.
    pub torn: Vec<PathBuf>,
    /// Files of dictionaries that cannot be used; records packed with them are not read.
    pub damaged_dictionaries: Vec<PathBuf>,
}

#[derive(Debug, Default)]
struct Staged {
    rows: BTreeMap<Day, DayRows>,
    changed: BTreeMap<Day, AHashSet<SessionId>>,
    beacons: Vec<BeaconId>,
    bytes: usize,
    sequence: u64,
    at: Timestamp,
}

impl Staged {
    fn add(&mut self, frame: Frame) {
        self.sequence = frame.sequence;
        self.at = frame.at;
        self.beacons.extend(frame.beacons);
        for row in frame.rows {
            self.bytes += row.key.len() + row.value.as_ref().map_or(0, Vec::len) + 64;
            let is_session =
                !matches!(row.table, Table::Outcome | Table::Usage | Table::OpenSession);
            if let Some(id) = keys::session_of(&row.key).filter(|_| is_session) {
                self.changed.entry(row.day).or_default().insert(id);
            }
            self.rows.entry(row.day).or_default().insert((row.table, row.key), row.value);
        }
    }

    /// Takes back what a failed checkpoint could not write; newer values stay.
    fn put_back(&mut self, older: Self) {
        for (day, rows) in older.rows {
            let own = self.rows.entry(day).or_default();
            for (key, value) in rows {
                own.entry(key).or_insert(value);
            }
        }
        for (day, ids) in older.changed {
            self.changed.entry(day).or_default().extend(ids);
        }
        self.beacons.extend(older.beacons);
        self.bytes += older.bytes;
        if self.sequence == 0 {
            self.sequence = older.sequence;
            self.at = older.at;
        }
    }

    fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.beacons.is_empty()
    }
}

#[derive(Debug)]
struct Writer {
    journal: Journal,
    synced_bytes: u64,
    next_sequence: u64,
    staged: Staged,
    retired: Vec<PathBuf>,
    latch: Option<String>,
}

/// The store of a data folder: `days/` and `journal/`.
#[derive(Debug)]
pub struct Store {
    folder: PathBuf,
    options: StoreOptions,
    writer: Mutex<Writer>,
    checkpoint: Mutex<()>,
    days: Mutex<BTreeMap<Day, (Arc<DayFile>, u64)>>,
    /// Dictionary with which records are packed, when it is not the one that ships.
    pub(super) trained: Mutex<Option<&'static Dictionary>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Store {
    /// Opens a data folder, applying what a crash left in the journal.
    pub fn open(folder: &Path, options: StoreOptions) -> Result<(Self, OpenReport), Error> {
        let journal_folder = folder.join("journal");
        for part in [&folder.join("days"), &journal_folder] {
            std::fs::create_dir_all(part).map_err(Error::io("create", part.as_path()))?;
        }
        let (trained, damaged_dictionaries) = dictionary::load(folder)?;
        let mut report = OpenReport { damaged_dictionaries, ..OpenReport::default() };
        let mut staged = Staged::default();
        let files = journal::files(&journal_folder)?;
        for path in &files {
            let (frames, is_torn) = journal::read(path)?;
            report.frames += frames.len();
            for frame in frames {
                staged.add(frame);
            }
            if is_torn {
                report.torn.push(path.with_extension("torn"));
            }
        }
        // The last frames may have changed old days only: the name of the journal file they were followed by tells.
        let begun = files.iter().filter_map(|path| journal::first_sequence(path));
        let mut newest = begun.map(|first| first.saturating_sub(1)).max().unwrap_or(0);
        newest = newest.max(staged.sequence);
        let days = Mutex::default();
        for day in list_days(folder)?.into_iter().rev().take(2) {
            newest = newest.max(open_day(folder, &options, &days, day)?.sequence()?);
        }
        write_days(folder, &options, &days, &mut staged)?;
        for path in &files {
            let torn = path.with_extension("torn");
            let done = if report.torn.contains(&torn) {
                std::fs::rename(path, &torn)
            } else {
                std::fs::remove_file(path)
            };
            done.map_err(Error::io("retire", path))?;
        }
        let writer = Writer {
            journal: Journal::create(&journal_folder, newest + 1)?,
            synced_bytes: 0,
            next_sequence: newest + 1,
            staged: Staged::default(),
            retired: Vec::new(),
            latch: None,
        };
        let store = Self {
            folder: folder.to_owned(),
            options,
            writer: Mutex::new(writer),
            checkpoint: Mutex::new(()),
            days,
            trained: Mutex::new(trained),
        };
        Ok((store, report))
    }

    /// The data folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Makes a batch durable and answers its sequence. Readers see it after the next checkpoint.
    ///
    /// After an error the store is latched: nothing is taken until [`Store::reopen`] succeeds, and the caller must
    /// load its state from the store again, because this batch never happened.
    pub fn append(&self, changes: Changes) -> Result<u64, Error> {
        let mut writer = lock(&self.writer);
        if let Some(reason) = &writer.latch {
            return Err(Error::Latched { reason: reason.clone() });
        }
        let sequence = writer.next_sequence;
        let frame =
            Frame { sequence, at: changes.at, rows: changes.rows, beacons: changes.beacons };
        match writer.journal.append(&frame) {
            Ok(bytes) => writer.synced_bytes += bytes,
            Err(e) => {
                writer.latch = Some(e.to_string());
                return Err(e);
            }
        }
        writer.next_sequence += 1;
        writer.staged.add(frame);
        Ok(sequence)
    }

    /// Bytes that wait for a checkpoint.
    #[must_use]
    pub fn staged_bytes(&self) -> usize {
        lock(&self.writer).staged.bytes
    }

    /// Why nothing is taken, if so.
    #[must_use]
    pub fn latch(&self) -> Option<String> {
        lock(&self.writer).latch.clone()
    }

    /// Sequence of the newest acknowledged batch.
    #[must_use]
    pub fn newest_sequence(&self) -> u64 {
        lock(&self.writer).next_sequence - 1
    }

    /// Writes what is staged into the day files; answers whether there was anything.
    pub fn checkpoint(&self) -> Result<bool, Error> {
        let _one_at_a_time = lock(&self.checkpoint);
        let mut staged = {
            let mut writer = lock(&self.writer);
            if writer.staged.is_empty() || writer.latch.is_some() {
                return Ok(false);
            }
            let next = writer.next_sequence;
            let done = writer.journal.rotate(next)?;
            writer.synced_bytes = 0;
            writer.retired.push(done);
            std::mem::take(&mut writer.staged)
        };
        if let Err(e) = write_days(&self.folder, &self.options, &self.days, &mut staged) {
            lock(&self.writer).staged.put_back(staged);
            return Err(e);
        }
        let retired = std::mem::take(&mut lock(&self.writer).retired);
        for path in retired {
            std::fs::remove_file(&path).map_err(Error::io("remove", &path))?;
        }
        Ok(true)
    }

    /// Takes writes again after an error: cuts off the batch that failed, writes what is staged, starts a new journal.
    pub fn reopen(&self) -> Result<(), Error> {
        {
            let mut writer = lock(&self.writer);
            if writer.latch.is_none() {
                return Ok(());
            }
            let next = writer.next_sequence;
            let path = writer.journal.path().to_owned();
            // A start that failed before may have renamed it already.
            if path.exists() {
                std::fs::OpenOptions::new()
                    .write(true)
                    .open(&path)
                    .and_then(|f| f.set_len(writer.synced_bytes).and_then(|()| f.sync_all()))
                    .map_err(Error::io("cut", &path))?;
                let kept = kept_name(&path);
                std::fs::rename(&path, &kept).map_err(Error::io("rename", &path))?;
                writer.retired.push(kept);
            }
            writer.journal = Journal::create(&self.folder.join("journal"), next)?;
            writer.synced_bytes = 0;
            writer.latch = None;
        }
        lock(&self.days).clear();
        self.checkpoint().map(|_| ())
    }

    /// Stops taking writes for a reason, until [`Store::reopen`].
    pub fn latch_with(&self, reason: &str) {
        lock(&self.writer).latch = Some(reason.to_owned());
    }

    /// Days that have a folder, oldest first.
    pub fn days(&self) -> Result<Vec<Day>, Error> {
        list_days(&self.folder)
    }

    /// An open day; `None` when it has no folder.
    pub fn day(&self, day: Day) -> Result<Option<Arc<DayFile>>, Error> {
        let is_open = lock(&self.days).contains_key(&day);
        if !is_open && !day_folder(&self.folder, day).join("records.redb").exists() {
            return Ok(None);
        }
        open_day(&self.folder, &self.options, &self.days, day).map(Some)
    }

    /// Closes a day file, so that its folder can be removed; answers whether nobody reads it any more.
    pub fn close_day(&self, day: Day) -> bool {
        let mut days = lock(&self.days);
        match days.get(&day) {
            Some((file, _)) if Arc::strong_count(file) > 1 => false,
            _ => {
                days.remove(&day);
                true
            }
        }
    }

    /// Free bytes on the disk of the data folder.
    pub fn free_bytes(&self) -> Result<u64, Error> {
        let stat = rustix::fs::statvfs(&self.folder)
            .map_err(|e| Error::io("measure", &self.folder)(e.into()))?;
        Ok(stat.f_bavail.saturating_mul(stat.f_frsize))
    }

    /// An error when too little space is left to go on.
    pub fn check_space(&self) -> Result<(), Error> {
        let free_bytes = self.free_bytes()?;
        if free_bytes < self.options.free_bytes_min {
            return Err(Error::DiskFull { path: self.folder.clone(), free_bytes });
        }
        Ok(())
    }
}

/// A name beside a journal file that sorts before it and is not taken: an older file may still be needed.
fn kept_name(path: &Path) -> PathBuf {
    let name = |n: u32| path.with_extension(format!("kept-{n:04}.log"));
    (0..10_000).map(name).find(|name| !name.exists()).unwrap_or_else(|| name(10_000))
}

/// Folder of a day.
#[must_use]
pub fn day_folder(folder: &Path, day: Day) -> PathBuf {
    folder.join("days").join(day.to_string())
}

fn list_days(folder: &Path) -> Result<Vec<Day>, Error> {
    let days = folder.join("days");
    let mut found = Vec::new();
    for entry in std::fs::read_dir(&days).map_err(Error::io("list", &days))? {
        let name = entry.map_err(Error::io("list", &days))?.file_name();
        found.extend(name.to_str().and_then(Day::parse));
    }
    found.sort_unstable();
    Ok(found)
}

type OpenDays = Mutex<BTreeMap<Day, (Arc<DayFile>, u64)>>;

fn open_day(
    folder: &Path,
    options: &StoreOptions,
    days: &OpenDays,
    day: Day,
) -> Result<Arc<DayFile>, Error> {
    let mut days = lock(days);
    let turn = days.values().map(|(_, turn)| *turn).max().unwrap_or(0) + 1;
    if let Some((file, used)) = days.get_mut(&day) {
        *used = turn;
        return Ok(Arc::clone(file));
    }
    while days.len() >= options.open_days_max {
        let idle = days
            .iter()
            .filter(|(_, (file, _))| Arc::strong_count(file) == 1)
            .min_by_key(|(_, (_, used))| *used)
            .map(|(day, _)| *day);
        let Some(idle) = idle else { break };
        days.remove(&idle);
    }
    let is_newest = days.keys().next_back().is_none_or(|newest| day >= *newest);
    let cache = if is_newest { options.cache_bytes_newest } else { options.cache_bytes_other };
    let file = Arc::new(DayFile::open(&folder.join("days"), day, cache, options.open_database)?);
    days.insert(day, (Arc::clone(&file), turn));
    Ok(file)
}

/// Writes staged rows day by day; a day that is done is taken out, so that a failure leaves only the rest.
fn write_days(
    folder: &Path,
    options: &StoreOptions,
    days: &OpenDays,
    staged: &mut Staged,
) -> Result<(), Error> {
    let beacon_day = staged.at.day();
    if !staged.beacons.is_empty() {
        staged.rows.entry(beacon_day).or_default();
    }
    while let Some(day) = staged.rows.keys().next().copied() {
        let rows = staged.rows.remove(&day).unwrap_or_default();
        let beacons = if day == beacon_day { staged.beacons.clone() } else { Vec::new() };
        let changed = staged.changed.get(&day).into_iter().flatten().copied();
        let mut changed: Vec<SessionId> = changed.collect();
        changed.sort_unstable();
        let mut checkpoint =
            Checkpoint { sequence: staged.sequence, rows, changed, beacons, at: staged.at };
        let written = open_day(folder, options, days, day).and_then(|f| f.write(&checkpoint));
        if let Err(e) = written {
            lock(days).remove(&day);
            staged.rows.insert(day, std::mem::take(&mut checkpoint.rows));
            return Err(e);
        }
        if day == beacon_day {
            staged.beacons.clear();
        }
        staged.changed.remove(&day);
    }
    staged.bytes = 0;
    Ok(())
}

#[cfg(test)]
#[path = "write_tests.rs"]
mod tests;
