//! The story of an application in five steps, each a number with its change.

use super::delta::{self, Better};
use super::overview::Asked;
use super::overview_panels::{Focus, LOADS_MIN};
use super::shell::plural;
use crate::search::{Period, Statistics};
use crate::web::charts::meter::meter;
use crate::web::format;
use crate::web::templates::Markup;
use crate::web::ui::overview::{Delta, Step};

/// The five steps.
#[must_use]
pub fn steps(asked: &Asked<'_>, numbers: &Statistics) -> Vec<Step> {
    let (now, before) = (&numbers.current, numbers.before.as_ref());
    let mut steps = vec![
        who(numbers),
        did(now, before),
        felt(now, before),
        broke(now, before),
        succeeded(now, before),
    ];
    for (step, focus) in steps.iter_mut().zip(Focus::ALL) {
        step.key = focus.name();
        step.question = focus.question();
        step.is_current = focus == asked.focus;
        step.href = asked.view.with(&[("focus", focus.in_address()), ("by", "")]);
    }
    steps
}

/// A bar of parts of a whole: (size, CSS class, word).
fn bar(parts: &[(u64, &'static str, &str)]) -> Markup {
    let whole: u64 = parts.iter().map(|(size, ..)| size).sum();
    let words: Vec<String> = parts
        .iter()
        .map(|(size, _, word)| format!("{word} {}", format::percent(*size, whole)))
        .collect();
    let label = if whole == 0 { "nothing measured".to_owned() } else { words.join(", ") };
    let part = |size: u64| u32::try_from(size * 10_000 / whole.max(1)).unwrap_or(0);
    let parts: Vec<(u32, &str)> =
        parts.iter().map(|(size, class, _)| (part(*size), *class)).collect();
    meter(&parts, 10_000, &label)
}

fn who(numbers: &Statistics) -> Step {
    let (now, before) = (&numbers.current, numbers.before.as_ref());
    let figures = &now.figures;
    let devices = numbers
        .dimensions
        .iter()
        .find(|dimension| dimension.field == crate::model::query::Field::DeviceType)
        .map(|dimension| dimension.values.as_slice())
        .unwrap_or_default();
    let of = |name: &str| {
        let found = devices.iter().find(|value| value.value == name);
        found.map_or(0, |value| value.part.sessions)
    };
    let (desktop, phone, tablet) = (of("desktop"), of("phone"), of("tablet"));
    let rest = figures.sessions.saturating_sub(desktop + phone + tablet);
    Step {
        value: format::number(figures.sessions),
        full: format::grouped(figures.sessions),
        unit: if figures.sessions == 1 { "session" } else { "sessions" }.to_owned(),
        delta: delta::of_count(figures.sessions, before.map(|p| p.figures.sessions), Better::More),
        line: format!(
            "{} · {} new · {} bounced",
            plural(now.people, "user"),
            format::percent(figures.new, figures.sessions),
            format::percent(figures.bounces, figures.sessions)
        ),
        bar: bar(&[
            (desktop, "fill-series", "desktop"),
            (phone, "fill-series-2", "phone"),
            (tablet, "fill-series-3", "tablet"),
            (rest, "fill-none", "other"),
        ]),
        ..Step::default()
    }
}

fn did(now: &Period, before: Option<&Period>) -> Step {
    let figures = &now.figures;
    let all = figures.all_actions();
    let [loads, xhr, custom] = figures.actions;
    let share = |part| format::percent(part, all);
    Step {
        value: format::number(all),
        full: format::grouped(all),
        unit: if all == 1 { "action" } else { "actions" }.to_owned(),
        delta: delta::of_count(all, before.map(|p| p.figures.all_actions()), Better::More),
        line: format!("{} load · {} XHR · {} custom", share(loads), share(xhr), share(custom)),
        bar: bar(&[
            (loads, "fill-series", "load"),
            (xhr, "fill-series-2", "XHR"),
            (custom, "fill-series-3", "custom"),
        ]),
        ..Step::default()
    }
}

fn felt(now: &Period, before: Option<&Period>) -> Step {
    let score = delta::score(now.figures.zones);
    let [satisfied, tolerating, frustrated] = now.figures.zones;
    let p75 = now.load_p75.filter(|_| now.loads >= LOADS_MIN).map_or_else(String::new, |p75| {
        format!(" · load p75 {}", format::duration(u64::from(p75.0)))
    });
    Step {
        value: score.map_or_else(|| format::NONE.to_owned(), |score| format!("{score:.2}")),
        unit: score.map_or("nothing measured", |score| delta::band(score).1).to_owned(),
        delta: delta::of_score(score, before.and_then(|p| delta::score(p.figures.zones))),
        line: format!("Apdex{p75}"),
        bar: bar(&[
            (satisfied, "fill-good", "satisfied"),
            (tolerating, "fill-fair", "tolerating"),
            (frustrated, "fill-bad", "frustrated"),
        ]),
        ..Step::default()
    }
}

fn broke(now: &Period, before: Option<&Period>) -> Step {
    let figures = &now.figures;
    let all = figures.all_errors();
    let [javascript, request, custom] = figures.errors;
    Step {
        value: format::number(all),
        full: format::grouped(all),
        unit: if all == 1 { "error" } else { "errors" }.to_owned(),
        delta: delta::of_count(all, before.map(|p| p.figures.all_errors()), Better::Less),
        line: format!(
            "{} hit · {}",
            plural(figures.with_errors, "session"),
            format::percent(figures.with_errors, figures.sessions)
        ),
        bar: bar(&[
            (javascript, "fill-bad", "JavaScript"),
            (request, "fill-poor", "request"),
            (custom, "fill-none", "custom"),
        ]),
        ..Step::default()
    }
}

/// Whether people went on: what can be told of success without a goal.
fn succeeded(now: &Period, before: Option<&Period>) -> Step {
    let share = |period: &Period| {
        let figures = &period.figures;
        (figures.sessions.saturating_sub(figures.bounces), figures.sessions)
    };
    let (stayed, all) = share(now);
    let delta = if before.is_none() {
        Delta::default()
    } else {
        delta::of_share((stayed, all), before.map(share), Better::More)
    };
    Step {
        value: format::percent(stayed, all),
        unit: "went on".to_owned(),
        delta,
        line: "Past the first action · goals are not there yet".to_owned(),
        bar: bar(&[
            (stayed, "fill-excellent", "went on"),
            (now.figures.bounces, "fill-none", "left after one action"),
        ]),
        ..Step::default()
    }
}
