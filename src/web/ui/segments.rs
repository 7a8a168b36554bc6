//! Saved segments: filters of sessions under a name.

use serde::Serialize;

/// A row of the list of segments.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SegmentRow {
    /// The sessions in it.
    pub href: String,
    /// Name.
    pub name: String,
    /// Filter as text.
    pub filter: String,
    /// Who keeps it; empty when the account is gone.
    pub owner: String,
    /// Whether everybody sees it.
    pub is_shared: bool,
    /// Sessions of the last 24 hours.
    pub sessions: String,
    /// When it was made.
    pub made: String,
    /// Where the form that removes it leads; empty when one may not.
    pub remove: String,
}

/// The list of segments.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SegmentsPage {
    /// Segments by name.
    pub rows: Vec<SegmentRow>,
    /// Whether one may keep segments.
    pub may_save: bool,
}
