//! What happened in one application of a session, packed into columns.

use tantivy::TantivyDocument;

use super::document::SessionDocument;
use super::fields::Fields;
use crate::base::id::ApplicationId;
use crate::model::session::{Experience, Session, SessionKind};

/// Bits of one count of actions: a part has at most 10,000.
const ACTION_BITS: u32 = 14;
/// Bits of one count of errors: at most a million of each kind is counted.
const ERROR_BITS: u32 = 20;
/// Bits of the place of an application among the visits of a session, of which there are at most 20.
const PLACE_BITS: u32 = 5;

/// Numbers of one application in a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisitFigures {
    /// Application.
    pub application: ApplicationId,
    /// Loads, XHR and custom actions.
    pub actions: [u32; 3],
    /// Satisfied, tolerating and frustrated actions.
    pub zones: [u32; 3],
    /// JavaScript, request and custom errors.
    pub errors: [u32; 3],
    /// Durations of the loads, milliseconds.
    pub loads: Vec<u32>,
}

impl VisitFigures {
    /// A visit in which nothing happened.
    #[must_use]
    pub const fn new(application: ApplicationId) -> Self {
        Self { application, actions: [0; 3], zones: [0; 3], errors: [0; 3], loads: Vec::new() }
    }

    /// Whether any error happened in it.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.errors.iter().any(|count| *count > 0)
    }
}

/// What the flags of a session say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Flags {
    pub kind: SessionKind,
    pub is_new: bool,
    pub is_bounce: bool,
    pub is_live: bool,
    pub experience: Experience,
}

impl Flags {
    fn of(session: &Session) -> Self {
        Self {
            kind: session.kind,
            is_new: session.is_new_visitor,
            is_bounce: session.is_bounce(),
            is_live: session.is_live(),
            experience: session.experience,
        }
    }

    fn pack(self) -> u64 {
        let kind = match self.kind {
            SessionKind::RealUser => 0,
            SessionKind::Robot => 1,
            SessionKind::Synthetic => 2,
        };
        let experience = match self.experience {
            Experience::Satisfied => 0,
            Experience::Tolerated => 1,
            Experience::Frustrated => 2,
            Experience::Undefined => 3,
        };
        kind | experience << 2
            | u64::from(self.is_new) << 4
            | u64::from(self.is_bounce) << 5
            | u64::from(self.is_live) << 6
    }

    pub fn unpack(packed: u64) -> Self {
        let is_set = |bit: u32| packed >> bit & 1 == 1;
        Self {
            kind: match packed & 3 {
                0 => SessionKind::RealUser,
                1 => SessionKind::Robot,
                _ => SessionKind::Synthetic,
            },
            experience: match packed >> 2 & 3 {
                0 => Experience::Satisfied,
                1 => Experience::Tolerated,
                2 => Experience::Frustrated,
                _ => Experience::Undefined,
            },
            is_new: is_set(4),
            is_bounce: is_set(5),
            is_live: is_set(6),
        }
    }
}

fn pack(counts: [u32; 3], bits: u32) -> u64 {
    let largest = (1_u32 << bits) - 1;
    counts.iter().rev().fold(0, |all, count| all << bits | u64::from((*count).min(largest)))
}

fn unpack(packed: u64, bits: u32) -> [u64; 3] {
    let mask = (1_u64 << bits) - 1;
    [packed & mask, packed >> bits & mask, packed >> (2 * bits) & mask]
}

/// Counts of actions as they were packed.
pub(super) fn unpack_actions(packed: u64) -> [u64; 3] {
    unpack(packed, ACTION_BITS)
}

/// Counts of errors as they were packed.
pub(super) fn unpack_errors(packed: u64) -> [u64; 3] {
    unpack(packed, ERROR_BITS)
}

/// Place of the application and milliseconds of a load.
pub(super) fn unpack_load(packed: u64) -> (usize, u32) {
    let place = packed & ((1 << PLACE_BITS) - 1);
    (usize::try_from(place).unwrap_or(0), u32::try_from(packed >> PLACE_BITS).unwrap_or(u32::MAX))
}

/// Adds the columns that statistics read.
pub(super) fn add_figures(
    document: &mut TantivyDocument,
    fields: &Fields,
    input: &SessionDocument,
) {
    document.add_u64(fields.flags, Flags::of(&input.session).pack());
    if !input.session.exit_page.is_empty() {
        let page = crate::base::text::cut(&input.session.exit_page, super::document::KEYWORD_BYTES);
        document.add_text(fields.exit, page);
    }
    for (place, visit) in (0_u64..1 << PLACE_BITS).zip(&input.visits) {
        document.add_u64(fields.visit, u64::from(visit.application.0));
        document.add_u64(fields.visit_actions, pack(visit.actions, ACTION_BITS));
        document.add_u64(fields.visit_zones, pack(visit.zones, ACTION_BITS));
        document.add_u64(fields.visit_errors, pack(visit.errors, ERROR_BITS));
        for millis in &visit.loads {
            document.add_u64(fields.loads, u64::from(*millis) << PLACE_BITS | place);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_is_unpacked() {
        for counts in [[0, 0, 0], [1, 2, 3], [10_000, 0, 10_000], [16_383, 16_383, 16_383]] {
            assert_eq!(unpack_actions(pack(counts, ACTION_BITS)), counts.map(u64::from));
        }
        assert_eq!(
            unpack_errors(pack([1_000_000, 7, 1_000_000], ERROR_BITS)),
            [1_000_000, 7, 1_000_000]
        );
        assert_eq!(unpack_actions(pack([20_000, 1, 0], ACTION_BITS)), [16_383, 1, 0]);
        assert_eq!(unpack_load((180_000 << PLACE_BITS) + 19), (19, 180_000));
    }

    #[test]
    fn flags_keep_everything() {
        for number in 0..128 {
            if number & 3 != 3 {
                assert_eq!(Flags::unpack(number).pack(), number);
            }
        }
    }
}
