//! Client times to ours.

use crate::base::limits;
use crate::base::time::Timestamp;
use crate::model::beacon::Beacon;

/// Corrects the times of one beacon and counts what it cannot believe.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    base: i64,
    received_at: i64,
    /// Corrected minus client time.
    pub offset: i64,
    /// Times that were clamped.
    pub clamped: u32,
    /// Whether some time was young enough.
    pub has_young: bool,
}

impl Clock {
    /// For a beacon that came at `received_at`.
    pub const fn new(beacon: &Beacon, received_at: Timestamp) -> Self {
        Self {
            base: beacon.base.0,
            received_at: received_at.0,
            offset: received_at.0.saturating_sub(beacon.sent_at.0),
            clamped: 0,
            has_young: false,
        }
    }

    /// The corrected time of an event, never later than its beacon came and never much earlier.
    pub fn correct(&mut self, at: i64) -> Timestamp {
        let corrected = self.base.saturating_add(at).saturating_add(self.offset);
        let oldest = self.received_at.saturating_sub(limits::CLIENT_AGE_MAX_MILLIS);
        let clamped = corrected.clamp(oldest, self.received_at);
        self.clamped += u32::from(clamped != corrected);
        self.has_young |= corrected >= oldest;
        Timestamp(clamped)
    }
}
