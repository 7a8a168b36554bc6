//! Signing in and out, and the own account.

use actix_web::http::{StatusCode, header};
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;

use super::fields::{self, Sent, get, is_set, raw};
use super::shell;
use super::token_forms::{self, Place};
use super::words;
use crate::web::api::me::{self, MeChange, PasswordChange};
use crate::web::api::{sign_in, tokens};
use crate::web::auth::{self, ClientIp, Identity};
use crate::web::error::WebError;
use crate::web::gate::{local_path, see_other};
use crate::web::permission::Permission;
use crate::web::query::Query;
use crate::web::state::WebState;
use crate::web::ui::access::{LoginPage, MePage};
use crate::web::ui::frame::{Notice, Section};
use crate::web::ui::parts::{Field, Form};

/// Where to go after signing in.
#[derive(Debug, Default, Deserialize)]
pub struct NextQuery {
    /// A path of this server.
    pub next: Option<String>,
}

fn login_form(next: &str) -> Form {
    Form {
        action: "/login".to_owned(),
        fields: vec![
            Field::new("text", "name", "Name", "").autocomplete("username").required(),
            Field::new("password", "password", "Password", "")
                .autocomplete("current-password")
                .required(),
            Field::new("hidden", "next", "", local_path(next)),
        ],
        submit: "Sign in".to_owned(),
        error: String::new(),
    }
}

/// `GET /login`
pub async fn login(
    state: Data<WebState>,
    request: HttpRequest,
    query: Query<NextQuery>,
) -> Result<HttpResponse, WebError> {
    let next = local_path(query.next.as_deref().unwrap_or("/"));
    if shell::asker(&request).is_some() {
        return Ok(see_other(next));
    }
    if !state.services.catalog.has_accounts()? {
        return Ok(see_other("/setup"));
    }
    let page = LoginPage { form: login_form(next) };
    std::future::ready(shell::page("pages/login.html", &shell::bare("Sign in", &request), &page))
        .await
}

/// `POST /login`
pub async fn enter(
    state: Data<WebState>,
    ip: ClientIp,
    request: HttpRequest,
    sent: Sent,
) -> Result<HttpResponse, WebError> {
    let next = local_path(get(&sent, "next")).to_owned();
    let (name, password) = (get(&sent, "name").to_owned(), raw(&sent, "password").to_owned());
    match sign_in::enter(&state, ip, name, password).await {
        Ok(signed_in) => {
            let mut answer = see_other(&next);
            let cookie = auth::sign_in_cookie(&request, &state, &signed_in.secret);
            answer.add_cookie(&cookie).map_err(WebError::internal)?;
            Ok(answer)
        }
        Err(error) if error.status.is_client_error() => {
            let mut form = login_form(&next);
            fields::put_back(&mut form, &sent, &error);
            let page = LoginPage { form };
            let status = if error.status == StatusCode::UNAUTHORIZED {
                StatusCode::UNPROCESSABLE_ENTITY
            } else {
                error.status
            };
            shell::page_with(status, "pages/login.html", &shell::bare("Sign in", &request), &page)
        }
        Err(error) => Err(error),
    }
}

/// `POST /logout`
pub async fn leave(
    state: Data<WebState>,
    identity: Identity,
    request: HttpRequest,
) -> Result<HttpResponse, WebError> {
    sign_in::leave(&state, &identity).await?;
    let mut answer = see_other("/login");
    answer.add_cookie(&auth::sign_out_cookie(&request, &state)).map_err(WebError::internal)?;
    Ok(answer)
}

/// `POST /theme`: the theme of whoever is signed in, and of this browser for pages before that.
pub async fn theme(
    state: Data<WebState>,
    request: HttpRequest,
    sent: Sent,
) -> Result<HttpResponse, WebError> {
    let chosen = get(&sent, "theme");
    if let Some(identity) = shell::asker(&request).filter(|own| own.token.is_none()) {
        let change = MeChange { theme: Some(chosen.to_owned()), time_zone: None };
        me::apply(&state, &identity, change).await?;
    }
    let mut answer = see_other(&came_from(&request));
    answer.add_cookie(&auth::theme_cookie(chosen)).map_err(WebError::internal)?;
    Ok(answer)
}

/// `POST /me/keys`: switches single keys of this browser on or off.
pub async fn change_keys(sent: Sent) -> Result<HttpResponse, WebError> {
    let mut answer = see_other("/me?saved=1");
    let cookie = auth::keys_cookie(is_set(&sent, "keys"));
    answer.add_cookie(&cookie).map_err(WebError::internal)?;
    std::future::ready(Ok(answer)).await
}

fn keys_form(request: &HttpRequest) -> Form {
    Form {
        action: "/me/keys".to_owned(),
        fields: vec![
            Field::check("keys", "Single keys act in this browser", auth::has_keys(request))
                .help("As / or j. Switch them off for speech input; Ctrl K stays."),
        ],
        submit: "Save".to_owned(),
        error: String::new(),
    }
}

/// Path of the page on which a form was sent; never another server.
fn came_from(request: &HttpRequest) -> String {
    let referer = request.headers().get(header::REFERER).and_then(|text| text.to_str().ok());
    let rest = referer.and_then(|text| text.split_once("://")).map_or("", |(_, rest)| rest);
    let path = rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/");
    let is_path = !path.starts_with("//") && !path.contains(['\\', '\r', '\n', '\t']);
    if is_path && path.len() <= 2_000 { path.to_owned() } else { "/".to_owned() }
}

fn preferences(identity: &Identity) -> Form {
    let themes = [("", "As the system"), ("light", "Light"), ("dark", "Dark")];
    Form {
        action: "/me".to_owned(),
        fields: vec![
            Field::choice("theme", "Theme", identity.theme(), &themes),
            Field::new("text", "time_zone", "Time zone", identity.time_zone())
                .help("As Europe/Vienna. Empty uses the zone of the server."),
        ],
        submit: "Save".to_owned(),
        error: String::new(),
    }
}

fn password_form() -> Form {
    Form {
        action: "/me/password".to_owned(),
        fields: vec![
            Field::new("password", "current", "Password so far", "")
                .autocomplete("current-password")
                .required(),
            Field::new("password", "password", "New password", "")
                .autocomplete("new-password")
                .help("At least 15 characters; several words do well. Other sign-ins end.")
                .required(),
        ],
        submit: "Change password".to_owned(),
        error: String::new(),
    }
}

/// The forms of the account.
struct Forms {
    preferences: Form,
    password: Form,
    /// A new token, and the secret of the one that was just made.
    token: (Form, String),
}

impl Forms {
    fn new(identity: &Identity) -> Self {
        Self {
            preferences: preferences(identity),
            password: password_form(),
            token: (token_forms::form(identity, Place::Account), String::new()),
        }
    }
}

fn draw_me(
    state: &WebState,
    request: &HttpRequest,
    identity: &Identity,
    forms: Forms,
    status: StatusCode,
) -> Result<HttpResponse, WebError> {
    let page = MePage {
        name: identity.account.name.clone(),
        role: words::role(identity.role()).to_owned(),
        sees_unmasked: identity.sees_unmasked(),
        preferences: forms.preferences,
        keys: keys_form(request),
        password: forms.password,
        tokens: token_forms::view(state, identity, Place::Account, forms.token)?,
        all_tokens: if identity.can(Permission::ReadTokens) { "/settings/tokens" } else { "" },
    };
    let mut frame = shell::frame(identity, Section::None, "My account", state.services.now());
    if status == StatusCode::OK && request.query_string() == "saved=1" {
        frame.notice =
            Some(Notice { kind: "good", title: "Saved.".to_owned(), ..Notice::default() });
    }
    shell::page_with(status, "pages/me.html", &frame, &page)
}

/// `GET /me`
pub async fn own(
    state: Data<WebState>,
    identity: Identity,
    request: HttpRequest,
) -> Result<HttpResponse, WebError> {
    let forms = Forms::new(&identity);
    std::future::ready(draw_me(&state, &request, &identity, forms, StatusCode::OK)).await
}

/// `POST /me`
pub async fn change(
    state: Data<WebState>,
    identity: Identity,
    request: HttpRequest,
    sent: Sent,
) -> Result<HttpResponse, WebError> {
    let change = MeChange {
        theme: Some(get(&sent, "theme").to_owned()),
        time_zone: Some(get(&sent, "time_zone").to_owned()),
    };
    match me::apply(&state, &identity, change).await {
        Ok(_) => {
            let mut answer = see_other("/me?saved=1");
            let cookie = auth::theme_cookie(get(&sent, "theme"));
            answer.add_cookie(&cookie).map_err(WebError::internal)?;
            Ok(answer)
        }
        Err(error) if error.status.is_client_error() => {
            let mut form = preferences(&identity);
            fields::put_back(&mut form, &sent, &error);
            let forms = Forms { preferences: form, ..Forms::new(&identity) };
            draw_me(&state, &request, &identity, forms, error.status)
        }
        Err(error) => Err(error),
    }
}

/// `POST /me/password`
pub async fn change_password(
    state: Data<WebState>,
    identity: Identity,
    request: HttpRequest,
    sent: Sent,
) -> Result<HttpResponse, WebError> {
    let change = PasswordChange {
        current: raw(&sent, "current").to_owned(),
        password: raw(&sent, "password").to_owned(),
    };
    match me::renew_password(&state, &identity, change).await {
        Ok(_) => Ok(see_other("/me?saved=1")),
        Err(error) if error.status.is_client_error() => {
            let mut form = password_form();
            fields::put_back(&mut form, &sent, &error);
            let forms = Forms { password: form, ..Forms::new(&identity) };
            draw_me(&state, &request, &identity, forms, error.status)
        }
        Err(error) => Err(error),
    }
}

/// `POST /me/tokens`: the answer shows the token, this one time.
pub async fn add_token(
    state: Data<WebState>,
    identity: Identity,
    request: HttpRequest,
    sent: Sent,
) -> Result<HttpResponse, WebError> {
    let (token, status) = token_forms::make(&state, &identity, Place::Account, &sent).await?;
    let forms = Forms { token, ..Forms::new(&identity) };
    draw_me(&state, &request, &identity, forms, status)
}

/// `POST /me/tokens/{token}/remove`
pub async fn remove_token(
    state: Data<WebState>,
    identity: Identity,
    id: Path<String>,
) -> Result<HttpResponse, WebError> {
    tokens::discard_own(&state, &identity, &id).await?;
    Ok(see_other("/me#tokens"))
}
