//! For machines that watch over this one.

use std::fmt::Write;
use std::sync::atomic::Ordering;

use actix_web::HttpResponse;
use actix_web::web::Data;

use super::state::WebState;
use crate::base::time::{Millis, Timestamp};

/// Age of the pipeline's last sign of life above which the process is not ready.
const HEARTBEAT_MAX: Millis = Millis::secs(10);

/// The process answers.
pub async fn live() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("ok\n")
}

/// The process can do its work.
pub async fn ready(state: Data<WebState>) -> HttpResponse {
    let services = &state.services;
    let beat = Timestamp(services.gauges.heartbeat.load(Ordering::Relaxed));
    let trouble = if services.catalog.has_accounts().is_err() {
        Some("the catalog cannot be read")
    } else if services.store.latch().is_some() {
        Some("the store does not take writes")
    } else if services.gauges.is_full.load(Ordering::Relaxed) {
        Some("the disk is full")
    } else if services.now().since(beat) > HEARTBEAT_MAX {
        Some("the pipeline does not move")
    } else {
        None
    };
    let (mut response, text) = match trouble {
        None => (HttpResponse::Ok(), "ready"),
        Some(text) => (HttpResponse::ServiceUnavailable(), text),
    };
    response.content_type("text/plain; charset=utf-8").body(format!("{text}\n"))
}

/// Prometheus text format.
pub async fn metrics(state: Data<WebState>) -> HttpResponse {
    let services = &state.services;
    let mut body = String::new();
    let mut gauge = |name: &str, kind: &str, help: &str, value: u64| {
        let _fits = write!(
            body,
            "# HELP footfall_{name} {help}\n# TYPE footfall_{name} {kind}\nfootfall_{name} {value}\n"
        );
    };
    let up = u64::from(services.now().since(services.started_at).0 / 1_000);
    let open = services.gauges.open_sessions.load(Ordering::Relaxed);
    gauge("uptime_seconds", "gauge", "Time since the start.", up);
    gauge("applications", "gauge", "Applications.", services.catalog.applications().len() as u64);
    gauge("open_sessions", "gauge", "Open sessions.", u64::try_from(open).unwrap_or(0));
    gauge(
        "staged_bytes",
        "gauge",
        "Bytes on the way from the journal to the day files.",
        services.store.staged_bytes() as u64,
    );
    gauge("beacons_offered_total", "counter", "Beacons that arrived.", services.outcomes.offered());
    body.push_str("# HELP footfall_beacons_total Beacons by outcome.\n# TYPE footfall_beacons_total counter\n");
    for (outcome, total) in services.outcomes.totals() {
        let name = outcome.name();
        let _fits = writeln!(body, "footfall_beacons_total{{outcome=\"{name}\"}} {total}");
    }
    body.push_str("# HELP footfall_values_capped_total Values over the limit of a day, by kind.\n# TYPE footfall_values_capped_total counter\n");
    for (kind, total) in services.outcomes.capped(None) {
        let name = kind.name();
        let _fits = writeln!(body, "footfall_values_capped_total{{kind=\"{name}\"}} {total}");
    }
    HttpResponse::Ok().content_type("text/plain; version=0.0.4; charset=utf-8").body(body)
}
