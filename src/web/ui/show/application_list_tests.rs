//! Tests of the order of applications.

use super::*;

fn known(name: &str, zones: [u64; 3], sessions: u64) -> Known {
    let mut numbers = Statistics::default();
    numbers.current.figures = Figures { sessions, zones, ..Figures::default() };
    Known {
        application: Application::new(ApplicationId(7), name, Timestamp(0)),
        numbers,
        beacons: Counted::default(),
    }
}

#[test]
fn the_worst_comes_first_and_what_has_no_data_last() {
    let now = Timestamp(1_000_000_000_000);
    let mut all =
        [known("silent", [0, 0, 0], 0), known("fine", [9, 0, 0], 3), known("bad", [1, 0, 9], 1)];
    all.sort_by(|a, b| worst_first(a, b, now));
    let names: Vec<&str> = all.iter().map(|known| known.application.name.as_str()).collect();
    assert_eq!(names, ["bad", "fine", "silent"]);
}

#[test]
fn a_heading_sorts_and_turns_what_is_sorted() {
    assert_eq!(sort_of(None), (None, false));
    assert_eq!(sort_of(Some("nonsense")), (None, false));
    assert_eq!(sort_of(Some("-sessions")), (Some("sessions"), true));
    let now = Timestamp(1_000_000_000_000);
    let view = PeriodView::new("/apps", &PeriodQuery::default(), now).unwrap();
    let head = |key, is_turned, label: &str| {
        let found = heads(&view, key, is_turned).into_iter().find(|head| head.label == label);
        found.map(|head| (head.href, head.order)).unwrap()
    };
    assert_eq!(head(None, false, "Sessions"), ("/apps?sort=-sessions".to_owned(), ""));
    assert_eq!(
        head(Some("sessions"), true, "Sessions"),
        ("/apps?sort=sessions".to_owned(), "descending")
    );
    assert_eq!(head(None, false, "Apdex"), ("/apps?sort=apdex".to_owned(), ""));
}
