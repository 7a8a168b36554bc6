//! `/users/{key}`: who is this, and has it been bad for them before.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};

use super::sessions::{ListQuery, rows};
use super::sessions_parts::{ROWS, View};
use super::shell::{self, plural};
use super::{session_columns, user_parts};
use crate::search::SearchRequest;
use crate::web::api::users::{UserProfile, filter_of, kept_from, profile};
use crate::web::auth::Identity;
use crate::web::error::WebError;
use crate::web::format;
use crate::web::query::Query;
use crate::web::state::WebState;
use crate::web::ui::frame::{Link, Section};
use crate::web::ui::parts::{Pager, Shown};
use crate::web::ui::user::UserPage;

/// `GET /users/{key}`
pub async fn page(
    state: Data<WebState>,
    identity: Identity,
    key: Path<String>,
    query: Query<ListQuery>,
) -> Result<HttpResponse, WebError> {
    let tag = state.user_keys.tag(&key).ok_or_else(|| WebError::not_found("user"))?;
    let now = state.services.now();
    let days = state.services.config.data.retention_days;
    let zone = shell::zone(&identity);
    let view = View {
        path: "/sessions".to_owned(),
        filter: filter_of(&tag),
        from: format!("-{days}d"),
        start: kept_from(&state),
        end: now,
        rows: ROWS,
        ..View::default()
    };
    let starts = user_parts::day_starts(&view, &zone);
    let found = profile(&state, &tag, &zone, starts).await?;
    let mut request = SearchRequest::new(filter_of(&tag), view.start, now);
    request.limit = ROWS;
    request.after = query.after.as_deref().and_then(|text| text.parse().ok());
    let (answer, rows) = rows(&state, request, &identity).await?;
    let profile = &found.profile;
    let applications = state.services.catalog.applications();
    let mut columns = session_columns::columns(&view);
    columns.retain(|column| column.key != "user");
    for column in &mut columns {
        // Sorting is for the list of sessions; here the newest come first.
        column.sort = String::new();
        column.sorted = if column.key == "start" { "descending" } else { "" };
        if column.key == "start" {
            column.class = "fold-first";
        }
    }
    let page = UserPage {
        user: Shown::open(&tag),
        facts: facts(profile, days, &zone),
        actions: vec![Link::new("Filter these sessions", &view.with(&view.filter))],
        tiles: user_parts::tiles(profile),
        days: user_parts::days(&view, &found.counts, &zone),
        hours: user_parts::hours(profile),
        tables: user_parts::tables(profile, &view, &applications),
        seen_as: user_parts::seen_as(profile, &state),
        errors: user_parts::errors(profile, identity.sees_unmasked()),
        columns,
        pager: pager(profile, rows.len(), query.after.is_some(), answer.next, days),
        rows,
    };
    let frame = shell::frame(&identity, Section::Sessions, &tag, now);
    let frame = shell::below(frame, "Sessions", "/sessions");
    shell::page("pages/user.html", &frame, &page)
}

fn facts(profile: &UserProfile, days: u16, zone: &str) -> String {
    let count = plural(profile.sessions, "session");
    match (profile.first_at, profile.last_at) {
        (Some(first), Some(last)) => format!(
            "{count} in the last {days} days · first seen {} · last seen {}",
            format::full_time(first, zone),
            format::full_time(last, zone)
        ),
        _ => format!("No session in the last {days} days, for which data is kept"),
    }
}

fn pager(
    profile: &UserProfile,
    rows: usize,
    is_later: bool,
    next: Option<crate::search::Cursor>,
    days: u16,
) -> Pager {
    let mut excluded = vec![Link::new(&format!("sessions older than {days} days are removed"), "")];
    if profile.looked_at < profile.sessions {
        let text = format!("figures are of the newest {}", plural(profile.looked_at, "session"));
        excluded.push(Link::new(&text, ""));
    }
    Pager {
        shown: format!("{rows} of {}", plural(profile.sessions, "session")),
        newer: if is_later { "?".to_owned() } else { String::new() },
        older: next.map_or_else(String::new, |cursor| format!("?after={cursor}")),
        excluded,
    }
}
