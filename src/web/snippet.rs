//! The agent endpoints: `GET /tag/{application}.js` with settings, `GET /agent/{version-digest}.js` without. The body
//! depends on the path alone.

use actix_web::http::header::{self, HeaderName};
use actix_web::web::{self, Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::state::WebState;
use crate::base::id::ApplicationId;
use crate::engine::snippet::Tag;

/// A year, the longest time that caches respect.
const IMMUTABLE: &str = "public, max-age=31536000, immutable";

/// Sends the agent with the settings of an application.
pub async fn tag(request: HttpRequest, path: Path<String>, state: Data<WebState>) -> HttpResponse {
    let services = &state.services;
    let id = path.strip_suffix(".js").and_then(|id| id.parse::<ApplicationId>().ok());
    let registry = services.registry.load();
    let Some(application) = id.and_then(|id| registry.application(id)) else {
        return nothing("no such application\n");
    };
    let known = services.snippets.known_tag(application);
    let (application, services) = (application.clone(), services.clone());
    let url = services.config.ingest.public_url.clone();
    let max_age = services.config.ingest.agent_max_age;
    let made = match known {
        Some(tag) => Ok(tag),
        None => web::block(move || services.snippets.tag(&application, &url)).await,
    };
    match made {
        Ok(tag) => send(&request, &tag, format!("public, max-age={max_age}")),
        Err(_) => HttpResponse::ServiceUnavailable().finish(),
    }
}

/// Sends the agent without settings: a file of this name never changes.
pub async fn agent(
    request: HttpRequest,
    path: Path<String>,
    state: Data<WebState>,
) -> HttpResponse {
    let services = state.services.clone();
    let name = path.into_inner();
    let made = web::block(move || services.snippets.file(&services.catalog, &name)).await;
    match made {
        Ok(Ok(Some(tag))) => send(&request, &tag, IMMUTABLE.to_owned()),
        Ok(Ok(None)) => nothing("no such version of the agent\n"),
        Ok(Err(_)) | Err(_) => HttpResponse::ServiceUnavailable().finish(),
    }
}

fn nothing(text: &'static str) -> HttpResponse {
    HttpResponse::NotFound()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::CONTENT_TYPE, "text/plain; charset=utf-8"))
        .body(text)
}

fn send(request: &HttpRequest, tag: &Tag, cache: String) -> HttpResponse {
    let value = |name: HeaderName| {
        request.headers().get(name).and_then(|v| v.to_str().ok()).unwrap_or_default()
    };
    let is_known = value(header::IF_NONE_MATCH)
        .split(',')
        .any(|etag| etag.trim().trim_start_matches("W/") == tag.etag);
    let mut response = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response
        .insert_header((header::CACHE_CONTROL, cache))
        .insert_header((header::ETAG, tag.etag.clone()))
        .insert_header((header::VARY, "Accept-Encoding"))
        .insert_header((header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"))
        .insert_header((HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::CONTENT_TYPE, "text/javascript; charset=utf-8"));
    if is_known {
        return response.finish();
    }
    let accepted = value(header::ACCEPT_ENCODING);
    let accepts = |coding: &str| {
        accepted.split(',').any(|part| part.split(';').next().unwrap_or_default().trim() == coding)
    };
    if accepts("br") && !tag.brotli.is_empty() {
        response.insert_header((header::CONTENT_ENCODING, "br")).body(tag.brotli.clone())
    } else if accepts("gzip") && !tag.gzip.is_empty() {
        response.insert_header((header::CONTENT_ENCODING, "gzip")).body(tag.gzip.clone())
    } else {
        response.body(tag.plain.clone())
    }
}
