//! The address of the ingest listener, for whatever is put into pages.

use actix_web::HttpRequest;
use actix_web::http::header;

use super::state::WebState;

/// The public address, or else the ingest listener as the browser of this request would reach it; no slash at the end.
#[must_use]
pub fn ingest_base(state: &WebState, request: &HttpRequest) -> String {
    let ingest = &state.services.config.ingest;
    if !ingest.public_url.is_empty() {
        return ingest.public_url.trim_end_matches('/').to_owned();
    }
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    let host = host.unwrap_or("localhost");
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.chars().all(|c| c.is_ascii_digit()) => name,
        _ => host,
    };
    format!("http://{name}:{}", ingest.listen.port())
}
