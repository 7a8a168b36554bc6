//! What Apdex would be under thresholds that nobody has saved: user actions that were measured, weighed anew.

use super::apdex;
use crate::base::time::Millis;
use crate::model::action::{ActionKind, ApdexZone, UserAction};
use crate::model::application::ApdexThreshold;

/// Where the bins of durations begin, milliseconds: twelve even steps for each power of ten, as people round. The first
/// one also takes what is shorter, the last one all that is longer.
pub const STARTS: [u32; 42] = [
    33, 39, 47, 56, 68, 82, 100, 120, 150, 180, 220, 270, 330, 390, 470, 560, 680, 820, 1_000,
    1_200, 1_500, 1_800, 2_200, 2_700, 3_300, 3_900, 4_700, 5_600, 6_800, 8_200, 10_000, 12_000,
    15_000, 18_000, 22_000, 27_000, 33_000, 39_000, 47_000, 56_000, 68_000, 82_000,
];
/// Where the last bin ends when it is drawn.
pub const END: u32 = 100_000;

/// What Apdex needs of a user action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weighed {
    /// Kind.
    pub kind: ActionKind,
    /// Its key performance metric.
    pub metric: Millis,
    /// Whether an error frustrates it, however quick it was.
    pub has_error: bool,
}

impl Weighed {
    /// What counts of a user action; none when nothing of it was measured.
    #[must_use]
    pub fn of(action: &UserAction) -> Option<Self> {
        let metric =
            apdex::key_metric(action.kind, action.visually_complete, Some(action.duration))?;
        Some(Self { kind: action.kind, metric, has_error: !action.errors.is_empty() })
    }
}

/// User actions by zone; the frustrated ones by what frustrated them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Zones {
    /// Satisfied.
    pub satisfied: u32,
    /// Tolerating.
    pub tolerating: u32,
    /// Frustrated: too slow.
    pub slow: u32,
    /// Frustrated: an error, whatever the duration.
    pub failed: u32,
}

impl Zones {
    /// All actions.
    #[must_use]
    pub const fn all(self) -> u32 {
        self.satisfied + self.tolerating + self.slow + self.failed
    }

    /// Those that were too slow and those that failed.
    #[must_use]
    pub const fn frustrated(self) -> u32 {
        self.slow + self.failed
    }

    /// Apdex; none without actions.
    #[must_use]
    pub fn score(self) -> Option<f64> {
        apdex::score(self.satisfied, self.tolerating, self.frustrated())
    }

    /// Those of both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self {
            satisfied: self.satisfied + other.satisfied,
            tolerating: self.tolerating + other.tolerating,
            slow: self.slow + other.slow,
            failed: self.failed + other.failed,
        }
    }

    fn count(&mut self, action: Weighed, threshold: ApdexThreshold) {
        let slot = match apdex::zone(Some(action.metric), action.has_error, threshold) {
            ApdexZone::Satisfied => &mut self.satisfied,
            ApdexZone::Tolerating => &mut self.tolerating,
            ApdexZone::Frustrated if action.has_error => &mut self.failed,
            ApdexZone::Frustrated => &mut self.slow,
            ApdexZone::Unknown => return,
        };
        *slot += 1;
    }
}

/// One kind of user actions under two thresholds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trial {
    /// The thresholds.
    pub threshold: ApdexThreshold,
    /// All of them.
    pub zones: Zones,
    /// The same by duration, in the order of [`STARTS`].
    pub bins: Vec<Zones>,
}

/// Weighs the actions of a kind.
#[must_use]
pub fn attempt(actions: &[Weighed], kind: ActionKind, threshold: ApdexThreshold) -> Trial {
    let mut trial =
        Trial { threshold, zones: Zones::default(), bins: vec![Zones::default(); STARTS.len()] };
    for action in actions.iter().copied().filter(|action| action.kind == kind) {
        trial.zones.count(action, threshold);
        if let Some(bin) = trial.bins.get_mut(bin_of(action.metric)) {
            bin.count(action, threshold);
        }
    }
    trial
}

/// The bin in which a duration lies.
#[must_use]
pub fn bin_of(metric: Millis) -> usize {
    STARTS.partition_point(|start| *start <= metric.0).saturating_sub(1)
}

#[cfg(test)]
#[path = "apdex_trial_tests.rs"]
mod tests;
