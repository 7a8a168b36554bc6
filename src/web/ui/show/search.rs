//! `/search`: people, sessions, applications, pages, settings, help and commands, found by one text.

use std::future::ready;

use actix_web::HttpResponse;
use actix_web::web::{self, Data};
use serde::Deserialize;

use super::session_rows::user_address;
use super::setting_index;
use super::shell::{self, address, plural};
use crate::base::id::SessionId;
use crate::base::text;
use crate::model::query::{Field, Filter};
use crate::search::{SearchRequest, UserSuggestion, ValueSuggestion};
use crate::web::auth::Identity;
use crate::web::error::WebError;
use crate::web::permission::Permission;
use crate::web::query::Query;
use crate::web::state::WebState;
use crate::web::ui::frame::Section;
use crate::web::ui::search::{Group, Hit, SearchPage};
use crate::web::{format, manual, range};

/// Hits of one group in the menu.
const MENU: usize = 5;
/// Hits of one group on the page.
const PAGE: usize = 25;
/// Characters of a search.
const TEXT_CHARS: usize = 256;
/// How far back people and pages are looked for.
const BACK: &str = "-30d";

/// Name, words by which it is found too, address, icon, permission.
type Place = (&'static str, &'static str, &'static str, &'static str, Option<Permission>);

#[rustfmt::skip]
const PLACES: &[Place] = &[
    ("Home", "start", "/", "house", Some(Permission::ReadSessions)),
    ("Applications", "apps", "/apps", "grid-2x2", Some(Permission::ReadApplications)),
    ("Sessions", "users people visitors", "/sessions", "users", Some(Permission::ReadSessions)),
    ("Live sessions", "now", "/sessions?q=user.type:real+live:yes", "activity", Some(Permission::ReadSessions)),
    ("Frustrated sessions", "bad", "/sessions?q=user.type:real+ux:frustrated", "activity", Some(Permission::ReadSessions)),
    ("Sessions with errors", "broken", "/sessions?q=user.type:real+errors%3E0", "bug", Some(Permission::ReadSessions)),
    ("New application", "add create", "/apps/new", "plus", Some(Permission::WriteApplications)),
    ("Settings", "preferences", "/settings", "settings-2", None),
    ("My account", "profile me password", "/me", "user", None),
    ("Help", "manual documentation", "/help", "circle-help", None),
    ("Keys", "keyboard shortcuts", "/help/keyboard", "keyboard", None),
    ("API calls", "openapi curl", "/api", "code", None),
];

/// Name, words by which it is found too, theme, command of the browser, icon.
#[rustfmt::skip]
const COMMANDS: &[(&str, &str, &str, &str, &str)] = &[
    ("Dark theme", "night color", "dark", "", "moon"),
    ("Light theme", "day color", "light", "", "sun"),
    ("Theme of the system", "color auto", "system", "", "monitor"),
    ("Copy link to this page", "share address url", "", "copy", "share-2"),
    ("Show all keys", "keyboard shortcuts", "", "keys", "keyboard"),
];

/// What is looked for.
#[derive(Debug, Default, Deserialize)]
pub struct SearchQuery {
    /// Text as typed.
    pub q: Option<String>,
    /// Only hits of this group, and more of them.
    pub group: Option<String>,
}

/// `GET /search`
pub async fn page(
    state: Data<WebState>,
    identity: Identity,
    query: Query<SearchQuery>,
) -> Result<HttpResponse, WebError> {
    let text = typed(&query);
    let mut groups = find(&state, &identity, &text, PAGE).await?;
    for group in &mut groups {
        // Without script there is nothing that could carry these out.
        group.hits.retain(|hit| hit.command.is_empty());
    }
    groups.retain(|group| !group.hits.is_empty());
    let note = if groups.is_empty() {
        "Nothing has this name. People and pages are looked for in the last 30 days.".to_owned()
    } else {
        format!("People and pages of the last 30 days, at most {PAGE} of a kind.")
    };
    let page = SearchPage { text, groups, note };
    let frame = shell::frame(&identity, Section::None, "Search", state.services.now());
    ready(shell::page("pages/search.html", &frame, &page)).await
}

/// `GET /search/suggest`: the same for the command menu.
pub async fn suggest(
    state: Data<WebState>,
    identity: Identity,
    query: Query<SearchQuery>,
) -> Result<HttpResponse, WebError> {
    let only = query.group.as_deref().filter(|group| !group.is_empty());
    let limit = if only.is_some() { PAGE } else { MENU };
    let mut groups = find(&state, &identity, &typed(&query), limit).await?;
    groups.retain(|group| only.is_none_or(|only| only == group.title));
    Ok(HttpResponse::Ok().json(groups))
}

fn typed(query: &SearchQuery) -> String {
    text::cut(query.q.as_deref().unwrap_or_default().trim(), TEXT_CHARS).to_owned()
}

fn has_words(name: &str, more: &str, text: &str) -> bool {
    let whole = format!("{name} {more}").to_lowercase();
    text.to_lowercase().split_whitespace().all(|word| whole.contains(word))
}

fn hit(icon: &'static str, text: &str, note: &str, href: &str) -> Hit {
    Hit {
        icon,
        text: text.to_owned(),
        note: note.to_owned(),
        href: href.to_owned(),
        ..Hit::default()
    }
}

async fn find(
    state: &Data<WebState>,
    identity: &Identity,
    text: &str,
    limit: usize,
) -> Result<Vec<Group>, WebError> {
    let mut groups = Vec::new();
    if !text.is_empty() && identity.can(Permission::ReadSessions) {
        groups.extend(recorded(state, text, limit).await?);
    }
    groups.push(Group { title: "Go to", hits: places(identity, text) });
    if !text.is_empty() {
        groups.push(Group { title: "Applications", hits: applications(state, identity, text) });
        let settings = setting_index::find(state, identity, text).into_iter();
        let settings = settings.map(|own| {
            hit("settings-2", &own.name, &format!("{} · {}", own.place, own.effect), &own.href)
        });
        groups.push(Group { title: "Settings", hits: settings.collect() });
        let help = manual::find(text).into_iter();
        let help = help.map(|own| hit("circle-help", &own.title, &own.excerpt, &own.href));
        groups.push(Group { title: "Help", hits: help.collect() });
    }
    groups.push(Group { title: "Commands", hits: commands(text) });
    for group in &mut groups {
        let wanted = if text.is_empty() { PLACES.len() } else { limit };
        group.hits.truncate(wanted);
    }
    groups.retain(|group| !group.hits.is_empty());
    Ok(groups)
}

fn places(identity: &Identity, text: &str) -> Vec<Hit> {
    PLACES
        .iter()
        .filter(|(.., needed)| needed.is_none_or(|permission| identity.can(permission)))
        .filter(|(name, more, ..)| has_words(name, more, text))
        .map(|(name, _, href, icon, _)| hit(icon, name, "", href))
        .collect()
}

fn commands(text: &str) -> Vec<Hit> {
    COMMANDS
        .iter()
        .filter(|(name, more, ..)| has_words(name, more, text))
        .map(|(name, _, theme, command, icon)| Hit { theme, command, ..hit(icon, name, "", "") })
        .collect()
}

fn applications(state: &WebState, identity: &Identity, text: &str) -> Vec<Hit> {
    if !identity.can(Permission::ReadApplications) {
        return Vec::new();
    }
    let all = state.services.catalog.applications();
    all.iter()
        .filter(|own| has_words(&own.name, &own.id.to_string(), text))
        .map(|own| {
            let id = own.id.to_string();
            hit("grid-2x2", &own.name, &id, &format!("/apps/{id}"))
        })
        .collect()
}

/// What visitors left: a session by its id, people, pages and what else has a value.
async fn recorded(
    state: &Data<WebState>,
    text: &str,
    limit: usize,
) -> Result<Vec<Group>, WebError> {
    let now = state.services.now();
    let (from, to) = range::range(Some(BACK), None, now)?;
    let (services, keys, text) = (state.services.clone(), state.user_keys.clone(), text.to_owned());
    let groups = web::block(move || {
        let mut groups = Vec::new();
        if let Ok(id) = text.parse::<SessionId>()
            && let Some(session) = services.store.session(id)?
        {
            let who = if session.user_tag.is_empty() { "Anonymous" } else { &session.user_tag };
            let hits = vec![hit("activity", &id.to_string(), who, &format!("/sessions/{id}"))];
            groups.push(Group { title: "Sessions", hits });
        }
        let mut request = SearchRequest::new(Filter::default(), from, to);
        request.limit = limit;
        let found = services.search.suggest(&text, &request)?;
        let person = |user: UserSuggestion| {
            let note = format!(
                "{} · last {}",
                plural(user.sessions, "session"),
                format::ago(user.last, now)
            );
            hit("user", &user.tag, &note, &user_address(&user.tag, &keys))
        };
        groups.push(Group { title: "People", hits: found.users.into_iter().map(person).collect() });
        groups.push(Group { title: "In sessions", hits: found.values.iter().map(value).collect() });
        groups.push(Group {
            title: "Everything",
            hits: vec![hit(
                "search",
                &format!("Sessions with “{text}”"),
                "any field",
                &address("/sessions", &[("text", &text)]),
            )],
        });
        Ok::<_, WebError>(groups)
    })
    .await??;
    Ok(groups)
}

fn value(found: &ValueSuggestion) -> Hit {
    let icon = match found.field {
        Field::Error | Field::ErrorType => "bug",
        Field::Action => "mouse-pointer",
        Field::Page | Field::Entry | Field::Exit => "file",
        _ => "list-filter",
    };
    let quoted = found.value.replace('\\', "\\\\").replace('"', "\\\"");
    let filter = format!("{}:\"{quoted}\"", found.field.name());
    hit(
        icon,
        &format!("{} {}", found.field.name(), found.value),
        &plural(found.sessions, "session"),
        &address("/sessions", &[("q", &filter)]),
    )
}

#[cfg(test)]
#[path = "search_tests.rs"]
mod tests;
