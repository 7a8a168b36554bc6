//! Vitals with their words and parts.

use super::vitals as vitals_of;
use super::*;

fn words(vitals: &WebVitals) -> Vec<String> {
    vitals_of(vitals, true).into_iter().map(|vital| vital.chip.text).collect()
}

#[test]
fn values_have_the_words_of_their_limits() {
    for (value, expected) in [(2_500, "good"), (2_501, "needs work"), (4_001, "poor")] {
        let vitals = WebVitals { largest_contentful_paint: Some(value), ..WebVitals::default() };
        assert!(words(&vitals)[0].ends_with(expected), "{value}");
    }
    for (value, expected) in [(0, "0.000 good"), (100, "0.100 good"), (251, "0.251 poor")] {
        let vitals = WebVitals { cumulative_layout_shift: Some(value), ..WebVitals::default() };
        assert_eq!(words(&vitals), [expected]);
    }
    assert!(words(&WebVitals::default()).is_empty());
}

#[test]
fn parts_are_told_when_there_are_any() {
    let bare = WebVitals { interaction_to_next_paint: Some(40), ..WebVitals::default() };
    let vital = &vitals_of(&bare, true)[0];
    assert!(vital.parts.is_empty() && vital.bar.is_none() && vital.facts.is_empty());
    let told = WebVitals {
        inp_element: "#go".to_owned(),
        inp_event: "pointerup".to_owned(),
        inp_input_delay: Some(10),
        inp_processing: Some(180),
        inp_presentation_delay: Some(0),
        inp_script: "https://shop.example.com/app.js?v=1".to_owned(),
        inp_function: "onclick".to_owned(),
        inp_script_duration: Some(170),
        ..bare
    };
    let vital = &vitals_of(&told, true)[0];
    let parts: Vec<_> = vital.parts.iter().map(|part| (part.label, part.value.as_str())).collect();
    assert_eq!(
        parts,
        [("Waiting", "10\u{202f}ms"), ("Handlers", "180\u{202f}ms"), ("Painting", "0\u{202f}ms")]
    );
    let facts: Vec<_> = vital.facts.iter().map(|fact| fact.value.text.as_str()).collect();
    assert_eq!(facts, ["#go", "pointerup", "onclick /app.js, 170\u{202f}ms"]);
}
