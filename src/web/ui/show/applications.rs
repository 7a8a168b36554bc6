//! `/apps/new`: a new application; and the tabs of one.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;

use super::fields::{self, Sent, get};
use super::shell;
use crate::model::application::{Application, DetectionOperator, DetectionRule, DetectionTarget};
use crate::web::api::applications as api;
use crate::web::api::detection_rules;
use crate::web::auth::Identity;
use crate::web::error::{FieldError, WebError};
use crate::web::gate::see_other;
use crate::web::permission::Permission;
use crate::web::state::WebState;
use crate::web::ui::applications::NewApplicationPage;
use crate::web::ui::frame::{Link, Section};
use crate::web::ui::parts::{Field, Form};

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

/// A page of an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    /// Its numbers.
    Overview,
    /// Its user actions.
    Actions,
    /// Whether data arrives.
    Health,
    /// Its settings.
    Settings,
}

/// Tabs of the pages of an application that somebody may see.
#[must_use]
pub fn tabs(application: &Application, identity: &Identity, current: Tab) -> Vec<Link> {
    let base = format!("/apps/{}", application.id);
    [
        (Tab::Overview, "Overview", "", Permission::ReadApplications),
        (Tab::Actions, "User actions", "/actions", Permission::ReadSessions),
        (Tab::Health, "Health", "/health", Permission::ReadApplications),
        (Tab::Settings, "Settings", "/settings/general", Permission::ReadApplications),
    ]
    .into_iter()
    .filter(|(.., permission)| identity.can(*permission))
    .map(|(tab, label, path, _)| Link {
        is_current: tab == current,
        ..Link::new(label, &format!("{base}{path}"))
    })
    .collect()
}
