//! The range of a page about numbers, the period it is compared with, and the control that changes both.

use serde::Deserialize;

use super::shell::address;
use crate::base::text;
use crate::base::time::{DAY_MILLIS, MINUTE_MILLIS, Timestamp, round_points};
use crate::web::charts::time_axis::TimeAxis;
use crate::web::error::WebError;
use crate::web::range;
use crate::web::ui::frame::{Link, Refresh, TimeRange};

/// Ready-made ranges: text, and start; the end is now.
pub const PRESETS: [(&str, &str); 5] = [
    ("Last 30 minutes", "-30m"),
    ("Last 2 hours", "-2h"),
    ("Last 24 hours", ""),
    ("Last 7 days", "-7d"),
    ("Last 30 days", "-30d"),
];

/// What the address of a page about numbers says.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct PeriodQuery {
    /// Start.
    pub from: Option<String>,
    /// End.
    pub to: Option<String>,
    /// `prev`, `week` or `none`.
    pub cmp: Option<String>,
    /// Filter.
    pub q: Option<String>,
    /// Typed into the filter box.
    pub text: Option<String>,
    /// Open step.
    pub focus: Option<String>,
    /// Dimension by which it is split.
    pub by: Option<String>,
    /// Only this panel.
    pub panel: Option<String>,
    /// Order of a table.
    pub sort: Option<String>,
    /// `1`: the page draws itself anew.
    pub live: Option<String>,
}

/// What numbers are compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compare {
    /// The period of the same length before.
    Previous,
    /// The same time a week earlier.
    Week,
    /// Nothing.
    Nothing,
}

impl Compare {
    /// As in addresses; anything else means the period before.
    #[must_use]
    pub fn parse(text: Option<&str>) -> Self {
        match text {
            Some("week") => Self::Week,
            Some("none") => Self::Nothing,
            _ => Self::Previous,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Previous => "",
            Self::Week => "week",
            Self::Nothing => "none",
        }
    }

    /// Start of the period to compare with.
    #[must_use]
    pub const fn start(self, from: Timestamp, to: Timestamp) -> Option<Timestamp> {
        match self {
            Self::Previous => Some(Timestamp(from.0.saturating_sub(to.0.saturating_sub(from.0)))),
            Self::Week => Some(Timestamp(from.0.saturating_sub(7 * DAY_MILLIS))),
            Self::Nothing => None,
        }
    }

    /// What it is called in a legend.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Previous => "period before",
            Self::Week => "a week earlier",
            Self::Nothing => "",
        }
    }
}

/// The range of a page.
#[derive(Debug, Clone)]
pub struct PeriodView {
    /// Path of the page.
    pub path: String,
    /// Start as typed; empty for the default.
    pub from: String,
    /// End as typed; empty for now.
    pub to: String,
    /// Start.
    pub start: Timestamp,
    /// End.
    pub end: Timestamp,
    /// What it is compared with.
    pub compare: Compare,
    /// Whether the page draws itself anew.
    pub is_live: bool,
    /// Further parameters that links keep.
    pub keep: Vec<(&'static str, String)>,
}

impl PeriodView {
    /// Reads the address of a page.
    pub fn new(path: &str, query: &PeriodQuery, now: Timestamp) -> Result<Self, WebError> {
        let cut = |text: &Option<String>| {
            text::cut(text.as_deref().unwrap_or_default().trim(), 64).to_owned()
        };
        let (from, to) = (cut(&query.from), cut(&query.to));
        let some = |text: &String| (!text.is_empty()).then(|| text.clone());
        let (start, end) = range::range(some(&from).as_deref(), some(&to).as_deref(), now)?;
        Ok(Self {
            path: path.to_owned(),
            from,
            to,
            start,
            end,
            compare: Compare::parse(query.cmp.as_deref()),
            is_live: query.live.as_deref() == Some("1"),
            keep: Vec::new(),
        })
    }

    /// The page with parameters that replace those it has; empty ones go.
    #[must_use]
    pub fn with(&self, changes: &[(&'static str, &str)]) -> String {
        let live = if self.is_live { "1" } else { "" };
        let mut all: Vec<(&str, &str)> = vec![
            ("from", &self.from),
            ("to", &self.to),
            ("cmp", self.compare.name()),
            ("live", live),
        ];
        all.extend(self.keep.iter().map(|(name, value)| (*name, value.as_str())));
        for (name, value) in changes {
            match all.iter_mut().find(|(own, _)| own == name) {
                Some(slot) => slot.1 = value,
                None => all.push((name, value)),
            }
        }
        address(&self.path, &all)
    }

    /// The list of sessions that a filter finds in the range.
    #[must_use]
    pub fn sessions(&self, query: &str) -> String {
        address("/sessions", &[("q", query), ("from", &self.from), ("to", &self.to)])
    }

    /// The list of sessions that a filter finds in a part of the range.
    #[must_use]
    pub fn sessions_between(&self, query: &str, from: Timestamp, to: Timestamp) -> String {
        address("/sessions", &[("q", query), ("from", &from.rfc3339()), ("to", &to.rfc3339())])
    }

    /// Whether it goes on until now.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.to.is_empty() || self.to == "now"
    }

    /// Drawing the page anew, on and off.
    #[must_use]
    pub fn refresh(&self) -> Refresh {
        let other = if self.is_live { "" } else { "1" };
        Refresh { is_on: self.is_live, href: self.with(&[("live", other)]) }
    }

    /// The range as charts show it.
    #[must_use]
    pub const fn axis<'a>(&self, zone: &'a str) -> TimeAxis<'a> {
        TimeAxis { from: self.start, to: self.end, zone }
    }

    /// The control that changes range and comparison.
    #[must_use]
    pub fn control(&self, zone: &str, now: Timestamp, days_kept: u16) -> TimeRange {
        let is_open = self.is_open();
        let mut presets: Vec<Link> = PRESETS
            .iter()
            .map(|(label, from)| Link {
                is_current: is_open && *from == self.from,
                ..Link::new(label, &self.with(&[("from", from), ("to", "")]))
            })
            .collect();
        presets.extend(months(now, zone).into_iter().map(|(label, from, to)| Link {
            is_current: self.from == from && self.to == to,
            ..Link::new(label, &self.with(&[("from", &from), ("to", &to)]))
        }));
        let length = self.end.0.saturating_sub(self.start.0).max(MINUTE_MILLIS);
        let at = |millis: i64| Timestamp(millis).rfc3339();
        let during = |from: i64, to: i64| self.with(&[("from", &at(from)), ("to", &at(to))]);
        let known = presets.iter().find(|preset| preset.is_current).map(|link| link.label.clone());
        let label = known.unwrap_or_else(|| label(&self.from, is_open));
        TimeRange {
            label,
            span: format!(
                "{} – {}",
                self.start.format("%-d %b %H:%M", zone),
                self.end.format("%-d %b %H:%M", zone)
            ),
            presets,
            earlier: during(self.start.0.saturating_sub(length), self.start.0),
            later: if is_open {
                String::new()
            } else {
                during(self.end.0, self.end.0.saturating_add(length))
            },
            wider: wider(&self.from, is_open, (self.start, self.end), (now, days_kept))
                .map_or_else(String::new, |(from, to)| self.with(&[("from", &from), ("to", &to)])),
            kept: kept(days_kept),
            action: self.path.clone(),
            keep: self.kept(),
            from: if self.from.is_empty() { "-24h".to_owned() } else { self.from.clone() },
            to: if self.to.is_empty() { "now".to_owned() } else { self.to.clone() },
            compare: [Compare::Previous, Compare::Week, Compare::Nothing]
                .into_iter()
                .map(|one| Link {
                    is_current: one == self.compare,
                    ..Link::new(
                        match one {
                            Compare::Nothing => "Compare with nothing",
                            Compare::Week => "Compare with a week earlier",
                            Compare::Previous => "Compare with the period before",
                        },
                        &self.with(&[("cmp", one.name())]),
                    )
                })
                .collect(),
        }
    }

    /// What a form keeps beside the range.
    #[must_use]
    pub fn kept(&self) -> Vec<(String, String)> {
        let live = if self.is_live { "1" } else { "" };
        let own = [("cmp", self.compare.name()), ("live", live)];
        let own = own.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let rest = self.keep.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
        own.into_iter().chain(rest).filter(|(_, value)| !value.is_empty()).collect()
    }
}

/// A range twice as long around the same middle, as addresses say it; none when nothing more is kept. What would lie in
/// the future lies before it instead, and what is kept no more is left out. A range up to now stays one up to now.
#[must_use]
pub fn wider(
    from: &str,
    is_open: bool,
    (start, end): (Timestamp, Timestamp),
    (now, days_kept): (Timestamp, u16),
) -> Option<(String, String)> {
    let length = end.0.saturating_sub(start.0).max(MINUTE_MILLIS);
    let oldest = now.0.saturating_sub(i64::from(days_kept).saturating_mul(DAY_MILLIS));
    let later = end.0.saturating_add(length / 2).min(now.0).max(end.0);
    let earlier = later.saturating_sub(length.saturating_mul(2)).max(oldest).min(start.0);
    if (earlier, later) == (start.0, end.0) {
        return None;
    }
    if !is_open {
        return Some((Timestamp(earlier).rfc3339(), Timestamp(later).rfc3339()));
    }
    let from = if from.is_empty() { "-24h" } else { from };
    let back = from.strip_prefix('-');
    let parts = back.and_then(|back| back.split_at_checked(back.len().checked_sub(1)?));
    let doubled = parts.and_then(|(count, unit)| {
        Some(format!("-{}{unit}", count.parse::<u32>().ok()?.checked_mul(2)?))
    });
    let from = match doubled {
        _ if earlier == oldest => format!("-{days_kept}d"),
        Some(doubled) => doubled,
        None => Timestamp(earlier).rfc3339(),
    };
    Some((from, String::new()))
}

/// What is said where there is nothing wider.
#[must_use]
pub fn kept(days_kept: u16) -> String {
    format!("Data is kept for {days_kept} days")
}

/// What a range is called that is none of the ready-made ones.
#[must_use]
pub fn label(from: &str, is_open: bool) -> String {
    let back = from.strip_prefix('-').filter(|_| is_open);
    let parts = back.and_then(|back| back.split_at_checked(back.len().checked_sub(1)?));
    let unit = parts.and_then(|(_, unit)| match unit {
        "s" => Some("seconds"),
        "m" => Some("minutes"),
        "h" => Some("hours"),
        "d" => Some("days"),
        "w" => Some("weeks"),
        _ => None,
    });
    match (parts, unit) {
        (Some((count, _)), Some(unit)) => format!("Last {count} {unit}"),
        _ => "Chosen time".to_owned(),
    }
}

/// This month and the one before, by the calendar of the viewer: text, start, end.
fn months(now: Timestamp, zone: &str) -> Vec<(&'static str, String, String)> {
    let start = Timestamp(now.0.saturating_sub(70 * DAY_MILLIS));
    let days = round_points((start, now), DAY_MILLIS, zone, 80);
    let mut firsts = days.into_iter().rev().filter(|day| day.format("%-d", zone) == "1");
    let (Some(this), Some(last)) = (firsts.next(), firsts.next()) else {
        return Vec::new();
    };
    vec![
        ("This month", this.rfc3339(), String::new()),
        ("Last month", last.rfc3339(), this.rfc3339()),
    ]
}

#[cfg(test)]
#[path = "period_tests.rs"]
mod tests;
