//! Web vitals of a page view, as far as each engine tells them.

use super::actions::Link;
use super::browsers::Engine;
use super::dice::{Dice, percent};
use super::pages::{ASSETS, Page};
use crate::model::action::{Timings, WebVitals};

/// Vitals of a view with these timings; interaction only when the visitor did something.
#[must_use]
pub fn vitals(
    dice: &Dice,
    engine: Engine,
    link: &Link,
    page: &Page,
    timings: &Timings,
    is_touched: bool,
) -> WebVitals {
    let painted = timings.first_contentful_paint.unwrap_or(0);
    let complete = timings.dom_complete.unwrap_or(painted).max(painted);
    let largest = painted + (complete - painted) * dice.between(20, 90) / 100;
    let interaction = percent(dice.tail(72), link.work);
    let shift = match dice.between(0, 99) {
        0..=54 => 0,
        55..=84 => dice.between(1, 90),
        _ => dice.between(91, 420),
    };
    let has_hero = matches!(page.path, "/" | "/category/beans" | "/product/212");
    let is_told = engine != Engine::WebKit || dice.chance(500);
    let first_byte = timings.response_start.unwrap_or(0).min(largest);
    let arrives = if has_hero { (largest - first_byte) * 7 / 10 } else { 0 };
    let is_slow = is_touched && is_told && interaction > 40;
    let part = |percent: u32| is_slow.then_some(interaction * percent / 100);
    WebVitals {
        largest_contentful_paint: is_told.then_some(largest),
        interaction_to_next_paint: (is_touched && is_told).then_some(interaction),
        cumulative_layout_shift: (engine == Engine::Blink).then_some(shift),
        lcp_element: if has_hero { "main > img.hero" } else { "main > h1" }.to_owned(),
        lcp_url: if has_hero && is_told {
            format!("{ASSETS}/img/black-friday-hero.avif")
        } else {
            String::new()
        },
        inp_element: if is_touched { "button.primary".to_owned() } else { String::new() },
        cls_element: if shift > 0 && engine == Engine::Blink {
            "div#consent".to_owned()
        } else {
            String::new()
        },
        lcp_time_to_first_byte: is_told.then_some(first_byte),
        lcp_load_delay: is_told.then_some(arrives / 3),
        lcp_load_duration: is_told.then_some(arrives - arrives / 3),
        lcp_render_delay: is_told.then_some(largest - first_byte - arrives),
        inp_event: if is_slow { "pointerup".to_owned() } else { String::new() },
        inp_input_delay: part(20),
        inp_processing: part(55),
        inp_presentation_delay: is_slow
            .then(|| interaction - interaction * 20 / 100 - interaction * 55 / 100),
        inp_script: if is_slow { format!("{ASSETS}/js/shop.js") } else { String::new() },
        inp_function: if is_slow { "BUTTON.onclick".to_owned() } else { String::new() },
        inp_script_duration: part(50),
        cls_largest_shift: (engine == Engine::Blink && shift > 0).then_some(shift * 2 / 3),
        cls_largest_shift_at: (engine == Engine::Blink && shift > 0).then_some(complete),
    }
}
