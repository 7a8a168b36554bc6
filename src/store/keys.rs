//! Ordered key layouts: big-endian, so that byte order is tuple order.

use crate::base::id::{ActionRef, ApplicationId, SessionId, VisitorId};
use crate::base::time::Timestamp;
use crate::model::outcome::Outcome;

/// Key of a session.
#[must_use]
pub fn session(id: SessionId) -> Vec<u8> {
    id.bytes().to_vec()
}

/// Key of a visitor's open state.
#[must_use]
pub fn visitor(id: VisitorId) -> Vec<u8> {
    id.0.to_be_bytes().to_vec()
}

/// Key of a numbered row of a session.
#[must_use]
pub fn numbered(id: SessionId, number: u32) -> Vec<u8> {
    let mut key = Vec::with_capacity(20);
    key.extend_from_slice(&id.bytes());
    key.extend_from_slice(&number.to_be_bytes());
    key
}

/// Key of an action and its parts.
#[must_use]
pub fn action(action: ActionRef) -> Vec<u8> {
    numbered(action.session, action.number)
}

/// Reads the session of a session or numbered key.
#[must_use]
pub fn session_of(key: &[u8]) -> Option<SessionId> {
    let bytes: [u8; 16] = key.get(..16)?.try_into().ok()?;
    Some(SessionId(u128::from_be_bytes(bytes)))
}

/// Reads the number of a numbered key.
#[must_use]
pub fn number_of(key: &[u8]) -> Option<u32> {
    Some(u32::from_be_bytes(key.get(16..20)?.try_into().ok()?))
}

/// Counter of outcomes: minutes since 1970, application (0 when unknown), outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OutcomeKey {
    /// Minutes since 1970.
    pub minute: u32,
    /// Application; 0 when it is unknown.
    pub application: ApplicationId,
    /// Outcome.
    pub outcome: Outcome,
}

impl OutcomeKey {
    /// The key bytes.
    #[must_use]
    pub fn bytes(self) -> Vec<u8> {
        let mut key = Vec::with_capacity(9);
        key.extend_from_slice(&self.minute.to_be_bytes());
        key.extend_from_slice(&self.application.0.to_be_bytes());
        key.push(self.outcome as u8);
        key
    }

    /// Parses key bytes.
    #[must_use]
    pub fn parse(key: &[u8]) -> Option<Self> {
        Some(Self {
            minute: u32::from_be_bytes(key.get(..4)?.try_into().ok()?),
            application: ApplicationId(u32::from_be_bytes(key.get(4..8)?.try_into().ok()?)),
            outcome: Outcome::from_code(*key.get(8)?)?,
        })
    }

    /// The instant at which its minute begins.
    #[must_use]
    pub fn start(self) -> Timestamp {
        Timestamp(i64::from(self.minute) * crate::base::time::MINUTE_MILLIS)
    }
}

/// Counter of license units: hours since 1970, application.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UsageKey {
    /// Hours since 1970.
    pub hour: u32,
    /// Application.
    pub application: ApplicationId,
}

impl UsageKey {
    /// The key bytes.
    #[must_use]
    pub fn bytes(self) -> Vec<u8> {
        let mut key = Vec::with_capacity(8);
        key.extend_from_slice(&self.hour.to_be_bytes());
        key.extend_from_slice(&self.application.0.to_be_bytes());
        key
    }

    /// Parses key bytes.
    #[must_use]
    pub fn parse(key: &[u8]) -> Option<Self> {
        Some(Self {
            hour: u32::from_be_bytes(key.get(..4)?.try_into().ok()?),
            application: ApplicationId(u32::from_be_bytes(key.get(4..8)?.try_into().ok()?)),
        })
    }

    /// The instant at which its hour begins.
    #[must_use]
    pub fn start(self) -> Timestamp {
        Timestamp(i64::from(self.hour) * crate::base::time::HOUR_MILLIS)
    }
}
