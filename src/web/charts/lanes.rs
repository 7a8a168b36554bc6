//! The timeline of a session: lanes for pages, actions, errors and events on one axis.

use std::fmt::Write;

use super::svg::{escape, share};
use crate::web::format;
use crate::web::templates::Markup;

/// A stretch on a lane, milliseconds after the start of the session.
#[derive(Debug, Clone, Default)]
pub struct Stretch {
    /// Start.
    pub start: u32,
    /// Length.
    pub length: u32,
    /// What it is.
    pub title: String,
    /// Where it leads; an anchor in the list below.
    pub href: String,
    /// CSS class.
    pub class: &'static str,
}

/// The timeline of a session.
#[derive(Debug, Clone, Default)]
pub struct Lanes {
    /// Name of the application, where there are several.
    pub title: String,
    /// Length of the session in milliseconds.
    pub duration: u32,
    /// Pages.
    pub pages: Vec<Stretch>,
    /// User actions, coloured by zone.
    pub actions: Vec<Stretch>,
    /// Errors: only the start counts.
    pub errors: Vec<Stretch>,
    /// Events: only the start counts.
    pub events: Vec<Stretch>,
    /// Idle gaps.
    pub idle: Vec<Stretch>,
}

const OCTAGON: &str = "M4 .8h4L11.2 4v4L8 11.2H4L.8 8V4z";
const DIAMOND: &str = "M6 .8 11.2 6 6 11.2.8 6z";
/// Distances between marks of the axis, milliseconds.
const STEPS: [u32; 14] = [
    1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 900_000,
    1_800_000, 3_600_000, 7_200_000,
];

/// Draws the timeline.
#[must_use]
pub fn draw(lanes: &Lanes) -> Markup {
    draw_groups(std::slice::from_ref(lanes))
}

/// Draws the timelines of several applications on one axis, that of the first.
#[must_use]
pub fn draw_groups(groups: &[Lanes]) -> Markup {
    let whole = groups.first().map_or(1, |lanes| lanes.duration.max(1));
    let mut html = String::from(r#"<div class="lanes" data-island="lanes">"#);
    axis(&mut html, whole);
    for lanes in groups {
        if !lanes.title.is_empty() {
            let _ = write!(html, r#"<b class="lanes-title">{}</b>"#, escape(&lanes.title));
        }
        pages(&mut html, &lanes.pages, whole);
        actions(&mut html, &lanes.actions, whole);
        marks(&mut html, "Errors", &lanes.errors, &[], OCTAGON, whole);
        marks(&mut html, "Events", &lanes.events, &lanes.idle, DIAMOND, whole);
    }
    html.push_str("</div>");
    Markup::trusted(html)
}

fn axis(html: &mut String, whole: u32) {
    let step = STEPS.iter().copied().find(|step| whole / step <= 7).unwrap_or(7_200_000);
    html.push_str(r#"<span class="lanes-axis"></span><svg class="lanes-axis" height="18" aria-hidden="true">"#);
    let mut at = 0_u32;
    while share(at, whole) <= 95.0 && at <= whole {
        let _ = write!(
            html,
            r#"<text x="{:.2}%" y="12">{}</text>"#,
            share(at, whole),
            format::offset(u64::from(at))
        );
        at = at.saturating_add(step);
    }
    html.push_str("</svg>");
}

fn pages(html: &mut String, pages: &[Stretch], whole: u32) {
    let _ = write!(
        html,
        r#"<span>Pages</span><svg height="28" role="group" aria-label="{} pages">"#,
        pages.len()
    );
    for page in pages {
        let x = share(page.start, whole);
        let width = (share(page.length, whole) - 0.4).max(0.6).min(100.0 - x);
        let title = escape(&page.title);
        let _ = write!(
            html,
            r#"<a href="{}" aria-label="{title}"><svg x="{x:.2}%" y="4" width="{width:.2}%" height="20"><title>{title}</title><rect class="lane-page" width="100%" height="20" rx="3"/><text x="7" y="14">{title}</text></svg></a>"#,
            escape(&page.href),
        );
    }
    html.push_str("</svg>");
}

fn actions(html: &mut String, actions: &[Stretch], whole: u32) {
    let _ = write!(
        html,
        r#"<span>Actions</span><svg height="28" role="group" aria-label="{} user actions">"#,
        actions.len()
    );
    for action in actions {
        let x = share(action.start, whole).min(99.5);
        let width = share(action.length, whole).max(0.45).min(100.0 - x);
        let is_calm = action.class == "fill-good";
        let (y, height) = if is_calm { (10, 14) } else { (6, 18) };
        let title = escape(&action.title);
        let _ = write!(
            html,
            r#"<a href="{}" aria-label="{title}"><title>{title}</title><rect class="{}" x="{x:.2}%" y="{y}" width="{width:.2}%" height="{height}"/></a>"#,
            escape(&action.href),
            action.class,
        );
    }
    html.push_str("</svg>");
}

fn marks(
    html: &mut String,
    name: &str,
    marks: &[Stretch],
    idle: &[Stretch],
    path: &str,
    whole: u32,
) {
    let _ = write!(
        html,
        r#"<span>{name}</span><svg height="22" role="group" aria-label="{}: {}">"#,
        name,
        marks.len()
    );
    for gap in idle {
        let x = share(gap.start, whole);
        let width = share(gap.length, whole).min(100.0 - x);
        let _ = write!(
            html,
            r#"<rect class="lane-idle" x="{x:.2}%" y="7" width="{width:.2}%" height="8" rx="2"><title>{}</title></rect>"#,
            escape(&gap.title)
        );
    }
    for mark in marks {
        let x = share(mark.start, whole).clamp(0.6, 99.2);
        let title = escape(&mark.title);
        let _ = write!(
            html,
            r#"<a href="{}" aria-label="{title}"><title>{title}</title><svg x="{x:.2}%" y="5" overflow="visible"><path class="{}" transform="translate(-6 0)" d="{path}"/></svg></a>"#,
            escape(&mark.href),
            mark.class,
        );
    }
    html.push_str("</svg>");
}
