//! The gate before every handler of the admin listener: who asks, from where, and whether they may.

use actix_web::body::BoxBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header;
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpMessage, HttpRequest, HttpResponse};

use super::auth::{self, Identity};
use super::csrf;
use super::error::{self, WebError};
use super::permission::Access;
use super::state::WebState;

/// Lets a request through to its handler, or answers in its place.
pub async fn pass(
    access: Access,
    request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    match decide(access, request.request()).await {
        Ok(None) => next.call(request).await,
        Ok(Some(answer)) => Ok(request.into_response(answer)),
        Err(refusal) => Ok(request.error_response(refusal)),
    }
}

async fn decide(access: Access, request: &HttpRequest) -> Result<Option<HttpResponse>, WebError> {
    let state = request
        .app_data::<Data<WebState>>()
        .cloned()
        .ok_or_else(|| WebError::internal("no state"))?;
    csrf::check(request, &state.services.config.admin.public_url)?;
    auth::resolve(request, &state).await?;
    let identity = request.extensions().get::<Identity>().cloned();
    match (access, identity) {
        (Access::SelfOnly, Some(identity)) if identity.token.is_some() => {
            Err(WebError::forbidden("a token cannot do this"))
        }
        (Access::Public, _) | (Access::SelfOnly | Access::SignedIn, Some(_)) => Ok(None),
        (Access::SetUp, _) => {
            if !state.services.catalog.has_accounts()? {
                Ok(None)
            } else if error::is_page(request) {
                Ok(Some(see_other("/login")))
            } else {
                Err(WebError::new(
                    actix_web::http::StatusCode::NOT_FOUND,
                    "set_up_done",
                    "the set-up is already done",
                ))
            }
        }
        (Access::Needs(permission), Some(identity)) => {
            if identity.can(permission) {
                Ok(None)
            } else {
                Err(WebError::forbidden(format!("this needs the permission {}", permission.name())))
            }
        }
        (Access::SelfOnly | Access::SignedIn | Access::Needs(_), None) => {
            nobody(request, &state).map(Some)
        }
    }
}

/// Nobody is signed in: people go to the page where they can, programs are told.
fn nobody(request: &HttpRequest, state: &WebState) -> Result<HttpResponse, WebError> {
    if !error::is_page(request) {
        return Err(WebError::unauthorized());
    }
    if !state.services.catalog.has_accounts()? {
        return Ok(see_other("/setup"));
    }
    let wanted = request.uri().path_and_query().map_or("/", |p| p.as_str());
    if wanted == "/" || request.method() != actix_web::http::Method::GET {
        return Ok(see_other("/login"));
    }
    let next = utf8_percent(wanted);
    Ok(see_other(&format!("/login?next={next}")))
}

/// A redirect after which the browser asks with GET.
#[must_use]
pub fn see_other(to: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((header::LOCATION, to)).finish()
}

/// The page to go to after signing in: only a path of this server.
#[must_use]
pub fn local_path(next: &str) -> &str {
    let is_local = next.starts_with('/')
        && !next.starts_with("//")
        && !next.contains(['\\', '\r', '\n', '\t'])
        && !next.starts_with("/login")
        && next.len() <= 2_000;
    if is_local { next } else { "/" }
}

fn utf8_percent(text: &str) -> String {
    use std::fmt::Write;
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}
