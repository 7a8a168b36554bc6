//! Tests of the form of Apdex thresholds and of what it says they give.

use super::*;
use crate::base::id::ApplicationId;
use crate::base::time::Timestamp;
use crate::logic::apdex_trial::Weighed;

const NOW: Timestamp = Timestamp(1_795_000_000_000);

fn pairs(sent: &[(&str, &str)]) -> Vec<(String, String)> {
    sent.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn sample(loads: &[u32], is_whole: bool) -> ApdexSample {
    let weighed = |millis: &u32| Weighed {
        kind: ActionKind::PageLoad,
        metric: Millis(*millis),
        has_error: false,
    };
    ApdexSample {
        actions: loads.iter().map(weighed).collect(),
        at: NOW,
        since: Timestamp(NOW.0 - 3_600_000),
        is_whole,
    }
}

fn draw(sent: &[(&str, &str)], sample: Option<&ApdexSample>) -> ApdexView {
    let application = Application::new(ApplicationId(2), "Shop", Timestamp(0));
    let form = application_forms::form("apdex", &application).unwrap();
    view(&application, form, &pairs(sent), sample.map(|sample| (sample, "UTC")))
}

const SAVED: [(&str, &str); 6] = [
    ("apdex/load/satisfied", "3"),
    ("apdex/load/tolerating", "15"),
    ("apdex/xhr/satisfied", "3"),
    ("apdex/xhr/tolerating", "15"),
    ("apdex/custom/satisfied", "3"),
    ("apdex/custom/tolerating", "15"),
];

fn typed(name: &str, value: &'static str) -> Vec<(&'static str, &'static str)> {
    SAVED.into_iter().map(|(own, old)| (own, if own == name { value } else { old })).collect()
}

#[test]
fn the_sentence_tells_what_is_and_what_would_be() {
    let sample = sample(&[1_000, 2_000, 4_000, 20_000], true);
    let is = draw(&[], Some(&sample));
    let load = is.kinds.first().unwrap();
    assert_eq!(load.before, "At 3\u{202f}s and 15\u{202f}s, as saved, you are at");
    assert_eq!(load.chip.as_ref().unwrap().text, "0.62 poor");
    assert_eq!(load.after, ", from 4 page loads.");
    assert_eq!(is.source, "Made from all 4 user actions of real users in the last 7 days.");
    let would = draw(&typed("apdex/load/satisfied", "4,5"), Some(&sample));
    let load = would.kinds.first().unwrap();
    assert_eq!(load.before, "At 4.5\u{202f}s and 15\u{202f}s you would be at");
    assert_eq!(load.chip.as_ref().unwrap().text, "0.75 fair");
    assert_eq!(load.after, ", from 4 page loads; as saved 0.62 poor.");
    assert_eq!(would.before, "All user actions together would be at");
    let legend: Vec<&str> = load.legend.iter().map(|(_, text)| text.as_str()).collect();
    assert_eq!(legend, ["Satisfied 75%", "Tolerated 0%", "Too slow 25%", "Failed 0%"]);
    assert_eq!(load.fields.first().unwrap().value, "4,5");
    assert!(would.kinds.last().unwrap().before.starts_with("No custom action of real users"));
}

#[test]
fn what_the_numbers_are_made_from_is_said() {
    let cut = sample(&[1_000], false);
    let source = draw(&[], Some(&cut)).source;
    let start = "Made from the newest 1 user action of real users, since ";
    assert!(source.starts_with(start), "{source}");
    assert!(draw(&[], Some(&sample(&[], true))).source.starts_with("No user action"));
    assert!(draw(&[], None).source.contains("may see sessions"));
    assert!(draw(&[], None).kinds.iter().all(|kind| kind.chip.is_none()));
}

#[test]
fn every_wrong_value_is_named_and_the_rest_is_tried() {
    let sample = sample(&[1_000], true);
    for (name, value, expected) in [
        ("apdex/load/satisfied", "", "Satisfied up to: seconds are needed, as 3 or 2.5."),
        ("apdex/load/satisfied", "0", "Satisfied up to: at least a millisecond."),
        ("apdex/load/satisfied", "16", "Tolerated up to: not less than what satisfies."),
        ("apdex/load/tolerating", "601", "Tolerated up to: at most 10 minutes."),
    ] {
        let view = draw(&typed(name, value), Some(&sample));
        let load = view.kinds.first().unwrap();
        assert_eq!(load.error, expected, "{value}");
        assert!(load.fields.iter().any(|field| !field.error.is_empty()), "{value}");
        assert!(load.before.contains("as saved"), "{value}: {}", load.before);
        assert!(view.kinds.iter().skip(1).all(|kind| kind.error.is_empty()), "{value}");
        assert!(view.before.starts_with("As saved"), "{value}");
    }
    let both = changed(&pairs(&[("apdex/load/satisfied", "x")])).unwrap_err();
    assert_eq!(both.errors.len(), 2);
}
