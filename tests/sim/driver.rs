//! Drives the sessionizer through a world with a clock that is moved by hand.

use std::collections::{BTreeMap, HashSet};

use footfall::base::entropy::Entropy;
use footfall::base::id::{ApplicationId, SessionId, VisitorId};
use footfall::base::time::{Millis, Timestamp};
use footfall::logic::sessionizer::{
    Applied, InputContext, OpenSession, RestingSession, apply, deadline, expire,
};
use footfall::model::action::{ActionKind, ApdexZone, Contributors, Timings, UserAction};
use footfall::model::beacon::{Navigation, PageEnd};
use footfall::model::session::{
    Session, SessionEvent, SessionEventKind, SessionInput, SessionKind,
};
use footfall::model::visitor::Visit;

use super::world::{Delivery, Item, What, World};

/// When timers fire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Timers {
    OnTime,
    Never,
}

/// All that came out.
#[derive(Debug, PartialEq, Default)]
pub struct Found {
    pub sessions: BTreeMap<SessionId, Session>,
    pub ended: Vec<SessionId>,
    /// Session, number, name of the action.
    pub actions: Vec<(SessionId, u32, String)>,
    pub events: Vec<(SessionId, u32)>,
    pub dropped_actions: u32,
}

pub const APP: ApplicationId = ApplicationId(1);

/// Runs a world to its end.
pub fn run(world: &World, timers: Timers) -> Found {
    let mut found = Found::default();
    let mut open: BTreeMap<u32, OpenSession> = BTreeMap::new();
    let mut taken = HashSet::new();
    let entropy = Entropy::seeded(1);
    for beacon in &world.deliveries {
        let now = Timestamp(beacon.received_at);
        if timers == Timers::OnTime {
            pass_time(world, &mut open, now, &mut found);
        }
        if taken.insert((beacon.visitor, beacon.id)) {
            let applied = send(world, beacon, open.remove(&beacon.visitor), entropy.next_u128());
            keep(beacon.visitor, applied, &mut open, &mut found);
        }
    }
    pass_time(world, &mut open, Timestamp(i64::MAX / 2), &mut found);
    assert!(open.is_empty(), "everything is over in the end");
    found
}

fn pass_time(
    world: &World,
    open: &mut BTreeMap<u32, OpenSession>,
    now: Timestamp,
    found: &mut Found,
) {
    for visitor in open.keys().copied().collect::<Vec<_>>() {
        while let Some(state) = open.remove(&visitor) {
            let at = deadline(&state, &world.rules);
            if at > now {
                open.insert(visitor, state);
                break;
            }
            let applied = expire(state, at, &world.rules);
            keep(visitor, applied, open, found);
        }
    }
}

fn keep(visitor: u32, applied: Applied, open: &mut BTreeMap<u32, OpenSession>, found: &mut Found) {
    for session in applied.ended {
        found.ended.push(session.id);
        found.sessions.insert(session.id, session);
    }
    for session in applied.amended {
        assert!(found.ended.contains(&session.id), "only what ended is amended");
        found.sessions.insert(session.id, session);
    }
    for placed in applied.actions {
        let action = placed.action;
        found.actions.push((placed.session, action.number, action.name));
    }
    found.events.extend(applied.events.iter().map(|(id, number, _)| (*id, *number)));
    found.dropped_actions += applied.dropped_actions;
    if let Some(state) = applied.open {
        let (resting, live) = state.clone().rest();
        let bytes = postcard::to_allocvec(&resting).unwrap();
        let resting: RestingSession = postcard::from_bytes(&bytes).unwrap();
        assert_eq!(resting.wake(live).unwrap(), state);
        open.insert(visitor, state);
    }
}

fn send(world: &World, beacon: &Delivery, open: Option<OpenSession>, random: u128) -> Applied {
    let visit = Visit::default();
    let context = InputContext {
        now: Timestamp(beacon.received_at),
        visitor: VisitorId(u128::from(beacon.visitor)),
        browser_session: beacon.browser_session,
        tab: beacon.tab,
        application: APP,
        visit: &visit,
        release: "",
        referrer: "",
        campaign: "",
        is_new_visitor: false,
        kind: SessionKind::RealUser,
        clock_offset: 0,
        lost: 0,
        clamped: 0,
        ruleset: 1,
        random,
        rules: &world.rules,
    };
    apply(open, inputs(beacon), &context)
}

/// What a beacon brings to the sessionizer.
pub fn inputs(beacon: &Delivery) -> Vec<(Timestamp, SessionInput)> {
    let input = |item: &Item| (Timestamp(item.at), input(beacon.visitor, item.at, &item.what));
    beacon.items.iter().map(input).collect()
}

fn input(visitor: u32, at: i64, what: &What) -> SessionInput {
    let event =
        |kind| SessionInput::Event(SessionEvent { at: Timestamp(at), application: APP, kind });
    match what {
        What::Action { id, duration } => action(visitor, *id, at, *duration),
        What::Tag(who) => event(SessionEventKind::UserTag((*who).to_owned())),
        What::EndCall => event(SessionEventKind::EndCall),
        What::Rage => event(SessionEventKind::RageClick {
            target: "Buy".to_owned(),
            page: "/".to_owned(),
            count: 3,
        }),
        What::Alive => SessionInput::Alive,
        What::Close => SessionInput::PageEnd(PageEnd {
            was_visible: true,
            is_persisted: false,
            navigation: Navigation::None,
            peers: 0,
        }),
    }
}

fn action(visitor: u32, id: u32, at: i64, duration: u32) -> SessionInput {
    SessionInput::Action(Box::new(UserAction {
        number: 0,
        application: APP,
        kind: ActionKind::Xhr,
        name: format!("{visitor}:{id}"),
        page: format!("/{visitor}:{id}"),
        page_group: String::new(),
        url: String::new(),
        target_url: String::new(),
        request_url: String::new(),
        title: String::new(),
        started_at: Timestamp(at),
        duration: Millis(duration),
        visually_complete: None,
        speed_index: None,
        long_tasks: Millis(0),
        timings: Timings::default(),
        contributors: Contributors::default(),
        zone: ApdexZone::Satisfied,
        is_soft_navigation: false,
        was_hidden: false,
        page_number: 0,
        parent: 0,
        errors: Vec::new(),
        error_count: 0,
        properties: Vec::new(),
        resource_count: 0,
        page_view: 0,
        tab: 1,
        release: String::new(),
    }))
}
