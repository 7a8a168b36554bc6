//! The growing summary of a session: counts, first and last, tag, properties.

use super::context::InputContext;
use super::state::Part;
use crate::base::id::{ApplicationId, SessionId};
use crate::base::limits;
use crate::base::text;
use crate::base::time::{Millis, Timestamp};
use crate::logic::experience;
use crate::logic::metering::{self, Contract};
use crate::model::action::{ActionKind, ApdexZone, UserAction};
use crate::model::error_report::{ErrorKind, ErrorReport};
use crate::model::session::{
    ApplicationVisit, EndReason, Experience, Session, SessionEvent, SessionEventKind, SessionKind,
    Tally,
};

/// Events that are kept while a session has no action yet.
const PENDING_EVENTS: usize = 16;
/// Bytes of a stack trace that are kept while a session has no action yet.
const PENDING_STACK_BYTES: usize = 2_048;

/// Where an event ended up.
pub(super) enum Noted {
    /// It is a row with this number.
    Row(u32, SessionEvent),
    /// It waits for the first action.
    Waits,
    /// There was no room for it.
    Dropped,
}

impl Part {
    /// A session that has no action yet; it gets its id with the first one.
    pub(super) fn new(context: &InputContext<'_>, at: Timestamp, is_new_visitor: bool) -> Self {
        Self {
            session: Session {
                id: SessionId(0),
                visitor: context.visitor,
                part: 1,
                previous: None,
                kind: context.kind,
                started_at: at,
                last_at: at,
                received_at: context.now,
                end_reason: None,
                user_tag: String::new(),
                applications: Vec::new(),
                tally: Tally::default(),
                entry_page: String::new(),
                exit_page: String::new(),
                referrer: String::new(),
                campaign: String::new(),
                client: context.visit.client.clone(),
                environment: context.visit.environment.clone(),
                place: context.visit.place.clone(),
                ip: context.visit.ip,
                release: String::new(),
                is_new_visitor,
                last_zone: ApdexZone::Unknown,
                experience: Experience::Undefined,
                properties: Vec::new(),
                usage_units: 0,
                clock_offset: context.clock_offset,
                ruleset: context.ruleset,
                extensions: Vec::new(),
            },
            browser_session: context.browser_session,
            opened_at: context.now,
            active_at: at,
            last_start: at,
            first_load: None,
            tagged_at: at,
            property_times: Vec::new(),
            pending: Vec::new(),
        }
    }

    /// Lets who it is go over to a session that goes on where another reached a limit.
    pub(super) fn inherit(&mut self, from: &Self) {
        self.session.user_tag.clone_from(&from.session.user_tag);
        self.session.properties.clone_from(&from.session.properties);
        self.property_times.clone_from(&from.property_times);
        self.tagged_at = from.tagged_at;
        self.session.kind = from.session.kind;
    }

    /// Counts an action and gives it its number.
    pub(super) fn add_action(&mut self, action: &mut UserAction) {
        let end = action.started_at.after(action.duration);
        let is_first = !self.is_started();
        let session = &mut self.session;
        session.tally.actions = session.tally.actions.saturating_add(1);
        action.number = session.tally.actions;
        count_zone(&mut session.tally, action.zone);
        count_action_errors(&mut session.tally, action);
        if is_first || action.started_at < session.started_at {
            session.started_at = action.started_at;
            session.entry_page.clone_from(&action.page);
        }
        if is_first || action.started_at >= self.last_start {
            self.last_start = action.started_at;
            session.exit_page.clone_from(&action.page);
            session.last_zone = action.zone;
        }
        session.last_at = if is_first { end } else { session.last_at.max(end) };
        self.active_at = self.active_at.max(end);
        visit(&mut session.applications, action.application, action.started_at, end);
    }

    /// Takes referrer and campaign from the first page load.
    pub(super) fn note_load(&mut self, action: &UserAction, referrer: &str, campaign: &str) {
        if action.kind != ActionKind::PageLoad || action.is_soft_navigation {
            return;
        }
        if self.first_load.is_none_or(|first| action.started_at < first) {
            self.first_load = Some(action.started_at);
            referrer.clone_into(&mut self.session.referrer);
            campaign.clone_into(&mut self.session.campaign);
        }
    }

    /// Counts an event and numbers it, or keeps it until the first action.
    pub(super) fn add_event(&mut self, mut event: SessionEvent) -> Noted {
        self.active_at = self.active_at.max(event.at);
        if !self.is_started() {
            if self.pending.len() >= PENDING_EVENTS {
                self.session.tally.dropped = self.session.tally.dropped.saturating_add(1);
                return Noted::Dropped;
            }
            if let SessionEventKind::Error(error) = &mut event.kind {
                error.stack = text::cut(&error.stack, PENDING_STACK_BYTES).to_owned();
            }
            self.pending.push(event);
            return Noted::Waits;
        }
        self.number_event(event)
    }

    /// Counts an event of a session that has started.
    pub(super) fn number_event(&mut self, event: SessionEvent) -> Noted {
        let tally = &mut self.session.tally;
        match &event.kind {
            SessionEventKind::Error(error) => count_error(tally, error),
            SessionEventKind::RageClick { .. } => {
                tally.rage_clicks = tally.rage_clicks.saturating_add(1);
            }
            SessionEventKind::DeadClick { .. } => {
                tally.dead_clicks = tally.dead_clicks.saturating_add(1);
            }
            SessionEventKind::UserTag(_)
            | SessionEventKind::PageEnd { .. }
            | SessionEventKind::EndCall => {}
        }
        if tally.events >= limits::SESSION_EVENTS {
            tally.dropped = tally.dropped.saturating_add(1);
            return Noted::Dropped;
        }
        tally.events = tally.events.saturating_add(1);
        Noted::Row(tally.events, event)
    }

    /// Sets the user tag, unless a newer one is set.
    pub(super) fn set_tag(&mut self, tag: &str, at: Timestamp) {
        if tag.is_empty() || (!self.session.user_tag.is_empty() && at < self.tagged_at) {
            return;
        }
        if self.session.user_tag != tag {
            text::cut(tag, limits::USER_TAG_CHARS * 4).clone_into(&mut self.session.user_tag);
        }
        self.tagged_at = at;
    }

    /// Sets properties; the last value of each key stays.
    pub(super) fn set_properties(&mut self, properties: Vec<(String, String)>, at: Timestamp) {
        self.active_at = self.active_at.max(at);
        for (key, value) in properties {
            let known = &mut self.session.properties;
            match known.iter().position(|(name, _)| *name == key) {
                Some(index) => {
                    let slot = known.get_mut(index).zip(self.property_times.get_mut(index));
                    if let Some(((_, old), set_at)) = slot
                        && *set_at <= at
                    {
                        *old = value;
                        *set_at = at;
                    }
                }
                None if known.len() < limits::SESSION_PROPERTIES => {
                    known.push((key, value));
                    self.property_times.push(at);
                }
                None => {
                    self.session.tally.dropped = self.session.tally.dropped.saturating_add(1);
                }
            }
        }
    }

    /// Notes what a beacon says of the session as a whole.
    pub(super) fn note_beacon(&mut self, context: &InputContext<'_>) {
        let session = &mut self.session;
        session.received_at = session.received_at.max(context.now);
        session.clock_offset = context.clock_offset;
        session.ruleset = context.ruleset;
        if !context.release.is_empty() && session.release != context.release {
            context.release.clone_into(&mut session.release);
        }
        if session.kind == SessionKind::RealUser {
            session.kind = context.kind;
        }
        if self.browser_session == 0 {
            self.browser_session = context.browser_session;
        }
    }

    /// Counts what the agent lost and what had to be clamped; once per beacon.
    pub(super) const fn note_losses(&mut self, context: &InputContext<'_>) {
        let tally = &mut self.session.tally;
        tally.lost = tally.lost.saturating_add(context.lost);
        tally.clamped = tally.clamped.saturating_add(context.clamped);
    }

    /// Whether it would stay within the longest duration with this in it.
    pub(super) fn spans(&self, start: Timestamp, end: Timestamp, duration_max: Millis) -> bool {
        let first = self.session.started_at.min(start);
        let last = self.session.last_at.max(end);
        last <= first.after(duration_max)
    }

    /// Ends it; called again when a late event joined it.
    pub(super) fn finish(&mut self, reason: EndReason) {
        let session = &mut self.session;
        session.end_reason = Some(reason);
        session.experience = experience::of_session(session);
        session.usage_units = metering::units(session, Contract::default());
    }
}

fn visit(
    visits: &mut Vec<ApplicationVisit>,
    application: ApplicationId,
    start: Timestamp,
    end: Timestamp,
) {
    if let Some(known) = visits.iter_mut().find(|visit| visit.application == application) {
        known.action_count = known.action_count.saturating_add(1);
        known.first_at = known.first_at.min(start);
        known.last_at = known.last_at.max(end);
    } else if visits.len() < limits::SESSION_APPLICATIONS {
        visits.push(ApplicationVisit {
            application,
            action_count: 1,
            first_at: start,
            last_at: end,
        });
    }
    visits.sort_by_key(|visit| visit.first_at);
}

fn count_zone(tally: &mut Tally, zone: ApdexZone) {
    let slot = match zone {
        ApdexZone::Satisfied => &mut tally.satisfied,
        ApdexZone::Tolerating => &mut tally.tolerating,
        ApdexZone::Frustrated => &mut tally.frustrated,
        ApdexZone::Unknown => return,
    };
    *slot = slot.saturating_add(1);
}

fn count_error(tally: &mut Tally, error: &ErrorReport) {
    let slot = match error.kind {
        ErrorKind::Javascript => &mut tally.javascript_errors,
        ErrorKind::Request => &mut tally.request_errors,
        ErrorKind::Custom => &mut tally.custom_errors,
    };
    *slot = slot.saturating_add(error.count.max(1)).min(ERRORS_MAX);
}

/// Errors of each kind that are counted: three of them still add up without overflow.
const ERRORS_MAX: u32 = 1_000_000;

/// Errors that an action had but did not keep count as JavaScript errors.
fn count_action_errors(tally: &mut Tally, action: &UserAction) {
    for error in &action.errors {
        count_error(tally, error);
    }
    let kept =
        action.errors.iter().fold(0_u32, |sum, error| sum.saturating_add(error.count.max(1)));
    let rest = action.error_count.saturating_sub(kept);
    tally.javascript_errors = tally.javascript_errors.saturating_add(rest).min(ERRORS_MAX);
}
