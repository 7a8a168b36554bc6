//! Tests of the order in which things are told.

use super::*;
use crate::base::id::ApplicationId;
use crate::base::time::Timestamp;

/// Loads from 0 s to 1 s, from 10 s to 12 s, and from 60 s to 61 s.
fn loads() -> Vec<UserAction> {
    [(0, 1_000), (10_000, 2_000), (60_000, 1_000)]
        .into_iter()
        .map(|(at, duration)| UserAction {
            started_at: Timestamp(at),
            duration: Millis(duration),
            ..crate::web::ui::show::navigation::tests::load()
        })
        .collect()
}

fn left(at: i64, how: PageEndKind) -> SessionEvent {
    SessionEvent {
        at: Timestamp(at),
        application: ApplicationId(1),
        kind: SessionEventKind::PageEnd { how },
    }
}

#[test]
fn a_page_is_left_before_the_next_one_loads() {
    let found = |at, how| load_led_to(&left(at, how), &loads());
    // The browser unloads the old page in the middle of the load of the new one.
    assert_eq!(found(11_000, PageEndKind::Navigated), Some(Timestamp(10_000)));
    assert_eq!(found(60_000, PageEndKind::Navigated), Some(Timestamp(60_000)));
    assert_eq!(found(500, PageEndKind::Navigated), None, "the first page of the session");
    // Long after the load it is the page itself that is left; what follows has not begun.
    assert_eq!(found(30_000, PageEndKind::Navigated), None);
    assert_eq!(found(11_000, PageEndKind::WindowClosed), None);
}

#[test]
fn errors_say_what_failed_and_how() {
    let request = |status, message: &str| ErrorReport {
        kind: ErrorKind::Request,
        method: "GET".to_owned(),
        url: "https://shop.example.com/a.png".to_owned(),
        status,
        message: message.to_owned(),
        ..ErrorReport::default()
    };
    let thrown = |kind, name: &str| ErrorReport {
        kind,
        name: name.to_owned(),
        message: "basket".to_owned(),
        ..ErrorReport::default()
    };
    let policy = "CSP img-src blocked https://shop.example.com/a.png";
    for (error, label, text) in [
        (request(503, "HTTP 503"), "HTTP 503", "GET https://shop.example.com/a.png"),
        (request(0, "No answer"), "No answer", "GET https://shop.example.com/a.png"),
        (
            request(0, "Failed to load img"),
            "Image not loaded",
            "GET https://shop.example.com/a.png",
        ),
        (request(0, policy), "Blocked by policy", "img-src: https://shop.example.com/a.png"),
        (
            request(0, "CSP ryan-miller blocked x"),
            "Blocked by policy",
            "policy: https://shop.example.com/a.png",
        ),
        (request(0, "CSP "), "Blocked by policy", "policy: https://shop.example.com/a.png"),
        (
            request(0, "CSP Ryan.Miller@example.com"),
            "Blocked by policy",
            "policy: https://shop.example.com/a.png",
        ),
        (
            request(0, "CSP img-src ryan blocked it"),
            "Blocked by policy",
            "img-src: https://shop.example.com/a.png",
        ),
        (thrown(ErrorKind::Javascript, "TypeError"), "TypeError", "basket"),
        (thrown(ErrorKind::Javascript, ""), "Error", "basket"),
        (thrown(ErrorKind::Custom, "empty"), "Reported", "basket: empty"),
        (thrown(ErrorKind::Custom, ""), "Reported", "basket"),
    ] {
        let view = error_view(&error, true);
        assert_eq!((view.label.as_str(), view.text.text.as_str()), (label, text));
    }
    let hidden = error_view(&thrown(ErrorKind::Custom, "empty"), false);
    assert!(hidden.text.is_masked && !hidden.text.text.contains("empty"));
}
