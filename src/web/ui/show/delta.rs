//! Changes against an earlier period, and scores with their bands.

use crate::logic::apdex::{Rating, rating};
use crate::web::format;
use crate::web::ui::overview::Delta;
use crate::web::ui::parts::Chip;

/// Whether more of something is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Better {
    /// More is better.
    More,
    /// Less is better.
    Less,
    /// Neither.
    Neither,
}

fn delta(sign: std::cmp::Ordering, better: Better, text: String, title: String) -> Delta {
    use std::cmp::Ordering::{Equal, Greater, Less};
    let way = match sign {
        Greater => "up",
        Less => "down",
        Equal => "",
    };
    let mood = match (sign, better) {
        (Equal, _) | (_, Better::Neither) => "",
        (Greater, Better::More) | (Less, Better::Less) => "good",
        _ => "bad",
    };
    Delta { text, way, mood, title }
}

/// The change of a count, in percent of what it was.
#[must_use]
pub fn of_count(now: u64, before: Option<u64>, better: Better) -> Delta {
    let Some(before) = before else { return Delta::default() };
    let title = format!("{} in the period before", format::number(before));
    if before == 0 {
        return Delta { title, ..Delta::default() };
    }
    let text = format::percent(now.abs_diff(before), before);
    delta(now.cmp(&before), better, text, title)
}

/// The change of a share, in points of a hundred.
#[must_use]
pub fn of_share(now: (u64, u64), before: Option<(u64, u64)>, better: Better) -> Delta {
    let Some(before) = before.filter(|(_, whole)| *whole > 0) else { return Delta::default() };
    if now.1 == 0 {
        return Delta::default();
    }
    let tenths = |(part, whole): (u64, u64)| (part.saturating_mul(1_000) + whole / 2) / whole;
    let (is, was) = (tenths(now), tenths(before));
    let difference = is.abs_diff(was);
    let text = format!("{}.{}\u{202f}pt", difference / 10, difference % 10);
    let title = format!("{} in the period before", format::percent(before.0, before.1));
    delta(is.cmp(&was), better, text, title)
}

/// The change of a score.
#[must_use]
pub fn of_score(now: Option<f64>, before: Option<f64>) -> Delta {
    let (Some(now), Some(before)) = (now, before) else { return Delta::default() };
    // What is shown is compared: two scores that read the same have not changed.
    let hundredths = |score: f64| (score * 100.0).round();
    let difference = (hundredths(now) - hundredths(before)) / 100.0;
    let sign = hundredths(now).total_cmp(&hundredths(before));
    let title = format!("{before:.2} in the period before");
    delta(sign, Better::More, format!("{:.2}", difference.abs()), title)
}

/// Score of satisfied, tolerating and frustrated actions.
#[must_use]
pub fn score(zones: [u64; 3]) -> Option<f64> {
    let [satisfied, tolerating, frustrated] = zones.map(crate::web::charts::plot::count);
    let all = satisfied + tolerating + frustrated;
    (all > 0.0).then(|| (satisfied + tolerating / 2.0) / all)
}

/// Band and word of a score.
#[must_use]
pub fn band(score: f64) -> (&'static str, &'static str) {
    match rating(score) {
        Rating::Excellent => ("excellent", "excellent"),
        Rating::Good => ("good", "good"),
        Rating::Fair => ("fair", "fair"),
        Rating::Poor => ("poor", "poor"),
        Rating::Unacceptable => ("bad", "unacceptable"),
    }
}

/// A score with its band; none when nothing was measured.
#[must_use]
pub fn apdex_chip(zones: [u64; 3], is_long: bool) -> Option<Chip> {
    let score = score(zones)?;
    let (band, word) = band(score);
    let all = format::grouped(zones.iter().sum());
    let text = if is_long { format!("{score:.2} {word}") } else { format!("{score:.2}") };
    Some(Chip {
        title: format!("Apdex {score:.2}, {word}, of {all} user actions"),
        ..Chip::of(band, &text)
    })
}

#[cfg(test)]
#[path = "delta_tests.rs"]
mod tests;
