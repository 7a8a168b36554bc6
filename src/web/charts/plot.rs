//! Lines and stacked bars over time with a scale at their left: several plots under each other share one axis.

use std::fmt::Write;

use super::bars::{Mark, WHOLE};
use super::svg::{escape, share};
use crate::web::templates::Markup;

/// Width of the shapes in units of the drawing.
const WIDTH: f64 = 960.0;
/// Room that a label of the scale takes.
const LABEL_HEIGHT: f64 = 11.0;
/// Room for the marks of the axis.
const MARKS_HEIGHT: u32 = 20;

/// A stretch of time: a link to what lies in it.
#[derive(Debug, Clone, Default)]
pub struct Spot {
    /// What it says in words.
    pub title: String,
    /// Where it leads.
    pub href: String,
    /// Where it begins and ends, in [`WHOLE`]ths of the range.
    pub span: (u32, u32),
    /// Sizes of the stacked parts, from the ground up, in the order of [`Plot::classes`].
    pub parts: Vec<f64>,
    /// It is not over: what it shows will grow.
    pub is_open: bool,
}

/// A line through the middles of the spots.
#[derive(Debug, Clone, Default)]
pub struct Line {
    /// CSS class.
    pub class: &'static str,
    /// One value a spot; none where nothing was measured: the line has a gap there.
    pub values: Vec<Option<f64>>,
}

/// One plot.
#[derive(Debug, Clone, Default)]
pub struct Plot {
    /// Spots, in order of time.
    pub spots: Vec<Spot>,
    /// CSS classes of the stacked parts.
    pub classes: Vec<&'static str>,
    /// Lines above them.
    pub lines: Vec<Line>,
    /// The least and the largest value of the scale.
    pub scale: (f64, f64),
    /// Lines of the scale: value and label.
    pub labels: Vec<(f64, String)>,
    /// Marks of the axis; none when another plot below has them.
    pub marks: Vec<Mark>,
    /// Height of the shapes, pixels.
    pub height: u32,
    /// The finding in words.
    pub finding: String,
}

impl Plot {
    fn y(&self, value: f64) -> f64 {
        let (low, high) = self.scale;
        let height = f64::from(self.height);
        let part = (value - low) / (high - low).max(f64::EPSILON);
        height - part.clamp(0.0, 1.0) * (height - 3.0) - 1.0
    }
}

/// A scale from zero for counts: the largest value and three lines at most, at whole round numbers.
#[must_use]
pub fn count_scale(largest: f64, word: impl Fn(u64) -> String) -> ((f64, f64), Vec<(f64, String)>) {
    let largest = largest.max(1.0);
    let mut step = 1_u64;
    let mut factors = [2_u64, 5, 10].into_iter().cycle();
    let mut base = 1_u64;
    while count(step) * 2.0 < largest {
        let factor = factors.next().unwrap_or(10);
        step = base.saturating_mul(factor);
        if factor == 10 {
            base = step;
        }
    }
    let labels = (1..=3)
        .map(|n| step.saturating_mul(n))
        .filter(|value| count(*value) <= largest)
        .map(|value| (count(value), word(value)))
        .collect();
    ((0.0, largest), labels)
}

/// A count as a number to draw with: charts do not need the last of sixteen digits.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "only drawn")]
pub const fn count(value: u64) -> f64 {
    value as f64
}

/// Draws a plot.
#[must_use]
pub fn draw(plot: &Plot) -> Markup {
    let whole = plot.height + if plot.marks.is_empty() { 4 } else { MARKS_HEIGHT };
    let mut scale = String::new();
    let mut grid = String::new();
    let mut last = f64::MIN;
    for (value, label) in &plot.labels {
        let y = plot.y(*value);
        let is_free = (y - last).abs() >= LABEL_HEIGHT;
        let _ = write!(grid, r#"<path class="chart-grid" d="M0,{y:.1}H960"/>"#);
        if is_free {
            last = y;
            let _ = write!(
                scale,
                r#"<text x="100%" y="{:.1}">{}</text>"#,
                (y + 4.0).max(9.0),
                escape(label)
            );
        }
    }
    let mut shapes = String::new();
    for spot in &plot.spots {
        draw_spot(&mut shapes, plot, spot);
    }
    for line in &plot.lines {
        draw_line(&mut shapes, plot, line);
    }
    let mut labels = String::new();
    for mark in &plot.marks {
        let at = share(mark.at, WHOLE);
        let _ =
            write!(grid, r#"<path class="chart-grid" d="M{:.1},0V{}"/>"#, at * 9.6, plot.height);
        let class = match at {
            ..3.0 => "chart-start",
            97.0.. => "chart-end",
            _ => "chart-middle",
        };
        let (label, y) = (escape(&mark.label), plot.height + 15);
        let _ = write!(labels, r#"<text class="{class}" x="{at:.2}%" y="{y}">{label}</text>"#);
    }
    let (height, finding) = (plot.height, escape(&plot.finding));
    Markup::trusted(format!(
        r#"<div class="plot"><svg class="plot-scale" height="{whole}" aria-hidden="true">{scale}</svg><div class="chart" data-island="chart"><svg height="{whole}" role="group" aria-label="{finding}"><svg height="{height}" viewBox="0 0 960 {height}" preserveAspectRatio="none" width="100%">{grid}<path class="chart-grid" d="M0,{}H960"/>{shapes}</svg>{labels}</svg></div></div>"#,
        f64::from(height) - 0.5
    ))
}

/// Where a spot begins, and how wide it is.
fn place(spot: &Spot) -> (f64, f64) {
    let left = share(spot.span.0, WHOLE) / 100.0 * WIDTH;
    (left, share(spot.span.1, WHOLE) / 100.0 * WIDTH - left)
}

fn draw_spot(shapes: &mut String, plot: &Plot, spot: &Spot) {
    let (left, width) = place(spot);
    let (href, title) = (escape(&spot.href), escape(&spot.title));
    let _ = write!(
        shapes,
        r#"<a href="{href}" data-tip="{title}" aria-label="{title}"><rect class="chart-hit" x="{left:.1}" width="{width:.1}" height="{}"/>"#,
        plot.height
    );
    let mut below = 0.0;
    for (size, class) in spot.parts.iter().zip(&plot.classes) {
        if *size <= 0.0 {
            continue;
        }
        let (bottom, top) = (plot.y(below), plot.y(below + size));
        below += size;
        let open = if spot.is_open { " chart-open" } else { "" };
        let _ = write!(
            shapes,
            r#"<rect class="{class}{open}" x="{:.1}" y="{top:.1}" width="{:.1}" height="{:.1}"/>"#,
            left + width * 0.12,
            (width * 0.76).max(0.5),
            (bottom - top).max(0.8),
        );
    }
    shapes.push_str("</a>");
}

fn draw_line(shapes: &mut String, plot: &Plot, line: &Line) {
    let mut path = String::new();
    let mut is_down = false;
    for (at, (spot, value)) in plot.spots.iter().zip(&line.values).enumerate() {
        let Some(value) = value else {
            is_down = false;
            continue;
        };
        let (left, width) = place(spot);
        let (x, y) = (left + width / 2.0, plot.y(*value));
        let sign = if is_down { 'L' } else { 'M' };
        let _ = write!(path, "{sign}{x:.1},{y:.1}");
        let goes_on = line.values.get(at + 1).is_some_and(Option::is_some);
        if !is_down && !goes_on {
            // Alone between gaps: a short stroke, so that it is seen.
            let _ = write!(path, "h{:.1}", (width / 3.0).max(2.0));
        }
        is_down = true;
    }
    if !path.is_empty() {
        let _ = write!(shapes, r#"<path class="plot-line {}" d="{path}"/>"#, line.class);
    }
}

/// A line without scale or links, for a cell of a table; empty without two values.
#[must_use]
pub fn spark(values: &[Option<f64>]) -> Markup {
    let known = values.iter().flatten();
    let (low, high) = known
        .clone()
        .fold((f64::MAX, f64::MIN), |(low, high), value| (low.min(*value), high.max(*value)));
    if known.count() < 2 {
        return Markup::default();
    }
    let step = 84.0 / f64::from(u32::try_from(values.len().max(2) - 1).unwrap_or(1));
    let mut path = String::new();
    let (mut x, mut is_down) = (0.0, false);
    for value in values {
        if let Some(value) = value {
            let y = 19.0 - (value - low) / (high - low).max(f64::EPSILON) * 16.0;
            let _ = write!(path, "{}{x:.1},{y:.1}", if is_down { 'L' } else { 'M' });
        }
        is_down = value.is_some();
        x += step;
    }
    Markup::trusted(format!(
        r#"<svg class="spark" viewBox="0 0 84 22" preserveAspectRatio="none" aria-hidden="true"><path d="{path}"/></svg>"#
    ))
}

#[cfg(test)]
#[path = "plot_tests.rs"]
mod tests;
