//! Tests of the sessionizer: the end rules, the closing of windows, late events, limits.

use super::*;
use crate::base::id::{ApplicationId, VisitorId};
use crate::base::time::{Millis, Timestamp};
use crate::model::action::UserAction;
use crate::model::action::tests_support::sample;
use crate::model::application::SessionRules;
use crate::model::beacon::{Navigation, PageEnd};
use crate::model::session::{
    EndReason, PageEndKind, Session, SessionEvent, SessionEventKind, SessionInput, SessionKind,
};
use crate::model::visitor::Visit;

const APP: ApplicationId = ApplicationId(7);
pub(super) const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;

/// One visitor and the answers so far. Times are milliseconds; beacons come 100 ms after their last event.
pub(super) struct World {
    open: Option<OpenSession>,
    pub(super) rules: SessionRules,
    browser_session: u64,
    pub(super) kind: SessionKind,
    pub(super) application: ApplicationId,
    pub(super) ended: Vec<Session>,
    amended: Vec<Session>,
    page_ends: Vec<PageEndKind>,
    actions: Vec<PlacedAction>,
    tags: usize,
    dropped: u32,
    random: u128,
}

pub(super) fn world() -> World {
    World {
        open: None,
        rules: SessionRules::default(),
        browser_session: 1,
        kind: SessionKind::RealUser,
        application: APP,
        ended: Vec::new(),
        amended: Vec::new(),
        page_ends: Vec::new(),
        actions: Vec::new(),
        tags: 0,
        dropped: 0,
        random: 1,
    }
}

impl World {
    fn take(&mut self, applied: Applied) -> &mut Self {
        self.open = applied.open;
        self.ended.extend(applied.ended);
        self.amended.extend(applied.amended);
        self.actions.extend(applied.actions);
        self.dropped += applied.dropped_actions;
        for (_, _, event) in applied.events {
            match event.kind {
                SessionEventKind::PageEnd { how } => self.page_ends.push(how),
                SessionEventKind::UserTag(_) => self.tags += 1,
                _ => {}
            }
        }
        self
    }

    fn beacon(&mut self, tab: u64, now: i64, inputs: Vec<(i64, SessionInput)>) -> &mut Self {
        let visit = Visit::default();
        self.random += 1;
        let context = InputContext {
            now: Timestamp(now),
            visitor: VisitorId(9),
            browser_session: self.browser_session,
            tab,
            application: self.application,
            visit: &visit,
            release: "",
            referrer: "https://search.example/",
            campaign: "spring",
            is_new_visitor: true,
            kind: self.kind,
            clock_offset: 0,
            lost: 1,
            clamped: 0,
            ruleset: 1,
            random: self.random,
            rules: &self.rules,
        };
        let inputs = inputs.into_iter().map(|(at, input)| (Timestamp(at), input)).collect();
        let applied = apply(self.open.take(), inputs, &context);
        self.take(applied)
    }

    pub(super) fn send(&mut self, at: i64, input: SessionInput) -> &mut Self {
        self.beacon(1, at + 100, vec![(at, input)])
    }

    pub(super) fn act(&mut self, at: i64) -> &mut Self {
        self.send(at, action(at, 10))
    }

    fn pass(&mut self, now: i64) -> &mut Self {
        if let Some(open) = self.open.take() {
            let applied = expire(open, Timestamp(now), &self.rules);
            self.take(applied);
        }
        self
    }

    /// End reasons and numbers of actions of all ended sessions, after everything expired.
    pub(super) fn finish(&mut self) -> Vec<(EndReason, u32)> {
        self.pass(i64::MAX / 2);
        assert_eq!(self.open, None);
        self.ended
            .iter()
            .map(|session| (session.end_reason.unwrap(), session.tally.actions))
            .collect()
    }
}

pub(super) fn action(at: i64, duration: u32) -> SessionInput {
    SessionInput::Action(Box::new(UserAction {
        name: format!("action {at}"),
        page: format!("/{at}"),
        duration: Millis(duration),
        page_view: u32::try_from(at % 1_000_000).unwrap() + 1,
        ..sample(APP, Timestamp(at))
    }))
}

pub(super) fn event(at: i64, kind: SessionEventKind) -> SessionInput {
    SessionInput::Event(SessionEvent { at: Timestamp(at), application: APP, kind })
}

fn tag(at: i64, who: &str) -> SessionInput {
    event(at, SessionEventKind::UserTag(who.to_owned()))
}

fn left(was_visible: bool, navigation: Navigation, peers: u32) -> SessionInput {
    SessionInput::PageEnd(PageEnd { is_persisted: false, was_visible, navigation, peers })
}

#[test]
fn idle_time_ends_a_session() {
    for (idle, second, expected) in [
        (30, 29 * MINUTE + 59 * SECOND, 1),
        (30, 35 * MINUTE + SECOND, 2),
        (35, 29 * MINUTE + 59 * SECOND, 1),
        (35, 35 * MINUTE, 1),
        (35, 35 * MINUTE + SECOND, 2),
    ] {
        let mut by_timer = world();
        by_timer.rules.idle = Millis::mins(idle);
        by_timer.act(0).pass(second).act(second);
        assert_eq!(by_timer.finish().len(), expected, "{idle} {second}");
        let mut by_event = world();
        by_event.rules.idle = Millis::mins(idle);
        by_event.act(0).act(second);
        assert_eq!(by_event.finish().len(), expected, "{idle} {second}");
        let mut in_one_beacon = world();
        in_one_beacon.rules.idle = Millis::mins(idle);
        let inputs = vec![(second, action(second, 10)), (0, action(0, 10))];
        in_one_beacon.beacon(1, second, inputs);
        assert_eq!(in_one_beacon.finish().len(), expected, "{idle} {second}");
        assert!(
            in_one_beacon
                .ended
                .iter()
                .all(|session| session.end_reason == Some(EndReason::Timeout))
        );
    }
}

#[test]
fn deadline_is_when_something_ends() {
    let mut world = world();
    world.act(0);
    let rules = world.rules;
    let at = deadline(world.open.as_ref().unwrap(), &rules);
    assert_eq!(at, Timestamp(100 + 35 * MINUTE + 1));
    world.pass(at.0 - 1);
    assert_eq!(world.ended.len(), 0);
    world.pass(at.0);
    assert_eq!(world.ended.len(), 1);
    let grace = deadline(world.open.as_ref().unwrap(), &rules);
    world.pass(grace.0);
    assert_eq!(world.open, None);
}

#[test]
fn the_next_part_begins_with_action_201() {
    let mut world = world();
    world.send(0, tag(0, "ryan"));
    for n in 0..250 {
        world.act(n * 4_800);
    }
    assert_eq!(world.finish(), [(EndReason::ActionLimit, 200), (EndReason::Timeout, 50)]);
    let [first, second] = &world.ended[..] else { panic!() };
    assert_eq!((first.part, second.part), (1, 2));
    assert_eq!(second.previous, Some(first.id));
    assert_eq!((first.usage_units, second.usage_units), (1, 0));
    assert_eq!(second.user_tag, "ryan");
    assert!(first.id < second.id);
}

#[test]
fn eight_hours_end_a_session_and_the_tag_goes_on() {
    let mut world = world();
    world.send(0, tag(0, "ryan"));
    for n in 0..50 {
        world.act(n * 10 * MINUTE);
    }
    // 8 h are 48 gaps of ten minutes; the end of the last action counts.
    assert_eq!(world.finish(), [(EndReason::DurationLimit, 48), (EndReason::Timeout, 2)]);
    assert!(world.ended.iter().all(|session| session.user_tag == "ryan"));
    assert!(world.ended.iter().all(|session| session.part == 1));
}

#[test]
fn a_clock_that_stands_still_keeps_no_session_open() {
    let mut world = world();
    for n in 0..30 {
        world.beacon(1, n * 20 * MINUTE, vec![(0, action(0, 10))]);
    }
    assert_eq!(world.finish()[0], (EndReason::DurationLimit, 25));
}

#[test]
fn a_click_after_end_session_opens_a_session() {
    let mut world = world();
    world.act(0);
    world.beacon(
        1,
        3 * SECOND,
        vec![
            (2 * SECOND, event(2 * SECOND, SessionEventKind::EndCall)),
            (SECOND, action(SECOND, 1_500)),
        ],
    );
    assert_eq!(world.ended.len(), 1);
    assert!(world.open.as_ref().unwrap().session().is_none());
    world.act(4 * SECOND);
    assert_eq!(world.finish(), [(EndReason::EndCall, 2), (EndReason::Timeout, 1)]);
}

#[test]
fn another_person_opens_a_session() {
    type Sessions = &'static [(&'static str, u32)];
    let cases: [(&[&str], bool, Sessions); 6] = [
        (&["", "ryan"], true, &[("ryan", 2)]),
        (&["ryan", "ryan"], true, &[("ryan", 2)]),
        (&["ryan", ""], true, &[("ryan", 2)]),
        (&["ryan", "anna"], true, &[("ryan", 1), ("anna", 1)]),
        (&["ryan", "anna", "ryan"], true, &[("ryan", 1), ("anna", 1), ("ryan", 1)]),
        (&["ryan", "anna"], false, &[("anna", 2)]),
    ];
    for (tags, split, expected) in cases {
        let mut world = world();
        world.rules.split_on_user_change = split;
        for (n, who) in (0..).zip(tags) {
            // The tag is read while the page loads.
            let at = n * MINUTE;
            world.beacon(1, at + 900, vec![(at, action(at, 800)), (at + 500, tag(at + 500, who))]);
        }
        world.finish();
        let found: Vec<(&str, u32)> = world
            .ended
            .iter()
            .map(|session| (session.user_tag.as_str(), session.tally.actions))
            .collect();
        assert_eq!(found, expected, "{tags:?} {split}");
        assert!(
            world
                .ended
                .iter()
                .rev()
                .skip(1)
                .all(|session| session.end_reason == Some(EndReason::UserChange))
        );
    }
}

#[test]
fn a_tag_before_the_first_action_is_not_lost() {
    let mut world = world();
    world.beacon(1, 600, vec![(500, tag(500, "ryan"))]);
    assert!(world.open.as_ref().unwrap().session().is_none());
    assert_eq!(world.tags, 0);
    world.beacon(1, 2_100, vec![(0, action(0, 2_000))]);
    let session = world.open.as_ref().unwrap().session().unwrap();
    assert_eq!((session.user_tag.as_str(), session.tally.events), ("ryan", 1));
    assert_eq!(session.started_at, Timestamp(0));
    assert_eq!(session.id.start(), Timestamp(0));
    assert_eq!(world.tags, 1);
}

#[test]
fn a_visitor_without_action_is_no_session() {
    let mut world = world();
    world.send(0, tag(0, "ryan")).send(10, SessionInput::Alive);
    assert_eq!(world.finish(), []);
}

#[test]
fn a_new_browser_session_means_the_window_was_closed() {
    let mut world = world();
    world.act(0).send(SECOND, left(false, Navigation::None, 0));
    world.pass(10 * SECOND);
    assert_eq!(world.ended.len(), 0, "a hidden page may be gone for any reason");
    world.browser_session = 2;
    world.act(MINUTE);
    // Late from the old browser: joins its session.
    world.browser_session = 1;
    world.beacon(1, MINUTE + 200, vec![(500, action(500, 10))]);
    assert_eq!(world.amended.len(), 1);
    world.browser_session = 2;
    world.act(2 * MINUTE);
    assert_eq!(world.finish(), [(EndReason::WindowClosed, 1), (EndReason::Timeout, 2)]);
    assert_eq!((world.amended[0].tally.actions, world.amended[0].usage_units), (2, 1));
    assert_eq!(world.amended[0].id, world.ended[0].id);
}

type Inputs = Vec<(u64, i64, SessionInput)>;

#[test]
fn page_ends_are_told_apart() {
    use PageEndKind::{Closed, LeftSite, Navigated, TabClosed, WindowClosed};
    let none = Navigation::None;
    let seen = |tab| SessionInput::PeerGone { tab, became_visible: true };
    let unseen = |tab| SessionInput::PeerGone { tab, became_visible: false };
    // (tab, at, input) after an action in tab 1; what the ends are; whether the session ends.
    let cases: Vec<(&str, Inputs, Vec<PageEndKind>, bool)> = vec![
        ("link", vec![(1, 0, left(true, Navigation::SameSite, 1))], vec![Navigated], false),
        ("other site", vec![(1, 0, left(true, Navigation::OtherSite, 1))], vec![LeftSite], false),
        (
            "typed address",
            vec![(1, 0, left(true, none, 1)), (1, 900, action(100_900, 10))],
            vec![Navigated],
            false,
        ),
        ("active tab", vec![(1, 0, left(true, none, 1)), (2, 30, seen(1))], vec![TabClosed], false),
        (
            "active tab, report first",
            vec![(2, 30, seen(1)), (1, 0, left(true, none, 1))],
            vec![TabClosed],
            false,
        ),
        ("hidden tab", vec![(1, 0, left(false, none, 1)), (2, 30, unseen(1))], vec![Closed], false),
        (
            "window of two tabs",
            vec![(1, 0, left(true, none, 1)), (2, 8, left(false, none, 1))],
            vec![WindowClosed, WindowClosed],
            true,
        ),
        (
            "one of two windows",
            vec![(1, 0, left(true, none, 1)), (2, 30, unseen(1))],
            vec![WindowClosed],
            false,
        ),
        ("the only tab", vec![(1, 0, left(true, none, 0))], vec![WindowClosed], true),
        (
            "window, but someone is active",
            vec![(1, 0, left(true, none, 1)), (2, 900, action(100_900, 10))],
            vec![WindowClosed],
            false,
        ),
    ];
    for (name, inputs, expected, ends) in cases {
        let mut world = world();
        world.act(90 * SECOND);
        for (tab, at, input) in inputs {
            let at = 100 * SECOND + at;
            world.beacon(tab, at + 50, vec![(at, input)]);
        }
        world.pass(104 * SECOND).pass(120 * SECOND);
        assert_eq!(world.page_ends, expected, "{name}");
        let reasons: Vec<_> = world.ended.iter().map(|session| session.end_reason).collect();
        let wanted: &[_] = if ends { &[Some(EndReason::WindowClosed)] } else { &[] };
        assert_eq!(reasons, wanted, "{name}");
    }
}

#[test]
fn events_from_before_a_cut_join_the_session_before() {
    let mut world = world();
    world.beacon(1, 100, vec![(0, action(0, 10)), (5, tag(5, "ryan"))]);
    world.send(MINUTE, tag(MINUTE, "anna")).act(MINUTE + 1);
    // In the grace: Ryan's.
    world.beacon(1, MINUTE + 30 * SECOND, vec![(SECOND, action(SECOND, 10))]);
    assert_eq!(world.amended.len(), 1);
    assert_eq!((world.amended[0].user_tag.as_str(), world.amended[0].tally.actions), ("ryan", 2));
    assert_eq!(world.amended[0].exit_page, "/1000");
    // Beyond: a session of its own, nobody's, over at once.
    world.beacon(1, 3 * MINUTE, vec![(2 * SECOND, action(2 * SECOND, 10))]);
    assert_eq!(world.ended.len(), 2);
    assert_eq!((world.ended[1].user_tag.as_str(), world.ended[1].tally.actions), ("", 1));
    world.act(4 * MINUTE);
    world.finish();
    let last = world.ended.last().unwrap();
    assert_eq!((last.user_tag.as_str(), last.tally.actions), ("anna", 2));
}

#[test]
fn an_earlier_action_moves_the_start_back() {
    let mut world = world();
    world.beacon(1, 60_000, vec![(50_000, action(50_000, 10))]);
    world.beacon(1, 60_100, vec![(20_000, action(20_000, 10))]);
    world.finish();
    let session = &world.ended[0];
    assert_eq!(session.started_at, Timestamp(20_000));
    assert_eq!(session.duration(), Millis(30_010));
    assert_eq!((session.entry_page.as_str(), session.exit_page.as_str()), ("/20000", "/50000"));
    assert!(session.is_new_visitor && !session.is_bounce());
    assert_eq!(
        (session.referrer.as_str(), session.campaign.as_str()),
        ("https://search.example/", "spring")
    );
    assert_eq!(session.tally.lost, 2);
}

#[test]
fn vitals_find_the_load_of_their_page_view() {
    let mut world = world();
    for n in 0..10 {
        world.act(n * SECOND);
    }
    let open = world.open.as_ref().unwrap();
    let found = action_of_page_view(open, 9 * 1_000 + 1).unwrap();
    assert_eq!((found.number, found.session), (10, open.session().unwrap().id));
    assert_eq!(action_of_page_view(open, 1), None, "only the last eight are known");
}

#[test]
fn evicted_sessions_are_complete_and_forgotten() {
    let mut world = world();
    world.act(0).act(SECOND);
    let applied = evict(world.open.take().unwrap(), Timestamp(MINUTE));
    assert_eq!(applied.open, None);
    assert_eq!(applied.ended[0].end_reason, Some(EndReason::Evicted));
    assert_eq!(applied.ended[0].usage_units, 1);
}

#[test]
fn state_of_a_typical_session_is_small_and_survives_storing() {
    let mut world = world();
    world.send(0, tag(0, "ryan"));
    for n in 0..20 {
        world.act(n * SECOND);
    }
    let open = world.open.unwrap();
    let (resting, live) = open.clone().rest();
    let bytes = postcard::to_allocvec(&resting).unwrap();
    assert!(bytes.len() < 256, "{} bytes", bytes.len());
    let resting: RestingSession = postcard::from_bytes(&bytes).unwrap();
    assert_eq!(resting.live(), live.as_ref().map(|session| session.id));
    assert_eq!(resting.clone().wake(None), None, "its session is in a row of its own");
    assert_eq!(resting.wake(live).unwrap(), open);
}
