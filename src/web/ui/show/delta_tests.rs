//! Tests of changes.

use super::*;

fn words(delta: &Delta) -> (&str, &str, String) {
    (delta.way, delta.mood, delta.text.replace('\u{202f}', " "))
}

#[test]
fn counts_change_in_percent_of_what_they_were() {
    let cases = [
        (106, Some(100), Better::More, ("up", "good", "6.0%")),
        (50, Some(100), Better::More, ("down", "bad", "50%")),
        (218, Some(100), Better::Less, ("up", "bad", "118%")),
        (100, Some(100), Better::Less, ("", "", "0%")),
        (5, Some(4), Better::Neither, ("up", "", "25%")),
        (5, Some(0), Better::More, ("", "", "")),
        (5, None, Better::More, ("", "", "")),
    ];
    for (now, before, better, expected) in cases {
        let told = of_count(now, before, better);
        assert_eq!(words(&told), (expected.0, expected.1, expected.2.to_owned()));
    }
}

#[test]
fn shares_change_in_points() {
    assert_eq!(
        words(&of_share((64, 1_000), Some((68, 1_000)), Better::More)),
        ("down", "bad", "0.4 pt".to_owned())
    );
    assert_eq!(words(&of_share((1, 2), Some((0, 0)), Better::More)), ("", "", String::new()));
    assert_eq!(words(&of_share((0, 0), Some((1, 2)), Better::More)), ("", "", String::new()));
}

#[test]
fn scores_that_read_the_same_have_not_changed() {
    assert_eq!(words(&of_score(Some(0.901), Some(0.904))), ("", "", "0.00".to_owned()));
    assert_eq!(words(&of_score(Some(0.90), Some(0.93))), ("down", "bad", "0.03".to_owned()));
    assert_eq!(words(&of_score(None, Some(0.93))), ("", "", String::new()));
}

#[test]
fn a_score_of_nothing_is_none() {
    assert_eq!(score([0, 0, 0]), None);
    assert_eq!(score([2, 2, 0]), Some(0.75));
    assert_eq!(apdex_chip([0, 0, 1], true).unwrap().text, "0.00 unacceptable");
    assert_eq!(apdex_chip([95, 5, 0], false).unwrap().band, "excellent");
}
