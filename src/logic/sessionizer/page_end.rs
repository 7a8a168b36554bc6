//! How a page was left: navigated, left the site, tab closed, window closed, or unknown.

use super::context::Applied;
use super::state::{Cut, OpenSession, Part, PeerGone, PendingEnd};
use super::summary::Noted;
use crate::base::time::{Millis, Timestamp};
use crate::model::beacon::{Navigation, PageEnd};
use crate::model::session::{EndReason, PageEndKind, SessionEvent, SessionEventKind};

/// How long signs of how a page was left are collected.
pub(super) const COLLECT: Millis = Millis::secs(5);
/// Pages of one window end within this time.
const TOGETHER: Millis = Millis(250);
/// Page ends that wait for signs.
const PENDING_ENDS: usize = 16;
/// Reports of pages that went.
const PEERS_GONE: usize = 32;

impl OpenSession {
    /// Notes that a page was left; it becomes an event when it is clear how.
    pub(super) fn note_page_end(&mut self, pending: PendingEnd) -> bool {
        if self.page_ends.len() >= PENDING_ENDS {
            return false;
        }
        self.page_ends.push(pending);
        true
    }

    /// Notes that a page saw another one go.
    pub(super) fn note_peer_gone(&mut self, gone: PeerGone) {
        let now = gone.received_at;
        self.peers_gone.retain(|old| old.received_at.after(COLLECT).after(COLLECT) >= now);
        if self.peers_gone.len() < PEERS_GONE {
            self.peers_gone.push(gone);
        }
    }

    /// Notes that a tab did something: pages that it left before were left by navigating.
    pub(super) fn note_tab_alive(&mut self, tab: u64, at: Timestamp) {
        for pending in &mut self.page_ends {
            if tab != 0 && pending.tab == tab && at > pending.at {
                pending.came_back = true;
            }
        }
    }

    /// When the next page end is to be judged.
    pub(super) fn page_ends_due(&self) -> Option<Timestamp> {
        self.page_ends.iter().map(|pending| pending.received_at.after(COLLECT)).min()
    }

    /// Judges the page ends that are due; gives the cut when one of them ended the session.
    pub(super) fn judge_page_ends(&mut self, now: Timestamp, out: &mut Applied) -> Option<Cut> {
        let all = std::mem::take(&mut self.page_ends);
        let is_due = |pending: &PendingEnd| pending.received_at.after(COLLECT) <= now;
        let mut cut: Option<Cut> = None;
        for pending in &all {
            // Pages of one window are judged together, so that the first does not take the sign from the second.
            if !all.iter().any(|other| is_due(other) && is_together(pending, other)) {
                self.page_ends.push(pending.clone());
                continue;
            }
            let how = classify(pending, &all, &self.peers_gone);
            let Some(part) = self.current.as_deref_mut() else {
                continue;
            };
            let is_over =
                how == PageEndKind::WindowClosed && !has_survivors(pending, &all, &self.peers_gone);
            if is_over && part.last_start <= pending.at {
                cut = Some(Cut {
                    at: cut.map_or(pending.at.after(Millis(1)), |cut| {
                        cut.at.max(pending.at.after(Millis(1)))
                    }),
                    by_end: false,
                    browser_session: part.browser_session,
                    reason: EndReason::WindowClosed,
                    by_page: true,
                });
            }
            add_row(part, pending, how, out);
        }
        cut
    }

    /// Judges what waits although its time has not come, because the session is over.
    pub(super) fn judge_all(&mut self, part: &mut Part, reason: EndReason, out: &mut Applied) {
        let all = std::mem::take(&mut self.page_ends);
        for pending in &all {
            let how = match classify(pending, &all, &self.peers_gone) {
                PageEndKind::Closed if reason == EndReason::WindowClosed => {
                    PageEndKind::WindowClosed
                }
                how => how,
            };
            add_row(part, pending, how, out);
        }
        self.peers_gone.clear();
    }
}

fn add_row(part: &mut Part, pending: &PendingEnd, how: PageEndKind, out: &mut Applied) {
    let event = SessionEvent {
        at: pending.at,
        application: pending.application,
        kind: SessionEventKind::PageEnd { how },
    };
    match part.add_event(event) {
        Noted::Row(number, event) => out.events.push((part.session.id, number, event)),
        Noted::Waits => {}
        Noted::Dropped => out.dropped_events = out.dropped_events.saturating_add(1),
    }
}

fn is_together(one: &PendingEnd, other: &PendingEnd) -> bool {
    one.at.0.abs_diff(other.at.0) <= u64::from(TOGETHER.0)
}

/// Whether a page went without any sign of a navigation.
const fn is_close(pending: &PendingEnd) -> bool {
    matches!(pending.end, PageEnd { is_persisted: false, navigation: Navigation::None, .. })
        && !pending.came_back
}

/// The rules of wire-protocols 8, in order.
fn classify(pending: &PendingEnd, all: &[PendingEnd], gone: &[PeerGone]) -> PageEndKind {
    if pending.came_back || pending.end.navigation == Navigation::SameSite {
        return PageEndKind::Navigated;
    }
    // A page that is kept for going back was left by a navigation, as after a typed address.
    if pending.end.navigation == Navigation::OtherSite || pending.end.is_persisted {
        return PageEndKind::LeftSite;
    }
    let is_seen = |tab: u64| gone.iter().any(|g| g.tab == tab && g.became_visible);
    if is_seen(pending.tab) {
        return PageEndKind::TabClosed;
    }
    let mut others = all
        .iter()
        .filter(|other| other.tab != pending.tab && is_close(other))
        .filter(|other| is_together(other, pending))
        .peekable();
    let has_others = others.peek().is_some();
    if has_others && !others.any(|other| is_seen(other.tab)) {
        return PageEndKind::WindowClosed;
    }
    if !has_others && pending.end.was_visible {
        return PageEndKind::WindowClosed;
    }
    PageEndKind::Closed
}

/// Whether pages of this browser stayed open when a page went: as many as it knew did not go with it, or one of them
/// told of it. A window that is closed beside another one does not end the session.
fn has_survivors(pending: &PendingEnd, all: &[PendingEnd], gone: &[PeerGone]) -> bool {
    let together = all
        .iter()
        .filter(|other| other.tab != pending.tab && is_close(other) && is_together(other, pending))
        .count();
    let known = usize::try_from(pending.end.peers).unwrap_or(usize::MAX);
    let went = |tab: u64| all.iter().any(|other| other.tab == tab && is_close(other));
    known > together || gone.iter().any(|g| g.tab == pending.tab && !went(g.reporter))
}
