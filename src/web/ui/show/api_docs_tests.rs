//! The pages of the API say what its description says.

use super::{call, calls, curl, groups, name_of};
use crate::web::routes;

#[test]
fn every_call_is_in_the_list_with_words_and_an_example() {
    let listed: Vec<String> = groups("")
        .iter()
        .flat_map(|group| &group.calls)
        .map(|own| format!("{} /api/v1{}", own.method, own.path))
        .collect();
    for route in routes::API.iter().filter(|route| !route.path.ends_with("openapi.json")) {
        let name = format!("{} {}", route.verb.method(), route.path);
        assert!(listed.contains(&name), "{name} is not in the list");
    }
    for (method, path, operation) in calls() {
        let own = call(method, path, operation, "http://dem.example.com");
        let name = name_of(method, path);
        assert!(!own.text.is_empty(), "{name} says nothing");
        assert!(own.example.contains(&format!("http://dem.example.com{path}")), "{name}");
        assert!(!own.permission.is_empty(), "{name}");
        assert_eq!(own.attempt.is_some(), method == "get", "{name}");
        let braces = path.matches('{').count();
        assert_eq!(own.parameters.iter().filter(|p| p.place == "path").count(), braces, "{name}");
        for parameter in &own.parameters {
            assert!(!parameter.kind.is_empty(), "{name}: {parameter:?}");
        }
    }
}

#[test]
fn examples_are_ready_for_a_shell() {
    assert_eq!(
        curl("get", "/api/v1/me", "http://h", false),
        "curl -H \"Authorization: Bearer $TOKEN\" \"http://h/api/v1/me\""
    );
    assert!(curl("delete", "/x", "http://h", false).contains("-X DELETE"));
    assert!(curl("post", "/x", "http://h", true).contains("-d '{…}'"));
}
