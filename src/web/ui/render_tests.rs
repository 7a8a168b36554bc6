//! Renders all pages with sample data and reads the result with a suspicious eye.

use std::collections::HashSet;

use super::samples;
use crate::web::assets::Assets;
use crate::web::templates::Templates;

fn pages() -> Vec<(&'static str, String)> {
    let assets = Assets::load();
    let templates = Templates::load(&assets.base()).unwrap();
    samples::all()
        .iter()
        .map(|sample| {
            let html = (sample.draw)(&templates, "").unwrap_or_else(|error| {
                panic!("{}: {error:?} {:#}", sample.name, source(&error));
            });
            (sample.name, html)
        })
        .collect()
}

fn source(error: &dyn std::error::Error) -> String {
    error.source().map(|s| format!("{s:?}")).unwrap_or_default()
}

/// Opening tags of a page: (name, attributes as written).
fn tags(html: &str) -> Vec<(String, String)> {
    let mut tags = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        rest = &rest[start + 1..];
        if !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            continue;
        }
        let mut quoted = false;
        let end = rest
            .find(|c: char| {
                if c == '"' {
                    quoted = !quoted;
                }
                c == '>' && !quoted
            })
            .expect("every tag ends");
        let (name, attributes) = rest[..end].split_once(' ').unwrap_or((&rest[..end], ""));
        tags.push((name.to_owned(), format!(" {}", attributes.replace('\n', " "))));
        rest = &rest[end..];
    }
    tags
}

/// Attributes of a tag: (name, value).
fn attributes(text: &str) -> Vec<(String, String)> {
    let pattern = regex::Regex::new(r#"\s([a-zA-Z:-]+)(?:="([^"]*)")?"#).unwrap();
    pattern
        .captures_iter(text)
        .map(|found| {
            let get = |n| found.get(n).map_or("", |m| m.as_str()).to_owned();
            (get(1), get(2))
        })
        .collect()
}

#[test]
fn hostile_data_never_becomes_markup() {
    for (name, html) in pages() {
        for (tag, text) in tags(&html) {
            assert!(
                !["b onmouseover", "iframe", "object"].contains(&tag.as_str()),
                "{name}: {tag}"
            );
            if tag == "script" {
                assert!(text.contains("src=\"/static/"), "{name}: inline script");
            }
            for (attribute, value) in attributes(&text) {
                assert_ne!(attribute, "style", "{name}: {tag}");
                assert!(!attribute.starts_with("on"), "{name}: {tag} {attribute}");
                let is_address = ["href", "src", "action"].contains(&attribute.as_str());
                assert!(
                    !is_address || value.is_empty() || value.starts_with(['/', '?', '#']),
                    "{name}: {tag} {attribute}={value}"
                );
            }
        }
        assert!(!html.contains("<script>"), "{name}");
    }
}

#[test]
fn every_page_has_one_heading_and_unique_ids() {
    for (name, html) in pages() {
        assert_eq!(html.matches("<h1").count(), 1, "{name}");
        let mut ids = HashSet::new();
        for (tag, text) in tags(&html) {
            for (attribute, value) in attributes(&text) {
                assert!(attribute != "id" || ids.insert(value.clone()), "{name}: {tag} id={value}");
            }
        }
        for (tag, text) in tags(&html) {
            for (attribute, value) in attributes(&text) {
                if ["for", "aria-labelledby", "aria-describedby"].contains(&attribute.as_str()) {
                    assert!(ids.contains(&value), "{name}: {tag} {attribute}={value}");
                }
            }
        }
    }
}

#[test]
fn every_control_has_a_name() {
    for (name, html) in pages() {
        let labels: HashSet<String> = tags(&html)
            .iter()
            .filter(|(tag, _)| tag == "label")
            .flat_map(|(_, text)| attributes(text))
            .filter(|(attribute, _)| attribute == "for")
            .map(|(_, value)| value)
            .collect();
        for (tag, text) in tags(&html) {
            let own = attributes(&text);
            let get = |key: &str| own.iter().find(|(k, _)| k == key).map(|(_, v)| v.as_str());
            let is_hidden = matches!(get("type"), Some("hidden" | "checkbox"));
            if ["input", "select", "textarea"].contains(&tag.as_str()) && !is_hidden {
                let id = get("id").unwrap_or_else(|| panic!("{name}: {tag} without id"));
                assert!(labels.contains(id), "{name}: {tag} {id} has no label");
            }
            if tag == "svg" && get("role") == Some("img") {
                assert!(get("aria-label").is_some(), "{name}: picture without words");
            }
        }
    }
}

#[test]
fn pages_and_assets_stay_small() {
    let assets = Assets::load();
    let size = |path: &str| assets.get(path).unwrap().brotli.len();
    assert!(size("css/app.css") < 12_000, "{}", size("css/app.css"));
    assert!(size("img/icons.svg") < 4_000, "{}", size("img/icons.svg"));
    for (name, html) in pages() {
        assert!(html.len() < 60_000, "{name}: {}", html.len());
    }
}

#[test]
fn icons_that_pages_use_are_in_the_sprite() {
    let assets = Assets::load();
    let sprite = String::from_utf8(assets.get("img/icons.svg").unwrap().plain.to_vec()).unwrap();
    let pattern = regex::Regex::new(r"icons\.svg#([a-z0-9-]+)").unwrap();
    for (name, html) in pages() {
        for found in pattern.captures_iter(&html) {
            assert!(sprite.contains(&format!("id=\"{}\"", &found[1])), "{name}: {}", &found[1]);
        }
    }
}

/// Writes all pages below the folder for temporary files: `cargo test write_pages -- --ignored`.
#[test]
#[ignore = "for a person to look at"]
fn write_pages() {
    let folder = std::env::temp_dir().join("footfall-pages");
    let assets = Assets::load();
    for (path, asset) in assets.iter() {
        let path = folder.join(assets.base().trim_start_matches('/')).join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, &asset.plain).unwrap();
    }
    let templates = Templates::load(&assets.base()).unwrap();
    for sample in samples::all() {
        for (suffix, theme) in [("", "light"), ("-dark", "dark")] {
            let html = (sample.draw)(&templates, theme).unwrap();
            std::fs::write(folder.join(format!("{}{suffix}.html", sample.name)), html).unwrap();
        }
    }
}
