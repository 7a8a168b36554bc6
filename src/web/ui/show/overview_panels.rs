//! The detail of each step of the story: plots over time, and the numbers behind them.

use super::delta;
use super::overview::Asked;
use super::shell::plural;
use crate::base::time::Timestamp;
use crate::search::{Figures, Period, Statistics};
use crate::web::charts::plot::{self, Line, Plot, Spot, count, count_scale};
use crate::web::format;
use crate::web::templates::Markup;
use crate::web::ui::overview::Panel;
use crate::web::ui::parts::{Fact, Shown, add_fact};

use super::sessions_parts::span;

/// Loads from which a percentile says something.
pub const LOADS_MIN: u64 = 20;

/// A step of the story.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Focus {
    /// Who came.
    Who,
    /// What they did.
    Did,
    /// How it felt.
    Felt,
    /// What broke.
    Broke,
    /// Did they succeed.
    Goal,
}

impl Focus {
    /// In the order of the story.
    pub const ALL: [Self; 5] = [Self::Who, Self::Did, Self::Felt, Self::Broke, Self::Goal];

    /// As in addresses; how it felt when nothing is said.
    #[must_use]
    pub fn parse(text: Option<&str>) -> Self {
        Self::ALL.into_iter().find(|focus| Some(focus.name()) == text).unwrap_or(Self::Felt)
    }

    /// Name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Who => "who",
            Self::Did => "did",
            Self::Felt => "felt",
            Self::Broke => "broke",
            Self::Goal => "goal",
        }
    }

    /// As in addresses: the usual one is left out.
    #[must_use]
    pub const fn in_address(self) -> &'static str {
        match self {
            Self::Felt => "",
            other => other.name(),
        }
    }

    /// As a question.
    #[must_use]
    pub const fn question(self) -> &'static str {
        match self {
            Self::Who => "Who came",
            Self::Did => "What they did",
            Self::Felt => "How it felt",
            Self::Broke => "What broke",
            Self::Goal => "Did they succeed",
        }
    }

    /// The dimension by which it is split when nothing is said.
    #[must_use]
    pub const fn usual_split(self) -> &'static str {
        match self {
            Self::Who => "country",
            Self::Did | Self::Goal => "entry",
            Self::Felt => "browser",
            Self::Broke => "release",
        }
    }

    /// Whether the durations of loads stand beside the sessions of a value.
    #[must_use]
    pub const fn is_timed(self) -> bool {
        matches!(self, Self::Felt)
    }

    /// The number that stands beside the sessions of a value.
    #[must_use]
    pub const fn measure(self) -> &'static str {
        match self {
            Self::Who | Self::Did | Self::Goal => "bounced",
            Self::Felt => "apdex",
            Self::Broke => "errors",
        }
    }
}

/// The parts of a stacked plot: how many of each, with class and word.
type Parts = [(fn(&Figures) -> u64, &'static str, &'static str)];

const VISITORS: &Parts = &[
    (|f| f.sessions.saturating_sub(f.new), "fill-series", "returning"),
    (|f| f.new, "fill-series-2", "new"),
];
const ACTIONS: &Parts = &[
    (|f| f.actions[0], "fill-series", "load"),
    (|f| f.actions[1], "fill-series-2", "XHR"),
    (|f| f.actions[2], "fill-series-3", "custom"),
];
const ZONES: &Parts = &[
    (|f| f.zones[0], "fill-good", "satisfied"),
    (|f| f.zones[1], "fill-fair", "tolerating"),
    (|f| f.zones[2], "fill-bad", "frustrated"),
];
const ERRORS: &Parts = &[
    (|f| f.errors[0], "fill-bad", "JavaScript"),
    (|f| f.errors[1], "fill-poor", "request"),
    (|f| f.errors[2], "fill-none", "custom"),
];
const SUCCESS: &Parts = &[
    (|f| f.sessions.saturating_sub(f.bounces), "fill-excellent", "went on"),
    (|f| f.bounces, "fill-none", "left after one action"),
];

/// The plots of the open step.
#[must_use]
pub fn panel(asked: &Asked<'_>, numbers: &Statistics) -> Panel {
    let before = numbers.before.as_ref();
    let now = &numbers.current;
    let (title, parts, word): (&str, &Parts, &str) = match asked.focus {
        Focus::Who => ("Sessions", VISITORS, "session"),
        Focus::Did => ("User actions", ACTIONS, "user action"),
        Focus::Felt => ("Apdex", ZONES, "user action"),
        Focus::Broke => ("Errors", ERRORS, "error"),
        Focus::Goal => ("Sessions that went on", SUCCESS, "session"),
    };
    let mut plots = Vec::new();
    let mut legend: Vec<(&'static str, String)> = Vec::new();
    if asked.focus == Focus::Felt {
        plots.push(apdex(asked, now, before));
        legend.push(("key-line", "now".to_owned()));
    }
    plots.push(stacked(asked, now, before, (parts, word)));
    if before.is_some_and(|period| period.figures.sessions > 0) {
        legend.push(("key-before", asked.view.compare.label().to_owned()));
    }
    legend.extend(parts.iter().map(|(_, class, word)| (*class, (*word).to_owned())));
    let is_empty = parts.iter().all(|(of, ..)| of(&now.figures) == 0);
    let none = if is_empty {
        match asked.focus {
            Focus::Broke => {
                format!("0 errors in {}.", plural(now.figures.all_actions(), "user action"))
            }
            Focus::Felt => "No user action was measured in this time.".to_owned(),
            _ => "Nothing in this time.".to_owned(),
        }
    } else {
        String::new()
    };
    Panel {
        title: title.to_owned(),
        note: "by start of the session".to_owned(),
        legend,
        plots: if is_empty { Vec::new() } else { plots },
        none,
    }
}

/// The buckets with their ends.
fn stretches<'a>(
    asked: &Asked<'_>,
    period: &'a Period,
) -> Vec<(Timestamp, Timestamp, &'a Figures)> {
    let ends = period.buckets.iter().skip(1).map(|(at, _)| *at).chain([asked.view.end]);
    period.buckets.iter().zip(ends).map(|((at, figures), end)| (*at, end, figures)).collect()
}

fn spots(
    asked: &Asked<'_>,
    now: &Period,
    (parts, is_drawn, more): (&Parts, bool, &str),
    words: impl Fn(&Figures) -> String,
) -> Vec<Spot> {
    let axis = asked.view.axis(&asked.zone);
    let stretches = stretches(asked, now);
    let last = stretches.len().saturating_sub(1);
    let query = asked.query(more);
    stretches
        .into_iter()
        .enumerate()
        .map(|(number, (at, end, figures))| Spot {
            title: format!("{}: {}", span(at, end, &asked.zone), words(figures)),
            href: asked.view.sessions_between(&query, at, end),
            span: (axis.place(at), axis.place(end)),
            parts: if is_drawn {
                parts.iter().map(|(of, ..)| count(of(figures))).collect()
            } else {
                Vec::new()
            },
            is_open: number == last && asked.view.is_open(),
        })
        .collect()
}

fn sum(parts: &Parts, figures: &Figures) -> u64 {
    parts.iter().map(|(of, ..)| of(figures)).sum()
}

/// Counts over time, stacked, with the sum of the earlier period as a line.
fn stacked(
    asked: &Asked<'_>,
    now: &Period,
    before: Option<&Period>,
    (parts, word): (&Parts, &str),
) -> Markup {
    let broken = asked.broken();
    let more = if asked.focus == Focus::Broke { broken.as_str() } else { "" };
    let words = |figures: &Figures| {
        let each: Vec<String> = parts
            .iter()
            .filter(|(of, ..)| of(figures) > 0)
            .map(|(of, _, word)| format!("{} {word}", format::number(of(figures))))
            .collect();
        let all = plural(sum(parts, figures), word);
        if each.len() > 1 { format!("{all} ({})", each.join(", ")) } else { all }
    };
    let is_compared = asked.focus != Focus::Felt;
    let earlier = before.filter(|period| is_compared && period.figures.sessions > 0);
    let values: Vec<Option<f64>> = earlier.map_or_else(Vec::new, |period| {
        period.buckets.iter().map(|(_, figures)| Some(count(sum(parts, figures)))).collect()
    });
    let largest = now
        .buckets
        .iter()
        .map(|(_, figures)| count(sum(parts, figures)))
        .chain(values.iter().flatten().copied())
        .fold(0.0, f64::max);
    let (scale, labels) = count_scale(largest, format::number);
    let height = if asked.focus == Focus::Felt { 84 } else { 170 };
    plot::draw(&Plot {
        spots: spots(asked, now, (parts, true, more), words),
        classes: parts.iter().map(|(_, class, _)| *class).collect(),
        lines: vec![Line { class: "plot-before", values }],
        scale,
        labels,
        marks: asked.view.axis(&asked.zone).marks(),
        height,
        finding: format!(
            "{} over time, {} in all; each bar leads to its sessions",
            asked.focus.question(),
            plural(sum(parts, &now.figures), word)
        ),
    })
}

/// Apdex over time, with the bands.
fn apdex(asked: &Asked<'_>, now: &Period, before: Option<&Period>) -> Markup {
    let scores = |period: &Period| -> Vec<Option<f64>> {
        period.buckets.iter().map(|(_, figures)| delta::score(figures.zones)).collect()
    };
    let own = scores(now);
    let earlier = before.map_or_else(Vec::new, scores);
    let lowest = own.iter().chain(&earlier).flatten().copied().fold(0.6, f64::min);
    let bands = [(0.94, "0.94"), (0.85, "0.85"), (0.7, "0.70"), (0.5, "0.50")];
    let words = |figures: &Figures| match delta::score(figures.zones) {
        None => "nothing measured".to_owned(),
        Some(score) => {
            let of = plural(figures.zones.iter().sum(), "user action");
            format!("Apdex {score:.2} {} of {of}", delta::band(score).1)
        }
    };
    let known = own.iter().flatten().copied();
    let (low, high) =
        known.fold((1.0, 0.0), |(low, high): (f64, f64), score| (low.min(score), high.max(score)));
    plot::draw(&Plot {
        spots: spots(asked, now, (ZONES, false, ""), words),
        classes: Vec::new(),
        lines: vec![
            Line { class: "plot-before", values: earlier },
            Line { class: "plot-now", values: own },
        ],
        scale: ((lowest * 10.0).floor() / 10.0, 1.0),
        labels: bands
            .into_iter()
            .filter(|(value, _)| *value >= lowest)
            .map(|(value, label)| (value, label.to_owned()))
            .collect(),
        marks: Vec::new(),
        height: 112,
        finding: format!(
            "Apdex over time, between {low:.2} and {high:.2}; each stretch leads to its sessions"
        ),
    })
}

/// Numbers of the open step that are in no chart.
#[must_use]
pub fn figures(asked: &Asked<'_>, numbers: &Statistics) -> Vec<Fact> {
    let now = &numbers.current;
    let f = &now.figures;
    let mut facts = Vec::new();
    let linked = |text: &str, more: &str| Shown::linked(text, &asked.sessions(more));
    let share =
        |part: u64| format!("{} · {}", format::number(part), format::percent(part, f.sessions));
    match asked.focus {
        Focus::Who => {
            add_fact(&mut facts, "Users", Shown::open(&format::number(now.people)));
            add_fact(&mut facts, "New", linked(&share(f.new), "user.new:yes"));
            add_fact(&mut facts, "Bounced", linked(&share(f.bounces), "bounce:yes"));
            add_fact(&mut facts, "Live", linked(&format::number(f.live), "live:yes"));
        }
        Focus::Did | Focus::Goal => {
            add_fact(
                &mut facts,
                "Actions a session",
                Shown::open(&per(f.all_actions(), f.sessions)),
            );
            let median =
                now.median_duration.map_or_else(String::new, |m| format::span(u64::from(m.0)));
            add_fact(&mut facts, "Median session", Shown::open(&median));
            add_fact(&mut facts, "Actions a minute", Shown::open(&rate(f.all_actions(), now)));
            add_fact(&mut facts, "Bounced", linked(&share(f.bounces), "bounce:yes"));
        }
        Focus::Felt => {
            let p75 = now.load_p75.filter(|_| now.loads >= LOADS_MIN);
            let p75 = p75.map_or_else(String::new, |p| format::duration(u64::from(p.0)));
            add_fact(&mut facts, "Load p75", Shown::open(&p75));
            for (word, name, number) in [
                ("Satisfied sessions", "satisfied", 0),
                ("Tolerated sessions", "tolerated", 1),
                ("Frustrated sessions", "frustrated", 2),
            ] {
                let part = f.experiences.get(number).copied().unwrap_or(0);
                add_fact(&mut facts, word, linked(&share(part), &format!("ux:{name}")));
            }
        }
        Focus::Broke => {
            let [javascript, request, custom] = f.errors;
            add_fact(&mut facts, "Sessions hit", linked(&share(f.with_errors), &asked.broken()));
            for (word, name, part) in [
                ("JavaScript", "javascript", javascript),
                ("Request", "request", request),
                ("Custom", "custom", custom),
            ] {
                let more = format!("{} error.type:{name}", asked.broken());
                add_fact(&mut facts, word, linked(&format::number(part), &more));
            }
        }
    }
    facts
}

/// A ratio with one decimal.
fn per(part: u64, whole: u64) -> String {
    if whole == 0 {
        return String::new();
    }
    let tenths = (part * 10 + whole / 2) / whole;
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// How many there are in a minute.
#[must_use]
pub fn rate(count: u64, period: &Period) -> String {
    let millis = u64::try_from(period.to.0.saturating_sub(period.from.0)).unwrap_or(0).max(1);
    let hundredths = count.saturating_mul(6_000_000) / millis;
    match hundredths {
        0 if count > 0 => "<0.01/min".to_owned(),
        0..=99 => format!("0.{hundredths:02}/min"),
        100..=99_999 => format!("{}.{}/min", hundredths / 100, hundredths / 10 % 10),
        _ => format!("{}/min", format::number(hundredths / 100)),
    }
}
