//! All days together.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use tantivy::TantivyError;
use tantivy::schema::Schema;

use super::day::{DayIndex, folder};
use super::document::SessionDocument;
use super::fields::{Fields, schema};
use crate::base::time::Day;
use crate::model::query::Problem;

/// Settings of the index.
#[derive(Debug, Clone)]
pub struct SearchOptions {
    /// Memory of the writer of a day; at least 15 MB.
    pub writer_bytes: usize,
    /// Segments with more documents are left alone until the day is sealed.
    pub merge_documents_max: usize,
}

impl Default for SearchOptions {
    fn default() -> Self {
        Self { writer_bytes: 16_000_000, merge_documents_max: 200_000 }
    }
}

/// Why the index did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SearchError {
    /// A term of the filter makes no sense.
    #[error("{0}")]
    Filter(Problem),
    /// The budget was used up or stopped.
    #[error("the search took too long")]
    Stopped,
    /// The index of a day cannot be read; it has to be rebuilt.
    #[error("the search index of {day} is damaged: {reason}")]
    Damaged {
        /// Which.
        day: Day,
        /// Why.
        reason: String,
    },
    /// The index of a day took documents and does not show them; replay them.
    #[error("the search index of {day} lost documents")]
    Lost {
        /// Which.
        day: Day,
    },
    /// Something else: try again.
    #[error("the search index does not answer")]
    Unavailable,
}

impl SearchError {
    pub(super) fn of(day: Day, error: &TantivyError) -> Self {
        Self::Damaged { day, reason: error.to_string() }
    }

    pub(super) fn io(day: Day, error: &std::io::Error) -> Self {
        Self::Damaged { day, reason: error.to_string() }
    }
}

/// The schema with its handles.
#[derive(Debug)]
pub(super) struct Layout {
    pub schema: Schema,
    pub fields: Fields,
}

/// The index over all days. Searching needs no lock for longer than it takes to list the days.
#[derive(Debug)]
pub struct SearchIndex {
    data_folder: PathBuf,
    options: SearchOptions,
    pub(super) layout: Layout,
    days: RwLock<BTreeMap<Day, Arc<DayIndex>>>,
    damaged: Mutex<BTreeSet<Day>>,
}

impl SearchIndex {
    /// Opens the indexes of all days. Those that are damaged are put aside and named: the caller rebuilds them.
    pub fn open(data_folder: &Path, options: SearchOptions) -> std::io::Result<(Self, Vec<Day>)> {
        let (schema, fields) = schema();
        let index = Self {
            data_folder: data_folder.to_owned(),
            options,
            layout: Layout { schema, fields },
            days: RwLock::new(BTreeMap::new()),
            damaged: Mutex::new(BTreeSet::new()),
        };
        let days = data_folder.join("days");
        if days.is_dir() {
            for entry in std::fs::read_dir(days)? {
                let name = entry?.file_name();
                let Some(day) = name.to_str().and_then(Day::parse) else {
                    continue;
                };
                if folder(data_folder, day).is_dir()
                    && let Err(error) = index.day(day)
                {
                    tracing::warn!(%day, %error, "the search index is put aside");
                    index.put_aside(day);
                }
            }
        }
        let damaged = index.damaged_days();
        Ok((index, damaged))
    }

    /// The index of a day; made when there is none.
    fn day(&self, day: Day) -> Result<Arc<DayIndex>, SearchError> {
        let known = self.days.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = known.get(&day) {
            return Ok(Arc::clone(found));
        }
        drop(known);
        let mut days = self.days.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = days.get(&day) {
            return Ok(Arc::clone(found));
        }
        let opened = Arc::new(DayIndex::open(&self.data_folder, day, &self.layout)?);
        days.insert(day, Arc::clone(&opened));
        Ok(opened)
    }

    /// Days with an index, oldest first.
    #[must_use]
    pub fn days(&self) -> Vec<Day> {
        let days = self.days.read().unwrap_or_else(PoisonError::into_inner);
        days.keys().copied().collect()
    }

    pub(super) fn days_between(&self, first: Day, last: Day) -> Vec<Arc<DayIndex>> {
        if first > last {
            return Vec::new();
        }
        let days = self.days.read().unwrap_or_else(PoisonError::into_inner);
        days.range(first..=last).rev().map(|(_, day)| Arc::clone(day)).collect()
    }

    /// Days that are damaged and not rebuilt yet.
    #[must_use]
    pub fn damaged_days(&self) -> Vec<Day> {
        let damaged = self.damaged.lock().unwrap_or_else(PoisonError::into_inner);
        damaged.iter().copied().collect()
    }

    /// Renames the index of a day aside, so that the next write makes a new one, and remembers the day as damaged.
    pub fn put_aside(&self, day: Day) {
        let mut days = self.days.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(old) = days.remove(&day) {
            old.abandon();
        }
        let path = folder(&self.data_folder, day);
        let aside = path.with_file_name("index.damaged");
        let moved = std::fs::remove_dir_all(&aside)
            .or_else(|e| if e.kind() == std::io::ErrorKind::NotFound { Ok(()) } else { Err(e) })
            .and_then(|()| if path.is_dir() { std::fs::rename(&path, &aside) } else { Ok(()) });
        if let Err(error) = moved {
            tracing::error!(%day, %error, "a damaged search index cannot be put aside");
        }
        drop(days);
        let mut damaged = self.damaged.lock().unwrap_or_else(PoisonError::into_inner);
        damaged.insert(day);
    }

    /// Says that a day is whole again, and removes what was put aside.
    pub fn mark_rebuilt(&self, day: Day) {
        let mut damaged = self.damaged.lock().unwrap_or_else(PoisonError::into_inner);
        damaged.remove(&day);
        let aside = folder(&self.data_folder, day).with_file_name("index.damaged");
        if aside.is_dir()
            && let Err(error) = std::fs::remove_dir_all(&aside)
        {
            tracing::warn!(%day, %error, "a damaged search index cannot be removed");
        }
    }

    /// Replaces the documents of sessions; visible after `commit`. After an error replay from `committed_sequence`.
    pub fn put(&self, documents: &[SessionDocument]) -> Result<(), SearchError> {
        let mut by_day: BTreeMap<Day, Vec<&SessionDocument>> = BTreeMap::new();
        for document in documents {
            let day = document.session.id.start().day();
            by_day.entry(day).or_default().push(document);
        }
        for (day, documents) in by_day {
            self.day(day)?
                .put(&documents, &self.layout.fields, &self.options)
                .inspect_err(|_| self.abandon())?;
        }
        Ok(())
    }

    /// Makes all that was put visible: everything up to `sequence` is indexed then, on the days that were written.
    pub fn commit(&self, sequence: u64) -> Result<(), SearchError> {
        for day in self.days_between(Day(i32::MIN), Day(i32::MAX)) {
            if day.is_dirty() {
                day.commit(sequence, &self.layout.fields, &self.options)
                    .inspect_err(|_| self.abandon())?;
            } else {
                day.rest();
            }
        }
        Ok(())
    }

    /// Commits one day alone, also when nothing was put: makes its index when there is none.
    pub fn commit_day(&self, day: Day, sequence: u64) -> Result<(), SearchError> {
        self.day(day)?.commit(sequence, &self.layout.fields, &self.options)
    }

    /// Closes the writer of a day that was not written for some cycles.
    pub fn rest_day(&self, day: Day) {
        let days = self.days.read().unwrap_or_else(PoisonError::into_inner);
        let found = days.get(&day).map(Arc::clone);
        drop(days);
        if let Some(day) = found {
            day.rest();
        }
    }

    /// The sequence that the last commit of a day remembers: replay the changes of the day after it.
    #[must_use]
    pub fn committed_sequence(&self, day: Day) -> Option<u64> {
        let days = self.days.read().unwrap_or_else(PoisonError::into_inner);
        days.get(&day).map(|day| day.committed())
    }

    /// Forgets what was put since the last commit, on all days.
    pub fn abandon(&self) {
        for day in self.days_between(Day(i32::MIN), Day(i32::MAX)) {
            day.abandon();
        }
    }

    /// Merges a day that is over into one segment.
    pub fn seal_day(&self, day: Day) -> Result<(), SearchError> {
        self.day(day)?.seal(&self.options)
    }

    /// Lets go of a day whose folder is about to be removed.
    pub fn drop_day(&self, day: Day) {
        let mut days = self.days.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(old) = days.remove(&day) {
            old.abandon();
        }
        drop(days);
        let mut damaged = self.damaged.lock().unwrap_or_else(PoisonError::into_inner);
        damaged.remove(&day);
    }

    /// Sessions visible on all days, for the status page.
    #[must_use]
    pub fn session_count(&self) -> u64 {
        self.days_between(Day(i32::MIN), Day(i32::MAX))
            .iter()
            .filter_map(|day| day.searcher().ok())
            .map(|searcher| searcher.num_docs())
            .sum()
    }
}
