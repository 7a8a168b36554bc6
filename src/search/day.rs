//! The index of one day: opened late, written by one writer at a time, checked after every commit.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use ahash::AHashMap;
use tantivy::index::SegmentId;
use tantivy::indexer::{IndexWriterOptions, LogMergePolicy, NoMergePolicy};
use tantivy::query::{EnableScoring, Query, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{
    DocSet, Index, IndexReader, IndexWriter, ReloadPolicy, Searcher, SegmentReader, TERMINATED,
    Term,
};

use super::columns::Columns;
use super::document::{SessionDocument, document};
use super::fields::{Fields, SEQUENCE_COLUMN};
use super::index::{SearchError, SearchOptions};
use super::lines::{LINES, Lines};
use crate::base::id::SessionId;
use crate::base::time::Day;

/// Documents of a commit that are looked up again after it.
const CHECKED: usize = 500;
/// Commits without a write after which the writer of a day is closed.
const IDLE_COMMITS: u32 = 15;

/// One day.
pub(super) struct DayIndex {
    pub day: Day,
    index: Index,
    reader: RwLock<Option<IndexReader>>,
    columns: RwLock<AHashMap<SegmentId, Arc<Columns>>>,
    writing: Mutex<Writing>,
    committed: AtomicU64,
}

#[derive(Default)]
struct Writing {
    writer: Option<IndexWriter>,
    sent: AHashMap<SessionId, u64>,
    idle_commits: u32,
}

impl std::fmt::Debug for DayIndex {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DayIndex").field("day", &self.day).finish_non_exhaustive()
    }
}

/// Where the index of a day lies.
pub(super) fn folder(data_folder: &Path, day: Day) -> PathBuf {
    data_folder.join("days").join(day.to_string()).join("index")
}

impl DayIndex {
    /// Opens the index of a day; makes it when there is none.
    pub fn open(
        data_folder: &Path,
        day: Day,
        fields: &super::index::Layout,
    ) -> Result<Self, SearchError> {
        let path = folder(data_folder, day);
        let broken = |e: tantivy::TantivyError| SearchError::of(day, &e);
        let index = if path.join("meta.json").exists() {
            Index::open_in_dir(&path).map_err(broken)?
        } else {
            std::fs::create_dir_all(&path).map_err(|e| SearchError::io(day, &e))?;
            Index::create_in_dir(&path, fields.schema.clone()).map_err(broken)?
        };
        index.tokenizers().register(LINES, Lines);
        if index.schema() != fields.schema {
            return Err(SearchError::Damaged {
                day,
                reason: "it was made by another version".to_owned(),
            });
        }
        let payload = index.load_metas().map_err(broken)?.payload;
        let committed = payload.and_then(|text| text.parse().ok()).unwrap_or(0);
        Ok(Self {
            day,
            index,
            reader: RwLock::new(None),
            columns: RwLock::default(),
            writing: Mutex::new(Writing::default()),
            committed: AtomicU64::new(committed),
        })
    }

    /// The sequence up to which everything of this day was indexed at its last commit.
    pub fn committed(&self) -> u64 {
        self.committed.load(Ordering::SeqCst)
    }

    /// What is visible now.
    pub fn searcher(&self) -> Result<Searcher, SearchError> {
        if let Some(reader) = self.reader.read().unwrap_or_else(PoisonError::into_inner).as_ref() {
            return Ok(reader.searcher());
        }
        let mut slot = self.reader.write().unwrap_or_else(PoisonError::into_inner);
        if slot.is_none() {
            let made = self.index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into();
            *slot = Some(made.map_err(|e: tantivy::TantivyError| SearchError::of(self.day, &e))?);
        }
        slot.as_ref().map(IndexReader::searcher).ok_or(SearchError::Unavailable)
    }

    fn reload(&self) -> Result<(), SearchError> {
        self.searcher()?;
        let slot = self.reader.read().unwrap_or_else(PoisonError::into_inner);
        slot.as_ref()
            .map_or(Ok(()), IndexReader::reload)
            .map_err(|e| SearchError::of(self.day, &e))?;
        let searcher = slot.as_ref().map(IndexReader::searcher);
        let is_used = |id: &SegmentId| {
            searcher.iter().flat_map(Searcher::segment_readers).any(|r| r.segment_id() == *id)
        };
        let mut columns = self.columns.write().unwrap_or_else(PoisonError::into_inner);
        columns.retain(|id, _| is_used(id));
        Ok(())
    }

    /// The columns of a segment.
    pub fn columns(&self, reader: &SegmentReader) -> tantivy::Result<Arc<Columns>> {
        let id = reader.segment_id();
        let known = self.columns.read().unwrap_or_else(PoisonError::into_inner).get(&id).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let opened = Arc::new(Columns::open(reader)?);
        let mut columns = self.columns.write().unwrap_or_else(PoisonError::into_inner);
        Ok(Arc::clone(columns.entry(id).or_insert(opened)))
    }

    fn lock(&self) -> MutexGuard<'_, Writing> {
        self.writing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn writer<'a>(
        &self,
        writing: &'a mut Writing,
        options: &SearchOptions,
    ) -> Result<&'a mut IndexWriter, SearchError> {
        if writing.writer.is_none() {
            let settings = IndexWriterOptions::builder()
                .num_worker_threads(1)
                .num_merge_threads(1)
                .memory_budget_per_thread(options.writer_bytes)
                .build();
            let made: IndexWriter = self
                .index
                .writer_with_options(settings)
                .map_err(|e| SearchError::of(self.day, &e))?;
            let mut policy = LogMergePolicy::default();
            policy.set_max_docs_before_merge(options.merge_documents_max);
            policy.set_min_layer_size(2_000);
            policy.set_min_num_segments(6);
            policy.set_del_docs_ratio_before_merge(0.4);
            made.set_merge_policy(Box::new(policy));
            // A writer counts on from the stamp of the last commit itself. A first deletion under that stamp is taken
            // for one that the commit holds, and lost when its segment is merged: an empty operation takes the stamp.
            made.run([]).map_err(|e| SearchError::of(self.day, &e))?;
            writing.writer = Some(made);
        }
        writing.writer.as_mut().ok_or(SearchError::Unavailable)
    }

    /// Replaces sessions. After an error nothing since the last commit is kept.
    pub fn put(
        &self,
        inputs: &[&SessionDocument],
        fields: &Fields,
        options: &SearchOptions,
    ) -> Result<(), SearchError> {
        let mut writing = self.lock();
        let result = self.put_all(&mut writing, inputs, fields, options);
        if result.is_err() {
            *writing = Writing::default();
        }
        result
    }

    fn put_all(
        &self,
        writing: &mut Writing,
        inputs: &[&SessionDocument],
        fields: &Fields,
        options: &SearchOptions,
    ) -> Result<(), SearchError> {
        let writer = self.writer(writing, options)?;
        for input in inputs {
            let id = input.session.id;
            writer.delete_term(Term::from_field_bytes(fields.id, &id.bytes()));
            writer
                .add_document(document(fields, input))
                .map_err(|e| SearchError::of(self.day, &e))?;
        }
        writing.idle_commits = 0;
        for input in inputs {
            writing.sent.insert(input.session.id, input.sequence);
        }
        Ok(())
    }

    /// Whether something waits for a commit.
    pub fn is_dirty(&self) -> bool {
        !self.lock().sent.is_empty()
    }

    /// Makes what was put visible and remembers the sequence.
    pub fn commit(
        &self,
        sequence: u64,
        fields: &Fields,
        options: &SearchOptions,
    ) -> Result<(), SearchError> {
        let mut writing = self.lock();
        let result = self.commit_all(&mut writing, sequence, fields, options);
        if result.is_err() {
            *writing = Writing::default();
        }
        result
    }

    fn commit_all(
        &self,
        writing: &mut Writing,
        sequence: u64,
        fields: &Fields,
        options: &SearchOptions,
    ) -> Result<(), SearchError> {
        let broken = |e: tantivy::TantivyError| SearchError::of(self.day, &e);
        let writer = self.writer(writing, options)?;
        let mut prepared = writer.prepare_commit().map_err(broken)?;
        prepared.set_payload(&sequence.to_string());
        prepared.commit().map_err(broken)?;
        self.reload()?;
        self.verify(&writing.sent, fields)?;
        writing.sent.clear();
        self.committed.store(sequence, Ordering::SeqCst);
        Ok(())
    }

    /// A writer that lost its threads may say that all is well and index nothing: look.
    fn verify(&self, sent: &AHashMap<SessionId, u64>, fields: &Fields) -> Result<(), SearchError> {
        let searcher = self.searcher()?;
        let broken = |e: tantivy::TantivyError| SearchError::of(self.day, &e);
        for (id, sequence) in sent.iter().take(CHECKED) {
            let term = Term::from_field_bytes(fields.id, &id.bytes());
            let query = TermQuery::new(term, IndexRecordOption::Basic);
            let weight =
                query.weight(EnableScoring::disabled_from_searcher(&searcher)).map_err(broken)?;
            let mut is_visible = false;
            for reader in searcher.segment_readers() {
                let mut scorer = weight.scorer(reader, 1.0).map_err(broken)?;
                while scorer.doc() != TERMINATED {
                    if !reader.is_deleted(scorer.doc()) {
                        let column = reader.fast_fields().u64(SEQUENCE_COLUMN).map_err(broken)?;
                        is_visible |= column.first(scorer.doc()) == Some(*sequence);
                    }
                    scorer.advance();
                }
            }
            if !is_visible {
                return Err(SearchError::Lost { day: self.day });
            }
        }
        Ok(())
    }

    /// Closes the writer when nothing was written for a while.
    pub fn rest(&self) {
        let mut writing = self.lock();
        if writing.writer.is_none() || !writing.sent.is_empty() {
            return;
        }
        writing.idle_commits += 1;
        if writing.idle_commits >= IDLE_COMMITS {
            let resting = std::mem::take(&mut *writing);
            if let Some(writer) = resting.writer
                && let Err(e) = writer.wait_merging_threads()
            {
                tracing::warn!(day = %self.day, error = %e, "merging the search index failed");
            }
        }
    }

    /// Forgets what was put since the last commit.
    pub fn abandon(&self) {
        *self.lock() = Writing::default();
    }

    /// Merges into one segment and closes the writer: the day is over.
    pub fn seal(&self, options: &SearchOptions) -> Result<(), SearchError> {
        let broken = |e: tantivy::TantivyError| SearchError::of(self.day, &e);
        let mut writing = self.lock();
        // A merge that runs would take segments away from this one.
        if let Some(writer) = std::mem::take(&mut *writing).writer {
            writer.wait_merging_threads().map_err(broken)?;
        }
        let segments = self.index.searchable_segment_ids().map_err(broken)?;
        if segments.len() > 1 {
            let writer = self.writer(&mut writing, options)?;
            writer.set_merge_policy(Box::new(NoMergePolicy));
            writer.merge(&segments).wait().map_err(broken)?;
            writer.garbage_collect_files().wait().map_err(broken)?;
        }
        if let Some(writer) = std::mem::take(&mut *writing).writer {
            writer.wait_merging_threads().map_err(broken)?;
        }
        self.reload()
    }
}
