//! The beacon endpoint: `POST /beacon/{application}`. The answer is sent after the beacon is on disk.

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::web::{Bytes, BytesMut, Data, Path, Payload};
use actix_web::{HttpRequest, HttpResponse};
use futures_util::StreamExt;

use super::client_ip;
use super::error::Problem;
use super::state::WebState;
use crate::base::id::ApplicationId;
use crate::base::limits;
use crate::engine::collector::{Arrival, Refused};
use crate::model::outcome::Outcome;

/// Time for a body to arrive, and for its batch to be written.
const BODY_WAIT: Duration = Duration::from_secs(10);
const COMMIT_WAIT: Duration = Duration::from_secs(20);

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// Takes one beacon.
pub async fn beacon(
    request: HttpRequest,
    path: Path<String>,
    payload: Payload,
    state: Data<WebState>,
) -> HttpResponse {
    let collector = &state.services.collector;
    let headers = request.headers();
    let ip = client_ip::resolve(
        request.peer_addr().map(|peer| peer.ip()),
        headers,
        &state.ingest_proxies,
    );
    let is_one_coding = headers.get_all(header::CONTENT_ENCODING).count() <= 1;
    let arrival = Arrival {
        at: collector.now(),
        application: path.parse().unwrap_or(ApplicationId(0)),
        ip: Some(ip),
        origin: text(headers, &header::ORIGIN),
        user_agent: text(headers, &header::USER_AGENT),
        encoding: if is_one_coding { text(headers, &header::CONTENT_ENCODING) } else { "?" },
    };
    if let Err(refused) = collector.admit(&arrival) {
        return answer(refused);
    }
    let body = match read(payload).await {
        Ok(body) => body,
        Err(outcome) => {
            return answer(collector.refuse(&arrival, Refused { outcome, retry_after: None }));
        }
    };
    let outcome = match collector.offer(&arrival, &body) {
        Ok(outcome) => outcome,
        Err(refused) => return answer(refused),
    };
    let outcome = match actix_web::rt::time::timeout(COMMIT_WAIT, outcome).await {
        Ok(Ok(outcome)) => outcome,
        // The pipeline counts it when it gets there; a resend is recognized by its id.
        Ok(Err(_)) | Err(_) => Outcome::StoreUnavailable,
    };
    answer(collector.answer(outcome))
}

async fn read(mut payload: Payload) -> Result<Bytes, Outcome> {
    let all = async {
        let mut body = BytesMut::new();
        while let Some(chunk) = payload.next().await {
            let chunk = chunk.map_err(|_| Outcome::Incomplete)?;
            if body.len() + chunk.len() > limits::BEACON_BYTES {
                return Err(Outcome::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body.freeze())
    };
    actix_web::rt::time::timeout(BODY_WAIT, all).await.unwrap_or(Err(Outcome::Incomplete))
}

fn answer(refused: Refused) -> HttpResponse {
    let outcome = refused.outcome;
    let status =
        StatusCode::from_u16(outcome.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = HttpResponse::build(status);
    response.insert_header((header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"));
    response
        .insert_header((HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"));
    if let Some(seconds) = refused.retry_after {
        response.insert_header((header::RETRY_AFTER, seconds));
        response.insert_header((header::ACCESS_CONTROL_EXPOSE_HEADERS, "Retry-After"));
    }
    if outcome == Outcome::TooLarge {
        // What is left of the body is not read.
        response.force_close();
    }
    if status.is_success() {
        return response.finish();
    }
    let problem = Problem {
        r#type: format!("/help/outcomes#{}", outcome.name()),
        title: outcome.name().to_owned(),
        status: status.as_u16(),
        detail: String::new(),
        instance: String::new(),
        errors: Vec::new(),
    };
    response
        .insert_header((header::CONTENT_TYPE, "application/problem+json"))
        .body(serde_json::to_string(&problem).unwrap_or_default())
}

/// Answers the preflight of a compressed beacon.
pub async fn preflight() -> HttpResponse {
    HttpResponse::NoContent()
        .insert_header((header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"))
        .insert_header((header::ACCESS_CONTROL_ALLOW_METHODS, "POST"))
        .insert_header((header::ACCESS_CONTROL_ALLOW_HEADERS, "content-type, content-encoding"))
        .insert_header((header::ACCESS_CONTROL_MAX_AGE, "86400"))
        .insert_header((header::VARY, HeaderValue::from_static("Origin")))
        .finish()
}
