//! `/apps`: the list of applications, and a new one.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Path};

use super::fields::{self, Sent, get};
use super::health::{Counted, counted_by_application, last_beacon};
use super::shell::{self, encode};
use crate::base::id::ApplicationId;
use crate::base::time::{DAY_MILLIS, Timestamp};
use crate::logic::apdex::{Rating, rating, score};
use crate::logic::query_parser::parse;
use crate::model::application::{Application, DetectionOperator, DetectionRule, DetectionTarget};
use crate::search::{SearchCounts, SearchRequest};
use crate::web::api::applications as api;
use crate::web::api::detection_rules;
use crate::web::api::sessions::find;
use crate::web::auth::Identity;
use crate::web::error::{FieldError, WebError};
use crate::web::format;
use crate::web::gate::see_other;
use crate::web::permission::Permission;
use crate::web::state::WebState;
use crate::web::ui::applications::{ApplicationRow, ApplicationsPage, NewApplicationPage};
use crate::web::ui::frame::{Link, Section};
use crate::web::ui::parts::{Chip, Field, Form};

/// Applications whose numbers are counted on one page; all others are named only.
const COUNTED: usize = 50;

/// `GET /apps`
pub async fn list(state: Data<WebState>, identity: Identity) -> Result<HttpResponse, WebError> {
    let now = state.services.now();
    let since = Timestamp(now.0.saturating_sub(DAY_MILLIS));
    let services = state.services.clone();
    let beacons = web::block(move || counted_by_application(&services, since)).await??;
    let applications = state.services.catalog.applications();
    let none = Counted::default();
    let mut rows = Vec::new();
    for (place, application) in applications.iter().enumerate() {
        let numbers =
            if place < COUNTED { Some(numbers(&state, application, since).await?) } else { None };
        let found = beacons.get(&application.id).unwrap_or(&none);
        rows.push(row(&state, &identity, application, found, &numbers.unwrap_or_default()));
    }
    let may_edit = identity.can(Permission::WriteApplications);
    let create = if may_edit { "/apps/new".to_owned() } else { String::new() };
    let page = ApplicationsPage { rows, create };
    let frame = shell::frame(&identity, Section::Applications, "Applications", now);
    shell::page("pages/applications.html", &frame, &page)
}

#[derive(Default)]
struct Numbers {
    all: SearchCounts,
    with_errors: u64,
    apdex: Option<f64>,
    /// When the newest sessions last heard of their visitors.
    last_at: Option<Timestamp>,
}

async fn numbers(
    state: &Data<WebState>,
    application: &Application,
    since: Timestamp,
) -> Result<Numbers, WebError> {
    let now = state.services.now();
    let filter = format!("app:{} user.type:real", application.id);
    let mut request = SearchRequest::new(parse(&filter), since, now);
    request.want_total = true;
    request.want_facets = true;
    request.limit = 200;
    let (answer, sessions) = find(state, request).await?;
    let mut request = SearchRequest::new(parse(&format!("{filter} errors>0")), since, now);
    request.want_total = true;
    request.limit = 1;
    let (failed, _) = find(state, request).await?;
    let sum = |part: fn(&crate::model::session::Tally) -> u32| {
        sessions.iter().map(|session| part(&session.tally)).fold(0, u32::saturating_add)
    };
    Ok(Numbers {
        all: answer.counts.unwrap_or_default(),
        with_errors: failed.counts.map_or(0, |counts| counts.total),
        last_at: sessions.iter().map(|session| session.received_at).max(),
        apdex: score(sum(|t| t.satisfied), sum(|t| t.tolerating), sum(|t| t.frustrated)),
    })
}

fn row(
    state: &WebState,
    identity: &Identity,
    application: &Application,
    found: &Counted,
    numbers: &Numbers,
) -> ApplicationRow {
    let now = state.services.now();
    let rules = state.services.catalog.detection_rules();
    let own = rules.iter().filter(|rule| rule.application == application.id);
    let hosts: Vec<&str> = own.map(|rule| rule.pattern.as_str()).take(3).collect();
    let hosts = match (hosts.is_empty(), application.id == ApplicationId::DEFAULT) {
        (false, _) => hosts.join(", "),
        (true, true) => "whatever no rule claims".to_owned(),
        (true, false) => "no detection rule".to_owned(),
    };
    let may_edit = identity.can(Permission::WriteApplications);
    let base = format!("/apps/{}", application.id);
    // Beacons are counted where they were addressed to; what detection brought shows in the sessions.
    let found = Counted { last_at: found.last_at.max(numbers.last_at), ..found.clone() };
    ApplicationRow {
        name: application.name.clone(),
        href: format!("/sessions?q={}", encode(&format!("app:{} user.type:real", application.id))),
        hosts,
        sessions: numbers.all.total,
        users: numbers.all.users,
        apdex: numbers.apdex.map(apdex_chip),
        errors: format::percent(numbers.with_errors, numbers.all.total),
        last_beacon: last_beacon(found.last_at, now).replacen("last beacon ", "", 1),
        state: found.state(application, now),
        health: format!("{base}/health"),
        settings: if may_edit { format!("{base}/settings/general") } else { String::new() },
    }
}

/// A score with the word of its band.
#[must_use]
pub fn apdex_chip(score: f64) -> Chip {
    let (band, word) = match rating(score) {
        Rating::Excellent => ("excellent", "excellent"),
        Rating::Good => ("good", "good"),
        Rating::Fair => ("fair", "fair"),
        Rating::Poor => ("poor", "poor"),
        Rating::Unacceptable => ("bad", "unacceptable"),
    };
    let title = "Of the newest sessions, at most 200".to_owned();
    Chip { title, ..Chip::of(band, &format!("{score:.2} {word}")) }
}

/// The form of a new application.
#[must_use]
pub fn new_form(action: &str) -> Form {
    Form {
        action: action.to_owned(),
        fields: vec![
            Field::new("text", "name", "Name", "").help("As people here call it.").required(),
            Field::new("text", "domain", "Domain", "")
                .help("As shop.example.com. Makes a detection rule: pages of this domain that carry the tag of the default application are counted here too. Can be left empty."),
        ],
        submit: "Make the application".to_owned(),
        error: String::new(),
    }
}

/// Makes an application and its first detection rule from a form.
pub async fn create(
    state: &Data<WebState>,
    identity: &Identity,
    sent: &[(String, String)],
) -> Result<Application, WebError> {
    let domain = host_of(get(sent, "domain")).to_lowercase();
    if domain.contains(char::is_whitespace) || domain.chars().count() > 253 {
        return Err(WebError::invalid(vec![FieldError {
            pointer: "/domain".to_owned(),
            detail: "A domain is like shop.example.com.".to_owned(),
        }]));
    }
    let made = api::add(state, identity, get(sent, "name")).await?;
    if !domain.is_empty() {
        let known = state.services.catalog.detection_rules();
        let mut rules: Vec<DetectionRule> = known.as_ref().clone();
        let expected = detection_rules::revision(&rules);
        rules.push(DetectionRule {
            application: made.id,
            target: DetectionTarget::Domain,
            operator: DetectionOperator::Matches,
            pattern: domain,
        });
        detection_rules::store(state, identity, rules, expected).await?;
    }
    Ok(made)
}

/// The host of what was typed as a domain: people paste addresses.
fn host_of(typed: &str) -> &str {
    let rest = typed.split_once("://").map_or(typed, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    host.split(':').next().unwrap_or(host)
}

/// `GET /apps/new`
pub async fn new(state: Data<WebState>, identity: Identity) -> Result<HttpResponse, WebError> {
    std::future::ready(draw_new(&state, &identity, new_form("/apps/new"), StatusCode::OK)).await
}

/// `POST /apps/new`
pub async fn make(
    state: Data<WebState>,
    identity: Identity,
    sent: Sent,
) -> Result<HttpResponse, WebError> {
    match create(&state, &identity, &sent).await {
        Ok(made) => Ok(see_other(&format!("/apps/{}/settings/snippet", made.id))),
        Err(error) if error.status.is_client_error() => {
            let mut form = new_form("/apps/new");
            fields::put_back(&mut form, &sent, &error);
            draw_new(&state, &identity, form, error.status)
        }
        Err(error) => Err(error),
    }
}

fn draw_new(
    state: &WebState,
    identity: &Identity,
    form: Form,
    status: StatusCode,
) -> Result<HttpResponse, WebError> {
    let now = state.services.now();
    let frame = shell::frame(identity, Section::Applications, "New application", now);
    let frame = shell::below(frame, "Applications", "/apps");
    let page = NewApplicationPage { form };
    shell::page_with(status, "pages/application_new.html", &frame, &page)
}

/// Tabs of the pages of an application.
#[must_use]
pub fn tabs(application: &Application, identity: &Identity, current: usize) -> Vec<Link> {
    let base = format!("/apps/{}", application.id);
    let mut tabs = Vec::new();
    if identity.can(Permission::ReadApplications) {
        tabs.push(Link::new("Settings", &format!("{base}/settings/general")));
    }
    tabs.push(Link::new("Health", &format!("{base}/health")));
    let words = if current == 0 { "Settings" } else { "Health" };
    for tab in &mut tabs {
        tab.is_current = tab.label == words;
    }
    tabs
}

/// `GET /apps/{application}`
pub async fn open(id: Path<String>) -> HttpResponse {
    std::future::ready(see_other(&format!("/apps/{}/health", encode(&id)))).await
}
