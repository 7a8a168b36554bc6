//! An open session at rest: what is kept of a visitor between two batches, without what the session's own row says.

use serde::{Deserialize, Serialize};

use super::state::{Cut, OpenSession, Part, PeerGone, PendingEnd, Previous};
use crate::base::id::{ActionRef, ApplicationId, SessionId, VisitorId};
use crate::base::time::Timestamp;
use crate::model::session::{Session, SessionEvent};

/// A visitor's state as it is stored. A session that has begun is named, not repeated: its row is written with this one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RestingSession {
    visitor: VisitorId,
    application: ApplicationId,
    current: Option<RestingPart>,
    previous: Option<Box<Previous>>,
    cut: Option<Cut>,
    page_ends: Vec<PendingEnd>,
    peers_gone: Vec<PeerGone>,
    views: Vec<(u32, ActionRef)>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct RestingPart {
    session: Place,
    browser_session: u64,
    opened_at: Timestamp,
    active_at: Timestamp,
    last_start: Timestamp,
    first_load: Option<Timestamp>,
    tagged_at: Timestamp,
    property_times: Vec<Timestamp>,
    pending: Vec<SessionEvent>,
}

/// Where the session of a part is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum Place {
    /// Here: without an action it is no session yet and has no row.
    Here(Box<Session>),
    /// In its row.
    Row(SessionId),
}

impl OpenSession {
    /// Lays the state to rest; the live session, if there is one, must be written as its own row.
    #[must_use]
    pub fn rest(self) -> (RestingSession, Option<Session>) {
        let mut live = None;
        let current = self.current.map(|part| {
            let part = *part;
            let place = if part.is_started() {
                let id = part.session.id;
                live = Some(part.session);
                Place::Row(id)
            } else {
                Place::Here(Box::new(part.session))
            };
            RestingPart {
                session: place,
                browser_session: part.browser_session,
                opened_at: part.opened_at,
                active_at: part.active_at,
                last_start: part.last_start,
                first_load: part.first_load,
                tagged_at: part.tagged_at,
                property_times: part.property_times,
                pending: part.pending,
            }
        });
        let resting = RestingSession {
            visitor: self.visitor,
            application: self.application,
            current,
            previous: self.previous,
            cut: self.cut,
            page_ends: self.page_ends,
            peers_gone: self.peers_gone,
            views: self.views,
        };
        (resting, live)
    }
}

impl RestingSession {
    /// Whose state it is.
    #[must_use]
    pub const fn visitor(&self) -> VisitorId {
        self.visitor
    }

    /// The session whose row [`RestingSession::wake`] needs.
    #[must_use]
    pub fn live(&self) -> Option<SessionId> {
        match self.current.as_ref()?.session {
            Place::Row(id) => Some(id),
            Place::Here(_) => None,
        }
    }

    /// Goes on with the state; `live` is the session of [`RestingSession::live`]. `None` when it is another one, or
    /// missing.
    #[must_use]
    pub fn wake(self, live: Option<Session>) -> Option<OpenSession> {
        let current = match self.current {
            None => None,
            Some(part) => {
                let session = match part.session {
                    Place::Here(session) => *session,
                    Place::Row(id) => live.filter(|session| session.id == id)?,
                };
                Some(Box::new(Part {
                    session,
                    browser_session: part.browser_session,
                    opened_at: part.opened_at,
                    active_at: part.active_at,
                    last_start: part.last_start,
                    first_load: part.first_load,
                    tagged_at: part.tagged_at,
                    property_times: part.property_times,
                    pending: part.pending,
                }))
            }
        };
        Some(OpenSession {
            visitor: self.visitor,
            application: self.application,
            current,
            previous: self.previous,
            cut: self.cut,
            page_ends: self.page_ends,
            peers_gone: self.peers_gone,
            views: self.views,
        })
    }
}
