//! Stacked bars over time: each bar a link to its part of the range, as wide as its part; marks where they belong.

use std::fmt::Write;

use super::svg::{escape, share};
use crate::web::templates::Markup;

/// One bar.
#[derive(Debug, Clone, Default)]
pub struct Bar {
    /// What the bar says in words, as `09:00: 12 sessions, 3 frustrated`.
    pub title: String,
    /// Where it leads.
    pub href: String,
    /// Sizes, from the ground up, in the order of [`Bars::classes`].
    pub parts: Vec<u32>,
    /// Where it begins and ends, in [`WHOLE`]ths of the range.
    pub span: (u32, u32),
}

/// A mark of the axis.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mark {
    /// Where, in [`WHOLE`]ths of the range.
    pub at: u32,
    /// Text.
    pub label: String,
}

/// Stacked bars.
#[derive(Debug, Clone, Default)]
pub struct Bars {
    /// Bars, in order of time.
    pub bars: Vec<Bar>,
    /// Marks of the axis.
    pub marks: Vec<Mark>,
    /// CSS classes of the parts.
    pub classes: Vec<&'static str>,
    /// The finding in words.
    pub finding: String,
}

/// What places on the axis are parts of.
pub const WHOLE: u32 = 960_000;
const HEIGHT: f64 = 56.0;

/// Draws stacked bars.
#[must_use]
pub fn draw(chart: &Bars) -> Markup {
    let highest =
        chart.bars.iter().map(|bar| bar.parts.iter().sum::<u32>()).max().unwrap_or(0).max(1);
    let mut shapes = String::new();
    for bar in &chart.bars {
        draw_bar(&mut shapes, bar, &chart.classes, highest);
    }
    let mut marks = String::new();
    let mut labels = String::new();
    for (number, mark) in chart.marks.iter().enumerate() {
        let at = share(mark.at, WHOLE);
        let x = at * 9.6;
        let _ = write!(marks, r#"<path class="chart-grid" d="M{x:.1},0V{HEIGHT}"/>"#);
        let class = match at {
            ..3.0 => "chart-start",
            97.0.. => "chart-end",
            _ => "chart-middle",
        };
        // On a phone every second label leaves its room to its neighbours.
        let also = if number % 2 == 1 && chart.marks.len() > 5 { " hide-phone" } else { "" };
        let label = escape(&mark.label);
        let _ = write!(labels, r#"<text class="{class}{also}" x="{at:.2}%" y="72">{label}</text>"#);
    }
    Markup::trusted(format!(
        r#"<div class="chart" data-island="chart"><svg height="76" role="group" aria-label="{}"><svg height="56" viewBox="0 0 960 56" preserveAspectRatio="none" width="100%">{marks}<path class="chart-grid" d="M0,55.5H960"/>{shapes}</svg>{labels}</svg></div>"#,
        escape(&chart.finding)
    ))
}

fn draw_bar(shapes: &mut String, bar: &Bar, classes: &[&'static str], highest: u32) {
    let left = share(bar.span.0, WHOLE) * 9.6;
    let step = share(bar.span.1, WHOLE) * 9.6 - left;
    let (href, title) = (escape(&bar.href), escape(&bar.title));
    let _ = write!(
        shapes,
        r#"<a href="{href}" data-tip="{title}" aria-label="{title}"><rect class="chart-hit" x="{left:.1}" width="{step:.1}" height="{HEIGHT}"/>"#,
    );
    let mut top = HEIGHT;
    for (size, class) in bar.parts.iter().zip(classes) {
        if *size == 0 {
            continue;
        }
        let height = (share(*size, highest) / 100.0 * (HEIGHT - 2.0)).max(1.0);
        top = (top - height).max(0.0);
        let _ = write!(
            shapes,
            r#"<rect class="{class}" x="{:.1}" y="{top:.1}" width="{:.1}" height="{height:.1}"/>"#,
            left + step * 0.14,
            (step * 0.72).max(0.5),
        );
    }
    shapes.push_str("</a>");
}

#[cfg(test)]
#[path = "bars_tests.rs"]
mod tests;
