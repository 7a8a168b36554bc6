//! The two web applications: for people and programs that look, and for pages that send.

use actix_web::dev::HttpServiceFactory;
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::from_fn;
use actix_web::web::{self, Data};
use actix_web::{Error, HttpRequest, HttpResponse};

use super::error::WebError;
use super::state::WebState;
use super::{collect, compress, headers, health, routes, snippet};

/// Bytes of a JSON or form body on the admin listener.
const BODY_BYTES: usize = 256 * 1024;

/// Configures the admin listener: pages, API, health.
pub fn admin_app(config: &mut web::ServiceConfig, state: Data<WebState>) {
    config.app_data(state).service(admin());
}

fn admin() -> impl HttpServiceFactory {
    web::scope("")
        .app_data(web::JsonConfig::default().limit(BODY_BYTES).error_handler(|e, _| json_error(&e)))
        .app_data(
            web::FormConfig::default()
                .limit(BODY_BYTES)
                .error_handler(|e, _| WebError::bad_request("bad_form", e.to_string()).into()),
        )
        .app_data(
            web::PathConfig::default().error_handler(|_, _| WebError::not_found("page").into()),
        )
        // Inside of the headers; what is stored compressed passes as it is.
        .wrap(from_fn(compress::pages))
        .wrap(from_fn(headers::outermost))
        .configure(routes::register)
        .default_service(web::to(nothing_here))
}

fn json_error(error: &actix_web::error::JsonPayloadError) -> Error {
    use actix_web::error::JsonPayloadError as Json;
    let status = match error {
        Json::OverflowKnownLength { .. } | Json::Overflow { .. } => StatusCode::PAYLOAD_TOO_LARGE,
        Json::ContentType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        _ => StatusCode::BAD_REQUEST,
    };
    WebError::new(status, "bad_json", error.to_string()).into()
}

/// 404.
pub async fn nothing_here(_: HttpRequest) -> Result<HttpResponse, WebError> {
    Err(WebError::not_found("page"))
}

/// 405.
pub async fn wrong_method(_: HttpRequest) -> Result<HttpResponse, WebError> {
    let status = StatusCode::METHOD_NOT_ALLOWED;
    Err(WebError::new(status, "wrong_method", "this address does not take this method"))
}

/// Configures the ingest listener: beacons and agent. No cookies, no admin.
pub fn ingest_app(config: &mut web::ServiceConfig, state: Data<WebState>) {
    config
        .app_data(state)
        .service(
            web::resource("/beacon/{application}")
                .route(web::post().to(collect::beacon))
                .route(web::method(Method::OPTIONS).to(collect::preflight)),
        )
        .service(web::resource("/tag/{file}").route(web::get().to(snippet::tag)))
        .service(web::resource("/agent/{file}").route(web::get().to(snippet::agent)))
        .service(web::resource("/healthz").route(web::get().to(health::live)));
}
