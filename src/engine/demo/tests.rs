//! Proof that the visitors are plausible and always the same.

use std::collections::{BTreeMap, BTreeSet};

use super::{Pace, Visit, Visitors};
use crate::base::time::{DAY_MILLIS, HOUR_MILLIS, Timestamp};
use crate::model::beacon::BeaconEventKind;

const NOW: Timestamp = Timestamp(1_764_000_000_000);

fn week(seed: u64) -> Vec<Visit> {
    let start = Timestamp(NOW.0 - 7 * DAY_MILLIS);
    Visitors::new(seed, start, NOW, Pace::DayAndNight(172_000))
        .take_while(|v| v.received_at < NOW)
        .collect()
}

#[test]
fn the_same_seed_gives_the_same_visitors() {
    let start = Timestamp(NOW.0 - DAY_MILLIS);
    let visitors =
        |seed| Visitors::new(seed, start, NOW, Pace::Steady(10_000)).take(300).collect::<Vec<_>>();
    assert_eq!(visitors(7), visitors(7));
    assert_ne!(visitors(7), visitors(8));
}

#[test]
fn a_week_is_in_order_and_plausible() {
    let week = week(1);
    assert!(week.windows(2).all(|pair| pair[0].received_at <= pair[1].received_at));
    let sessions: BTreeMap<u64, Vec<&Visit>> =
        week.iter().fold(BTreeMap::new(), |mut all, visit| {
            all.entry(visit.beacon.browser_session).or_default().push(visit);
            all
        });
    let mut bounces = 0;
    let mut tagged = 0;
    let mut most = 0;
    for beacons in sessions.values() {
        let events = || beacons.iter().flat_map(|visit| &visit.beacon.events);
        let actions = events().filter(|e| matches!(e.kind, BeaconEventKind::Action(_))).count();
        most = most.max(actions);
        bounces += usize::from(actions <= 1);
        tagged += usize::from(events().any(|e| matches!(e.kind, BeaconEventKind::UserTag(_))));
    }
    let n = sessions.len();
    let browsers: BTreeSet<&str> = week.iter().map(|visit| visit.user_agent).collect();
    println!(
        "{} beacons, {n} sessions, {bounces} bounces, {tagged} tagged, most {most}, {} browsers",
        week.len(),
        browsers.len()
    );
    assert!((3_000..4_500).contains(&n));
    assert!((5..10).contains(&(week.len() / n)));
    assert!((20..40).contains(&(bounces * 100 / n)));
    assert!((30..50).contains(&(tagged * 100 / n)));
    assert!(most <= 40);
    assert!(browsers.len() >= 25);
}

#[test]
fn the_bad_release_breaks_payments_and_nothing_before_it_does() {
    let mut paid = BTreeMap::<(String, bool), u32>::new();
    for visit in week(2) {
        for event in &visit.beacon.events {
            let BeaconEventKind::Action(action) = &event.kind else {
                continue;
            };
            if action.input.caption == "Pay now" {
                let is_failed = action.errors.iter().any(|e| e.status == 500);
                *paid.entry((visit.beacon.release.clone(), is_failed)).or_default() += 1;
            }
        }
    }
    println!("{paid:?}");
    let share = |release: &str| {
        let of = |failed| paid.get(&(release.to_owned(), failed)).copied().unwrap_or(0);
        of(true) * 100 / (of(true) + of(false)).max(1)
    };
    assert!((5..30).contains(&share("4.12.0")));
    assert!(share("4.11.2") <= 3);
}

#[test]
fn nights_are_quieter_than_days() {
    let mut hours = [0_u32; 24];
    for visit in week(3) {
        let hour = visit.received_at.0.rem_euclid(DAY_MILLIS) / HOUR_MILLIS;
        hours[usize::try_from(hour).unwrap()] += 1;
    }
    assert!(hours[2] * 3 < hours[18], "{hours:?}");
}
