//! `packaging/config.example.toml` says what the settings tree says: every key with its docs and its default.
//!
//! `BLESS=1` writes it anew.

use std::fmt::Write;
use std::path::Path;

use toml::Table;

use super::tree::Config;

const TREE: &str = include_str!("tree.rs");
const HEAD: &str = "\
# Settings of Footfall that must be known before its store opens; all others are edited in the UI.
# Every key is shown with its default. Each may also be set by the environment, as FOOTFALL_INGEST__LISTEN.
# `footfall check` prints what is in force and what is wrong with it.
";
/// What stands for keys that have no default.
const UNSET: [(&str, &str); 3] = [
    ("place_database", "\"/var/lib/footfall/places.mmdb\""),
    ("rules_folder", "\"/etc/footfall/rules\""),
    ("workers", "2"),
];

/// Sections with their keys, each with its docs, as the source of the tree tells.
fn documented() -> Vec<(String, Vec<(String, String)>)> {
    let mut sections = Vec::new();
    let (mut docs, mut section) = (String::new(), None::<(String, Vec<(String, String)>)>);
    for line in TREE.lines() {
        let line = line.trim();
        if let Some(text) = line.strip_prefix("/// ") {
            docs = if docs.is_empty() { text.to_owned() } else { format!("{docs} {text}") };
        } else if line.starts_with("pub struct ") {
            let name = docs.split('`').nth(1).unwrap_or_default();
            if let Some(name) = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')) {
                section = Some((name.to_owned(), Vec::new()));
            }
            docs.clear();
        } else if line == "}" {
            sections.extend(section.take());
        } else if let Some((_, keys)) = section.as_mut()
            && let Some((key, _)) = line.strip_prefix("pub ").and_then(|rest| rest.split_once(':'))
        {
            keys.push((key.to_owned(), std::mem::take(&mut docs)));
        } else if !line.starts_with('#') {
            docs.clear();
        }
    }
    sections
}

fn example() -> String {
    let defaults = Table::try_from(Config::default()).unwrap();
    let mut text = HEAD.to_owned();
    for (section, keys) in documented() {
        writeln!(text, "\n[{section}]").unwrap();
        for (key, docs) in keys {
            assert!(!docs.is_empty(), "{section}.{key} has no docs");
            let known = defaults[&section].get(&key).map(ToString::to_string);
            let unset = UNSET.iter().find(|(name, _)| *name == key);
            let value = known.or_else(|| unset.map(|(_, value)| (*value).to_owned()));
            let value = value.unwrap_or_else(|| panic!("{section}.{key} needs a sample value"));
            writeln!(text, "# {docs}\n#{key} = {value}").unwrap();
        }
    }
    text
}

#[test]
#[expect(clippy::disallowed_methods, reason = "who runs the tests asks for a new file")]
fn the_example_is_what_the_tree_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("packaging/config.example.toml");
    let expected = example();
    if std::env::var("BLESS").is_ok() {
        std::fs::write(&path, &expected).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(found, expected, "BLESS=1 writes packaging/config.example.toml anew");
}

/// Every key of the tree is in it, and taking the `#` away changes nothing.
#[test]
fn the_example_holds_all_defaults() {
    let text = example();
    let is_key = |line: &&str| line.starts_with('#') && !line.starts_with("# ");
    let open = |line: &str| match line.strip_prefix('#') {
        Some(rest) if !line.starts_with("# ") => rest.to_owned(),
        _ => line.to_owned(),
    };
    let opened: String = text.lines().map(|line| open(line) + "\n").collect();
    let mut said: Config = toml::from_str(&opened).unwrap();
    let asked: Config = toml::from_str(&text).unwrap();
    assert_eq!(asked, Config::default());
    assert!(said.data.place_database.take().is_some() && said.data.rules_folder.take().is_some());
    assert_eq!(said.ingest.workers.take(), Some(2));
    assert_eq!(said, Config::default());
    let defaults = Table::try_from(Config::default()).unwrap();
    let keys: usize = defaults.values().filter_map(|section| Some(section.as_table()?.len())).sum();
    assert_eq!(text.lines().filter(is_key).count(), keys + UNSET.len());
}
