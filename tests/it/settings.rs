//! Settings of an application, through API and pages.

use actix_web::http::Method;
use actix_web::test::TestRequest;
use footfall::model::account::Role;
use footfall::web::permission::Permission;
use serde_json::{Value, json};

use crate::fixture::{Answer, Fixture};

const PATH: &str = "/api/v1/applications/a_0000001";

async fn patch(fixture: &Fixture, cookie: &str, revision: u32, body: &Value) -> Answer {
    let request = TestRequest::patch()
        .uri(PATH)
        .insert_header(("cookie", cookie))
        .insert_header(("sec-fetch-site", "same-origin"))
        .insert_header(("if-match", format!("\"{revision}\"")))
        .set_json(body);
    fixture.send(request).await
}

async fn post(fixture: &Fixture, cookie: &str, path: &str, sent: &[(&str, &str)]) -> Answer {
    let request = TestRequest::post()
        .uri(path)
        .insert_header(("cookie", cookie))
        .insert_header(("sec-fetch-site", "same-origin"))
        .set_form(sent);
    fixture.send(request).await
}

#[actix_web::test]
async fn every_new_setting_is_read_back_as_it_was_written() {
    let fixture = Fixture::new();
    let cookie = fixture.cookie(fixture.account("ann", Role::Editor, false).id);
    let wanted = json!({
        "privacy": {"opt_in": true, "do_not_track": "anonymous", "cookieless": true, "query_drop": ["token"]},
        "capture": {"web_vitals": false, "follow_async": false, "request_skip": ["/poll"]},
        "exclusions": {"robots": true, "addresses": ["192.0.2.0/24"],
            "browsers": [{"browser": "Safari", "versions": "up_to", "version": 12}]},
        "property_rules": [{"key": "basket", "scope": "session", "source": "meta_tag", "expression": "basket", "cleanup": ""}],
    });
    assert_eq!(patch(&fixture, &cookie, 1, &wanted).await.status, 200);
    let found = fixture.own(Method::GET, PATH, &cookie, &Value::Null).await.json();
    for (part, settings) in wanted.as_object().unwrap() {
        match settings.as_object() {
            Some(settings) => {
                for (name, value) in settings {
                    assert_eq!(&found[part][name], value, "{part}/{name}");
                }
            }
            None => assert_eq!(&found[part], settings, "{part}"),
        }
    }
    // What was not named stays.
    assert_eq!(found["privacy"]["mask_ip"], true);
    let wrong = json!({"exclusions": {"addresses": ["192.0.2.0/24", "x"]}});
    let answer = patch(&fixture, &cookie, 2, &wrong).await;
    assert_eq!(answer.status, 422);
    assert_eq!(answer.json()["errors"][0]["pointer"], "/exclusions/addresses/1");
}

#[actix_web::test]
async fn the_audit_log_names_what_was_changed_and_no_value() {
    let fixture = Fixture::new();
    let cookie = fixture.cookie(fixture.account("ann", Role::Editor, false).id);
    let change = json!({"capture_percent": 50, "exclusions": {"addresses": ["192.0.2.77"]}});
    assert_eq!(patch(&fixture, &cookie, 1, &change).await.status, 200);
    let lines = fixture.state.services.catalog.find_audit(None, &[], 1).unwrap().0;
    let line = lines.first().unwrap();
    assert!(
        line.entry.detail.ends_with("capture_percent, exclusions.addresses"),
        "{}",
        line.entry.detail
    );
    assert!(!line.entry.detail.contains("192.0.2"));
}

#[actix_web::test]
async fn snippets_are_text_for_build_pipelines() {
    let fixture = Fixture::new();
    let ann = fixture.account("ann", Role::Viewer, false);
    let token = format!("Bearer {}", fixture.token(ann.id, &[Permission::ReadApplications.name()]));
    for (format, status) in [
        ("tag", 200),
        ("fixed", 200),
        ("integrity", 200),
        ("inline", 200),
        ("loader", 200),
        ("x", 404),
    ] {
        let request = TestRequest::get()
            .uri(&format!("{PATH}/snippets/{format}"))
            .insert_header(("authorization", token.as_str()));
        let answer = fixture.send(request).await;
        assert_eq!(answer.status, status, "{format}");
        if status == 200 {
            assert!(answer.header("content-type").starts_with("text/plain"));
            assert!(answer.body.starts_with("<script") && answer.body.ends_with("</script>"));
            assert!(answer.header("x-snippet-policy").contains("connect-src http"));
        }
    }
}

#[actix_web::test]
async fn who_may_not_change_settings_sees_them_disabled_with_the_reason() {
    let fixture = Fixture::new();
    let viewer = fixture.cookie(fixture.account("vera", Role::Viewer, false).id);
    let editor = fixture.cookie(fixture.account("ed", Role::Editor, false).id);
    for section in ["general", "privacy", "capture", "tagging", "detection", "delete"] {
        let path = format!("/apps/a_0000001/settings/{section}");
        let page = fixture.own(Method::GET, &path, &viewer, &Value::Null).await;
        assert_eq!(page.status, 200, "{section}");
        assert!(page.body.contains("<fieldset class=\"stack\" disabled>"), "{section}");
        assert!(page.body.contains("that needs the role"), "{section}");
        let page = fixture.own(Method::GET, &path, &editor, &Value::Null).await;
        assert!(!page.body.contains("<fieldset class=\"stack\" disabled>"), "{section}");
        assert_eq!(post(&fixture, &viewer, &path, &[("name", "x")]).await.status, 403);
    }
}

#[actix_web::test]
async fn what_was_typed_stays_when_it_is_refused() {
    let fixture = Fixture::new();
    let cookie = fixture.cookie(fixture.account("ed", Role::Editor, false).id);
    let path = "/apps/a_0000001/settings/capture";
    let sent = [
        ("capture_percent", "40"),
        ("capture/resources_max", "30"),
        ("capture/request_skip", "/poll"),
        ("exclusions/browsers", "Safari ~ 3"),
        ("revision", "1"),
    ];
    let answer = post(&fixture, &cookie, path, &sent).await;
    assert_eq!(answer.status, 422);
    assert!(answer.body.contains("value=\"40\"") && answer.body.contains("Safari ~ 3"));
    assert!(answer.body.contains("aria-invalid=\"true\""));
    let before = fixture.state.services.catalog.applications();
    assert_eq!(before.first().unwrap().capture_percent, 100);
}

#[actix_web::test]
async fn only_its_name_takes_an_application_away_and_never_the_default_one() {
    let fixture = Fixture::new();
    let cookie = fixture.cookie(fixture.account("ed", Role::Editor, false).id);
    let make = json!({"name": "Old shop"});
    assert_eq!(fixture.own(Method::POST, "/api/v1/applications", &cookie, &make).await.status, 201);
    let path = "/apps/a_0000002/remove";
    let answer = post(&fixture, &cookie, path, &[("name", "Shop"), ("revision", "1")]).await;
    assert_eq!(answer.status, 422);
    let answer = post(&fixture, &cookie, path, &[("name", "Old shop"), ("revision", "1")]).await;
    assert_eq!((answer.status, answer.header("location")), (303, "/apps"));
    let sent = [("name", "My web application"), ("revision", "1")];
    assert_eq!(post(&fixture, &cookie, "/apps/a_0000001/remove", &sent).await.status, 409);
    assert_eq!(fixture.state.services.catalog.applications().len(), 1);
}

#[actix_web::test]
async fn thresholds_are_tried_without_being_saved() {
    let fixture = Fixture::new();
    let cookie = fixture.cookie(fixture.account("ed", Role::Editor, false).id);
    let path = "/apps/a_0000001/settings/apdex";
    let page = fixture.own(Method::GET, path, &cookie, &Value::Null).await;
    assert!(page.body.contains("No user action of real users"), "{}", page.body);
    let typed = "apdex/load/satisfied=1.5&apdex/load/tolerating=1&apdex/xhr/satisfied=2&\
        apdex/xhr/tolerating=4&apdex/custom/satisfied=x&apdex/custom/tolerating=15";
    let page = fixture.own(Method::GET, &format!("{path}?{typed}"), &cookie, &Value::Null).await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("value=\"1.5\""));
    assert!(page.body.contains("Tolerated up to: not less than what satisfies."));
    assert!(page.body.contains("Satisfied up to: seconds are needed, as 3 or 2.5."));
    assert_eq!(page.body.matches("aria-invalid=\"true\"").count(), 2);
    let sent: Vec<(&str, &str)> =
        typed.split('&').filter_map(|pair| pair.split_once('=')).collect();
    let answer = post(&fixture, &cookie, path, &sent).await;
    assert_eq!(answer.status, 422);
    assert!(answer.body.contains("value=\"1.5\"") && answer.body.contains("not less than"));
    let kept = fixture.state.services.catalog.applications();
    assert_eq!(kept.first().unwrap().revision, 1, "nothing was saved");
}

#[actix_web::test]
async fn the_head_of_the_settings_tells_which_rules_lead_here() {
    let fixture = Fixture::new();
    let cookie = fixture.cookie(fixture.account("ed", Role::Editor, false).id);
    let sent = [("name", "Shop"), ("domain", "shop.example.com")];
    assert_eq!(post(&fixture, &cookie, "/apps/new", &sent).await.status, 303);
    for (id, expected) in [
        ("a_0000001", "gets what no detection rule claims"),
        ("a_0000002", "the only detection rule leads here"),
    ] {
        let path = format!("/apps/{id}/settings/detection");
        let page = fixture.own(Method::GET, &path, &cookie, &Value::Null).await;
        assert!(page.body.contains(expected), "{id}");
    }
}
