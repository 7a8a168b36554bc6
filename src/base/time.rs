//! Points and spans of time. All instants are UTC milliseconds; calendars and zones appear only here.

use std::fmt;

use jiff::tz::TimeZone;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Milliseconds in a day.
pub const DAY_MILLIS: i64 = 86_400_000;
/// Milliseconds in an hour.
pub const HOUR_MILLIS: i64 = 3_600_000;
/// Milliseconds in a minute.
pub const MINUTE_MILLIS: i64 = 60_000;

/// An instant: milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(pub i64);

/// As RFC 3339 where people read (JSON), as a number in the store.
impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.serialize_str(&self.rfc3339())
        } else {
            self.0.serialize(serializer)
        }
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            deserializer.deserialize_any(TimestampVisitor)
        } else {
            i64::deserialize(deserializer).map(Self)
        }
    }
}

/// Takes RFC 3339 or epoch milliseconds.
struct TimestampVisitor;

impl serde::de::Visitor<'_> for TimestampVisitor {
    type Value = Timestamp;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a time in RFC 3339 or milliseconds since 1970")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Timestamp, E> {
        Timestamp::parse(text)
            .ok_or_else(|| E::invalid_value(serde::de::Unexpected::Str(text), &self))
    }

    fn visit_i64<E: serde::de::Error>(self, millis: i64) -> Result<Timestamp, E> {
        Ok(Timestamp(millis))
    }

    fn visit_u64<E: serde::de::Error>(self, millis: u64) -> Result<Timestamp, E> {
        i64::try_from(millis)
            .map(Timestamp)
            .map_err(|_| E::invalid_value(serde::de::Unexpected::Unsigned(millis), &self))
    }
}

impl Timestamp {
    /// The instant `span` later.
    #[must_use]
    pub const fn after(self, span: Millis) -> Self {
        Self(self.0.saturating_add(span.0 as i64))
    }

    /// The instant `span` earlier.
    #[must_use]
    pub const fn before(self, span: Millis) -> Self {
        Self(self.0.saturating_sub(span.0 as i64))
    }

    /// The span from `earlier` to this instant; zero when `earlier` is later.
    #[must_use]
    pub fn since(self, earlier: Self) -> Millis {
        let span = self.0.saturating_sub(earlier.0).clamp(0, i64::from(u32::MAX));
        Millis(u32::try_from(span).unwrap_or(u32::MAX))
    }

    /// The UTC day that contains this instant.
    #[must_use]
    pub fn day(self) -> Day {
        Day(i32::try_from(self.0.div_euclid(DAY_MILLIS)).unwrap_or(i32::MAX))
    }

    /// RFC 3339 in UTC with milliseconds, as in `2026-11-23T09:51:37.120Z`.
    #[must_use]
    pub fn rfc3339(self) -> String {
        jiff::Timestamp::from_millisecond(self.0)
            .map_or_else(|_| "-".to_owned(), |t| format!("{t:.3}"))
    }

    /// Parses RFC 3339 with an offset.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        text.parse::<jiff::Timestamp>().ok().map(|t| Self(t.as_millisecond()))
    }

    /// Formats with a `strftime` pattern in a time zone; an unknown zone means UTC.
    #[must_use]
    pub fn format(self, pattern: &str, zone: &str) -> String {
        let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
        jiff::Timestamp::from_millisecond(self.0).map_or_else(
            |_| "-".to_owned(),
            |t| t.to_zoned_datetime(zone).strftime(pattern).to_string(),
        )
    }
}

/// Points at which clocks in a zone show a multiple of `step` after midnight, from `from` to before `to`; steps of
/// days or more begin with a midnight. At most `max`. Empty when the calendar does not reach so far.
#[must_use]
pub fn round_points(
    (from, to): (Timestamp, Timestamp),
    step: i64,
    zone: &str,
    max: usize,
) -> Vec<Timestamp> {
    round_points_within((from, to), step.max(1_000), zone, max).unwrap_or_default()
}

fn round_points_within(
    (from, to): (Timestamp, Timestamp),
    step: i64,
    zone: &str,
    max: usize,
) -> Option<Vec<Timestamp>> {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let first = jiff::Timestamp::from_millisecond(from.0).ok()?;
    let mut day = first.to_zoned_datetime(zone.clone()).date();
    let (days, times) =
        if step < DAY_MILLIS { (1, DAY_MILLIS / step) } else { (step / DAY_MILLIS, 1) };
    if days > 1 && day.to_zoned_datetime(zone.clone()).ok()?.timestamp() < first {
        day = day.tomorrow().ok()?;
    }
    let mut points: Vec<Timestamp> = Vec::new();
    loop {
        for time in 0..times {
            let clock =
                day.at(0, 0, 0, 0).checked_add(jiff::SignedDuration::from_millis(time * step));
            let point = clock.ok()?.to_zoned_datetime(zone.clone()).ok()?.timestamp();
            let point = Timestamp(point.as_millisecond());
            if point >= to || points.len() >= max {
                return Some(points);
            }
            // A clock that is put forward skips points, one put back shows them twice: each counts once.
            if point >= from && points.last().is_none_or(|last| *last < point) {
                points.push(point);
            }
        }
        day = day.checked_add(jiff::Span::new().days(days)).ok()?;
    }
}

/// Whether a name is a time zone of the IANA database.
#[must_use]
pub fn is_zone(name: &str) -> bool {
    TimeZone::get(name).is_ok()
}

/// The time zone of this machine, `UTC` when it has none.
#[must_use]
pub fn system_zone() -> String {
    TimeZone::system().iana_name().unwrap_or("UTC").to_owned()
}

/// A span of time in milliseconds, up to 49 days.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Millis(pub u32);

impl Millis {
    /// A span of whole seconds.
    #[must_use]
    pub const fn secs(n: u32) -> Self {
        Self(n.saturating_mul(1_000))
    }

    /// A span of whole minutes.
    #[must_use]
    pub const fn mins(n: u32) -> Self {
        Self(n.saturating_mul(60_000))
    }

    /// A span of whole hours.
    #[must_use]
    pub const fn hours(n: u32) -> Self {
        Self(n.saturating_mul(3_600_000))
    }
}

/// A UTC calendar day, counted from 1970-01-01.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Day(pub i32);

impl Day {
    /// Midnight (UTC) at which the day starts.
    #[must_use]
    pub const fn start(self) -> Timestamp {
        Timestamp(self.0 as i64 * DAY_MILLIS)
    }

    /// The next day.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// Parses `2026-11-23`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let date: jiff::civil::Date = text.parse().ok()?;
        let midnight = date.to_zoned_datetime(TimeZone::UTC).ok()?;
        Some(Timestamp(midnight.timestamp().as_millisecond()).day())
    }
}

/// As a folder name: `2026-11-23`.
impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.start().format("%Y-%m-%d", "UTC"))
    }
}
