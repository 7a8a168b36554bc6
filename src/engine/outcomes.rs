//! What became of every beacon: totals since start, refusals on their way to the store, the last ones with reasons.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use ahash::AHashMap;

use crate::base::id::ApplicationId;
use crate::base::text;
use crate::base::time::Timestamp;
use crate::logic::cardinality::ValueKind;
use crate::model::outcome::Outcome;

/// Refused beacons that are remembered.
const RECENT_MAX: usize = 200;
/// Applications whose refusals are told apart between two flushes.
const PENDING_MAX: usize = 4_096;

/// A refused beacon, for the health page. Nothing of its content is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// When.
    pub at: Timestamp,
    /// Application it was addressed to; `None` when there is no such application.
    pub application: Option<ApplicationId>,
    /// Why.
    pub outcome: Outcome,
    /// Origin header, cleaned.
    pub origin: String,
}

/// Counts of outcomes. Every beacon that reaches the collector is counted once.
#[derive(Debug, Default)]
pub struct Outcomes {
    offered: AtomicU64,
    totals: [AtomicU64; Outcome::ALL.len()],
    pending: Mutex<AHashMap<(ApplicationId, Outcome), u64>>,
    recent: Mutex<VecDeque<Refusal>>,
    capped: Mutex<AHashMap<(ApplicationId, ValueKind), u64>>,
}

impl Outcomes {
    /// A beacon arrived.
    pub fn offer(&self) {
        self.offered.fetch_add(1, Ordering::Relaxed);
    }

    /// A beacon got its outcome in the pipeline, where the store counts it too.
    pub fn tell(&self, outcome: Outcome) {
        if let Some(total) = self.totals.get(outcome as usize) {
            total.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// A beacon was refused before the pipeline.
    pub fn refuse(&self, mut refusal: Refusal) {
        self.tell(refusal.outcome);
        let application = refusal.application.unwrap_or(ApplicationId(0));
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        if pending.len() < PENDING_MAX || pending.contains_key(&(application, refusal.outcome)) {
            *pending.entry((application, refusal.outcome)).or_default() += 1;
        }
        drop(pending);
        if refusal.outcome.status() < 400 {
            return;
        }
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        if recent.len() >= RECENT_MAX {
            recent.pop_front();
        }
        refusal.origin = text::clean(&refusal.origin, 200);
        recent.push_back(refusal);
    }

    /// Values of beacons were over the limit of a day and became `{other}`.
    pub fn cap(&self, more: Vec<((ApplicationId, ValueKind), u64)>) {
        if more.is_empty() {
            return;
        }
        let mut capped = self.capped.lock().unwrap_or_else(PoisonError::into_inner);
        for (key, count) in more {
            let is_known = capped.contains_key(&key);
            if is_known || capped.len() < PENDING_MAX {
                *capped.entry(key).or_default() += count;
            }
        }
    }

    /// Values over the limit of a day since the start, by kind; of all applications when none is given.
    #[must_use]
    pub fn capped(&self, application: Option<ApplicationId>) -> Vec<(ValueKind, u64)> {
        let capped = self.capped.lock().unwrap_or_else(PoisonError::into_inner);
        let of = |kind: ValueKind| -> u64 {
            let own = capped.iter().filter(|((of, known), _)| {
                *known == kind && application.is_none_or(|application| application == *of)
            });
            own.map(|(_, count)| *count).sum()
        };
        ValueKind::ALL.into_iter().map(|kind| (kind, of(kind))).collect()
    }

    /// Takes the refusals that the store has not counted yet.
    pub fn drain(&self) -> Vec<((ApplicationId, Outcome), u64)> {
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        pending.drain().collect()
    }

    /// Beacons that arrived since the start.
    #[must_use]
    pub fn offered(&self) -> u64 {
        self.offered.load(Ordering::Relaxed)
    }

    /// Totals since the start.
    #[must_use]
    pub fn totals(&self) -> Vec<(Outcome, u64)> {
        Outcome::ALL
            .iter()
            .zip(&self.totals)
            .map(|(outcome, total)| (*outcome, total.load(Ordering::Relaxed)))
            .collect()
    }

    /// The last refusals of an application, newest first; of all when none is given.
    #[must_use]
    pub fn recent(&self, application: Option<ApplicationId>, max: usize) -> Vec<Refusal> {
        let recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        recent
            .iter()
            .rev()
            .filter(|r| application.is_none() || r.application == application)
            .take(max)
            .cloned()
            .collect()
    }
}
