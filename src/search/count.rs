//! Counting matches: total, people, values, histogram.

use std::sync::Arc;

use ahash::{AHashMap, AHashSet};
use tantivy::columnar::{ColumnValues, StrColumn};
use tantivy::{DocId, SegmentReader};

use super::fields::{EXPERIENCE_COLUMN, FACETS, PERSON_COLUMN};
use super::request::{Bucket, Facet, SearchCounts, SearchRequest};
use super::run::{Sink, Span};
use crate::base::id::SessionId;
use crate::base::time::Timestamp;

/// Values of a facet that are answered.
const FACET_VALUES: usize = 25;
/// Buckets of a histogram at most.
const BUCKETS_MAX: usize = 500;
/// Buckets of a histogram when the request does not say where they begin.
const BUCKETS: i64 = 48;

struct Segment {
    person: Arc<dyn ColumnValues<u64>>,
    experience: Arc<dyn ColumnValues<u64>>,
    columns: Vec<Option<(StrColumn, Vec<u64>)>>,
}

/// Counts matches.
pub(super) struct Counter {
    want_facets: bool,
    span: Span,
    total: u64,
    live: u64,
    people: AHashSet<u64>,
    values: Vec<AHashMap<String, u64>>,
    histogram: Vec<Bucket>,
    segment: Option<Segment>,
    pub is_partial: bool,
}

impl Counter {
    pub fn new(request: &SearchRequest) -> Self {
        let span = Span { from: request.from, to: request.to };
        let starts = match (request.want_facets, request.bucket_starts.as_slice()) {
            (false, _) => Vec::new(),
            (true, []) => even_starts(span.from, span.to),
            (true, starts) => starts.iter().copied().take(BUCKETS_MAX).collect(),
        };
        let histogram = starts.into_iter().map(|at| Bucket { at, ..Bucket::default() }).collect();
        Self {
            want_facets: request.want_facets,
            span,
            total: 0,
            live: 0,
            people: AHashSet::new(),
            values: FACETS.iter().map(|_| AHashMap::new()).collect(),
            histogram,
            segment: None,
            is_partial: false,
        }
    }

    fn bucket(&mut self, start: Timestamp) -> Option<&mut Bucket> {
        if start < self.span.from || start >= self.span.to {
            return None;
        }
        let at = self.histogram.partition_point(|bucket| bucket.at <= start).checked_sub(1)?;
        self.histogram.get_mut(at)
    }

    pub fn finish(self) -> SearchCounts {
        let facets = if self.want_facets {
            FACETS
                .iter()
                .zip(self.values)
                .map(|((_, field), values)| {
                    let distinct = u64::try_from(values.len()).unwrap_or(u64::MAX);
                    let mut values: Vec<(String, u64)> = values.into_iter().collect();
                    values.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
                    values.truncate(FACET_VALUES);
                    Facet { field: field.clone(), values, distinct }
                })
                .collect()
        } else {
            Vec::new()
        };
        SearchCounts {
            total: self.total,
            users: u64::try_from(self.people.len()).unwrap_or(u64::MAX),
            live: self.live,
            facets,
            histogram: self.histogram,
            is_partial: self.is_partial,
        }
    }
}

impl Sink for Counter {
    fn begin(&mut self, reader: &SegmentReader) -> tantivy::Result<()> {
        if !self.want_facets {
            return Ok(());
        }
        let fast = reader.fast_fields();
        let mut columns = Vec::with_capacity(FACETS.len());
        for (name, _) in FACETS {
            let column = fast.str(name)?;
            columns.push(column.map(|column| {
                let counts = vec![0; column.dictionary().num_terms()];
                (column, counts)
            }));
        }
        self.segment = Some(Segment {
            person: fast.column_first_or_default(PERSON_COLUMN)?,
            experience: fast.column_first_or_default(EXPERIENCE_COLUMN)?,
            columns,
        });
        Ok(())
    }

    fn take(&mut self, doc: DocId, id: SessionId) {
        self.total += 1;
        let Some(segment) = self.segment.as_mut() else {
            return;
        };
        self.people.insert(segment.person.get_val(doc));
        for (column, counts) in segment.columns.iter_mut().flatten() {
            for ord in column.ords().values_for_doc(doc) {
                if let Some(count) = usize::try_from(ord).ok().and_then(|ord| counts.get_mut(ord)) {
                    *count += 1;
                }
            }
        }
        let experience = segment.experience.get_val(doc);
        if experience == 3 {
            self.live += 1;
        }
        if let Some(bucket) = self.bucket(id.start()) {
            match experience {
                0 => bucket.satisfied += 1,
                1 => bucket.tolerated += 1,
                2 => bucket.frustrated += 1,
                _ => bucket.undefined += 1,
            }
        }
    }

    fn end(&mut self) -> tantivy::Result<()> {
        let Some(segment) = self.segment.take() else {
            return Ok(());
        };
        let mut text = String::new();
        for (column, values) in segment.columns.into_iter().zip(&mut self.values) {
            let Some((column, counts)) = column else {
                continue;
            };
            for (ord, count) in (0..).zip(counts) {
                if count == 0 {
                    continue;
                }
                text.clear();
                if column.ord_to_str(ord, &mut text)? {
                    *values.entry(text.clone()).or_default() += count;
                }
            }
        }
        Ok(())
    }
}

fn even_starts(from: Timestamp, to: Timestamp) -> Vec<Timestamp> {
    let width = i128::from(to.0.saturating_sub(from.0).max(1));
    let offset = |bucket: i64| i64::try_from(width * i128::from(bucket) / i128::from(BUCKETS));
    (0..BUCKETS)
        .filter_map(|bucket| Some(Timestamp(from.0.saturating_add(offset(bucket).ok()?))))
        .collect()
}
