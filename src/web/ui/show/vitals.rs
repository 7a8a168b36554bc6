//! Core Web Vitals of a page view: the value with its word, and what it is made of.

use super::happenings::path_of;
use crate::model::action::WebVitals;
use crate::web::charts::meter::meter;
use crate::web::ui::parts::{Chip, Fact, Shown, add_fact};
use crate::web::ui::session::{Part, Vital};
use crate::web::{format, mask};

/// Limits of good and poor (web.dev/articles/vitals): milliseconds, CLS in thousandths.
const LCP: (u32, u32) = (2_500, 4_000);
const INP: (u32, u32) = (200, 500);
const CLS: (u32, u32) = (100, 250);

/// The vitals that were measured.
#[must_use]
pub fn vitals(vitals: &WebVitals, sees_unmasked: bool) -> Vec<Vital> {
    [paint(vitals, sees_unmasked), response(vitals, sees_unmasked), shift(vitals)]
        .into_iter()
        .flatten()
        .collect()
}

fn chip(value: u32, (good, poor): (u32, u32), text: &str) -> Chip {
    match value {
        v if v <= good => Chip::of("good", &format!("{text} good")),
        v if v <= poor => Chip::of("fair", &format!("{text} needs work")),
        _ => Chip::of("bad", &format!("{text} poor")),
    }
}

fn millis(value: u32) -> String {
    format::duration(u64::from(value))
}

/// Parts that were told, with their sum as a bar.
fn parts(vital: &mut Vital, told: &[(&'static str, Option<u32>, &'static str)]) {
    let known: Vec<_> =
        told.iter().filter_map(|(label, value, class)| Some((*label, (*value)?, *class))).collect();
    let sizes: Vec<(u32, &str)> = known.iter().map(|(_, value, class)| (*value, *class)).collect();
    let sum: u32 = sizes.iter().fold(0, |sum, (value, _)| sum.saturating_add(*value));
    if sum > 0 {
        vital.bar = Some(meter(&sizes, sum, vital.title));
        let part = |(label, value, class)| Part { label, value: millis(value), class };
        vital.parts = known.into_iter().map(part).collect();
    }
}

fn paint(vitals: &WebVitals, sees_unmasked: bool) -> Option<Vital> {
    let value = vitals.largest_contentful_paint?;
    let title = "Largest Contentful Paint";
    let mut facts = element(&vitals.lcp_element);
    add_fact(&mut facts, "Address", Shown::code(&mask::url(&vitals.lcp_url, sees_unmasked)));
    let chip = chip(value, LCP, &millis(value));
    let mut vital = Vital { name: "LCP", title, chip, facts, ..Vital::default() };
    parts(
        &mut vital,
        &[
            ("First byte", vitals.lcp_time_to_first_byte, "phase-server"),
            ("Asked for", vitals.lcp_load_delay, "phase-wait"),
            ("Loading", vitals.lcp_load_duration, "phase-download"),
            ("Painting", vitals.lcp_render_delay, "phase-script"),
        ],
    );
    Some(vital)
}

fn response(vitals: &WebVitals, sees_unmasked: bool) -> Option<Vital> {
    let value = vitals.interaction_to_next_paint?;
    let title = "Interaction to Next Paint";
    let mut facts = element(&vitals.inp_element);
    add_fact(&mut facts, "Input", Shown::open(&vitals.inp_event));
    if let Some(length) = vitals.inp_script_duration {
        let script = mask::url(&vitals.inp_script, sees_unmasked);
        let text = format!("{} {}, {}", vitals.inp_function, path_of(&script), millis(length));
        add_fact(&mut facts, "Longest script", Shown::code(text.trim()));
    }
    let chip = chip(value, INP, &millis(value));
    let mut vital = Vital { name: "INP", title, chip, facts, ..Vital::default() };
    parts(
        &mut vital,
        &[
            ("Waiting", vitals.inp_input_delay, "phase-wait"),
            ("Handlers", vitals.inp_processing, "phase-script"),
            ("Painting", vitals.inp_presentation_delay, "phase-download"),
        ],
    );
    Some(vital)
}

fn shift(vitals: &WebVitals) -> Option<Vital> {
    let value = vitals.cumulative_layout_shift?;
    let thousandths = |value: u32| format!("{}.{:03}", value / 1_000, value % 1_000);
    let mut facts = element(&vitals.cls_element);
    if let (Some(shift), Some(at)) = (vitals.cls_largest_shift, vitals.cls_largest_shift_at) {
        let text = format!("{} at {}", thousandths(shift), millis(at));
        add_fact(&mut facts, "Largest shift", Shown::open(&text));
    }
    let title = "Cumulative Layout Shift";
    let chip = chip(value, CLS, &thousandths(value));
    Some(Vital { name: "CLS", title, chip, facts, ..Vital::default() })
}

fn element(selector: &str) -> Vec<Fact> {
    let mut facts = Vec::new();
    add_fact(&mut facts, "Element", Shown::code(selector));
    facts
}

#[cfg(test)]
#[path = "vitals_tests.rs"]
mod tests;
