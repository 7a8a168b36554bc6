//! Rule files to one `Ruleset`.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::bots::{Bot, Bots};
use super::overlay::{self, Order, Rule, Sourced};
use super::problem::RuleProblem;
use super::user_agents::UserAgents;
use crate::logic::naming::{CleanRule, Naming};

const BOTS: &str = "bots.toml";
const NAMING: &str = "naming.toml";
const USER_AGENTS: &str = "user_agents.yaml";
const COUNTRIES: &str = "geo/countries.toml";
/// Files that are known, with paths inside the rules folder.
const KNOWN: [&str; 4] = [BOTS, NAMING, USER_AGENTS, COUNTRIES];
/// Shortest token: shorter ones are in too many user agents.
const TOKEN_CHARS_MIN: usize = 3;
/// Longest replacement: it is written once for each match.
const REPLACEMENT_CHARS: usize = 64;

/// All rules, compiled; immutable, swapped whole.
#[derive(Debug)]
pub struct Ruleset {
    /// Digest of all files: stored with each session.
    pub version: u64,
    /// Robots.
    pub bots: Bots,
    /// Browsers, operating systems, devices.
    pub user_agents: UserAgents,
    /// Clean-up of action names.
    pub naming: Naming,
    /// `matches` and `misses` of all rules.
    pub self_tests: Vec<SelfTest>,
    countries: BTreeMap<String, String>,
}

/// A sample that a rule must or must not match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SelfTest {
    /// File of the rule.
    pub file: &'static str,
    /// Id of the rule.
    pub id: String,
    /// The sample.
    pub sample: String,
    /// Whether the rule must match it.
    pub is_match: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct BotFile {
    #[serde(default)]
    bot: Vec<BotRule>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct BotRule {
    id: Spanned<String>,
    #[serde(default)]
    token: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    category: String,
    #[serde(default)]
    matches: Vec<String>,
    #[serde(default)]
    misses: Vec<String>,
    #[serde(default)]
    disabled: bool,
    #[serde(default)]
    order: Order,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NamingFile {
    #[serde(default)]
    clean: Vec<NamingRule>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NamingRule {
    id: Spanned<String>,
    #[serde(default)]
    pattern: String,
    #[serde(default)]
    also: Vec<String>,
    #[serde(default)]
    replacement: String,
    #[serde(default)]
    matches: Vec<String>,
    #[serde(default)]
    misses: Vec<String>,
    #[serde(default)]
    disabled: bool,
    #[serde(default)]
    order: Order,
}

macro_rules! rule {
    ($name:ident) => {
        impl Rule for $name {
            fn id(&self) -> &Spanned<String> {
                &self.id
            }
            fn is_disabled(&self) -> bool {
                self.disabled
            }
            fn order(&self) -> Order {
                self.order
            }
        }
    };
}

rule!(BotRule);
rule!(NamingRule);

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct CountryFile {
    #[serde(default)]
    country: BTreeMap<String, String>,
}

type File<'a> = (&'a str, &'a str);

/// Compiles the embedded files (name, text) with the operator's files laid over them.
pub fn compile(embedded: &[File<'_>], overlays: &[File<'_>]) -> Result<Ruleset, RuleProblem> {
    if let Some((name, text)) = overlays.iter().find(|(name, _)| !KNOWN.contains(name)) {
        let message = format!("no such rule file; known are {}", KNOWN.join(", "));
        return Err(RuleProblem::at(name, text, 0, message));
    }
    let mut self_tests = Vec::new();
    Ok(Ruleset {
        version: digest(embedded, overlays),
        bots: compile_bots(embedded, overlays, &mut self_tests)?,
        user_agents: compile_user_agents(embedded, overlays)?,
        naming: compile_naming(embedded, overlays, &mut self_tests)?,
        countries: compile_countries(embedded, overlays)?,
        self_tests,
    })
}

impl Ruleset {
    /// English name of a country by its ISO 3166-1 alpha-2 code.
    #[must_use]
    pub fn country_name(&self, code: &str) -> Option<&str> {
        self.countries.get(code).map(String::as_str)
    }

    /// Code and name of all countries.
    pub fn countries(&self) -> impl Iterator<Item = (&str, &str)> {
        self.countries.iter().map(|(code, name)| (code.as_str(), name.as_str()))
    }

    /// Samples that their rule judges wrongly.
    pub fn failed_self_tests(&self) -> impl Iterator<Item = &SelfTest> {
        self.self_tests.iter().filter(|test| {
            let is_match = if test.file == BOTS {
                self.bots.find(&test.sample).is_some_and(|bot| bot.id == test.id)
            } else {
                self.naming.changes(&test.id, &test.sample)
            };
            is_match != test.is_match
        })
    }
}

fn digest(embedded: &[File<'_>], overlays: &[File<'_>]) -> u64 {
    let mut hasher = blake3::Hasher::new();
    for (name, text) in embedded.iter().chain(overlays) {
        hasher.update(name.as_bytes()).update(&[0]);
        hasher.update(text.as_bytes()).update(&[0]);
    }
    let first = hasher.finalize().as_bytes().first_chunk::<8>().copied();
    u64::from_le_bytes(first.unwrap_or_default())
}

fn find<'a>(files: &'a [File<'a>], name: &str) -> Option<&'a File<'a>> {
    files.iter().find(|(known, _)| *known == name)
}

/// Rules of a file, overlay applied; `list` takes them out of the parsed file.
fn rules<'a, F, T>(
    embedded: &'a [File<'a>],
    overlays: &'a [File<'a>],
    name: &str,
    list: impl Fn(F) -> Vec<T>,
) -> Result<Sourced<'a, T>, RuleProblem>
where
    F: serde::de::DeserializeOwned,
    T: Rule,
{
    let read = |files: &'a [File<'a>]| -> Result<Sourced<'a, T>, RuleProblem> {
        let Some(file) = find(files, name) else {
            return Ok(Vec::new());
        };
        let rules = list(overlay::read(file)?);
        overlay::check_unique(file, &rules)?;
        Ok(rules.into_iter().map(|rule| (file, rule)).collect())
    };
    overlay::lay(read(embedded)?, read(overlays)?)
}

fn note_tests(
    tests: &mut Vec<SelfTest>,
    file: &'static str,
    id: &str,
    matches: Vec<String>,
    misses: Vec<String>,
) {
    let sample = |is_match: bool| {
        move |sample: String| SelfTest { file, id: id.to_owned(), sample, is_match }
    };
    tests.extend(matches.into_iter().map(sample(true)));
    tests.extend(misses.into_iter().map(sample(false)));
}

fn compile_bots(
    embedded: &[File<'_>],
    overlays: &[File<'_>],
    tests: &mut Vec<SelfTest>,
) -> Result<Bots, RuleProblem> {
    let mut bots = Vec::new();
    for (file, rule) in rules(embedded, overlays, BOTS, |file: BotFile| file.bot)? {
        if rule.token.len() < TOKEN_CHARS_MIN || !rule.token.is_ascii() || rule.name.is_empty() {
            let message = "needs a `token` of at least 3 ASCII characters and a `name`";
            return Err(overlay::problem(file, &rule, message));
        }
        let id = rule.id.into_inner();
        note_tests(tests, BOTS, &id, rule.matches, rule.misses);
        bots.push(Bot {
            id,
            token: rule.token.to_ascii_lowercase(),
            name: rule.name,
            category: rule.category,
        });
    }
    Bots::new(bots).map_err(|message| RuleProblem { file: BOTS.to_owned(), line: 0, message })
}

fn compile_naming(
    embedded: &[File<'_>],
    overlays: &[File<'_>],
    tests: &mut Vec<SelfTest>,
) -> Result<Naming, RuleProblem> {
    let mut naming = Vec::new();
    for (file, rule) in rules(embedded, overlays, NAMING, |file: NamingFile| file.clean)? {
        let expression = |pattern: &str| {
            let checked = if pattern.is_empty() {
                Err("needs a `pattern`".to_owned())
            } else {
                overlay::expression(pattern)
            };
            checked.map_err(|message| overlay::problem(file, &rule, &message))
        };
        let pattern = expression(&rule.pattern)?;
        if rule.replacement.chars().count() > REPLACEMENT_CHARS {
            let message = format!("a replacement may have at most {REPLACEMENT_CHARS} characters");
            return Err(overlay::problem(file, &rule, &message));
        }
        let also = rule.also.iter().map(|also| expression(also)).collect::<Result<_, _>>()?;
        let id = rule.id.into_inner();
        note_tests(tests, NAMING, &id, rule.matches, rule.misses);
        naming.push(CleanRule { id, pattern, also, replacement: rule.replacement });
    }
    Ok(Naming::new(naming))
}

fn compile_user_agents(
    embedded: &[File<'_>],
    overlays: &[File<'_>],
) -> Result<UserAgents, RuleProblem> {
    let file = find(overlays, USER_AGENTS).or_else(|| find(embedded, USER_AGENTS));
    let problem = |line, message| RuleProblem { file: USER_AGENTS.to_owned(), line, message };
    let Some((_, text)) = file else {
        return Err(problem(0, "is missing".to_owned()));
    };
    if find(overlays, USER_AGENTS).is_some() {
        UserAgents::check(text).map_err(|(line, message)| problem(line, message))?;
    }
    UserAgents::new(text).map_err(|(line, message)| problem(line, message))
}

fn compile_countries(
    embedded: &[File<'_>],
    overlays: &[File<'_>],
) -> Result<BTreeMap<String, String>, RuleProblem> {
    let mut countries = BTreeMap::new();
    for file in [find(embedded, COUNTRIES), find(overlays, COUNTRIES)].into_iter().flatten() {
        countries.extend(overlay::read::<CountryFile>(file)?.country);
    }
    Ok(countries)
}
