//! How many user actions took how long, with the thresholds that part them: bars on an axis of even steps for each power
//! of ten.

use std::fmt::Write;

use super::svg::escape;
use crate::web::templates::Markup;

/// Width of the shapes in units of the drawing.
const WIDTH: f64 = 960.0;
/// Height of the bars.
const HEIGHT: f64 = 64.0;
/// Room above the bars for what the thresholds are called.
const HEAD: f64 = 16.0;
/// Where a label would run over the edge.
const EDGE_PERCENT: f64 = 12.0;

/// Bars of durations.
#[derive(Debug, Clone, Default)]
pub struct Durations {
    /// Where the bins begin, milliseconds.
    pub starts: Vec<u32>,
    /// Where the last one ends.
    pub end: u32,
    /// Sizes of each bin, from the ground up, in the order of `classes`.
    pub bins: Vec<Vec<u32>>,
    /// What each bin says in words.
    pub titles: Vec<String>,
    /// CSS classes of the sizes.
    pub classes: Vec<&'static str>,
    /// Marks of the axis: milliseconds and text.
    pub marks: Vec<(u32, String)>,
    /// Thresholds: milliseconds and text.
    pub lines: Vec<(u32, String)>,
    /// The finding in words.
    pub finding: String,
}

impl Durations {
    /// Where a duration lies, in percent.
    fn place(&self, millis: u32) -> f64 {
        let bin = self.starts.partition_point(|start| *start <= millis).saturating_sub(1);
        let start = self.starts.get(bin).copied().unwrap_or(0);
        let end = self.starts.get(bin + 1).copied().unwrap_or(self.end);
        let inside =
            f64::from(millis.saturating_sub(start)) / f64::from(end.max(start + 1) - start);
        let bins = many(self.starts.len()).max(1.0);
        ((many(bin) + inside.min(1.0)) / bins * 100.0).clamp(0.0, 100.0)
    }
}

fn many(bins: usize) -> f64 {
    f64::from(u32::try_from(bins).unwrap_or(u32::MAX))
}

/// Draws the bars.
#[must_use]
pub fn draw(chart: &Durations) -> Markup {
    Markup::trusted(svg(chart))
}

fn svg(chart: &Durations) -> String {
    let mut labels = String::new();
    let mut grid = String::new();
    for (number, (millis, text)) in chart.marks.iter().enumerate() {
        let at = chart.place(*millis);
        let _ =
            write!(grid, r#"<path class="chart-grid" d="M{:.1},0V{HEIGHT}"/>"#, at * WIDTH / 100.0);
        let also = if number % 2 == 1 { " hide-phone" } else { "" };
        let y = HEAD + HEIGHT + 14.0;
        let text = escape(text);
        let _ = write!(
            labels,
            r#"<text class="chart-middle{also}" x="{at:.2}%" y="{y}">{text}</text>"#
        );
    }
    let shapes = bars(chart);
    let mut lines = String::new();
    for (number, (millis, text)) in chart.lines.iter().enumerate() {
        let at = chart.place(*millis);
        let x = at * WIDTH / 100.0;
        let _ = write!(lines, r#"<path class="chart-threshold" d="M{x:.1},0V{HEIGHT}"/>"#);
        // The lower threshold is called at its left, the upper one at its right: they may lie close together.
        let is_left = if number == 0 { at > EDGE_PERCENT } else { at > 100.0 - EDGE_PERCENT };
        let class = if is_left { "chart-end" } else { "chart-start" };
        let text = escape(text);
        let _ =
            write!(labels, r#"<text class="{class} chart-name" x="{at:.2}%" y="11">{text}</text>"#);
    }
    format!(
        r#"<div class="chart"><svg height="98" role="img" aria-label="{}"><svg y="{HEAD}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none" width="100%">{grid}<path class="chart-grid" d="M0,{:.1}H{WIDTH}"/>{shapes}{lines}</svg>{labels}</svg></div>"#,
        escape(&chart.finding),
        HEIGHT - 0.5,
    )
}

/// One path for each class, and a field for each bin that says what it holds.
fn bars(chart: &Durations) -> String {
    let highest = chart.bins.iter().map(|bin| bin.iter().sum::<u32>()).max().unwrap_or(0).max(1);
    let mut paths = vec![String::new(); chart.classes.len()];
    let mut fields = String::new();
    let step = WIDTH / many(chart.starts.len()).max(1.0);
    let mut left = 0.0;
    for (bin, title) in chart.bins.iter().zip(&chart.titles) {
        let mut top = HEIGHT;
        for (size, path) in bin.iter().zip(&mut paths).filter(|(size, _)| **size > 0) {
            let height = (f64::from(*size) / f64::from(highest) * (HEIGHT - 2.0)).max(1.0);
            top = (top - height).max(0.0);
            let (x, width) = (left + step * 0.08, step * 0.84);
            let _ = write!(path, "M{x:.1},{top:.1}h{width:.1}v{height:.1}h-{width:.1}z");
        }
        if bin.iter().any(|size| *size > 0) {
            let _ = write!(
                fields,
                r#"<rect class="chart-hit" x="{left:.1}" width="{step:.1}" height="{HEIGHT}"><title>{}</title></rect>"#,
                escape(title),
            );
        }
        left += step;
    }
    let mut all = String::new();
    for (path, class) in paths.iter().zip(&chart.classes).filter(|(path, _)| !path.is_empty()) {
        let _ = write!(all, r#"<path class="{class}" d="{path}"/>"#);
    }
    all + &fields
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart() -> Durations {
        Durations {
            starts: vec![10, 100, 1_000],
            end: 10_000,
            bins: vec![vec![1, 0], vec![4, 2], vec![0, 0]],
            titles: ["a", "b", "<c>"].map(str::to_owned).to_vec(),
            classes: vec!["fill-good", "fill-bad"],
            lines: vec![(100, "low".to_owned()), (9_999, "high".to_owned())],
            ..Durations::default()
        }
    }

    #[test]
    fn durations_lie_where_their_bin_lies() {
        for (millis, percent) in
            [(0, 0.0), (10, 0.0), (55, 16.67), (100, 33.33), (1_000, 66.67), (5_500, 83.33)]
        {
            assert!((chart().place(millis) - percent).abs() < 0.01, "{millis}");
        }
        assert!((chart().place(u32::MAX) - 100.0).abs() < 0.01);
        assert!((Durations::default().place(7) - 100.0).abs() < 0.01);
    }

    #[test]
    fn empty_bins_say_nothing() {
        let html = svg(&chart());
        assert_eq!(html.matches("<title>").count(), 2);
        assert_eq!(html.matches("class=\"fill-").count(), 2);
        assert!(html.contains(r#"class="chart-end chart-name" x="33.33%""#));
        assert!(html.contains(r#"class="chart-end chart-name" x="100.00%""#));
    }
}
