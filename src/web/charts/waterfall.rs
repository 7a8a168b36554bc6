//! Bars of a waterfall: one row a request, by phase, on a common scale.

use std::fmt::Write;

use super::svg::{escape, share};
use crate::web::format;
use crate::web::templates::Markup;

/// A phase of a row, milliseconds on the scale of the whole.
#[derive(Debug, Clone, Copy, Default)]
pub struct Phase {
    /// Start.
    pub start: u32,
    /// Length.
    pub length: u32,
    /// CSS class.
    pub class: &'static str,
}

/// A vertical line, as first paint.
#[derive(Debug, Clone, Default)]
pub struct Line {
    /// Where.
    pub at: u32,
    /// CSS class.
    pub class: &'static str,
}

/// One row: its phases and the lines that cross it.
#[must_use]
pub fn row(phases: &[Phase], lines: &[Line], whole: u32, height: u32, label: &str) -> Markup {
    let bar = height.min(10);
    let y = (height - bar) / 2;
    let mut html = format!(r#"<svg height="{height}" role="img" aria-label="{}">"#, escape(label));
    for phase in phases {
        let x = share(phase.start, whole).min(99.7);
        let width = share(phase.length, whole).max(0.3).min(100.0 - x);
        let _ = write!(
            html,
            r#"<rect class="{}" x="{x:.2}%" y="{y}" width="{width:.2}%" height="{bar}"/>"#,
            phase.class
        );
    }
    for line in lines {
        let x = share(line.at, whole);
        let _ = write!(
            html,
            r#"<line class="{}" x1="{x:.2}%" x2="{x:.2}%" y1="0" y2="{height}"/>"#,
            line.class
        );
    }
    html.push_str("</svg>");
    Markup::trusted(html)
}

/// The scale above the rows.
#[must_use]
pub fn axis(whole: u32) -> Markup {
    let mut html = String::from(r#"<svg class="axis" height="18" aria-hidden="true">"#);
    for quarter in 0_u32..4 {
        let at = u64::from(whole) * u64::from(quarter) / 4;
        let _ =
            write!(html, r#"<text x="{}%" y="13">{}</text>"#, quarter * 25, format::duration(at));
    }
    html.push_str("</svg>");
    Markup::trusted(html)
}
