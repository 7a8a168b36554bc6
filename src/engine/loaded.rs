//! A session with all its rows, read once for everything that is derived from them.

use ahash::AHashSet;

use super::visits::Visits;
use crate::columns::SessionRows;
use crate::model::action::{UserAction, WebVitals};
use crate::model::session::{Session, SessionEvent, SessionEventKind};
use crate::search::SessionDocument;
use crate::store::{self, Store};

/// A session with its rows. Those that cannot be read are left out and named in the log.
#[derive(Debug)]
pub(super) struct Loaded {
    pub session: Session,
    actions: Vec<UserAction>,
    events: Vec<SessionEvent>,
    vitals: Vec<(u32, WebVitals)>,
}

impl Loaded {
    /// Reads the rows of a session.
    pub fn read(store: &Store, session: Session) -> Self {
        let id = session.id;
        let tell = |error: store::Error, what: &str| {
            tracing::error!(session = %id, %error, "{what} of the session are left out");
        };
        let actions = store.actions(id).unwrap_or_else(|error| {
            tell(error, "user actions");
            Vec::new()
        });
        let events = store.events(id).unwrap_or_else(|error| {
            tell(error, "events");
            Vec::new()
        });
        let vitals = store.vitals(id).unwrap_or_else(|error| {
            tell(error, "vitals");
            Vec::new()
        });
        Self { session, actions, events, vitals }
    }

    /// As the columns take it.
    pub fn rows(&self) -> SessionRows<'_> {
        SessionRows { session: &self.session, actions: &self.actions, vitals: &self.vitals }
    }

    /// As the search index takes it.
    pub fn document(&self, sequence: u64) -> SessionDocument {
        let session = self.session.clone();
        let (mut pages, mut names, mut messages) = <(Texts, Texts, Texts)>::default();
        let mut visits = Visits::of(&session);
        pages.add(&session.entry_page);
        pages.add(&session.exit_page);
        for action in &self.actions {
            pages.add(&action.page);
            names.add(&action.name);
            visits.add_action(action);
            for error in &action.errors {
                messages.add(&error.message);
            }
        }
        for event in &self.events {
            if let SessionEventKind::Error(report) = &event.kind {
                visits.add_error(event.application, report);
                messages.add(&report.message);
            }
        }
        SessionDocument {
            session,
            pages: pages.found,
            action_names: names.found,
            error_messages: messages.found,
            visits: visits.figures,
            sequence,
        }
    }
}

#[derive(Default)]
struct Texts {
    seen: AHashSet<String>,
    found: Vec<String>,
}

impl Texts {
    fn add(&mut self, text: &str) {
        if !text.is_empty() && !self.seen.contains(text) {
            self.seen.insert(text.to_owned());
            self.found.push(text.to_owned());
        }
    }
}
