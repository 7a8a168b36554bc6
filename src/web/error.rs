//! Errors as answers: problem details (RFC 9457) for programs, a page for people.

use std::fmt;

use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use serde::Serialize;
use utoipa::ToSchema;

use crate::engine::access::AccessError;
use crate::store;
use crate::store::catalog::CatalogError;

/// What is wrong with one field of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldError {
    /// JSON pointer to the field, or name of the parameter.
    pub pointer: String,
    /// What is wrong.
    pub detail: String,
}

/// A refusal or failure, as the person or program is told.
#[derive(Debug, Clone)]
pub struct WebError {
    /// HTTP status.
    pub status: StatusCode,
    /// Short name that never changes.
    pub code: &'static str,
    /// Sentence for people.
    pub detail: String,
    /// Faults of single fields.
    pub errors: Vec<FieldError>,
    /// Seconds after which to try again.
    pub retry_after: Option<u64>,
    /// What the log is told and the asker is not.
    pub source: Option<String>,
}

/// Problem details as they are sent.
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// Address of the description of this problem.
    pub r#type: String,
    /// The same for all problems of this type.
    pub title: String,
    /// HTTP status.
    pub status: u16,
    /// What happened here.
    pub detail: String,
    /// Id of the request, as in the log.
    pub instance: String,
    /// Faults of single fields.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
}

impl WebError {
    /// An error with status, code and sentence.
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self {
            status,
            code,
            detail: detail.into(),
            errors: Vec::new(),
            retry_after: None,
            source: None,
        }
    }

    /// 400.
    pub fn bad_request(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, detail)
    }

    /// 404.
    #[must_use]
    pub fn not_found(what: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", format!("there is no such {what}"))
    }

    /// 401.
    #[must_use]
    pub fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthorized", "sign in, or send a token")
    }

    /// 403.
    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", detail)
    }

    /// 422 with the fields at fault.
    #[must_use]
    pub fn invalid(errors: Vec<FieldError>) -> Self {
        let detail = errors.iter().map(|e| e.detail.as_str()).collect::<Vec<_>>().join("; ");
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        Self { errors, ..Self::new(status, "invalid", detail) }
    }

    /// 500; the cause goes to the log only.
    pub fn internal(source: impl fmt::Display) -> Self {
        let status = StatusCode::INTERNAL_SERVER_ERROR;
        Self {
            source: Some(source.to_string()),
            ..Self::new(status, "internal", "something failed here; the log has more")
        }
    }

    /// As problem details.
    #[must_use]
    pub fn problem(&self, instance: &str) -> Problem {
        Problem {
            r#type: format!("/help/problems#{}", self.code),
            title: self.status.canonical_reason().unwrap_or("Error").to_owned(),
            status: self.status.as_u16(),
            detail: self.detail.clone(),
            instance: instance.to_owned(),
            errors: self.errors.clone(),
        }
    }

    /// The whole answer: problem details for the API, a page for everything else.
    #[must_use]
    pub fn answer(&self, request: &HttpRequest, instance: &str) -> HttpResponse {
        if self.status.is_server_error() {
            let source = self.source.as_deref().unwrap_or_default();
            tracing::error!(request = instance, path = request.path(), source, "request failed");
        }
        let mut builder = HttpResponse::build(self.status);
        if let Some(seconds) = self.retry_after {
            builder.insert_header((header::RETRY_AFTER, seconds.to_string()));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            builder.insert_header((header::WWW_AUTHENTICATE, "Bearer realm=\"footfall\""));
        }
        if is_page(request) {
            builder
                .content_type("text/html; charset=utf-8")
                .body(super::error_page::render(self, instance, request))
        } else {
            let body = serde_json::to_string(&self.problem(instance)).unwrap_or_default();
            builder.content_type("application/problem+json").body(body)
        }
    }
}

/// Whether the asker is a person with a browser.
#[must_use]
pub fn is_page(request: &HttpRequest) -> bool {
    let is_machine = ["/api/v1", "/beacon/", "/tag/", "/healthz", "/readyz", "/metrics"]
        .iter()
        .any(|prefix| request.path().starts_with(prefix));
    !is_machine
}

impl fmt::Display for WebError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.detail)
    }
}

impl ResponseError for WebError {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    /// A bare form: the outermost layer writes the body when it knows who asks.
    fn error_response(&self) -> HttpResponse<BoxBody> {
        let body = serde_json::to_string(&self.problem("")).unwrap_or_default();
        let mut response = HttpResponse::build(self.status).body(body);
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        response
    }
}

impl From<CatalogError> for WebError {
    fn from(error: CatalogError) -> Self {
        let text = error.to_string();
        match error {
            CatalogError::NotFound(what) => Self::not_found(what),
            CatalogError::Conflict { .. } => {
                Self::new(StatusCode::PRECONDITION_FAILED, "changed_meanwhile", text)
            }
            CatalogError::NameTaken(_) => Self::new(StatusCode::CONFLICT, "name_taken", text),
            CatalogError::Full { .. } => Self::new(StatusCode::CONFLICT, "full", text),
            CatalogError::Forbidden(_) => Self::new(StatusCode::CONFLICT, "not_possible", text),
            CatalogError::Storage(source) => Self::internal(format!("{text}: {source}")),
            CatalogError::Damaged(_) | CatalogError::Folder(_) => Self::internal(text),
        }
    }
}

impl From<AccessError> for WebError {
    fn from(error: AccessError) -> Self {
        let text = error.to_string();
        match error {
            AccessError::Wrong => Self::new(StatusCode::UNAUTHORIZED, "wrong_sign_in", text),
            AccessError::WrongSetUpToken => {
                Self::new(StatusCode::FORBIDDEN, "wrong_set_up_token", text)
            }
            AccessError::SetUpDone => Self::new(StatusCode::NOT_FOUND, "set_up_done", text),
            AccessError::Wait { millis } => Self {
                retry_after: Some(u64::try_from(millis.max(0)).unwrap_or(0).div_ceil(1_000).max(1)),
                ..Self::new(StatusCode::TOO_MANY_REQUESTS, "wait", text)
            },
            AccessError::Busy => Self {
                retry_after: Some(2),
                ..Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", text)
            },
            AccessError::BadName => field("/name", text),
            AccessError::Password(_) => field("/password", text),
            AccessError::BadExpiry => field("/days", text),
            AccessError::Catalog(error) => error.into(),
        }
    }
}

fn field(pointer: &str, detail: String) -> WebError {
    WebError::invalid(vec![FieldError { pointer: pointer.to_owned(), detail }])
}

impl From<store::Error> for WebError {
    fn from(error: store::Error) -> Self {
        Self::internal(error)
    }
}

impl From<actix_web::error::BlockingError> for WebError {
    fn from(error: actix_web::error::BlockingError) -> Self {
        Self::internal(error)
    }
}
