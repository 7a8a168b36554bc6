//! Every route against every kind of asker: generated from the list of routes.

use actix_web::http::Method;
use actix_web::test::TestRequest;
use footfall::model::account::Role;
use footfall::web::headers::CONTENT_SECURITY_POLICY;
use footfall::web::openapi;
use footfall::web::permission::{Access, Permission, Permissions};
use footfall::web::routes::{self, Route, Verb};
use serde_json::Value;

use crate::fixture::Fixture;

fn concrete(path: &str) -> String {
    path.replace("{application}", "a_0000001")
        .replace("{session}", "s_00000000000000000000000000")
        .replace("{number}", "1")
        .replace("{format}", "tag")
        .replace("{account}", "u_0000099")
        .replace("{token}", "t_0000099")
        .replace("{segment}", "g_0000099")
        .replace("{topic}", "numbers")
}

/// Whether the gate let it through: whatever the handler then says is not 401, and 403 only for a permission.
fn expected(route: &Route, permissions: Option<Permissions>, is_token: bool) -> Option<u16> {
    match (route.access, permissions) {
        (Access::SetUp, _) => Some(404),
        (Access::Public, _) => None,
        (_, None) => Some(401),
        (Access::SelfOnly, Some(_)) if is_token => Some(403),
        (Access::Needs(needed), Some(has)) if !has.has(needed) => Some(403),
        _ => None,
    }
}

async fn ask(fixture: &Fixture, route: &Route, header: (&str, &str)) -> u16 {
    let mut request = TestRequest::default()
        .method(route.verb.method())
        .uri(&concrete(route.path))
        .insert_header(("sec-fetch-site", "same-origin"));
    if !header.1.is_empty() {
        request = request.insert_header(header);
    }
    fixture.send(request).await.status
}

fn machine_routes() -> impl Iterator<Item = &'static Route> {
    routes::HEALTH.iter().chain(routes::API).filter(|r| !r.path.ends_with("/sign-out"))
}

#[actix_web::test]
async fn every_route_lets_in_whom_it_should() {
    let fixture = Fixture::new();
    let roles = [Role::Viewer, Role::Analyst, Role::Editor, Role::Admin];
    for (number, role) in roles.into_iter().enumerate() {
        let account = fixture.account(&format!("person {number}"), role, false);
        let cookie = fixture.cookie(account.id);
        let own = Permissions::of(role, false);
        for route in machine_routes() {
            let status = ask(&fixture, route, ("cookie", &cookie)).await;
            check(route, expected(route, Some(own), false), status, &format!("{role:?}"));
        }
        for scope in Permission::ALL {
            let token = format!("Bearer {}", fixture.token(account.id, &[scope.name()]));
            let has = own.and(Permissions::collect([*scope]));
            for route in machine_routes() {
                let status = ask(&fixture, route, ("authorization", &token)).await;
                let name = format!("{role:?} token {}", scope.name());
                check(route, expected(route, Some(has), true), status, &name);
            }
        }
    }
    for route in machine_routes() {
        let status = ask(&fixture, route, ("cookie", "")).await;
        check(route, expected(route, None, false), status, "nobody");
        let status = ask(&fixture, route, ("cookie", "footfall=0123")).await;
        check(route, expected(route, None, false), status, "a made-up cookie");
    }
}

fn check(route: &Route, expected: Option<u16>, status: u16, who: &str) {
    let what = format!("{who}: {:?} {}", route.verb, route.path);
    match expected {
        Some(expected) => assert_eq!(status, expected, "{what}"),
        None => assert!(status != 401 && status != 403 && status < 500, "{what}: {status}"),
    }
}

#[actix_web::test]
async fn what_is_over_lets_nobody_in() {
    let fixture = Fixture::new();
    let account = fixture.account("ann", Role::Admin, true);
    let cookie = fixture.cookie(account.id);
    let token = format!("Bearer {}", fixture.token(account.id, &["applications:read"]));
    let get = |name, value: &str| {
        TestRequest::get().uri("/api/v1/applications").insert_header((name, value))
    };
    assert_eq!(fixture.send(get("cookie", &cookie)).await.status, 200);
    fixture.pass(59 * 60_000);
    assert_eq!(fixture.send(get("cookie", &cookie)).await.status, 200, "used within the hour");
    fixture.pass(61 * 60_000);
    assert_eq!(fixture.send(get("cookie", &cookie)).await.status, 401, "idle for an hour");
    let cookie = fixture.cookie(account.id);
    for _ in 0..12 {
        fixture.pass(59 * 60_000);
        fixture.send(get("cookie", &cookie)).await;
    }
    fixture.pass(13 * 60_000);
    assert_eq!(fixture.send(get("cookie", &cookie)).await.status, 401, "twelve hours");
    assert_eq!(fixture.send(get("authorization", &token)).await.status, 200);
    let wrong = format!("{}0", token.trim_end_matches('0'));
    assert_eq!(fixture.send(get("authorization", &wrong)).await.status, 401, "wrong secret");
    fixture.pass(31 * 86_400_000);
    assert_eq!(fixture.send(get("authorization", &token)).await.status, 401, "token is over");
}

#[actix_web::test]
async fn requests_of_other_sites_change_nothing() {
    let fixture = Fixture::new();
    let account = fixture.account("ann", Role::Admin, true);
    let cookie = fixture.cookie(account.id);
    let cases: &[(&[(&str, &str)], bool)] = &[
        (&[("sec-fetch-site", "same-origin")], true),
        (&[("sec-fetch-site", "none")], true),
        (&[("sec-fetch-site", "same-site")], false),
        (&[("sec-fetch-site", "cross-site")], false),
        (&[("sec-fetch-site", "cross-site"), ("origin", "http://localhost:8080")], false),
        (&[("origin", "http://evil.example"), ("host", "admin.example")], false),
        (&[("origin", "null"), ("host", "admin.example")], false),
        (&[("origin", "http://admin.example"), ("host", "admin.example")], true),
        (&[("host", "admin.example")], false),
    ];
    for route in routes::all().filter(|r| r.verb != Verb::Get && !r.path.ends_with("sign-out")) {
        for (headers, is_own) in cases {
            let mut request = TestRequest::default()
                .method(route.verb.method())
                .uri(&concrete(route.path))
                .insert_header(("cookie", cookie.as_str()));
            for header in *headers {
                request = request.insert_header(*header);
            }
            let answer = fixture.send(request).await;
            let is_refused =
                answer.status == 403 && answer.body.contains("did not come from a page");
            assert_eq!(!is_refused, *is_own, "{} {headers:?}: {}", route.path, answer.body);
        }
    }
}

#[actix_web::test]
async fn every_answer_carries_the_security_headers() {
    let fixture = Fixture::new();
    fixture.account("ann", Role::Admin, true);
    let paths = routes::all().map(|r| concrete(r.path)).chain(["/nothing".to_owned()]);
    for path in paths {
        let answer = fixture.own(Method::GET, &path, "", &Value::Null).await;
        assert_eq!(answer.header("content-security-policy"), CONTENT_SECURITY_POLICY, "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("x-frame-options"), "DENY", "{path}");
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
        assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin", "{path}");
        assert_eq!(answer.header("access-control-allow-origin"), "", "{path}");
        assert!(!answer.header("cache-control").is_empty(), "{path}");
    }
}

#[test]
fn the_description_of_the_api_fits_its_routes() {
    let document = serde_json::to_value(openapi::build()).unwrap();
    let mut described = 0;
    for route in routes::API.iter().filter(|r| r.path != "/api/v1/openapi.json") {
        let verb = format!("{:?}", route.verb).to_lowercase();
        let operation = &document["paths"][route.path][&verb];
        assert!(operation["x-permission"].is_string(), "{verb} {} is not described", route.path);
        described += 1;
    }
    let operations = document["paths"].as_object().unwrap().values();
    let total: usize = operations.map(|item| item.as_object().unwrap().len()).sum();
    assert_eq!(total, described, "something is described that is not there");
}
