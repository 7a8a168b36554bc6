//! Who asks: the cookie of a sign-in or the token of a program.

use std::future::{Ready, ready};
use std::net::IpAddr;

use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::web::{self, Data};
use actix_web::{FromRequest, HttpMessage, HttpRequest};

use super::client_ip;
use super::error::WebError;
use super::permission::{Permission, Permissions};
use super::state::WebState;
use crate::base::id::TokenId;
use crate::base::time::Timestamp;
use crate::engine::access;
use crate::model::account::{Account, Role};
use crate::store::catalog::Author;

/// Cookie over TLS: the prefix makes browsers keep it to this host.
pub const SECURE_COOKIE: &str = "__Host-footfall";
/// Cookie over plain HTTP on loopback, where browsers refuse the prefix.
pub const PLAIN_COOKIE: &str = "footfall";

/// Cookie of the theme that a browser chose.
const THEME_COOKIE: &str = "footfall-theme";
/// As `assets/js/islands/keys.js` reads it.
const KEYS_COOKIE: &str = "footfall-keys";
const KEYS_OFF: &str = "off";
const THEMES: [&str; 2] = ["light", "dark"];

/// Who asks, as resolved before any handler runs.
#[derive(Debug, Clone)]
pub struct Identity {
    /// The account; a token acts for the account that made it.
    pub account: Account,
    /// What this request may do.
    pub permissions: Permissions,
    /// The token, when a program asks.
    pub token: Option<(TokenId, String)>,
    /// Hash of the sign-in, when a person asks.
    pub sign_in: Option<[u8; 32]>,
    /// Masked address.
    pub from: String,
}

impl Identity {
    /// Whether this request may do something.
    #[must_use]
    pub fn can(&self, permission: Permission) -> bool {
        self.permissions.has(permission)
    }

    /// Whether unmasked data may be shown.
    #[must_use]
    pub fn sees_unmasked(&self) -> bool {
        self.can(Permission::ReadUnmasked)
    }

    /// Role of the account.
    #[must_use]
    pub fn role(&self) -> Role {
        self.account.role
    }

    /// Theme: empty follows the system, `light`, `dark`.
    #[must_use]
    pub fn theme(&self) -> &str {
        &self.account.theme
    }

    /// Time zone for pages; empty means the server's.
    #[must_use]
    pub fn time_zone(&self) -> &str {
        &self.account.time_zone
    }

    /// Author of what this request writes.
    #[must_use]
    pub fn author(&self, at: Timestamp) -> Author {
        let actor = match &self.token {
            Some((id, name)) => format!("{} by token {id} ({name})", self.account.name),
            None => self.account.name.clone(),
        };
        Author { at, actor, from: self.from.clone() }
    }
}

/// Extractor: 401 when nobody is signed in. `Option<Identity>` never fails.
impl FromRequest for Identity {
    type Error = WebError;
    type Future = Ready<Result<Self, WebError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let identity = request.extensions().get::<Self>().cloned();
        ready(identity.ok_or_else(WebError::unauthorized))
    }
}

/// Extractor: the address of whoever asks.
#[derive(Debug, Clone, Copy)]
pub struct ClientIp(pub IpAddr);

impl ClientIp {
    /// Author before anybody is signed in.
    #[must_use]
    pub fn author(self, actor: &str, at: Timestamp) -> Author {
        Author { at, actor: actor.to_owned(), from: client_ip::masked(self.0) }
    }
}

impl FromRequest for ClientIp {
    type Error = WebError;
    type Future = Ready<Result<Self, WebError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self(address_of(request))))
    }
}

fn address_of(request: &HttpRequest) -> IpAddr {
    let proxies = request
        .app_data::<Data<WebState>>()
        .map_or(&[][..], |state| state.admin_proxies.as_slice());
    client_ip::resolve(request.peer_addr().map(|a| a.ip()), request.headers(), proxies)
}

/// Resolves who asks and notes it on the request.
pub async fn resolve(request: &HttpRequest, state: &WebState) -> Result<(), WebError> {
    let from = client_ip::masked(address_of(request));
    let now = state.services.now();
    let catalog = &state.services.catalog;
    let bearer = match request.headers().get(header::AUTHORIZATION) {
        Some(value) => {
            let text = value.to_str().unwrap_or_default();
            Some(text.strip_prefix("Bearer ").ok_or_else(WebError::unauthorized)?)
        }
        None => None,
    };
    let identity = if let Some(text) = bearer {
        let (token, account) =
            access::resolve_token(catalog, text.trim(), now)?.ok_or_else(WebError::unauthorized)?;
        let scopes = Permissions::collect(token.scopes.iter().filter_map(|s| Permission::parse(s)));
        let permissions = scopes.and(Permissions::of(account.role, account.sees_unmasked));
        let token = Some((token.id, token.name));
        Some(Identity { account, permissions, token, sign_in: None, from })
    } else {
        let secret = request.cookie(cookie_name(request, state));
        let active = match &secret {
            Some(cookie) => access::resolve_sign_in(catalog, cookie.value(), now)?,
            None => None,
        };
        if let Some(active) = active {
            if active.is_stale {
                let catalog = catalog.clone();
                let hash = active.hash;
                web::block(move || catalog.touch_sign_in(&hash, now)).await??;
            }
            let account = active.account;
            let permissions = Permissions::of(account.role, account.sees_unmasked);
            Some(Identity { account, permissions, token: None, sign_in: Some(active.hash), from })
        } else {
            None
        }
    };
    if let Some(mut identity) = identity {
        if identity.account.theme.is_empty() {
            identity.account.theme = chosen_theme(request);
        }
        request.extensions_mut().insert(identity);
    }
    Ok(())
}

/// The theme that this browser chose, also before anybody signed in; empty follows the system.
#[must_use]
pub fn chosen_theme(request: &HttpRequest) -> String {
    let cookie = request.cookie(THEME_COOKIE);
    let value = cookie.as_ref().map_or("", Cookie::value);
    if THEMES.contains(&value) { value.to_owned() } else { String::new() }
}

/// Whether single keys act in this browser: they do unless it was told otherwise.
#[must_use]
pub fn has_keys(request: &HttpRequest) -> bool {
    request.cookie(KEYS_COOKIE).is_none_or(|cookie| cookie.value() != KEYS_OFF)
}

/// The cookie that switches single keys off; switched on, it is removed. Scripts of the pages read it.
#[must_use]
pub fn keys_cookie(is_on: bool) -> Cookie<'static> {
    let mut cookie = Cookie::build(KEYS_COOKIE, KEYS_OFF)
        .path("/")
        .same_site(SameSite::Lax)
        .permanent()
        .finish();
    if is_on {
        cookie.make_removal();
    }
    cookie
}

/// The cookie of a chosen theme; an empty one removes it.
#[must_use]
pub fn theme_cookie(theme: &str) -> Cookie<'static> {
    let known = THEMES.iter().find(|own| **own == theme).copied().unwrap_or("");
    let mut cookie = Cookie::build(THEME_COOKIE, known)
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .permanent()
        .finish();
    if known.is_empty() {
        cookie.make_removal();
    }
    cookie
}

/// Whether the browser reached us over TLS: the public address says so, and it is the one that was used.
fn is_secure(request: &HttpRequest, state: &WebState) -> bool {
    let public_url = &state.services.config.admin.public_url;
    let host = request.headers().get(header::HOST).and_then(|h| h.to_str().ok());
    match (public_url.strip_prefix("https://"), host) {
        (Some(rest), Some(host)) => {
            rest.split('/').next().is_some_and(|authority| authority.eq_ignore_ascii_case(host))
        }
        _ => false,
    }
}

fn cookie_name(request: &HttpRequest, state: &WebState) -> &'static str {
    if is_secure(request, state) { SECURE_COOKIE } else { PLAIN_COOKIE }
}

/// The cookie of a sign-in.
#[must_use]
pub fn sign_in_cookie(request: &HttpRequest, state: &WebState, secret: &str) -> Cookie<'static> {
    let is_secure = is_secure(request, state);
    Cookie::build(cookie_name(request, state), secret.to_owned())
        .path("/")
        .http_only(true)
        .secure(is_secure)
        .same_site(SameSite::Lax)
        .finish()
}

/// A cookie that removes the one of a sign-in.
#[must_use]
pub fn sign_out_cookie(request: &HttpRequest, state: &WebState) -> Cookie<'static> {
    let mut cookie = sign_in_cookie(request, state, "");
    cookie.make_removal();
    cookie
}
