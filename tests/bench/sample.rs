//! A beacon of 2 KB: a page load with seven resources and a click with its request.

use footfall::base::id::{BeaconId, VisitorId};
use footfall::base::time::{Millis, Timestamp};
use footfall::model::action::{ActionKind, Resource, ResourceKind, Timings};
use footfall::model::beacon::{Beacon, BeaconAction, BeaconEvent, BeaconEventKind, Input};
use footfall::model::visitor::Environment;

pub const BEACON: u128 = 0x1111_1111_1111_1111_1111_1111_1111_1111;
pub const VISITOR: u128 = 0x2222_2222_2222_2222_2222_2222_2222_2222;
pub const SESSION: u64 = 0x3333_3333_3333_3333;
pub const BASE: i64 = 1_111_111_111_111;
pub const SENT: i64 = 1_222_222_222_222;

fn resource(url: String, kind: ResourceKind, start: u32) -> Resource {
    Resource {
        url,
        kind,
        start,
        duration: 84 + start / 3,
        request_start: 4,
        response_start: 61,
        transfer_bytes: 18_300 + start,
        encoded_bytes: 18_000 + start,
        decoded_bytes: 61_000 + start,
        protocol: "h2".to_owned(),
        ..Resource::default()
    }
}

fn timings() -> Timings {
    Timings {
        fetch_start: Some(2),
        domain_lookup_start: Some(3),
        domain_lookup_end: Some(21),
        connect_start: Some(21),
        connect_end: Some(64),
        request_start: Some(65),
        response_start: Some(212),
        response_end: Some(260),
        dom_interactive: Some(701),
        dom_content_loaded_event_start: Some(702),
        dom_content_loaded_event_end: Some(719),
        dom_complete: Some(1_780),
        load_event_start: Some(1_781),
        load_event_end: Some(1_843),
        first_paint: Some(480),
        first_contentful_paint: Some(481),
        ..Timings::default()
    }
}

fn load(page: &str) -> BeaconAction {
    let kinds = [ResourceKind::Script, ResourceKind::Stylesheet, ResourceKind::Image];
    BeaconAction {
        kind: ActionKind::PageLoad,
        url: format!("https://shop.example.com{page}?utm_source=mail&ref=4711"),
        title: "The shop".to_owned(),
        referrer: "https://www.example.org/links".to_owned(),
        duration: Millis(1_843),
        visually_complete: Some(Millis(1_511)),
        long_tasks: Millis(120),
        page_view: 77,
        timings: timings(),
        resources: kinds
            .iter()
            .cycle()
            .take(7)
            .zip(1..)
            .map(|(kind, n)| {
                resource(format!("https://cdn.example.com/assets/part-{n}.8f31.bin"), *kind, n * 90)
            })
            .collect(),
        ..BeaconAction::default()
    }
}

fn click(page: &str) -> BeaconAction {
    BeaconAction {
        kind: ActionKind::Xhr,
        input: Input {
            kind: "click".to_owned(),
            caption: "Add to cart".to_owned(),
            element: "BUTTON".to_owned(),
        },
        url: format!("https://shop.example.com{page}?utm_source=mail&ref=4711"),
        request_url: "https://shop.example.com/api/cart/items".to_owned(),
        duration: Millis(412),
        page_view: 77,
        resources: vec![Resource {
            method: "POST".to_owned(),
            status: 201,
            ..resource("https://shop.example.com/api/cart/items".to_owned(), ResourceKind::Fetch, 3)
        }],
        ..BeaconAction::default()
    }
}

/// The beacon, sent from a page.
pub fn beacon(page: &str) -> Beacon {
    let event = |at, action| BeaconEvent { at, kind: BeaconEventKind::Action(Box::new(action)) };
    Beacon {
        id: BeaconId(BEACON),
        visitor: VisitorId(VISITOR),
        browser_session: SESSION,
        tab: 5,
        base: Timestamp(BASE),
        sent_at: Timestamp(SENT),
        environment: Environment {
            agent_version: "1".to_owned(),
            screen: "2560x1440".to_owned(),
            viewport: "1440x900".to_owned(),
            language: "de-AT".to_owned(),
            time_zone: "Europe/Vienna".to_owned(),
            connection: "4g".to_owned(),
        },
        release: "2026.11.2".to_owned(),
        is_returning: true,
        lost: 0,
        is_automated: false,
        events: vec![event(0, load(page)), event(6_000, click(page))],
    }
}
