//! Applies the events of one beacon to a visitor's sessions.

use super::context::{Applied, InputContext, PlacedAction};
use super::state::{Cut, LATE_GRACE, OpenSession, Part, PeerGone, PendingEnd};
use super::summary::Noted;
use crate::base::id::{ActionRef, SessionId};
use crate::base::time::{Millis, Timestamp};
use crate::model::action::{ActionKind, UserAction};
use crate::model::session::{EndReason, SessionEvent, SessionEventKind, SessionInput};

/// Applies the events of one beacon, each with its corrected time. Pure: time and randomness are in the context.
#[must_use]
pub fn apply(
    open: Option<OpenSession>,
    inputs: Vec<(Timestamp, SessionInput)>,
    context: &InputContext<'_>,
) -> Applied {
    let mut open = open.unwrap_or_else(|| OpenSession::new(context.visitor, context.application));
    let mut out = Applied::default();
    for (at, input) in &inputs {
        if !matches!(input, SessionInput::PageEnd(_)) {
            open.note_tab_alive(context.tab, *at);
        }
    }
    open.pass_time(context.now, context.rules, &mut out);
    open.application = context.application;
    let mut step =
        Step { open, context, out, is_late: false, ids: 0, has_noted: false, has_counted: false };
    step.choose_browser(&inputs);
    for (index, at, input) in in_order(inputs) {
        step.place(index, at, input);
    }
    step.open.settle_into(step.out)
}

/// One beacon on its way into the sessions.
pub(super) struct Step<'a> {
    pub(super) open: OpenSession,
    pub(super) context: &'a InputContext<'a>,
    pub(super) out: Applied,
    /// The beacon comes from a browser that was closed.
    pub(super) is_late: bool,
    /// Ids given so far.
    pub(super) ids: u128,
    /// The current session knows of this beacon.
    pub(super) has_noted: bool,
    /// Its losses are counted.
    pub(super) has_counted: bool,
}

/// Start and end of an input.
pub(super) fn span(at: Timestamp, input: &SessionInput) -> (Timestamp, Timestamp) {
    match input {
        SessionInput::Action(action) => {
            (action.started_at, action.started_at.after(action.duration))
        }
        _ => (at, at),
    }
}

/// Sorts inputs by time. An action during which a user tag was set comes after the tag.
fn in_order(
    inputs: Vec<(Timestamp, SessionInput)>,
) -> impl Iterator<Item = (usize, Timestamp, SessionInput)> {
    let tags: Vec<Timestamp> =
        inputs.iter().filter(|(_, input)| tag_of(input).is_some()).map(|(at, _)| *at).collect();
    let key = |at: Timestamp, input: &SessionInput| {
        let (start, end) = span(at, input);
        match input {
            SessionInput::Action(_) => {
                let tag = tags.iter().filter(|tag| start < **tag && **tag <= end).max();
                (tag.copied().unwrap_or(start), 1_u8)
            }
            input if tag_of(input).is_some() => (at, 0),
            SessionInput::Event(SessionEvent { kind: SessionEventKind::EndCall, .. }) => (at, 2),
            _ => (at, 1),
        }
    };
    let mut ordered: Vec<(usize, Timestamp, SessionInput)> =
        inputs.into_iter().enumerate().map(|(index, (at, input))| (index, at, input)).collect();
    ordered.sort_by_key(|(_, at, input)| key(*at, input));
    ordered.into_iter()
}

fn tag_of(input: &SessionInput) -> Option<&str> {
    match input {
        SessionInput::Event(SessionEvent { kind: SessionEventKind::UserTag(tag), .. }) => {
            Some(tag).filter(|tag| !tag.is_empty()).map(String::as_str)
        }
        _ => None,
    }
}

pub(super) const fn is_same_browser(one: u64, other: u64) -> bool {
    one == 0 || other == 0 || one == other
}

impl Step<'_> {
    /// A beacon of another browser session: either the browser was closed and opened again, or the beacon is late.
    fn choose_browser(&mut self, inputs: &[(Timestamp, SessionInput)]) {
        let mine = self.context.browser_session;
        let Some(current) = self.open.current.as_deref() else {
            return;
        };
        if is_same_browser(current.browser_session, mine) {
            return;
        }
        let spans = || inputs.iter().map(|(at, input)| span(*at, input).0);
        let Some((first, last)) = spans().min().zip(spans().max()) else {
            self.is_late = true;
            return;
        };
        let is_previous = self
            .open
            .previous
            .as_ref()
            .is_some_and(|previous| mine == previous.part.browser_session);
        if is_previous || (current.is_started() && last < current.session.started_at) {
            self.is_late = true;
            return;
        }
        let cut = Cut {
            at: first,
            by_end: false,
            browser_session: current.browser_session,
            reason: EndReason::WindowClosed,
            by_page: false,
        };
        self.open.end_current(cut, self.context.now, &mut self.out);
    }

    fn place(&mut self, index: usize, at: Timestamp, input: SessionInput) {
        let (start, end) = span(at, &input);
        let is_action = matches!(input, SessionInput::Action(_));
        let starts = is_action || opens(&input);
        if let Some(reason) = self.lateness(start, end) {
            self.place_late(index, at, input, reason);
            return;
        }
        self.make_room(start, end, is_action);
        if self.open.current.is_none() {
            if !starts {
                self.drop_input(is_action);
                return;
            }
            self.open_part(start);
        }
        self.split_by_tag(&input, at);
        if !self.has_noted {
            self.has_noted = true;
            if let Some(part) = self.open.current.as_deref_mut() {
                part.note_beacon(self.context);
                if !self.has_counted {
                    self.has_counted = true;
                    part.note_losses(self.context);
                }
            }
        }
        match input {
            SessionInput::Action(action) => self.add_action(index, action),
            SessionInput::Event(event) => self.add_event(event),
            SessionInput::Properties(properties) => {
                if let Some(part) = self.open.current.as_deref_mut() {
                    part.set_properties(properties, at);
                }
            }
            SessionInput::PageEnd(page_end) => {
                self.touch(at);
                let pending = PendingEnd {
                    tab: self.context.tab,
                    at,
                    received_at: self.context.now,
                    application: self.context.application,
                    end: page_end,
                    came_back: false,
                };
                if !self.open.note_page_end(pending) {
                    self.drop_input(false);
                }
            }
            SessionInput::PeerGone { tab, became_visible } => {
                self.touch(at);
                self.open.note_peer_gone(PeerGone {
                    tab,
                    reporter: self.context.tab,
                    received_at: self.context.now,
                    became_visible,
                });
            }
            SessionInput::Alive => self.touch(at),
        }
    }

    /// Whether an input lies before the current session, and what it was that came between.
    fn lateness(&self, start: Timestamp, end: Timestamp) -> Option<EndReason> {
        if self.is_late {
            return Some(EndReason::WindowClosed);
        }
        let browser = self.context.browser_session;
        if let Some(cut) = self.open.cut
            && is_same_browser(cut.browser_session, browser)
            && cut.is_before(start, end)
        {
            return Some(cut.reason);
        }
        let part = self.open.current.as_deref()?;
        let rules = self.context.rules;
        let first = if part.is_started() { part.session.started_at } else { part.active_at };
        if end.after(rules.idle) < first {
            return Some(EndReason::Timeout);
        }
        (part.is_started() && start < first && !part.spans(start, end, rules.duration_max))
            .then_some(EndReason::DurationLimit)
    }

    /// Ends the current session when the input lies beyond one of its limits.
    fn make_room(&mut self, start: Timestamp, end: Timestamp, is_action: bool) {
        let Some(part) = self.open.current.as_deref() else {
            return;
        };
        let rules = self.context.rules;
        let now = self.context.now;
        if start > part.active_at.after(rules.idle) {
            let cut = part.idle_cut(rules);
            self.end(cut, now);
            return;
        }
        if !part.is_started() {
            return;
        }
        // A clock that stands still cannot keep a session open: time of receipt counts, too.
        let is_too_old = now > part.opened_at.after(rules.duration_max).after(LATE_GRACE);
        if is_too_old || !part.spans(start, end, rules.duration_max) {
            let cut = part.duration_cut(rules);
            let mut next = Part::new(self.context, start, false);
            next.inherit(part);
            self.end(cut, now);
            self.open.current = Some(Box::new(next));
        } else if is_action && part.session.tally.actions >= rules.actions_max.max(1) {
            self.next_part(start);
        }
    }

    fn end(&mut self, cut: Cut, now: Timestamp) {
        self.open.end_current(cut, now, &mut self.out);
        self.has_noted = false;
    }

    /// Opens the next part after the action limit. Late events go to the open part, so nothing is kept of the full one.
    fn next_part(&mut self, at: Timestamp) {
        let Some(mut full) = self.open.current.take() else {
            return;
        };
        full.finish(EndReason::ActionLimit);
        let mut next = Part::new(self.context, at, full.session.is_new_visitor);
        next.inherit(&full);
        next.session.part = full.session.part.saturating_add(1);
        next.session.previous = Some(full.session.id);
        self.open.current = Some(Box::new(next));
        self.out.ended.push(full.session);
        self.has_noted = false;
    }

    fn open_part(&mut self, at: Timestamp) {
        let is_new = self.context.is_new_visitor && self.open.cut.is_none();
        self.open.current = Some(Box::new(Part::new(self.context, at, is_new)));
        self.has_noted = false;
    }

    /// Another person signed in: the session so far is over.
    fn split_by_tag(&mut self, input: &SessionInput, at: Timestamp) {
        let (Some(tag), Some(part)) = (tag_of(input), self.open.current.as_deref()) else {
            return;
        };
        let known = &part.session.user_tag;
        let is_other = !known.is_empty() && known != tag && at >= part.tagged_at;
        if !is_other || !part.is_started() || !self.context.rules.split_on_user_change {
            return;
        }
        let cut = Cut {
            at,
            by_end: true,
            browser_session: part.browser_session,
            reason: EndReason::UserChange,
            by_page: true,
        };
        self.end(cut, self.context.now);
        self.open_part(at);
    }

    fn add_action(&mut self, index: usize, mut action: Box<UserAction>) {
        let Some(part) = self.open.current.as_deref_mut() else {
            return;
        };
        let is_first = !part.is_started();
        if is_first {
            part.session.id = fresh_id(&mut self.ids, self.context, action.started_at);
        }
        part.add_action(&mut action);
        part.note_load(&action, self.context.referrer, self.context.campaign);
        let session = part.session.id;
        if is_first {
            for event in std::mem::take(&mut part.pending) {
                keep(part.number_event(event), session, &mut self.out);
            }
        }
        self.hand_out(index, session, action);
    }

    pub(super) fn hand_out(&mut self, index: usize, session: SessionId, action: Box<UserAction>) {
        let is_load = action.kind == ActionKind::PageLoad || action.is_soft_navigation;
        if is_load && action.page_view != 0 {
            let number = action.number;
            self.open.remember_view(action.page_view, ActionRef { session, number });
        }
        self.out.actions.push(PlacedAction { input: index, session, action });
    }

    fn add_event(&mut self, event: SessionEvent) {
        let Some(part) = self.open.current.as_deref_mut() else {
            return;
        };
        let at = event.at;
        if let SessionEventKind::UserTag(tag) = &event.kind {
            part.set_tag(tag, at);
        }
        let is_end = matches!(event.kind, SessionEventKind::EndCall);
        if is_end && !part.is_started() {
            // Nothing happened yet that could end; who it was is over, too.
            self.open.current = None;
            self.drop_input(false);
            return;
        }
        let is_end = is_end && at >= part.session.started_at;
        keep(part.add_event(event), part.session.id, &mut self.out);
        if is_end {
            let cut = Cut {
                at: at.after(Millis(1)),
                by_end: false,
                browser_session: part.browser_session,
                reason: EndReason::EndCall,
                by_page: true,
            };
            self.end(cut, self.context.now);
        }
    }

    fn touch(&mut self, at: Timestamp) {
        if let Some(part) = self.open.current.as_deref_mut() {
            part.active_at = part.active_at.max(at);
        }
    }

    pub(super) fn drop_input(&mut self, is_action: bool) {
        let slot =
            if is_action { &mut self.out.dropped_actions } else { &mut self.out.dropped_events };
        *slot = slot.saturating_add(1);
        if let Some(part) = self.open.current.as_deref_mut() {
            let dropped = &mut part.session.tally.dropped;
            *dropped = dropped.saturating_add(1);
        }
    }
}

/// Whether an input is worth keeping until a first action comes.
fn opens(input: &SessionInput) -> bool {
    match input {
        SessionInput::Event(event) => {
            !matches!(event.kind, SessionEventKind::EndCall | SessionEventKind::PageEnd { .. })
        }
        SessionInput::Properties(_) => true,
        _ => false,
    }
}

pub(super) fn fresh_id(
    given: &mut u128,
    context: &InputContext<'_>,
    start: Timestamp,
) -> SessionId {
    let random =
        context.random.wrapping_add(given.wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835));
    *given += 1;
    SessionId::new(start, random)
}

pub(super) fn keep(noted: Noted, session: SessionId, out: &mut Applied) {
    match noted {
        Noted::Row(number, event) => out.events.push((session, number, event)),
        Noted::Waits => {}
        Noted::Dropped => out.dropped_events = out.dropped_events.saturating_add(1),
    }
}
