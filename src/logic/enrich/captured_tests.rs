//! Tests of what is not captured.

use super::*;
use crate::model::action::{Resource, ResourceSum, WebVitals};

fn error(kind: ErrorKind, url: &str) -> ErrorReport {
    ErrorReport { kind, url: url.to_owned(), ..ErrorReport::default() }
}

#[test]
fn what_is_switched_off_is_dropped_and_nothing_else() {
    type Change = fn(&mut CaptureSettings);
    let events = || {
        let event = |kind| BeaconEventKind::Error(Box::new(error(kind, "https://a.example/x")));
        [
            event(ErrorKind::Javascript),
            event(ErrorKind::Request),
            event(ErrorKind::Custom),
            BeaconEventKind::Vitals { page_view: 1, vitals: Box::new(WebVitals::default()) },
            BeaconEventKind::RageClick { target: String::new(), url: String::new(), count: 3 },
            BeaconEventKind::DeadClick { target: String::new(), url: String::new() },
            BeaconEventKind::Alive,
        ]
    };
    let cases: [(Change, [bool; 7]); 6] = [
        (|_| {}, [true; 7]),
        (|c| c.javascript_errors = false, [false, true, true, true, true, true, true]),
        (|c| c.request_errors = false, [true, false, true, true, true, true, true]),
        (|c| c.web_vitals = false, [true, true, true, false, true, true, true]),
        (|c| c.clicks = false, [true, true, true, true, false, false, true]),
        (
            |c| c.request_skip = vec!["a.example".to_owned()],
            [true, false, true, true, true, true, true],
        ),
    ];
    for (number, (change, expected)) in cases.into_iter().enumerate() {
        let mut capture = CaptureSettings::default();
        change(&mut capture);
        assert_eq!(events().map(|event| wants(&capture, &event)), expected, "case {number}");
    }
}

#[test]
fn actions_lose_errors_and_resources_that_are_not_captured() {
    let action = || BeaconAction {
        errors: vec![
            error(ErrorKind::Javascript, ""),
            error(ErrorKind::Request, "https://shop.example/api/ping?x=1"),
            error(ErrorKind::Request, "https://shop.example/api/basket"),
        ],
        resources: ["https://shop.example/api/ping", "https://shop.example/a.png"]
            .map(|url| Resource { url: url.to_owned(), ..Resource::default() })
            .to_vec(),
        resource_sums: vec![ResourceSum::default()],
        ..BeaconAction::default()
    };
    let left = |capture: &CaptureSettings| {
        let mut action = action();
        strip(capture, &mut action);
        (action.errors.len(), action.resources.len(), action.resource_sums.len())
    };
    let all = CaptureSettings::default();
    assert_eq!(left(&all), (3, 2, 1));
    assert_eq!(left(&CaptureSettings { resources: false, ..all.clone() }), (3, 0, 0));
    assert_eq!(left(&CaptureSettings { request_errors: false, ..all.clone() }), (1, 2, 1));
    assert_eq!(left(&CaptureSettings { javascript_errors: false, ..all.clone() }), (2, 2, 1));
    let skipped = CaptureSettings { request_skip: vec!["/api/ping".to_owned()], ..all };
    assert_eq!(left(&skipped), (2, 1, 1));
}
