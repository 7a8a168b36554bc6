//! Hostile pages: names without end.

use std::collections::BTreeSet;

use super::*;
use crate::base::time::Timestamp;
use crate::model::action::tests_support::sample;
use crate::model::session::{SessionEvent, SessionKind};

const APP: ApplicationId = ApplicationId(7);
const DAY: Day = Day(20_000);

fn action(n: usize) -> SessionInput {
    SessionInput::Action(Box::new(UserAction {
        name: format!("loading of page /{n}"),
        page: format!("/{n}"),
        page_group: format!("group {n}"),
        errors: vec![ErrorReport { message: format!("error {n}"), ..ErrorReport::default() }],
        properties: vec![(format!("key {n}"), "value".to_owned())],
        ..sample(APP, Timestamp(0))
    }))
}

fn beacon(application: ApplicationId, n: usize) -> Enriched {
    let mut visit = Visit::default();
    visit.client.browser = format!("Browser {n}");
    visit.environment.language = format!("l-{n}");
    let tag = SessionEventKind::UserTag(format!("person {n}"));
    let event = SessionEvent { at: Timestamp(0), application, kind: tag };
    let part = EnrichedPart {
        inputs: vec![(Timestamp(0), action(n)), (Timestamp(0), SessionInput::Event(event))],
        referrer: format!("https://{n}.example/"),
        ..EnrichedPart::new(application)
    };
    Enriched {
        visit,
        kind: SessionKind::RealUser,
        clock_offset: 0,
        clamped: 0,
        is_too_old: false,
        ruleset: 1,
        parts: vec![part],
    }
}

/// Values of a beacon by kind.
fn values(enriched: &Enriched, release: &str) -> Vec<(ValueKind, String)> {
    let mut found = vec![
        (ValueKind::Release, release.to_owned()),
        (ValueKind::Client, enriched.visit.client.browser.clone()),
        (ValueKind::Environment, enriched.visit.environment.language.clone()),
    ];
    for part in &enriched.parts {
        found.push((ValueKind::Source, part.referrer.clone()));
        for (_, input) in &part.inputs {
            match input {
                SessionInput::Action(action) => {
                    found.push((ValueKind::Page, action.page.clone()));
                    found.push((ValueKind::PageGroup, action.page_group.clone()));
                    found.push((ValueKind::Action, action.name.clone()));
                    found.push((ValueKind::Error, action.errors[0].message.clone()));
                    for (key, _) in &action.properties {
                        found.push((ValueKind::Property, key.clone()));
                    }
                }
                SessionInput::Event(SessionEvent {
                    kind: SessionEventKind::UserTag(tag), ..
                }) => found.push((ValueKind::UserTag, tag.clone())),
                _ => {}
            }
        }
    }
    found
}

#[test]
fn what_a_page_invents_is_bounded_by_kind() {
    let sent = 120_000;
    let mut cardinality = Cardinality::default();
    let mut kept: BTreeSet<(ValueKind, String)> = BTreeSet::new();
    for n in 0..sent {
        let mut enriched = beacon(APP, n);
        let mut release = format!("release {n}");
        cardinality.limit(DAY, APP, &mut release, &mut enriched);
        kept.extend(values(&enriched, &release));
    }
    let capped = cardinality.take_capped();
    for kind in ValueKind::ALL {
        let distinct = kept.iter().filter(|(of, _)| *of == kind).count();
        // Properties over the limit are left out, all others become one value more.
        let others = usize::from(kind != ValueKind::Property);
        assert_eq!(distinct, kind.limit() + others, "{kind:?}");
        let counted = capped.iter().find(|(key, _)| *key == (APP, kind)).map(|(_, count)| *count);
        assert_eq!(counted, Some((sent - kind.limit()) as u64), "{kind:?}");
        let has_other = kept.contains(&(kind, OTHER.to_owned()));
        assert_eq!(has_other, others == 1, "{kind:?}");
    }
    assert_eq!(cardinality.take_capped(), [], "counted once");
}

#[test]
fn what_is_known_stays_known_and_others_are_not_touched() {
    let mut cardinality = Cardinality::default();
    let mut send = |day, application, n| {
        let mut enriched = beacon(application, n);
        cardinality.limit(day, application, &mut String::new(), &mut enriched);
        values(&enriched, "").into_iter().any(|(_, value)| value == OTHER)
    };
    for n in 0..20_000 {
        send(DAY, APP, n);
    }
    assert!(send(DAY, APP, 20_001), "a new page is one too many");
    assert!(!send(DAY, APP, 3), "an old one is not");
    assert!(!send(DAY, ApplicationId(8), 20_001), "other applications have limits of their own");
    assert!(!send(Day(DAY.0 + 1), APP, 20_001), "and so has the next day");
    assert!(send(DAY, APP, 20_002), "the day before is still remembered at midnight");
    assert!(!send(Day(DAY.0 + 2), APP, 20_002));
    assert!(!send(DAY, APP, 20_003), "two days later it is not");
}

#[test]
fn what_all_applications_invent_together_is_bounded() {
    let mut cardinality = Cardinality { room: 100, ..Cardinality::default() };
    for application in 1..1_000 {
        let mut enriched = beacon(ApplicationId(application), 1);
        cardinality.limit(DAY, APP, &mut String::new(), &mut enriched);
    }
    let remembered = |all: &Cardinality| -> usize {
        all.days.values().flat_map(|day| day.values()).flatten().map(|values| values.len()).sum()
    };
    assert_eq!(remembered(&cardinality), 100);
    let mut known = beacon(ApplicationId(1), 1);
    cardinality.limit(DAY, APP, &mut String::new(), &mut known);
    assert!(
        values(&known, "").iter().all(|(_, value)| value != OTHER),
        "what is known stays known"
    );
    for day in [1, 2] {
        cardinality.limit(Day(DAY.0 + day), APP, &mut String::new(), &mut beacon(APP, 1));
    }
    assert!(remembered(&cardinality) < 50, "days that are over make room");
    assert_eq!(cardinality.room, 100 - remembered(&cardinality));
}
