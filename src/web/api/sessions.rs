//! Sessions: search and detail.

#![expect(unused_qualifications, reason = "the path macro repeats types of parameters")]

use actix_web::web::{self, Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};

use super::session_export;
use super::session_order::{Order, find_ordered};
use super::session_view::{EventView, SessionDetail, SessionView, Waterfall, findings};
use crate::base::id::{ActionRef, SessionId};
use crate::base::limits;
use crate::logic::query_parser;
use crate::model::query::{Field, Filter, Test};
use crate::model::session::Session;
use crate::search::{SearchAnswer, SearchCounts, SearchError, SearchRequest};
use crate::web::auth::Identity;
use crate::web::error::{FieldError, Problem, WebError};
use crate::web::query::Query;
use crate::web::state::WebState;
use crate::web::table::{self, Format, Page};
use crate::web::{mask, range};

const COLUMNS: &[&str] = &[
    "id",
    "user_tag",
    "kind",
    "started_at",
    "last_at",
    "duration",
    "is_live",
    "is_bounce",
    "end_reason",
    "experience",
    "tally/actions",
    "tally/javascript_errors",
    "tally/request_errors",
    "tally/custom_errors",
    "entry_page",
    "exit_page",
    "referrer",
    "client/browser",
    "client/browser_version",
    "client/os",
    "client/device_type",
    "place/country",
    "place/region",
    "place/city",
    "ip",
    "release",
    "visitor",
];
/// Sessions of one page.
const ROWS: usize = 500;

/// A search over sessions.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub struct SessionsQuery {
    /// Filter, as `user:anna* errors>0`.
    pub q: Option<String>,
    /// Start of the range (default `-24h`).
    pub from: Option<String>,
    /// End of the range (default `now`).
    pub to: Option<String>,
    /// `next` of the page before.
    pub after: Option<String>,
    /// Sessions of a page, 1 to 500 (default 50). CSV and NDJSON carry all matches, the newest first, up to this
    /// number and at most 100,000.
    pub limit: Option<usize>,
    /// `-start` (the default: newest first), `start`, `duration`, `actions`, `errors` or `rage`; `-` before it for the
    /// highest first. Any other than the default sorts the newest 2,000 matches, for JSON only.
    pub sort: Option<String>,
    /// `1` counts all matches and the values of fields.
    pub counts: Option<String>,
    /// `json`, `csv` or `ndjson`; else `Accept` decides.
    pub format: Option<String>,
}

/// One page of sessions, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionsPage {
    /// Sessions.
    pub items: Vec<SessionView>,
    /// Cursor for `after`; null on the last page.
    pub next: Option<String>,
}

/// Parses a filter; a term that makes no sense is an error with its place.
pub fn filter(text: &str) -> Result<Filter, WebError> {
    if text.chars().count() > limits::QUERY_CHARS {
        return Err(WebError::bad_request("bad_filter", "the filter is too long"));
    }
    let filter = query_parser::parse(text);
    let errors: Vec<FieldError> = filter
        .problems()
        .map(|(_, problem)| FieldError { pointer: "q".to_owned(), detail: problem.to_string() })
        .collect();
    if let Some(first) = errors.first() {
        let detail = first.detail.clone();
        return Err(WebError { errors, ..WebError::bad_request("bad_filter", detail) });
    }
    Ok(filter)
}

/// Refuses to search in what would be masked.
pub fn refuse_masked_fields(filter: &Filter, sees_unmasked: bool) -> Result<(), WebError> {
    let asks_ip = filter.terms.iter().any(|term| {
        matches!(&term.test, Test::Values { field, .. } | Test::Compare { field, .. } if *field == Field::Ip)
    });
    if asks_ip && !sees_unmasked {
        return Err(WebError::forbidden("searching by address needs the permission unmasked:read"));
    }
    Ok(())
}

impl From<SearchError> for WebError {
    fn from(error: SearchError) -> Self {
        use actix_web::http::StatusCode;
        let text = error.to_string();
        match error {
            SearchError::Filter(_) => Self::bad_request("bad_filter", text),
            SearchError::Stopped => Self::new(StatusCode::SERVICE_UNAVAILABLE, "too_slow", text),
            _ => Self {
                retry_after: Some(5),
                source: Some(text),
                ..Self::new(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "search_unavailable",
                    "the search index does not answer",
                )
            },
        }
    }
}

/// Searches and reads the sessions that were found: shared by API and page.
pub async fn find(
    state: &Data<WebState>,
    mut request: SearchRequest,
) -> Result<(SearchAnswer, Vec<Session>), WebError> {
    let services = state.services.clone();
    let applications = services.catalog.applications();
    request.names = applications.iter().map(|a| (a.id, a.name.clone())).collect();
    web::block(move || {
        let answer = services.search.search(&request)?;
        let mut sessions = Vec::with_capacity(answer.rows.len());
        for id in &answer.rows {
            sessions.extend(services.store.session(*id)?);
        }
        Ok((answer, sessions))
    })
    .await?
}

/// Sessions of a range that fit a filter, newest first; as CSV or NDJSON all of them, up to 100,000.
#[utoipa::path(get, path = "/api/v1/sessions", tag = "sessions", params(SessionsQuery),
    responses((status = 200, body = SessionsPage), (status = 400, body = Problem)))]
pub async fn list(
    state: Data<WebState>,
    identity: Identity,
    query: Query<SessionsQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, WebError> {
    let format = Format::of(&request, query.format.as_deref())?;
    table::may_take_out(format, &identity)?;
    let now = state.services.now();
    let (from, to) = range::range(query.from.as_deref(), query.to.as_deref(), now)?;
    let filter = filter(query.q.as_deref().unwrap_or_default())?;
    refuse_masked_fields(&filter, identity.sees_unmasked())?;
    let mut search = SearchRequest::new(filter, from, to);
    let wants_counts = query.counts.as_deref() == Some("1");
    search.want_total = wants_counts;
    search.want_facets = wants_counts;
    if let Some(order) = query.sort.as_deref().filter(|s| !s.is_empty()) {
        let order: Order = order.parse().map_err(|e: &str| WebError::bad_request("bad_sort", e))?;
        if !order.is_of_index() {
            return sorted(&state, &identity, (search, order, format), &query, &request).await;
        }
    }
    if let Some(after) = query.after.as_deref().filter(|a| !a.is_empty()) {
        let cursor = after.parse().map_err(|e: &str| WebError::bad_request("bad_cursor", e))?;
        search.after = Some(cursor);
    }
    if format != Format::Json {
        let shape = (format, COLUMNS);
        return session_export::answer(
            &state,
            search,
            shape,
            identity.sees_unmasked(),
            query.limit,
        )
        .await;
    }
    search.limit = query.limit.unwrap_or(50).clamp(1, ROWS);
    let (answer, sessions) = find(&state, search).await?;
    let more = answer.counts.as_ref().map(|c| counts(c, identity.sees_unmasked()));
    let items: Vec<SessionView> = sessions.into_iter().map(SessionView::from).collect();
    let page = Page { items, next: answer.next.map(|c| c.to_string()), more };
    table::answer(&page, ("sessions", COLUMNS), format, &identity, &request)
}

/// The newest matches in another order than by start; `sorted` says when not all of them were.
async fn sorted(
    state: &Data<WebState>,
    identity: &Identity,
    (mut search, order, format): (SearchRequest, Order, Format),
    query: &SessionsQuery,
    request: &HttpRequest,
) -> Result<HttpResponse, WebError> {
    if format != Format::Json {
        let text = "CSV and NDJSON carry all matches, the newest first: leave `sort` out";
        return Err(WebError::bad_request("bad_sort", text));
    }
    let after = query.after.as_deref().filter(|after| !after.is_empty());
    let skip = after.map_or(Ok(0), str::parse).map_err(|_| {
        WebError::bad_request("bad_cursor", "not a cursor of a sorted list of sessions")
    })?;
    search.limit = query.limit.unwrap_or(50).clamp(1, ROWS);
    let found = find_ordered(state, search, order, skip).await?;
    let mut more = json!({ "sorted": if found.is_whole { "all" } else { "newest" } });
    if let Some(found) = &found.answer.counts
        && let (Value::Object(more), Value::Object(counts)) =
            (&mut more, counts(found, identity.sees_unmasked()))
    {
        more.extend(counts);
    }
    let items: Vec<SessionView> = found.sessions.into_iter().map(SessionView::from).collect();
    let next = found.next.map(|next| next.to_string());
    let page = Page { items, next, more: Some(more) };
    table::answer(&page, ("sessions", COLUMNS), format, identity, request)
}

fn counts(counts: &SearchCounts, sees_unmasked: bool) -> Value {
    let facets: Vec<Value> = counts
        .facets
        .iter()
        .filter(|facet| sees_unmasked || facet.field != Field::Ip)
        .map(|facet| {
            let values: Vec<Value> = facet
                .values
                .iter()
                .map(|(value, count)| json!({ "value": value, "count": count }))
                .collect();
            json!({ "field": facet.field, "values": values, "distinct": facet.distinct })
        })
        .collect();
    json!({
        "total": counts.total,
        "users": counts.users,
        "live": counts.live,
        "facets": facets,
        "is_partial": counts.is_partial,
    })
}

fn parse_id(text: &str) -> Result<SessionId, WebError> {
    text.parse().map_err(|_| WebError::not_found("session"))
}

/// A session with its actions and events, unmasked: whoever shows it masks.
pub async fn load(state: &Data<WebState>, id: SessionId) -> Result<SessionDetail, WebError> {
    let services = state.services.clone();
    web::block(move || {
        let store = &services.store;
        let session = store.session(id)?.ok_or_else(|| WebError::not_found("session"))?;
        Ok(SessionDetail {
            session: session.into(),
            actions: store.actions(id)?,
            events: store.events(id)?.into_iter().map(EventView::from).collect(),
        })
    })
    .await?
}

fn masked(value: &impl Serialize, identity: &Identity) -> Result<HttpResponse, WebError> {
    let mut value = serde_json::to_value(value).map_err(WebError::internal)?;
    mask::json(&mut value, identity.sees_unmasked());
    Ok(HttpResponse::Ok().json(value))
}

/// One session with its actions and events.
#[utoipa::path(get, path = "/api/v1/sessions/{session}", tag = "sessions", params(("session" = String, Path)),
    responses((status = 200, body = SessionDetail), (status = 404, body = Problem)))]
pub async fn get(
    state: Data<WebState>,
    identity: Identity,
    id: Path<String>,
) -> Result<HttpResponse, WebError> {
    let detail = load(&state, parse_id(&id)?).await?;
    masked(&detail, &identity)
}

/// The user actions of a session.
#[utoipa::path(get, path = "/api/v1/sessions/{session}/actions", tag = "sessions",
    params(("session" = String, Path)), responses((status = 200, body = Vec<crate::model::action::UserAction>)))]
pub async fn actions(
    state: Data<WebState>,
    identity: Identity,
    id: Path<String>,
) -> Result<HttpResponse, WebError> {
    let detail = load(&state, parse_id(&id)?).await?;
    masked(&Page::whole(detail.actions), &identity)
}

/// One action of a session with its resources and web vitals.
#[utoipa::path(get, path = "/api/v1/sessions/{session}/actions/{number}/waterfall", tag = "sessions",
    params(("session" = String, Path), ("number" = u32, Path)),
    responses((status = 200, body = Waterfall), (status = 404, body = Problem)))]
pub async fn waterfall(
    state: Data<WebState>,
    identity: Identity,
    path: Path<(String, u32)>,
) -> Result<HttpResponse, WebError> {
    let (id, number) = path.into_inner();
    let session = parse_id(&id)?;
    let services = state.services.clone();
    let waterfall = web::block(move || {
        let store = &services.store;
        let actions = store.actions(session)?;
        let action = actions
            .into_iter()
            .find(|action| action.number == number)
            .ok_or_else(|| WebError::not_found("action"))?;
        let vitals = store.vitals(session)?;
        let resources = store.action_resources(ActionRef { session, number })?;
        Ok::<_, WebError>(Waterfall {
            findings: findings(&action, &resources),
            action,
            resources,
            vitals: vitals.into_iter().find(|(n, _)| *n == number).map(|(_, v)| v),
        })
    })
    .await??;
    masked(&waterfall, &identity)
}
