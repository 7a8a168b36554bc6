//! `/apps/new`: a new application; and settings.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;

use super::application_forms as forms;
use super::fields::{self, Sent, get};
use super::health::snippet;
use super::rules;
use super::shell::{self, encode};
use crate::model::application::{Application, DetectionOperator, DetectionRule, DetectionTarget};
use crate::web::api::applications as api;
use crate::web::api::detection_rules;
use crate::web::auth::Identity;
use crate::web::error::{FieldError, WebError};
use crate::web::gate::see_other;
use crate::web::permission::Permission;
use crate::web::state::WebState;
use crate::web::ui::applications::{ApplicationPage, NewApplicationPage};
use crate::web::ui::frame::{Link, Section};
use crate::web::ui::parts::{Field, Form};

/// What the address of a settings page says.
#[derive(Debug, Default, Deserialize)]
pub struct SettingsQuery {
    /// `1` after a change was saved.
    pub saved: Option<String>,
    /// An address to check against the rules.
    pub check: Option<String>,
    /// An origin to put into the list of allowed ones, before somebody saves it.
    pub allow: Option<String>,
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

/// Tabs of the pages of an application: 0 marks the settings, 1 the health page, anything else the overview.
#[must_use]
pub fn tabs(application: &Application, identity: &Identity, current: usize) -> Vec<Link> {
    let base = format!("/apps/{}", application.id);
    let mut tabs = vec![
        Link { is_current: current > 1, ..Link::new("Overview", &base) },
        Link { is_current: current == 1, ..Link::new("Health", &format!("{base}/health")) },
    ];
    if identity.can(Permission::WriteApplications) {
        tabs.push(Link {
            is_current: current == 0,
            ..Link::new("Settings", &format!("{base}/settings/general"))
        });
    }
    tabs
}

/// `GET /apps/{application}/settings/{section}`
pub async fn settings(
    state: Data<WebState>,
    identity: Identity,
    path: Path<(String, String)>,
    query: Query<SettingsQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, WebError> {
    let (id, section) = path.into_inner();
    let application = api::find(&state, &id)?;
    let mut form = forms::form(&section, &application);
    if let (Some(form), Some(origin)) = (&mut form, query.allow.as_deref()) {
        forms::propose_origin(form, origin);
    }
    let mut page = blank(&state, &identity, &application, &section)?;
    page.form = form;
    page.is_saved = query.saved.is_some();
    if section == "snippet" {
        page.snippet = snippet(&state, &request, application.id);
    }
    if section == "detection" {
        let check = query.check.as_deref().unwrap_or_default();
        page.rules = Some(rules::view(&state, &application, check));
    }
    draw(&state, &identity, &page, StatusCode::OK)
}

/// A settings page without its form.
pub fn blank(
    state: &WebState,
    identity: &Identity,
    application: &Application,
    section: &str,
) -> Result<ApplicationPage, WebError> {
    let (title, text) = forms::SECTIONS
        .iter()
        .find(|(own, ..)| *own == section)
        .map(|(_, title, text)| (*title, *text))
        .ok_or_else(|| WebError::not_found("section"))?;
    let base = format!("/apps/{}/settings", application.id);
    let sections = forms::SECTIONS.iter().map(|(own, title, _)| Link {
        is_current: *own == section,
        ..Link::new(title, &format!("{base}/{own}"))
    });
    let rules = state.services.catalog.detection_rules();
    let own = rules.iter().filter(|rule| rule.application == application.id).count();
    Ok(ApplicationPage {
        name: application.name.clone(),
        facts: format!("{} · {}", application.id, shell::plural(own as u64, "detection rule")),
        tabs: tabs(application, identity, 0),
        sections: sections.collect(),
        title: title.to_owned(),
        text: text.to_owned(),
        tag_rules: (section == "tagging").then(|| forms::tag_rules(application)),
        ..ApplicationPage::default()
    })
}

/// Draws a settings page.
pub fn draw(
    state: &WebState,
    identity: &Identity,
    page: &ApplicationPage,
    status: StatusCode,
) -> Result<HttpResponse, WebError> {
    let now = state.services.now();
    let frame = shell::frame(identity, Section::Applications, &page.name, now);
    let frame = shell::below(frame, "Applications", "/apps");
    shell::page_with(status, "pages/application.html", &frame, page)
}

/// `POST /apps/{application}/settings/{section}`
pub async fn save(
    state: Data<WebState>,
    identity: Identity,
    path: Path<(String, String)>,
    sent: Sent,
) -> Result<HttpResponse, WebError> {
    let (id, section) = path.into_inner();
    let before = api::find(&state, &id)?;
    let expected = get(&sent, "revision").parse().unwrap_or(before.revision);
    let stored = match forms::changed(&section, &before, &sent) {
        Ok(changed) => api::store(&state, &identity, changed, expected).await.map(|_| ()),
        Err(error) => Err(error),
    };
    match stored {
        Ok(()) => {
            Ok(see_other(&format!("/apps/{}/settings/{}?saved=1", before.id, encode(&section))))
        }
        Err(error) if error.status.is_client_error() => {
            let mut page = blank(&state, &identity, &before, &section)?;
            if let Some(rules) = &mut page.tag_rules {
                fields::put_back(&mut rules.form, &sent, &error);
            } else if let Some(mut form) = forms::form(&section, &before) {
                fields::put_back(&mut form, &sent, &error);
                page.form = Some(form);
            }
            draw(&state, &identity, &page, error.status)
        }
        Err(error) => Err(error),
    }
}
