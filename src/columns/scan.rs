//! One pass over the rows of a part: which pass, to which group they belong, what they add to it.

use super::block::{BLOCK, Base, Block};
use super::column::{Column, NONE, time_code};
use super::filter::PartTests;
use super::groups::{Groups, Key};
use super::question::{Measure, Question, Split};
use super::tables::{ActionColumn, Part, SessionColumn};
use crate::base::time::{Day, Timestamp};
use crate::model::action::ApdexZone;

/// Combinations of local codes that have a table; beyond, they are looked up.
const DENSE_MAX: u64 = 1 << 20;
/// A combination whose group is not known yet.
const UNKNOWN: u32 = NONE - 1;

/// Groups by combination of codes, in one part.
enum Known {
    Dense(Vec<u32>),
    Sparse(ahash::AHashMap<u64, u32>),
}

/// One split in one part.
struct LocalSplit<'a> {
    split: Split,
    column: &'a Column,
    codes: u64,
    /// Codes of the groups by code in the part.
    global: Vec<u32>,
}

/// A part while it is scanned for one period.
pub(super) struct Scan<'a> {
    part: &'a Part,
    question: &'a Question,
    is_before: bool,
    splits: Vec<LocalSplit<'a>>,
    known: Known,
    /// Buckets by the code of their start; the last entry ends the period.
    edges: Vec<u32>,
    first_bucket: u32,
    needs_time: bool,
    /// Zone by code.
    zones: Vec<usize>,
    scratch: Scratch,
}

#[derive(Default)]
struct Scratch {
    block: Block,
    codes: Vec<u32>,
    more: Vec<u32>,
    places: Vec<u32>,
    combinations: Vec<u64>,
    groups: Vec<u32>,
}

/// The place of a time among edges: `NONE` before the first and from the last on.
fn bucket_of(edges: &[u32], code: u32) -> u32 {
    let at = edges.partition_point(|edge| *edge <= code);
    if at == 0 || at == edges.len() { NONE } else { u32::try_from(at - 1).unwrap_or(NONE) }
}

impl<'a> Scan<'a> {
    /// Prepares a scan; `None` when no action of the part lies in the period.
    pub fn new(part: &'a Part, day: Day, question: &'a Question, is_before: bool) -> Option<Self> {
        let (first, last) = part.span?;
        let start = if is_before { question.compare_from? } else { question.from };
        let shift = start.0 - question.from.0;
        let code =
            |at: Timestamp| time_code(at.0.saturating_add(shift).saturating_sub(day.start().0));
        let (from, to) = (code(question.from), code(question.to));
        if last < from || first >= to {
            return None;
        }
        let inner =
            question.bucket_starts.iter().filter(|at| **at > question.from && **at < question.to);
        let mut edges: Vec<u32> = std::iter::once(from).chain(inner.map(|at| code(*at))).collect();
        edges.push(to);
        // Buckets that end before this part began need not be looked at.
        let skipped = edges.partition_point(|edge| *edge <= first).saturating_sub(1);
        let needed = edges.partition_point(|edge| *edge <= last) + 1;
        let edges: Vec<u32> = edges.into_iter().take(needed).skip(skipped).collect();
        let needs_time = edges.len() > 2 || first < from || last >= to;
        let splits: Vec<LocalSplit<'a>> = question
            .splits
            .iter()
            .map(|split| {
                let column = match split {
                    Split::Session(column) => part.session(*column),
                    Split::Action(column) => part.action(*column),
                }?;
                let codes = column.codes();
                let global = vec![NONE; codes];
                Some(LocalSplit { split: *split, column, codes: codes as u64, global })
            })
            .collect::<Option<_>>()?;
        let buckets = u64::try_from(edges.len()).unwrap_or(u64::MAX);
        let product =
            splits.iter().try_fold(buckets, |all, split| all.checked_mul(split.codes.max(1)));
        let known =
            match product.filter(|all| *all <= DENSE_MAX).and_then(|all| usize::try_from(all).ok())
            {
                Some(all) => Known::Dense(vec![UNKNOWN; all]),
                None => Known::Sparse(ahash::AHashMap::new()),
            };
        Some(Self {
            part,
            question,
            is_before,
            splits,
            known,
            edges,
            first_bucket: u32::try_from(skipped).unwrap_or(NONE),
            needs_time,
            zones: zones(part),
            scratch: Scratch::default(),
        })
    }

    /// Scans all rows.
    pub fn run(mut self, tests: &PartTests, groups: &mut Groups<'_>) {
        let base = match self.question.measure {
            Measure::View(_) => Base::Views,
            _ => Base::Actions,
        };
        let mut scratch = std::mem::take(&mut self.scratch);
        for from in (0..base.rows(self.part)).step_by(BLOCK) {
            scratch.block.begin(self.part, base, from);
            scratch.block.filter(self.part, tests);
            self.place(&mut scratch);
            if scratch.block.len() == 0 {
                continue;
            }
            self.group(&mut scratch, groups);
            self.sum(&mut scratch, groups);
        }
    }

    /// Keeps the rows of the period and tells their buckets.
    fn place(&self, scratch: &mut Scratch) {
        let Scratch { block, codes, places, .. } = scratch;
        places.clear();
        if !self.needs_time {
            places.resize(block.len(), 0);
            return;
        }
        let Some(column) = self.part.action(ActionColumn::Start) else { return };
        let (first, end) = (self.edges.first().copied(), self.edges.last().copied());
        let (Some(first), Some(end)) = (first, end) else { return };
        block.actions(column, codes);
        block.keep(codes, |code| code >= first && code < end);
        if self.edges.len() == 2 {
            places.resize(block.len(), 0);
            return;
        }
        block.actions(column, codes);
        // Actions that follow each other mostly lie in the same bucket.
        let (mut low, mut high, mut at) = (1, 0, NONE);
        places.extend(codes.iter().map(|code| {
            if *code < low || *code >= high {
                at = bucket_of(&self.edges, *code);
                let edge = |at: u32| self.edges.get(at as usize).copied();
                low = edge(at).unwrap_or(1);
                high = edge(at.saturating_add(1)).unwrap_or(0);
            }
            at
        }));
    }

    /// Tells the group of each row.
    fn group(&mut self, scratch: &mut Scratch, groups: &mut Groups<'_>) {
        let Scratch { block, codes, places, combinations, groups: found, .. } = scratch;
        combinations.clear();
        combinations.extend(places.iter().map(|place| u64::from(*place)));
        for split in &self.splits {
            match split.split {
                Split::Session(_) => block.of_sessions(self.part, split.column, codes),
                Split::Action(_) => block.actions(split.column, codes),
            }
            for (combination, code) in combinations.iter_mut().zip(codes.iter()) {
                *combination = *combination * split.codes.max(1) + u64::from(*code);
            }
        }
        found.clear();
        for combination in combinations.iter() {
            let known = match &self.known {
                Known::Dense(all) => {
                    usize::try_from(*combination).ok().and_then(|at| all.get(at)).copied()
                }
                Known::Sparse(all) => all.get(combination).copied(),
            };
            let group = match known {
                Some(group) if group != UNKNOWN => group,
                _ => self.learn(*combination, groups),
            };
            found.push(group);
        }
    }

    /// The group of a combination that is met for the first time in this part.
    fn learn(&mut self, combination: u64, groups: &mut Groups<'_>) -> u32 {
        let mut rest = combination;
        let mut key = Key { is_before: self.is_before, ..Key::default() };
        for (at, split) in self.splits.iter_mut().enumerate().rev() {
            let all = split.codes.max(1);
            let code = u32::try_from(rest % all).unwrap_or(NONE);
            rest /= all;
            if let (Some(global), Some(slot)) =
                (split.global.get_mut(code as usize), key.values.get_mut(at))
            {
                if *global == NONE {
                    *global = groups.code(at, split.column.text(code));
                }
                *slot = *global;
            }
        }
        key.bucket = u32::try_from(rest).unwrap_or(NONE).saturating_add(self.first_bucket);
        let group = groups.group(key);
        match &mut self.known {
            Known::Dense(all) => {
                let slot = usize::try_from(combination).ok().and_then(|at| all.get_mut(at));
                if let Some(slot) = slot {
                    *slot = group;
                }
            }
            Known::Sparse(all) => {
                all.insert(combination, group);
            }
        }
        group
    }

    /// Adds the rows to their groups.
    fn sum(&self, scratch: &mut Scratch, sums: &mut Groups<'_>) {
        let Scratch { block, codes, more, groups, .. } = scratch;
        sums.count(groups);
        let wants = self.question.wants;
        if wants.zones {
            if let Some(column) = self.part.action(ActionColumn::Apdex) {
                block.actions(column, codes);
                sums.zones(groups, codes, &self.zones);
            }
            if let Some(column) = self.part.action(ActionColumn::Errors) {
                block.actions(column, codes);
                sums.errors(groups, codes);
            }
        }
        self.measure(block, codes, more);
        sums.values_of(groups, codes);
        if wants.users
            && let Some(people) = self.part.session(SessionColumn::Person)
        {
            sums.people(groups, block.sessions(self.part), people);
        }
    }

    /// Values of the measure.
    fn measure(&self, block: &Block, values: &mut Vec<u32>, more: &mut Vec<u32>) {
        let action = |column, into: &mut Vec<u32>| {
            if let Some(column) = self.part.action(column) {
                block.actions(column, into);
            }
        };
        match self.question.measure {
            Measure::Duration => action(ActionColumn::Duration, values),
            Measure::Server => action(ActionColumn::Server, values),
            Measure::Network => action(ActionColumn::Network, values),
            Measure::VisuallyComplete => action(ActionColumn::VisuallyComplete, values),
            Measure::Frontend => {
                action(ActionColumn::Duration, values);
                for part in [ActionColumn::Server, ActionColumn::Network] {
                    action(part, more);
                    for (value, less) in values.iter_mut().zip(more.iter()) {
                        *value = value.saturating_sub(*less);
                    }
                }
            }
            Measure::View(column) => {
                if let Some(column) = self.part.view(column) {
                    block.of_views(column, values);
                }
            }
        }
    }
}

/// The place of each zone among sums, by its code in the part.
fn zones(part: &Part) -> Vec<usize> {
    const ORDER: [ApdexZone; 4] =
        [ApdexZone::Satisfied, ApdexZone::Tolerating, ApdexZone::Frustrated, ApdexZone::Unknown];
    let Some(column) = part.action(ActionColumn::Apdex) else { return Vec::new() };
    let place = |word: &str| ORDER.iter().position(|zone| zone.word() == word).unwrap_or(3);
    (0..column.codes())
        .map(|code| u32::try_from(code).map_or(3, |code| place(column.text(code))))
        .collect()
}
