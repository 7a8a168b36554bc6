//! What is kept of a visitor between two beacons.

use serde::{Deserialize, Serialize};

use super::context::Applied;
use crate::base::id::{ActionRef, ApplicationId, VisitorId};
use crate::base::time::{Millis, Timestamp};
use crate::model::beacon::PageEnd;
use crate::model::session::{EndReason, Session, SessionEvent};

/// How long after its end a session takes late events.
pub(super) const LATE_GRACE: Millis = Millis::secs(60);
/// Page views whose load is remembered for later vitals.
pub(super) const PAGE_VIEWS: usize = 8;

/// A visitor's sessionizer state: the session that takes events, and the one before it while late events may come.
/// Kept until [`super::expire`] gives nothing back; stored as a [`super::RestingSession`].
#[derive(Debug, Clone, PartialEq)]
pub struct OpenSession {
    pub(super) visitor: VisitorId,
    /// Application of the last beacon.
    pub(super) application: ApplicationId,
    pub(super) current: Option<Box<Part>>,
    pub(super) previous: Option<Box<Previous>>,
    /// What divides the previous session from the current one.
    pub(super) cut: Option<Cut>,
    pub(super) page_ends: Vec<PendingEnd>,
    pub(super) peers_gone: Vec<PeerGone>,
    /// Page views and their loads, oldest first.
    pub(super) views: Vec<(u32, ActionRef)>,
}

/// A session that is being put together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Part {
    pub(super) session: Session,
    pub(super) browser_session: u64,
    /// When its first event was received.
    pub(super) opened_at: Timestamp,
    /// Latest corrected time of anything in it.
    pub(super) active_at: Timestamp,
    /// Start of the last action.
    pub(super) last_start: Timestamp,
    /// Start of the first page load.
    pub(super) first_load: Option<Timestamp>,
    /// When the user tag was set.
    pub(super) tagged_at: Timestamp,
    /// When each property of the session was set.
    pub(super) property_times: Vec<Timestamp>,
    /// Events that came before the first action.
    pub(super) pending: Vec<SessionEvent>,
}

impl Part {
    /// Whether it has an action: before that it is not a session.
    pub(super) const fn is_started(&self) -> bool {
        self.session.tally.actions > 0
    }
}

/// A session that ended, while late events may come.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Previous {
    pub(super) part: Part,
    /// Until when, by time of receipt, it takes late events.
    pub(super) grace_until: Timestamp,
    /// What of it was not yet handed out.
    #[serde(skip)]
    pub(super) news: News,
}

/// What happened to a previous session since the last answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum News {
    #[default]
    None,
    Ended,
    Amended,
}

/// The border between two sessions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Cut {
    /// What lies before this belongs to the earlier session.
    pub(super) at: Timestamp,
    /// Whether the end of an action counts, not its start.
    pub(super) by_end: bool,
    /// Browser session that it holds for; another browser session is told apart by its id.
    pub(super) browser_session: u64,
    pub(super) reason: EndReason,
    /// A page said so: what comes after it from the same browser is another session.
    pub(super) by_page: bool,
}

impl Cut {
    pub(super) fn is_before(&self, start: Timestamp, end: Timestamp) -> bool {
        let moment = if self.by_end { end } else { start };
        moment < self.at
    }
}

/// A page that was left, until it is clear how.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct PendingEnd {
    pub(super) tab: u64,
    pub(super) at: Timestamp,
    pub(super) received_at: Timestamp,
    pub(super) application: ApplicationId,
    pub(super) end: PageEnd,
    /// The same tab was heard of again.
    pub(super) came_back: bool,
}

/// A page that another page saw go.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct PeerGone {
    pub(super) tab: u64,
    /// Tab of the page that told.
    pub(super) reporter: u64,
    pub(super) received_at: Timestamp,
    pub(super) became_visible: bool,
}

impl OpenSession {
    pub(super) const fn new(visitor: VisitorId, application: ApplicationId) -> Self {
        Self {
            visitor,
            application,
            current: None,
            previous: None,
            cut: None,
            page_ends: Vec::new(),
            peers_gone: Vec::new(),
            views: Vec::new(),
        }
    }

    /// The live session; `None` before its first action and when the last one is over.
    #[must_use]
    pub fn session(&self) -> Option<&Session> {
        self.current.as_ref().filter(|part| part.is_started()).map(|part| &part.session)
    }

    /// The session that ended last, while late events may still change it.
    #[must_use]
    pub fn previous(&self) -> Option<&Session> {
        self.previous.as_deref().map(|previous| &previous.part.session)
    }

    /// Whose state it is.
    #[must_use]
    pub const fn visitor(&self) -> VisitorId {
        self.visitor
    }

    /// Application of the last beacon: its rules say when the session expires.
    #[must_use]
    pub const fn application(&self) -> ApplicationId {
        self.application
    }

    /// When something last came from this visitor, by our clock: who was idle for longest is evicted first.
    #[must_use]
    pub fn received_at(&self) -> Timestamp {
        let current = self.current.as_ref().map(|part| part.session.received_at);
        let previous = self.previous.as_ref().map(|previous| previous.part.session.received_at);
        current.max(previous).unwrap_or_default()
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.current.is_none() && self.previous.is_none()
    }

    /// Notes which action loaded a page view.
    pub(super) fn remember_view(&mut self, page_view: u32, action: ActionRef) {
        if self.views.len() >= PAGE_VIEWS {
            self.views.remove(0);
        }
        self.views.push((page_view, action));
    }

    /// Puts a session that is over into the previous place; the one that was there is handed out and forgotten.
    pub(super) fn retire(&mut self, part: Part, at: Timestamp, out: &mut Applied) {
        self.forget_previous(out);
        self.previous =
            Some(Box::new(Previous { part, grace_until: at.after(LATE_GRACE), news: News::Ended }));
    }

    /// Hands out the previous session if it has news, and forgets it.
    pub(super) fn forget_previous(&mut self, out: &mut Applied) {
        if let Some(previous) = self.previous.take() {
            match previous.news {
                News::None => {}
                News::Ended => out.ended.push(previous.part.session),
                News::Amended => out.amended.push(previous.part.session),
            }
        }
    }

    /// Closes an answer: hands out news and keeps the state when something is left of it.
    pub(super) fn settle_into(mut self, mut out: Applied) -> Applied {
        if let Some(previous) = self.previous.as_mut() {
            match std::mem::take(&mut previous.news) {
                News::None => {}
                News::Ended => out.ended.push(previous.part.session.clone()),
                News::Amended => out.amended.push(previous.part.session.clone()),
            }
        }
        out.open = (!self.is_empty()).then_some(self);
        out
    }
}

/// The action that loaded a page view, while it is remembered: vitals that come later belong to it.
#[must_use]
pub fn action_of_page_view(open: &OpenSession, page_view: u32) -> Option<ActionRef> {
    open.views.iter().rev().find(|(view, _)| *view == page_view).map(|(_, action)| *action)
}
