//! Stacked bars over time: each bar a link to its part of the range.

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
    /// Text below the bar; empty for none.
    pub label: String,
}

/// Stacked bars.
#[derive(Debug, Clone, Default)]
pub struct Bars {
    /// Bars, in order of time.
    pub bars: Vec<Bar>,
    /// CSS classes of the parts.
    pub classes: Vec<&'static str>,
    /// The finding in words.
    pub finding: String,
}

const HEIGHT: f64 = 56.0;

/// Draws stacked bars.
#[must_use]
pub fn draw(chart: &Bars) -> Markup {
    let count = u32::try_from(chart.bars.len()).unwrap_or(1).max(1);
    let step = 960.0 / f64::from(count);
    let highest =
        chart.bars.iter().map(|bar| bar.parts.iter().sum::<u32>()).max().unwrap_or(0).max(1);
    let mut shapes = String::new();
    let mut labels = String::new();
    for (index, bar) in (0_u32..).zip(&chart.bars) {
        let x = step * f64::from(index);
        let _ = write!(
            shapes,
            r#"<a href="{}" data-tip="{}" aria-label="{}"><rect class="chart-hit" x="{x:.1}" width="{step:.1}" height="{HEIGHT}"/>"#,
            escape(&bar.href),
            escape(&bar.title),
            escape(&bar.title),
        );
        let mut top = HEIGHT;
        for (size, class) in bar.parts.iter().zip(&chart.classes) {
            if *size == 0 {
                continue;
            }
            let height = (share(*size, highest) / 100.0 * (HEIGHT - 2.0)).max(1.0);
            top = (top - height).max(0.0);
            let _ = write!(
                shapes,
                r#"<rect class="{class}" x="{:.1}" y="{top:.1}" width="{:.1}" height="{height:.1}"/>"#,
                x + step * 0.14,
                step * 0.72,
            );
        }
        shapes.push_str("</a>");
        if !bar.label.is_empty() {
            let _ = write!(
                labels,
                r#"<text x="{:.2}%" y="72">{}</text>"#,
                share(index, count),
                escape(&bar.label)
            );
        }
    }
    Markup::trusted(format!(
        r#"<div class="chart" data-island="chart"><svg height="76" role="group" aria-label="{}"><svg height="56" viewBox="0 0 960 56" preserveAspectRatio="none" width="100%"><path class="chart-grid" d="M0,55.5H960"/>{shapes}</svg>{labels}</svg></div>"#,
        escape(&chart.finding)
    ))
}

#[cfg(test)]
#[path = "bars_tests.rs"]
mod tests;
