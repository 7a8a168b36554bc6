//! Time ranges in addresses: `-24h`, `now`, RFC 3339 or milliseconds.

use super::error::WebError;
use crate::base::time::{DAY_MILLIS, HOUR_MILLIS, MINUTE_MILLIS, Timestamp};

/// Parses one end of a range.
#[must_use]
pub fn parse(text: &str, now: Timestamp) -> Option<Timestamp> {
    if text == "now" {
        return Some(now);
    }
    if let Some(back) = text.strip_prefix('-') {
        let (digits, unit) = back.split_at_checked(back.len().checked_sub(1)?)?;
        let unit = match unit {
            "s" => 1_000,
            "m" => MINUTE_MILLIS,
            "h" => HOUR_MILLIS,
            "d" => DAY_MILLIS,
            "w" => 7 * DAY_MILLIS,
            _ => return None,
        };
        let count: u32 = digits.parse().ok()?;
        return Some(Timestamp(now.0.saturating_sub(i64::from(count).saturating_mul(unit))));
    }
    if let Ok(millis) = text.parse::<i64>() {
        return Some(Timestamp(millis));
    }
    Timestamp::parse(text)
}

/// The range of a request: the last 24 hours when nothing is said.
pub fn range(
    from: Option<&str>,
    to: Option<&str>,
    now: Timestamp,
) -> Result<(Timestamp, Timestamp), WebError> {
    let end = |text: Option<&str>, default: &str, name: &str| {
        parse(text.unwrap_or(default), now).ok_or_else(|| {
            WebError::bad_request(
                "bad_range",
                format!("`{name}` is -24h, -7d, now, or a time in RFC 3339"),
            )
        })
    };
    let (from, to) = (end(from, "-24h", "from")?, end(to, "now", "to")?);
    if from > to {
        return Err(WebError::bad_request("bad_range", "`from` lies after `to`"));
    }
    Ok((from, to))
}

#[cfg(test)]
#[path = "range_tests.rs"]
mod tests;
