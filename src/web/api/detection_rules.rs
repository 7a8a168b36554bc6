//! The ordered list of detection rules.

use actix_web::HttpResponse;
use actix_web::web::{self, Data, Json};
use actix_web::{HttpRequest, http::header};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::applications;
use crate::logic::application_check;
use crate::model::application::DetectionRule;
use crate::web::auth::Identity;
use crate::web::error::{Problem, WebError};
use crate::web::etag;
use crate::web::state::WebState;

/// All detection rules; the first that matches wins.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DetectionRules {
    /// Rules in their order.
    pub rules: Vec<DetectionRule>,
}

/// A short digest of the list, so that two people do not overwrite each other.
#[must_use]
pub fn revision(rules: &[DetectionRule]) -> u32 {
    let bytes = serde_json::to_vec(rules).unwrap_or_default();
    let hash = blake3::hash(&bytes);
    hash.as_bytes().iter().take(4).fold(0, |n, b| (n << 8) | u32::from(*b))
}

/// Replaces the list: shared by API and page.
pub async fn store(
    state: &Data<WebState>,
    identity: &Identity,
    rules: Vec<DetectionRule>,
    expected: u32,
) -> Result<(), WebError> {
    applications::refuse(application_check::check_rules(&rules))?;
    let services = state.services.clone();
    let author = identity.author(services.now());
    if revision(&services.catalog.detection_rules()) != expected {
        return Err(WebError::new(
            actix_web::http::StatusCode::PRECONDITION_FAILED,
            "changed_meanwhile",
            "the rules were changed meanwhile",
        ));
    }
    Ok(web::block(move || services.catalog.put_detection_rules(&rules, &author)).await??)
}

fn tagged(state: &WebState) -> HttpResponse {
    let rules = state.services.catalog.detection_rules().to_vec();
    let (name, value): (header::HeaderName, String) = etag::etag(revision(&rules));
    HttpResponse::Ok().insert_header((name, value)).json(DetectionRules { rules })
}

/// All detection rules in their order.
#[utoipa::path(get, path = "/api/v1/detection-rules", tag = "detection rules",
    responses((status = 200, body = DetectionRules)))]
pub async fn get(state: Data<WebState>) -> HttpResponse {
    tagged(&state)
}

/// Replaces the whole list, with `If-Match`.
#[utoipa::path(put, path = "/api/v1/detection-rules", tag = "detection rules", request_body = DetectionRules,
    params(("If-Match" = String, Header)),
    responses((status = 200, body = DetectionRules), (status = 412, body = Problem), (status = 422, body = Problem)))]
pub async fn put(
    state: Data<WebState>,
    identity: Identity,
    body: Json<DetectionRules>,
    request: HttpRequest,
) -> Result<HttpResponse, WebError> {
    let expected = etag::expected(&request)?;
    store(&state, &identity, body.into_inner().rules, expected).await?;
    Ok(tagged(&state))
}
