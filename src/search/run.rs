//! Walking the matches of a request, newest day first.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

use tantivy::columnar::ColumnValues;
use tantivy::query::{EnableScoring, Query};
use tantivy::{DocId, DocSet, Searcher, SegmentReader, TERMINATED};

use super::budget::Budget;
use super::compile::{Compiler, both};
use super::count::Counter;
use super::day::DayIndex;
use super::fields::{HIGH_COLUMN, LOW_COLUMN, REACH_COLUMN};
use super::index::{SearchError, SearchIndex};
use super::request::{Breadth, Cursor, SearchAnswer, SearchCounts, SearchRequest};
use crate::base::id::SessionId;
use crate::base::time::{Day, Timestamp};
use crate::model::query::{Filter, Test};

/// Rows below which a word reaches further.
const FEW: usize = 5;
/// Days before the range in which sessions may still be live.
const LIVE_DAYS: i32 = 2;

/// Takes matches, one segment after the other.
pub(super) trait Sink {
    /// A segment begins.
    fn begin(&mut self, reader: &SegmentReader) -> tantivy::Result<()>;
    /// A match in it.
    fn take(&mut self, doc: DocId, id: SessionId);
    /// A segment ends.
    fn end(&mut self) -> tantivy::Result<()>;
}

/// The time that matches must lie in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    pub from: Timestamp,
    pub to: Timestamp,
}

struct Rows {
    heap: BinaryHeap<Reverse<u128>>,
    keep: usize,
    before: Option<SessionId>,
}

impl Sink for Rows {
    fn begin(&mut self, _reader: &SegmentReader) -> tantivy::Result<()> {
        Ok(())
    }

    fn take(&mut self, _doc: DocId, id: SessionId) {
        if self.before.is_some_and(|before| id >= before) {
            return;
        }
        if self.heap.len() < self.keep {
            self.heap.push(Reverse(id.0));
        } else if self.heap.peek().is_some_and(|lowest| id.0 > lowest.0)
            && let Some(mut lowest) = self.heap.peek_mut()
        {
            *lowest = Reverse(id.0);
        }
    }

    fn end(&mut self) -> tantivy::Result<()> {
        Ok(())
    }
}

/// Shows all matches of a query in a day to a sink.
pub(super) fn walk(
    searcher: &Searcher,
    query: &dyn Query,
    span: Span,
    budget: &Budget,
    sink: &mut dyn Sink,
) -> tantivy::Result<()> {
    let weight = query.weight(EnableScoring::disabled_from_searcher(searcher))?;
    for reader in searcher.segment_readers() {
        budget.check()?;
        let mut scorer = weight.scorer(reader, 1.0)?;
        if scorer.doc() == TERMINATED {
            continue;
        }
        let columns = reader.fast_fields();
        let high: Arc<dyn ColumnValues<u64>> = columns.column_first_or_default(HIGH_COLUMN)?;
        let low: Arc<dyn ColumnValues<u64>> = columns.column_first_or_default(LOW_COLUMN)?;
        let reach: Arc<dyn ColumnValues<i64>> = columns.column_first_or_default(REACH_COLUMN)?;
        let alive = reader.alive_bitset();
        sink.begin(reader)?;
        let mut seen: u32 = 0;
        let mut doc = scorer.doc();
        while doc != TERMINATED {
            seen = seen.wrapping_add(1);
            if seen.is_multiple_of(4_096) {
                budget.check()?;
            }
            if alive.is_none_or(|bits| bits.is_alive(doc)) {
                let upper = high.get_val(doc);
                let start = Timestamp(i64::try_from(upper >> 16).unwrap_or(i64::MAX));
                if start < span.to && (start >= span.from || reach.get_val(doc) >= span.from.0) {
                    let id = (u128::from(upper) << 64) | u128::from(low.get_val(doc));
                    sink.take(doc, SessionId(id));
                }
            }
            doc = scorer.advance();
        }
        sink.end()?;
    }
    Ok(())
}

/// The queries of a request: for days in its range, and for the days before, where only live sessions count.
pub(super) struct Plan {
    inside: Box<dyn Query>,
    before: Box<dyn Query>,
    pub span: Span,
}

impl Plan {
    pub fn new(
        index: &SearchIndex,
        request: &SearchRequest,
        filter: &Filter,
        breadth: Breadth,
    ) -> Self {
        let compiler = Compiler::new(&index.layout.fields, request, breadth);
        Self::of(&compiler, compiler.query(filter, request.allowed.as_deref()), request)
    }

    pub fn of(compiler: &Compiler<'_>, inside: Box<dyn Query>, request: &SearchRequest) -> Self {
        let before = both(compiler.live(), inside.box_clone());
        let span = Span { from: request.from, to: request.to };
        Self { inside, before, span }
    }

    pub fn days(&self, index: &SearchIndex) -> Vec<Arc<DayIndex>> {
        let first = Day(self.span.from.day().0.saturating_sub(LIVE_DAYS));
        index.days_between(first, self.span.to.day())
    }

    pub fn query(&self, day: Day) -> &dyn Query {
        if day < self.span.from.day() { self.before.as_ref() } else { self.inside.as_ref() }
    }
}

impl SearchIndex {
    /// Finds sessions. A damaged day is left out, named, and put aside for its rebuild.
    pub fn search(&self, request: &SearchRequest) -> Result<SearchAnswer, SearchError> {
        if let Some((_, problem)) = request.filter.problems().next() {
            return Err(SearchError::Filter(problem.clone()));
        }
        let mut breadth = request.after.map_or(Breadth::Near, |cursor| cursor.breadth);
        let mut found = self.rows(request, breadth)?;
        let has_words = request
            .filter
            .terms
            .iter()
            .any(|term| !term.is_negated && matches!(term.test, Test::Word(_)));
        if request.after.is_none() && has_words {
            for (wider, enough) in [(Breadth::Inside, FEW), (Breadth::Typo, 1)] {
                if found.len() < enough.min(request.limit) {
                    let more = self.rows(request, wider)?;
                    if more.len() > found.len() {
                        found = more;
                        breadth = wider;
                    }
                }
            }
        }
        let mut next = None;
        if found.len() > request.limit {
            found.truncate(request.limit);
            next = found.last().map(|last| Cursor { after: *last, breadth });
        }
        let counts = if request.want_total || request.want_facets {
            Some(self.count_as(request, breadth)?)
        } else {
            None
        };
        Ok(SearchAnswer { rows: found, next, breadth, counts, missing_days: self.missing(request) })
    }

    /// Counts the matches alone: for the second request of a page. `breadth` comes from the answer with the rows.
    pub fn count(
        &self,
        request: &SearchRequest,
        breadth: Breadth,
    ) -> Result<SearchCounts, SearchError> {
        if let Some((_, problem)) = request.filter.problems().next() {
            return Err(SearchError::Filter(problem.clone()));
        }
        self.count_as(request, breadth)
    }

    /// For each term, how many sessions there would be without it.
    pub fn explain_zero(&self, request: &SearchRequest) -> Result<Vec<u64>, SearchError> {
        let mut bare = request.clone();
        bare.want_facets = false;
        (0..request.filter.terms.len())
            .map(|index| {
                bare.filter = request.filter.without(index);
                self.count(&bare, Breadth::Near).map(|counts| counts.total)
            })
            .collect()
    }

    fn missing(&self, request: &SearchRequest) -> Vec<Day> {
        let range = request.from.day()..=request.to.day();
        let mut damaged = self.damaged_days();
        damaged.retain(|day| range.contains(day));
        damaged
    }

    fn rows(
        &self,
        request: &SearchRequest,
        breadth: Breadth,
    ) -> Result<Vec<SessionId>, SearchError> {
        let plan = Plan::new(self, request, &request.filter, breadth);
        let keep = request.limit.saturating_add(1);
        let before = request.after.map(|cursor| cursor.after);
        let mut rows: Vec<SessionId> = Vec::new();
        for day in plan.days(self) {
            if before.is_some_and(|id| id.start().day() < day.day) {
                continue;
            }
            let mut sink = Rows { heap: BinaryHeap::new(), keep: keep - rows.len(), before };
            self.walk_day(&day, &plan, &request.budget, &mut sink)?;
            let mut of_day: Vec<u128> = sink.heap.into_iter().map(|id| id.0).collect();
            of_day.sort_unstable_by(|a, b| b.cmp(a));
            rows.extend(of_day.into_iter().map(SessionId));
            if rows.len() >= keep {
                break;
            }
        }
        Ok(rows)
    }

    /// Walks one day; damage puts it aside and is not an error of the search.
    pub(super) fn walk_day(
        &self,
        day: &DayIndex,
        plan: &Plan,
        budget: &Budget,
        sink: &mut dyn Sink,
    ) -> Result<(), SearchError> {
        let result = day.searcher().and_then(|searcher| {
            walk(&searcher, plan.query(day.day), plan.span, budget, sink)
                .map_err(|error| SearchError::of(day.day, &error))
        });
        match result {
            Err(_) if budget.is_over() => Err(SearchError::Stopped),
            Err(error @ SearchError::Damaged { .. }) => {
                tracing::error!(%error, "the day is left out of the search until it is rebuilt");
                self.put_aside(day.day);
                Ok(())
            }
            other => other,
        }
    }

    fn count_as(
        &self,
        request: &SearchRequest,
        breadth: Breadth,
    ) -> Result<SearchCounts, SearchError> {
        let plan = Plan::new(self, request, &request.filter, breadth);
        let mut counter = Counter::new(request);
        for day in plan.days(self) {
            match self.walk_day(&day, &plan, &request.budget, &mut counter) {
                Err(SearchError::Stopped) => {
                    counter.is_partial = true;
                    break;
                }
                other => other?,
            }
        }
        Ok(counter.finish())
    }
}
