//! `/sessions`: find the session of a person, or all sessions like it.

use actix_web::web::{self, Data};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;

use super::session_match::matches;
use super::session_rows::{RowContext, row};
use super::sessions_absent::{excluded, nothing};
use super::sessions_parts::{
    DEFAULT_FILTER, ROWS, View, add_typed, code_countries, facets, histogram, stretch, time_axis,
    time_range, tokens,
};
use super::shell::{self, encode, plural};
use super::{exports, segments, session_columns};
use crate::base::time::Timestamp;
use crate::base::{limits, text};
use crate::logic::query_parser::{parse, print};
use crate::model::query::Filter;
use crate::model::session::Session;
use crate::search::{SearchAnswer, SearchRequest};
use crate::web::api::session_order::{Order, find_ordered};
use crate::web::api::sessions::{find, refuse_masked_fields};
use crate::web::auth::Identity;
use crate::web::error::WebError;
use crate::web::gate::see_other;
use crate::web::query::{self, Query};
use crate::web::state::WebState;
use crate::web::ui::frame::{Link, Section};
use crate::web::ui::parts::Pager;
use crate::web::ui::sessions::{FindBox, NothingFound, SessionRow, SessionsPage};
use crate::web::{format, range};

/// Columns that an address can name.
const COLUMNS_MAX: usize = 64;

/// What the address of the list says.
#[derive(Debug, Default, Deserialize)]
pub struct ListQuery {
    /// Filter; the default one when there is none.
    pub q: Option<String>,
    /// What was typed, to be added to the filter.
    pub text: Option<String>,
    /// Start.
    pub from: Option<String>,
    /// End.
    pub to: Option<String>,
    /// Where the page begins.
    pub after: Option<String>,
    /// Order, as `-duration`.
    pub sort: Option<String>,
    /// Rows of a page: 25, 50 or 100.
    pub n: Option<usize>,
    /// Field whose facet shows all its values.
    pub more: Option<String>,
}

/// Reads the address of a list; a range that makes no sense becomes the default.
pub fn view(query: &ListQuery, now: Timestamp) -> Result<View, WebError> {
    let cut = |text: &Option<String>| text::cut(text.as_deref().unwrap_or_default(), 64).to_owned();
    let (from, to) = (cut(&query.from), cut(&query.to));
    let some = |text: &String| (!text.is_empty()).then(|| text.clone());
    let (start, end) = range::range(some(&from).as_deref(), some(&to).as_deref(), now)?;
    let mut filter = parse(text::cut(query.q.as_deref().unwrap_or(DEFAULT_FILTER), 4_096));
    code_countries(&mut filter);
    let order = query.sort.as_deref().filter(|text| !text.is_empty());
    let order = order.map(str::parse).transpose();
    let order: Option<Order> = order.map_err(|e: &str| WebError::bad_request("bad_sort", e))?;
    let rows = query.n.filter(|rows| [25, 50, 100].contains(rows)).unwrap_or(ROWS);
    Ok(View {
        path: "/sessions".to_owned(),
        filter,
        from,
        to,
        start,
        end,
        order: order.unwrap_or_default(),
        cols: String::new(),
        rows,
        more: cut(&query.more),
    })
}

/// The columns that an address asks for: `cols=a,b`, or `cols=a&cols=b` from the form.
fn asked_columns(request: &HttpRequest) -> String {
    let pairs = query::read::<Vec<(String, String)>>(request.query_string()).unwrap_or_default();
    let keys =
        pairs.iter().filter(|(name, _)| name == "cols").flat_map(|(_, keys)| keys.split(','));
    session_columns::written(keys.take(COLUMNS_MAX))
}

/// `GET /sessions`
pub async fn list(
    state: Data<WebState>,
    identity: Identity,
    query: Query<ListQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, WebError> {
    let now = state.services.now();
    let mut view = view(&query, now)?;
    view.cols = asked_columns(&request);
    if add_typed(&mut view.filter, query.text.as_deref()) {
        return Ok(see_other(&view.with(&view.filter)));
    }
    refuse_masked_fields(&view.filter, identity.sees_unmasked())?;
    let zone = shell::zone(&identity);
    let mut page = SessionsPage {
        find: FindBox {
            action: view.path.clone(),
            label: "Filter sessions",
            hint: match view.filter.terms.len() {
                0 | 1 => "User tag, page, error, country:DK, errors>0…",
                _ => "Add a filter…",
            },
            tokens: tokens(&view),
            query: print(&view.filter),
            keep: view.kept(),
            suggest: suggest_address(&print(&view.filter), &view.from, &view.to),
        },
        exports: exports::links(&view, &identity),
        segments: segments::bar(&state, &identity, &view).await?,
        columns: session_columns::columns(&view),
        columns_menu: session_columns::menu(&view, &list_state(&view)),
        ..SessionsPage::default()
    };
    if view.filter.is_valid() {
        fill(&mut page, &view, (&state, &identity), query.after.as_deref(), &zone).await?;
    } else {
        "Not searched".clone_into(&mut page.total);
        page.nothing = Some(NothingFound {
            text: "A term of the filter is not understood. Remove it, or mend it.".to_owned(),
            ways: vec![
                Link::new("Show all sessions", "/sessions"),
                Link::new("Help on filters", "/help#filters"),
            ],
            ..NothingFound::default()
        });
    }
    let mut frame = shell::frame(&identity, Section::Sessions, "Sessions", now);
    let days_kept = state.services.config.data.retention_days;
    frame.time_range = Some(time_range(&view, &zone, (now, days_kept)));
    shell::page("pages/sessions.html", &frame, &page)
}

/// All that the address of a list says but its place.
fn list_state(view: &View) -> Vec<(String, String)> {
    let mut state = view.kept();
    state.push(("q".to_owned(), print(&view.filter)));
    state
}

/// Where a filter box asks what could be meant; what is typed goes behind it.
#[must_use]
pub fn suggest_address(query: &str, from: &str, to: &str) -> String {
    let address = shell::address(
        "/sessions/suggest",
        &[("q", query), ("from", from), ("to", to), ("text", "x")],
    );
    address.strip_suffix('x').unwrap_or(&address).to_owned()
}

fn search_of(view: &View, filter: Filter) -> SearchRequest {
    SearchRequest::new(filter, view.start, view.end)
}

/// A page of the list, in whatever order.
struct Found {
    answer: SearchAnswer,
    sessions: Vec<Session>,
    /// Place of the next page; empty on the last.
    next: String,
    /// What the order leaves out; empty when nothing.
    note: String,
}

async fn find_page(
    state: &Data<WebState>,
    view: &View,
    mut request: SearchRequest,
    after: Option<&str>,
) -> Result<Found, WebError> {
    if view.order.is_of_index() {
        request.after = after.and_then(|text| text.parse().ok());
        let (answer, sessions) = find(state, request).await?;
        let next = answer.next.map_or_else(String::new, |cursor| cursor.to_string());
        return Ok(Found { answer, sessions, next, note: String::new() });
    }
    let skip = after.and_then(|text| text.parse().ok()).unwrap_or(0);
    let found = find_ordered(state, request, view.order, skip).await?;
    let newest = format::number(u64::try_from(limits::SORTED_SESSIONS).unwrap_or(u64::MAX));
    Ok(Found {
        answer: found.answer,
        sessions: found.sessions,
        next: found.next.map_or_else(String::new, |next| next.to_string()),
        note: if found.is_whole {
            String::new()
        } else {
            format!("sorted among the newest {newest}; a narrower filter sorts all")
        },
    })
}

async fn fill(
    page: &mut SessionsPage,
    view: &View,
    (state, identity): (&Data<WebState>, &Identity),
    after: Option<&str>,
    zone: &str,
) -> Result<(), WebError> {
    let now = state.services.now();
    let mut request = search_of(view, view.filter.clone());
    request.limit = view.rows;
    request.want_total = true;
    request.want_facets = true;
    request.bucket_starts = time_axis(view, zone).bar_starts();
    let found = find_page(state, view, request, after).await?;
    let applications = state.services.catalog.applications();
    let context = RowContext {
        keys: &state.user_keys,
        zone,
        now,
        applications: &applications,
        sees_unmasked: identity.sees_unmasked(),
    };
    let ids = found.sessions.iter().map(|session| session.id).collect();
    let matched = matches(state, &view.filter, ids, identity.sees_unmasked()).await?;
    page.rows = found.sessions.iter().map(|session| row(session, &context)).collect();
    for (row, matched) in page.rows.iter_mut().zip(matched) {
        row.matched = matched;
        row.href = in_list(&row.href, view);
    }
    let total = found.answer.counts.as_ref().map_or(0, |counts| counts.total);
    page.total = plural(total, "session");
    if let Some(counts) = &found.answer.counts {
        page.facets = facets(view, counts, &applications);
        page.chart = histogram(view, &counts.histogram, zone);
        page.stretch = page.chart.as_ref().and_then(|_| stretch(view, &counts.histogram, zone));
        let partial = if counts.is_partial { " · counted in the newest days only" } else { "" };
        page.note = format!("{}{partial}", plural(counts.users, "user"));
    }
    page.pager = pager(view, &found, total, after, page.rows.len());
    page.pager.excluded.extend(excluded(view, state, identity, &found.answer).await?);
    if page.rows.is_empty() && after.is_none() {
        page.nothing = Some(nothing(view, state).await?);
    }
    if view.to.is_empty() || view.to == "now" {
        page.updates = format!(
            "/sessions/news?q={}&from={}",
            encode(&print(&view.filter)),
            state.services.now().0
        );
    }
    Ok(())
}

/// The page of a session that knows its list: it leads to the session before and after it.
fn in_list(href: &str, view: &View) -> String {
    if !view.order.is_of_index() {
        return href.to_owned();
    }
    let range = shell::address("", &[("from", &view.from), ("to", &view.to)]);
    format!("{href}?q={}{}", encode(&print(&view.filter)), range.replacen('?', "&", 1))
}

fn pager(view: &View, found: &Found, total: u64, after: Option<&str>, rows: usize) -> Pager {
    let skipped: usize = after.and_then(|text| text.parse().ok()).unwrap_or(0);
    let is_later = after.is_some();
    let shown = match (rows, is_later, skipped) {
        (0, false, _) => "0 sessions".to_owned(),
        (_, true, 0) => format!("{rows} of {}", format::number(total)),
        _ => format!("{}–{} of {}", skipped + 1, skipped + rows, format::number(total)),
    };
    let note = (!found.note.is_empty()).then(|| Link::new(&found.note, ""));
    Pager {
        shown,
        newer: if is_later { view.after("") } else { String::new() },
        older: if found.next.is_empty() { String::new() } else { view.after(&found.next) },
        excluded: note.into_iter().collect(),
    }
}

/// How many sessions fit a filter in the time of a view.
pub async fn count(state: &Data<WebState>, view: &View, filter: Filter) -> Result<u64, WebError> {
    if !filter.is_valid() {
        return Ok(0);
    }
    let mut request = search_of(view, filter);
    request.limit = 1;
    request.want_total = true;
    let (answer, _) = find(state, request).await?;
    Ok(answer.counts.map_or(0, |counts| counts.total))
}

/// `GET /sessions/news`: how many sessions there are since a page was drawn, as a sentence; empty when none.
pub async fn news(
    state: Data<WebState>,
    identity: Identity,
    query: Query<ListQuery>,
) -> Result<HttpResponse, WebError> {
    let now = state.services.now();
    let view = view(&query, now)?;
    refuse_masked_fields(&view.filter, identity.sees_unmasked())?;
    let zone = shell::zone(&identity);
    let since = view.start.format("%H:%M:%S", &zone);
    let text = match count(&state, &view, view.filter.clone()).await? {
        0 => String::new(),
        found => format!("{} new or active since {since}", plural(found, "session")),
    };
    Ok(HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(text))
}

/// Rows of the sessions that a filter finds: for pages with a short list.
pub async fn rows(
    state: &Data<WebState>,
    request: SearchRequest,
    identity: &Identity,
) -> Result<(SearchAnswer, Vec<SessionRow>), WebError> {
    let (answer, sessions) = find(state, request).await?;
    let (zone, sees_unmasked) = (shell::zone(identity), identity.sees_unmasked());
    let (keys, now) = (state.user_keys.clone(), state.services.now());
    let applications = state.services.catalog.applications();
    let rows = web::block(move || {
        let (zone, applications) = (zone.as_str(), applications.as_slice());
        let context = RowContext { keys: &keys, zone, now, applications, sees_unmasked };
        sessions.iter().map(|session| row(session, &context)).collect()
    })
    .await?;
    Ok((answer, rows))
}
