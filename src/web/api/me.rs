//! One's own account.

use actix_web::HttpResponse;
use actix_web::web::{self, Data, Json};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::id::AccountId;
use crate::base::time;
use crate::engine::access::AccessError;
use crate::model::account::{Account, Role};
use crate::web::auth::Identity;
use crate::web::error::{FieldError, Problem, WebError};
use crate::web::permission::Permissions;
use crate::web::state::WebState;

/// Who asks and what they may do.
#[derive(Debug, Serialize, ToSchema)]
pub struct Me {
    /// Id.
    #[schema(value_type = String)]
    pub id: AccountId,
    /// Name.
    pub name: String,
    /// Role.
    pub role: Role,
    /// Permissions of this request; those of a token are fewer.
    pub permissions: Vec<&'static str>,
    /// `light`, `dark`, or empty to follow the system.
    pub theme: String,
    /// IANA time zone; empty means the server's.
    pub time_zone: String,
}

impl Me {
    /// The account, with fewer permissions when given.
    #[must_use]
    pub fn of(account: &Account, permissions: Option<Permissions>) -> Self {
        let all = Permissions::of(account.role, account.sees_unmasked);
        Self {
            id: account.id,
            name: account.name.clone(),
            role: account.role,
            permissions: permissions.unwrap_or(all).names(),
            theme: account.theme.clone(),
            time_zone: account.time_zone.clone(),
        }
    }
}

/// What can be changed of one's own account.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MeChange {
    /// `light`, `dark`, or empty to follow the system.
    pub theme: Option<String>,
    /// IANA time zone; empty means the server's.
    pub time_zone: Option<String>,
}

/// A new password for oneself.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    /// The password so far.
    pub current: String,
    /// The new one.
    pub password: String,
}

/// Changes theme and time zone: shared by API and page.
pub async fn apply(
    state: &Data<WebState>,
    identity: &Identity,
    change: MeChange,
) -> Result<Account, WebError> {
    let mut account = identity.account.clone();
    let mut errors = Vec::new();
    let mut fault = |pointer: &str, detail: &str| {
        errors.push(FieldError { pointer: pointer.to_owned(), detail: detail.to_owned() });
    };
    if let Some(theme) = change.theme {
        if matches!(theme.as_str(), "" | "light" | "dark") {
            account.theme = theme;
        } else {
            fault("/theme", "the theme is light, dark or empty");
        }
    }
    if let Some(zone) = change.time_zone {
        if zone.is_empty() || (zone.len() <= 64 && time::is_zone(&zone)) {
            account.time_zone = zone;
        } else {
            fault("/time_zone", "this time zone is not known");
        }
    }
    if !errors.is_empty() {
        return Err(WebError::invalid(errors));
    }
    let services = state.services.clone();
    let (author, keep) = (identity.author(services.now()), identity.sign_in);
    let expected = account.revision;
    let changed =
        web::block(move || services.catalog.put_account(account, expected, keep.as_ref(), &author))
            .await??;
    Ok(changed)
}

/// Sets one's own password after checking the one so far: shared by API and page.
pub async fn renew_password(
    state: &Data<WebState>,
    identity: &Identity,
    change: PasswordChange,
) -> Result<Account, WebError> {
    let services = state.services.clone();
    let author = identity.author(services.now());
    let (account, keep) = (identity.account.clone(), identity.sign_in);
    let changed = web::block(move || {
        let access = &services.access;
        match access.passwords.verify(&change.current, Some(&account.password_hash)) {
            None => Err(AccessError::Busy),
            Some(false) => Err(AccessError::Wrong),
            Some(true) => access.set_password(
                &services.catalog,
                account,
                &change.password,
                keep.as_ref(),
                &author,
            ),
        }
    })
    .await?;
    changed.map_err(|error| match error {
        AccessError::Wrong => WebError::forbidden("the password so far is wrong"),
        other => other.into(),
    })
}

/// Who asks and what they may do.
#[utoipa::path(get, path = "/api/v1/me", tag = "access", responses((status = 200, body = Me)))]
pub async fn get(identity: Identity) -> HttpResponse {
    HttpResponse::Ok().json(Me::of(&identity.account, Some(identity.permissions)))
}

/// Changes theme and time zone.
#[utoipa::path(patch, path = "/api/v1/me", tag = "access", request_body = MeChange,
    responses((status = 200, body = Me), (status = 422, body = Problem)))]
pub async fn change(
    state: Data<WebState>,
    identity: Identity,
    body: Json<MeChange>,
) -> Result<HttpResponse, WebError> {
    let account = apply(&state, &identity, body.into_inner()).await?;
    Ok(HttpResponse::Ok().json(Me::of(&account, None)))
}

/// Sets one's own password; all other sign-ins end.
#[utoipa::path(put, path = "/api/v1/me/password", tag = "access", request_body = PasswordChange,
    responses((status = 204), (status = 403, body = Problem), (status = 422, body = Problem)))]
pub async fn set_password(
    state: Data<WebState>,
    identity: Identity,
    body: Json<PasswordChange>,
) -> Result<HttpResponse, WebError> {
    renew_password(&state, &identity, body.into_inner()).await?;
    Ok(HttpResponse::NoContent().finish())
}
