//! `/setup`: from the first start to the first session.

use actix_web::http::StatusCode;
use actix_web::web::{self, Data};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;

use super::applications::{create, new_form};
use super::fields::{self, Sent, get, raw};
use super::health::{counted, snippet};
use super::outcomes;
use super::shell::{self, plural};
use crate::logic::query_parser::parse;
use crate::model::application::Application;
use crate::model::outcome::Outcome;
use crate::search::SearchRequest;
use crate::web::api::sessions::find;
use crate::web::api::sign_in::{self, SetUpRequest};
use crate::web::auth::{self, ClientIp, Identity};
use crate::web::error::WebError;
use crate::web::gate::see_other;
use crate::web::query::Query;
use crate::web::state::WebState;
use crate::web::ui::frame::{Frame, Link};
use crate::web::ui::parts::{Field, Form};
use crate::web::ui::setup::{Arrival, Check, SetupPage, steps};

/// Which application the wizard is at.
#[derive(Debug, Default, Deserialize)]
pub struct SetupQuery {
    /// Id of the application.
    pub app: Option<String>,
}

fn account_form() -> Form {
    Form {
        action: "/setup".to_owned(),
        fields: vec![
            Field::new("text", "token", "Set-up token", "")
                .help("Whoever started the server sees it in its output. It proves that the machine is yours.")
                .required(),
            Field::new("text", "name", "Your name", "").autocomplete("username").required(),
            Field::new("password", "password", "Password", "")
                .autocomplete("new-password")
                .help("At least 15 characters; several words do well.")
                .required(),
        ],
        submit: "Make the account".to_owned(),
        error: String::new(),
    }
}

fn draw(status: StatusCode, frame: &Frame, page: &SetupPage) -> Result<HttpResponse, WebError> {
    shell::page_with(status, "pages/setup.html", frame, page)
}

fn account_page(form: Form) -> SetupPage {
    SetupPage {
        steps: steps(1),
        title: "Welcome to Footfall".to_owned(),
        text: "Three short steps to your first session. First, an administrator.".to_owned(),
        form: Some(form),
        ..SetupPage::default()
    }
}

/// `GET /setup`
pub async fn start(request: HttpRequest) -> Result<HttpResponse, WebError> {
    let page = account_page(account_form());
    std::future::ready(draw(StatusCode::OK, &shell::bare("Set up", &request), &page)).await
}

/// `POST /setup`
pub async fn make_account(
    state: Data<WebState>,
    ip: ClientIp,
    request: HttpRequest,
    sent: Sent,
) -> Result<HttpResponse, WebError> {
    let wanted = SetUpRequest {
        token: get(&sent, "token").to_owned(),
        name: get(&sent, "name").to_owned(),
        password: raw(&sent, "password").to_owned(),
    };
    match sign_in::begin(&state, ip, wanted).await {
        Ok(signed_in) => {
            let mut answer = see_other("/setup/application");
            let cookie = auth::sign_in_cookie(&request, &state, &signed_in.secret);
            answer.add_cookie(&cookie).map_err(WebError::internal)?;
            Ok(answer)
        }
        Err(error) if error.status.is_client_error() => {
            let mut form = account_form();
            fields::put_back(&mut form, &sent, &error);
            draw(error.status, &shell::bare("Set up", &request), &account_page(form))
        }
        Err(error) => Err(error),
    }
}

fn application_page(form: Form) -> SetupPage {
    SetupPage {
        steps: steps(2),
        title: "Your first application".to_owned(),
        text: "An application is what you want to see as one thing: a shop, a portal, an intranet."
            .to_owned(),
        form: Some(form),
        next: Some(Link::new("Not now", "/sessions")),
        ..SetupPage::default()
    }
}

fn frame(identity: &Identity, request: &HttpRequest) -> Frame {
    Frame { theme: identity.theme().to_owned(), ..shell::bare("Set up", request) }
}

/// `GET /setup/application`
pub async fn application(
    identity: Identity,
    request: HttpRequest,
) -> Result<HttpResponse, WebError> {
    let page = application_page(new_form("/setup/application"));
    std::future::ready(draw(StatusCode::OK, &frame(&identity, &request), &page)).await
}

/// `POST /setup/application`
pub async fn make_application(
    state: Data<WebState>,
    identity: Identity,
    request: HttpRequest,
    sent: Sent,
) -> Result<HttpResponse, WebError> {
    match create(&state, &identity, &sent).await {
        Ok(made) => Ok(see_other(&format!("/setup/snippet?app={}", made.id))),
        Err(error) if error.status.is_client_error() => {
            let mut form = new_form("/setup/application");
            fields::put_back(&mut form, &sent, &error);
            draw(error.status, &frame(&identity, &request), &application_page(form))
        }
        Err(error) => Err(error),
    }
}

/// `GET /setup/snippet?app=`
pub async fn line(
    state: Data<WebState>,
    identity: Identity,
    request: HttpRequest,
    query: Query<SetupQuery>,
) -> Result<HttpResponse, WebError> {
    let Some(application) = chosen(&state, &query)? else {
        return Ok(see_other("/setup/application"));
    };
    let (arrival, _) = arrival(&state, &application).await?;
    let page = SetupPage {
        steps: steps(3),
        title: format!("See {} live", application.name),
        text: "Put one line into your pages, open one of them, and watch it arrive here."
            .to_owned(),
        snippet: snippet(&state, &request, application.id),
        arrival: Some(arrival),
        next: Some(Link::new("Go to sessions", "/sessions")),
        ..SetupPage::default()
    };
    draw(StatusCode::OK, &frame(&identity, &request), &page)
}

/// `GET /setup/arrival?app=`: a stamp that changes when something arrives; the page then loads anew.
pub async fn stamp(
    state: Data<WebState>,
    query: Query<SetupQuery>,
) -> Result<HttpResponse, WebError> {
    let application = chosen(&state, &query)?.ok_or_else(|| WebError::not_found("application"))?;
    let (_, stamp) = arrival(&state, &application).await?;
    Ok(HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(stamp))
}

/// The application of the address; the first one when it names none, and there is one.
fn chosen(state: &WebState, query: &SetupQuery) -> Result<Option<Application>, WebError> {
    match query.app.as_deref().filter(|id| !id.is_empty()) {
        Some(id) => crate::web::api::applications::find(state, id).map(Some),
        None => Ok(state.services.catalog.applications().first().cloned()),
    }
}

async fn arrival(
    state: &Data<WebState>,
    application: &Application,
) -> Result<(Arrival, String), WebError> {
    let services = state.services.clone();
    let (id, since) = (application.id, application.created_at);
    let found = web::block(move || counted(&services, id, since)).await??;
    let mut request = SearchRequest::new(
        parse(&format!("app:{id}")),
        application.created_at,
        state.services.now(),
    );
    request.limit = 1;
    let (_, sessions) = find(state, request).await?;
    let session = sessions.first();
    let is_done = session.is_some();
    let has_beacon = found.of(Outcome::Accepted) > 0 || is_done;
    let check = |is_done: bool, done: &str, waiting: &str, text: String| Check {
        state: if is_done { "done" } else { "waiting" },
        title: if is_done { done } else { waiting }.to_owned(),
        text,
    };
    let seen = session.map_or_else(String::new, |session| {
        format!("{} on {}, {}", session.entry_page, session.client.browser, session.client.os)
    });
    let checks = vec![
        check(
            has_beacon,
            "The first beacon arrived",
            "Waiting for the first beacon…",
            String::new(),
        ),
        check(is_done, "The first session is here", "Then comes a session", seen),
    ];
    let refused: Vec<Check> = found.refused().into_iter().map(refusal).collect();
    let stamp = format!("{has_beacon}-{is_done}-{}", refused.len());
    let session =
        session.map(|session| Link::new("Open the session", &format!("/sessions/{}", session.id)));
    let arrival = Arrival {
        checks,
        is_done,
        href: format!("/setup/arrival?app={id}"),
        stamp: stamp.clone(),
        again: format!("/setup/snippet?app={id}"),
        session,
        refused,
    };
    Ok((arrival, stamp))
}

fn refusal((outcome, count): (Outcome, u64)) -> Check {
    let (_, label, text) = outcomes::outcome(outcome);
    Check {
        state: "wrong",
        title: format!("{} refused: {label}", plural(count, "beacon")),
        text: text.to_owned(),
    }
}
