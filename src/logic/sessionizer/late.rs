//! Events that come when their session is over.

use super::state::{News, Part};
use super::step::{Step, fresh_id, is_same_browser, keep, span};
use crate::base::time::Timestamp;
use crate::model::session::{EndReason, SessionEventKind, SessionInput};

impl Step<'_> {
    /// Places an input that lies before the current session: into the previous one, or a session of its own.
    pub(super) fn place_late(
        &mut self,
        index: usize,
        at: Timestamp,
        input: SessionInput,
        reason: EndReason,
    ) {
        let (start, end) = span(at, &input);
        let is_action = matches!(input, SessionInput::Action(_));
        if is_action && !self.is_of_previous(start, end) {
            let mut part = Part::new(self.context, start, false);
            part.note_beacon(self.context);
            part.session.id = fresh_id(&mut self.ids, self.context, start);
            part.session.end_reason = Some(reason);
            self.open.retire(part, self.context.now, &mut self.out);
        }
        if !self.takes_late(start, end, is_action) {
            self.drop_input(is_action);
            return;
        }
        let Some(previous) = self.open.previous.as_deref_mut() else {
            return;
        };
        let session = previous.part.session.id;
        if previous.news == News::None {
            previous.news = News::Amended;
        }
        let part = &mut previous.part;
        let mut placed = None;
        match input {
            SessionInput::Action(mut action) => {
                part.add_action(&mut action);
                part.note_load(&action, self.context.referrer, self.context.campaign);
                placed = Some(action);
            }
            SessionInput::Event(event) => {
                if let SessionEventKind::UserTag(tag) = &event.kind
                    && part.session.user_tag.is_empty()
                {
                    part.set_tag(tag, at);
                }
                keep(part.add_event(event), session, &mut self.out);
            }
            SessionInput::Properties(properties) => part.set_properties(properties, at),
            SessionInput::PageEnd(_) | SessionInput::PeerGone { .. } | SessionInput::Alive => {}
        }
        part.finish(part.session.end_reason.unwrap_or(reason));
        self.out.late = self.out.late.saturating_add(1);
        if let Some(action) = placed {
            self.hand_out(index, session, action);
        }
    }

    /// Whether a late input comes from the browser of the previous session, and not after its page ended that session;
    /// what does not belongs to a session of its own, as it would have in order.
    fn is_of_previous(&self, start: Timestamp, end: Timestamp) -> bool {
        let Some(previous) = self.open.previous.as_deref() else {
            return false;
        };
        let part = &previous.part;
        let is_after_end = self.open.cut.is_some_and(|cut| {
            cut.by_page
                && cut.browser_session == self.context.browser_session
                && part.session.started_at < cut.at
                && !cut.is_before(start, end)
        });
        is_same_browser(part.browser_session, self.context.browser_session) && !is_after_end
    }

    /// Whether the previous session has room for a late input.
    fn takes_late(&self, start: Timestamp, end: Timestamp, is_action: bool) -> bool {
        let rules = self.context.rules;
        self.is_of_previous(start, end)
            && self.open.previous.as_deref().is_some_and(|previous| {
                let part = &previous.part;
                let session = &part.session;
                start <= part.active_at.after(rules.idle)
                    && end.after(rules.idle) >= session.started_at
                    && part.spans(start, end, rules.duration_max)
                    && !(is_action && session.tally.actions >= rules.actions_max.max(1))
            })
    }
}
