//! `/sessions/{session}`: what happened to this person, in order.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Path};
use serde::Deserialize;

use super::happenings::{self, Kind, Moment};
use super::session_facts::cards;
use super::session_neighbors::{list_of, neighbors};
use super::session_rows::{user, user_address};
use super::sessions::{ListQuery, view};
use super::shell::{self, plural};
use super::words;
use crate::base::id::SessionId;
use crate::base::text;
use crate::base::time::DAY_MILLIS;
use crate::model::action::{ActionResources, UserAction, WebVitals};
use crate::model::application::Application;
use crate::model::session::{Session, SessionEvent};
use crate::web::api::sessions::refuse_masked_fields;
use crate::web::auth::Identity;
use crate::web::charts::lanes::{self, Lanes, Stretch};
use crate::web::error::WebError;
use crate::web::format;
use crate::web::query::Query;
use crate::web::state::WebState;
use crate::web::ui::frame::{Link, Section};
use crate::web::ui::parts::{Chip, Shown};
use crate::web::ui::session::{SessionMissing, SessionPage};

/// Lines shown at once.
const LINES: usize = 150;

/// A session with all that belongs to it.
pub struct Whole {
    /// The session.
    pub session: Session,
    /// User actions.
    pub actions: Vec<UserAction>,
    /// Events.
    pub events: Vec<SessionEvent>,
    /// Resources by number of the action.
    pub resources: Vec<(u32, ActionResources)>,
    /// Web vitals by number of the action.
    pub vitals: Vec<(u32, WebVitals)>,
}

/// What the address says.
#[derive(Debug, Default, Deserialize)]
pub struct SessionQuery {
    /// `actions`, `errors` or `events`; all else is everything.
    pub show: Option<String>,
    /// `1` for all lines.
    pub all: Option<String>,
    /// Actions that the page has shown already.
    pub actions: Option<u32>,
}

/// Reads a session; its id comes from an address.
pub async fn load(state: &Data<WebState>, id: &str) -> Result<Whole, WebError> {
    let id: SessionId = id.parse().map_err(|_| WebError::not_found("session"))?;
    let services = state.services.clone();
    web::block(move || {
        let store = &services.store;
        let session = store.session(id)?.ok_or_else(|| WebError::not_found("session"))?;
        let mut actions = store.actions(id)?;
        actions.sort_by_key(|action| (action.started_at, action.number));
        Ok(Whole {
            session,
            actions,
            events: store.events(id)?,
            resources: store.session_resources(id)?,
            vitals: store.vitals(id)?,
        })
    })
    .await?
}

/// `GET /sessions/{session}`
pub async fn page(
    state: Data<WebState>,
    identity: Identity,
    id: Path<String>,
    query: Query<SessionQuery>,
    list: Query<ListQuery>,
) -> Result<HttpResponse, WebError> {
    let whole = match load(&state, &id).await {
        Err(error) if error.status == StatusCode::NOT_FOUND => {
            return missing(&state, &identity, &id);
        }
        other => other?,
    };
    let now = state.services.now();
    let zone = shell::zone(&identity);
    let sees_unmasked = identity.sees_unmasked();
    let session = &whole.session;
    let moments = happenings::moments(&whole, sees_unmasked, &zone);
    let applications = state.services.catalog.applications();
    let mut page = SessionPage {
        user: Shown { href: String::new(), ..user(session, &state.user_keys) },
        chips: chips(session),
        is_live: session.is_live(),
        facts: facts(session, &applications, &zone),
        timeline: timeline(session, &moments, &applications),
        first_error: first_error(&moments),
        cards: cards(&whole, &state, sees_unmasked, &zone),
        export: format!("/api/v1/sessions/{}", session.id),
        ..SessionPage::default()
    };
    if !session.user_tag.is_empty() {
        let href = user_address(&session.user_tag, &state.user_keys);
        page.actions.push(Link::new("All sessions of this user", &href));
    }
    if let Some(previous) = session.previous {
        page.actions.push(Link::new("Part before", &format!("/sessions/{previous}")));
    }
    let kept = list_of(&list);
    fill_lines(&mut page, moments, &query, &kept);
    fill_neighbors(&mut page, (&state, &identity), session.id, &list, &kept).await?;
    if session.is_live() {
        page.updates = format!("/sessions/{}/news?actions={}", session.id, session.tally.actions);
    }
    let title = if session.user_tag.is_empty() { "Anonymous" } else { session.user_tag.as_str() };
    let frame = shell::frame(&identity, Section::Sessions, title, now);
    let back = if kept.is_empty() { "/sessions".to_owned() } else { format!("/sessions?{kept}") };
    let frame = shell::below(frame, "Sessions", &back);
    shell::page("pages/session.html", &frame, &page)
}

async fn fill_neighbors(
    page: &mut SessionPage,
    (state, identity): (&Data<WebState>, &Identity),
    id: SessionId,
    list: &ListQuery,
    kept: &str,
) -> Result<(), WebError> {
    if kept.is_empty() {
        return Ok(());
    }
    // A list that cannot be asked for is no reason not to show the session.
    let Ok(view) = view(list, state.services.now()) else {
        return Ok(());
    };
    let may_ask = refuse_masked_fields(&view.filter, identity.sees_unmasked()).is_ok();
    if !view.filter.is_valid() || !may_ask {
        return Ok(());
    }
    let found = neighbors(state, &view, id).await?;
    let link = |label, id: SessionId| Link::new(label, &format!("/sessions/{id}?{kept}"));
    page.newer = found.newer.map(|id| link("Newer", id));
    page.older = found.older.map(|id| link("Older", id));
    Ok(())
}

/// The page of a session that is not there: past its time, or never known.
fn missing(
    state: &Data<WebState>,
    identity: &Identity,
    text: &str,
) -> Result<HttpResponse, WebError> {
    let now = state.services.now();
    let days = state.services.config.data.retention_days;
    let kept_from = now.0.saturating_sub(i64::from(days) * DAY_MILLIS);
    let started = text.parse::<SessionId>().ok().map(SessionId::start);
    let shown = text::cut(text, 64).to_owned();
    let page = match started.filter(|start| start.0 < kept_from && start.0 > 0) {
        Some(start) => SessionMissing {
            title: "This session is past its time".to_owned(),
            text: format!(
                "It began on {}. Sessions are removed after {days} days.",
                format::full_time(start, &shell::zone(identity))
            ),
            id: String::new(),
            from: format!("-{days}d"),
        },
        None => SessionMissing {
            title: "There is no such session".to_owned(),
            text: if started.is_some() {
                "The id is well formed, but no session with it is kept here.".to_owned()
            } else {
                "The address is not complete: ids look like s_ and 26 letters and digits."
                    .to_owned()
            },
            id: shown,
            from: format!("-{days}d"),
        },
    };
    let frame = shell::frame(identity, Section::Sessions, &page.title, now);
    let frame = shell::below(frame, "Sessions", "/sessions");
    shell::page_with(StatusCode::NOT_FOUND, "pages/session_missing.html", &frame, &page)
}

/// `GET /sessions/{session}/news`: what is new since the page was drawn, as a sentence; empty when nothing.
pub async fn news(
    state: Data<WebState>,
    id: Path<String>,
    query: Query<SessionQuery>,
) -> Result<HttpResponse, WebError> {
    let id: SessionId = id.parse().map_err(|_| WebError::not_found("session"))?;
    let services = state.services.clone();
    let session = web::block(move || services.store.session(id)).await??;
    let session = session.ok_or_else(|| WebError::not_found("session"))?;
    let more = session.tally.actions.saturating_sub(query.actions.unwrap_or_default());
    let text = if !session.is_live() {
        "The session has ended.".to_owned()
    } else if more > 0 {
        format!("{} more.", plural(u64::from(more), "action"))
    } else {
        String::new()
    };
    Ok(HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(text))
}

fn chips(session: &Session) -> Vec<Chip> {
    let mut chips = Vec::new();
    if session.is_live() {
        chips.push(Chip::of("good", "Live"));
    } else {
        chips.push(words::experience(session));
    }
    let errors = session.tally.errors();
    if errors > 0 {
        chips.push(Chip::plain(&plural(u64::from(errors), "error")));
    }
    if session.tally.rage_clicks > 0 {
        chips.push(Chip::plain(&plural(u64::from(session.tally.rage_clicks), "rage click")));
    }
    if session.is_bounce() && !session.is_live() {
        chips.push(Chip::plain("Bounced"));
    }
    if session.part > 1 {
        chips.push(Chip::plain(&format!("Part {}", session.part)));
    }
    if session.client.robot.is_some() {
        chips.push(Chip::plain("Robot"));
    }
    chips
}

fn facts(session: &Session, applications: &[Application], zone: &str) -> String {
    let names: Vec<&str> = session
        .applications
        .iter()
        .filter_map(|visit| applications.iter().find(|a| a.id == visit.application))
        .map(|application| application.name.as_str())
        .collect();
    let mut text = format!(
        "{} – {} · {}",
        format::full_time(session.started_at, zone),
        session.last_at.format("%H:%M:%S", zone),
        format::span(u64::from(session.duration().0))
    );
    if !names.is_empty() {
        text = format!("{text} · {}", names.join(", "));
    }
    if !session.release.is_empty() {
        text = format!("{text} {}", session.release);
    }
    text
}

fn first_error(moments: &[Moment]) -> String {
    let first = moments.iter().find(|moment| moment.is_error);
    first.map_or_else(String::new, |moment| moment.line.id.clone())
}

fn fill_lines(page: &mut SessionPage, moments: Vec<Moment>, query: &SessionQuery, kept: &str) {
    let with = |rest: &str| match (rest.is_empty(), kept.is_empty()) {
        (true, _) => format!("?{kept}"),
        (false, true) => format!("?{rest}"),
        (false, false) => format!("?{kept}&{rest}"),
    };
    let count = |kind: Kind| moments.iter().filter(|moment| moment.is(kind)).count();
    let shown = match query.show.as_deref() {
        Some("actions") => Kind::Action,
        Some("errors") => Kind::Error,
        Some("events") => Kind::Event,
        _ => Kind::All,
    };
    page.views = [
        (Kind::All, "All", ""),
        (Kind::Action, "Actions", "show=actions"),
        (Kind::Error, "Errors", "show=errors"),
        (Kind::Event, "Events", "show=events"),
    ]
    .into_iter()
    .map(|(kind, label, href)| Link {
        is_current: kind == shown,
        ..Link::new(&format!("{label} {}", count(kind)), &with(href))
    })
    .collect();
    let total = count(shown);
    let limit = if query.all.as_deref() == Some("1") { usize::MAX } else { LINES };
    if total > limit {
        let show = query.show.as_deref().unwrap_or_default();
        let rest = shell::address("", &[("show", show), ("all", "1")]);
        let href = with(rest.trim_start_matches('?'));
        page.more = Some(Link::new(&format!("Show {} later lines", total - limit), &href));
    }
    if total == 0 {
        "Nothing of this kind happened.".clone_into(&mut page.empty);
    }
    let lines = moments.into_iter().filter(|moment| moment.is(shown)).take(limit);
    page.happenings = happenings::with_gaps(lines, shown);
}

/// The timeline: one set of lanes, or one for each application of the session.
fn timeline(
    session: &Session,
    moments: &[Moment],
    applications: &[Application],
) -> crate::web::templates::Markup {
    let duration = session.duration().0.max(1_000);
    let idle = idle(moments);
    if session.applications.len() < 2 {
        let all: Vec<&Moment> = moments.iter().collect();
        return lanes::draw(&Lanes { idle, ..lanes_of(&all, duration) });
    }
    let groups = session.applications.iter().map(|visit| {
        let known = applications.iter().find(|own| own.id == visit.application);
        let name = known.map_or_else(|| visit.application.to_string(), |own| own.name.clone());
        let is_own = |moment: &&Moment| {
            // The end belongs to the application that was left last.
            let own =
                moment.application.or_else(|| session.applications.last().map(|v| v.application));
            own == Some(visit.application)
        };
        let own: Vec<&Moment> = moments.iter().filter(is_own).collect();
        Lanes { title: name, idle: idle.clone(), ..lanes_of(&own, duration) }
    });
    lanes::draw_groups(&groups.collect::<Vec<_>>())
}

fn lanes_of(moments: &[&Moment], duration: u32) -> Lanes {
    let mut lanes = Lanes { duration, ..Lanes::default() };
    for moment in moments {
        let stretch = Stretch {
            start: moment.start,
            length: moment.length,
            title: format!("{} {}", format::offset(u64::from(moment.start)), moment.line.name),
            href: format!("#{}", moment.line.id),
            class: moment.fill,
        };
        if moment.is_error {
            lanes.errors.push(Stretch { class: "fill-bad", ..stretch.clone() });
        }
        match moment.kind {
            Kind::Action => lanes.actions.push(stretch),
            Kind::Event => lanes.events.push(Stretch { class: moment.fill, ..stretch }),
            _ => {}
        }
    }
    lanes.pages = pages(moments, duration);
    lanes
}

fn idle(moments: &[Moment]) -> Vec<Stretch> {
    let gap = |(start, length): (u32, u32)| Stretch {
        start,
        length,
        title: format!("No activity for {}", format::span(u64::from(length))),
        ..Stretch::default()
    };
    happenings::gaps(moments).into_iter().map(gap).collect()
}

/// Stretches of one page each: from the first action on it to the first on the next.
fn pages(moments: &[&Moment], duration: u32) -> Vec<Stretch> {
    let mut pages: Vec<Stretch> = Vec::new();
    for moment in moments.iter().filter(|moment| !moment.page.is_empty()) {
        if pages.last().is_some_and(|page| page.title == moment.page) {
            continue;
        }
        if let Some(last) = pages.last_mut() {
            last.length = moment.start.saturating_sub(last.start);
        }
        pages.push(Stretch {
            start: moment.start,
            length: 0,
            title: moment.page.clone(),
            href: format!("#{}", moment.line.id),
            class: "",
        });
    }
    if let Some(last) = pages.last_mut() {
        last.length = duration.saturating_sub(last.start);
    }
    pages
}
