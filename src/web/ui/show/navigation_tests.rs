//! Tests of the document in the waterfall.

use super::*;
use crate::base::time::Millis;

pub(in crate::web) fn load() -> UserAction {
    let text = r#"{"number":1,"application":"a_0000001","kind":"page_load","name":"loading of page /basket",
        "page":"/basket","page_group":"/basket","target_url":"","url":"https://shop.example.com/basket?x=1","request_url":"","title":"","started_at":"2026-11-24T03:48:00Z",
        "duration":2000,"visually_complete":null,"speed_index":null,"long_tasks":0,"timings":{},"contributors":{"server":0,"network":0,"frontend":0},
        "zone":"satisfied","is_soft_navigation":false,"was_hidden":false,"page_number":0,"parent":0,"errors":[],"error_count":0,"properties":[],"resource_count":1,
        "page_view":1,"tab":1,"release":""}"#;
    serde_json::from_str(text).unwrap()
}

fn timings() -> Timings {
    Timings {
        redirect_start: Some(0),
        redirect_end: Some(40),
        fetch_start: Some(40),
        domain_lookup_start: Some(45),
        domain_lookup_end: Some(60),
        connect_start: Some(60),
        secure_connection_start: Some(75),
        connect_end: Some(100),
        request_start: Some(105),
        response_start: Some(600),
        response_end: Some(650),
        dom_interactive: Some(900),
        ..Timings::default()
    }
}

fn row(kind: ResourceKind, url: &str, start: u32) -> Resource {
    Resource { url: url.to_owned(), kind, start, duration: 100, ..Resource::default() }
}

#[test]
fn timings_make_the_document_where_the_agent_sent_none() {
    let action = UserAction { timings: timings(), ..load() };
    let rows = [row(ResourceKind::Script, "https://shop.example.com/app.js", 700)];
    let requests = Requests::of(&action, &rows);
    let document = requests.document.unwrap();
    assert_eq!((document.kind, document.duration), (ResourceKind::Document, 650));
    assert_eq!(requests.others.len(), 1);
    assert_eq!(requests.scale, 2_000);
}

#[test]
fn the_row_of_the_agent_is_the_document_and_frames_are_not() {
    let action = UserAction { timings: timings(), duration: Millis(10), ..load() };
    let rows = [
        row(ResourceKind::Document, "https://shop.example.com/basket?x=<masked>", 0),
        row(ResourceKind::Document, "https://pay.example.com/frame", 300),
    ];
    let requests = Requests::of(&action, &rows);
    assert_eq!(requests.document.as_ref().unwrap().duration, 100);
    assert_eq!((requests.others.len(), requests.count(), requests.scale), (1, 2, 400));
}

#[test]
fn actions_that_load_no_document_have_none() {
    let action = UserAction { kind: ActionKind::Xhr, timings: timings(), ..load() };
    assert!(Requests::of(&action, &[]).document.is_none());
    assert!(Requests::of(&load(), &[]).document.is_none(), "nothing is known of it");
}

#[test]
fn phases_are_in_order_and_do_not_overlap() {
    let phases = phases(&timings(), false);
    assert_eq!(phases.iter().map(|phase| phase.length).sum::<u32>(), 650);
    assert!(phases.windows(2).all(|pair| pair[0].start + pair[0].length <= pair[1].start));
    let words: Vec<&str> = words(&timings()).into_iter().map(|(name, _)| name).collect();
    assert_eq!(
        words,
        ["redirect", "DNS", "connect", "TLS", "server", "download", "building the page"]
    );
}
