//! The user experience score of a completed session (dem-semantics 3.2).

use crate::model::action::ApdexZone;
use crate::model::session::{Experience, Session};

/// Weight of a user action, in its own zone.
const ACTION_WEIGHT: u64 = 3;
/// Weight of an error: frustrating.
const ERROR_WEIGHT: u64 = 1;
/// Weight of a rage click: frustrating.
const RAGE_WEIGHT: u64 = 2;
/// Weight of a crash: frustrating.
const CRASH_WEIGHT: u64 = 5_000;

/// What a session is judged by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Elements {
    /// Actions in the satisfied zone.
    pub satisfied: u32,
    /// Actions in the tolerating zone.
    pub tolerating: u32,
    /// Actions in the frustrated zone.
    pub frustrated: u32,
    /// Errors.
    pub errors: u32,
    /// Rage clicks.
    pub rage_clicks: u32,
    /// Crashes.
    pub crashes: u32,
    /// Zone of the last action.
    pub last_zone: ApdexZone,
}

/// How sessions are judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExperienceSettings {
    /// From this percentage of frustrating weight on, a session is frustrated.
    pub frustrated_percent: u8,
    /// From this percentage of satisfying weight on, and with nothing frustrating, a session is satisfied.
    pub satisfied_percent: u8,
    /// Whether a frustrating last action makes the session frustrated.
    pub last_action_decides: bool,
}

impl Default for ExperienceSettings {
    fn default() -> Self {
        Self { frustrated_percent: 30, satisfied_percent: 50, last_action_decides: false }
    }
}

/// Summed weights of what frustrated, was borne, satisfied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Weights {
    /// Frustrating.
    pub frustrated: u64,
    /// Tolerated.
    pub tolerated: u64,
    /// Satisfying.
    pub satisfied: u64,
}

/// Sums the weights of a session's elements.
#[must_use]
pub fn weights(elements: &Elements) -> Weights {
    Weights {
        frustrated: u64::from(elements.frustrated) * ACTION_WEIGHT
            + u64::from(elements.errors) * ERROR_WEIGHT
            + u64::from(elements.rage_clicks) * RAGE_WEIGHT
            + u64::from(elements.crashes) * CRASH_WEIGHT,
        tolerated: u64::from(elements.tolerating) * ACTION_WEIGHT,
        satisfied: u64::from(elements.satisfied) * ACTION_WEIGHT,
    }
}

/// Judges summed weights. Undefined when there is nothing to judge by.
#[must_use]
pub fn judge(weights: Weights, settings: &ExperienceSettings) -> Experience {
    let all = weights.frustrated + weights.tolerated + weights.satisfied;
    let reaches = |part: u64, percent: u8| part * 100 >= all * u64::from(percent);
    if all == 0 {
        Experience::Undefined
    } else if weights.frustrated > 0 && reaches(weights.frustrated, settings.frustrated_percent) {
        Experience::Frustrated
    } else if weights.frustrated == 0 && reaches(weights.satisfied, settings.satisfied_percent) {
        Experience::Satisfied
    } else {
        Experience::Tolerated
    }
}

/// How a completed session felt.
#[must_use]
pub fn experience(elements: &Elements, settings: &ExperienceSettings) -> Experience {
    if settings.last_action_decides && elements.last_zone == ApdexZone::Frustrated {
        return Experience::Frustrated;
    }
    judge(weights(elements), settings)
}

/// How an ended session felt, with default settings; undefined while it is live.
#[must_use]
pub fn of_session(session: &Session) -> Experience {
    if session.is_live() {
        return Experience::Undefined;
    }
    let tally = &session.tally;
    experience(
        &Elements {
            satisfied: tally.satisfied,
            tolerating: tally.tolerating,
            frustrated: tally.frustrated,
            errors: tally.errors(),
            rage_clicks: tally.rage_clicks,
            crashes: 0,
            last_zone: session.last_zone,
        },
        &ExperienceSettings::default(),
    )
}

#[cfg(test)]
#[path = "experience_tests.rs"]
mod tests;
