//! Groups and their sums while a question is answered by one thread.

use ahash::{AHashMap, AHashSet};

use super::column::{Column, NONE};
use super::question::{Group, Question, SPLITS_MAX, Sums};
use super::users::Users;
use crate::base::histogram::{Histogram, SLOTS, slot};

/// Groups of one answer at most.
const GROUPS_MAX: usize = 100_000;
/// Groups with percentiles: 13 kB each.
pub(super) const HISTOGRAMS_MAX: usize = 2_048;

/// What the actions of a group have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(super) struct Key {
    /// Codes of the values, by split.
    pub values: [u32; SPLITS_MAX],
    pub bucket: u32,
    pub is_before: bool,
}

/// Sums without lists.
#[derive(Debug, Clone, Copy, Default)]
struct Fast {
    count: u64,
    zones: [u64; 4],
    with_errors: u64,
    errors: u64,
    measured: u64,
    sum: u64,
    smallest: u32,
    largest: u32,
}

/// Texts of one split with their codes.
#[derive(Debug, Default)]
struct Names {
    codes: AHashMap<String, u32>,
    texts: Vec<String>,
}

/// Groups with their sums.
pub(super) struct Groups<'a> {
    question: &'a Question,
    /// The only values that are wanted; `None` for all.
    only: Option<&'a AHashSet<Vec<String>>>,
    kept_max: usize,
    names: Vec<Names>,
    known: AHashMap<Key, u32>,
    keys: Vec<Key>,
    sums: Vec<Fast>,
    slots: Vec<u32>,
    users: Vec<Users>,
    pub is_cut: bool,
}

impl<'a> Groups<'a> {
    pub fn new(question: &'a Question, only: Option<&'a AHashSet<Vec<String>>>) -> Self {
        Self {
            question,
            only,
            kept_max: if question.wants.percentiles { HISTOGRAMS_MAX } else { GROUPS_MAX },
            names: question.splits.iter().map(|_| Names::default()).collect(),
            known: AHashMap::new(),
            keys: Vec::new(),
            sums: Vec::new(),
            slots: Vec::new(),
            users: Vec::new(),
            is_cut: false,
        }
    }

    /// The code of a text of a split.
    pub fn code(&mut self, split: usize, text: &str) -> u32 {
        let Some(names) = self.names.get_mut(split) else { return NONE };
        if let Some(code) = names.codes.get(text) {
            return *code;
        }
        let code = u32::try_from(names.texts.len()).unwrap_or(NONE);
        names.texts.push(text.to_owned());
        names.codes.insert(text.to_owned(), code);
        code
    }

    fn values(&self, key: Key) -> Vec<String> {
        let text = |(names, code): (&Names, u32)| {
            names.texts.get(code as usize).cloned().unwrap_or_default()
        };
        self.names.iter().zip(key.values).map(text).collect()
    }

    /// The number of a group; `NONE` when it is not kept.
    pub fn group(&mut self, key: Key) -> u32 {
        if let Some(group) = self.known.get(&key) {
            return *group;
        }
        if self.only.is_some_and(|only| !only.contains(&self.values(key))) {
            return NONE;
        }
        if self.keys.len() >= self.kept_max {
            self.is_cut = true;
            return NONE;
        }
        let group = u32::try_from(self.keys.len()).unwrap_or(NONE);
        self.keys.push(key);
        self.sums.push(Fast { smallest: NONE, ..Fast::default() });
        if self.question.wants.percentiles {
            self.slots.resize(self.keys.len() * SLOTS, 0);
        }
        if self.question.wants.users {
            self.users.push(Users::default());
        }
        self.known.insert(key, group);
        group
    }

    /// The group of all rows of a block, when it is the same.
    fn only_group(&mut self, groups: &[u32]) -> Option<&mut Fast> {
        let first = *groups.first()?;
        if self.keys.len() == 1 && first == 0 && self.only.is_none() && !self.is_cut {
            return self.sums.first_mut();
        }
        None
    }

    /// Counts rows.
    pub fn count(&mut self, groups: &[u32]) {
        if let Some(only) = self.only_group(groups) {
            only.count += groups.len() as u64;
            return;
        }
        for group in groups {
            if let Some(sums) = self.sums.get_mut(*group as usize) {
                sums.count += 1;
            }
        }
    }

    /// Counts zones, given by code.
    pub fn zones(&mut self, groups: &[u32], codes: &[u32], zones: &[usize]) {
        for (group, code) in groups.iter().zip(codes) {
            let zone = zones.get(*code as usize).copied().unwrap_or(3);
            let sums = self.sums.get_mut(*group as usize);
            if let Some(slot) = sums.and_then(|sums| sums.zones.get_mut(zone)) {
                *slot += 1;
            }
        }
    }

    /// Counts errors.
    pub fn errors(&mut self, groups: &[u32], counts: &[u32]) {
        for (group, count) in groups.iter().zip(counts).filter(|(_, count)| **count > 0) {
            if let Some(sums) = self.sums.get_mut(*group as usize) {
                sums.with_errors += 1;
                sums.errors += u64::from(*count);
            }
        }
    }

    /// Adds values of the measure.
    pub fn values_of(&mut self, groups: &[u32], values: &[u32]) {
        for (group, value) in groups.iter().zip(values).filter(|(_, value)| **value != NONE) {
            if let Some(sums) = self.sums.get_mut(*group as usize) {
                sums.measured += 1;
                sums.sum += u64::from(*value);
                sums.smallest = sums.smallest.min(*value);
                sums.largest = sums.largest.max(*value);
            }
        }
        if !self.question.wants.percentiles {
            return;
        }
        for (group, value) in groups.iter().zip(values).filter(|(_, value)| **value != NONE) {
            let at = (*group as usize).saturating_mul(SLOTS).saturating_add(slot(*value));
            if let Some(slot) = self.slots.get_mut(at) {
                *slot += 1;
            }
        }
    }

    /// Counts people, by session: rows of one session follow each other.
    pub fn people(&mut self, groups: &[u32], sessions: &[u32], people: &Column) {
        let mut last = (NONE, NONE);
        for (group, session) in groups.iter().zip(sessions) {
            if last == (*group, *session) {
                continue;
            }
            last = (*group, *session);
            if let Some(users) = self.users.get_mut(*group as usize) {
                users.insert(people.hash(*session as usize));
            }
        }
    }

    /// The groups with all their sums.
    pub fn finish(mut self) -> Vec<Group> {
        let mut users = std::mem::take(&mut self.users).into_iter();
        let keys = std::mem::take(&mut self.keys);
        let mut found = Vec::with_capacity(keys.len());
        for (at, (key, fast)) in keys.into_iter().zip(&self.sums).enumerate() {
            let slots = self.slots.get(at * SLOTS..(at + 1) * SLOTS);
            let sums = Sums {
                count: fast.count,
                zones: fast.zones,
                with_errors: fast.with_errors,
                errors: fast.errors,
                measured: fast.measured,
                sum: fast.sum,
                range: (fast.measured > 0).then_some((fast.smallest, fast.largest)),
                histogram: slots.map(Histogram::of_slots).unwrap_or_default(),
                users: users.next().unwrap_or_default(),
            };
            found.push(Group {
                values: self.values(key),
                is_before: key.is_before,
                bucket: key.bucket as usize,
                sums,
            });
        }
        found
    }
}
