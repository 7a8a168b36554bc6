//! `/apps/{application}/settings`: every setting of an application, the ways into pages, and taking it away.

use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::apdex_forms;
use super::application_forms as forms;
use super::applications::{Tab, tabs};
use super::fields::{self, Sent, get};
use super::privacy_forms;
use super::rule_test::{self, Looking};
use super::rules;
use super::shell::{self, encode};
use crate::base::id::ApplicationId;
use crate::base::time::{DAY_MILLIS, Timestamp};
use crate::logic::query_parser::parse;
use crate::model::application::Application;
use crate::search::SearchRequest;
use crate::web::api::apdex_trial;
use crate::web::api::applications as api;
use crate::web::api::sessions::find;
use crate::web::auth::Identity;
use crate::web::error::WebError;
use crate::web::format;
use crate::web::gate::see_other;
use crate::web::ingest_base::ingest_base;
use crate::web::permission::Permission;
use crate::web::query::Query;
use crate::web::snippet_formats::{self, SnippetFormat};
use crate::web::state::WebState;
use crate::web::ui::applications::{
    ApplicationPage, FormatView, RecipeView, RemovalView, TagRulesView,
};
use crate::web::ui::frame::{Link, Section};
use crate::web::ui::parts::{Field, Form};

/// Bytes of a snippet that a page shows; longer ones are files.
const SNIPPET_SHOWN: usize = 8 * 1024;
/// Days whose sessions are counted before an application is taken away.
const REMOVAL_DAYS: i64 = 35;

/// `GET /apps/{application}/settings/{section}`: `saved` after a change, `check` with an address for the rules, `allow`
/// with an origin for the list of allowed ones, or thresholds to try.
pub async fn settings(
    state: Data<WebState>,
    identity: Identity,
    path: Path<(String, String)>,
    query: Query<Vec<(String, String)>>,
    request: HttpRequest,
) -> Result<HttpResponse, WebError> {
    let (id, section) = path.into_inner();
    let application = api::find(&state, &id)?;
    let mut form = forms::form(&section, &application);
    let origin = get(&query, "allow");
    if let Some(form) = form.as_mut().filter(|_| !origin.is_empty()) {
        forms::propose_origin(form, origin);
    }
    let mut page = blank(&state, &identity, &application, &section)?;
    page.form = form;
    page.is_saved = !get(&query, "saved").is_empty();
    match section.as_str() {
        "apdex" => fill_apdex(&state, &identity, &application, &query, &mut page).await?,
        "snippet" => {
            let base = ingest_base(&state, &request);
            fill_formats(&state, &application, &base, &mut page).await?;
        }
        "detection" => {
            page.rules = Some(rules::view(&state, &application, get(&query, "check")));
        }
        "delete" => page.removal = Some(removal(&state, &application, String::new()).await?),
        _ => {}
    }
    draw(&state, &identity, &page, StatusCode::OK)
}

/// The form of thresholds beside what they would give: those in force, or those that were typed.
async fn fill_apdex(
    state: &Data<WebState>,
    identity: &Identity,
    application: &Application,
    sent: &[(String, String)],
    page: &mut ApplicationPage,
) -> Result<(), WebError> {
    let Some(form) = page.form.take() else { return Ok(()) };
    let sample = if identity.can(Permission::ReadSessions) {
        Some(apdex_trial::sample(state, application.id).await?)
    } else {
        None
    };
    let zone = shell::zone(identity);
    let sample = sample.as_deref().map(|sample| (sample, zone.as_str()));
    page.apdex = Some(apdex_forms::view(application, form, sent, sample));
    Ok(())
}

/// The ways into pages, and recipes for servers.
async fn fill_formats(
    state: &Data<WebState>,
    application: &Application,
    base: &str,
    page: &mut ApplicationPage,
) -> Result<(), WebError> {
    let services = state.services.clone();
    let (own, at) = (application.clone(), base.to_owned());
    let made = web::block(move || {
        let code = services.snippets.code();
        let all = SnippetFormat::ALL.iter();
        all.map(|format| (*format, snippet_formats::snippet(*format, &own, code, &at)))
            .collect::<Vec<_>>()
    })
    .await?;
    let line = made.first().map_or_else(String::new, |(_, tag)| tag.html.clone());
    for (format, snippet) in made {
        let size = snippet.html.len();
        let is_short = size <= SNIPPET_SHOWN;
        page.formats.push(FormatView {
            name: format.name(),
            title: format.title(),
            text: format.text(),
            size: format::bytes(size as u64),
            html: if is_short { snippet.html } else { String::new() },
            file: format!("/api/v1/applications/{}/snippets/{}", application.id, format.name()),
            policy: snippet.policy,
        });
    }
    let recipes = snippet_formats::recipes(&line, base).into_iter();
    page.recipes = recipes.map(|(server, note, text)| RecipeView { server, note, text }).collect();
    Ok(())
}

/// What it means to take an application away, in numbers.
async fn removal(
    state: &Data<WebState>,
    application: &Application,
    error: String,
) -> Result<RemovalView, WebError> {
    let (catalog, now) = (&state.services.catalog, state.services.now());
    let rules = catalog.detection_rules();
    let own = rules.iter().filter(|rule| rule.application == application.id).count() as u64;
    let mut request = SearchRequest::new(
        parse(&format!("app:{}", application.id)),
        Timestamp(now.0.saturating_sub(REMOVAL_DAYS * DAY_MILLIS)),
        now,
    );
    request.want_total = true;
    request.limit = 1;
    let (answer, _) = find(state, request).await?;
    let sessions = answer.counts.map_or(0, |counts| counts.total);
    let typed = Field::new("text", "name", "Name of the application", "")
        .help("Type the name to show that you mean this one.")
        .required();
    let revision = Field::new("hidden", "revision", "", &application.revision.to_string());
    let is_default = application.id == ApplicationId::DEFAULT;
    Ok(RemovalView {
        form: Form {
            action: format!("/apps/{}/remove", application.id),
            fields: vec![typed, revision],
            submit: "Delete the application".to_owned(),
            error,
        },
        facts: vec![
            format!("{} go with it.", shell::plural(own, "detection rule")),
            "Pages that carry its line are refused from then on: unknown application.".to_owned(),
            format!(
                "{} of the last {REMOVAL_DAYS} days stay, under its id, until their retention is over.",
                shell::plural(sessions, "session")
            ),
            "Its settings cannot be brought back.".to_owned(),
        ],
        refusal: if is_default {
            "The default application takes what no rule claims and cannot be deleted. It can be switched off under General."
        } else {
            ""
        },
    })
}

/// `POST /apps/{application}/remove`
pub async fn remove(
    state: Data<WebState>,
    identity: Identity,
    id: Path<String>,
    sent: Sent,
) -> Result<HttpResponse, WebError> {
    let application = api::find(&state, &id)?;
    let expected = get(&sent, "revision").parse().unwrap_or(application.revision);
    let done = if get(&sent, "name") == application.name {
        api::discard(&state, &identity, application.id, expected).await
    } else {
        Err(forms::fault("name", "this is not its name"))
    };
    match done {
        Ok(()) => Ok(see_other("/apps")),
        Err(error) if error.status.is_client_error() => {
            let mut page = blank(&state, &identity, &application, "delete")?;
            let mut view = removal(&state, &application, String::new()).await?;
            fields::put_back(&mut view.form, &sent, &error);
            page.removal = Some(view);
            draw(&state, &identity, &page, error.status)
        }
        Err(error) => Err(error),
    }
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
    let facts = rules::leading_here(application.id, &rules);
    Ok(ApplicationPage {
        name: application.name.clone(),
        facts: format!("{} · {facts}", application.id),
        tabs: tabs(application, identity, Tab::Settings),
        sections: sections.collect(),
        title: title.to_owned(),
        text: text.to_owned(),
        tag_rules: rule_page(state, identity, application, section),
        samples: if section == "privacy" {
            privacy_forms::samples(&application.privacy)
        } else {
            Vec::new()
        },
        locked: if identity.can(Permission::WriteApplications) {
            String::new()
        } else {
            let role = super::words::role(Permission::WriteApplications.role());
            format!("You may look, not change: that needs the role {role}.")
        },
        ..ApplicationPage::default()
    })
}

/// The rules of a section, with what pages told lately.
fn rule_page(
    state: &WebState,
    identity: &Identity,
    application: &Application,
    section: &str,
) -> Option<TagRulesView> {
    let mut view = match section {
        "tagging" => forms::tag_rules(application),
        "properties" => forms::property_rules(application),
        _ => return None,
    };
    if identity.can(Permission::ReadSessions) {
        let zone = shell::zone(identity);
        let looking = Looking {
            now: state.services.now(),
            zone: &zone,
            sees_unmasked: identity.sees_unmasked(),
        };
        let pages = state.services.observed.pages(application.id);
        view.live = Some(rule_test::live(&pages, view.is_property, looking));
    }
    Some(view)
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
    if get(&sent, "do") == "test" {
        return try_rule(&state, &identity, &before, &section, &sent);
    }
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
            if section == "apdex" {
                fill_apdex(&state, &identity, &before, &sent, &mut page).await?;
            }
            draw(&state, &identity, &page, error.status)
        }
        Err(error) => Err(error),
    }
}

/// A rule that was typed, against what pages told: nothing is stored.
fn try_rule(
    state: &WebState,
    identity: &Identity,
    application: &Application,
    section: &str,
    sent: &[(String, String)],
) -> Result<HttpResponse, WebError> {
    let mut page = blank(state, identity, application, section)?;
    let mut status = StatusCode::OK;
    if let Some(rules) = &mut page.tag_rules {
        let pages = state.services.observed.pages(application.id);
        let mut live = rules.live.take().unwrap_or_default();
        let tried = rule_test::attempt(&mut live, sent, &pages);
        rules.live = Some(live);
        let error = tried.err().unwrap_or_else(|| WebError::invalid(Vec::new()));
        let is_wrong = !error.errors.is_empty();
        fields::put_back(&mut rules.form, sent, &error);
        if is_wrong {
            status = error.status;
        } else {
            rules.form.error.clear();
        }
    }
    draw(state, identity, &page, status)
}
