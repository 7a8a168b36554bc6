//! The form of Apdex thresholds, with what they would give: tried on the newest user actions, before anything is saved.

use super::fields::get;
use super::{application_forms, delta, shell};
use crate::base::text;
use crate::base::time::Millis;
use crate::engine::apdex_sample::{ApdexSample, DAYS};
use crate::logic::apdex_trial::{self, END, STARTS, Trial, Zones};
use crate::logic::application_check::check_threshold;
use crate::model::action::ActionKind;
use crate::model::application::{ApdexSettings, ApdexThreshold, Application};
use crate::web::charts::durations::{self, Durations};
use crate::web::error::{FieldError, WebError};
use crate::web::format;
use crate::web::templates::Markup;
use crate::web::ui::applications::{ApdexKindView, ApdexView};
use crate::web::ui::parts::{Chip, Field, Form};

/// Kinds of user actions: in names of fields, in titles, in sentences.
const KINDS: [(ActionKind, &str, &str, &str); 3] = [
    (ActionKind::PageLoad, "load", "Page loads", "page load"),
    (ActionKind::Xhr, "xhr", "XHR actions", "XHR action"),
    (ActionKind::Custom, "custom", "Custom actions", "custom action"),
];
/// Bytes of a typed value that are shown again.
const VALUE_BYTES: usize = 64;
/// Marks of the axis of durations.
const MARKS: [u32; 6] = [100, 330, 1_000, 3_300, 10_000, 33_000];
/// Classes of satisfied, tolerating, slow and failed actions.
const CLASSES: [&str; 4] = ["fill-good", "fill-fair", "fill-bad", "fill-series-5"];

/// Seconds with at most three decimals.
fn seconds(span: Millis) -> String {
    let text = format!("{}.{:03}", span.0 / 1_000, span.0 % 1_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn with_unit(span: Millis) -> String {
    format!("{}\u{202f}s", seconds(span))
}

fn saved(settings: &ApdexSettings, kind: ActionKind) -> ApdexThreshold {
    crate::logic::apdex::threshold(settings, kind)
}

/// Both thresholds of each kind.
#[must_use]
pub fn fields(application: &Application) -> Vec<Field> {
    let pair = |(kind, key, title, _): (ActionKind, &str, &str, &str)| {
        let threshold = saved(&application.apdex, kind);
        let field = |name: &str, label: &str, value: Millis| {
            let name = format!("apdex/{key}/{name}");
            Field::new("number", &name, &format!("{title}: {label}"), &seconds(value)).unit("s")
        };
        [
            field("satisfied", "satisfied up to", threshold.satisfied),
            field("tolerating", "tolerated up to", threshold.tolerating),
        ]
    };
    KINDS.into_iter().flat_map(pair).collect()
}

/// The thresholds as they were sent.
pub fn changed(sent: &[(String, String)]) -> Result<ApdexSettings, WebError> {
    Ok(ApdexSettings {
        load: threshold(sent, "load")?,
        xhr: threshold(sent, "xhr")?,
        custom: threshold(sent, "custom")?,
    })
}

/// Both thresholds of a kind; every value that is wrong is named.
fn threshold(sent: &[(String, String)], kind: &str) -> Result<ApdexThreshold, WebError> {
    let span = |name: &str| span(sent, &format!("apdex/{kind}/{name}"));
    let threshold = match (span("satisfied"), span("tolerating")) {
        (Ok(satisfied), Ok(tolerating)) => ApdexThreshold { satisfied, tolerating },
        (first, second) => {
            let errors = [first.err(), second.err()].into_iter().flatten();
            return Err(WebError::invalid(errors.flat_map(|error| error.errors).collect()));
        }
    };
    match check_threshold(threshold, &format!("/apdex/{kind}")) {
        Some((pointer, detail)) => Err(WebError::invalid(vec![FieldError { pointer, detail }])),
        None => Ok(threshold),
    }
}

/// Seconds with decimals as a span.
fn span(sent: &[(String, String)], name: &str) -> Result<Millis, WebError> {
    let typed = get(sent, name).replace(',', ".");
    let (whole, part) = typed.split_once('.').unwrap_or((typed.as_str(), ""));
    let part: String = part.chars().chain("000".chars()).take(3).collect();
    let millis = |text: &str| text.parse::<u32>().ok();
    millis(whole)
        .zip(millis(&part))
        .and_then(|(whole, part)| whole.checked_mul(1_000)?.checked_add(part))
        .map(Millis)
        .ok_or_else(|| application_forms::fault(name, "seconds are needed, as 3 or 2.5"))
}

/// The form with what was typed, if anything was, and what that would give; the sample comes with the zone for its times.
#[must_use]
pub fn view(
    application: &Application,
    form: Form,
    sent: &[(String, String)],
    sample: Option<(&ApdexSample, &str)>,
) -> ApdexView {
    let is_typed = sent.iter().any(|(name, _)| name.starts_with("apdex/"));
    let mut view = ApdexView::default();
    let (mut typed, mut before) = (Some(Zones::default()), Zones::default());
    let mut is_changed = false;
    for (kind, key, title, word) in KINDS {
        let own = saved(&application.apdex, kind);
        let tried = if is_typed { threshold(sent, key) } else { Ok(own) };
        let (fields, error) = own_fields(&form, key, sent, tried.as_ref().err());
        let mut part = ApdexKindView { key, title, fields, error, ..ApdexKindView::default() };
        let now = tried.ok();
        is_changed |= now.is_some_and(|threshold| threshold != own);
        if let Some((sample, _)) = sample {
            let as_saved = apdex_trial::attempt(&sample.actions, kind, own);
            let trial = now.map(|new| apdex_trial::attempt(&sample.actions, kind, new));
            before = before.and(as_saved.zones);
            typed = typed.zip(trial.as_ref()).map(|(sum, trial)| sum.and(trial.zones));
            fill(&mut part, word, &as_saved, trial.as_ref());
        }
        view.kinds.push(part);
    }
    view.hidden = form.fields.into_iter().filter(|field| field.kind == "hidden").collect();
    (view.action, view.error) = (form.action, form.error);
    match sample {
        Some(sample) => sum_up(&mut view, sample, (typed, before), is_changed),
        None => "What they would give is told to those who may see sessions."
            .clone_into(&mut view.source),
    }
    view
}

/// The fields of a kind with short labels, each with what is wrong with it, and all of that in one sentence.
fn own_fields(
    form: &Form,
    key: &str,
    sent: &[(String, String)],
    wrong: Option<&WebError>,
) -> (Vec<Field>, String) {
    let own = format!("apdex/{key}/");
    let faults = wrong.map_or(&[][..], |error| error.errors.as_slice());
    let mut sentence = Vec::new();
    let fields = form.fields.iter().filter(|field| field.name.starts_with(&own)).map(|field| {
        let mut field = field.clone();
        if let Some((_, value)) = sent.iter().rev().find(|(name, _)| *name == field.name) {
            text::cut(value.trim(), VALUE_BYTES).clone_into(&mut field.value);
        }
        let label = field.label.rsplit(": ").next().unwrap_or_default();
        let label: String = label
            .chars()
            .take(1)
            .flat_map(char::to_uppercase)
            .chain(label.chars().skip(1))
            .collect();
        let is_own = |fault: &&FieldError| fault.pointer.trim_start_matches('/') == field.name;
        if let Some(fault) = faults.iter().find(is_own) {
            field.error.clone_from(&fault.detail);
            sentence.push(format!("{label}: {}.", fault.detail));
        }
        field.label = label;
        field
    });
    (fields.collect(), sentence.join(" "))
}

/// What a kind would be at, and its durations.
fn fill(part: &mut ApdexKindView, word: &str, as_saved: &Trial, trial: Option<&Trial>) {
    let shown = trial.unwrap_or(as_saved);
    let (zones, threshold) = (shown.zones, shown.threshold);
    if zones.all() == 0 {
        part.before =
            format!("No {word} of real users in the last {DAYS} days: nothing to try it on.");
        return;
    }
    let at = [threshold.satisfied, threshold.tolerating].map(with_unit).join(" and ");
    let from = shell::plural(zones.all().into(), word);
    part.chip = chip(zones);
    if shown.threshold == as_saved.threshold {
        part.before = format!("At {at}, as saved, you are at");
        part.after = format!(", from {from}.");
    } else {
        let was = chip(as_saved.zones).map_or_else(String::new, |chip| chip.text);
        part.before = format!("At {at} you would be at");
        part.after = format!(", from {from}; as saved {was}.");
    }
    let share = |count: u32| format::percent(count.into(), zones.all().into());
    let words = ["Satisfied", "Tolerated", "Too slow", "Failed"];
    let counts = [zones.satisfied, zones.tolerating, zones.slow, zones.failed];
    let legend = words.iter().zip(counts).zip(CLASSES);
    part.legend =
        legend.map(|((word, count), class)| (class, format!("{word} {}", share(count)))).collect();
    let finding: Vec<&str> = part.legend.iter().map(|(_, text)| text.as_str()).collect();
    let finding = format!("Durations of {from}, parted at {at}. {}", finding.join(", "));
    part.chart = chart(shown, finding);
}

fn chart(trial: &Trial, finding: String) -> Markup {
    let line = |line: Millis| (line.0, with_unit(line));
    durations::draw(&Durations {
        starts: STARTS.to_vec(),
        end: END,
        bins: trial
            .bins
            .iter()
            .map(|bin| vec![bin.satisfied, bin.tolerating, bin.slow, bin.failed])
            .collect(),
        titles: titles(trial),
        classes: CLASSES.to_vec(),
        marks: MARKS.map(|mark| line(Millis(mark))).to_vec(),
        lines: vec![line(trial.threshold.satisfied), line(trial.threshold.tolerating)],
        finding,
    })
}

fn titles(trial: &Trial) -> Vec<String> {
    let ends = STARTS.iter().skip(1).map(Some).chain([None]);
    let bins = trial.bins.iter().zip(STARTS).zip(ends).enumerate();
    bins.map(|(place, ((zones, start), end))| {
        let text = |millis: u32| format::duration(millis.into());
        let span = match end {
            None => format!("{} and more", text(start)),
            Some(end) if place == 0 => format!("under {}", text(*end)),
            Some(end) => format!("{} to {}", text(start), text(*end)),
        };
        let failed = if zones.failed > 0 {
            format!(", {} failed", format::grouped(zones.failed.into()))
        } else {
            String::new()
        };
        format!("{span}: {}{failed}", format::grouped(zones.all().into()))
    })
    .collect()
}

fn chip(zones: Zones) -> Option<Chip> {
    let of = |count: u32| u64::from(count);
    delta::apdex_chip([of(zones.satisfied), of(zones.tolerating), of(zones.frustrated())], true)
}

/// All kinds together, and what the numbers are made from.
fn sum_up(
    view: &mut ApdexView,
    (sample, zone): (&ApdexSample, &str),
    (typed, saved): (Option<Zones>, Zones),
    is_changed: bool,
) {
    if saved.all() == 0 {
        view.source = format!(
            "No user action of real users in the last {DAYS} days. As soon as there are some, they show what thresholds give."
        );
        return;
    }
    let all = shell::plural(saved.all().into(), "user action");
    view.source = if sample.is_whole {
        format!("Made from all {all} of real users in the last {DAYS} days.")
    } else {
        let since = format::full_time(sample.since, zone);
        format!("Made from the newest {all} of real users, since {since}.")
    };
    view.chip = chip(typed.unwrap_or(saved));
    let was = chip(saved).map_or_else(String::new, |chip| chip.text);
    let (before, after) = match typed {
        None => ("As saved, all user actions together are at", ".".to_owned()),
        Some(_) if is_changed => {
            ("All user actions together would be at", format!("; as saved {was}."))
        }
        Some(_) => ("All user actions together, as saved, are at", ".".to_owned()),
    };
    before.clone_into(&mut view.before);
    view.after = after;
}

#[cfg(test)]
#[path = "apdex_forms_tests.rs"]
mod tests;
