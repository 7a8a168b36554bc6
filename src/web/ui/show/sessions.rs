//! `/sessions`: find the session of a person, or all sessions like it.

use actix_web::HttpResponse;
use actix_web::web::{self, Data, Query};
use serde::Deserialize;

use super::exports;
use super::session_rows::{RowContext, row};
use super::sessions_parts::{
    DEFAULT_FILTER, View, code_countries, facets, histogram, time_axis, time_range, tokens,
};
use super::shell::{self, encode, plural};
use crate::base::text;
use crate::base::time::Timestamp;
use crate::logic::query_parser::{parse, print, print_term};
use crate::model::query::{Field, Filter, Test, Value};
use crate::search::{SearchAnswer, SearchRequest};
use crate::web::api::sessions::{find, refuse_masked_fields};
use crate::web::auth::Identity;
use crate::web::error::WebError;
use crate::web::gate::see_other;
use crate::web::state::WebState;
use crate::web::ui::frame::{Link, Section};
use crate::web::ui::parts::Pager;
use crate::web::ui::sessions::{NothingFound, SessionRow, SessionsPage, TermHelp};
use crate::web::{format, range};

/// Rows of one page.
const ROWS: usize = 50;
/// Terms whose part in finding nothing is told.
const TERMS_TOLD: usize = 8;

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
}

/// Reads the address of a list; a range that makes no sense becomes the default.
fn view(query: &ListQuery, now: Timestamp) -> Result<View, WebError> {
    let cut = |text: &Option<String>| text::cut(text.as_deref().unwrap_or_default(), 64).to_owned();
    let (from, to) = (cut(&query.from), cut(&query.to));
    let some = |text: &String| (!text.is_empty()).then(|| text.clone());
    let (start, end) = range::range(some(&from).as_deref(), some(&to).as_deref(), now)?;
    let mut filter = parse(text::cut(query.q.as_deref().unwrap_or(DEFAULT_FILTER), 4_096));
    code_countries(&mut filter);
    Ok(View { path: "/sessions".to_owned(), filter, from, to, start, end })
}

/// `GET /sessions`
pub async fn list(
    state: Data<WebState>,
    identity: Identity,
    query: Query<ListQuery>,
) -> Result<HttpResponse, WebError> {
    let now = state.services.now();
    let mut view = view(&query, now)?;
    let typed = query.text.as_deref().unwrap_or_default().trim();
    if !typed.is_empty() {
        view.filter.terms.extend(parse(text::cut(typed, 1_024)).terms);
        code_countries(&mut view.filter);
        return Ok(see_other(&view.with(&view.filter)));
    }
    refuse_masked_fields(&view.filter, identity.sees_unmasked())?;
    let zone = shell::zone(&identity);
    let mut page = SessionsPage {
        tokens: tokens(&view),
        query: print(&view.filter),
        action: view.path.clone(),
        keep: keep(&view),
        suggest: suggest_address(&view),
        exports: exports::links(&view, &identity),
        ..SessionsPage::default()
    };
    if view.filter.is_valid() {
        fill(&mut page, &view, &state, query.after.as_deref(), &zone).await?;
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
    frame.time_range = Some(time_range(&view, &zone));
    shell::page("pages/sessions.html", &frame, &page)
}

fn keep(view: &View) -> Vec<(String, String)> {
    [("from", &view.from), ("to", &view.to)]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| (name.to_owned(), value.clone()))
        .collect()
}

fn suggest_address(view: &View) -> String {
    let address = shell::address(
        "/sessions/suggest",
        &[("q", &print(&view.filter)), ("from", &view.from), ("to", &view.to), ("text", "x")],
    );
    address.strip_suffix('x').unwrap_or(&address).to_owned()
}

fn search_of(view: &View, filter: Filter) -> SearchRequest {
    SearchRequest::new(filter, view.start, view.end)
}

async fn fill(
    page: &mut SessionsPage,
    view: &View,
    state: &Data<WebState>,
    after: Option<&str>,
    zone: &str,
) -> Result<(), WebError> {
    let now = state.services.now();
    let mut request = search_of(view, view.filter.clone());
    request.limit = ROWS;
    request.want_total = true;
    request.want_facets = true;
    request.bucket_starts = time_axis(view, zone).bar_starts();
    request.after = after.and_then(|text| text.parse().ok());
    let (answer, sessions) = find(state, request).await?;
    let context = RowContext { keys: &state.user_keys, zone, now };
    page.rows = sessions.iter().map(|session| row(session, &context)).collect();
    let total = answer.counts.as_ref().map_or(0, |counts| counts.total);
    page.total = plural(total, "session");
    if let Some(counts) = &answer.counts {
        let applications = state.services.catalog.applications();
        page.facets = facets(view, counts, &applications);
        page.chart = histogram(view, &counts.histogram, zone);
        let partial = if counts.is_partial { " · counted in the newest days only" } else { "" };
        page.note = format!("{}{partial}", plural(counts.users, "user"));
    }
    page.pager = pager(view, &answer, total, after.is_some(), page.rows.len());
    page.pager.excluded = excluded(view, state).await?;
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

fn pager(view: &View, answer: &SearchAnswer, total: u64, is_later: bool, rows: usize) -> Pager {
    let shown = if is_later {
        format!("{rows} of {}", format::number(total))
    } else if rows == 0 {
        "0 sessions".to_owned()
    } else {
        format!("1–{rows} of {}", format::number(total))
    };
    Pager {
        shown,
        newer: if is_later { view.after("") } else { String::new() },
        older: answer.next.map_or_else(String::new, |cursor| view.after(&cursor.to_string())),
        excluded: Vec::new(),
    }
}

async fn count(state: &Data<WebState>, view: &View, filter: Filter) -> Result<u64, WebError> {
    if !filter.is_valid() {
        return Ok(0);
    }
    let mut request = search_of(view, filter);
    request.limit = 1;
    request.want_total = true;
    let (answer, _) = find(state, request).await?;
    Ok(answer.counts.map_or(0, |counts| counts.total))
}

/// Sessions that the default term hides.
async fn excluded(view: &View, state: &Data<WebState>) -> Result<Vec<Link>, WebError> {
    let real = Value::Is("real".to_owned());
    if !view.filter.has_value(&Field::UserType, &real) {
        return Ok(Vec::new());
    }
    let mut links = Vec::new();
    for (kind, word) in [("robot", "robot session"), ("synthetic", "monitor session")] {
        let mut filter = view.filter.clone();
        filter.terms.retain(
            |term| !matches!(&term.test, Test::Values { field, .. } if *field == Field::UserType),
        );
        let filter = filter.with_value(&Field::UserType, Value::Is(kind.to_owned()));
        let hidden = count(state, view, filter.clone()).await?;
        if hidden > 0 {
            let text = format!("{} not shown", plural(hidden, word));
            links.push(Link::new(&text, &view.with(&filter)));
        }
    }
    Ok(links)
}

/// Why nothing is found: what each term hides, and what a longer range would show.
async fn nothing(view: &View, state: &Data<WebState>) -> Result<NothingFound, WebError> {
    if state.services.search.session_count() == 0 {
        return Ok(NothingFound {
            is_never: true,
            text:
                "Put the line of an application into its pages; sessions are here within seconds."
                    .to_owned(),
            terms: Vec::new(),
            ways: vec![Link::new("Applications", "/apps")],
        });
    }
    let mut terms = Vec::new();
    for (index, term) in view.filter.terms.iter().take(TERMS_TOLD).enumerate() {
        let filter = view.filter.without(index);
        let found = count(state, view, filter.clone()).await?;
        terms.push(TermHelp { term: print_term(term), count: found, href: view.with(&filter) });
    }
    let now = state.services.now();
    let days = state.services.config.data.retention_days;
    let from = format!("-{days}d");
    let mut ways = vec![Link::new("Show all sessions", "/sessions")];
    if let Some(start) = range::parse(&from, now) {
        let wide = View { start, end: now, ..view.clone() };
        let found = count(state, &wide, view.filter.clone()).await?;
        if found > 0 {
            let text = format!("{} in the last {days} days", plural(found, "session"));
            ways.push(Link::new(&text, &view.during(&from, "")));
        }
    }
    Ok(NothingFound {
        is_never: false,
        text: format!("No session fits the filter in this time. Data is kept for {days} days."),
        terms,
        ways,
    })
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
    zone: &str,
) -> Result<(SearchAnswer, Vec<SessionRow>), WebError> {
    let (answer, sessions) = find(state, request).await?;
    let zone = zone.to_owned();
    let (keys, now) = (state.user_keys.clone(), state.services.now());
    let rows = web::block(move || {
        let context = RowContext { keys: &keys, zone: &zone, now };
        sessions.iter().map(|session| row(session, &context)).collect()
    })
    .await?;
    Ok((answer, rows))
}
