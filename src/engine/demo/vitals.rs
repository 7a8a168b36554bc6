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
    }
}
