//! Reads the columns of matching sessions and sums them up.

use std::collections::BTreeMap;
use std::sync::Arc;

use ahash::AHashMap;
use tantivy::columnar::{Column, ColumnValues, StrColumn};
use tantivy::query::{EnableScoring, Query};
use tantivy::{DocId, DocSet, Searcher, SegmentReader, TERMINATED};

use super::budget::Budget;
use super::fields::{
    DURATION_COLUMN, EXIT_COLUMN, FACETS, FLAGS_COLUMN, HIGH_COLUMN, LOADS_COLUMN, PERSON_COLUMN,
    REACH_COLUMN, VISIT_ACTIONS_COLUMN, VISIT_COLUMN, VISIT_ERRORS_COLUMN, VISIT_ZONES_COLUMN,
};
use super::spread::Spread;
use super::statistics::{
    Dimension, DimensionValue, Figures, Part, Scope, Statistics, StatisticsRequest,
};
use super::sums::{Group, Span};
use super::visit::{Flags, unpack_actions, unpack_errors, unpack_load};
use crate::base::id::ApplicationId;
use crate::base::time::{Millis, Timestamp};
use crate::model::query::Field;
use crate::model::session::{Experience, SessionKind};

/// Values of a segment whose sums are kept, the most frequent first: beyond them a page name that is made up for every
/// visit would cost more than all the rest.
const VALUES_MAX: usize = 2_000;
/// Buckets of a period at most.
const BUCKETS_MAX: usize = 500;
/// The group of all applications together, and of the one that is asked for.
const WHOLE: u64 = u64::MAX;

/// One column of values with the sums by ordinal.
struct Values {
    column: StrColumn,
    parts: Vec<Part>,
    /// Durations of loads; empty when nobody asks for them.
    loads: Vec<Spread>,
}

/// Sums of one value.
#[derive(Default)]
struct ValueSum {
    part: Part,
    loads: Spread,
}

/// Columns of a segment.
struct Segment {
    high: Arc<dyn ColumnValues<u64>>,
    reach: Arc<dyn ColumnValues<i64>>,
    flags: Arc<dyn ColumnValues<u64>>,
    person: Arc<dyn ColumnValues<u64>>,
    duration: Arc<dyn ColumnValues<i64>>,
    visit: Column<u64>,
    actions: Column<u64>,
    zones: Column<u64>,
    errors: Column<u64>,
    loads: Column<u64>,
    dimensions: Vec<Option<Values>>,
    /// Durations of the loads of one session, while it is counted.
    taken: Vec<u32>,
}

/// Numbers of a visit, or of several together.
#[derive(Default)]
struct Visit {
    actions: [u64; 3],
    zones: [u64; 3],
    errors: [u64; 3],
}

/// Sums up matches.
pub(super) struct Gatherer {
    scope: Scope,
    kinds: [bool; 3],
    /// The range, then the period to compare with.
    spans: Vec<Span>,
    /// Starts of the buckets after the start of a period.
    starts: Vec<Timestamp>,
    fields: Vec<Field>,
    timed: Vec<Field>,
    values_max: usize,
    /// Sums by group and period.
    groups: BTreeMap<u64, Group>,
    /// Sums by value, in the order of `fields`.
    values: Vec<AHashMap<String, ValueSum>>,
    pub is_partial: bool,
}

impl Gatherer {
    pub fn new(request: &StatisticsRequest) -> Self {
        let search = &request.search;
        let length = search.to.0.saturating_sub(search.from.0);
        let mut spans = vec![Span { from: search.from, to: search.to }];
        spans.extend(
            request
                .compare_from
                .map(|from| Span { from, to: Timestamp(from.0.saturating_add(length)) }),
        );
        let mut starts: Vec<Timestamp> = search
            .bucket_starts
            .iter()
            .take(BUCKETS_MAX)
            .filter(|at| **at >= search.from && **at < search.to)
            .map(|at| Timestamp(at.0 - search.from.0))
            .collect();
        if starts.is_empty() {
            starts.push(Timestamp(0));
        }
        let is_each = request.scope == Scope::EachApplication;
        let fields = if is_each { Vec::new() } else { request.dimensions.clone() };
        let mut groups = BTreeMap::new();
        if !is_each {
            groups.insert(WHOLE, Group::new(WHOLE, &spans));
        }
        Self {
            scope: request.scope,
            kinds: [SessionKind::RealUser, SessionKind::Robot, SessionKind::Synthetic]
                .map(|kind| request.kinds.contains(&kind)),
            spans,
            starts,
            values: fields.iter().map(|_| AHashMap::new()).collect(),
            fields,
            timed: request.timed.clone(),
            values_max: request.values_max,
            groups,
            is_partial: false,
        }
    }

    /// Adds what another one gathered for the same request.
    pub fn merge(&mut self, other: Self) {
        self.is_partial |= other.is_partial;
        for (key, group) in other.groups {
            let own = self.groups.entry(key).or_insert_with(|| Group::new(key, &self.spans));
            for (own, other) in own.sums.iter_mut().zip(group.sums) {
                own.merge(other);
            }
        }
        for (own, other) in self.values.iter_mut().zip(other.values) {
            for (value, sum) in other {
                let own = own.entry(value).or_default();
                own.part.add(&sum.part);
                own.loads.merge(sum.loads);
            }
        }
    }

    /// The numbers of each group, the largest first.
    pub fn finish(self) -> Vec<Statistics> {
        let mut dimensions: Vec<Dimension> = self
            .fields
            .into_iter()
            .zip(self.values)
            .map(|(field, values)| dimension(field, values, self.values_max))
            .collect();
        let (spans, starts, scope) = (&self.spans, &self.starts, self.scope);
        let mut groups: Vec<Statistics> = self
            .groups
            .into_iter()
            .map(|(key, group)| {
                let mut periods = group
                    .sums
                    .into_iter()
                    .zip(spans)
                    .map(|(sums, span)| sums.finish(*span, starts));
                Statistics {
                    application: match scope {
                        Scope::All => None,
                        Scope::Application(id) => Some(id),
                        Scope::EachApplication => u32::try_from(key).ok().map(ApplicationId),
                    },
                    current: periods.next().unwrap_or_default(),
                    before: periods.next(),
                    dimensions: std::mem::take(&mut dimensions),
                }
            })
            .collect();
        groups.sort_by_key(|group| std::cmp::Reverse(group.current.figures.sessions));
        groups
    }
}

fn dimension(field: Field, values: AHashMap<String, ValueSum>, values_max: usize) -> Dimension {
    let distinct = u64::try_from(values.len()).unwrap_or(u64::MAX);
    let mut values: Vec<(String, ValueSum)> = values.into_iter().collect();
    values.sort_unstable_by(|(a, of_a), (b, of_b)| {
        of_b.part.sessions.cmp(&of_a.part.sessions).then_with(|| a.cmp(b))
    });
    values.truncate(values_max);
    let told = values.into_iter().map(|(value, sum)| DimensionValue {
        value,
        part: sum.part,
        loads: sum.loads.count(),
        load_p75: sum.loads.percentile(75).map(Millis),
    });
    Dimension { field, values: told.collect(), distinct }
}

fn column_of(field: &Field) -> Option<&'static str> {
    if *field == Field::Exit {
        return Some(EXIT_COLUMN);
    }
    FACETS.iter().find(|(_, own)| own == field).map(|(name, _)| *name)
}

fn numbers(reader: &SegmentReader, name: &str) -> tantivy::Result<Column<u64>> {
    let found = reader.fast_fields().column_opt(name)?;
    Ok(found.unwrap_or_else(|| Column::build_empty_column(reader.max_doc())))
}

impl Segment {
    fn open(reader: &SegmentReader, fields: &[Field], timed: &[Field]) -> tantivy::Result<Self> {
        let fast = reader.fast_fields();
        let values = |field: &Field| -> tantivy::Result<Option<Values>> {
            let Some(name) = column_of(field) else { return Ok(None) };
            Ok(fast.str(name)?.map(|column: StrColumn| {
                let terms = column.dictionary().num_terms();
                let of_loads = if timed.contains(field) { terms } else { 0 };
                Values {
                    column,
                    parts: vec![Part::default(); terms],
                    loads: vec![Spread::default(); of_loads],
                }
            }))
        };
        Ok(Self {
            high: fast.column_first_or_default(HIGH_COLUMN)?,
            reach: fast.column_first_or_default(REACH_COLUMN)?,
            flags: fast.column_first_or_default(FLAGS_COLUMN)?,
            person: fast.column_first_or_default(PERSON_COLUMN)?,
            duration: fast.column_first_or_default(DURATION_COLUMN)?,
            visit: numbers(reader, VISIT_COLUMN)?,
            actions: numbers(reader, VISIT_ACTIONS_COLUMN)?,
            zones: numbers(reader, VISIT_ZONES_COLUMN)?,
            errors: numbers(reader, VISIT_ERRORS_COLUMN)?,
            loads: numbers(reader, LOADS_COLUMN)?,
            dimensions: fields.iter().map(values).collect::<tantivy::Result<_>>()?,
            taken: Vec::new(),
        })
    }

    /// The numbers of the visits that count, all together.
    fn visits(&self, doc: DocId, is_counted: impl Fn(u64) -> bool) -> Visit {
        let mut sum = Visit::default();
        for row in self.visit.index.value_row_ids(doc) {
            if !is_counted(self.visit.values.get_val(row)) {
                continue;
            }
            for (own, more) in [
                (&mut sum.actions, unpack_actions(self.actions.values.get_val(row))),
                (&mut sum.zones, unpack_actions(self.zones.values.get_val(row))),
                (&mut sum.errors, unpack_errors(self.errors.values.get_val(row))),
            ] {
                for (own, more) in own.iter_mut().zip(more) {
                    *own += more;
                }
            }
        }
        sum
    }

    /// The durations of the loads that count.
    fn loads(&self, doc: DocId, is_counted: impl Fn(u64) -> bool, mut take: impl FnMut(u32)) {
        let visits = self.visit.index.value_row_ids(doc);
        for load in self.loads.values_for_doc(doc) {
            let (place, millis) = unpack_load(load);
            let row = visits.clone().nth(place);
            if row.is_some_and(|row| is_counted(self.visit.values.get_val(row))) {
                take(millis);
            }
        }
    }

    fn count_values(&mut self, doc: DocId, figures: &Figures) {
        let part = Part {
            sessions: 1,
            bounces: figures.bounces,
            with_errors: figures.with_errors,
            zones: figures.zones,
        };
        for values in self.dimensions.iter_mut().flatten() {
            for ordinal in values.column.ords().values_for_doc(doc) {
                let Ok(at) = usize::try_from(ordinal) else { continue };
                if let Some(slot) = values.parts.get_mut(at) {
                    slot.add(&part);
                }
                if let Some(slot) = values.loads.get_mut(at) {
                    for millis in &self.taken {
                        slot.add(*millis);
                    }
                }
            }
        }
    }
}

/// Adds the sums by ordinal to those by text.
fn resolve(values: &mut Values, into: &mut AHashMap<String, ValueSum>) -> tantivy::Result<()> {
    let mut found: Vec<(u64, &Part)> =
        (0..).zip(&values.parts).filter(|(_, part)| part.sessions > 0).collect();
    if found.len() > VALUES_MAX {
        found.sort_unstable_by_key(|(ordinal, part)| (std::cmp::Reverse(part.sessions), *ordinal));
        found.truncate(VALUES_MAX);
        found.sort_unstable_by_key(|(ordinal, _)| *ordinal);
    }
    let ordinals: Vec<u64> = found.iter().map(|(ordinal, _)| *ordinal).collect();
    let mut parts = found.iter();
    let loads = &mut values.loads;
    values.column.dictionary().sorted_ords_to_term_cb(&ordinals, |bytes| {
        if let Some((ordinal, part)) = parts.next() {
            let text = String::from_utf8_lossy(bytes);
            let at = usize::try_from(*ordinal).ok();
            let loads = at.and_then(|at| loads.get_mut(at)).map(std::mem::take);
            if !into.contains_key(text.as_ref()) {
                into.insert(text.clone().into_owned(), ValueSum::default());
            }
            if let Some(own) = into.get_mut(text.as_ref()) {
                own.part.add(part);
                own.loads.merge(loads.unwrap_or_default());
            }
        }
    })?;
    Ok(())
}

/// Sums of one session.
fn figures(flags: Flags, duration: u64, visit: &Visit) -> Figures {
    let is = |experience: Experience| u64::from(flags.experience == experience);
    Figures {
        sessions: 1,
        new: u64::from(flags.is_new),
        bounces: u64::from(flags.is_bounce),
        live: u64::from(flags.is_live),
        with_errors: u64::from(visit.errors.iter().any(|count| *count > 0)),
        experiences: [
            is(Experience::Satisfied),
            is(Experience::Tolerated),
            is(Experience::Frustrated),
        ],
        actions: visit.actions,
        zones: visit.zones,
        errors: visit.errors,
        duration,
    }
}

const fn place_of(kind: SessionKind) -> usize {
    match kind {
        SessionKind::RealUser => 0,
        SessionKind::Robot => 1,
        SessionKind::Synthetic => 2,
    }
}

/// What all sessions of a request are counted by.
struct Counting<'a> {
    scope: Scope,
    kinds: [bool; 3],
    spans: &'a [Span],
    starts: &'a [Timestamp],
}

impl Counting<'_> {
    const fn is_counted(&self, group: u64, application: u64) -> bool {
        match self.scope {
            Scope::All => true,
            Scope::Application(id) => id.0 as u64 == application,
            Scope::EachApplication => group == application,
        }
    }

    /// Counts a session in one group and in the periods in which it lies.
    fn count(&self, (segment, doc): (&mut Segment, DocId), start: Timestamp, group: &mut Group) {
        let mut known: Option<Figures> = None;
        for (number, (span, sums)) in self.spans.iter().zip(&mut group.sums).enumerate() {
            let is_in = start < span.to
                && (start >= span.from || segment.reach.get_val(doc) >= span.from.0);
            if !is_in {
                continue;
            }
            let flags = Flags::unpack(segment.flags.get_val(doc));
            let kind = place_of(flags.kind);
            if let Some(slot) = sums.kinds.get_mut(kind) {
                *slot += 1;
            }
            if !self.kinds.get(kind).copied().unwrap_or(false) {
                continue;
            }
            let is_counted = |application| self.is_counted(group.key, application);
            let figures = &*known.get_or_insert_with(|| {
                let duration = u64::try_from(segment.duration.get_val(doc)).unwrap_or(0);
                figures(flags, duration, &segment.visits(doc, is_counted))
            });
            let offset = Timestamp(start.0.saturating_sub(span.from.0));
            let place = self.starts.partition_point(|at| *at <= offset).saturating_sub(1);
            if let Some(bucket) = sums.bucket(place, self.starts.len()) {
                bucket.add(figures);
            }
            sums.people.insert(segment.person.get_val(doc));
            let duration = u32::try_from(figures.duration).unwrap_or(u32::MAX);
            sums.durations.add(duration);
            sums.last_seen = sums.last_seen.max(Some(start.after(Millis(duration))));
            let mut taken = std::mem::take(&mut segment.taken);
            taken.clear();
            segment.loads(doc, is_counted, |millis| taken.push(millis));
            for millis in &taken {
                sums.loads.add(*millis);
            }
            segment.taken = taken;
            if number == 0 {
                segment.count_values(doc, figures);
            }
        }
    }
}

impl Gatherer {
    /// Sums up all matches of a query in a day.
    pub fn walk(
        &mut self,
        searcher: &Searcher,
        query: &dyn Query,
        budget: &Budget,
    ) -> tantivy::Result<()> {
        let weight = query.weight(EnableScoring::disabled_from_searcher(searcher))?;
        for reader in searcher.segment_readers() {
            budget.check()?;
            let mut scorer = weight.scorer(reader, 1.0)?;
            if scorer.doc() == TERMINATED {
                continue;
            }
            let mut segment = Segment::open(reader, &self.fields, &self.timed)?;
            let alive = reader.alive_bitset();
            let mut seen: u32 = 0;
            let mut doc = scorer.doc();
            while doc != TERMINATED {
                seen = seen.wrapping_add(1);
                if seen.is_multiple_of(4_096) {
                    budget.check()?;
                }
                if alive.is_none_or(|bits| bits.is_alive(doc)) {
                    self.take(&mut segment, doc);
                }
                doc = scorer.advance();
            }
            for (values, into) in segment.dimensions.iter_mut().zip(&mut self.values) {
                if let Some(values) = values {
                    resolve(values, into)?;
                }
            }
        }
        Ok(())
    }

    fn take(&mut self, segment: &mut Segment, doc: DocId) {
        let start = Timestamp(i64::try_from(segment.high.get_val(doc) >> 16).unwrap_or(i64::MAX));
        let counting = Counting {
            scope: self.scope,
            kinds: self.kinds,
            spans: &self.spans,
            starts: &self.starts,
        };
        if self.scope == Scope::EachApplication {
            for row in segment.visit.index.value_row_ids(doc) {
                let key = segment.visit.values.get_val(row);
                let group = self.groups.entry(key).or_insert_with(|| Group::new(key, &self.spans));
                counting.count((segment, doc), start, group);
            }
        } else if let Some(group) = self.groups.get_mut(&WHOLE) {
            counting.count((segment, doc), start, group);
        }
    }
}
