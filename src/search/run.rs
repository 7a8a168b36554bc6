//! Walking the matches of a request, newest day first.

use std::sync::Arc;

use tantivy::query::{EnableScoring, Query};
use tantivy::{COLLECT_BLOCK_BUFFER_LEN, DocId, DocSet, Searcher, TERMINATED};

use super::budget::Budget;
use super::columns::Columns;
use super::compile::{Compiler, both};
use super::count::Counter;
use super::day::DayIndex;
use super::index::{SearchError, SearchIndex};
use super::request::{Breadth, Cursor, SearchAnswer, SearchCounts, SearchRequest};
use crate::base::id::SessionId;
use crate::base::time::{Day, Timestamp};
use crate::model::query::{Filter, Test};

/// Rows below which a word reaches further.
const FEW: usize = 5;
/// Days before the range in which sessions may still be live.
const LIVE_DAYS: i32 = 2;
/// Matches shown to a sink at once.
pub(super) const BLOCK: usize = COLLECT_BLOCK_BUFFER_LEN;
/// Rows that are kept beyond those wanted, so that sorting is rare.
const SPARE: usize = 512;

/// Takes matches, one segment after the other.
pub(super) trait Sink {
    /// A segment begins.
    fn begin(&mut self, columns: &Arc<Columns>) -> tantivy::Result<()>;
    /// Matches in it, at most `BLOCK`, with the upper halves of their ids.
    fn take(&mut self, docs: &[DocId], highs: &[u64]) -> tantivy::Result<()>;
    /// A segment ends.
    fn end(&mut self) -> tantivy::Result<()>;
}

/// The time that matches must lie in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    pub from: Timestamp,
    pub to: Timestamp,
}

impl Span {
    /// Whether every session that started on a day lies in it.
    fn holds(self, day: Day) -> bool {
        self.from <= day.start() && day.next().start() <= self.to
    }
}

/// The start that the upper half of an id tells.
pub(super) fn start_of(high: u64) -> Timestamp {
    Timestamp(i64::try_from(high >> 16).unwrap_or(i64::MAX))
}

/// Keeps the newest ids.
struct Rows {
    found: Vec<u128>,
    keep: usize,
    before: u128,
    /// Ids up to here are not among the newest.
    floor: u128,
    columns: Option<Arc<Columns>>,
}

impl Rows {
    fn new(keep: usize, before: Option<SessionId>) -> Self {
        let before = before.map_or(u128::MAX, |id| id.0);
        Self { found: Vec::new(), keep, before, floor: 0, columns: None }
    }

    fn prune(&mut self) {
        self.found.sort_unstable_by(|a, b| b.cmp(a));
        self.found.truncate(self.keep);
        if self.found.len() == self.keep {
            self.floor = self.found.last().copied().unwrap_or(0);
        }
    }
}

impl Sink for Rows {
    fn begin(&mut self, columns: &Arc<Columns>) -> tantivy::Result<()> {
        self.columns = Some(Arc::clone(columns));
        Ok(())
    }

    fn take(&mut self, docs: &[DocId], highs: &[u64]) -> tantivy::Result<()> {
        let Some(columns) = self.columns.take() else {
            return Ok(());
        };
        for (doc, high) in docs.iter().zip(highs) {
            let upper = u128::from(*high) << 64;
            if upper | u128::from(u64::MAX) <= self.floor || upper >= self.before {
                continue;
            }
            let id = upper | u128::from(columns.low.get_val(*doc));
            if id > self.floor && id < self.before {
                self.found.push(id);
            }
        }
        if self.found.len() > self.keep + SPARE {
            self.prune();
        }
        self.columns = Some(columns);
        Ok(())
    }

    fn end(&mut self) -> tantivy::Result<()> {
        self.columns = None;
        Ok(())
    }
}

/// Matches of a segment, a block at a time.
struct Block {
    docs: [DocId; BLOCK],
    highs: [u64; BLOCK],
    len: usize,
}

impl Block {
    fn load_highs(&mut self, columns: &Columns) {
        if let (Some(docs), Some(highs)) =
            (self.docs.get(..self.len), self.highs.get_mut(..self.len))
        {
            columns.high.get_vals(docs, highs);
        }
    }

    /// Keeps the matches that pass.
    fn retain(&mut self, passes: impl Fn(DocId, u64) -> bool) {
        let mut kept = 0;
        for at in 0..self.len {
            let (Some(doc), Some(high)) = (self.docs.get(at), self.highs.get(at)) else {
                break;
            };
            let (doc, high) = (*doc, *high);
            if passes(doc, high)
                && let (Some(to), Some(high_to)) =
                    (self.docs.get_mut(kept), self.highs.get_mut(kept))
            {
                (*to, *high_to) = (doc, high);
                kept += 1;
            }
        }
        self.len = kept;
    }

    fn show(&self, sink: &mut dyn Sink) -> tantivy::Result<()> {
        match (self.docs.get(..self.len), self.highs.get(..self.len)) {
            (Some(docs), Some(highs)) if !docs.is_empty() => sink.take(docs, highs),
            _ => Ok(()),
        }
    }
}

/// Shows all matches of a query in a day to a sink.
fn walk(
    day: &DayIndex,
    searcher: &Searcher,
    query: &dyn Query,
    span: Span,
    budget: &Budget,
    sink: &mut dyn Sink,
) -> tantivy::Result<()> {
    let weight = query.weight(EnableScoring::disabled_from_searcher(searcher))?;
    let is_inside = span.holds(day.day);
    for reader in searcher.segment_readers() {
        budget.check()?;
        let mut scorer = weight.scorer(reader, 1.0)?;
        if scorer.doc() == TERMINATED {
            continue;
        }
        let columns = day.columns(reader)?;
        let alive = reader.alive_bitset();
        sink.begin(&columns)?;
        let mut block = Block { docs: [0; BLOCK], highs: [0; BLOCK], len: 0 };
        let mut blocks: u32 = 0;
        loop {
            blocks = blocks.wrapping_add(1);
            if blocks.is_multiple_of(64) {
                budget.check()?;
            }
            let filled = scorer.fill_buffer(&mut block.docs);
            block.len = filled;
            if let Some(alive) = alive {
                block.retain(|doc, _| alive.is_alive(doc));
            }
            block.load_highs(&columns);
            if !is_inside {
                block.retain(|doc, high| {
                    let start = start_of(high);
                    start < span.to
                        && (start >= span.from || columns.reach.get_val(doc) >= span.from.0)
                });
            }
            block.show(sink)?;
            if filled < BLOCK {
                break;
            }
        }
        sink.end()?;
    }
    Ok(())
}

/// How many matches a query has in a day of which all sessions are in the range.
fn total(searcher: &Searcher, query: &dyn Query, budget: &Budget) -> tantivy::Result<u64> {
    let weight = query.weight(EnableScoring::disabled_from_searcher(searcher))?;
    let mut found = 0;
    for reader in searcher.segment_readers() {
        budget.check()?;
        found += u64::from(weight.count(reader)?);
    }
    Ok(found)
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
        is_step: bool,
    ) -> Self {
        let mut compiler = Compiler::new(&index.layout.fields, request, breadth);
        compiler.is_step = is_step;
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
        let mut found = self.rows(request, breadth, false)?;
        let words = request
            .filter
            .terms
            .iter()
            .filter(|term| !term.is_negated && matches!(term.test, Test::Word(_)))
            .count();
        if request.after.is_none() && words > 0 {
            for (wider, enough) in [(Breadth::Inside, FEW), (Breadth::Close, 1), (Breadth::Typo, 1)]
            {
                if found.len() >= enough.min(request.limit) {
                    break;
                }
                // All that one word finds nearer is known: it is fewer than one page.
                let mut all = self.rows(request, wider, words == 1)?;
                all.extend(found.iter().copied());
                all.sort_unstable_by(|a, b| b.cmp(a));
                all.dedup();
                if all.len() > found.len() {
                    found = all;
                    breadth = wider;
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

    /// All sessions of a day that a filter finds, in no order; words reach as near as they can.
    pub fn sessions_of_day(
        &self,
        day: Day,
        request: &SearchRequest,
    ) -> Result<Vec<SessionId>, SearchError> {
        let plan = Plan::new(self, request, &request.filter, Breadth::Near, false);
        let mut rows = Rows::new(usize::MAX / 2, None);
        for index in self.days_between(day, day) {
            self.walk_day(&index, &plan, &request.budget, &mut rows)?;
        }
        Ok(rows.found.into_iter().map(SessionId).collect())
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
        is_step: bool,
    ) -> Result<Vec<SessionId>, SearchError> {
        let plan = Plan::new(self, request, &request.filter, breadth, is_step);
        let keep = request.limit.saturating_add(1);
        let before = request.after.map(|cursor| cursor.after);
        let mut rows: Vec<SessionId> = Vec::new();
        for day in plan.days(self) {
            if before.is_some_and(|id| id.start().day() < day.day) {
                continue;
            }
            let mut sink = Rows::new(keep - rows.len(), before);
            self.walk_day(&day, &plan, &request.budget, &mut sink)?;
            sink.prune();
            rows.extend(sink.found.into_iter().map(SessionId));
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
        self.on_day(day, budget, |searcher| {
            walk(day, searcher, plan.query(day.day), plan.span, budget, sink)
        })
    }

    /// Asks one day; nothing when it is damaged, and put aside then.
    fn on_day<T: Default>(
        &self,
        day: &DayIndex,
        budget: &Budget,
        ask: impl FnOnce(&Searcher) -> tantivy::Result<T>,
    ) -> Result<T, SearchError> {
        let result = day
            .searcher()
            .and_then(|searcher| ask(&searcher).map_err(|error| SearchError::of(day.day, &error)));
        match result {
            Err(_) if budget.is_over() => Err(SearchError::Stopped),
            Err(error @ SearchError::Damaged { .. }) => {
                tracing::error!(%error, "the day is left out of the search until it is rebuilt");
                self.put_aside(day.day);
                Ok(T::default())
            }
            other => other,
        }
    }

    fn count_as(
        &self,
        request: &SearchRequest,
        breadth: Breadth,
    ) -> Result<SearchCounts, SearchError> {
        self.count_plan(&Plan::new(self, request, &request.filter, breadth, false), request)
    }

    /// Counts the matches of a plan.
    pub(super) fn count_plan(
        &self,
        plan: &Plan,
        request: &SearchRequest,
    ) -> Result<SearchCounts, SearchError> {
        let mut counter = Counter::new(request);
        let budget = &request.budget;
        for day in plan.days(self) {
            let done = if counter.wants_total_only() && plan.span.holds(day.day) {
                let query = plan.query(day.day);
                self.on_day(&day, budget, |searcher| total(searcher, query, budget))
                    .map(|found| counter.add(found))
            } else {
                self.walk_day(&day, plan, budget, &mut counter)
            };
            match done {
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
