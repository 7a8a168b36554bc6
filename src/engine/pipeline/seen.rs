//! Duplicate suppression: digests of the beacon ids of the last ten minutes, in two generations of bounded size.

use ahash::{AHashSet, RandomState};

use crate::base::id::BeaconId;
use crate::base::limits::BEACON_IDS;
use crate::base::time::{Millis, Timestamp};

/// How long one generation lasts.
const GENERATION: Millis = Millis::mins(10);

/// Beacons that were taken. Half an id's bits are enough: among a million, one in 18 million million is taken for another.
#[derive(Debug, Default)]
pub struct Seen {
    digest: RandomState,
    young: AHashSet<u64>,
    old: AHashSet<u64>,
    since: Timestamp,
}

impl Seen {
    /// Whether the beacon was taken before; it is from now on.
    pub fn take(&mut self, id: BeaconId, now: Timestamp) -> bool {
        let digest = self.digest.hash_one(id.0);
        if self.old.contains(&digest) || self.young.contains(&digest) {
            return true;
        }
        if self.young.len() >= BEACON_IDS || now.since(self.since) >= GENERATION {
            // The table is used again: it has the size that it needs.
            std::mem::swap(&mut self.old, &mut self.young);
            self.young.clear();
            self.since = now;
        }
        self.young.insert(digest);
        false
    }
}
