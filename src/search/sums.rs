//! Sums of one period while they grow.

use ahash::AHashSet;

use super::statistics::{Figures, Period};
use crate::base::histogram::Histogram;
use crate::base::time::{Millis, Timestamp};

/// Where a period begins and ends.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    pub from: Timestamp,
    pub to: Timestamp,
}

/// Sums of one period of one group.
#[derive(Debug, Default)]
pub(super) struct Sums {
    pub buckets: Vec<Figures>,
    pub kinds: [u64; 3],
    pub people: AHashSet<u64>,
    pub loads: Histogram,
    pub durations: Histogram,
    pub last_seen: Option<Timestamp>,
}

impl Sums {
    /// The sums of one bucket.
    pub fn bucket(&mut self, at: usize, buckets: usize) -> Option<&mut Figures> {
        if self.buckets.is_empty() {
            self.buckets = vec![Figures::default(); buckets];
        }
        self.buckets.get_mut(at)
    }

    /// Adds the sums of others.
    pub fn merge(&mut self, other: Self) {
        if self.buckets.is_empty() {
            self.buckets = other.buckets;
        } else {
            for (own, other) in self.buckets.iter_mut().zip(&other.buckets) {
                own.add(other);
            }
        }
        for (own, other) in self.kinds.iter_mut().zip(other.kinds) {
            *own += other;
        }
        if self.people.len() < other.people.len() {
            let small = std::mem::replace(&mut self.people, other.people);
            self.people.extend(small);
        } else {
            self.people.extend(other.people);
        }
        self.last_seen = self.last_seen.max(other.last_seen);
        self.loads.merge(&other.loads);
        self.durations.merge(&other.durations);
    }

    /// The period as it is told.
    pub fn finish(mut self, span: Span, starts: &[Timestamp]) -> Period {
        let shift = |at: &Timestamp| Timestamp(at.0 + span.from.0);
        let mut figures = Figures::default();
        for bucket in &self.buckets {
            figures.add(bucket);
        }
        self.buckets.resize(starts.len(), Figures::default());
        Period {
            from: span.from,
            to: span.to,
            figures,
            people: u64::try_from(self.people.len()).unwrap_or(u64::MAX),
            kinds: self.kinds,
            last_seen: self.last_seen,
            loads: self.loads.count(),
            load_p75: self.loads.percentile(75).map(Millis),
            median_duration: self.durations.percentile(50).map(Millis),
            buckets: starts.iter().map(shift).zip(self.buckets).collect(),
        }
    }
}

/// Sums of one application, or of the whole, by period.
#[derive(Debug)]
pub(super) struct Group {
    pub key: u64,
    pub sums: Vec<Sums>,
}

impl Group {
    pub fn new(key: u64, spans: &[Span]) -> Self {
        Self { key, sums: spans.iter().map(|_| Sums::default()).collect() }
    }
}
