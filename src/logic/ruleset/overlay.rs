//! Rule files of the operator lie over the embedded ones, rule by rule.

use regex::{Regex, RegexBuilder};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use toml::Spanned;

use super::problem::RuleProblem;

/// Longest expression of a rule.
const PATTERN_CHARS: usize = 512;
/// Memory of a compiled expression.
const PATTERN_BYTES: usize = 1024 * 1024;
const NEST_MAX: u32 = 50;
/// Rules of one file.
const RULES_MAX: usize = 2_000;

/// Where a new rule of an overlay goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// Before the embedded rules.
    First,
    /// After them.
    #[default]
    Last,
}

/// A rule with an id.
pub trait Rule {
    /// Id, with its place in the file.
    fn id(&self) -> &Spanned<String>;
    /// Whether it takes away the embedded rule of this id.
    fn is_disabled(&self) -> bool;
    /// Where it goes when it is new.
    fn order(&self) -> Order;
}

/// Rules and the file each came from.
pub type Sourced<'a, T> = Vec<(&'a (&'a str, &'a str), T)>;

/// Reads a TOML file; unknown keys are errors.
pub fn read<T: DeserializeOwned>(file: &(&str, &str)) -> Result<T, RuleProblem> {
    toml::from_str(file.1).map_err(|problem| {
        let byte = problem.span().map_or(0, |span| span.start);
        RuleProblem::at(file.0, file.1, byte, problem.message())
    })
}

/// A problem with one rule.
pub fn problem<T: Rule>(file: &(&str, &str), rule: &T, message: &str) -> RuleProblem {
    let id = rule.id();
    RuleProblem::at(file.0, file.1, id.span().start, format!("rule `{}`: {message}", id.get_ref()))
}

/// Lays rules over others: the same id replaces, `disabled` takes away, new ones go first or last.
pub fn lay<'a, T: Rule>(
    below: Sourced<'a, T>,
    above: Sourced<'a, T>,
) -> Result<Sourced<'a, T>, RuleProblem> {
    let mut rules = below;
    let mut first = Vec::new();
    for (file, rule) in above {
        let known = rules.iter().position(|(_, other)| other.id().get_ref() == rule.id().get_ref());
        match known.and_then(|position| rules.get_mut(position)) {
            Some(slot) => *slot = (file, rule),
            None if rule.order() == Order::First => first.push((file, rule)),
            None => rules.push((file, rule)),
        }
    }
    first.extend(rules);
    if let Some((file, rule)) = first.get(RULES_MAX) {
        return Err(problem(file, rule, &format!("a file may have at most {RULES_MAX} rules")));
    }
    first.retain(|(_, rule)| !rule.is_disabled());
    Ok(first)
}

/// The first rule whose id is taken by an earlier one of the same file.
pub fn check_unique<T: Rule>(file: &(&str, &str), rules: &[T]) -> Result<(), RuleProblem> {
    let mut ids = std::collections::HashSet::new();
    for rule in rules {
        if !ids.insert(rule.id().get_ref()) {
            return Err(problem(file, rule, "this id is taken by an earlier rule"));
        }
    }
    Ok(())
}

/// Compiles an expression within bounds.
pub fn expression(pattern: &str) -> Result<Regex, String> {
    if pattern.chars().count() > PATTERN_CHARS {
        return Err(format!("an expression may have at most {PATTERN_CHARS} characters"));
    }
    RegexBuilder::new(pattern)
        .size_limit(PATTERN_BYTES)
        .dfa_size_limit(PATTERN_BYTES)
        .nest_limit(NEST_MAX)
        .build()
        .map_err(|problem| problem.to_string())
}
