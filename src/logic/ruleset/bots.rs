//! Robots, told by a token in the user agent.

use std::collections::HashMap;

use regex::{Regex, RegexBuilder};

/// Memory of the compiled tokens: there are hundreds of them.
const AUTOMATON_BYTES: usize = 16 * 1024 * 1024;
/// Category of rules that yield to all others.
const OTHER: &str = "other";
/// Category of our own monitors.
const SYNTHETIC: &str = "synthetic";

/// A known robot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bot {
    /// Id in the rule file.
    pub id: String,
    /// Lower-case token.
    pub token: String,
    /// Name.
    pub name: String,
    /// `search`, `ai`, `social`, `monitoring`, `synthetic`, ...
    pub category: String,
}

impl Bot {
    /// Whether it is one of our monitors.
    #[must_use]
    pub fn is_synthetic(&self) -> bool {
        self.category == SYNTHETIC
    }
}

/// All known robots in two automata: named ones, and those told by a general word.
#[derive(Debug, Clone, Default)]
pub struct Bots {
    rules: Vec<Bot>,
    by_token: HashMap<String, usize>,
    named: Option<Regex>,
    general: Option<Regex>,
}

impl Bots {
    /// Compiles; the text tells what is wrong.
    pub fn new(bots: Vec<Bot>) -> Result<Self, String> {
        let tokens = |is_other: bool| {
            let hits = bots.iter().filter(move |bot| (bot.category == OTHER) == is_other);
            automaton(hits.map(|bot| bot.token.as_str()))
        };
        let (named, general) = (tokens(false)?, tokens(true)?);
        let mut by_token = HashMap::new();
        for (position, bot) in bots.iter().enumerate() {
            by_token.entry(bot.token.clone()).or_insert(position);
        }
        Ok(Self { rules: bots, by_token, named, general })
    }

    /// The robot that this user agent tells of.
    #[must_use]
    pub fn find(&self, user_agent: &str) -> Option<&Bot> {
        let search = |automaton: &Option<Regex>| automaton.as_ref()?.find(user_agent);
        let hit = search(&self.named).or_else(|| search(&self.general))?;
        self.rules.get(*self.by_token.get(&hit.as_str().to_ascii_lowercase())?)
    }

    /// The robot of this name.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<&Bot> {
        self.rules.iter().find(|bot| bot.name == name)
    }

    /// How many there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.rules.len()
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }
}

fn automaton<'a>(tokens: impl Iterator<Item = &'a str>) -> Result<Option<Regex>, String> {
    let alternatives: Vec<String> = tokens.map(regex::escape).collect();
    if alternatives.is_empty() {
        return Ok(None);
    }
    let pattern = format!("(?i-u:{})", alternatives.join("|"));
    let built = RegexBuilder::new(&pattern).size_limit(AUTOMATON_BYTES).build();
    built.map(Some).map_err(|problem| problem.to_string())
}
