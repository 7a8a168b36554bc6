//! Sessions: one visitor's user actions until an end rule.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use super::action::{ApdexZone, UserAction};
use super::error_report::ErrorReport;
use super::visitor::{Client, Environment, Place};
use crate::base::fold::fold;
use crate::base::id::{ApplicationId, SessionId, VisitorId};
use crate::base::time::{Millis, Timestamp};

/// Why a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EndReason {
    /// No activity for the idle time.
    Timeout,
    /// The browser window was closed.
    WindowClosed,
    /// It reached the longest duration.
    DurationLimit,
    /// It reached the number of actions; the next part goes on.
    ActionLimit,
    /// The page said `endSession()`.
    EndCall,
    /// Another person signed in.
    UserChange,
    /// The server had too many open sessions and closed the one idle for longest.
    Evicted,
}

impl EndReason {
    /// The word that the filter language and answers have for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Timeout => "timeout",
            Self::WindowClosed => "window_closed",
            Self::DurationLimit => "duration_limit",
            Self::ActionLimit => "action_limit",
            Self::EndCall => "end_call",
            Self::UserChange => "user_change",
            Self::Evicted => "evicted",
        }
    }
}

/// Who is behind a session.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum SessionKind {
    /// A person.
    #[default]
    RealUser,
    /// A crawler or other machine.
    Robot,
    /// A monitor.
    Synthetic,
}

impl SessionKind {
    /// The word that the filter language and answers have for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::RealUser => "real",
            Self::Robot => "robot",
            Self::Synthetic => "synthetic",
        }
    }
}

/// How a whole session felt (dem-semantics 3.2).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Experience {
    /// Good.
    Satisfied,
    /// Borne.
    Tolerated,
    /// Bad.
    Frustrated,
    /// The session is still live.
    #[default]
    Undefined,
}

impl Experience {
    /// The word that the filter language and answers have for it. Empty while live.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Satisfied => "satisfied",
            Self::Tolerated => "tolerated",
            Self::Frustrated => "frustrated",
            Self::Undefined => "",
        }
    }
}

/// One application visited in a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ApplicationVisit {
    /// Application.
    #[schema(value_type = String)]
    pub application: ApplicationId,
    /// User actions in it.
    pub action_count: u32,
    /// First action in it.
    #[schema(value_type = String)]
    pub first_at: Timestamp,
    /// End of the last action in it.
    #[schema(value_type = String)]
    pub last_at: Timestamp,
}

/// Numbers of a session that grow with each event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Tally {
    /// User actions.
    pub actions: u32,
    /// Actions in the satisfied zone.
    pub satisfied: u32,
    /// Actions in the tolerating zone.
    pub tolerating: u32,
    /// Actions in the frustrated zone.
    pub frustrated: u32,
    /// JavaScript errors.
    pub javascript_errors: u32,
    /// Request errors.
    pub request_errors: u32,
    /// Custom errors.
    pub custom_errors: u32,
    /// Rage clicks.
    pub rage_clicks: u32,
    /// Dead clicks.
    pub dead_clicks: u32,
    /// Events other than actions that are rows of their own.
    pub events: u32,
    /// Events that came too late or beyond a limit and were not kept.
    pub dropped: u32,
    /// Events that the agent had to drop.
    pub lost: u32,
    /// Client times that had to be clamped.
    pub clamped: u32,
}

impl Tally {
    /// All errors.
    #[must_use]
    pub const fn errors(&self) -> u32 {
        self.javascript_errors + self.request_errors + self.custom_errors
    }
}

/// A session, live or ended: one row of the store, under 1 KB.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Session {
    /// Id: tells the start.
    pub id: SessionId,
    /// Browser.
    pub visitor: VisitorId,
    /// Part, from 1; later parts follow the action limit.
    pub part: u32,
    /// The part before this one.
    pub previous: Option<SessionId>,
    /// Kind.
    pub kind: SessionKind,
    /// Start of the first action.
    pub started_at: Timestamp,
    /// End of the last action (the idle tail is not part of a session).
    pub last_at: Timestamp,
    /// When the last beacon came, by our clock.
    pub received_at: Timestamp,
    /// Why it ended; `None` while live.
    pub end_reason: Option<EndReason>,
    /// Who it is, as the privacy setting allows; empty when anonymous.
    pub user_tag: String,
    /// Applications, in order of visit.
    pub applications: Vec<ApplicationVisit>,
    /// Counts.
    pub tally: Tally,
    /// Page of the first action.
    pub entry_page: String,
    /// Page of the last action.
    pub exit_page: String,
    /// Referrer of the first page load, masked.
    pub referrer: String,
    /// `utm_campaign` of the first page load.
    pub campaign: String,
    /// Browser, OS, device.
    pub client: Client,
    /// Screen, language and so on.
    pub environment: Environment,
    /// Place.
    pub place: Place,
    /// Masked address.
    pub ip: Option<IpAddr>,
    /// Release of the application, last seen.
    pub release: String,
    /// First session of this browser.
    pub is_new_visitor: bool,
    /// Zone of the last action.
    pub last_zone: ApdexZone,
    /// How it felt; undefined while live.
    pub experience: Experience,
    /// Properties, the last value of each key.
    pub properties: Vec<(String, String)>,
    /// License units: set when it ends (product 6).
    pub usage_units: u32,
    /// Corrected minus client time of the last beacon.
    pub clock_offset: i64,
    /// Version of the rules that classified it.
    pub ruleset: u64,
    /// Growing parts to come: (tag, bytes).
    pub extensions: Vec<(u16, Vec<u8>)>,
}

impl Session {
    /// First action start to last action end.
    #[must_use]
    pub fn duration(&self) -> Millis {
        self.last_at.since(self.started_at)
    }

    /// Still open.
    #[must_use]
    pub const fn is_live(&self) -> bool {
        self.end_reason.is_none()
    }

    /// The person behind it, as a number: by user tag, or by browser when there is none.
    #[must_use]
    pub fn person(&self) -> u64 {
        let hash = if self.user_tag.is_empty() {
            blake3::hash(&self.visitor.0.to_be_bytes())
        } else {
            blake3::hash(fold(&self.user_tag).as_bytes())
        };
        hash.as_bytes().first_chunk::<8>().map_or(0, |bytes| u64::from_be_bytes(*bytes))
    }

    /// At most one user action.
    #[must_use]
    pub const fn is_bounce(&self) -> bool {
        self.tally.actions <= 1
    }
}

/// An event of a session that is not a user action: a row of its own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SessionEvent {
    /// When, by corrected client clock.
    pub at: Timestamp,
    /// Application.
    pub application: ApplicationId,
    /// What.
    pub kind: SessionEventKind,
}

/// Kinds of events of a session.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum SessionEventKind {
    /// An error outside of any action.
    Error(ErrorReport),
    /// Several rapid clicks in one place.
    RageClick {
        /// Caption or name of the element.
        target: String,
        /// Page.
        page: String,
        /// How many clicks.
        count: u32,
    },
    /// A click on a control that was answered with nothing.
    DeadClick {
        /// Caption or name of the element.
        target: String,
        /// Page.
        page: String,
    },
    /// A user tag was set.
    UserTag(String),
    /// A page was left.
    PageEnd {
        /// `navigated`, `left_site`, `tab_closed`, `window_closed`, `closed`.
        how: PageEndKind,
    },
    /// The page said `endSession()`.
    EndCall,
}

/// How a page was left, as far as it can be told (wire-protocols 8).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PageEndKind {
    /// Another page of the site followed in the same tab.
    Navigated,
    /// The visitor went to another site.
    LeftSite,
    /// A tab was closed, others stay.
    TabClosed,
    /// The window was closed.
    WindowClosed,
    /// Closed, and it cannot be told how.
    Closed,
}

/// One enriched input of the sessionizer: masked, named, with corrected time.
#[derive(Debug, Clone, PartialEq)]
pub enum SessionInput {
    /// A user action; its `number` is given by the sessionizer.
    Action(Box<UserAction>),
    /// An event row.
    Event(SessionEvent),
    /// Session properties.
    Properties(Vec<(String, String)>),
    /// A page of the browser was left.
    PageEnd(super::beacon::PageEnd),
    /// Another page saw a page go.
    PeerGone {
        /// The tab that went.
        tab: u64,
        /// The reporter became visible at once.
        became_visible: bool,
    },
    /// A sign of life without content.
    Alive,
}

/// Sample values for tests of all rooms.
#[cfg(test)]
pub mod tests_support {
    use super::{ApdexZone, Client, Environment, Experience, Place, Session, SessionKind, Tally};
    use crate::base::id::{SessionId, VisitorId};

    /// A live, empty session.
    #[must_use]
    pub fn sample(id: SessionId, visitor: VisitorId) -> Session {
        Session {
            id,
            visitor,
            part: 1,
            previous: None,
            kind: SessionKind::RealUser,
            started_at: id.start(),
            last_at: id.start(),
            received_at: id.start(),
            end_reason: None,
            user_tag: "ryan".to_owned(),
            applications: Vec::new(),
            tally: Tally::default(),
            entry_page: "/".to_owned(),
            exit_page: "/checkout".to_owned(),
            referrer: String::new(),
            campaign: String::new(),
            client: Client::default(),
            environment: Environment::default(),
            place: Place::default(),
            ip: None,
            release: String::new(),
            is_new_visitor: true,
            last_zone: ApdexZone::Unknown,
            experience: Experience::Undefined,
            properties: Vec::new(),
            usage_units: 0,
            clock_offset: 0,
            ruleset: 0,
            extensions: Vec::new(),
        }
    }
}
