//! Counting matches: total, people, values, histogram.

use std::sync::Arc;

use ahash::AHashMap;
use tantivy::DocId;
use tantivy::columnar::{Cardinality, Column};

use super::columns::Columns;
use super::distinct::Distinct;
use super::fields::FACETS;
use super::request::{Bucket, Facet, SearchCounts, SearchRequest};
use super::run::{BLOCK, Sink, Span, start_of};
use crate::base::time::Timestamp;

/// Values of a facet that are answered.
const FACET_VALUES: usize = 25;
/// Buckets of a histogram at most.
const BUCKETS_MAX: usize = 500;
/// Buckets of a histogram when the request does not say where they begin.
const BUCKETS: i64 = 48;

struct Segment {
    columns: Arc<Columns>,
    /// Documents by value, for each facet.
    values: Vec<Vec<u64>>,
}

/// Counts matches.
pub(super) struct Counter {
    want_facets: bool,
    span: Span,
    total: u64,
    live: u64,
    people: Distinct,
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
            people: Distinct::default(),
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
            users: self.people.count(),
            live: self.live,
            facets,
            histogram: self.histogram,
            is_partial: self.is_partial,
        }
    }
}

/// Adds one for each value of each document.
fn tally(ords: &Column<u64>, docs: &[DocId], counts: &mut [u64]) {
    let mut count = |ord: u64| {
        if let Some(count) = usize::try_from(ord).ok().and_then(|ord| counts.get_mut(ord)) {
            *count += 1;
        }
    };
    if ords.get_cardinality() == Cardinality::Full {
        let mut found = [0; BLOCK];
        let found = found.get_mut(..docs.len()).unwrap_or_default();
        ords.values.get_vals(docs, found);
        for ord in found.iter() {
            count(*ord);
        }
    } else {
        docs.iter().flat_map(|doc| ords.values_for_doc(*doc)).for_each(count);
    }
}

impl Counter {
    /// Matches of which nothing but their number is wanted.
    pub fn add(&mut self, matches: u64) {
        self.total += matches;
    }

    /// Whether nothing but the number of matches is wanted.
    pub const fn wants_total_only(&self) -> bool {
        !self.want_facets
    }
}

impl Sink for Counter {
    fn begin(&mut self, columns: &Arc<Columns>) -> tantivy::Result<()> {
        if self.want_facets {
            let counted = columns.counted()?;
            let values = counted.facets.iter().map(|column| {
                vec![0; column.as_ref().map_or(0, |column| column.dictionary().num_terms())]
            });
            self.segment = Some(Segment { columns: Arc::clone(columns), values: values.collect() });
        }
        Ok(())
    }

    fn take(&mut self, docs: &[DocId], highs: &[u64]) -> tantivy::Result<()> {
        self.total += u64::try_from(docs.len()).unwrap_or(0);
        let Some(mut segment) = self.segment.take() else {
            return Ok(());
        };
        let counted = segment.columns.counted()?;
        let mut found = [0; BLOCK];
        let found = found.get_mut(..docs.len()).unwrap_or_default();
        counted.person.get_vals(docs, found);
        for person in found.iter() {
            self.people.insert(*person);
        }
        for (column, values) in counted.facets.iter().zip(&mut segment.values) {
            if let Some(column) = column {
                tally(column.ords(), docs, values);
            }
        }
        counted.experience.get_vals(docs, found);
        for (experience, high) in found.iter().zip(highs) {
            self.live += u64::from(*experience == 3);
            if let Some(bucket) = self.bucket(start_of(*high)) {
                match experience {
                    0 => bucket.satisfied += 1,
                    1 => bucket.tolerated += 1,
                    2 => bucket.frustrated += 1,
                    _ => bucket.undefined += 1,
                }
            }
        }
        self.segment = Some(segment);
        Ok(())
    }

    fn end(&mut self) -> tantivy::Result<()> {
        let Some(segment) = self.segment.take() else {
            return Ok(());
        };
        let mut text = String::new();
        let facets = &segment.columns.counted()?.facets;
        for ((column, counts), values) in facets.iter().zip(&segment.values).zip(&mut self.values) {
            let Some(column) = column else {
                continue;
            };
            for (ord, count) in (0..).zip(counts).filter(|(_, count)| **count > 0) {
                text.clear();
                if column.ord_to_str(ord, &mut text)? {
                    if let Some(known) = values.get_mut(&text) {
                        *known += count;
                    } else {
                        values.insert(text.clone(), *count);
                    }
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
