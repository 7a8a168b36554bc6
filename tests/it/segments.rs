//! Saved segments through the API: who sees them, who changes them, what is refused.

use actix_web::http::Method;
use footfall::model::account::Role;
use serde_json::{Value, json};

use crate::fixture::Fixture;

const PATH: &str = "/api/v1/segments";

#[actix_web::test]
async fn private_segments_are_of_their_owner_and_shared_ones_of_all() {
    let fixture = Fixture::new();
    let cookie = |name: &str, role| fixture.cookie(fixture.account(name, role, false).id);
    let (ann, bob) = (cookie("ann", Role::Analyst), cookie("bob", Role::Analyst));
    let (root, eve) = (cookie("root", Role::Admin), cookie("eve", Role::Viewer));
    let mut ids = Vec::new();
    for (name, is_shared) in [("Mine", false), ("Ours", true)] {
        let body = json!({"name": name, "filter": "errors>0  user:anna*", "is_shared": is_shared});
        let made = fixture.own(Method::POST, PATH, &ann, &body).await;
        assert_eq!(made.status, 201, "{}", made.body);
        assert_eq!(made.json()["filter"], "errors>0 user:anna*", "as it is printed");
        ids.push(made.json()["id"].as_str().unwrap().to_owned());
    }
    for (who, expected) in
        [(&ann, vec!["Mine", "Ours"]), (&bob, vec!["Ours"]), (&eve, vec!["Ours"])]
    {
        let list = fixture.own(Method::GET, PATH, who, &Value::Null).await.json();
        let names: Vec<&str> =
            list["items"].as_array().unwrap().iter().map(|s| s["name"].as_str().unwrap()).collect();
        assert_eq!(names, expected);
    }
    let (mine, ours) = (format!("{PATH}/{}", ids[0]), format!("{PATH}/{}", ids[1]));
    let theirs = json!({"name": "Theirs"});
    for (path, who, seen, expected) in [
        (&mine, &bob, Some(1), 404),
        (&mine, &root, Some(1), 404),
        (&ours, &bob, Some(1), 403),
        (&ours, &eve, Some(1), 403),
        // Whoever may change it has to say what they have seen.
        (&ours, &ann, None, 428),
        (&ours, &root, None, 428),
        (&ours, &ann, Some(7), 412),
    ] {
        for (method, body) in [(Method::PATCH, &theirs), (Method::DELETE, &Value::Null)] {
            let answer = fixture.own_seen(seen, method, path, who, body).await;
            assert_eq!(answer.status, expected, "{path}: {}", answer.body);
        }
    }
    let taken = json!({"name": "ours", "filter": ""});
    assert_eq!(fixture.own(Method::POST, PATH, &bob, &taken).await.status, 409);
    for (path, who, seen) in [(&mine, &ann, 1), (&ours, &root, 1)] {
        let changed = fixture.own_seen(Some(seen), Method::PATCH, path, who, &theirs).await;
        assert_eq!(changed.status, 200, "{}", changed.body);
        let gone = fixture.own_seen(Some(seen + 1), Method::DELETE, path, who, &Value::Null).await;
        assert_eq!(gone.status, 204, "{}", gone.body);
    }
}

#[actix_web::test]
async fn a_segment_needs_a_name_and_a_filter_that_makes_sense() {
    let fixture = Fixture::new();
    let ann = fixture.cookie(fixture.account("ann", Role::Analyst, false).id);
    for (body, pointer) in [
        (json!({"name": " ", "filter": ""}), "/name"),
        (json!({"name": "a".repeat(65), "filter": ""}), "/name"),
        (json!({"name": "Wrong", "filter": "nonsense:1"}), "/filter"),
    ] {
        let answer = fixture.own(Method::POST, PATH, &ann, &body).await;
        assert_eq!(answer.status, 422, "{}", answer.body);
        assert_eq!(answer.json()["errors"][0]["pointer"], pointer);
    }
}
