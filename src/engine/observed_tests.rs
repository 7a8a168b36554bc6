//! What is remembered of pages is bounded, ordered and by application.

use super::*;
use crate::base::time::Millis;
use crate::model::action::{ActionKind, ApdexZone, Contributors, Timings, UserAction};
use crate::model::session::{SessionEvent, SessionKind};
use crate::model::visitor::Visit;

const SHOP: ApplicationId = ApplicationId(2);

fn action(application: ApplicationId, url: &str) -> UserAction {
    UserAction {
        number: 1,
        application,
        kind: ActionKind::PageLoad,
        name: String::new(),
        page: String::new(),
        page_group: String::new(),
        target_url: String::new(),
        url: url.to_owned(),
        request_url: String::new(),
        title: String::new(),
        started_at: Timestamp(1),
        duration: Millis(5),
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
        page_view: 1,
        tab: 1,
        release: String::new(),
    }
}

fn beacon(application: ApplicationId, url: &str, tag: &str) -> Enriched {
    let mut part = EnrichedPart::new(application);
    if !url.is_empty() {
        let action = action(application, url);
        part.inputs.push((Timestamp(1), SessionInput::Action(Box::new(action))));
    }
    if !tag.is_empty() {
        let kind = SessionEventKind::UserTag(tag.to_owned());
        let event = SessionEvent { at: Timestamp(1), application, kind };
        part.inputs.push((Timestamp(1), SessionInput::Event(event)));
    }
    Enriched {
        visit: Visit::default(),
        kind: SessionKind::default(),
        clock_offset: 0,
        clamped: 0,
        is_too_old: false,
        ruleset: 0,
        parts: vec![part],
    }
}

#[test]
fn the_newest_pages_come_first_and_old_ones_go() {
    let observed = Observed::default();
    for (number, at) in (0..PAGES_MAX + 5).zip(0..) {
        let url = format!("https://shop.example.com/{number}");
        observed.note(&beacon(SHOP, &url, ""), Timestamp(at));
    }
    let pages = observed.pages(SHOP);
    assert_eq!(pages.len(), PAGES_MAX);
    assert_eq!(pages[0].url, "https://shop.example.com/104");
    assert!(observed.pages(ApplicationId(3)).is_empty());
}

#[test]
fn domains_are_counted_and_bounded() {
    let observed = Observed::default();
    for number in 0..DOMAINS_MAX + 50 {
        observed.note(&beacon(SHOP, &format!("https://h{number}.example.com/"), ""), Timestamp(1));
    }
    observed.note(&beacon(SHOP, "https://h7.example.com:8443/x", ""), Timestamp(9));
    let domains = observed.domains(SHOP);
    assert_eq!(domains.len(), DOMAINS_MAX);
    let first = Domain { host: "h7.example.com".to_owned(), count: 2, last_at: Timestamp(9) };
    assert_eq!(domains[0], first);
}

#[test]
fn beacons_that_tell_nothing_are_not_remembered_and_an_application_is_forgotten() {
    let observed = Observed::default();
    observed.note(&beacon(SHOP, "", ""), Timestamp(1));
    assert!(observed.pages(SHOP).is_empty());
    observed.note(&beacon(SHOP, "", "ryan"), Timestamp(1));
    assert_eq!(observed.pages(SHOP)[0].user_tag, "ryan");
    observed.forget(SHOP);
    assert!(observed.pages(SHOP).is_empty() && observed.domains(SHOP).is_empty());
}
