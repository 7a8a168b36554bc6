//! A page that invents names: what is stored stays bounded, and the health page says so.

use std::collections::BTreeSet;

use footfall::base::entropy::Entropy;
use footfall::base::id::{ApplicationId, BeaconId, VisitorId};
use footfall::base::limits;
use footfall::base::time::{Millis, Timestamp};
use footfall::engine::collector::Arrival;
use footfall::engine::pipeline::batch::Batch;
use footfall::engine::pipeline::state::State;
use footfall::logic::cardinality::{OTHER, ValueKind};
use footfall::model::account::Role;
use footfall::model::action::ActionKind;
use footfall::model::application::SessionRules;
use footfall::model::beacon::{Beacon, BeaconAction, BeaconEvent, BeaconEventKind};
use footfall::model::visitor::Environment;
use footfall::store::codec::Encoder;
use footfall::wire::beacon::encode;

use crate::fixture::Fixture;

const ACTIONS_OF_BEACON: usize = 100;

fn beacon(number: usize, now: Timestamp) -> Beacon {
    let action = |n: usize| {
        let action = BeaconAction {
            kind: ActionKind::Custom,
            name: format!("invented name {n}"),
            url: format!("https://shop.example/q{n}x"),
            duration: Millis(10),
            ..BeaconAction::default()
        };
        BeaconEvent { at: 0, kind: BeaconEventKind::Action(Box::new(action)) }
    };
    let first = number * ACTIONS_OF_BEACON;
    Beacon {
        id: BeaconId(number as u128 + 1),
        visitor: VisitorId(number as u128 + 1),
        browser_session: 1,
        tab: 1,
        base: now,
        sent_at: now,
        environment: Environment::default(),
        release: String::new(),
        is_returning: false,
        lost: 0,
        is_automated: false,
        events: (first..first + ACTIONS_OF_BEACON).map(action).collect(),
    }
}

#[actix_web::test]
async fn invented_names_end_in_one() {
    let fixture = Fixture::new();
    let services = &fixture.state.services;
    let now = services.now();
    let (mut state, mut encoder) = (State::default(), Encoder::new().unwrap());
    let ids = Entropy::seeded(1);
    let rules = |_| SessionRules::default();
    let sent = limits::DAY_PAGES + 2_000;
    for number in 0..sent / ACTIONS_OF_BEACON {
        let arrival = Arrival {
            at: now,
            application: ApplicationId::DEFAULT,
            ip: None,
            origin: "https://shop.example",
            user_agent: "",
            encoding: "",
        };
        let body = encode(&beacon(number, now));
        let envelope = services.collector.envelope(&arrival, &body).unwrap();
        let mut batch = Batch::new(&mut state, &mut encoder, &ids, &rules, now);
        batch.take(envelope).unwrap();
        services.store.append(batch.finish().unwrap()).unwrap();
    }
    services.store.checkpoint().unwrap();
    let (mut names, mut pages, mut groups) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let mut stored = 0;
    for session in services.store.sessions_of_day(now.day(), None, 100_000).unwrap() {
        for action in services.store.actions(session.id).unwrap() {
            stored += 1;
            names.insert(action.name);
            groups.insert(action.page_group);
            pages.insert(action.page);
        }
    }
    assert_eq!(stored, sent, "no action is lost");
    assert_eq!((names.len(), pages.len()), (limits::DAY_ACTION_NAMES + 1, limits::DAY_PAGES + 1));
    assert!(names.contains(OTHER) && pages.contains(OTHER));
    assert_eq!(groups.len(), limits::DAY_PAGE_GROUPS + 1);

    services.outcomes.cap(state.cardinality.take_capped());
    let capped = services.outcomes.capped(Some(ApplicationId::DEFAULT));
    let of = |kind| capped.iter().find(|(known, _)| *known == kind).unwrap().1;
    assert_eq!(of(ValueKind::Page), 2_000);
    let metrics = fixture.send(actix_web::test::TestRequest::get().uri("/metrics")).await.body;
    assert!(metrics.contains("footfall_values_capped_total{kind=\"page\"} 2000"), "{metrics}");
    let cookie = fixture.cookie(fixture.account("ann", Role::Admin, true).id);
    let health = format!("/apps/{}/health", ApplicationId::DEFAULT);
    let page = fixture
        .own(actix_web::http::Method::GET, &health, &cookie, &serde_json::Value::Null)
        .await
        .body;
    assert!(page.contains("2,000 pages"), "the health page tells");
}
