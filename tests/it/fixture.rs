//! A server in this process with a clock that stands still.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use actix_web::body::BoxBody;
use actix_web::dev::ServiceResponse;
use actix_web::test::{TestRequest, call_service, init_service, read_body};
use actix_web::web::Data;
use actix_web::{App, http::Method};
use footfall::base::clock::Clock;
use footfall::base::entropy::Entropy;
use footfall::base::id::AccountId;
use footfall::base::time::Timestamp;
use footfall::columns::ColumnStore;
use footfall::config::Config;
use footfall::engine::access::{self, NewAccount};
use footfall::engine::rules;
use footfall::engine::services::{Opened, Services};
use footfall::logic::enrich::Enricher;
use footfall::model::account::{Account, Role};
use footfall::search::{SearchIndex, SearchOptions};
use footfall::store::catalog::{Author, Catalog};
use footfall::store::{Store, StoreOptions};
use footfall::web::app::admin_app;
use footfall::web::state::WebState;
use serde_json::Value;

/// A password that is good enough.
pub const PASSWORD: &str = "correct horse battery";

/// The server.
pub struct Fixture {
    /// Its state.
    pub state: Data<WebState>,
    _folder: tempfile::TempDir,
}

/// An answer, read whole.
pub struct Answer {
    /// Status.
    pub status: u16,
    /// Headers.
    pub headers: actix_web::http::header::HeaderMap,
    /// Body.
    pub body: String,
}

impl Answer {
    /// A header as text; empty when it is missing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default()
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.body))
    }

    /// The cookie that was set, as `name=value`.
    pub fn cookie(&self) -> String {
        self.header("set-cookie").split(';').next().unwrap().to_owned()
    }
}

impl Fixture {
    /// An empty server.
    pub fn new() -> Self {
        Self::with(Config::default())
    }

    /// An empty server with a configuration.
    pub fn with(config: Config) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let now = Timestamp(1_795_000_000_000);
        let catalog = Arc::new(Catalog::in_memory(now).unwrap());
        let (store, _) = Store::open(folder.path(), StoreOptions::default()).unwrap();
        let (search, _) = SearchIndex::open(folder.path(), SearchOptions::default()).unwrap();
        let opened = Opened {
            catalog,
            store: Arc::new(store),
            search: Arc::new(search),
            columns: Arc::new(ColumnStore::new(folder.path())),
            enricher: Enricher::new(rules::ruleset(&[]).unwrap(), None, [7; 32]),
        };
        // Nothing takes beacons here: what is kept is put into the store by the tests.
        let (services, _receiver) =
            Services::new(Clock::manual(now), Entropy::seeded(7), Arc::new(config), opened);
        // No pipeline runs here; it counts as well.
        services.gauges.heartbeat.store(i64::MAX, Ordering::Relaxed);
        let state = Data::new(WebState::new(Arc::new(services)));
        Self { state, _folder: folder }
    }

    /// Lets time pass.
    pub fn pass(&self, millis: i64) {
        let clock = &self.state.services.clock;
        clock.set(Timestamp(clock.now().0 + millis));
    }

    /// Adds an account.
    pub fn account(&self, name: &str, role: Role, sees_unmasked: bool) -> Account {
        let services = &self.state.services;
        let new = NewAccount {
            name: name.to_owned(),
            password: PASSWORD.to_owned(),
            role,
            sees_unmasked,
        };
        let author = Author::command_line(services.now());
        services.access.add_account(&services.catalog, &new, &author).unwrap()
    }

    /// Begins a sign-in; the cookie.
    pub fn cookie(&self, account: AccountId) -> String {
        let services = &self.state.services;
        let secret = format!("{:064x}", services.entropy.next_u128());
        let author = Author::command_line(services.now());
        let hash = access::hash_of(&secret);
        services.catalog.begin_sign_in(&hash, account, &author).unwrap();
        format!("footfall={secret}")
    }

    /// Makes a token; its text.
    pub fn token(&self, account: AccountId, scopes: &[&str]) -> String {
        let services = &self.state.services;
        let scopes = scopes.iter().map(|s| (*s).to_owned()).collect();
        let now = services.now();
        let (token, secret) =
            access::make_token(&services.entropy, "test", account, scopes, 30, now).unwrap();
        let author = Author::command_line(now);
        let token = services.catalog.add_token(token, &author).unwrap();
        access::token_text(token.id, &secret)
    }

    /// Sends a request.
    pub async fn send(&self, request: TestRequest) -> Answer {
        let state = self.state.clone();
        let app = init_service(App::new().configure(|c| admin_app(c, state))).await;
        let peer = "198.51.100.7:4000".parse().unwrap();
        let response: ServiceResponse<BoxBody> =
            call_service(&app, request.peer_addr(peer).to_request()).await;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = String::from_utf8_lossy(&read_body(response).await).into_owned();
        Answer { status, headers, body }
    }

    /// Sends a request of our own page, which has seen revision 1 of what it changes.
    pub async fn own(&self, method: Method, path: &str, cookie: &str, body: &Value) -> Answer {
        self.own_seen(Some(1), method, path, cookie, body).await
    }

    /// Sends a request of our own page, which has seen that revision of what it changes.
    pub async fn own_seen(
        &self,
        revision: Option<u32>,
        method: Method,
        path: &str,
        cookie: &str,
        body: &Value,
    ) -> Answer {
        let mut request = TestRequest::default()
            .method(method)
            .uri(path)
            .insert_header(("sec-fetch-site", "same-origin"));
        if let Some(revision) = revision {
            request = request.insert_header(("if-match", format!("\"{revision}\"")));
        }
        if !cookie.is_empty() {
            request = request.insert_header(("cookie", cookie));
        }
        if !body.is_null() {
            request = request.set_json(body);
        }
        self.send(request).await
    }
}
