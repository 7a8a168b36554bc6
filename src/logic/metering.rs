//! What counts for the license, and why (product 6, dem-semantics 7).

use crate::base::limits;
use crate::base::time::{HOUR_MILLIS, Timestamp};
use crate::model::session::{ApplicationVisit, Session, SessionKind};

/// How the contract counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Contract {
    /// One unit per session.
    #[default]
    PerSession,
    /// One unit per application with at least two user actions and each hour started in it.
    PerApplicationHour,
}

/// Why a session counts or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Explanation {
    /// It counts.
    Counted,
    /// A monitor made it.
    Synthetic,
    /// A robot made it.
    Robot,
    /// It goes on from a part that counted already.
    LaterPart,
    /// It has at most one user action.
    Bounce,
}

/// Why a session counts or not: the first reason that holds.
#[must_use]
pub fn explain(session: &Session, contract: Contract) -> Explanation {
    match session.kind {
        SessionKind::Synthetic => return Explanation::Synthetic,
        SessionKind::Robot => return Explanation::Robot,
        SessionKind::RealUser => {}
    }
    if session.part > 1 {
        return Explanation::LaterPart;
    }
    let is_bounce = match contract {
        Contract::PerSession => session.is_bounce(),
        Contract::PerApplicationHour => !session.applications.iter().any(is_countable),
    };
    if is_bounce { Explanation::Bounce } else { Explanation::Counted }
}

/// License units of a session.
#[must_use]
pub fn units(session: &Session, contract: Contract) -> u32 {
    if explain(session, contract) != Explanation::Counted {
        return 0;
    }
    match contract {
        Contract::PerSession => 1,
        Contract::PerApplicationHour => session
            .applications
            .iter()
            .take(limits::SESSION_APPLICATIONS)
            .filter(|visit| is_countable(visit))
            .map(|visit| hours_started(visit.first_at, visit.last_at))
            .fold(0, u32::saturating_add),
    }
}

const fn is_countable(visit: &ApplicationVisit) -> bool {
    visit.action_count >= 2
}

/// Hours begun between two instants, at least one.
fn hours_started(from: Timestamp, to: Timestamp) -> u32 {
    let hour = u32::try_from(HOUR_MILLIS).unwrap_or(u32::MAX);
    to.since(from).0.div_ceil(hour).max(1)
}

#[cfg(test)]
#[path = "metering_tests.rs"]
mod tests;
