//! Every table of a day's `records.redb`: key, value, owner. Names read `VALUE_BY_KEY`.
//!
//! Keys and values are raw bytes (big-endian integers), values are records of `codec`.

use redb::TableDefinition;

/// Type of all tables: raw bytes.
pub type Bytes = TableDefinition<'static, &'static [u8], &'static [u8]>;

/// Version of the layout of the data folder.
pub const FORMAT: u32 = 1;

/// Sessions, live and ended, by session id. Owner: `reads`.
pub const SESSION_BY_ID: Bytes = Bytes::new("session_by_id");
/// State of the sessionizer by visitor, in the folder of the day on which it was last written. Owner: `reads`.
pub const OPEN_SESSION_BY_VISITOR: Bytes = Bytes::new("open_session_by_visitor");
/// User actions by (session id, number). Owner: `reads`.
pub const ACTION_BY_SESSION: Bytes = Bytes::new("action_by_session");
/// Resources of user actions by (session id, number). Owner: `reads`.
pub const RESOURCES_BY_ACTION: Bytes = Bytes::new("resources_by_action");
/// Web vitals of page loads by (session id, number). Owner: `reads`.
pub const VITALS_BY_ACTION: Bytes = Bytes::new("vitals_by_action");
/// Errors, rage clicks, tags, page ends by (session id, number). Owner: `reads`.
pub const EVENT_BY_SESSION: Bytes = Bytes::new("event_by_session");
/// Counts of outcomes by (minute, application, outcome). Owner: `reads`.
pub const OUTCOME_BY_MINUTE: Bytes = Bytes::new("outcome_by_minute");
/// License units by (hour, application). Owner: `reads`.
pub const USAGE_BY_HOUR: Bytes = Bytes::new("usage_by_hour");
/// Ids of sessions changed, by checkpoint sequence: what the search index still has to take. Owner: `day`.
pub const CHANGED_BY_SEQUENCE: Bytes = Bytes::new("changed_by_sequence");
/// Ids of beacons taken, by checkpoint sequence. Owner: `day`.
pub const BEACON_BY_SEQUENCE: Bytes = Bytes::new("beacon_by_sequence");
/// `format` and `sequence` of the file. Owner: `day`.
pub const META: Bytes = Bytes::new("meta");

/// A table that journal frames write to, with its stable number in the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Table {
    /// `SESSION_BY_ID`
    Session = 1,
    /// `OPEN_SESSION_BY_VISITOR`
    OpenSession = 2,
    /// `ACTION_BY_SESSION`
    Action = 3,
    /// `RESOURCES_BY_ACTION`
    Resources = 4,
    /// `VITALS_BY_ACTION`
    Vitals = 5,
    /// `EVENT_BY_SESSION`
    Event = 6,
    /// `OUTCOME_BY_MINUTE`
    Outcome = 7,
    /// `USAGE_BY_HOUR`
    Usage = 8,
}

impl Table {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Session,
        Self::OpenSession,
        Self::Action,
        Self::Resources,
        Self::Vitals,
        Self::Event,
        Self::Outcome,
        Self::Usage,
    ];

    /// The table with this number.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|t| *t as u8 == number)
    }

    /// Its definition.
    #[must_use]
    pub const fn definition(self) -> Bytes {
        match self {
            Self::Session => SESSION_BY_ID,
            Self::OpenSession => OPEN_SESSION_BY_VISITOR,
            Self::Action => ACTION_BY_SESSION,
            Self::Resources => RESOURCES_BY_ACTION,
            Self::Vitals => VITALS_BY_ACTION,
            Self::Event => EVENT_BY_SESSION,
            Self::Outcome => OUTCOME_BY_MINUTE,
            Self::Usage => USAGE_BY_HOUR,
        }
    }
}
