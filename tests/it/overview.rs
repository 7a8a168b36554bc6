//! The numbers of applications against the demo's week, counted session by session from the store.

use actix_web::test::TestRequest;
use footfall::base::id::ApplicationId;
use footfall::base::time::{DAY_MILLIS, Timestamp};
use footfall::model::account::Role;
use footfall::model::action::{ActionKind, ApdexZone};
use footfall::model::session::SessionKind;
use serde_json::Value;

use crate::demo::{sessions, week};
use crate::fixture::Fixture;

async fn overview(fixture: &Fixture, application: ApplicationId, query: &str) -> Value {
    let account = fixture.account(&format!("{application}{query}"), Role::Viewer, false);
    let cookie = fixture.cookie(account.id);
    let uri = format!("/api/v1/applications/{application}/overview?{query}");
    let answer = fixture.send(TestRequest::get().uri(&uri).insert_header(("cookie", cookie))).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.json()
}

fn number(told: &Value, name: &str) -> u64 {
    told[name].as_u64().unwrap_or_else(|| panic!("{name} in {told}"))
}

#[actix_web::test]
async fn an_overview_tells_what_the_rows_say() {
    let (fixture, _) = week(1);
    let services = &fixture.state.services;
    let all = sessions(&fixture);
    let from = Timestamp(services.now().0 - 9 * DAY_MILLIS).rfc3339();
    let mut crossing = 0;
    for application in services.catalog.applications().iter() {
        let id = application.id;
        let own = all.iter().filter(|session| {
            session.kind == SessionKind::RealUser
                && session.applications.iter().any(|visit| visit.application == id)
        });
        let (mut count, mut loads, mut frustrated, mut errors) = (0, 0, 0, 0);
        for session in own {
            count += 1;
            crossing += usize::from(session.applications.len() > 1);
            for action in services.store.actions(session.id).unwrap() {
                if action.application == id {
                    loads += u64::from(action.kind == ActionKind::PageLoad);
                    frustrated += u64::from(action.zone == ApdexZone::Frustrated);
                    errors += u64::from(action.error_count);
                }
            }
        }
        let told = overview(&fixture, id, &format!("from={from}&cmp=none")).await;
        let now = &told["current"];
        assert_eq!(number(now, "sessions"), count, "{}", application.name);
        assert_eq!(number(now, "loads"), loads, "{}", application.name);
        assert_eq!(number(now, "frustrated"), frustrated, "{}", application.name);
        let kinds = ["javascript_errors", "request_errors", "custom_errors"];
        let counted: u64 = kinds.iter().map(|kind| number(now, kind)).sum();
        assert!(counted >= errors, "{}: {counted} < {errors}", application.name);
        let browsers = told["dimensions"]["browser"].as_array().unwrap();
        let by_browser: u64 = browsers.iter().map(|value| number(value, "loads")).sum();
        assert_eq!(by_browser, loads, "{}: ten browsers are all of them", application.name);
        assert!(browsers.iter().all(|v| v["load_p75"].is_null() == (v["loads"] == 0)));
        let buckets = now["buckets"].as_array().unwrap();
        let over_time: u64 = buckets.iter().map(|bucket| number(bucket, "sessions")).sum();
        assert_eq!(over_time, count);
        assert_eq!(told["before"], Value::Null);
    }
    assert!(crossing > 0, "no session crosses applications: the test says less than it should");
}

#[actix_web::test]
async fn all_errors_of_a_session_are_those_of_its_applications() {
    let (fixture, _) = week(2);
    let all = sessions(&fixture);
    let real = all.iter().filter(|session| session.kind == SessionKind::RealUser);
    let tallied: u64 = real.map(|session| u64::from(session.tally.errors())).sum();
    let from = Timestamp(fixture.state.services.now().0 - 9 * DAY_MILLIS).rfc3339();
    let mut told = 0;
    for application in fixture.state.services.catalog.applications().iter() {
        let now = overview(&fixture, application.id, &format!("from={from}")).await;
        let kinds = ["javascript_errors", "request_errors", "custom_errors"];
        told += kinds.iter().map(|kind| number(&now["current"], kind)).sum::<u64>();
    }
    assert!(tallied > 0);
    assert_eq!(told, tallied);
}

#[actix_web::test]
async fn what_makes_no_sense_is_refused() {
    let fixture = Fixture::new();
    let account = fixture.account("ann", Role::Viewer, false);
    let cookie = fixture.cookie(account.id);
    let base = format!("/api/v1/applications/{}/overview", ApplicationId::DEFAULT);
    for (query, status) in [
        ("", 200),
        ("?cmp=week&values=1000000&zone=no/zone", 200),
        ("?cmp=yesterday", 400),
        ("?from=nonsense", 400),
        ("?q=nonsense:1", 400),
        ("?q=ip:10.0.0.1", 403),
        ("?by=entry", 200),
        ("?by=nonsense", 400),
        ("?format=csv", 403),
    ] {
        let request = TestRequest::get().uri(&format!("{base}{query}"));
        let answer = fixture.send(request.insert_header(("cookie", cookie.clone()))).await;
        assert_eq!(answer.status, status, "{query}: {}", answer.body);
    }
}

#[actix_web::test]
async fn a_trial_of_thresholds_counts_the_stored_actions() {
    let (fixture, _) = week(1);
    let services = &fixture.state.services;
    let account = fixture.account("ann", Role::Viewer, false);
    let cookie = fixture.cookie(account.id);
    let since = Timestamp(services.now().0 - 7 * DAY_MILLIS);
    let applications = services.catalog.applications();
    let busy = applications.iter().max_by_key(|a| {
        let own = sessions(&fixture).into_iter();
        own.filter(|s| s.applications.iter().any(|visit| visit.application == a.id)).count()
    });
    let id = busy.unwrap().id;
    let (mut all, mut zones, mut quick) = (0, [0_u64; 3], 0);
    for session in sessions(&fixture).iter().filter(|s| s.kind == SessionKind::RealUser) {
        for action in services.store.actions(session.id).unwrap() {
            if action.application != id || action.started_at < since {
                continue;
            }
            all += 1;
            let slot = match action.zone {
                ApdexZone::Satisfied => 0,
                ApdexZone::Tolerating => 1,
                _ => 2,
            };
            zones[slot] += 1;
            let metric = action.visually_complete.unwrap_or(action.duration);
            let is_quick = metric.0 <= 500 && action.errors.is_empty();
            quick += u64::from(action.kind == ActionKind::PageLoad && is_quick);
        }
    }
    let ask = async |query: &str| {
        let uri = format!("/api/v1/applications/{id}/apdex-trial{query}");
        let request = TestRequest::get().uri(&uri).insert_header(("cookie", cookie.clone()));
        fixture.send(request).await
    };
    let told = ask("").await.json();
    assert_eq!(told["is_whole"], true, "the week is small enough");
    assert!(all > 100);
    let counted = ["satisfied", "tolerating", "frustrated"].map(|name| number(&told["all"], name));
    assert_eq!((number(&told["all"], "actions"), counted), (all, zones));
    let told = ask("?load_satisfied=500").await.json();
    assert_eq!(number(&told["load"], "satisfied"), quick);
    assert_eq!(told["load"]["threshold"]["tolerating"], 15_000);
    let bins = told["load"]["durations"].as_array().unwrap();
    let by_duration: u64 = bins.iter().map(|bin| number(bin, "actions")).sum();
    assert_eq!(by_duration, number(&told["load"], "actions"));
    for (query, pointer) in [
        ("?load_satisfied=0", "load_satisfied"),
        ("?xhr_tolerating=5", "xhr_tolerating"),
        ("?custom_tolerating=600001", "custom_tolerating"),
    ] {
        let answer = ask(query).await;
        assert_eq!(answer.status, 422, "{query}");
        assert_eq!(answer.json()["errors"][0]["pointer"], pointer, "{query}");
    }
}

#[actix_web::test]
async fn the_values_of_a_dimension_are_a_file() {
    let (fixture, _) = week(1);
    let cookie = fixture.cookie(fixture.account("ann", Role::Analyst, false).id);
    let base = format!("/api/v1/applications/{}/overview?from=-9d", ApplicationId::DEFAULT);
    let ask = async |query: &str| {
        let request = TestRequest::get().uri(&format!("{base}{query}"));
        fixture.send(request.insert_header(("cookie", cookie.clone()))).await
    };
    let told = ask("").await.json();
    let csv = ask("&by=country&format=csv").await.body;
    let mut lines = csv.lines();
    let head = "value,sessions,bounces,sessions_with_errors,apdex,loads,load_p75";
    assert_eq!(lines.next(), Some(head));
    let values = told["dimensions"]["country"].as_array().unwrap();
    assert_eq!(lines.clone().count(), values.len());
    for (line, value) in lines.zip(values) {
        let cells: Vec<&str> = line.split(',').collect();
        assert_eq!(cells.first().copied(), value["value"].as_str());
        let p75 = value["load_p75"].as_u64().map_or_else(String::new, |p75| p75.to_string());
        assert_eq!(cells.last().copied(), Some(p75.as_str()));
    }
    let ndjson = ask("&by=country&format=ndjson").await.body;
    assert_eq!(ndjson.lines().count(), values.len());
}
