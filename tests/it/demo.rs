//! The demo: a week that is always the same, stored as real traffic is, on every page; and its shop.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

use actix_web::App;
use actix_web::http::Method;
use actix_web::test::{TestRequest, call_service, init_service, read_body};
use footfall::base::time::{DAY_MILLIS, Timestamp};
use footfall::engine::demo::fill::{Filled, Plan, fill};
use footfall::engine::demo::settings;
use footfall::engine::indexing::reindex;
use footfall::model::account::Role;
use footfall::model::outcome::Outcome;
use footfall::model::session::{Session, SessionKind};
use footfall::store::catalog::Author;
use footfall::web::app::ingest_app;
use footfall::web::demo_shop;
use footfall::web::routes::{PAGES, Verb};
use serde_json::Value;

use crate::fixture::{Answer, Fixture};

/// A small week on an empty server.
pub fn week(seed: u64) -> (Fixture, Filled) {
    week_of(seed, 40)
}

fn week_of(seed: u64, visits_per_day: u32) -> (Fixture, Filled) {
    let fixture = Fixture::new();
    let services = &fixture.state.services;
    settings::applications(services, &Author::command_line(services.now())).unwrap();
    let plan = Plan { seed, visits_per_day, present: services.now() };
    let mut heard = 0;
    let never = AtomicBool::new(false);
    let (filled, _) = fill(services, &plan, &never, &mut |filled| {
        assert!(filled.per_mille >= heard);
        heard = filled.per_mille;
    })
    .unwrap();
    assert_eq!(filled.per_mille, 1_000);
    reindex(&services.store, &services.search, &services.columns, |_, _| {}).unwrap();
    (fixture, filled)
}

pub fn sessions(fixture: &Fixture) -> Vec<Session> {
    let store = &fixture.state.services.store;
    let days = store.days().unwrap();
    days.iter().flat_map(|day| store.sessions_of_day(*day, None, usize::MAX).unwrap()).collect()
}

#[test]
fn a_week_is_stored_whole_and_what_is_open_stays_live() {
    let (fixture, filled) = week(1);
    let services = &fixture.state.services;
    let all = sessions(&fixture);
    assert_eq!(filled.refused, 0);
    assert_eq!(filled.sessions, all.len() as u64);
    assert_eq!(services.search.session_count(), filled.sessions);
    assert!(all.len() > 200, "{}", all.len());
    let (start, end) = (Timestamp(services.now().0 - 8 * DAY_MILLIS), services.now());
    let mut outcomes = BTreeMap::new();
    for (key, count) in services.store.outcomes(start, end).unwrap() {
        *outcomes.entry(key.outcome).or_insert(0) += count;
    }
    assert_eq!(outcomes, BTreeMap::from([(Outcome::Accepted, filled.beacons)]));
    let used: u64 = services.store.usage(start, end).unwrap().iter().map(|(_, n)| n).sum();
    let units: u64 = all.iter().map(|session| u64::from(session.usage_units)).sum();
    assert_eq!(used, units);
    assert!(used > 0);
    let live = all.iter().filter(|session| session.is_live()).count();
    assert!((5..80).contains(&live), "{live}");
    for session in all.iter().filter(|session| session.is_live()) {
        assert!(services.now().since(session.received_at).0 < 36 * 60_000);
    }
}

#[test]
fn the_same_seed_gives_the_same_sessions() {
    let [one, two, other] = [3, 3, 4].map(|seed| sessions(&week(seed).0));
    assert_eq!(one, two);
    assert_ne!(one, other);
}

/// Addresses of a page with parameters, for one session.
fn addresses(path: &str, session: &Session, user: &str) -> Vec<String> {
    let path = path
        .replace("{session}", &session.id.to_string())
        .replace("{application}", "a_0000001")
        .replace("{number}", "1")
        .replace("{key}", user)
        .replace("{topic}", "numbers");
    if !path.contains("{section}") {
        return vec![path];
    }
    let sections = ["general", "detection", "tagging", "apdex", "sessions", "privacy", "snippet"];
    sections.map(|section| path.replace("{section}", section)).to_vec()
}

#[actix_web::test]
async fn people_are_found_by_name_and_every_page_has_something_to_show() {
    let (fixture, _) = week(2);
    let account = fixture.account("ann", Role::Admin, true);
    let cookie = fixture.cookie(account.id);
    let get = async |path: &str| fixture.own(Method::GET, path, &cookie, &Value::Null).await;
    let all = sessions(&fixture);
    let is_whole = |s: &&Session| {
        s.kind == SessionKind::RealUser && s.user_tag.contains('@') && s.tally.actions > 4
    };
    let session = all.iter().rfind(is_whole).unwrap();
    let found = get(&format!("/sessions?from=-7d&q={}", session.user_tag)).await;
    assert_eq!(found.status, 200);
    assert!(found.body.contains(&session.id.to_string()), "{}", session.user_tag);
    let shown = get(&format!("/sessions/{}", session.id)).await.body;
    let user = shown.split("/users/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let mut seen = 0;
    for route in PAGES.iter().filter(|r| r.verb == Verb::Get) {
        // Static files, the set-up that is done, and what streams.
        if ["/static", "/setup", "/login"].iter().any(|start| route.path.starts_with(start)) {
            continue;
        }
        for path in addresses(route.path, session, &user) {
            let answer: Answer = get(&path).await;
            assert!(
                matches!(answer.status, 200 | 303),
                "{path}: {} {}",
                answer.status,
                answer.body
            );
            if answer.status == 200 && !path.ends_with("/news") && !path.ends_with("/suggest") {
                assert!(answer.body.contains("</main>"), "{path}");
                seen += 1;
            }
        }
    }
    assert!(seen >= 18, "{seen}");
}

#[actix_web::test]
async fn files_hold_all_matches_and_not_only_the_first_page() {
    let (fixture, filled) = week_of(5, 120);
    assert!(filled.sessions > 501, "{}", filled.sessions);
    let account = fixture.account("ann", Role::Admin, true);
    let cookie = fixture.cookie(account.id);
    let get = async |path: &str| fixture.own(Method::GET, path, &cookie, &Value::Null).await;
    let all: std::collections::BTreeSet<String> =
        sessions(&fixture).iter().map(|session| session.id.to_string()).collect();
    let csv = get("/api/v1/sessions?from=-9d&format=csv").await;
    assert_eq!(csv.status, 200);
    let rows: Vec<&str> = csv.body.lines().collect();
    assert!(rows[0].starts_with("id,user_tag,"));
    assert_eq!(rows.iter().filter(|row| row.starts_with("id,")).count(), 1);
    let found: std::collections::BTreeSet<String> =
        rows[1..].iter().map(|row| row.split(',').next().unwrap().to_owned()).collect();
    assert_eq!((rows.len() - 1, found), (all.len(), all));
    let lines = get("/api/v1/sessions?from=-9d&format=ndjson&limit=501").await.body;
    assert_eq!(lines.lines().count(), 501);
    for line in lines.lines() {
        assert!(serde_json::from_str::<Value>(line).unwrap()["id"].is_string());
    }
    assert_eq!(get("/api/v1/sessions?q=nonsense:1&format=csv").await.status, 400);
}

#[actix_web::test]
async fn the_shop_has_the_line_on_every_page_and_only_in_the_demo() {
    let fixture = Fixture::new();
    let state = fixture.state.clone();
    let shop = init_service(
        App::new().configure(|c| ingest_app(c, state.clone())).configure(demo_shop::pages),
    )
    .await;
    let line = "<script src=\"http://shop.test:8301/tag/a_0000001.js\"></script>";
    let cases = [
        ("/shop/", 200, line),
        ("/shop/category/beans", 200, line),
        ("/shop/category/gear", 200, line),
        ("/shop/product/sidamo", 200, line),
        ("/shop/basket", 200, line),
        ("/shop/checkout", 200, line),
        ("/shop/payment/finish", 200, line),
        ("/shop/login", 200, line),
        ("/shop/help", 200, line),
        ("/shop/img/sidamo.svg", 200, "<svg"),
        ("/shop/file/shop.js", 200, "identifyUser"),
        ("/shop/file/shop.css", 200, "--accent"),
        ("/shop/api/offers", 200, "offers"),
        ("/shop/api/voucher", 500, "voucher"),
        ("/shop/file/base.html", 404, "not in this shop"),
        ("/shop/product/tea", 404, "not in this shop"),
        ("/shop/category/tea", 404, "not in this shop"),
        ("/tag/a_0000001.js", 200, "identifyUser"),
    ];
    for (path, status, part) in cases {
        let request = TestRequest::get().uri(path).insert_header(("host", "shop.test:8301"));
        let answer = call_service(&shop, request.to_request()).await;
        assert_eq!(answer.status().as_u16(), status, "{path}");
        let body = String::from_utf8_lossy(&read_body(answer).await).into_owned();
        assert!(body.contains(part), "{path}: {body}");
    }
    let request = TestRequest::get().uri("/shop/").insert_header(("host", "a\"><script>"));
    let body = read_body(call_service(&shop, request.to_request()).await).await;
    assert!(String::from_utf8_lossy(&body).contains("http://localhost/tag/a_0000001.js"));
    let usual = init_service(App::new().configure(|c| ingest_app(c, state.clone()))).await;
    let answer = call_service(&usual, TestRequest::get().uri("/shop/").to_request()).await;
    assert_eq!(answer.status().as_u16(), 404);
}
