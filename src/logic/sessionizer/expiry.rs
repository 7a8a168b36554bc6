//! What the passing of time does to a visitor's sessions. Time here is time of receipt, never a client's clock.

use super::context::Applied;
use super::state::{Cut, OpenSession, Part};
use crate::base::time::{Millis, Timestamp};
use crate::model::application::SessionRules;
use crate::model::session::EndReason;

/// A thing that time does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Due {
    PageEnds,
    Idle,
    Grace,
}

/// Lets time pass until `now`: judges page ends, ends what is idle, forgets what took late events. The longest duration
/// is applied when an event comes, so that who it is goes over to the session that goes on.
#[must_use]
pub fn expire(mut open: OpenSession, now: Timestamp, rules: &SessionRules) -> Applied {
    let mut out = Applied::default();
    open.pass_time(now, rules, &mut out);
    open.settle_into(out)
}

/// The earliest time at which [`expire`] has something to do.
#[must_use]
pub fn deadline(open: &OpenSession, rules: &SessionRules) -> Timestamp {
    open.next_due(rules).map_or(Timestamp(i64::MAX), |(at, _)| at)
}

/// Ends a visitor's session because the server has too many; nothing is kept of the visitor.
#[must_use]
pub fn evict(mut open: OpenSession, now: Timestamp) -> Applied {
    let mut out = Applied::default();
    let cut = Cut {
        at: now,
        by_end: false,
        browser_session: 0,
        reason: EndReason::Evicted,
        by_page: false,
    };
    open.end_current(cut, now, &mut out);
    open.forget_previous(&mut out);
    open.settle_into(out)
}

impl OpenSession {
    fn next_due(&self, rules: &SessionRules) -> Option<(Timestamp, Due)> {
        let soon = Millis(1);
        let current = self.current.as_deref();
        let page_ends = self.page_ends_due().map(|at| (at, Due::PageEnds));
        let idle =
            current.map(|part| (part.session.received_at.after(rules.idle).after(soon), Due::Idle));
        let grace =
            self.previous.as_ref().map(|previous| (previous.grace_until.after(soon), Due::Grace));
        [page_ends, idle, grace].into_iter().flatten().min()
    }

    /// Does all that is due, in order of time.
    pub(super) fn pass_time(&mut self, now: Timestamp, rules: &SessionRules, out: &mut Applied) {
        while let Some((at, due)) = self.next_due(rules) {
            if at > now {
                return;
            }
            match due {
                Due::PageEnds => {
                    if let Some(cut) = self.judge_page_ends(at, out) {
                        self.end_current(cut, at, out);
                    }
                }
                Due::Idle => {
                    if let Some(cut) = self.current.as_deref().map(|part| part.idle_cut(rules)) {
                        self.end_current(cut, at, out);
                    }
                }
                Due::Grace => self.forget_previous(out),
            }
        }
    }

    /// Ends the current session. One without an action is forgotten: it never was a session.
    pub(super) fn end_current(&mut self, cut: Cut, at: Timestamp, out: &mut Applied) {
        let Some(mut part) = self.current.take() else {
            self.page_ends.clear();
            return;
        };
        if !part.is_started() {
            let waiting = u32::try_from(part.pending.len()).unwrap_or(u32::MAX);
            out.dropped_events = out.dropped_events.saturating_add(waiting);
            return;
        }
        self.judge_all(&mut part, cut.reason, out);
        part.finish(cut.reason);
        self.cut = Some(cut);
        self.retire(*part, at, out);
    }
}

impl Part {
    /// What belongs to it when it ends because nothing came any more.
    pub(super) fn idle_cut(&self, rules: &SessionRules) -> Cut {
        Cut {
            at: self.active_at.after(rules.idle).after(Millis(1)),
            by_end: false,
            browser_session: self.browser_session,
            reason: EndReason::Timeout,
            by_page: false,
        }
    }

    /// What belongs to it when it ends because it is too long.
    pub(super) fn duration_cut(&self, rules: &SessionRules) -> Cut {
        let first = self.session.started_at;
        Cut {
            at: first.after(rules.duration_max).after(Millis(1)),
            by_end: true,
            browser_session: self.browser_session,
            reason: EndReason::DurationLimit,
            by_page: false,
        }
    }
}
