//! Tests of plots.

use super::*;

fn spot(number: u32, parts: Vec<f64>) -> Spot {
    Spot {
        title: format!("{number} & more"),
        href: "/x?a=1&b=2".to_owned(),
        span: (number * WHOLE / 4, (number + 1) * WHOLE / 4),
        parts,
        is_open: number == 3,
    }
}

fn text(markup: &Markup) -> String {
    serde_json::to_value(markup).unwrap().as_str().unwrap_or_default().to_owned()
}

fn plot() -> Plot {
    Plot {
        spots: (0..4).map(|n| spot(n, vec![f64::from(n), 1.0])).collect(),
        classes: vec!["fill-good", "fill-bad"],
        lines: vec![Line {
            class: "plot-now",
            values: vec![Some(1.0), Some(2.0), None, Some(4.0)],
        }],
        scale: (0.0, 4.0),
        labels: vec![(2.0, "2".to_owned())],
        marks: Vec::new(),
        height: 80,
        finding: "<b>".to_owned(),
    }
}

#[test]
fn shapes_stay_inside_and_texts_are_escaped() {
    let html = text(&draw(&plot()));
    assert!(html.contains("&lt;b&gt;") && html.contains("0 &amp; more"));
    let number = regex::Regex::new(r#" (?:x|y|width|height)="(-?[0-9.]+)""#).unwrap();
    for found in number.captures_iter(&html) {
        let value: f64 = found[1].parse().unwrap();
        assert!((0.0..=960.0).contains(&value), "{}", &found[0]);
    }
}

#[test]
fn a_gap_stays_a_gap() {
    let html = text(&draw(&plot()));
    let path = html.split("plot-line plot-now\" d=\"").nth(1).unwrap().split('"').next().unwrap();
    assert_eq!(path.matches('M').count(), 2, "{path}");
    assert_eq!(path.matches('L').count(), 1, "{path}");
    // What stands alone behind the gap is drawn all the same.
    assert!(path.contains('h'), "{path}");
}

#[test]
fn every_spot_is_a_link() {
    let html = text(&draw(&plot()));
    assert_eq!(html.matches("<a href=\"/x?a=1&amp;b=2\"").count(), 4);
    assert_eq!(html.matches("chart-open").count(), 2);
}

#[test]
fn scales_of_counts_have_round_lines_inside() {
    for (largest, expected) in [
        (0.0, vec!["1"]),
        (1.0, vec!["1"]),
        (3.0, vec!["2"]),
        (7.0, vec!["5"]),
        (17.0, vec!["10"]),
        (960.0, vec!["500"]),
        (2_100.0, vec!["2000"]),
    ] {
        let ((low, high), labels) = count_scale(largest, |value| value.to_string());
        assert!(low == 0.0 && high >= largest);
        let words: Vec<&str> = labels.iter().map(|(_, word)| word.as_str()).collect();
        assert_eq!(words, expected, "{largest}");
    }
}

#[test]
fn a_spark_needs_two_values() {
    assert_eq!(text(&spark(&[])), "");
    assert_eq!(text(&spark(&[Some(1.0), None])), "");
    assert!(text(&spark(&[Some(1.0), Some(1.0)])).contains("<path"));
}
