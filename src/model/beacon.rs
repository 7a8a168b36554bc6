//! One request from the agent, decoded and bounded, before it is enriched.

use serde::{Deserialize, Serialize};

use super::action::{ActionKind, Resource, ResourceSum, Timings, WebVitals};
use super::error_report::ErrorReport;
use super::visitor::Environment;
use crate::base::id::{BeaconId, VisitorId};
use crate::base::time::{Millis, Timestamp};

/// One beacon. Offsets of events are milliseconds after `base`, on the client's clock.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Beacon {
    /// Made by the agent; a resend carries the same.
    pub id: BeaconId,
    /// Browser.
    pub visitor: VisitorId,
    /// Lives as long as the browser runs (session cookie); another one means the browser was closed.
    pub browser_session: u64,
    /// Tab, lives as long as the tab.
    pub tab: u64,
    /// Client time to which offsets are added.
    pub base: Timestamp,
    /// Client time of sending.
    pub sent_at: Timestamp,
    /// Screen, language and so on.
    pub environment: Environment,
    /// Release of the application.
    pub release: String,
    /// Whether the browser stored the visitor id before this visit.
    pub is_returning: bool,
    /// Events that the agent had to drop since the last beacon.
    pub lost: u32,
    /// Whether the browser is driven by automation (`navigator.webdriver`).
    pub is_automated: bool,
    /// What happened, at most `limits::BEACON_EVENTS`.
    pub events: Vec<BeaconEvent>,
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BeaconEvent {
    /// Milliseconds after `Beacon::base`; may be negative.
    pub at: i64,
    /// What.
    pub kind: BeaconEventKind,
}

/// Kinds of events of a beacon.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum BeaconEventKind {
    /// A finished user action.
    Action(Box<BeaconAction>),
    /// An error outside of any action.
    Error(Box<ErrorReport>),
    /// Vitals of a page view, sent when they changed.
    Vitals {
        /// Page view.
        page_view: u32,
        /// Values so far; the newest replaces older ones.
        vitals: Box<WebVitals>,
    },
    /// Who it is.
    UserTag(String),
    /// Session properties.
    Properties(Vec<(String, String)>),
    /// Several rapid clicks in one place.
    RageClick {
        /// Caption or name of the element.
        target: String,
        /// Page URL.
        url: String,
        /// How many clicks.
        count: u32,
    },
    /// A click on a control that was answered with nothing.
    DeadClick {
        /// Caption of the element.
        target: String,
        /// Page URL.
        url: String,
    },
    /// The page said `endSession()`.
    EndSession,
    /// A page of ours is being left (`pagehide`).
    PageEnd(PageEnd),
    /// A page of ours saw another page go (wire-protocols 8).
    PeerGone {
        /// The tab that went.
        tab: u64,
        /// Whether the reporting page became visible within 250 ms: then a tab was closed, not a window.
        became_visible: bool,
    },
    /// The page is visible and the visitor is there.
    Alive,
}

/// What a page knew when it was left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PageEnd {
    /// Kept in the back/forward cache.
    pub is_persisted: bool,
    /// It was the visible tab of its window.
    pub was_visible: bool,
    /// Where a navigation led that was seen before the end.
    pub navigation: Navigation,
    /// Other pages of this browser known to be open.
    pub peers: u32,
}

/// A navigation that preceded the end of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Navigation {
    /// None was seen.
    #[default]
    None,
    /// To a page of the same site.
    SameSite,
    /// To another site.
    OtherSite,
}

/// What the visitor did to begin an action.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Input {
    /// `click`, `keypress`, `touch`, `scroll`, `submit`, `change`; empty when there was none.
    pub kind: String,
    /// What the element says; empty when it says nothing or captions are masked in the page.
    pub caption: String,
    /// Name of the element, as `BUTTON`.
    pub element: String,
}

/// A user action as the agent sends it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct BeaconAction {
    /// Kind.
    pub kind: ActionKind,
    /// Name given by the page; empty lets the server name it.
    pub name: String,
    /// Input that began it.
    pub input: Input,
    /// URL of the page.
    pub url: String,
    /// URL to which a route change led.
    pub target_url: String,
    /// Name of the page, as the page gave it.
    pub page: String,
    /// Group of the page, as the page gave it.
    pub page_group: String,
    /// URL of the first request of an XHR action.
    pub request_url: String,
    /// Title of the page.
    pub title: String,
    /// Referrer of a page load.
    pub referrer: String,
    /// From start to end.
    pub duration: Millis,
    /// Visually complete.
    pub visually_complete: Option<Millis>,
    /// Speed index.
    pub speed_index: Option<Millis>,
    /// Sum of long tasks' time.
    pub long_tasks: Millis,
    /// W3C marks.
    pub timings: Timings,
    /// Route change without a document load.
    pub is_soft_navigation: bool,
    /// The page could not be seen when it began.
    pub was_hidden: bool,
    /// Number that the page gave it.
    pub page_number: u32,
    /// Number of the custom action around it.
    pub parent: u32,
    /// Page view.
    pub page_view: u32,
    /// Resources kept whole by the agent.
    pub resources: Vec<Resource>,
    /// The rest by host and kind.
    pub resource_sums: Vec<ResourceSum>,
    /// Errors during the action.
    pub errors: Vec<ErrorReport>,
    /// Properties.
    pub properties: Vec<(String, String)>,
}
