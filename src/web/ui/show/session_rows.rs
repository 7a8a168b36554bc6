//! Rows of lists of sessions.

use std::collections::BTreeMap;

use super::words;
use crate::base::time::Timestamp;
use crate::logic::metering;
use crate::model::application::Application;
use crate::model::session::{ApplicationVisit, Session};
use crate::model::visitor::{Client, Place};
use crate::web::ui::parts::Shown;
use crate::web::ui::sessions::SessionRow;
use crate::web::{countries, format, mask};

use super::user_key::UserKeys;

/// What rows need besides their sessions.
pub struct RowContext<'a> {
    /// Keys of users.
    pub keys: &'a UserKeys,
    /// Time zone.
    pub zone: &'a str,
    /// The time now.
    pub now: Timestamp,
    /// Applications, for their names.
    pub applications: &'a [Application],
    /// Whether everything that is stored may be shown.
    pub sees_unmasked: bool,
}

/// A session as a row.
#[must_use]
pub fn row(session: &Session, context: &RowContext<'_>) -> SessionRow {
    let path = path(session);
    SessionRow {
        href: format!("/sessions/{}", session.id),
        started: format::list_time(session.started_at, context.now, context.zone),
        started_full: format::full_time(session.started_at, context.zone),
        started_iso: session.started_at.rfc3339(),
        user: user(session, context.keys),
        is_live: session.is_live(),
        experience: words::experience(session),
        duration: format::span(u64::from(session.duration().0)),
        actions: u64::from(session.tally.actions),
        errors: u64::from(session.tally.errors()),
        path: path.0,
        path_full: path.1,
        place: place(&session.place),
        browser: browser(&session.client),
        extra: extra(session, context),
        matched: String::new(),
    }
}

/// Values of the columns that are not always shown, by their key.
fn extra(session: &Session, context: &RowContext<'_>) -> BTreeMap<&'static str, String> {
    let name = |visit: &ApplicationVisit| {
        let known = context.applications.iter().find(|own| own.id == visit.application);
        known.map_or_else(|| visit.application.to_string(), |own| own.name.clone())
    };
    let kind = words::device(session.client.device_type);
    let device = match session.client.device.as_str() {
        "" => kind,
        device => device,
    };
    let license = if session.is_live() {
        "decided when it ends"
    } else {
        words::license(metering::explain(session, metering::Contract::default()))
    };
    let properties = session.properties.iter().map(|(key, value)| format!("{key}: {value}"));
    let join = |parts: Vec<String>| parts.join(", ");
    BTreeMap::from([
        ("rage", format::number(u64::from(session.tally.rage_clicks))),
        ("app", join(session.applications.iter().map(name).collect())),
        ("release", session.release.clone()),
        ("os", format!("{} {}", session.client.os, session.client.os_version).trim().to_owned()),
        ("device", device.to_owned()),
        ("isp", session.place.isp.clone()),
        ("referrer", mask::url(&session.referrer, context.sees_unmasked).into_owned()),
        ("campaign", session.campaign.clone()),
        ("end", words::ended_by(session.end_reason).to_owned()),
        ("counted", license.to_owned()),
        ("properties", join(properties.collect())),
    ])
}

/// The user tag with the link to all sessions, or `Anonymous`.
#[must_use]
pub fn user(session: &Session, keys: &UserKeys) -> Shown {
    if session.user_tag.is_empty() {
        Shown::open("Anonymous")
    } else {
        Shown::linked(&session.user_tag, &user_address(&session.user_tag, keys))
    }
}

/// The page of a user.
#[must_use]
pub fn user_address(tag: &str, keys: &UserKeys) -> String {
    format!("/users/{}", keys.key(tag))
}

fn path(session: &Session) -> (String, String) {
    let (entry, exit) = (&session.entry_page, &session.exit_page);
    if entry == exit || exit.is_empty() {
        return (format::middle(entry, 60), entry.clone());
    }
    let short = format!("{} → {}", format::middle(entry, 32), format::middle(exit, 32));
    (short, format!("{entry} → {exit}"))
}

/// City and country, as far as they are known.
#[must_use]
pub fn place(place: &Place) -> String {
    [place.city.clone(), countries::name(&place.country)]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(", ")
}

/// Browser and the main part of its version.
#[must_use]
pub fn browser(client: &Client) -> String {
    let main = client.browser_version.split('.').next().unwrap_or_default();
    format!("{} {main}", client.browser).trim_end().to_owned()
}
