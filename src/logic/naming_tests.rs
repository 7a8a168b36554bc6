//! Tests: see the module.

use super::{CleanRule, Naming};
use crate::model::action::ActionKind;
use crate::model::application::PrivacySettings;
use crate::model::beacon::{BeaconAction, Input};

fn naming() -> Naming {
    Naming::new(vec![CleanRule {
        id: "number".to_owned(),
        pattern: regex::Regex::new("^[0-9]+$").unwrap(),
        also: Vec::new(),
        replacement: "*".to_owned(),
    }])
}

fn action(kind: ActionKind, input: (&str, &str, &str)) -> BeaconAction {
    let (what, caption, element) = input;
    let input =
        Input { kind: what.to_owned(), caption: caption.to_owned(), element: element.to_owned() };
    BeaconAction { kind, input, ..BeaconAction::default() }
}

#[test]
fn names_say_what_happened_where() {
    let open = PrivacySettings::default();
    let masked = PrivacySettings { mask_captions: true, ..PrivacySettings::default() };
    let none = ("", "", "");
    let cases = [
        (ActionKind::PageLoad, none, "/x", &open, "loading of page /x"),
        (ActionKind::PageLoad, none, "/p/42/x", &open, "loading of page /p/*/x"),
        (ActionKind::Xhr, ("click", "Buy", "BUTTON"), "/x", &open, "click on \"Buy\" on page /x"),
        (
            ActionKind::Xhr,
            ("keypress", "Feedback", "INPUT"),
            "/contact",
            &open,
            "keypress on \"Feedback\" on page /contact",
        ),
        (ActionKind::Xhr, ("click", "Search", "INPUT"), "/x", &masked, "click on INPUT"),
        (ActionKind::Xhr, ("click", "", "INPUT"), "/x", &open, "click on INPUT on page /x"),
        (ActionKind::Xhr, none, "/x", &open, "request of /api/* on page /x"),
        (ActionKind::Custom, none, "/x", &open, "custom action on page /x"),
    ];
    for (kind, input, page, privacy, expected) in cases {
        let name = naming().name(&action(kind, input), page, "/api/7", privacy);
        assert_eq!(name, expected);
    }
}

#[test]
fn a_given_name_stays_and_is_cut() {
    let raw = BeaconAction { name: "ü".repeat(300), ..BeaconAction::default() };
    let name = naming().name(&raw, "/", "", &PrivacySettings::default());
    assert_eq!(name.chars().count(), 256);
}
