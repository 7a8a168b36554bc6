//! Tests of the parts of the health page.

use super::*;
use crate::base::id::ApplicationId;

fn shop() -> Application {
    Application::new(ApplicationId(2), "Shop", Timestamp(0))
}

fn refused(at: i64, application: Option<u32>, outcome: Outcome, origin: &str) -> Refusal {
    Refusal {
        at: Timestamp(at),
        application: application.map(ApplicationId),
        outcome,
        origin: origin.to_owned(),
    }
}

#[test]
fn refusals_of_others_are_not_shown_and_those_of_nobody_are() {
    let recent = [
        refused(4, Some(2), Outcome::Malformed, "https://a.example"),
        refused(3, Some(3), Outcome::Malformed, "https://b.example"),
        refused(2, None, Outcome::UnknownApplication, ""),
    ];
    let rows = refusals(&recent, &shop(), Timestamp(5), "UTC");
    let shown: Vec<(&str, &str)> =
        rows.iter().map(|row| (row.application.as_str(), row.chip.text.as_str())).collect();
    assert_eq!(shown, [("Shop", "malformed"), ("none", "unknown application")]);
    assert!(rows.iter().all(|row| !row.text.is_empty()));
}

#[test]
fn refused_origins_lead_to_the_settings_that_allow_them() {
    let recent = [
        refused(9_000, Some(2), Outcome::ForbiddenOrigin, "https://b.example"),
        refused(8_000, Some(2), Outcome::ForbiddenOrigin, "https://a.example"),
        refused(7_000, Some(2), Outcome::ForbiddenOrigin, "https://b.example"),
        refused(7_000, Some(3), Outcome::ForbiddenOrigin, "https://c.example"),
    ];
    let rows = origins(&recent, &shop(), true, Timestamp(10_000));
    let shown: Vec<&str> = rows.iter().map(|row| row.origin.as_str()).collect();
    assert_eq!(shown, ["https://b.example", "https://a.example"]);
    assert!(
        rows[0].href.ends_with("/settings/origins?allow=https://b.example"),
        "{}",
        rows[0].href
    );
    assert!(rows[0].note.starts_with("2 beacons"));
    assert_eq!(origins(&recent, &shop(), false, Timestamp(10_000))[0].href, "");
}

#[test]
fn the_server_tells_what_waits() {
    let disk = DiskState { waiting: 1, staged_bytes: 2_000, ..DiskState::default() };
    let facts = server(&disk, Timestamp(0));
    let text: Vec<&str> = facts.iter().map(|fact| fact.value.text.as_str()).collect();
    assert!(text[2].contains("in the journal"));
    assert_eq!(text[3], "1 session waits to be indexed");
}

#[test]
fn values_over_the_limit_are_told_with_their_number() {
    let mut facts = Vec::new();
    add_capped(&mut facts, &[(ValueKind::Page, 0), (ValueKind::UserTag, 0)]);
    assert!(facts.is_empty());
    add_capped(&mut facts, &[(ValueKind::Page, 1_200), (ValueKind::UserTag, 3)]);
    let [fact] = facts.as_slice() else { panic!() };
    let expected = "1,200 pages, 3 user tags read {other}: too many different ones in a day";
    assert_eq!(fact.value.text, expected);
}
