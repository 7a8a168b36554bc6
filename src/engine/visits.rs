//! Numbers of a session by application, from its rows: the session itself counts all applications together.

use crate::base::id::ApplicationId;
use crate::model::action::{ActionKind, ApdexZone, UserAction};
use crate::model::error_report::{ErrorKind, ErrorReport};
use crate::model::session::Session;
use crate::search::VisitFigures;

/// The applications of a session, in order of visit, with what happened in them.
#[derive(Debug)]
pub(super) struct Visits {
    /// Numbers, one for each application.
    pub figures: Vec<VisitFigures>,
}

impl Visits {
    /// Nothing has happened yet.
    pub fn of(session: &Session) -> Self {
        let visits = session.applications.iter();
        Self { figures: visits.map(|visit| VisitFigures::new(visit.application)).collect() }
    }

    fn visit(&mut self, application: ApplicationId) -> Option<&mut VisitFigures> {
        self.figures.iter_mut().find(|visit| visit.application == application)
    }

    /// Counts an action and its errors.
    pub fn add_action(&mut self, action: &UserAction) {
        let Some(visit) = self.visit(action.application) else {
            return;
        };
        let [loads, xhrs, customs] = &mut visit.actions;
        let kind = match action.kind {
            ActionKind::PageLoad => loads,
            ActionKind::Xhr => xhrs,
            ActionKind::Custom => customs,
        };
        *kind = kind.saturating_add(1);
        let [satisfied, tolerating, frustrated] = &mut visit.zones;
        let zone = match action.zone {
            ApdexZone::Satisfied => Some(satisfied),
            ApdexZone::Tolerating => Some(tolerating),
            ApdexZone::Frustrated => Some(frustrated),
            ApdexZone::Unknown => None,
        };
        if let Some(zone) = zone {
            *zone = zone.saturating_add(1);
        }
        if action.kind == ActionKind::PageLoad {
            visit.loads.push(action.duration.0);
        }
        let mut kept: u32 = 0;
        for error in &action.errors {
            kept = kept.saturating_add(error.count.max(1));
            count(visit, error.kind, error.count.max(1));
        }
        // What the action did not keep counts as the sessionizer counts it.
        count(visit, ErrorKind::Javascript, action.error_count.saturating_sub(kept));
    }

    /// Counts an error outside of any action.
    pub fn add_error(&mut self, application: ApplicationId, error: &ErrorReport) {
        if let Some(visit) = self.visit(application) {
            count(visit, error.kind, error.count.max(1));
        }
    }
}

fn count(visit: &mut VisitFigures, kind: ErrorKind, times: u32) {
    let [javascript, request, custom] = &mut visit.errors;
    let slot = match kind {
        ErrorKind::Javascript => javascript,
        ErrorKind::Request => request,
        ErrorKind::Custom => custom,
    };
    *slot = slot.saturating_add(times);
}
