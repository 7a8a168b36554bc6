//! The rules of the house, read from the sources.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Rooms, and what each may import. The order of floors is law.
const ROOMS: &[(&str, &[&str])] = &[
    ("base", &[]),
    ("config", &["base"]),
    ("model", &["base"]),
    ("logic", &["base", "model"]),
    ("wire", &["base", "model"]),
    ("store", &["base", "model"]),
    ("columns", &["base", "model"]),
    ("search", &["base", "model"]),
    ("engine", &["base", "config", "model", "logic", "wire", "store", "columns", "search"]),
    ("web", &["base", "config", "model", "logic", "wire", "store", "columns", "search", "engine"]),
    (
        "app",
        &[
            "base", "config", "model", "logic", "wire", "store", "columns", "search", "engine",
            "web",
        ],
    ),
    (
        "cli",
        &[
            "base", "config", "model", "logic", "wire", "store", "columns", "search", "engine",
            "web", "app",
        ],
    ),
];

/// Crates and words that a room must never name.
const FORBIDDEN: &[(&str, &[&str])] = &[
    ("base", &["std::fs", "std::net::Tcp", "std::thread", "tokio", "actix", "redb", "tantivy"]),
    ("model", &["std::fs", "std::thread", "tokio", "actix", "redb", "tantivy", "tracing", "Mutex"]),
    (
        "logic",
        &["std::fs", "std::thread", "tokio", "actix", "redb", "tantivy", "tracing", "async "],
    ),
    ("wire", &["std::fs", "std::thread", "tokio", "actix", "redb", "tantivy", "tracing"]),
    ("store", &["tantivy", "actix", "tokio", "std::thread"]),
    ("columns", &["redb", "tantivy", "actix", "tokio"]),
    ("search", &["redb", "actix", "std::thread::spawn"]),
    ("engine", &["actix", "minijinja"]),
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let Ok(entries) = std::fs::read_dir(folder) else {
        return found;
    };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, extension));
        } else if path.extension().is_some_and(|e| e == extension) {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn sources() -> Vec<(String, String)> {
    let src = root().join("src");
    files(&src, "rs")
        .into_iter()
        .map(|path| {
            let name = path.strip_prefix(&src).unwrap().to_string_lossy().into_owned();
            let text = std::fs::read_to_string(&path).unwrap();
            (name, text)
        })
        .collect()
}

fn is_test(name: &str) -> bool {
    name.ends_with("_tests.rs") || name.ends_with("/tests.rs")
}

fn room(name: &str) -> &str {
    name.split('/').next().unwrap().trim_end_matches(".rs")
}

/// Code without comments and strings' worth of prose: whole-line comments are dropped.
fn code(text: &str) -> String {
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

#[test]
fn every_import_goes_down() {
    let allowed: BTreeMap<&str, &[&str]> = ROOMS.iter().copied().collect();
    let mut wrong = Vec::new();
    for (name, text) in sources() {
        let room = room(&name).to_owned();
        if matches!(room.as_str(), "lib" | "main") {
            continue;
        }
        let allowed = allowed.get(room.as_str()).unwrap_or_else(|| panic!("{name}: unknown room"));
        for part in code(&text).split("crate::").skip(1) {
            let target: String =
                part.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
            if target != room && !target.is_empty() && !allowed.contains(&target.as_str()) {
                wrong.push(format!("{name} imports {target}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_room_names_what_it_must_not_know() {
    let mut wrong = Vec::new();
    for (name, text) in sources().into_iter().filter(|(name, _)| !is_test(name)) {
        let Some((_, words)) = FORBIDDEN.iter().find(|(room_name, _)| *room_name == room(&name))
        else {
            continue;
        };
        let code = code(&text);
        for word in words.iter().filter(|word| code.contains(**word)) {
            wrong.push(format!("{name} names {word}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn only_the_file_that_maps_is_unsafe() {
    let all = sources().into_iter().filter(|(_, text)| code(text).contains("unsafe"));
    let names: Vec<String> = all.map(|(name, _)| name).collect();
    assert_eq!(names, ["columns/map.rs"]);
}

#[test]
fn files_are_small_documented_and_plain() {
    let mut wrong = Vec::new();
    for (name, text) in sources() {
        if text.lines().count() > 500 && !is_test(&name) {
            wrong.push(format!("{name} has over 500 lines"));
        }
        if !text.starts_with("//!") {
            wrong.push(format!("{name} does not begin with its duty"));
        }
        if text.contains("use super::super") {
            wrong.push(format!("{name} climbs with super::super"));
        }
        for word in ["FIXME", "XXX", "TODO"] {
            if text.contains(word) {
                wrong.push(format!("{name} has {word}"));
            }
        }
        let stem = name.rsplit('/').next().unwrap().trim_end_matches(".rs");
        if ["util", "utils", "helper", "helpers", "common", "manager", "misc"].contains(&stem) {
            wrong.push(format!("{name}: name what it is"));
        }
        if stem == "mod" && code(&text).contains("fn ") {
            wrong.push(format!("{name}: a mod.rs only declares"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_limit_is_used_and_has_its_reason() {
    let limits = std::fs::read_to_string(root().join("src/base/limits.rs")).unwrap();
    let all: Vec<String> = sources()
        .into_iter()
        .filter(|(name, _)| name != "base/limits.rs")
        .map(|(_, text)| text)
        .collect();
    let lines: Vec<&str> = limits.lines().collect();
    for (index, line) in lines.iter().enumerate() {
        let Some(rest) = line.strip_prefix("pub const ") else {
            continue;
        };
        let name = rest.split(':').next().unwrap();
        assert!(lines[index - 1].starts_with("///"), "{name} has no reason");
        assert!(all.iter().any(|text| text.contains(name)), "{name} is not used");
    }
}

#[test]
fn paths_named_in_the_documents_exist() {
    for document in ["README.md", "ARCHITECTURE.md"] {
        let text = std::fs::read_to_string(root().join(document)).unwrap();
        for quoted in text.split('`').skip(1).step_by(2) {
            let roots = ["src/", "tests/", "assets/", "rules/", "scripts/", "packaging/"];
            if roots.iter().any(|root| quoted.starts_with(root))
                && !quoted.contains(['{', '*', ' '])
            {
                assert!(root().join(quoted).exists(), "{document} names {quoted}");
            }
        }
    }
}

#[test]
fn every_page_has_its_template() {
    let names = |folder: &str, extension: &str| -> BTreeSet<String> {
        files(&root().join(folder), extension)
            .into_iter()
            .filter_map(|p| Some(p.file_stem()?.to_string_lossy().into_owned()))
            .collect()
    };
    let templates = names("assets/templates/pages", "html");
    let rust: Vec<String> = sources()
        .into_iter()
        .filter(|(name, _)| name.starts_with("web/"))
        .map(|(_, text)| text)
        .collect();
    for template in &templates {
        let used = format!("{template}.html");
        assert!(rust.iter().any(|text| text.contains(&used)), "no handler renders {used}");
    }
}

#[test]
fn nothing_names_this_machine_or_a_registry() {
    // Spelled in parts, so that this file does not name them.
    let words = [["/wo", "rk/"].concat(), ["registry.npm", "js.org"].concat()];
    let mut all = files(&root().join("src"), "rs");
    all.extend(files(&root().join("tests"), "rs"));
    all.extend(files(&root().join("assets/agent/src"), "js"));
    all.extend(
        ["README.md", "ARCHITECTURE.md", "CHANGELOG.md", "Cargo.toml"].map(|f| root().join(f)),
    );
    for lock in ["assets/agent/package-lock.json", "tests/browser/package-lock.json"] {
        all.push(root().join(lock));
    }
    for path in all.into_iter().filter(|path| path.exists()) {
        let text = std::fs::read_to_string(&path).unwrap();
        for word in &words {
            assert!(!text.contains(word.as_str()), "{} names {word}", path.display());
        }
    }
}
