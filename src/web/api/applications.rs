//! Applications and their health.

#![expect(unused_qualifications, reason = "the path macro repeats types of parameters")]

use std::collections::BTreeMap;

use actix_web::http::header;
use actix_web::web::{self, Data, Json, Path};
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use crate::base::id::ApplicationId;
use crate::logic::application_check::{self, Fault};
use crate::model::application::Application;
use crate::web::auth::Identity;
use crate::web::error::{FieldError, Problem, WebError};
use crate::web::ingest_base::ingest_base;
use crate::web::query::Query;
use crate::web::snippet_formats::{self, SnippetFormat};
use crate::web::state::WebState;
use crate::web::table::{self, Format, Page};
use crate::web::{etag, range};

const COLUMNS: &[&str] = &["id", "name", "kind", "enabled", "capture_percent", "created_at"];
/// Members that nobody sets.
const FIXED: &[&str] = &["id", "created_at", "revision"];

/// Form of a list.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub struct ListQuery {
    /// `json`, `csv` or `ndjson`; else `Accept` decides.
    pub format: Option<String>,
}

/// A new application.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewApplication {
    /// Unique name, 1 to 100 characters.
    pub name: String,
}

/// Range of a health report.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub struct HealthQuery {
    /// Start (default `-24h`).
    pub from: Option<String>,
    /// End (default `now`).
    pub to: Option<String>,
}

/// Is data arriving, and why not.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApplicationHealth {
    /// Application.
    #[schema(value_type = String)]
    pub application: ApplicationId,
    /// Beacons by outcome.
    pub outcomes: BTreeMap<&'static str, u64>,
}

/// Turns faults of settings into an answer.
pub fn refuse(faults: Vec<Fault>) -> Result<(), WebError> {
    if faults.is_empty() {
        return Ok(());
    }
    let errors = faults.into_iter().map(|(pointer, detail)| FieldError { pointer, detail });
    Err(WebError::invalid(errors.collect()))
}

/// The application with the id in the path.
pub fn find(state: &WebState, id: &str) -> Result<Application, WebError> {
    let id: ApplicationId = id.parse().map_err(|_| WebError::not_found("application"))?;
    state.services.catalog.application(id).ok_or_else(|| WebError::not_found("application"))
}

/// Adds an application: shared by API and page.
pub async fn add(
    state: &Data<WebState>,
    identity: &Identity,
    name: &str,
) -> Result<Application, WebError> {
    let services = state.services.clone();
    let author = identity.author(services.now());
    let draft = Application::new(ApplicationId(0), name.trim(), author.at);
    refuse(application_check::check_application(&draft))?;
    Ok(web::block(move || services.catalog.add_application(&draft.name, &author)).await??)
}

/// Checks and stores an application: shared by API and page.
pub async fn store(
    state: &Data<WebState>,
    identity: &Identity,
    application: Application,
    expected: u32,
) -> Result<Application, WebError> {
    refuse(application_check::check_application(&application))?;
    let services = state.services.clone();
    let author = identity.author(services.now());
    let privacy = state.services.catalog.application(application.id).map(|a| a.privacy);
    let stored =
        web::block(move || services.catalog.put_application(application, expected, &author))
            .await??;
    if privacy.as_ref() != Some(&stored.privacy) {
        // What was kept under other privacy settings may not be shown under these.
        state.services.observed.forget(stored.id);
    }
    Ok(stored)
}

/// Removes an application: shared by API and page.
pub async fn discard(
    state: &Data<WebState>,
    identity: &Identity,
    id: ApplicationId,
    expected: u32,
) -> Result<(), WebError> {
    let services = state.services.clone();
    let author = identity.author(services.now());
    web::block(move || services.catalog.remove_application(id, expected, &author)).await??;
    state.services.observed.forget(id);
    Ok(())
}

fn tagged(application: &Application, mut builder: actix_web::HttpResponseBuilder) -> HttpResponse {
    builder.insert_header(etag::etag(application.revision)).json(application)
}

/// All applications.
#[utoipa::path(get, path = "/api/v1/applications", tag = "applications", params(ListQuery),
    responses((status = 200, body = Vec<Application>)))]
pub async fn list(
    state: Data<WebState>,
    identity: Identity,
    query: Query<ListQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, WebError> {
    let format = Format::of(&request, query.format.as_deref())?;
    let applications = state.services.catalog.applications();
    let page = Page::whole(applications.iter().collect());
    table::answer(&page, ("applications", COLUMNS), format, &identity, &request)
}

/// Adds an application with default settings.
#[utoipa::path(post, path = "/api/v1/applications", tag = "applications", request_body = NewApplication,
    responses((status = 201, body = Application), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn create(
    state: Data<WebState>,
    identity: Identity,
    body: Json<NewApplication>,
) -> Result<HttpResponse, WebError> {
    let application = add(&state, &identity, &body.name).await?;
    Ok(tagged(&application, HttpResponse::Created()))
}

/// One application.
#[utoipa::path(get, path = "/api/v1/applications/{application}", tag = "applications",
    params(("application" = String, Path)), responses((status = 200, body = Application), (status = 404, body = Problem)))]
pub async fn get(state: Data<WebState>, id: Path<String>) -> Result<HttpResponse, WebError> {
    Ok(tagged(&find(&state, &id)?, HttpResponse::Ok()))
}

/// Changes an application: a JSON merge patch (RFC 7396), with `If-Match`.
#[utoipa::path(patch, path = "/api/v1/applications/{application}", tag = "applications",
    params(("application" = String, Path), ("If-Match" = String, Header)), request_body = Object,
    responses((status = 200, body = Application), (status = 412, body = Problem), (status = 428, body = Problem)))]
pub async fn change(
    state: Data<WebState>,
    identity: Identity,
    id: Path<String>,
    body: Json<Value>,
    request: HttpRequest,
) -> Result<HttpResponse, WebError> {
    let expected = etag::expected(&request)?;
    let application = patched(&find(&state, &id)?, &body)?;
    let stored = store(&state, &identity, application, expected).await?;
    Ok(tagged(&stored, HttpResponse::Ok()))
}

/// Removes an application and its detection rules, with `If-Match`.
#[utoipa::path(delete, path = "/api/v1/applications/{application}", tag = "applications",
    params(("application" = String, Path), ("If-Match" = String, Header)),
    responses((status = 204), (status = 409, body = Problem), (status = 412, body = Problem)))]
pub async fn remove(
    state: Data<WebState>,
    identity: Identity,
    id: Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, WebError> {
    let expected = etag::expected(&request)?;
    let application = find(&state, &id)?;
    discard(&state, &identity, application.id, expected).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Beacons of an application by outcome.
#[utoipa::path(get, path = "/api/v1/applications/{application}/health", tag = "applications",
    params(("application" = String, Path), HealthQuery), responses((status = 200, body = ApplicationHealth)))]
pub async fn health(
    state: Data<WebState>,
    id: Path<String>,
    query: Query<HealthQuery>,
) -> Result<HttpResponse, WebError> {
    let application = find(&state, &id)?.id;
    let services = state.services.clone();
    let (from, to) = range::range(query.from.as_deref(), query.to.as_deref(), services.now())?;
    let counts = web::block(move || services.store.outcomes(from, to)).await??;
    let mut outcomes = BTreeMap::new();
    for (key, count) in counts {
        if key.application == application {
            *outcomes.entry(key.outcome.name()).or_insert(0) += count;
        }
    }
    Ok(HttpResponse::Ok().json(ApplicationHealth { application, outcomes }))
}

/// A snippet for pages: `tag`, `fixed`, `integrity`, `inline` or `loader`, as text for build pipelines.
#[utoipa::path(get, path = "/api/v1/applications/{application}/snippets/{format}", tag = "applications",
    params(("application" = String, Path), ("format" = String, Path)),
    responses((status = 200, content_type = "text/plain", body = String), (status = 404, body = Problem)))]
pub async fn snippet(
    state: Data<WebState>,
    path: Path<(String, String)>,
    request: HttpRequest,
) -> Result<HttpResponse, WebError> {
    let (id, format) = path.into_inner();
    let application = find(&state, &id)?;
    let format = SnippetFormat::parse(&format).ok_or_else(|| WebError::not_found("format"))?;
    let base = ingest_base(&state, &request);
    let services = state.services.clone();
    let made = web::block(move || {
        snippet_formats::snippet(format, &application, services.snippets.code(), &base)
    });
    let policy = header::HeaderName::from_static("x-snippet-policy");
    let made = made.await?;
    Ok(HttpResponse::Ok()
        .content_type("text/plain; charset=utf-8")
        .insert_header((policy, made.policy))
        .body(made.html))
}

/// The application with a merge patch applied; unknown and fixed members are refused.
fn patched(application: &Application, patch: &Value) -> Result<Application, WebError> {
    let Value::Object(members) = patch else {
        return Err(WebError::bad_request("bad_json", "expected an object"));
    };
    if let Some(name) = FIXED.iter().find(|name| members.contains_key(**name)) {
        return refuse(vec![(format!("/{name}"), "this cannot be changed".to_owned())])
            .map(|()| application.clone());
    }
    let mut value = serde_json::to_value(application).map_err(WebError::internal)?;
    merge(&mut value, patch);
    let changed: Application = serde_json::from_value(value.clone())
        .map_err(|error| WebError::bad_request("bad_json", error.to_string()))?;
    let again = serde_json::to_value(&changed).map_err(WebError::internal)?;
    if again == value {
        Ok(changed)
    } else {
        Err(WebError::bad_request("bad_json", "there are members that are not known"))
    }
}

fn merge(target: &mut Value, patch: &Value) {
    match (target, patch) {
        (Value::Object(target), Value::Object(patch)) => {
            for (key, value) in patch {
                merge(target.entry(key.as_str()).or_insert(Value::Null), value);
            }
        }
        (target, patch) => *target = patch.clone(),
    }
}
