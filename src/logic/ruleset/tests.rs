//! Tests of rule files.

use super::{Ruleset, compile};

const FILES: [(&str, &str); 4] = [
    ("bots.toml", include_str!("../../../rules/bots.toml")),
    ("naming.toml", include_str!("../../../rules/naming.toml")),
    ("user_agents.yaml", include_str!("../../../rules/user_agents.yaml")),
    ("geo/countries.toml", include_str!("../../../rules/geo/countries.toml")),
];

fn with_bots(overlay: &str) -> Result<Ruleset, String> {
    compile(&FILES, &[("bots.toml", overlay)]).map_err(|problem| problem.to_string())
}

fn name(rules: &Ruleset, user_agent: &str) -> Option<String> {
    rules.bots.find(user_agent).map(|bot| bot.name.clone())
}

#[test]
fn embedded_rules_do_what_their_samples_say() {
    let rules = compile(&FILES, &[]).unwrap();
    let failed: Vec<_> = rules.failed_self_tests().collect();
    assert!(failed.is_empty(), "{failed:#?}");
    assert!(rules.bots.len() >= 60);
    for file in ["bots.toml", "naming.toml"] {
        assert!(rules.self_tests.iter().any(|t| t.file == file && t.is_match));
        assert!(rules.self_tests.iter().any(|t| t.file == file && !t.is_match));
    }
}

#[test]
fn each_embedded_robot_has_a_sample_it_matches() {
    let rules = compile(&FILES, &[]).unwrap();
    let table: toml::Table = toml::from_str(FILES[0].1).unwrap();
    for bot in table["bot"].as_array().unwrap() {
        let id = bot["id"].as_str().unwrap();
        let is_tested = |test: &super::SelfTest| test.is_match && test.id == id;
        assert!(rules.self_tests.iter().any(is_tested), "{id}");
    }
}

#[test]
fn the_embedded_user_agent_patterns_compile() {
    super::UserAgents::check(FILES[2].1).unwrap();
}

#[test]
fn the_same_id_replaces() {
    let rules =
        with_bots("[[bot]]\nid='googlebot'\ntoken='googlebot'\nname='G'\ncategory='search'")
            .unwrap();
    assert_eq!(name(&rules, "Googlebot/2.1"), Some("G".to_owned()));
    assert_eq!(name(&rules, "Googlebot-Image/1.0"), Some("Googlebot Image".to_owned()));
}

#[test]
fn disabled_takes_away() {
    let rules = with_bots("[[bot]]\nid='curl'\ndisabled=true").unwrap();
    assert_eq!(name(&rules, "curl/8.0"), None);
}

#[test]
fn a_new_rule_goes_last_or_first() {
    let last = "[[bot]]\nid='x'\ntoken='googlebot-im'\nname='X'\ncategory='search'\n";
    let user_agent = "Googlebot-Image/1.0";
    let rules = with_bots(last).unwrap();
    assert_eq!(name(&rules, user_agent), Some("Googlebot Image".to_owned()));
    let rules = with_bots(&format!("{last}order='first'")).unwrap();
    assert_eq!(name(&rules, user_agent), Some("X".to_owned()));
}

#[test]
fn wrong_files_tell_where_they_are_wrong() {
    let cases = [
        ("[[bot]]\nid='x'\ntoken='abc'\nname='X'\ncolor='red'", "bots.toml:5:", "color"),
        ("[[robot]]\nid='x'", "bots.toml:1:", "robot"),
        ("\n[[bot]]\ntoken='abc'\nname='X'", "bots.toml:2:", "id"),
        ("[[bot]]\nid='x'\ntoken='a'\nname='X'", "bots.toml:2:", "rule `x`"),
        ("[[bot]]\nid='x'\ntoken='abc'", "bots.toml:2:", "name"),
        (
            "[[bot]]\nid='x'\ntoken='abc'\nname='X'\n[[bot]]\nid='x'\ntoken='abd'\nname='Y'",
            "bots.toml:6:",
            "taken",
        ),
        ("[[bot]]\nid=", "bots.toml:2:", ""),
    ];
    for (overlay, place, word) in cases {
        let problem = with_bots(overlay).unwrap_err();
        assert!(problem.starts_with(place) && problem.contains(word), "{problem}");
    }
    let problem = compile(&FILES, &[("bot.toml", "")]).unwrap_err();
    assert!(problem.message.contains("no such rule file"), "{problem}");
    let broken = "user_agent_parsers:\n  - regex: '(a'\nos_parsers: []\ndevice_parsers: []";
    assert!(compile(&FILES, &[("user_agents.yaml", broken)]).is_err());
}

#[test]
fn the_version_tells_of_each_change() {
    let plain = compile(&FILES, &[]).unwrap().version;
    assert_eq!(plain, compile(&FILES, &[]).unwrap().version);
    let changed = with_bots("[[bot]]\nid='curl'\ndisabled=true").unwrap();
    assert_ne!(plain, changed.version);
}
