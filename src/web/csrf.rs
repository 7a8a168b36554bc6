//! Requests that change something must come from our own pages (Fetch Metadata, else Origin).

use actix_web::HttpRequest;
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderMap};

use super::error::WebError;

/// Refuses a writing request that another site may have caused. Requests with a token are not asked: no browser sends one
/// by itself.
pub fn check(request: &HttpRequest, public_url: &str) -> Result<(), WebError> {
    let headers = request.headers();
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS)
        || headers.contains_key(header::AUTHORIZATION)
    {
        return Ok(());
    }
    let is_own = match text(headers, "sec-fetch-site") {
        Some(site) => site == "same-origin" || site == "none",
        None => match text(headers, "origin") {
            Some(origin) => is_own_origin(origin, text(headers, "host"), public_url),
            None => !headers.contains_key(header::COOKIE) && is_json(headers),
        },
    };
    if is_own {
        Ok(())
    } else {
        Err(WebError::new(
            actix_web::http::StatusCode::FORBIDDEN,
            "cross_site",
            "this request did not come from a page of this server",
        ))
    }
}

fn is_own_origin(origin: &str, host: Option<&str>, public_url: &str) -> bool {
    if !public_url.is_empty() && origin == public_url.trim_end_matches('/') {
        return true;
    }
    let authority = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
    match (authority, host) {
        (Some(authority), Some(host)) => authority.eq_ignore_ascii_case(host),
        _ => false,
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    text(headers, "content-type").is_some_and(|kind| kind.starts_with("application/json"))
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}
