//! Tests of stacked bars.

use super::*;
use crate::web::charts::svg::share;

fn html(chart: &Bars) -> String {
    minijinja::render!("{{ m }}", m => minijinja::Value::from(minijinja::value::Serde(draw(chart))))
}

#[test]
fn hostile_titles_and_links_stay_text() {
    let chart = Bars {
        bars: vec![Bar {
            title: "\"><script>alert(1)</script>".to_owned(),
            href: "/sessions?q=\"onload=x".to_owned(),
            parts: vec![3, 0, 1],
            span: (0, WHOLE),
        }],
        marks: vec![Mark { at: WHOLE / 2, label: "<b>".to_owned() }],
        classes: vec!["fill-good", "fill-fair", "fill-bad"],
        finding: "a & b".to_owned(),
    };
    let html = html(&chart);
    assert!(!html.contains("<script"));
    assert!(!html.contains("<b>"));
    assert!(html.contains("a &amp; b"));
}

#[test]
fn no_bars_draw_an_empty_ground() {
    assert!(html(&Bars::default()).contains("chart-grid"));
}

#[test]
fn shares_stay_inside_the_picture() {
    for (part, whole) in [(0, 0), (5, 0), (5, 4), (1, u32::MAX)] {
        let value = share(part, whole);
        assert!((0.0..=100.0).contains(&value), "{part}/{whole}");
    }
}
