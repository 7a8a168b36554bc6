//! Parts of the page of a user: figures, days, hours, what they use, what went wrong.

use super::session_rows::user_address;
use super::sessions_parts::{View, histogram, time_axis};
use super::words;
use crate::logic::apdex;
use crate::model::application::Application;
use crate::model::error_report::ErrorKind;
use crate::model::query::{Field, Value};
use crate::search::SearchCounts;
use crate::web::api::users::{ErrorMet, UserProfile, ValueCount};
use crate::web::charts::bars::{self, Bar, Bars, Mark, WHOLE};
use crate::web::state::WebState;
use crate::web::templates::Markup;
use crate::web::ui::parts::Shown;
use crate::web::ui::user::{CountRow, CountTable, ErrorRow, Tile};
use crate::web::{countries, format, mask};

/// Figures in the head of the page.
#[must_use]
pub fn tiles(profile: &UserProfile) -> Vec<Tile> {
    let [good, fair, bad, live] = profile.experience;
    let rated = good + fair + bad;
    let tile = |label, value: String, note: String| Tile { label, value, note };
    let apdex = profile.apdex.map_or_else(
        || (format::NONE.to_owned(), "no rated action".to_owned()),
        |score| (format!("{score:.2}"), words::rating(apdex::rating(score)).to_owned()),
    );
    let live = if live > 0 { format!("{live} live now") } else { String::new() };
    vec![
        tile("Sessions", format::number(profile.sessions), live),
        tile("Apdex of all actions", apdex.0, apdex.1),
        tile("Satisfied", format::percent(good, rated), format!("{good} of {rated}")),
        tile("Frustrated", format::percent(bad, rated), format!("{bad} of {rated}")),
        tile(
            "With errors",
            format::number(profile.error_sessions),
            format!("of {} looked at", format::number(profile.looked_at)),
        ),
        tile("With rage clicks", format::number(profile.rage_sessions), String::new()),
    ]
}

/// Sessions of each day by experience, each bar a link to them.
#[must_use]
pub fn days(view: &View, counts: &SearchCounts, zone: &str) -> Option<Markup> {
    histogram(view, &counts.histogram, zone)
}

/// Starts of the bars of [`days`].
#[must_use]
pub fn day_starts(view: &View, zone: &str) -> Vec<crate::base::time::Timestamp> {
    time_axis(view, zone).bar_starts()
}

/// Sessions by hour of the day. The bars lead to the list below: the filter knows no hours.
#[must_use]
pub fn hours(profile: &UserProfile) -> Option<Markup> {
    let place = |hour: usize| u32::try_from(hour).unwrap_or(0) * (WHOLE / 24);
    let bars = profile.hours.iter().enumerate().map(|(hour, sessions)| Bar {
        title: format!(
            "{hour:02}:00 – {:02}:00: {}",
            hour + 1,
            super::shell::plural(*sessions, "session")
        ),
        href: "#list".to_owned(),
        parts: vec![u32::try_from(*sessions).unwrap_or(u32::MAX)],
        span: (place(hour), place(hour + 1)),
    });
    let marks = [0, 6, 12, 18].map(|hour| Mark { at: place(hour), label: format!("{hour:02}:00") });
    let busiest = profile.hours.iter().enumerate().max_by_key(|(_, sessions)| **sessions)?;
    let chart = Bars {
        bars: bars.collect(),
        marks: marks.to_vec(),
        classes: vec!["fill-series"],
        finding: format!("Sessions by hour of the day; most from {:02}:00", busiest.0),
    };
    (*busiest.1 > 0).then(|| bars::draw(&chart))
}

/// What the user uses and where: tables of values with their sessions.
#[must_use]
pub fn tables(profile: &UserProfile, view: &View, applications: &[Application]) -> Vec<CountTable> {
    let narrowed = |field: &Field, value: &str| {
        view.with(&view.filter.with_value(field, Value::Is(value.to_owned())))
    };
    let table = |title, id, rows: Vec<CountRow>| CountTable { title, id, rows };
    let name = |id: &str| {
        let known = applications.iter().find(|own| own.id.to_string() == id);
        known.map_or_else(|| id.to_owned(), |own| own.name.clone())
    };
    let rows =
        |values: &[ValueCount], label: &dyn Fn(&str) -> String, href: &dyn Fn(&str) -> String| {
            let made = values.iter().map(|own| CountRow {
                label: label(&own.value),
                href: href(&own.value),
                sessions: own.sessions,
            });
            made.collect::<Vec<_>>()
        };
    let same = |text: &str| text.to_owned();
    let nowhere = |_: &str| String::new();
    let place = |text: &str| match text.rsplit_once(", ") {
        Some((city, country)) => format!("{city}, {}", countries::name(country)),
        None => countries::name(text),
    };
    let mut tables = vec![
        table("Devices", "devices", rows(&profile.devices, &same, &nowhere)),
        table(
            "Applications",
            "applications",
            rows(&profile.applications, &name, &|id| narrowed(&Field::App, &name(id))),
        ),
        table("Places", "places", rows(&profile.places, &place, &nowhere)),
        table(
            "Releases",
            "releases",
            rows(&profile.releases, &same, &|release| narrowed(&Field::Release, release)),
        ),
        table(
            "Browsers by id",
            "browsers",
            rows(&profile.browsers, &same, &|visitor| {
                let filter = crate::model::query::Filter::default();
                view.with(&filter.with_value(&Field::Visitor, Value::Is(visitor.to_owned())))
            }),
        ),
    ];
    tables.retain(|table| !table.rows.is_empty());
    tables
}

/// Other tags on the same browsers.
#[must_use]
pub fn seen_as(profile: &UserProfile, state: &WebState) -> Vec<CountRow> {
    let row = |own: &ValueCount| CountRow {
        label: own.value.clone(),
        href: user_address(&own.value, &state.user_keys),
        sessions: own.sessions,
    };
    profile.seen_as.iter().map(row).collect()
}

/// Errors that the user met.
#[must_use]
pub fn errors(profile: &UserProfile, sees_unmasked: bool) -> Vec<ErrorRow> {
    profile.errors.iter().map(|error| error_row(error, sees_unmasked)).collect()
}

fn error_row(error: &ErrorMet, sees_unmasked: bool) -> ErrorRow {
    let text = match error.kind {
        ErrorKind::Request => Shown::open(&mask::url(&error.url, sees_unmasked)),
        _ if error.message.is_empty() => Shown::default(),
        _ if sees_unmasked => Shown::open(&error.message),
        _ => Shown::masked("", "needs the permission “see unmasked data”"),
    };
    ErrorRow {
        name: if error.name.is_empty() { "Error".to_owned() } else { error.name.clone() },
        text,
        count: error.count,
        href: format!("/sessions/{}?show=errors", error.session),
    }
}
