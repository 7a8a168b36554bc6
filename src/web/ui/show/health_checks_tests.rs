//! Tests of the list of what may keep data away.

use super::*;
use crate::base::id::ApplicationId;
use crate::base::time::Timestamp;

fn wrong(change: fn(&mut Application), outcomes: &[(Outcome, u64)]) -> Vec<String> {
    let mut a = Application::new(ApplicationId(2), "Shop", Timestamp(0));
    change(&mut a);
    let found = Counted { by_outcome: outcomes.iter().copied().collect(), last_at: None };
    let disk = DiskState { free_bytes: 10_000_000_000, ..DiskState::default() };
    let checks = checks(&a, &found, 0, &disk).into_iter();
    checks.filter(|check| check.state != "done").map(|check| check.title).collect()
}

#[test]
fn what_keeps_data_away_is_named() {
    let stored = [(Outcome::Accepted, 5)];
    assert!(wrong(|_| (), &stored).is_empty());
    assert_eq!(wrong(|_| (), &[]), ["No beacon was stored in 24 hours"]);
    assert_eq!(wrong(|a| a.enabled = false, &stored), ["The application is switched off"]);
    assert_eq!(wrong(|a| a.capture_percent = 0, &stored), ["0 % of sessions are captured"]);
    assert_eq!(wrong(|a| a.privacy.opt_in = true, &stored), ["The agent waits for consent"]);
    let refused = [(Outcome::Accepted, 5), (Outcome::ForbiddenOrigin, 1)];
    assert_eq!(wrong(|_| (), &refused), ["1 beacon refused: origin not allowed"]);
    let dropped = [(Outcome::Accepted, 5), (Outcome::ExcludedRobot, 3)];
    assert_eq!(
        wrong(|a| a.exclusions.robots = true, &dropped),
        ["3 beacons dropped by exclusions"]
    );
}

#[test]
fn clocks_are_told_when_they_differ() {
    let fact = |clock_offset| PageFact {
        at: Timestamp(0),
        clock_offset,
        url: String::new(),
        user_tag: String::new(),
        properties: Vec::new(),
    };
    assert_eq!(clock(&[]), "");
    assert_eq!(clock(&[fact(10), fact(-400)]), "within 5 s of this server");
    assert!(clock(&[fact(3_600_000), fact(0), fact(3_600_000)]).contains("behind"));
}
