//! The description of the API for programs: made from the handlers and the list of routes.

use actix_web::HttpResponse;
use utoipa::OpenApi;
use utoipa::openapi::extensions::Extensions;
use utoipa::openapi::path::{Operation, PathItem};

use super::api::{
    accounts, actions, apdex_trial, applications, audit, detection_rules, me, overview, segments,
    sessions, sign_in, tokens, users,
};
use super::permission::Access;
use super::routes::{self, Verb};

#[derive(OpenApi)]
#[openapi(
    info(title = "Footfall API", description = "Whatever the pages can do, programs can do."),
    paths(
        sign_in::set_up,
        sign_in::sign_in,
        sign_in::sign_out,
        me::get,
        me::change,
        me::set_password,
        applications::list,
        applications::create,
        applications::get,
        applications::change,
        applications::remove,
        applications::health,
        actions::list,
        overview::get,
        apdex_trial::get,
        applications::snippet,
        detection_rules::get,
        detection_rules::put,
        sessions::list,
        sessions::get,
        sessions::actions,
        sessions::waterfall,
        users::get,
        segments::list,
        segments::create,
        segments::get,
        segments::change,
        segments::remove,
        accounts::list,
        accounts::create,
        accounts::get,
        accounts::change,
        accounts::remove,
        tokens::list,
        tokens::create,
        tokens::remove,
        tokens::list_own,
        tokens::create_own,
        tokens::remove_own,
        audit::list,
        audit::check,
    )
)]
struct Document;

/// The document with the permission of each operation.
#[must_use]
pub fn build() -> utoipa::openapi::OpenApi {
    let mut document = Document::openapi();
    for route in routes::API {
        let Some(item) = document.paths.paths.get_mut(route.path) else {
            continue;
        };
        if let Some(operation) = operation(item, route.verb) {
            let needed = match route.access {
                Access::Public => "public",
                Access::SetUp => "set-up",
                Access::SelfOnly => "self",
                Access::SignedIn => "signed-in",
                Access::Needs(permission) => permission.name(),
            };
            operation.extensions = Some(Extensions::from_iter([("x-permission", needed)]));
        }
    }
    document
}

fn operation(item: &mut PathItem, verb: Verb) -> Option<&mut Operation> {
    match verb {
        Verb::Get => item.get.as_mut(),
        Verb::Post => item.post.as_mut(),
        Verb::Put => item.put.as_mut(),
        Verb::Patch => item.patch.as_mut(),
        Verb::Delete => item.delete.as_mut(),
    }
}

/// `GET /api/v1/openapi.json`
pub async fn document() -> HttpResponse {
    HttpResponse::Ok().json(build())
}
