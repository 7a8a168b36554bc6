//! Tests of the user experience score: T7 to T11 of dem-semantics 16.

use super::*;

#[test]
fn weights_9_9_6_are_frustrated() {
    let weights = Weights { frustrated: 9, tolerated: 9, satisfied: 6 };
    let settings = ExperienceSettings::default();
    assert_eq!(judge(weights, &settings), Experience::Frustrated);
}

#[test]
fn sessions_are_judged_by_their_elements() {
    let satisfied = |n| Elements { satisfied: n, ..Elements::default() };
    for (elements, expected) in [
        (satisfied(10), Experience::Satisfied),
        (Elements { errors: 1, ..satisfied(10) }, Experience::Tolerated),
        (Elements { crashes: 1, ..satisfied(100) }, Experience::Frustrated),
        (Elements { rage_clicks: 1, ..satisfied(1) }, Experience::Frustrated),
        (Elements { tolerating: 2, ..satisfied(1) }, Experience::Tolerated),
        (Elements { tolerating: 1, ..satisfied(1) }, Experience::Satisfied),
        (Elements { frustrated: 3, ..satisfied(7) }, Experience::Frustrated),
        (Elements { frustrated: 2, ..satisfied(7) }, Experience::Tolerated),
        (Elements::default(), Experience::Undefined),
    ] {
        let settings = ExperienceSettings::default();
        assert_eq!(experience(&elements, &settings), expected, "{elements:?}");
    }
}

#[test]
fn last_action_decides_when_the_setting_says_so() {
    let elements = Elements {
        satisfied: 50,
        frustrated: 1,
        last_zone: ApdexZone::Frustrated,
        ..Elements::default()
    };
    for (last_action_decides, expected) in
        [(true, Experience::Frustrated), (false, Experience::Tolerated)]
    {
        let settings = ExperienceSettings { last_action_decides, ..ExperienceSettings::default() };
        assert_eq!(experience(&elements, &settings), expected);
    }
}
