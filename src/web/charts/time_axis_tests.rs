//! Tests of the axis of time.

use super::*;

/// A Tuesday, 03:48 in UTC and 04:48 in Vienna.
fn axis(length: i64, zone: &str) -> TimeAxis<'_> {
    let to = Timestamp::parse("2026-11-24T03:48:00Z").unwrap();
    TimeAxis { from: Timestamp(to.0 - length), to, zone }
}

fn labels(length: i64, zone: &str) -> Vec<String> {
    axis(length, zone).marks().into_iter().map(|mark| mark.label).collect()
}

#[test]
fn marks_stand_at_round_times_of_the_viewer() {
    assert_eq!(labels(HOUR_MILLIS, "UTC"), ["02:50", "03:00", "03:10", "03:20", "03:30", "03:40"]);
    assert_eq!(
        labels(DAY_MILLIS, "UTC"),
        ["06:00", "09:00", "12:00", "15:00", "18:00", "21:00", "24 Nov", "03:00"]
    );
    assert_eq!(labels(DAY_MILLIS, "Asia/Kolkata")[0], "12:00");
    assert_eq!(
        labels(7 * DAY_MILLIS, "Europe/Vienna"),
        ["Wed 18", "Thu 19", "Fri 20", "Sat 21", "Sun 22", "Mon 23", "Tue 24"]
    );
    assert_eq!(
        labels(30 * DAY_MILLIS, "UTC"),
        ["26 Oct", "31 Oct", "5 Nov", "10 Nov", "15 Nov", "20 Nov"]
    );
}

#[test]
fn marks_lie_where_their_time_is() {
    let axis = axis(DAY_MILLIS, "Europe/Vienna");
    let midnight = axis.marks().into_iter().find(|mark| mark.label == "24 Nov").unwrap();
    // 4 h 48 min before the end of 24 h.
    assert_eq!(midnight.at, WHOLE / 10 * 8);
}

#[test]
fn bars_begin_at_the_start_and_at_round_times() {
    let starts = axis(DAY_MILLIS, "UTC").bar_starts();
    let text: Vec<String> = starts.iter().map(|at| at.format("%H:%M", "UTC")).collect();
    assert_eq!(text[..3], ["03:48", "04:00", "04:30"]);
    assert_eq!(text.len(), 49);
    for days in [2, 7, 14, 30, 35, 90] {
        let starts = axis(days * DAY_MILLIS, "America/New_York").bar_starts();
        assert!((15..=50).contains(&starts.len()), "{days} days: {}", starts.len());
        assert!(starts.is_sorted());
        let width = starts[2].0 - starts[1].0;
        assert!(width < DAY_MILLIS || starts[1].format("%H:%M", "America/New_York") == "00:00");
    }
}

#[test]
fn clocks_that_are_changed_make_no_bar_of_no_width() {
    // In the night to 25 October 2026 the clocks of Vienna show 02:00 to 03:00 twice.
    let to = Timestamp::parse("2026-10-25T12:00:00+01:00").unwrap();
    let axis = TimeAxis { from: Timestamp(to.0 - DAY_MILLIS), to, zone: "Europe/Vienna" };
    let starts = axis.bar_starts();
    assert!(starts.windows(2).all(|pair| pair[0] < pair[1]));
    assert!(axis.marks().windows(2).all(|pair| pair[0].at < pair[1].at));
}

#[test]
fn ranges_without_sense_draw_nothing_and_do_not_hang() {
    for (from, to) in [(0, 0), (i64::MIN, i64::MAX), (0, i64::MAX), (5, 6)] {
        let axis = TimeAxis { from: Timestamp(from), to: Timestamp(to), zone: "no/zone" };
        assert!(axis.bar_starts().len() <= 50);
        assert!(axis.marks().len() <= 9);
    }
}
