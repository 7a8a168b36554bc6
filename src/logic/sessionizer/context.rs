//! What goes into the sessionizer with the events of a beacon, and what comes out.

use super::state::OpenSession;
use crate::base::id::{ApplicationId, SessionId, VisitorId};
use crate::base::time::Timestamp;
use crate::model::action::UserAction;
use crate::model::application::SessionRules;
use crate::model::session::{Session, SessionEvent, SessionKind};
use crate::model::visitor::Visit;

/// What all events of one beacon have in common.
#[derive(Debug, Clone, Copy)]
pub struct InputContext<'a> {
    /// When the beacon was received.
    pub now: Timestamp,
    /// Browser.
    pub visitor: VisitorId,
    /// Lives as long as the browser runs; 0 when unknown.
    pub browser_session: u64,
    /// Tab; 0 when unknown.
    pub tab: u64,
    /// Application of the beacon.
    pub application: ApplicationId,
    /// What is known of browser, place and machine.
    pub visit: &'a Visit,
    /// Release of the application; empty when unknown.
    pub release: &'a str,
    /// Referrer of the first page load in the beacon, masked.
    pub referrer: &'a str,
    /// `utm_campaign` of the first page load in the beacon.
    pub campaign: &'a str,
    /// Whether the browser had no visitor id before this visit.
    pub is_new_visitor: bool,
    /// Person, robot or monitor.
    pub kind: SessionKind,
    /// Corrected minus client time.
    pub clock_offset: i64,
    /// Events that the agent had to drop.
    pub lost: u32,
    /// Client times of the beacon that had to be clamped.
    pub clamped: u32,
    /// Version of the rules that classified the beacon.
    pub ruleset: u64,
    /// Random bits for the ids of new sessions; other bits for each beacon.
    pub random: u128,
    /// When sessions end.
    pub rules: &'a SessionRules,
}

/// A user action with its place.
#[derive(Debug, Clone, PartialEq)]
pub struct PlacedAction {
    /// Which of the inputs it was.
    pub input: usize,
    /// Session it belongs to; its number is in the action.
    pub session: SessionId,
    /// The action.
    pub action: Box<UserAction>,
}

/// What applying a beacon, or the passing of time, changed.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Applied {
    /// The visitor's state to keep; `None` when there is nothing more to know. Its live session, if it changed, is
    /// [`OpenSession::session`].
    pub open: Option<OpenSession>,
    /// Sessions that ended now, complete: each comes once.
    pub ended: Vec<Session>,
    /// Sessions that ended before and took late events: their rows are written again, units may have grown.
    pub amended: Vec<Session>,
    /// User actions, in order of their number inside each session.
    pub actions: Vec<PlacedAction>,
    /// Other events with their number in their session, from 1.
    pub events: Vec<(SessionId, u32, SessionEvent)>,
    /// Inputs that were placed in a session that was over already.
    pub late: u32,
    /// User actions that were not kept.
    pub dropped_actions: u32,
    /// Other inputs that were not kept.
    pub dropped_events: u32,
}
