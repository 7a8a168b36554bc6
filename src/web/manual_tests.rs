//! The manual says what the product points to, and nothing in it becomes markup by itself.

use std::collections::HashSet;

use super::{find, slug, topic, topics};
use crate::model::outcome::Outcome;

fn html(name: &str, source: &str) -> String {
    serde_json::to_string(&topic(name, source).html).unwrap()
}

#[test]
fn every_refusal_has_its_place() {
    let outcomes = topics().iter().find(|topic| topic.name == "outcomes").unwrap();
    let ids: HashSet<&str> = outcomes.parts.iter().map(|part| part.id.as_str()).collect();
    for outcome in Outcome::ALL {
        assert!(ids.contains(outcome.name()), "nothing on {}", outcome.name());
    }
}

#[test]
fn topics_have_a_title_a_summary_and_links_that_lead_somewhere() {
    let places: HashSet<String> = topics()
        .iter()
        .flat_map(|topic| {
            topic.parts.iter().map(|part| {
                let end = if part.id.is_empty() { String::new() } else { format!("#{}", part.id) };
                format!("/help/{}{end}", topic.name)
            })
        })
        .collect();
    let pattern = regex::Regex::new(r#"href=\\"([^"\\]*)\\""#).unwrap();
    for topic in topics() {
        assert!(!topic.title.is_empty() && topic.summary.len() > 20, "{}", topic.name);
        let ids: Vec<&str> = topic.parts.iter().map(|part| part.id.as_str()).collect();
        assert_eq!(ids.iter().collect::<HashSet<_>>().len(), ids.len(), "{}: {ids:?}", topic.name);
        let html = serde_json::to_string(&topic.html).unwrap();
        assert!(!html.contains("style="), "{}", topic.name);
        for found in pattern.captures_iter(&html) {
            let to = &found[1];
            assert_ne!(to, "#main", "{} links to another server", topic.name);
            let whole = if to.starts_with('#') {
                format!("/help/{}{to}", topic.name)
            } else {
                to.to_owned()
            };
            assert!(
                !whole.starts_with("/help/") || places.contains(&whole),
                "{}: {to}",
                topic.name
            );
        }
    }
}

#[test]
fn sections_of_settings_that_are_named_exist() {
    use crate::web::ui::show::application_forms::SECTIONS;
    let pattern = regex::Regex::new(r"\*\*Settings\*\*, \*\*([^*]+)\*\*").unwrap();
    let mut known: HashSet<&str> = SECTIONS.iter().map(|(_, title, _)| *title).collect();
    known.extend(["Users", "API tokens", "Audit log"]);
    let mut named = 0;
    for file in std::fs::read_dir("assets/help").unwrap() {
        let source = std::fs::read_to_string(file.unwrap().path()).unwrap();
        for found in pattern.captures_iter(&source) {
            assert!(known.contains(&found[1]), "there is no section {}", &found[1]);
            named += 1;
        }
    }
    assert!(named > 8, "{named}");
}

#[test]
fn markup_in_the_source_stays_text() {
    let drawn = html("x", "# T\n\na <script>alert(1)</script> b\n\n<img src=x onerror=y>\n");
    assert!(!drawn.contains("<script") && !drawn.contains("<img"), "{drawn}");
    for address in ["https://other.example/", "javascript:alert(1)", "//other.example"] {
        let drawn = html("x", &format!("# T\n\n[a]({address})\n"));
        assert!(!drawn.contains(address), "{drawn}");
    }
}

#[test]
fn headings_become_ids() {
    for (title, id) in [
        ("forbidden_origin", "forbidden_origin"),
        ("How it felt: Apdex", "how-it-felt-apdex"),
        ("  Größe?  ", "größe"),
    ] {
        assert_eq!(slug(title), id);
    }
}

#[test]
fn what_people_look_for_is_found() {
    for (text, place) in [
        ("apdex", "/help/numbers"),
        ("forbidden_origin", "/help/outcomes#forbidden_origin"),
        ("user session", "/help/glossary"),
        ("MASKED", "/help/privacy"),
    ] {
        let hits = find(text);
        assert!(hits.iter().any(|hit| hit.href.starts_with(place)), "{text}: {hits:?}");
        assert!(hits.iter().all(|hit| hit.excerpt.chars().count() < 200));
    }
    assert!(find("qqqqqq").is_empty() && find("  ").is_empty());
}

#[test]
fn every_field_of_the_filter_language_is_explained() {
    let filters = topics().iter().find(|topic| topic.name == "filters").unwrap();
    let html = serde_json::to_string(&filters.html).unwrap();
    for info in crate::model::query::FIELDS {
        assert!(html.contains(&format!("<code>{}</code>", info.name)), "nothing on {}", info.name);
    }
}
