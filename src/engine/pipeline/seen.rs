//! Duplicate suppression: beacon ids of the last ten minutes, in two generations of bounded size.

use ahash::AHashSet;

use crate::base::id::BeaconId;
use crate::base::limits::BEACON_IDS;
use crate::base::time::{Millis, Timestamp};

/// How long one generation lasts.
const GENERATION: Millis = Millis::mins(10);

/// Ids of beacons that were taken.
#[derive(Debug, Default)]
pub struct Seen {
    young: AHashSet<BeaconId>,
    old: AHashSet<BeaconId>,
    since: Timestamp,
}

impl Seen {
    /// Whether the beacon was taken before; it is from now on.
    pub fn take(&mut self, id: BeaconId, now: Timestamp) -> bool {
        if self.old.contains(&id) || self.young.contains(&id) {
            return true;
        }
        if self.young.len() >= BEACON_IDS || now.since(self.since) >= GENERATION {
            self.old = std::mem::take(&mut self.young);
            self.since = now;
        }
        self.young.insert(id);
        false
    }

    /// Forgets a beacon whose batch failed: its resend is welcome.
    pub fn forget(&mut self, id: BeaconId) {
        self.young.remove(&id);
        self.old.remove(&id);
    }
}
