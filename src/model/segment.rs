//! Saved segments: a filter of sessions under a name.

use serde::{Deserialize, Serialize};

use crate::base::id::{AccountId, SegmentId};
use crate::base::time::Timestamp;

/// A filter of sessions under a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    /// Id.
    pub id: SegmentId,
    /// Name, 1 to 64 characters; unique among those that its owner sees.
    pub name: String,
    /// Filter, as it is typed.
    pub filter: String,
    /// Who keeps it.
    pub owner: AccountId,
    /// Whether everybody sees it, or only its owner.
    pub is_shared: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// Increases with every change: the `ETag`.
    pub revision: u32,
}

impl Segment {
    /// Whether an account sees it.
    #[must_use]
    pub fn is_seen_by(&self, account: AccountId) -> bool {
        self.is_shared || self.owner == account
    }
}
