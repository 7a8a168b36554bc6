//! Tests of trying thresholds.

use super::*;

fn load(millis: u32, has_error: bool) -> Weighed {
    Weighed { kind: ActionKind::PageLoad, metric: Millis(millis), has_error }
}

fn seconds(satisfied: u32, tolerating: u32) -> ApdexThreshold {
    ApdexThreshold { satisfied: Millis::secs(satisfied), tolerating: Millis::secs(tolerating) }
}

#[test]
fn thresholds_decide_what_errors_leave_to_them() {
    let actions = [
        load(500, false),
        load(3_000, false),
        load(3_001, false),
        load(15_001, false),
        load(10, true),
        Weighed { kind: ActionKind::Xhr, ..load(900, false) },
    ];
    for (threshold, expected) in [
        (seconds(3, 15), (2, 1, 1, 1)),
        (seconds(1, 3), (1, 1, 2, 1)),
        (seconds(60, 60), (4, 0, 0, 1)),
    ] {
        let trial = attempt(&actions, ActionKind::PageLoad, threshold);
        let zones = trial.zones;
        let told = (zones.satisfied, zones.tolerating, zones.slow, zones.failed);
        assert_eq!(told, expected, "{threshold:?}");
        assert_eq!(trial.bins.iter().fold(Zones::default(), |sum, bin| sum.and(*bin)), zones);
    }
    let trial = attempt(&actions, ActionKind::PageLoad, seconds(3, 15));
    assert!((trial.zones.score().unwrap() - 0.5).abs() < 1e-9);
    let none = attempt(&actions, ActionKind::Custom, seconds(3, 15));
    assert_eq!((none.zones.all(), none.zones.score()), (0, None));
}

#[test]
fn every_duration_has_its_bin() {
    for (millis, bin) in
        [(0, 0), (33, 0), (38, 0), (39, 1), (100, 6), (1_000, 18), (82_000, 41), (u32::MAX, 41)]
    {
        assert_eq!(bin_of(Millis(millis)), bin, "{millis}");
    }
    assert!(STARTS.is_sorted() && STARTS.last().is_some_and(|last| *last < END));
}

#[test]
fn the_key_metric_is_what_counts() {
    let mut action = crate::model::action::tests_support::sample(
        crate::base::id::ApplicationId(1),
        crate::base::time::Timestamp(0),
    );
    action.duration = Millis(700);
    assert_eq!(Weighed::of(&action).unwrap().metric, Millis(700));
    action.visually_complete = Some(Millis(300));
    assert_eq!(Weighed::of(&action).unwrap().metric, Millis(300));
    action.kind = ActionKind::Custom;
    assert_eq!(
        Weighed::of(&action),
        Some(Weighed { kind: ActionKind::Custom, ..load(700, false) })
    );
}
