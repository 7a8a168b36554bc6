//! API tokens.

use actix_web::web::{self, Data, Json, Path};
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::applications::ListQuery;
use crate::base::id::{AccountId, TokenId};
use crate::base::time::Timestamp;
use crate::engine::access;
use crate::model::account::ApiToken;
use crate::web::auth::Identity;
use crate::web::error::{FieldError, Problem, WebError};
use crate::web::permission::Permission;
use crate::web::query::Query;
use crate::web::state::WebState;
use crate::web::table::{self, Format, Page};

const COLUMNS: &[&str] = &["id", "name", "account", "scopes", "created_at", "expires_at"];

/// A token, without its secret.
#[derive(Debug, Serialize, ToSchema)]
pub struct TokenView {
    /// Id.
    #[schema(value_type = String)]
    pub id: TokenId,
    /// What it is for.
    pub name: String,
    /// Who made it; it can never do more than they.
    #[schema(value_type = String)]
    pub account: AccountId,
    /// Permissions.
    pub scopes: Vec<String>,
    /// When it was made.
    #[schema(value_type = String)]
    pub created_at: Timestamp,
    /// When it ends.
    #[schema(value_type = String)]
    pub expires_at: Timestamp,
    /// The token itself: only in the answer that made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
}

impl TokenView {
    fn of(token: ApiToken, text: Option<String>) -> Self {
        Self {
            id: token.id,
            name: token.name,
            account: token.account,
            scopes: token.scopes,
            created_at: token.created_at,
            expires_at: token.expires_at,
            token: text,
        }
    }
}

/// A new token.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewToken {
    /// What it is for.
    pub name: String,
    /// Permissions, as `sessions:read`.
    pub scopes: Vec<String>,
    /// Days it lives, 1 to 400.
    pub days: i64,
}

/// Makes a token: shared by API and page. The text is shown once.
pub async fn add(
    state: &Data<WebState>,
    identity: &Identity,
    new: NewToken,
) -> Result<(ApiToken, String), WebError> {
    let mut errors = Vec::new();
    for (place, scope) in new.scopes.iter().enumerate() {
        let detail = match Permission::parse(scope) {
            None => "there is no such permission",
            Some(permission) if !identity.can(permission) => "you do not have this permission",
            Some(_) => continue,
        };
        errors.push(FieldError { pointer: format!("/scopes/{place}"), detail: detail.to_owned() });
        if errors.len() >= Permission::ALL.len() {
            break;
        }
    }
    if new.scopes.is_empty() {
        let detail = "a token needs at least one permission".to_owned();
        errors.push(FieldError { pointer: "/scopes".to_owned(), detail });
    }
    if !errors.is_empty() {
        return Err(WebError::invalid(errors));
    }
    let mut scopes = new.scopes;
    scopes.sort();
    scopes.dedup();
    let services = state.services.clone();
    let author = identity.author(services.now());
    let (account, now) = (identity.account.id, author.at);
    let (token, secret) =
        access::make_token(&services.entropy, &new.name, account, scopes, new.days, now)?;
    let token = web::block(move || services.catalog.add_token(token, &author)).await??;
    let text = access::token_text(token.id, &secret);
    Ok((token, text))
}

/// Removes a token: shared by API and page.
pub async fn discard(
    state: &Data<WebState>,
    identity: &Identity,
    id: TokenId,
) -> Result<(), WebError> {
    let services = state.services.clone();
    let author = identity.author(services.now());
    Ok(web::block(move || services.catalog.remove_token(id, &author)).await??)
}

/// Removes a token of whoever asks; those of others are not there for them: shared by API and page.
pub async fn discard_own(
    state: &Data<WebState>,
    identity: &Identity,
    id: &str,
) -> Result<(), WebError> {
    let missing = || WebError::not_found("token");
    let id: TokenId = id.parse().map_err(|_| missing())?;
    let token = state.services.catalog.token(id)?;
    let own = token.filter(|token| token.account == identity.account.id).ok_or_else(missing)?;
    discard(state, identity, own.id).await
}

/// All tokens, without their secrets.
#[utoipa::path(get, path = "/api/v1/tokens", tag = "access", params(ListQuery),
    responses((status = 200, body = Vec<TokenView>)))]
pub async fn list(
    state: Data<WebState>,
    identity: Identity,
    query: Query<ListQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, WebError> {
    let format = Format::of(&request, query.format.as_deref())?;
    let tokens = state.services.catalog.tokens()?;
    let page = Page::whole(tokens.into_iter().map(|t| TokenView::of(t, None)).collect());
    table::answer(&page, ("tokens", COLUMNS), format, &identity, &request)
}

/// Makes a token; the answer shows it once.
#[utoipa::path(post, path = "/api/v1/tokens", tag = "access", request_body = NewToken,
    responses((status = 201, body = TokenView), (status = 422, body = Problem)))]
pub async fn create(
    state: Data<WebState>,
    identity: Identity,
    body: Json<NewToken>,
) -> Result<HttpResponse, WebError> {
    let (token, text) = add(&state, &identity, body.into_inner()).await?;
    Ok(HttpResponse::Created().json(TokenView::of(token, Some(text))))
}

/// Removes a token: it ends at once.
#[utoipa::path(delete, path = "/api/v1/tokens/{token}", tag = "access", params(("token" = String, Path)),
    responses((status = 204), (status = 404, body = Problem)))]
pub async fn remove(
    state: Data<WebState>,
    identity: Identity,
    id: Path<String>,
) -> Result<HttpResponse, WebError> {
    let id: TokenId = id.parse().map_err(|_| WebError::not_found("token"))?;
    discard(&state, &identity, id).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// One's own tokens, without their secrets.
#[utoipa::path(get, path = "/api/v1/me/tokens", tag = "access", params(ListQuery),
    responses((status = 200, body = Vec<TokenView>)))]
pub async fn list_own(
    state: Data<WebState>,
    identity: Identity,
    query: Query<ListQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, WebError> {
    let format = Format::of(&request, query.format.as_deref())?;
    let all = state.services.catalog.tokens()?.into_iter();
    let own = all.filter(|token| token.account == identity.account.id);
    let page = Page::whole(own.map(|token| TokenView::of(token, None)).collect());
    table::answer(&page, ("tokens", COLUMNS), format, &identity, &request)
}

/// Makes a token for oneself, with permissions that one has; the answer shows it once.
#[utoipa::path(post, path = "/api/v1/me/tokens", tag = "access", request_body = NewToken,
    responses((status = 201, body = TokenView), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn create_own(
    state: Data<WebState>,
    identity: Identity,
    body: Json<NewToken>,
) -> Result<HttpResponse, WebError> {
    create(state, identity, body).await
}

/// Removes a token of one's own: it ends at once.
#[utoipa::path(delete, path = "/api/v1/me/tokens/{token}", tag = "access", params(("token" = String, Path)),
    responses((status = 204), (status = 404, body = Problem)))]
pub async fn remove_own(
    state: Data<WebState>,
    identity: Identity,
    id: Path<String>,
) -> Result<HttpResponse, WebError> {
    discard_own(&state, &identity, &id).await?;
    Ok(HttpResponse::NoContent().finish())
}
