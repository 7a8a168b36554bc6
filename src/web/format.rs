//! Numbers, durations and times as people read them (one table of rules for all pages).

use crate::base::time::{DAY_MILLIS, HOUR_MILLIS, MINUTE_MILLIS, Timestamp};

/// Thin no-break space: binds a number and its unit.
const THIN: char = '\u{202f}';
/// What stands where nothing is known.
pub const NONE: &str = "–";

/// A count: `3,412`, `124 k`, `1.2 M`.
#[must_use]
pub fn number(value: u64) -> String {
    match value {
        0..=99_999 => grouped(value),
        100_000..=999_999 => format!("{}{THIN}k", value / 1_000),
        _ => {
            let tenths = value / 100_000;
            if tenths < 1_000 {
                format!("{}.{}{THIN}M", tenths / 10, tenths % 10)
            } else {
                format!("{}{THIN}M", grouped(tenths / 10))
            }
        }
    }
}

/// A count in full with thousands separated.
#[must_use]
pub fn grouped(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A duration in milliseconds: `412 ms`, `2.3 s`, `42 s`, `4m 12s`, `1h 04m`, `3d 2h`.
#[must_use]
pub fn duration(millis: u64) -> String {
    match millis {
        0..=999 => format!("{millis}{THIN}ms"),
        1_000..=9_949 => {
            let tenths = (millis + 50) / 100;
            format!("{}.{}{THIN}s", tenths / 10, tenths % 10)
        }
        9_950..=59_499 => format!("{}{THIN}s", (millis + 500) / 1_000),
        59_500..=3_599_999 => {
            let seconds = (millis + 500) / 1_000;
            format!("{}m {:02}s", seconds / 60, seconds % 60)
        }
        3_600_000..=86_399_999 => {
            let minutes = millis / 60_000;
            format!("{}h {:02}m", minutes / 60, minutes % 60)
        }
        _ => format!("{}d {}h", millis / 86_400_000, millis / 3_600_000 % 24),
    }
}

/// The length of a session: whole seconds even when short.
#[must_use]
pub fn span(millis: u64) -> String {
    if millis < 59_500 { format!("{}s", (millis + 500) / 1_000) } else { duration(millis) }
}

/// A size: `412 kB`, `1.4 MB`; k = 1000.
#[must_use]
pub fn bytes(value: u64) -> String {
    let scaled = |unit: u64, name: &str| {
        let tenths = value.saturating_mul(10) / unit;
        if tenths < 100 {
            format!("{}.{}{THIN}{name}", tenths / 10, tenths % 10)
        } else {
            format!("{}{THIN}{name}", tenths / 10)
        }
    };
    match value {
        0..=999 => format!("{value}{THIN}B"),
        1_000..=999_999 => scaled(1_000, "kB"),
        1_000_000..=999_999_999 => scaled(1_000_000, "MB"),
        _ => scaled(1_000_000_000, "GB"),
    }
}

/// A share: `4.0%`, `31%`, `<0.1%`; nothing known when the whole is zero.
#[must_use]
pub fn percent(part: u64, whole: u64) -> String {
    if whole == 0 {
        return NONE.to_owned();
    }
    let tenths = (part.saturating_mul(1_000) + whole / 2) / whole;
    match (part, tenths) {
        (0, _) => "0%".to_owned(),
        (_, 0) => "<0.1%".to_owned(),
        (_, 1..=99) => format!("{}.{}%", tenths / 10, tenths % 10),
        _ => format!("{}%", (tenths + 5) / 10),
    }
}

/// An offset into a session: `4:15`, `1:02:09`.
#[must_use]
pub fn offset(millis: u64) -> String {
    let seconds = millis / 1_000;
    if seconds < 3_600 {
        format!("{}:{:02}", seconds / 60, seconds % 60)
    } else {
        format!("{}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60)
    }
}

/// How long ago: `just now`, `26 min ago`, `yesterday`.
#[must_use]
pub fn ago(at: Timestamp, now: Timestamp) -> String {
    let passed = now.0.saturating_sub(at.0);
    let many = |count: i64, unit: &str| format!("{count}{THIN}{unit} ago");
    match passed {
        ..5_000 => "just now".to_owned(),
        5_000..MINUTE_MILLIS => many(passed / 1_000, "s"),
        MINUTE_MILLIS..HOUR_MILLIS => many(passed / MINUTE_MILLIS, "min"),
        HOUR_MILLIS..DAY_MILLIS => many(passed / HOUR_MILLIS, "h"),
        _ if passed < 2 * DAY_MILLIS => "yesterday".to_owned(),
        _ => many(passed / DAY_MILLIS, "days"),
    }
}

/// An instant in a list: the time today, with the day on other days.
#[must_use]
pub fn list_time(at: Timestamp, now: Timestamp, zone: &str) -> String {
    let day = |instant: Timestamp| instant.format("%Y-%m-%d", zone);
    if day(at) == day(now) {
        at.format("%H:%M:%S", zone)
    } else if at.format("%Y", zone) == now.format("%Y", zone) {
        at.format("%-d %b %H:%M:%S", zone)
    } else {
        at.format("%-d %b %Y %H:%M", zone)
    }
}

/// An instant in full: `23 Nov 2026, 09:51:37`.
#[must_use]
pub fn full_time(at: Timestamp, zone: &str) -> String {
    at.format("%-d %b %Y, %H:%M:%S", zone)
}

/// Cuts the middle of a long path or address, so that both ends can be read.
#[must_use]
pub fn middle(text: &str, chars_max: usize) -> String {
    let count = text.chars().count();
    if count <= chars_max {
        return text.to_owned();
    }
    let keep = chars_max.saturating_sub(1) / 2;
    let start: String = text.chars().take(keep).collect();
    let end: String = text.chars().skip(count - keep).collect();
    format!("{start}…{end}")
}

#[cfg(test)]
#[path = "format_tests.rs"]
mod tests;
