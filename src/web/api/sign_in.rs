//! First set-up, signing in and out.

use actix_web::web::{self, Data, Json};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;
use utoipa::ToSchema;

use super::me::Me;
use crate::engine::access::SignedIn;
use crate::web::auth::{self, ClientIp, Identity};
use crate::web::error::{Problem, WebError};
use crate::web::state::WebState;

/// Name and password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignInRequest {
    /// Name.
    pub name: String,
    /// Password.
    pub password: String,
}

/// The first account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetUpRequest {
    /// One-time token, as the log of the server shows.
    pub token: String,
    /// Name.
    pub name: String,
    /// Password, at least 15 characters.
    pub password: String,
}

/// Signs in with name and password: shared by API and page. Hashes on the blocking pool.
pub async fn enter(
    state: &Data<WebState>,
    ip: ClientIp,
    name: String,
    password: String,
) -> Result<SignedIn, WebError> {
    let services = state.services.clone();
    let author = ip.author(name.trim(), services.now());
    let signed_in = web::block(move || {
        services.access.sign_in(
            &services.catalog,
            &services.entropy,
            (&name, &password),
            ip.0,
            &author,
        )
    })
    .await??;
    Ok(signed_in)
}

/// Makes the first account and signs it in: shared by API and page. Hashes on the blocking pool.
pub async fn begin(
    state: &Data<WebState>,
    ip: ClientIp,
    request: SetUpRequest,
) -> Result<SignedIn, WebError> {
    let services = state.services.clone();
    let author = ip.author("setup", services.now());
    let signed_in = web::block(move || {
        services.access.set_up(
            &services.catalog,
            &services.entropy,
            &request.token,
            (&request.name, &request.password),
            ip.0,
            &author,
        )
    })
    .await??;
    Ok(signed_in)
}

/// Ends a sign-in: shared by API and page.
pub async fn leave(state: &Data<WebState>, identity: &Identity) -> Result<(), WebError> {
    let services = state.services.clone();
    let author = identity.author(services.now());
    if let Some(hash) = identity.sign_in {
        web::block(move || services.catalog.end_sign_in(&hash, &author)).await??;
    }
    Ok(())
}

/// Makes the first account, an administrator; works once.
#[utoipa::path(post, path = "/api/v1/set-up", tag = "access", request_body = SetUpRequest,
    responses((status = 201, body = Me), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn set_up(
    state: Data<WebState>,
    ip: ClientIp,
    body: Json<SetUpRequest>,
    request: HttpRequest,
) -> Result<HttpResponse, WebError> {
    let signed_in = begin(&state, ip, body.into_inner()).await?;
    let cookie = auth::sign_in_cookie(&request, &state, &signed_in.secret);
    Ok(HttpResponse::Created().cookie(cookie).json(Me::of(&signed_in.account, None)))
}

/// Signs in and sets the cookie.
#[utoipa::path(post, path = "/api/v1/sign-in", tag = "access", request_body = SignInRequest,
    responses((status = 200, body = Me), (status = 401, body = Problem), (status = 429, body = Problem)))]
pub async fn sign_in(
    state: Data<WebState>,
    ip: ClientIp,
    body: Json<SignInRequest>,
    request: HttpRequest,
) -> Result<HttpResponse, WebError> {
    let body = body.into_inner();
    let signed_in = enter(&state, ip, body.name, body.password).await?;
    let cookie = auth::sign_in_cookie(&request, &state, &signed_in.secret);
    Ok(HttpResponse::Ok().cookie(cookie).json(Me::of(&signed_in.account, None)))
}

/// Signs out.
#[utoipa::path(post, path = "/api/v1/sign-out", tag = "access", responses((status = 204)))]
pub async fn sign_out(
    state: Data<WebState>,
    identity: Identity,
    request: HttpRequest,
) -> Result<HttpResponse, WebError> {
    leave(&state, &identity).await?;
    Ok(HttpResponse::NoContent().cookie(auth::sign_out_cookie(&request, &state)).finish())
}
