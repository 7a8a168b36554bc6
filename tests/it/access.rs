//! Set-up, sign-in, audit, conditional writes, problem details.

use actix_web::http::Method;
use actix_web::test::TestRequest;
use footfall::model::account::Role;
use footfall::store::catalog::{AuditCheck, Author};
use serde_json::{Value, json};

use crate::fixture::{Fixture, PASSWORD};

#[actix_web::test]
async fn set_up_works_once_and_only_with_its_token() {
    let fixture = Fixture::new();
    let services = &fixture.state.services;
    let folder = tempfile::tempdir().unwrap();
    let prepare = || {
        let folder = Some(folder.path());
        services.access.prepare_set_up(&services.catalog, &services.entropy, folder).unwrap()
    };
    let token = prepare().unwrap();
    assert_eq!(prepare().as_ref(), Some(&token), "a restart keeps the token");
    let file = folder.path().join("setup-token");
    let mode =
        std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&file).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
    let body = |token: &str| json!({"token": token, "name": "ann", "password": PASSWORD});
    let path = "/api/v1/set-up";
    let wrong = fixture.own(Method::POST, path, "", &body("wrong")).await;
    assert_eq!(wrong.status, 403, "{}", wrong.body);
    let done = fixture.own(Method::POST, path, "", &body(&token)).await;
    assert_eq!(done.status, 201, "{}", done.body);
    assert_eq!(done.json()["role"], "admin");
    assert!(!file.exists(), "the token is used");
    let again = fixture.own(Method::POST, path, "", &body(&token)).await;
    assert_eq!(again.status, 404);
    assert!(prepare().is_none());
    let me = fixture.own(Method::GET, "/api/v1/me", &done.cookie(), &Value::Null).await;
    assert_eq!(me.json()["name"], "ann");
}

#[actix_web::test]
async fn guessing_is_slowed_down_and_nobody_is_locked_out() {
    let fixture = Fixture::new();
    fixture.account("ann", Role::Viewer, false);
    let path = "/api/v1/sign-in";
    for name in ["ann", "nobody"] {
        let bad = json!({"name": name, "password": "wrong horse battery"});
        let first = fixture.own(Method::POST, path, "", &bad).await;
        assert_eq!(first.status, 401, "{name}");
        let second = fixture.own(Method::POST, path, "", &bad).await;
        assert_eq!((second.status, second.header("retry-after")), (429, "1"), "{name}");
        fixture.pass(1_000);
        assert_eq!(fixture.own(Method::POST, path, "", &bad).await.status, 401, "{name}");
        fixture.pass(60_000);
    }
    let good = json!({"name": "Ann", "password": PASSWORD});
    let answer = fixture.own(Method::POST, path, "", &good).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let cookie = answer.header("set-cookie").to_owned();
    for part in ["footfall=", "HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    fixture.pass(60_000);
    let mut statuses = Vec::new();
    for _ in 0..21 {
        let bad = json!({"name": format!("x{}", statuses.len()), "password": "p"});
        statuses.push(fixture.own(Method::POST, path, "", &bad).await.status);
    }
    assert_eq!(statuses.iter().filter(|s| **s == 401).count(), 20);
    assert_eq!(statuses.last(), Some(&429), "twenty tries of an address a minute");
    let me = fixture.own(Method::GET, "/api/v1/me", &answer.cookie(), &Value::Null).await;
    assert_eq!(me.status, 200, "who is in stays in");
}

#[actix_web::test]
async fn over_tls_the_cookie_is_bound_to_the_host() {
    let mut config = footfall::config::Config::default();
    config.admin.public_url = "https://footfall.example".to_owned();
    let fixture = Fixture::with(config);
    fixture.account("ann", Role::Viewer, false);
    let request = TestRequest::post()
        .uri("/api/v1/sign-in")
        .insert_header(("host", "footfall.example"))
        .insert_header(("origin", "https://footfall.example"))
        .set_json(json!({"name": "ann", "password": PASSWORD}));
    let answer = fixture.send(request).await;
    let cookie = answer.header("set-cookie");
    assert!(cookie.starts_with("__Host-footfall=") && cookie.contains("Secure"), "{cookie}");
}

#[actix_web::test]
async fn every_write_leaves_one_line_in_the_audit_log() {
    let fixture = Fixture::new();
    let ann = fixture.account("ann", Role::Admin, true);
    let cookie = fixture.cookie(ann.id);
    let catalog = fixture.state.services.catalog.clone();
    let rules_tag = fixture
        .own(Method::GET, "/api/v1/detection-rules", &cookie, &Value::Null)
        .await
        .header("etag")
        .to_owned();
    let person = json!({"name": "bob", "password": PASSWORD, "role": "viewer"});
    let rules = json!({"rules": [{"application": "a_0000002", "target": "domain",
        "operator": "matches", "pattern": "example.com"}]});
    let writes = [
        (Method::POST, "/api/v1/applications", json!({"name": "Shop"}), "application.create"),
        (
            Method::PATCH,
            "/api/v1/applications/a_0000002",
            json!({"capture_percent": 50}),
            "application.update",
        ),
        (Method::PUT, "/api/v1/detection-rules", rules, "detection_rules.update"),
        (Method::DELETE, "/api/v1/applications/a_0000002", Value::Null, "application.remove"),
        (Method::POST, "/api/v1/accounts", person, "account.create"),
        (Method::PATCH, "/api/v1/accounts/u_0000002", json!({"role": "editor"}), "account.update"),
        (Method::DELETE, "/api/v1/accounts/u_0000002", Value::Null, "account.remove"),
        (
            Method::POST,
            "/api/v1/tokens",
            json!({"name": "ci", "scopes": ["sessions:read"], "days": 30}),
            "token.create",
        ),
        (Method::DELETE, "/api/v1/tokens/t_0000001", Value::Null, "token.remove"),
        (Method::PATCH, "/api/v1/me", json!({"theme": "dark"}), "account.update"),
    ];
    for (method, path, body, action) in writes {
        let before = catalog.find_audit(None, &[], 1_000).unwrap().0.len();
        let tag = match (path, &method) {
            ("/api/v1/detection-rules", _) => rules_tag.clone(),
            (_, &Method::DELETE) => "\"2\"".to_owned(),
            _ => "\"1\"".to_owned(),
        };
        let mut request = TestRequest::default()
            .method(method)
            .uri(path)
            .insert_header(("cookie", cookie.as_str()))
            .insert_header(("sec-fetch-site", "same-origin"))
            .insert_header(("if-match", tag));
        if !body.is_null() {
            request = request.set_json(&body);
        }
        let answer = fixture.send(request).await;
        assert!(answer.status < 300, "{action}: {} {}", answer.status, answer.body);
        let lines = catalog.find_audit(None, &[], 1_000).unwrap().0;
        assert_eq!(lines.len(), before + 1, "{action}");
        assert_eq!(lines[0].entry.action, action);
        assert_eq!(
            (lines[0].entry.actor.as_str(), lines[0].entry.from.as_str()),
            ("ann", "198.51.100.0")
        );
    }
    assert!(matches!(catalog.verify_audit().unwrap(), AuditCheck::Intact { .. }));
}

#[actix_web::test]
async fn the_audit_log_is_taken_out_whole() {
    let fixture = Fixture::new();
    let cookie = fixture.cookie(fixture.account("ann", Role::Admin, true).id);
    let own = ["odd", "round"].map(|name| fixture.account(name, Role::Viewer, false).id);
    let catalog = &fixture.state.services.catalog;
    let author = Author::command_line(fixture.state.services.now());
    // More than are read at once.
    for number in 0..520 {
        catalog.unlock_account(own[usize::from(number % 50 == 0)], &author).unwrap();
    }
    for (query, lines, head) in [
        ("format=csv&q=account.unlock", 520, 1),
        ("format=ndjson&q=account.unlock", 520, 0),
        ("format=csv&q=account.unlock+ROUND", 11, 1),
        ("format=csv&q=account.unlock&limit=500", 500, 1),
        ("format=csv&q=nothing", 0, 1),
        ("format=ndjson&q=nothing", 0, 0),
    ] {
        let path = format!("/api/v1/audit?{query}");
        let answer = fixture.own(Method::GET, &path, &cookie, &Value::Null).await;
        assert_eq!(answer.status, 200, "{query}");
        assert_eq!(answer.body.lines().count(), lines + head, "{query}");
    }
    let first = "/api/v1/audit?format=json&q=account.unlock+round&limit=10";
    let first = fixture.own(Method::GET, first, &cookie, &Value::Null).await.json();
    assert_eq!(first["items"].as_array().unwrap().len(), 10);
    let next =
        format!("/api/v1/audit?q=account.unlock+round&after={}", first["next"].as_str().unwrap());
    let rest = fixture.own(Method::GET, &next, &cookie, &Value::Null).await.json();
    assert_eq!(rest["items"].as_array().unwrap().len(), 1);
    assert_eq!(rest["next"], Value::Null);
}

#[actix_web::test]
async fn writes_name_the_revision_they_have_seen() {
    let fixture = Fixture::new();
    let ann = fixture.account("ann", Role::Editor, false);
    let cookie = fixture.cookie(ann.id);
    let path = "/api/v1/applications/a_0000001";
    for (tag, body, expected) in [
        (None, json!({"name": "Shop"}), 428),
        (Some("\"9\""), json!({"name": "Shop"}), 412),
        (Some("\"1\""), json!({"nmae": "Shop"}), 400),
        (Some("\"1\""), json!({"id": "a_0000002"}), 422),
        (Some("\"1\""), json!({"capture_percent": 101}), 422),
        (Some("\"1\""), json!({"session": {"idle": 600_000}}), 200),
        (Some("\"1\""), json!({"name": "Shop"}), 412),
        (Some("\"2\""), json!({"name": "Shop"}), 200),
    ] {
        let mut request = TestRequest::patch()
            .uri(path)
            .insert_header(("cookie", cookie.as_str()))
            .insert_header(("sec-fetch-site", "same-origin"))
            .set_json(&body);
        if let Some(tag) = tag {
            request = request.insert_header(("if-match", tag));
        }
        let answer = fixture.send(request).await;
        assert_eq!(answer.status, expected, "{body} {tag:?}: {}", answer.body);
    }
    let answer = fixture.own(Method::DELETE, path, &cookie, &Value::Null).await;
    assert_eq!(answer.status, 409, "the default application stays");
}

#[actix_web::test]
async fn refusals_are_problem_details() {
    let fixture = Fixture::new();
    fixture.account("ann", Role::Viewer, false);
    let answer = fixture.own(Method::GET, "/api/v1/sessions", "", &Value::Null).await;
    assert_eq!(answer.header("content-type"), "application/problem+json");
    let problem = answer.json();
    assert_eq!(problem["type"], "/help/problems#unauthorized");
    assert_eq!(
        (problem["title"].as_str(), problem["status"].as_u64()),
        (Some("Unauthorized"), Some(401))
    );
    assert_eq!(problem["instance"], answer.header("x-request-id"));
    let page = fixture.own(Method::GET, "/nothing", "", &Value::Null).await;
    assert_eq!((page.status, page.header("content-type")), (404, "text/html; charset=utf-8"));
}

#[actix_web::test]
async fn a_viewer_cannot_search_what_is_masked_nor_take_lists_out() {
    let fixture = Fixture::new();
    let ann = fixture.account("ann", Role::Viewer, false);
    let cookie = fixture.cookie(ann.id);
    for (path, expected) in [
        ("/api/v1/sessions", 200),
        ("/api/v1/sessions?q=ip:192.0.2.1", 403),
        ("/api/v1/sessions?q=nonsense:1", 400),
        ("/api/v1/sessions?from=tomorrow", 400),
        ("/api/v1/sessions?format=csv", 403),
        ("/api/v1/sessions?format=xml", 400),
        ("/api/v1/sessions/s_1", 404),
    ] {
        let answer = fixture.own(Method::GET, path, &cookie, &Value::Null).await;
        assert_eq!(answer.status, expected, "{path}: {}", answer.body);
    }
}

#[actix_web::test]
async fn a_parameter_that_cannot_be_read_is_named() {
    let fixture = Fixture::new();
    let cookie = fixture.cookie(fixture.account("ann", Role::Admin, false).id);
    let application = "/api/v1/applications/a_0000001";
    for (path, name) in [
        ("/api/v1/audit?after=-1".to_owned(), "after"),
        ("/api/v1/sessions?q=x&limit=many".to_owned(), "limit"),
        (format!("{application}/overview?values=-1"), "values"),
        (format!("{application}/apdex-trial?load_satisfied=2.5"), "load_satisfied"),
    ] {
        let answer = fixture.own(Method::GET, &path, &cookie, &Value::Null).await;
        assert_eq!(answer.status, 400, "{path}");
        let problem = answer.json();
        assert_eq!(problem["type"], "/help/problems#bad_query", "{path}");
        assert_eq!(problem["errors"][0]["pointer"], name, "{path}");
        assert_eq!(problem["detail"], format!("`{name}`: a whole number is needed"), "{path}");
    }
    let page = fixture.own(Method::GET, "/settings/audit?after=x", &cookie, &Value::Null).await;
    assert_eq!(page.status, 400);
    assert!(page.body.contains("`after`: a whole number is needed"), "{}", page.body);
}

#[actix_web::test]
async fn a_token_of_mine_can_what_i_can_and_only_i_remove_it() {
    let fixture = Fixture::new();
    let vera = fixture.cookie(fixture.account("vera", Role::Viewer, false).id);
    let ed = fixture.cookie(fixture.account("ed", Role::Editor, false).id);
    let post = async |cookie: &str, path: &str, sent: &[(&str, &str)]| {
        let request = TestRequest::post()
            .uri(path)
            .insert_header(("cookie", cookie))
            .insert_header(("sec-fetch-site", "same-origin"))
            .set_form(sent);
        fixture.send(request).await
    };
    let page = fixture.own(Method::GET, "/me", &vera, &Value::Null).await;
    assert!(page.body.contains("name=\"sessions:read\"") && !page.body.contains("accounts:read"));
    let sent = [("name", "nightly"), ("days", "30"), ("sessions:read", "1")];
    let made = post(&vera, "/me/tokens", &sent).await;
    assert_eq!(made.status, 200);
    let at = made.body.find("footfall_t_").unwrap();
    let secret: String =
        made.body[at..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
    let again = fixture.own(Method::GET, "/me", &vera, &Value::Null).await;
    assert!(again.body.contains("nightly") && !again.body.contains(&secret), "shown once");
    let call = async |path: &str| {
        let bearer = format!("Bearer {secret}");
        let request = TestRequest::get().uri(path).insert_header(("authorization", bearer));
        fixture.send(request).await.status
    };
    assert_eq!(call("/api/v1/sessions").await, 200);
    assert_eq!(call("/api/v1/applications").await, 403, "not among its permissions");
    assert_eq!(call("/api/v1/me/tokens").await, 403, "a token makes and lists none");
    for (sent, what) in [
        (&[("name", "x"), ("days", "30"), ("accounts:read", "1")][..], "you do not have this"),
        (&[("name", "x"), ("days", "30")], "at least one permission"),
        (&[("name", "x"), ("days", "401"), ("sessions:read", "1")], "aria-invalid"),
        (&[("name", ""), ("days", "3"), ("sessions:read", "1")], "aria-invalid"),
    ] {
        let answer = post(&vera, "/me/tokens", sent).await;
        assert_eq!(answer.status, 422, "{what}");
        assert!(answer.body.contains(what), "{what}");
    }
    let own = fixture.own(Method::GET, "/api/v1/me/tokens", &vera, &Value::Null).await.json();
    assert_eq!(own["items"].as_array().unwrap().len(), 1);
    let other = fixture.own(Method::GET, "/api/v1/me/tokens", &ed, &Value::Null).await.json();
    assert_eq!(other["items"].as_array().unwrap().len(), 0);
    assert_eq!(post(&ed, "/me/tokens/t_0000001/remove", &[]).await.status, 404);
    let path = "/api/v1/me/tokens/t_0000001";
    assert_eq!(fixture.own(Method::DELETE, path, &ed, &Value::Null).await.status, 404);
    assert_eq!(call("/api/v1/sessions").await, 200);
    assert_eq!(post(&vera, "/me/tokens/t_0000001/remove", &[]).await.status, 303);
    assert_eq!(call("/api/v1/sessions").await, 401);
    let new = json!({"name": "ci", "scopes": ["sessions:read"], "days": 30});
    let made = fixture.own(Method::POST, "/api/v1/me/tokens", &ed, &new).await;
    assert_eq!(made.status, 201);
    assert!(made.json()["token"].as_str().unwrap().starts_with("footfall_t_"));
}

#[actix_web::test]
async fn nobody_uses_up_the_tokens_of_all() {
    let fixture = Fixture::new();
    let vera = fixture.account("vera", Role::Viewer, false).id;
    for _ in 0..100 {
        fixture.token(vera, &["sessions:read"]);
    }
    let cookie = fixture.cookie(vera);
    let new = json!({"name": "ci", "scopes": ["sessions:read"], "days": 30});
    let answer = fixture.own(Method::POST, "/api/v1/me/tokens", &cookie, &new).await;
    assert_eq!(answer.status, 409, "{}", answer.body);
}
