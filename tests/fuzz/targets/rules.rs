//! Rule files of an operator: a problem with its place, or rules that do bounded work. The first byte chooses the file.

use footfall::base::limits;
use footfall::logic::ruleset::compile;

/// Small files of the binary, so that each run is short.
const EMBEDDED: [(&str, &str); 4] = [
    ("bots.toml", "[[bot]]\nid='curl'\ntoken='curl/'\nname='curl'\ncategory='other'\n"),
    (
        "naming.toml",
        "[[clean]]\nid='number'\npattern='^[0-9]+$'\nreplacement='*'\nmatches=['42']\n",
    ),
    (
        "user_agents.yaml",
        "user_agent_parsers:\n  - regex: '(Firefox)/(\\d+)'\nos_parsers: []\ndevice_parsers: []\n",
    ),
    ("geo/countries.toml", "[country]\nAT='Austria'\n"),
];
const FILES: [&str; 5] =
    ["bots.toml", "naming.toml", "user_agents.yaml", "geo/countries.toml", "else.toml"];
const PATHS: [&str; 4] =
    ["/order/42/6f9619ff-8b86-d011-b42d-00cf4fc964ff", "/a@b.example/1", "/2026-11-23/x9", "//"];

/// Runs the target.
pub fn run(data: &[u8]) {
    let Some((choice, text)) = data.split_first() else {
        return;
    };
    let text = String::from_utf8_lossy(text);
    let file = FILES[usize::from(*choice) % FILES.len()];
    let rules = match compile(&EMBEDDED, &[(file, &text)]) {
        Ok(rules) => rules,
        Err(problem) => {
            assert_eq!(problem.file, file);
            assert!(problem.line <= 1 + text.lines().count(), "{problem}");
            return;
        }
    };
    assert_ne!(file, "else.toml");
    for user_agent in ["Mozilla/5.0 Firefox/140.0", "curl/8.0", "", "\u{0}é"] {
        let _found = rules.bots.find(user_agent);
        let _found = rules.user_agents.browser(user_agent);
        let _found = rules.user_agents.system(user_agent);
        let _found = rules.user_agents.device(user_agent);
    }
    for path in PATHS {
        let grouped = rules.naming.group(path);
        assert!(grouped.chars().count() <= limits::URL_CHARS, "{path} has grown");
    }
    assert!(rules.failed_self_tests().count() <= rules.self_tests.len());
    assert_eq!(rules.country_name("AT").is_some(), rules.countries().any(|(code, _)| code == "AT"));
}
