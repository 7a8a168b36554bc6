//! Accounts of people.

use actix_web::web::{self, Data, Json, Path};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::applications::ListQuery;
use crate::base::id::AccountId;
use crate::base::time::Timestamp;
use crate::engine::access::{self, NewAccount};
use crate::model::account::{Account, Role};
use crate::web::auth::Identity;
use crate::web::error::{Problem, WebError};
use crate::web::etag;
use crate::web::query::Query;
use crate::web::state::WebState;
use crate::web::table::{self, Format, Page};

const COLUMNS: &[&str] = &["id", "name", "role", "sees_unmasked", "created_at"];

/// An account, without secrets.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccountView {
    /// Id.
    #[schema(value_type = String)]
    pub id: AccountId,
    /// Name for signing in.
    pub name: String,
    /// Role.
    pub role: Role,
    /// May see unmasked data.
    pub sees_unmasked: bool,
    /// When it was made.
    #[schema(value_type = String)]
    pub created_at: Timestamp,
    /// Failed sign-ins in a row.
    pub failures: u32,
}

impl From<&Account> for AccountView {
    fn from(account: &Account) -> Self {
        Self {
            id: account.id,
            name: account.name.clone(),
            role: account.role,
            sees_unmasked: account.sees_unmasked,
            created_at: account.created_at,
            failures: account.failures,
        }
    }
}

/// A new account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAccountRequest {
    /// Unique name, 1 to 64 characters.
    pub name: String,
    /// Password, at least 15 characters.
    pub password: String,
    /// Role.
    pub role: Role,
    /// May see unmasked data (default no).
    #[serde(default)]
    pub sees_unmasked: bool,
}

/// What is changed of an account.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountChange {
    /// Name.
    pub name: Option<String>,
    /// Role.
    pub role: Option<Role>,
    /// May see unmasked data.
    pub sees_unmasked: Option<bool>,
    /// New password; all sign-ins end.
    pub password: Option<String>,
}

/// The account with the id in the path.
pub fn find(state: &WebState, id: &str) -> Result<Account, WebError> {
    let id: AccountId = id.parse().map_err(|_| WebError::not_found("account"))?;
    state.services.catalog.account(id)?.ok_or_else(|| WebError::not_found("account"))
}

/// Adds an account: shared by API and page.
pub async fn add(
    state: &Data<WebState>,
    identity: &Identity,
    new: NewAccount,
) -> Result<Account, WebError> {
    let services = state.services.clone();
    let author = identity.author(services.now());
    let added =
        web::block(move || services.access.add_account(&services.catalog, &new, &author)).await??;
    Ok(added)
}

/// Changes an account: shared by API and page.
pub async fn apply(
    state: &Data<WebState>,
    identity: &Identity,
    mut account: Account,
    change: AccountChange,
    expected: u32,
) -> Result<Account, WebError> {
    if let Some(name) = &change.name {
        account.name = access::check_name(name)?;
    }
    account.role = change.role.unwrap_or(account.role);
    account.sees_unmasked = change.sees_unmasked.unwrap_or(account.sees_unmasked);
    account.revision = expected;
    let services = state.services.clone();
    let author = identity.author(services.now());
    // Whoever changes their own account stays signed in.
    let keep = identity.sign_in.filter(|_| identity.account.id == account.id);
    let changed = web::block(move || {
        let (access, catalog) = (&services.access, &services.catalog);
        if let Some(password) = change.password {
            access.set_password(catalog, account, &password, keep.as_ref(), &author)
        } else {
            Ok(catalog.put_account(account, expected, keep.as_ref(), &author)?)
        }
    })
    .await??;
    Ok(changed)
}

/// Removes an account: shared by API and page.
pub async fn discard(
    state: &Data<WebState>,
    identity: &Identity,
    id: AccountId,
    expected: u32,
) -> Result<(), WebError> {
    let services = state.services.clone();
    let author = identity.author(services.now());
    Ok(web::block(move || services.catalog.remove_account(id, expected, &author)).await??)
}

fn tagged(account: &Account, mut builder: HttpResponseBuilder) -> HttpResponse {
    builder.insert_header(etag::etag(account.revision)).json(AccountView::from(account))
}

/// All accounts.
#[utoipa::path(get, path = "/api/v1/accounts", tag = "access", params(ListQuery),
    responses((status = 200, body = Vec<AccountView>)))]
pub async fn list(
    state: Data<WebState>,
    identity: Identity,
    query: Query<ListQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, WebError> {
    let format = Format::of(&request, query.format.as_deref())?;
    let accounts = state.services.catalog.accounts()?;
    let page = Page::whole(accounts.iter().map(AccountView::from).collect());
    table::answer(&page, ("accounts", COLUMNS), format, &identity, &request)
}

/// Adds an account.
#[utoipa::path(post, path = "/api/v1/accounts", tag = "access", request_body = NewAccountRequest,
    responses((status = 201, body = AccountView), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn create(
    state: Data<WebState>,
    identity: Identity,
    body: Json<NewAccountRequest>,
) -> Result<HttpResponse, WebError> {
    let body = body.into_inner();
    let new = NewAccount {
        name: body.name,
        password: body.password,
        role: body.role,
        sees_unmasked: body.sees_unmasked,
    };
    let account = add(&state, &identity, new).await?;
    Ok(tagged(&account, HttpResponse::Created()))
}

/// One account.
#[utoipa::path(get, path = "/api/v1/accounts/{account}", tag = "access", params(("account" = String, Path)),
    responses((status = 200, body = AccountView), (status = 404, body = Problem)))]
pub async fn get(state: Data<WebState>, id: Path<String>) -> Result<HttpResponse, WebError> {
    Ok(tagged(&find(&state, &id)?, HttpResponse::Ok()))
}

/// Changes an account, with `If-Match`; when role, rights or password change, its sign-ins end.
#[utoipa::path(patch, path = "/api/v1/accounts/{account}", tag = "access", request_body = AccountChange,
    params(("account" = String, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = AccountView), (status = 412, body = Problem), (status = 422, body = Problem)))]
pub async fn change(
    state: Data<WebState>,
    identity: Identity,
    id: Path<String>,
    body: Json<AccountChange>,
    request: HttpRequest,
) -> Result<HttpResponse, WebError> {
    let expected = etag::expected(&request)?;
    let account = find(&state, &id)?;
    let changed = apply(&state, &identity, account, body.into_inner(), expected).await?;
    Ok(tagged(&changed, HttpResponse::Ok()))
}

/// Removes an account with its sign-ins and tokens, with `If-Match`.
#[utoipa::path(delete, path = "/api/v1/accounts/{account}", tag = "access",
    params(("account" = String, Path), ("If-Match" = String, Header)),
    responses((status = 204), (status = 409, body = Problem), (status = 412, body = Problem)))]
pub async fn remove(
    state: Data<WebState>,
    identity: Identity,
    id: Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, WebError> {
    let expected = etag::expected(&request)?;
    let account = find(&state, &id)?;
    discard(&state, &identity, account.id, expected).await?;
    Ok(HttpResponse::NoContent().finish())
}
