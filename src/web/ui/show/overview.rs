//! `/apps/{application}`: who came, what they did, how it felt, what broke, did they succeed — and what changed.

use actix_web::web::{self, Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::application_list::hosts;
use super::applications::{Tab, tabs};
use super::health::{counted, last_beacon, snippet};
use super::overview_panels::{self, Focus};
use super::overview_steps::steps;
use super::overview_values::{self, KEYS};
use super::period::{PeriodQuery, PeriodView};
use super::sessions::suggest_address;
use super::sessions_parts::{DEFAULT_FILTER, add_typed, code_countries, token};
use super::shell::{self, plural};
use crate::base::text;
use crate::base::time::{DAY_MILLIS, MINUTE_MILLIS, Timestamp};
use crate::logic::query_parser::{parse, print};
use crate::model::application::Application;
use crate::model::query::{Field, Filter, Term, Test, Value};
use crate::model::session::SessionKind;
use crate::search::{Period, Scope, SearchRequest, Statistics, StatisticsRequest};
use crate::web::api::applications::find;
use crate::web::api::overview::{ask, take_kinds};
use crate::web::api::sessions::refuse_masked_fields;
use crate::web::auth::Identity;
use crate::web::error::WebError;
use crate::web::format;
use crate::web::gate::see_other;
use crate::web::permission::Permission;
use crate::web::query::Query;
use crate::web::state::WebState;
use crate::web::templates::Templates;
use crate::web::ui::frame::{Link, Section};
use crate::web::ui::overview::{NoData, OverviewPage};
use crate::web::ui::parts::Chip;
use crate::web::ui::sessions::FindBox;

/// Values of a dimension that are shown.
const VALUES: usize = 8;

/// What a page of numbers is about.
pub struct Asked<'a> {
    /// Application.
    pub application: &'a Application,
    /// Range and addresses.
    pub view: PeriodView,
    /// The whole filter, without the application.
    pub filter: Filter,
    /// Open step.
    pub focus: Focus,
    /// Dimension by which it is split.
    pub by: &'static str,
    /// Time zone of the viewer.
    pub zone: String,
    /// The time now.
    pub now: Timestamp,
}

impl Asked<'_> {
    /// The filter of the list behind a number: the application, the filter of the page, and more.
    #[must_use]
    pub fn query(&self, more: &str) -> String {
        let name = Value::Is(self.application.name.clone());
        let mut filter = Filter::default().with_value(&Field::App, name);
        filter.terms.extend(self.filter.terms.clone());
        filter.terms.extend(parse(more).terms);
        print(&filter)
    }

    /// The term that finds sessions with an error in the application.
    #[must_use]
    pub fn broken(&self) -> String {
        let name = Value::Is(self.application.name.clone());
        print(&Filter::default().with_value(&Field::ErrorApp, name))
    }

    /// The list of sessions behind a number.
    #[must_use]
    pub fn sessions(&self, more: &str) -> String {
        self.view.sessions(&self.query(more))
    }

    /// The list of sessions with a value.
    #[must_use]
    pub fn sessions_with(&self, field: &Field, value: &str) -> String {
        let name = Value::Is(self.application.name.clone());
        let mut filter = Filter::default().with_value(&Field::App, name);
        let is_own = |test: &Test| matches!(test, Test::Values { field: own, .. } if own == field);
        filter.terms.extend(self.filter.terms.iter().filter(|term| !is_own(&term.test)).cloned());
        self.view.sessions(&print(&filter.with_value(field, Value::Is(value.to_owned()))))
    }
}

/// The filter that an address says, with countries by their codes.
#[must_use]
pub fn typed(query: Option<&str>) -> Filter {
    let mut filter = parse(query.map_or(DEFAULT_FILTER, |typed| text::cut(typed, 1_024)));
    code_countries(&mut filter);
    filter
}

fn read<'a>(
    application: &'a Application,
    query: &PeriodQuery,
    zone: String,
    now: Timestamp,
) -> Result<Asked<'a>, WebError> {
    let mut view = PeriodView::new(&format!("/apps/{}", application.id), query, now)?;
    let filter = typed(query.q.as_deref());
    let focus = Focus::parse(query.focus.as_deref());
    let by = KEYS.iter().find(|key| Some(**key) == query.by.as_deref()).copied();
    view.keep = vec![
        ("q", in_address(&filter)),
        ("focus", focus.in_address().to_owned()),
        ("by", by.unwrap_or_default().to_owned()),
    ];
    let by = by.unwrap_or(focus.usual_split());
    Ok(Asked { application, view, filter, focus, by, zone, now })
}

/// `GET /apps/{application}`
pub async fn page(
    state: Data<WebState>,
    identity: Identity,
    id: Path<String>,
    query: Query<PeriodQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, WebError> {
    let application = find(&state, &id)?;
    let now = state.services.now();
    let asked = read(&application, &query, shell::zone(&identity), now)?;
    if let Some(address) = narrowed(&asked, query.text.as_deref()) {
        return Ok(see_other(&address));
    }
    refuse_masked_fields(&asked.filter, identity.sees_unmasked())?;
    let mut page = blank(&state, &identity, &asked).await?;
    if asked.filter.is_valid() {
        let (numbers, is_partial) = numbers(&state, &asked).await?;
        fill(&mut page, &asked, &numbers, &identity);
        if is_partial {
            page.excluded.push(Link::new("the time ran out: not all days are counted", ""));
        }
        if numbers.current.figures.sessions == 0 {
            page.nothing = Some(nothing(&state, &identity, &asked, &request, &numbers).await?);
        }
    } else {
        page.nothing = Some(NoData {
            text: "A term of the filter is not understood. Remove it, or mend it.".to_owned(),
            ways: vec![Link::new("Without the filter", &asked.view.with(&[("q", "")]))],
            ..NoData::default()
        });
    }
    page.facts.push_str(&last_beacon(page.last_at, now));
    if let Some(panel) = query.panel.as_deref() {
        text::cut(panel, 32).clone_into(&mut page.only);
        return fragment(&page);
    }
    let mut frame = shell::frame(&identity, Section::Applications, &application.name, now);
    frame = shell::below(frame, "Applications", "/apps");
    let days_kept = state.services.config.data.retention_days;
    frame.time_range = Some(asked.view.control(&asked.zone, now, days_kept));
    frame.refresh = asked.view.is_open().then(|| asked.view.refresh());
    shell::page("pages/overview.html", &frame, &page)
}

/// One panel alone.
fn fragment(page: &OverviewPage) -> Result<HttpResponse, WebError> {
    let is_table = page.tables.iter().any(|table| table.key == page.only);
    if !is_table && !["story", "detail"].contains(&page.only.as_str()) {
        return Err(WebError::not_found("panel"));
    }
    let frame = crate::web::ui::frame::Frame::default();
    let html = Templates::shared()?
        .render("panels/overview.html", &frame, page)
        .map_err(WebError::internal)?;
    Ok(HttpResponse::Ok().content_type("text/html; charset=utf-8").body(html))
}

async fn numbers(
    state: &Data<WebState>,
    asked: &Asked<'_>,
) -> Result<(Statistics, bool), WebError> {
    let view = &asked.view;
    let mut filter = asked.filter.clone();
    let kinds = take_kinds(&mut filter);
    let mut search = SearchRequest::new(filter, view.start, view.end);
    search.bucket_starts = view.axis(&asked.zone).bar_starts();
    let request = StatisticsRequest {
        kinds,
        compare_from: view.compare.start(view.start, view.end),
        dimensions: StatisticsRequest::DIMENSIONS.to_vec(),
        timed: if asked.focus.is_timed() {
            vec![overview_values::field(asked.by).0]
        } else {
            Vec::new()
        },
        values_max: VALUES,
        ..StatisticsRequest::new(search, Scope::Application(asked.application.id))
    };
    let answer = ask(state, request).await?;
    Ok((answer.groups.into_iter().next().unwrap_or_default(), answer.is_partial))
}

/// The page before anything is counted.
async fn blank(
    state: &Data<WebState>,
    identity: &Identity,
    asked: &Asked<'_>,
) -> Result<OverviewPage, WebError> {
    let (services, application) = (state.services.clone(), asked.application);
    let (id, now) = (application.id, asked.now);
    let since = Timestamp(now.0.saturating_sub(DAY_MILLIS));
    let found = web::block(move || counted(&services, id, since)).await??;
    let rules = state.services.catalog.detection_rules();
    let own = rules.iter().filter(|rule| rule.application == id).count();
    let facts = match u64::try_from(own).unwrap_or(0) {
        // The hosts say it.
        0 => String::new(),
        own => format!("{} · ", plural(own, "detection rule")),
    };
    Ok(OverviewPage {
        name: application.name.clone(),
        facts: format!("{} · {facts}", hosts(state, application)),
        last_at: found.last_at,
        state: found.state(application, now),
        health: format!("/apps/{id}/health"),
        tabs: tabs(application, identity, Tab::Overview),
        sessions: asked.sessions(""),
        find: find_box(asked),
        ..OverviewPage::default()
    })
}

fn fill(page: &mut OverviewPage, asked: &Asked<'_>, numbers: &Statistics, identity: &Identity) {
    page.kinds = kinds(asked, &numbers.current);
    page.steps = steps(asked, numbers);
    page.panel = overview_panels::panel(asked, numbers);
    page.figures = overview_panels::figures(asked, numbers);
    page.splits = overview_values::splits(asked);
    page.tables = overview_values::tables(asked, numbers);
    page.split = overview_values::split(asked, numbers, identity);
    page.excluded = excluded(asked, &numbers.current);
    let live = numbers.current.figures.live;
    if live > 0 {
        let text = format!("{} live now", format::number(live));
        page.live = Some(Link::new(&text, &asked.sessions("live:yes")));
    }
    // What detection brought is not counted as a beacon of this application, and data comes all the same.
    page.last_at = page.last_at.max(numbers.current.last_seen);
    let is_recent = page.last_at.is_some_and(|at| asked.now.0 - at.0 < 15 * MINUTE_MILLIS);
    if is_recent && page.state.text == "waiting" {
        page.state = Chip::of("good", "receiving");
    }
}

/// A filter as the address says it: what is meant without saying is left out, and nothing at all is a blank, which
/// would mean real users again if it were left out.
#[must_use]
pub fn in_address(filter: &Filter) -> String {
    match print(filter).as_str() {
        DEFAULT_FILTER => String::new(),
        "" => " ".to_owned(),
        text => text.to_owned(),
    }
}

/// Whether a term chooses the kind of sessions.
fn is_kind(term: &Term) -> bool {
    matches!(&term.test, Test::Values { field: Field::UserType, .. })
}

/// The filter with another kind of sessions.
fn with_kind(asked: &Asked<'_>, kind: &str) -> String {
    let mut filter = asked.filter.clone();
    filter.terms.retain(|term| !is_kind(term));
    if !kind.is_empty() {
        let kind = Value::Is(kind.to_owned());
        let mut with = Filter::default().with_value(&Field::UserType, kind);
        with.terms.extend(filter.terms);
        filter = with;
    }
    asked.view.with(&[("q", &in_address(&filter))])
}

/// Real users, robots, monitors, all: with how many there are.
fn kinds(asked: &Asked<'_>, period: &Period) -> Vec<Link> {
    let shown = take_kinds(&mut asked.filter.clone());
    let [real, robots, monitors] = period.kinds;
    let one = |kind: SessionKind| shown.len() == 1 && shown.contains(&kind);
    [
        ("Real users", "real", real, one(SessionKind::RealUser)),
        ("Robots", "robot", robots, one(SessionKind::Robot)),
        ("Monitors", "synthetic", monitors, one(SessionKind::Synthetic)),
        ("All", "", real + robots + monitors, shown.len() == 3),
    ]
    .into_iter()
    .filter(|(_, kind, count, is_current)| *count > 0 || *is_current || *kind == "real")
    .map(|(label, kind, count, is_current)| Link {
        is_current,
        ..Link::new(&format!("{label} {}", format::number(count)), &with_kind(asked, kind))
    })
    .collect()
}

/// The page with what was typed into the filter box; none when nothing was.
fn narrowed(asked: &Asked<'_>, typed: Option<&str>) -> Option<String> {
    let mut filter = asked.filter.clone();
    add_typed(&mut filter, typed).then(|| asked.view.with(&[("q", &in_address(&filter))]))
}

/// The filter box: the kind of sessions has a control of its own.
fn find_box(asked: &Asked<'_>) -> FindBox {
    let hint = "Add a filter: browser:Safari, country:DK, page:/checkout…";
    let mut find = find_box_of(&asked.view, &asked.filter, "Filter the numbers", hint);
    let kinds: Vec<bool> = asked.filter.terms.iter().map(is_kind).collect();
    let mut kinds = kinds.into_iter();
    find.tokens.retain(|_| !kinds.next().unwrap_or(false));
    find
}

/// The filter box of a page about numbers.
#[must_use]
pub fn find_box_of(
    view: &PeriodView,
    filter: &Filter,
    label: &'static str,
    hint: &'static str,
) -> FindBox {
    let all = filter.terms.iter().enumerate();
    let tokens = all
        .map(|(place, term)| token(term, view.with(&[("q", &in_address(&filter.without(place)))])));
    let range = [("from", &view.from), ("to", &view.to)];
    let range = range.into_iter().filter(|(_, value)| !value.is_empty());
    let rest = view.kept().into_iter().filter(|(name, _)| name != "q");
    let query = print(filter);
    FindBox {
        action: view.path.clone(),
        label,
        hint,
        tokens: tokens.collect(),
        suggest: suggest_address(&query, &view.from, &view.to),
        query,
        keep: range.map(|(name, value)| (name.to_owned(), value.clone())).chain(rest).collect(),
    }
}

/// What is not in the numbers.
fn excluded(asked: &Asked<'_>, period: &Period) -> Vec<Link> {
    let shown = take_kinds(&mut asked.filter.clone());
    let kinds = [
        (SessionKind::RealUser, "real", "session of a real user"),
        (SessionKind::Robot, "robot", "robot session"),
        (SessionKind::Synthetic, "synthetic", "monitor session"),
    ];
    kinds
        .into_iter()
        .zip(period.kinds)
        .filter(|((kind, ..), count)| *count > 0 && !shown.contains(kind))
        .map(|((_, name, word), count)| {
            Link::new(&format!("{} not counted", plural(count, word)), &with_kind(asked, name))
        })
        .collect()
}

/// Why there is nothing: never anything, or not in this range.
async fn nothing(
    state: &Data<WebState>,
    identity: &Identity,
    asked: &Asked<'_>,
    request: &HttpRequest,
    numbers: &Statistics,
) -> Result<NoData, WebError> {
    let id = asked.application.id;
    let days = state.services.config.data.retention_days;
    let since = Timestamp(asked.now.0.saturating_sub(i64::from(days) * DAY_MILLIS));
    let search = SearchRequest::new(Filter::default(), since, asked.now);
    let all = StatisticsRequest {
        kinds: vec![SessionKind::RealUser, SessionKind::Robot, SessionKind::Synthetic],
        ..StatisticsRequest::new(search, Scope::Application(id))
    };
    let ever = ask(state, all).await?.groups.into_iter().next().unwrap_or_default();
    let health = Link::new("Why is there no data?", &format!("/apps/{id}/health"));
    let Some(last) = ever.current.last_seen else {
        let may_edit = identity.can(Permission::WriteApplications);
        let mut ways = vec![health];
        if may_edit {
            let address = format!("/apps/{id}/settings/snippet");
            ways.push(Link::new("Other ways to put it in", &address));
        }
        return Ok(NoData {
            is_never: true,
            text: "Put this line into the head of every page, as high as possible. Numbers are here seconds after the first visit.".to_owned(),
            snippet: snippet(state, request, id),
            ways,
        });
    };
    let other: u64 = numbers.current.kinds.iter().sum();
    let text = if other > 0 {
        "No session fits the filter in this time; others do.".to_owned()
    } else {
        let at = format::full_time(last, &asked.zone);
        format!("No session in this time. The last one was on {at}.")
    };
    let from = Timestamp(last.0.saturating_sub(DAY_MILLIS)).rfc3339();
    let to = Timestamp(last.0.saturating_add(1_000)).rfc3339();
    let mut ways =
        vec![Link::new("Go to the last data", &asked.view.with(&[("from", &from), ("to", &to)]))];
    if other > 0 {
        ways.insert(0, Link::new("Without the filter", &with_kind(asked, "")));
    }
    ways.push(health);
    Ok(NoData { text, ways, ..NoData::default() })
}
