//! Apdex: the zone of an action and the score of many (product 3, dem-semantics 3.1).

use crate::base::time::Millis;
use crate::model::action::{ActionKind, ApdexZone};
use crate::model::application::{ApdexSettings, ApdexThreshold};

/// What people call a score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rating {
    /// Below 0.5.
    Unacceptable,
    /// From 0.5.
    Poor,
    /// From 0.7.
    Fair,
    /// From 0.85.
    Good,
    /// From 0.94.
    Excellent,
}

/// The thresholds that hold for an action.
#[must_use]
pub const fn threshold(settings: &ApdexSettings, kind: ActionKind) -> ApdexThreshold {
    match kind {
        ActionKind::PageLoad => settings.load,
        ActionKind::Xhr => settings.xhr,
        ActionKind::Custom => settings.custom,
    }
}

/// The key performance metric of an action: visually complete for loads and XHR, its duration for custom actions and
/// where the first is unknown.
#[must_use]
pub fn key_metric(
    kind: ActionKind,
    visually_complete: Option<Millis>,
    duration: Option<Millis>,
) -> Option<Millis> {
    match kind {
        ActionKind::PageLoad | ActionKind::Xhr => visually_complete.or(duration),
        ActionKind::Custom => duration,
    }
}

/// The zone of an action: any error that counts frustrates; a duration on the threshold is still inside.
#[must_use]
pub fn zone(metric: Option<Millis>, has_error: bool, threshold: ApdexThreshold) -> ApdexZone {
    if has_error {
        return ApdexZone::Frustrated;
    }
    match metric {
        None => ApdexZone::Unknown,
        Some(metric) if metric <= threshold.satisfied => ApdexZone::Satisfied,
        Some(metric) if metric <= threshold.tolerating => ApdexZone::Tolerating,
        Some(_) => ApdexZone::Frustrated,
    }
}

/// `(satisfied + tolerating / 2) / all`, in `0..=1`; `None` without actions.
#[must_use]
pub fn score(satisfied: u32, tolerating: u32, frustrated: u32) -> Option<f64> {
    let all = f64::from(satisfied) + f64::from(tolerating) + f64::from(frustrated);
    (all > 0.0).then(|| (f64::from(satisfied) + f64::from(tolerating) / 2.0) / all)
}

/// What people call a score.
#[must_use]
pub fn rating(score: f64) -> Rating {
    if score >= 0.94 {
        Rating::Excellent
    } else if score >= 0.85 {
        Rating::Good
    } else if score >= 0.7 {
        Rating::Fair
    } else if score >= 0.5 {
        Rating::Poor
    } else {
        Rating::Unacceptable
    }
}

#[cfg(test)]
#[path = "apdex_tests.rs"]
mod tests;
