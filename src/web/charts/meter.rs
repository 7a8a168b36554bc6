//! A thin bar: one or more parts of a whole.

use std::fmt::Write;

use super::svg::{escape, share};
use crate::web::templates::Markup;

/// A bar of parts; `parts` are (size, CSS class), the rest of `whole` is the track.
#[must_use]
pub fn meter(parts: &[(u32, &str)], whole: u32, label: &str) -> Markup {
    let mut html = format!(
        r#"<svg class="meter" role="img" aria-label="{}"><rect width="100%" class="fill-track"/>"#,
        escape(label)
    );
    let mut start = 0.0;
    for (size, class) in parts {
        let width = share(*size, whole);
        if *size > 0 {
            let drawn = width.max(1.0).min(100.0 - start);
            let _ = write!(html, r#"<rect x="{start:.1}%" width="{drawn:.1}%" class="{class}"/>"#);
        }
        start = (start + width).min(99.0);
    }
    html.push_str("</svg>");
    Markup::trusted(html)
}
