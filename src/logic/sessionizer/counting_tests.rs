//! What a session counts: bounce, license units, parts, visits of applications, rage clicks.

use super::tests::{SECOND, action, event, world};
use crate::base::id::ApplicationId;
use crate::model::session::{EndReason, Experience, SessionEventKind, SessionInput, SessionKind};

#[test]
fn robots_count_nothing() {
    let mut world = world();
    world.kind = SessionKind::Robot;
    world.act(0).act(SECOND).finish();
    assert_eq!((world.ended[0].kind, world.ended[0].usage_units), (SessionKind::Robot, 0));
}

/// An action in an application.
fn action_in(application: u32, at: i64) -> SessionInput {
    match action(at, 10) {
        SessionInput::Action(mut action) => {
            action.application = ApplicationId(application);
            SessionInput::Action(action)
        }
        other => other,
    }
}

#[test]
fn t17_one_load_is_a_bounce_and_does_not_count() {
    let mut world = world();
    world.act(0);
    assert_eq!(world.finish(), [(EndReason::Timeout, 1)]);
    let session = &world.ended[0];
    assert!(session.is_bounce());
    assert_eq!(session.usage_units, 0);
    assert_eq!(session.experience, Experience::Satisfied);
}

#[test]
fn t18_a_session_over_two_applications_is_one_session_and_no_bounce() {
    let mut world = world();
    for (at, application) in [(0, 7), (SECOND, 8), (2 * SECOND, 7), (3 * SECOND, 7)] {
        world.application = ApplicationId(application);
        world.send(at, action_in(application, at));
    }
    assert_eq!(world.finish(), [(EndReason::Timeout, 4)]);
    let session = &world.ended[0];
    let visits: Vec<_> = session
        .applications
        .iter()
        .map(|visit| (visit.application.0, visit.action_count))
        .collect();
    assert_eq!(visits, [(7, 3), (8, 1)]);
    assert!(!session.is_bounce());
    assert_eq!(session.usage_units, 1);
    // One action in each of two applications is two actions: it counts, once.
    let mut short = super::tests::world();
    for (at, application) in [(0, 7), (SECOND, 8)] {
        short.application = ApplicationId(application);
        short.send(at, action_in(application, at));
    }
    short.finish();
    assert_eq!((short.ended[0].is_bounce(), short.ended[0].usage_units), (false, 1));
}

#[test]
fn t14_more_than_two_parts_are_numbered_and_linked() {
    let mut world = world();
    for n in 0..401 {
        world.act(n * SECOND);
    }
    let limit = EndReason::ActionLimit;
    assert_eq!(world.finish(), [(limit, 200), (limit, 200), (EndReason::Timeout, 1)]);
    let parts: Vec<_> = world.ended.iter().map(|session| session.part).collect();
    assert_eq!(parts, [1, 2, 3]);
    assert_eq!(world.ended[2].previous, Some(world.ended[1].id));
    let units: Vec<_> = world.ended.iter().map(|session| session.usage_units).collect();
    assert_eq!(units, [1, 0, 0], "later parts are not counted again");
}

#[test]
fn exactly_200_actions_are_one_session() {
    let mut world = world();
    for n in 0..200 {
        world.act(n * SECOND);
    }
    assert_eq!(world.finish(), [(EndReason::Timeout, 200)]);
}

#[test]
fn rage_clicks_are_counted_and_weigh_on_the_experience() {
    let rage = || SessionEventKind::RageClick {
        target: "Buy".to_owned(),
        page: "/cart".to_owned(),
        count: 4,
    };
    // Satisfied actions weigh 3 each, a rage click 2: 2 of 5 are 40 %, 2 of 32 are 6 %.
    for (actions, expected) in [(1, Experience::Frustrated), (10, Experience::Tolerated)] {
        let mut world = world();
        for n in 0..actions {
            world.act(n * SECOND);
        }
        world.send(500, event(500, rage()));
        world.finish();
        assert_eq!(world.ended[0].tally.rage_clicks, 1);
        assert_eq!(world.ended[0].experience, expected, "{actions}");
    }
}
