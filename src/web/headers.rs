//! The outermost layer of the admin listener: request id, security headers, bodies of errors.

use actix_web::Error;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::Data;

use super::error::WebError;
use super::state::WebState;

/// Content Security Policy of everything on the admin listener.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; \
     base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";

const FIXED: &[(&str, &str)] = &[
    ("content-security-policy", CONTENT_SECURITY_POLICY),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
];

/// Answers with our headers, whatever happens inside.
pub async fn outermost(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let instance = request
        .app_data::<Data<WebState>>()
        .map_or_else(String::new, |s| format!("{:016x}", s.services.entropy.next_u64()));
    // The request must not be cloned here: actix needs it alone to note what the path matched.
    let response = next.call(request).await?.map_into_boxed_body();
    let mut response = explain(response, &instance);
    decorate(response.headers_mut(), &instance);
    Ok(response)
}

/// Gives errors their body: now it is known who asks.
fn explain(response: ServiceResponse<BoxBody>, instance: &str) -> ServiceResponse<BoxBody> {
    let Some(error) = response.response().error() else {
        return response;
    };
    let error = error.as_error::<WebError>().cloned().unwrap_or_else(|| {
        let status = response.status();
        if status.is_server_error() {
            WebError { status, ..WebError::internal(error) }
        } else {
            WebError::new(status, "refused", error.to_string())
        }
    });
    let (request, _) = response.into_parts();
    let answer = error.answer(&request, instance);
    ServiceResponse::new(request, answer)
}

fn decorate(headers: &mut HeaderMap, instance: &str) {
    for (name, value) in FIXED {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if let Ok(value) = HeaderValue::from_str(instance) {
        headers.insert(HeaderName::from_static("x-request-id"), value);
    }
}
