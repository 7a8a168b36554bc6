//! Every route of the admin listener in one list: method, path, who may, handler.

use actix_web::dev::ServiceRequest;
use actix_web::http::Method;
use actix_web::middleware::{Next, from_fn};
use actix_web::{Route as ActixRoute, web};

use super::api::{
    accounts, actions, apdex_trial, applications, audit, detection_rules, me, overview, segments,
    sessions, sign_in, tokens, users,
};
use super::assets;
use super::gate;
use super::health;
use super::openapi;
use super::permission::{Access, Permission};
use super::ui::show;

/// HTTP method of a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verb {
    /// GET, and HEAD.
    Get,
    /// POST.
    Post,
    /// PUT.
    Put,
    /// PATCH.
    Patch,
    /// DELETE.
    Delete,
}

impl Verb {
    /// As actix knows it.
    #[must_use]
    pub fn method(self) -> Method {
        match self {
            Self::Get => Method::GET,
            Self::Post => Method::POST,
            Self::Put => Method::PUT,
            Self::Patch => Method::PATCH,
            Self::Delete => Method::DELETE,
        }
    }
}

/// One route.
pub struct Route {
    /// Method.
    pub verb: Verb,
    /// Path with parameters in braces.
    pub path: &'static str,
    /// Who may.
    pub access: Access,
    /// Puts the handler on.
    pub handler: fn(ActixRoute) -> ActixRoute,
}

macro_rules! routes {
    ($($verb:ident $path:literal, $access:expr => $handler:expr;)+) => {
        &[$(Route { verb: Verb::$verb, path: $path, access: $access, handler: |route| route.to($handler) },)+]
    };
}

const fn needs(permission: Permission) -> Access {
    Access::Needs(permission)
}

/// For machines that watch over this one.
pub const HEALTH: &[Route] = routes! {
    Get "/healthz", Access::Public => health::live;
    Get "/readyz", Access::Public => health::ready;
    Get "/metrics", Access::Public => health::metrics;
};

/// The API.
pub const API: &[Route] = routes! {
    Get "/api/v1/openapi.json", Access::Public => openapi::document;
    Post "/api/v1/set-up", Access::SetUp => sign_in::set_up;
    Post "/api/v1/sign-in", Access::Public => sign_in::sign_in;
    Post "/api/v1/sign-out", Access::SelfOnly => sign_in::sign_out;
    Get "/api/v1/me", Access::SignedIn => me::get;
    Patch "/api/v1/me", Access::SelfOnly => me::change;
    Put "/api/v1/me/password", Access::SelfOnly => me::set_password;
    Get "/api/v1/me/tokens", Access::SelfOnly => tokens::list_own;
    Post "/api/v1/me/tokens", Access::SelfOnly => tokens::create_own;
    Delete "/api/v1/me/tokens/{token}", Access::SelfOnly => tokens::remove_own;
    Get "/api/v1/applications", needs(Permission::ReadApplications) => applications::list;
    Post "/api/v1/applications", needs(Permission::WriteApplications) => applications::create;
    Get "/api/v1/applications/{application}", needs(Permission::ReadApplications) => applications::get;
    Patch "/api/v1/applications/{application}", needs(Permission::WriteApplications) => applications::change;
    Delete "/api/v1/applications/{application}", needs(Permission::WriteApplications) => applications::remove;
    Get "/api/v1/applications/{application}/health", needs(Permission::ReadApplications) => applications::health;
    Get "/api/v1/applications/{application}/actions", needs(Permission::ReadSessions) => actions::list;
    Get "/api/v1/applications/{application}/overview", needs(Permission::ReadSessions) => overview::get;
    Get "/api/v1/applications/{application}/apdex-trial", needs(Permission::ReadSessions) => apdex_trial::get;
    Get "/api/v1/applications/{application}/snippets/{format}",
        needs(Permission::ReadApplications) => applications::snippet;
    Get "/api/v1/detection-rules", needs(Permission::ReadRules) => detection_rules::get;
    Put "/api/v1/detection-rules", needs(Permission::WriteRules) => detection_rules::put;
    Get "/api/v1/sessions", needs(Permission::ReadSessions) => sessions::list;
    Get "/api/v1/sessions/{session}", needs(Permission::ReadSessions) => sessions::get;
    Get "/api/v1/sessions/{session}/actions", needs(Permission::ReadSessions) => sessions::actions;
    Get "/api/v1/sessions/{session}/actions/{number}/waterfall",
        needs(Permission::ReadSessions) => sessions::waterfall;
    Get "/api/v1/users", needs(Permission::ReadSessions) => users::get;
    Get "/api/v1/segments", needs(Permission::ReadSessions) => segments::list;
    Post "/api/v1/segments", needs(Permission::WriteSegments) => segments::create;
    Get "/api/v1/segments/{segment}", needs(Permission::ReadSessions) => segments::get;
    Patch "/api/v1/segments/{segment}", needs(Permission::WriteSegments) => segments::change;
    Delete "/api/v1/segments/{segment}", needs(Permission::WriteSegments) => segments::remove;
    Get "/api/v1/accounts", needs(Permission::ReadAccounts) => accounts::list;
    Post "/api/v1/accounts", needs(Permission::WriteAccounts) => accounts::create;
    Get "/api/v1/accounts/{account}", needs(Permission::ReadAccounts) => accounts::get;
    Patch "/api/v1/accounts/{account}", needs(Permission::WriteAccounts) => accounts::change;
    Delete "/api/v1/accounts/{account}", needs(Permission::WriteAccounts) => accounts::remove;
    Get "/api/v1/tokens", needs(Permission::ReadTokens) => tokens::list;
    Post "/api/v1/tokens", needs(Permission::WriteTokens) => tokens::create;
    Delete "/api/v1/tokens/{token}", needs(Permission::WriteTokens) => tokens::remove;
    Get "/api/v1/audit", needs(Permission::ReadAudit) => audit::list;
    Get "/api/v1/audit/check", needs(Permission::ReadAudit) => audit::check;
};

/// The pages; `src/web/ui/` has them.
#[rustfmt::skip]
pub const PAGES: &[Route] = routes! {
    Get "/static/{digest}/{path:.*}", Access::Public => assets::serve;
    Get "/setup", Access::SetUp => show::setup::start;
    Post "/setup", Access::SetUp => show::setup::make_account;
    Get "/setup/application", needs(Permission::WriteApplications) => show::setup::application;
    Post "/setup/application", needs(Permission::WriteApplications) => show::setup::make_application;
    Get "/setup/snippet", needs(Permission::WriteApplications) => show::setup::line;
    Get "/setup/arrival", needs(Permission::WriteApplications) => show::setup::stamp;
    Get "/login", Access::Public => show::access::login;
    Post "/login", Access::Public => show::access::enter;
    Post "/logout", Access::SelfOnly => show::access::leave;
    Post "/theme", Access::Public => show::access::theme;
    Get "/me", Access::SelfOnly => show::access::own;
    Post "/me", Access::SelfOnly => show::access::change;
    Post "/me/keys", Access::SelfOnly => show::access::change_keys;
    Post "/me/password", Access::SelfOnly => show::access::change_password;
    Post "/me/tokens", Access::SelfOnly => show::access::add_token;
    Post "/me/tokens/{token}/remove", Access::SelfOnly => show::access::remove_token;
    Get "/", needs(Permission::ReadSessions) => show::home::page;
    Get "/sessions", needs(Permission::ReadSessions) => show::sessions::list;
    Get "/sessions/suggest", needs(Permission::ReadSessions) => show::suggest::suggest;
    Get "/sessions/news", needs(Permission::ReadSessions) => show::sessions::news;
    Get "/sessions/{session}", needs(Permission::ReadSessions) => show::session::page;
    Get "/sessions/{session}/news", needs(Permission::ReadSessions) => show::session::news;
    Get "/sessions/{session}/actions/{number}/waterfall", needs(Permission::ReadSessions) => show::waterfall::page;
    Get "/segments", needs(Permission::ReadSessions) => show::segments::list;
    Post "/segments", needs(Permission::WriteSegments) => show::segments::save;
    Post "/segments/{segment}/remove", needs(Permission::WriteSegments) => show::segments::discard;
    Get "/users/{key}", needs(Permission::ReadSessions) => show::user::page;
    Get "/apps", needs(Permission::ReadApplications) => show::application_list::page;
    Get "/apps/new", needs(Permission::WriteApplications) => show::applications::new;
    Post "/apps/new", needs(Permission::WriteApplications) => show::applications::make;
    Get "/apps/{application}", needs(Permission::ReadApplications) => show::overview::page;
    Get "/apps/{application}/actions", needs(Permission::ReadSessions) => show::actions::page;
    Get "/apps/{application}/health", needs(Permission::ReadApplications) => show::health::page;
    Post "/apps/{application}/domains", needs(Permission::WriteApplications) => show::rules::adopt;
    Post "/apps/{application}/remove", needs(Permission::WriteApplications) => show::application_settings::remove;
    Post "/apps/{application}/rules", needs(Permission::WriteRules) => show::rules::change;
    Get "/apps/{application}/settings/{section}", needs(Permission::ReadApplications) => show::application_settings::settings;
    Post "/apps/{application}/settings/{section}", needs(Permission::WriteApplications) => show::application_settings::save;
    Get "/settings", Access::SelfOnly => show::settings::open;
    Get "/settings/users", needs(Permission::ReadAccounts) => show::settings::users;
    Post "/settings/users", needs(Permission::WriteAccounts) => show::settings::add_user;
    Post "/settings/users/{account}/remove", needs(Permission::WriteAccounts) => show::settings::remove_user;
    Get "/settings/tokens", needs(Permission::ReadTokens) => show::settings::tokens;
    Post "/settings/tokens", needs(Permission::WriteTokens) => show::settings::add_token;
    Post "/settings/tokens/{token}/remove", needs(Permission::WriteTokens) => show::settings::remove_token;
    Get "/settings/audit", needs(Permission::ReadAudit) => show::settings::audit;
    Get "/search", Access::SelfOnly => show::search::page;
    Get "/search/suggest", Access::SelfOnly => show::search::suggest;
    Get "/help", Access::SelfOnly => show::help::page;
    Get "/help/{topic}", Access::SelfOnly => show::help::topic;
    Get "/api", Access::SelfOnly => show::api_docs::page;
    Get "/api/try", Access::SelfOnly => show::api_docs::attempt;
};

/// All routes of the admin listener.
pub fn all() -> impl Iterator<Item = &'static Route> {
    HEALTH.iter().chain(API).chain(PAGES)
}

/// Registers all routes; there is no other way in.
pub fn register(config: &mut web::ServiceConfig) {
    let mut paths: Vec<&'static str> = Vec::new();
    for route in all() {
        if !paths.contains(&route.path) {
            paths.push(route.path);
        }
    }
    for path in paths {
        let mut resource = web::resource(path);
        for route in all().filter(|r| r.path == path) {
            resource = resource.route(guarded(route, route.verb.method()));
            if route.verb == Verb::Get {
                resource = resource.route(guarded(route, Method::HEAD));
            }
        }
        config.service(resource.default_service(web::to(super::app::wrong_method)));
    }
}

fn guarded(route: &'static Route, method: Method) -> ActixRoute {
    let access = route.access;
    (route.handler)(web::method(method)).wrap(from_fn(
        move |request: ServiceRequest, next: Next<_>| gate::pass(access, request, next),
    ))
}
