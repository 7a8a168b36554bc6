//! Tests of Apdex: T1 to T6 of dem-semantics 16.

use super::*;

#[test]
fn score_of_60_30_10_is_fair() {
    let value = score(60, 30, 10).unwrap();
    assert!((value - 0.75).abs() < 1e-9);
    assert_eq!(rating(value), Rating::Fair);
    assert_eq!(score(0, 0, 0), None);
}

#[test]
fn ratings_begin_at_their_borders() {
    for (value, expected) in [
        (1.0, Rating::Excellent),
        (0.94, Rating::Excellent),
        (0.939, Rating::Good),
        (0.85, Rating::Good),
        (0.849, Rating::Fair),
        (0.7, Rating::Fair),
        (0.699, Rating::Poor),
        (0.5, Rating::Poor),
        (0.499, Rating::Unacceptable),
    ] {
        assert_eq!(rating(value), expected, "{value}");
    }
}

#[test]
fn zones_include_their_upper_threshold() {
    let docs = ApdexThreshold { satisfied: Millis(3_000), tolerating: Millis(12_000) };
    let ours = ApdexThreshold::default();
    for (metric, has_error, threshold, expected) in [
        (Some(3_000), false, docs, ApdexZone::Satisfied),
        (Some(3_001), false, docs, ApdexZone::Tolerating),
        (Some(12_000), false, docs, ApdexZone::Tolerating),
        (Some(12_001), false, docs, ApdexZone::Frustrated),
        (Some(15_000), false, ours, ApdexZone::Tolerating),
        (Some(15_001), false, ours, ApdexZone::Frustrated),
        (Some(500), true, ours, ApdexZone::Frustrated),
        (Some(500), false, ours, ApdexZone::Satisfied),
        (None, false, ours, ApdexZone::Unknown),
        (None, true, ours, ApdexZone::Frustrated),
    ] {
        assert_eq!(zone(metric.map(Millis), has_error, threshold), expected, "{metric:?}");
    }
}

#[test]
fn key_metric_falls_back_to_duration() {
    let (short, long) = (Some(Millis(1_000)), Some(Millis(2_000)));
    for (kind, complete, duration, expected) in [
        (ActionKind::PageLoad, short, long, short),
        (ActionKind::PageLoad, None, long, long),
        (ActionKind::PageLoad, None, None, None),
        (ActionKind::Xhr, short, long, short),
        (ActionKind::Custom, short, long, long),
    ] {
        assert_eq!(key_metric(kind, complete, duration), expected, "{kind:?}");
    }
}
