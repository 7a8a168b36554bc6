//! The axis of time: where bars begin and where marks stand, at round hours and days of the viewer's zone.

use super::bars::{Mark, WHOLE};
use crate::base::time::{DAY_MILLIS, HOUR_MILLIS, MINUTE_MILLIS, Timestamp, round_points};

/// Bars at most.
const BARS: i64 = 48;
/// Marks at most: as many labels as stand side by side on a phone.
const MARKS: i64 = 8;
/// Widths of bars and distances of marks, all of which divide a day or are whole days.
const STEPS: [i64; 21] = [
    1_000,
    10_000,
    MINUTE_MILLIS,
    2 * MINUTE_MILLIS,
    5 * MINUTE_MILLIS,
    10 * MINUTE_MILLIS,
    15 * MINUTE_MILLIS,
    30 * MINUTE_MILLIS,
    HOUR_MILLIS,
    2 * HOUR_MILLIS,
    3 * HOUR_MILLIS,
    4 * HOUR_MILLIS,
    6 * HOUR_MILLIS,
    12 * HOUR_MILLIS,
    DAY_MILLIS,
    2 * DAY_MILLIS,
    5 * DAY_MILLIS,
    7 * DAY_MILLIS,
    30 * DAY_MILLIS,
    90 * DAY_MILLIS,
    365 * DAY_MILLIS,
];

/// The smallest step with which a range has at most `count` parts.
fn step(length: i64, count: i64) -> Option<i64> {
    STEPS.into_iter().find(|step| length / step <= count)
}

/// A range of time as it is drawn.
#[derive(Debug, Clone, Copy)]
pub struct TimeAxis<'a> {
    /// Start.
    pub from: Timestamp,
    /// End.
    pub to: Timestamp,
    /// Time zone of the viewer.
    pub zone: &'a str,
}

impl TimeAxis<'_> {
    fn length(self) -> i64 {
        self.to.0.saturating_sub(self.from.0).max(1)
    }

    fn points(self, count: i64) -> Vec<Timestamp> {
        let max = usize::try_from(count).unwrap_or(0) + 1;
        step(self.length(), count)
            .map_or_else(Vec::new, |step| round_points((self.from, self.to), step, self.zone, max))
    }

    /// Where bars begin: the start of the range, then every round point. Empty when the range is too long for that.
    #[must_use]
    pub fn bar_starts(self) -> Vec<Timestamp> {
        let mut starts = self.points(BARS);
        if !starts.is_empty() && starts.first() != Some(&self.from) {
            starts.insert(0, self.from);
        }
        starts
    }

    /// Where an instant lies, in [`WHOLE`]ths.
    #[must_use]
    pub fn place(self, at: Timestamp) -> u32 {
        let offset = i128::from(at.0.saturating_sub(self.from.0));
        let place = offset * i128::from(WHOLE) / i128::from(self.length());
        u32::try_from(place.clamp(0, i128::from(WHOLE))).unwrap_or(WHOLE)
    }

    /// Marks: days by their date, hours by the clock, with the date where a day begins.
    #[must_use]
    pub fn marks(self) -> Vec<Mark> {
        let is_days = step(self.length(), MARKS).is_none_or(|step| step >= DAY_MILLIS);
        let pattern = match (is_days, self.length()) {
            (true, ..=1_209_600_000) => "%a %-d",
            (true, ..=31_536_000_000) => "%-d %b",
            (true, _) => "%b %Y",
            (false, ..=120_000) => "%H:%M:%S",
            (false, _) => "%H:%M",
        };
        self.points(MARKS)
            .into_iter()
            .map(|at| {
                let is_midnight = !is_days && at.format("%H:%M:%S", self.zone) == "00:00:00";
                let pattern = if is_midnight { "%-d %b" } else { pattern };
                Mark { at: self.place(at), label: at.format(pattern, self.zone) }
            })
            .collect()
    }
}

#[cfg(test)]
#[path = "time_axis_tests.rs"]
mod tests;
