//! For machines that watch over this one.

use actix_web::HttpResponse;
use actix_web::web::Data;

use super::state::WebState;

/// The process answers.
pub async fn live() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/plain; charset=utf-8")
        .body("ok\n")
}

/// The process can do its work.
pub async fn ready(state: Data<WebState>) -> HttpResponse {
    match state.services.catalog.has_accounts() {
        Ok(_) => HttpResponse::Ok()
            .content_type("text/plain; charset=utf-8")
            .body("ready\n"),
        Err(_) => HttpResponse::ServiceUnavailable()
            .content_type("text/plain; charset=utf-8")
            .body("the catalog cannot be read\n"),
    }
}

/// Prometheus text format.
pub async fn metrics(state: Data<WebState>) -> HttpResponse {
    let services = &state.services;
    let up = services.now().0.saturating_sub(services.started_at.0) / 1_000;
    let body = format!(
        "# HELP footfall_uptime_seconds Time since the start.\n# TYPE footfall_uptime_seconds gauge\n\
         footfall_uptime_seconds {up}\n\
         # HELP footfall_applications Applications.\n# TYPE footfall_applications gauge\n\
         footfall_applications {}\n",
        services.catalog.applications().len()
    );
    HttpResponse::Ok()
        .content_type("text/plain; version=0.0.4; charset=utf-8")
        .body(body)
}
