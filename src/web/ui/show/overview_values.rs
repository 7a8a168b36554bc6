//! Numbers by value: country, browser and so on, each leading to its sessions.

use super::delta;
use super::overview::Asked;
use super::overview_panels::LOADS_MIN;
use super::sessions_parts::label;
use super::shell::{address, plural};
use crate::logic::query_parser::print;
use crate::model::query::Field;
use crate::search::{DimensionValue, Statistics};
use crate::web::auth::Identity;
use crate::web::format;
use crate::web::permission::Permission;
use crate::web::ui::frame::Link;
use crate::web::ui::overview::{ValueRow, ValueTable};

/// Names of the dimensions in addresses.
pub const KEYS: [&str; 7] = ["browser", "country", "os", "device", "release", "entry", "exit"];

/// The field of a dimension, and what it is called.
#[must_use]
pub fn field(key: &str) -> (Field, &'static str) {
    match key {
        "country" => (Field::Country, "Country"),
        "os" => (Field::Os, "System"),
        "device" => (Field::DeviceType, "Device"),
        "release" => (Field::Release, "Release"),
        "entry" => (Field::Entry, "Entry page"),
        "exit" => (Field::Exit, "Exit page"),
        _ => (Field::Browser, "Browser"),
    }
}

/// The dimensions by which the open step may be split.
#[must_use]
pub fn splits(asked: &Asked<'_>) -> Vec<Link> {
    KEYS.iter()
        .filter(|key| **key != "exit" && **key != "device")
        .map(|key| Link {
            is_current: *key == asked.by,
            ..Link::new(field(key).1, &asked.view.with(&[("by", key)]))
        })
        .collect()
}

/// The values of a dimension.
#[must_use]
pub fn table(
    asked: &Asked<'_>,
    numbers: &Statistics,
    key: &'static str,
    measure: &'static str,
) -> ValueTable {
    let (field, title) = field(key);
    let all = numbers.current.figures.sessions;
    let found = numbers.dimensions.iter().find(|dimension| dimension.field == field);
    let rows: Vec<ValueRow> = found.map_or_else(Vec::new, |dimension| {
        dimension.values.iter().map(|value| row(asked, &field, value, all)).collect()
    });
    let shown = u64::try_from(rows.len()).unwrap_or(0);
    let rest = found.map_or(0, |dimension| dimension.distinct.saturating_sub(shown));
    let note = if rest > 0 { format!("and {} more", format::number(rest)) } else { String::new() };
    ValueTable { key, title, note, rows, measure, ..ValueTable::default() }
}

/// The values by which the open step is split.
#[must_use]
pub fn split(asked: &Asked<'_>, numbers: &Statistics, identity: &Identity) -> ValueTable {
    let exports = if identity.can(Permission::ExportSessions) {
        ["csv", "ndjson"].map(|format| export(asked, format)).to_vec()
    } else {
        Vec::new()
    };
    let measure = asked.focus.measure();
    let is_timed = asked.focus.is_timed();
    ValueTable { is_timed, exports, ..table(asked, numbers, asked.by, measure) }
}

/// The values as a file: all of them that the API tells.
fn export(asked: &Asked<'_>, format: &str) -> Link {
    let view = &asked.view;
    let path = format!("/api/v1/applications/{}/overview", asked.application.id);
    let query = print(&asked.filter);
    let parameters = [
        ("by", field(asked.by).0.name()),
        ("q", if query.is_empty() { " ".to_owned() } else { query }),
        ("from", view.from.clone()),
        ("to", view.to.clone()),
        ("cmp", "none".to_owned()),
        ("values", "100".to_owned()),
        ("format", format.to_owned()),
    ];
    let parameters = parameters.each_ref().map(|(name, value)| (*name, value.as_str()));
    Link::new(&format.to_uppercase(), &address(&path, &parameters))
}

fn row(asked: &Asked<'_>, field: &Field, found: &DimensionValue, all: u64) -> ValueRow {
    let part = &found.part;
    ValueRow {
        label: label(field, &found.value, &[]),
        href: asked.sessions_with(field, &found.value),
        sessions: part.sessions,
        share: format::percent(part.sessions, all),
        load: found
            .load_p75
            .filter(|_| found.loads >= LOADS_MIN)
            .map_or_else(String::new, |p75| format::duration(u64::from(p75.0))),
        load_title: format!("of {}", plural(found.loads, "page load")),
        apdex: delta::apdex_chip(part.zones, false),
        errors: format::percent(part.with_errors, part.sessions),
        bounced: format::percent(part.bounces, part.sessions),
    }
}

/// All dimensions.
#[must_use]
pub fn tables(asked: &Asked<'_>, numbers: &Statistics) -> Vec<ValueTable> {
    ["country", "browser", "os", "device", "entry", "exit", "release"]
        .into_iter()
        .map(|key| {
            let measure = match key {
                "entry" => "bounced",
                "exit" | "release" => "errors",
                _ => "apdex",
            };
            table(asked, numbers, key, measure)
        })
        .collect()
}
