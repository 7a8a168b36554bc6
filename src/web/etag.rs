//! Writes say which revision they had seen.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::http::header;

use super::error::WebError;

/// The `ETag` of a revision.
#[must_use]
pub fn etag(revision: u32) -> (header::HeaderName, String) {
    (header::ETAG, format!("\"{revision}\""))
}

/// The revision in `If-Match`: 428 when it is missing.
pub fn expected(request: &HttpRequest) -> Result<u32, WebError> {
    let Some(value) = request.headers().get(header::IF_MATCH) else {
        return Err(WebError::new(
            StatusCode::PRECONDITION_REQUIRED,
            "if_match_needed",
            "send the ETag that you have seen as If-Match",
        ));
    };
    let text = value.to_str().unwrap_or_default().trim();
    let number = text.strip_prefix('"').and_then(|t| t.strip_suffix('"')).unwrap_or(text);
    number.parse().map_err(|_| {
        WebError::new(StatusCode::PRECONDITION_FAILED, "changed_meanwhile", "If-Match does not fit")
    })
}
