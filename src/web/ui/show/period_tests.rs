//! Tests of ranges and comparisons.

use super::*;

const ZONE: &str = "Europe/Vienna";

fn now() -> Timestamp {
    Timestamp::parse("2026-11-24T10:00:00Z").unwrap()
}

fn view(from: &str, to: &str, cmp: &str) -> PeriodView {
    let query = PeriodQuery {
        from: Some(from.to_owned()),
        to: Some(to.to_owned()),
        cmp: Some(cmp.to_owned()),
        ..PeriodQuery::default()
    };
    PeriodView::new("/apps/a_1", &query, now()).unwrap()
}

#[test]
fn the_plain_address_is_short() {
    assert_eq!(view("", "", "").with(&[]), "/apps/a_1");
    assert_eq!(view("", "", "week").with(&[("by", "os")]), "/apps/a_1?cmp=week&by=os");
    assert_eq!(view("-7d", "", "none").with(&[("from", "")]), "/apps/a_1?cmp=none");
}

#[test]
fn every_choice_of_the_control_is_read_back_as_it_was_meant() {
    let control = view("-7d", "", "").control(ZONE, now(), 35);
    assert_eq!(control.label, "Last 7 days");
    for link in control.presets.iter().chain(&control.compare) {
        let text = link.href.split_once('?').map_or("", |(_, rest)| rest);
        let query = actix_web::web::Query::<PeriodQuery>::from_query(text).unwrap().into_inner();
        let again = PeriodView::new("/apps/a_1", &query, now()).unwrap();
        assert_eq!(again.with(&[]), link.href, "{}", link.label);
        let own = again.control(ZONE, now(), 35);
        let is_marked = own
            .presets
            .iter()
            .chain(&own.compare)
            .any(|other| other.is_current && other.label == link.label);
        assert!(is_marked, "{}", link.label);
    }
}

#[test]
fn periods_to_compare_with_are_as_long() {
    let view = view("-24h", "", "");
    let start = |compare: Compare| compare.start(view.start, view.end).map(Timestamp::rfc3339);
    assert_eq!(start(Compare::Previous).unwrap(), "2026-11-22T10:00:00.000Z");
    assert_eq!(start(Compare::Week).unwrap(), "2026-11-16T10:00:00.000Z");
    assert_eq!(start(Compare::Nothing), None);
}

#[test]
fn months_are_those_of_the_viewer() {
    let months = months(now(), ZONE);
    assert_eq!(months[0].1, "2026-10-31T23:00:00.000Z");
    assert_eq!(months[1].1, "2026-09-30T22:00:00.000Z");
    assert_eq!(months[1].2, months[0].1);
}

#[test]
fn a_range_that_is_typed_has_a_name() {
    assert_eq!(view("-3d", "", "").control(ZONE, now(), 35).label, "Last 3 days");
    assert_eq!(view("2026-11-01T00:00:00Z", "", "").control(ZONE, now(), 35).label, "Chosen time");
}

#[test]
fn a_range_without_sense_is_refused() {
    let query = PeriodQuery { from: Some("yesterday".to_owned()), ..PeriodQuery::default() };
    assert!(PeriodView::new("/", &query, now()).is_err());
}

#[test]
fn zooming_out_doubles_the_range_within_what_is_kept_and_now() {
    for (from, to, expected) in [
        ("", "", "/apps/a_1?from=-48h"),
        ("-30m", "now", "/apps/a_1?from=-60m"),
        ("-20d", "", "/apps/a_1?from=-35d"),
        ("-35d", "", ""),
        // In the past: as much before as after.
        (
            "2026-11-20T10:00:00Z",
            "2026-11-20T12:00:00Z",
            "/apps/a_1?from=2026-11-20T09:00:00.000Z&to=2026-11-20T13:00:00.000Z",
        ),
        // What would lie in the future lies before it.
        (
            "2026-11-24T07:00:00Z",
            "2026-11-24T09:00:00Z",
            "/apps/a_1?from=2026-11-24T06:00:00.000Z&to=2026-11-24T10:00:00.000Z",
        ),
        (
            "2026-11-24T07:40:00Z",
            "2026-11-24T09:40:00Z",
            "/apps/a_1?from=2026-11-24T06:00:00.000Z&to=2026-11-24T10:00:00.000Z",
        ),
        // Before that nothing is kept.
        (
            "2026-10-21T10:00:00Z",
            "2026-11-20T10:00:00Z",
            "/apps/a_1?from=2026-10-20T10:00:00.000Z&to=2026-11-24T10:00:00.000Z",
        ),
        ("2026-11-20T10:00:00Z", "", "/apps/a_1?from=2026-11-16T10:00:00.000Z"),
        ("2026-10-01T10:00:00Z", "", ""),
    ] {
        let control = view(from, to, "").control(ZONE, now(), 35);
        assert_eq!(control.wider, expected, "{from} {to}");
        assert_eq!(control.kept, "Data is kept for 35 days");
    }
}
