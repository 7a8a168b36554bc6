//! What is asked of the index, and what it answers.

use std::fmt;
use std::str::FromStr;

use super::budget::Budget;
use crate::base::id::{ApplicationId, SessionId};
use crate::base::time::{Day, Timestamp};
use crate::model::query::{Field, Filter};

/// How far a free word reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Breadth {
    /// Words that begin with it, in user tag, page, action or error; or the session id.
    #[default]
    Near,
    /// Also user tags with the word anywhere inside.
    Inside,
    /// Also user tags that begin with it but for one typo, when it has several words.
    Close,
    /// Also user tags with its words, each with one typo at most.
    Typo,
}

/// Where the next page begins. Its text form is for URLs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// The last session of the page before.
    pub after: SessionId,
    /// How far words reached on that page.
    pub breadth: Breadth,
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let breadth = match self.breadth {
            Breadth::Near => 0,
            Breadth::Inside => 1,
            Breadth::Typo => 2,
            Breadth::Close => 3,
        };
        write!(f, "{}.{breadth}", self.after)
    }
}

impl FromStr for Cursor {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = "not a cursor of a session list";
        let (id, breadth) = text.split_once('.').ok_or(wrong)?;
        let breadth = match breadth {
            "0" => Breadth::Near,
            "1" => Breadth::Inside,
            "2" => Breadth::Typo,
            "3" => Breadth::Close,
            _ => return Err(wrong),
        };
        let after = id.parse().map_err(|_| wrong)?;
        Ok(Self { after, breadth })
    }
}

/// A search. The start of a session is the one in its id.
#[derive(Debug, Clone)]
pub struct SearchRequest {
    /// What must hold.
    pub filter: Filter,
    /// Sessions that started from here on, or are live and acted from here on.
    pub from: Timestamp,
    /// Sessions that started before this.
    pub to: Timestamp,
    /// Rows wanted.
    pub limit: usize,
    /// Where the page begins; `None` for the first.
    pub after: Option<Cursor>,
    /// Count all matches.
    pub want_total: bool,
    /// Count values, people and the histogram.
    pub want_facets: bool,
    /// Starts of the buckets of the histogram, in order; the last one ends with the range. Empty for even ones.
    pub bucket_starts: Vec<Timestamp>,
    /// Applications that may be seen; `None` for all.
    pub allowed: Option<Vec<ApplicationId>>,
    /// Names of applications, for `app:shop`.
    pub names: Vec<(ApplicationId, String)>,
    /// How long it may take.
    pub budget: Budget,
}

impl SearchRequest {
    /// A search for the newest 50 sessions, without counts.
    #[must_use]
    pub fn new(filter: Filter, from: Timestamp, to: Timestamp) -> Self {
        Self {
            filter,
            from,
            to,
            limit: 50,
            after: None,
            want_total: false,
            want_facets: false,
            bucket_starts: Vec::new(),
            allowed: None,
            names: Vec::new(),
            budget: Budget::default(),
        }
    }
}

/// The rows, and the counts when they were wanted.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SearchAnswer {
    /// Sessions, newest first.
    pub rows: Vec<SessionId>,
    /// Where the next page begins, when there is one.
    pub next: Option<Cursor>,
    /// How far words reached.
    pub breadth: Breadth,
    /// Counts, when wanted.
    pub counts: Option<SearchCounts>,
    /// Days of the range whose index is damaged and being rebuilt.
    pub missing_days: Vec<Day>,
}

/// Counts over all matches.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SearchCounts {
    /// Sessions.
    pub total: u64,
    /// Different people: user tags, or browsers where there is none; above half a million within 1 %.
    pub users: u64,
    /// Live sessions.
    pub live: u64,
    /// Most frequent values of some fields.
    pub facets: Vec<Facet>,
    /// Sessions by start and experience.
    pub histogram: Vec<Bucket>,
    /// The time ran out: counts are of the newest days only.
    pub is_partial: bool,
}

/// Most frequent values of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facet {
    /// Field.
    pub field: Field,
    /// Values with counts, most frequent first. Applications by id.
    pub values: Vec<(String, u64)>,
    /// Different values there are.
    pub distinct: u64,
}

/// One bar of the histogram.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Bucket {
    /// Start of the bucket.
    pub at: Timestamp,
    /// Satisfied sessions.
    pub satisfied: u64,
    /// Tolerated sessions.
    pub tolerated: u64,
    /// Frustrated sessions.
    pub frustrated: u64,
    /// Live sessions, not rated yet.
    pub undefined: u64,
}

/// What could be meant by the beginning of a search.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Suggestions {
    /// People.
    pub users: Vec<UserSuggestion>,
    /// Values of fields, most frequent first.
    pub values: Vec<ValueSuggestion>,
}

/// A user tag that matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserSuggestion {
    /// The tag.
    pub tag: String,
    /// Sessions in the range.
    pub sessions: u64,
    /// Start of the newest.
    pub last: Timestamp,
}

/// A value of a field that matches; folded, as filters compare it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueSuggestion {
    /// Field.
    pub field: Field,
    /// Value.
    pub value: String,
    /// Sessions in the days of the range.
    pub sessions: u64,
}
