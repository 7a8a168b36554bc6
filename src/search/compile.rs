//! From a filter to a query of the engine.

use std::ops::Bound;
use std::str::FromStr;
use std::sync::Arc;

use tantivy::Term;
use tantivy::query::{
    AllQuery, BooleanQuery, EmptyQuery, FuzzyTermQuery, Occur, PhrasePrefixQuery, PhraseQuery,
    Query, RangeQuery, TermQuery, TermSetQuery,
};
use tantivy::schema::{Field as Handle, IndexRecordOption};

use super::budget::Budget;
use super::dictionary::{AutomatonQuery, CollectedQuery, DictionaryQuery, TermTest};
use super::document::{grams, keyword, keyword_name, presence};
use super::fields::Fields;
use super::request::{Breadth, SearchRequest};
use crate::base::fold::{fold, spelled_out, tokens};
use crate::base::id::{ApplicationId, SessionId};
use crate::model::query::{Comparison, Field, FieldKind, Filter, Term as FilterTerm, Test, Value};

/// Letters from which a word may have a typo.
const TYPO_CHARS: usize = 4;
/// Letters from which a word is looked for inside of tags.
const INSIDE_CHARS: usize = 3;
/// Letters up to which a whole tag may have a typo; the automaton grows with them.
const CLOSE_CHARS: usize = 64;
/// Words that the beginning of a last word may stand for: more than the numbers in the tags of a day.
const EXPANSIONS: u32 = 65_536;

type Boxed = Box<dyn Query>;

/// Makes queries for one request.
pub(super) struct Compiler<'a> {
    pub fields: &'a Fields,
    pub budget: &'a Budget,
    pub names: &'a [(ApplicationId, String)],
    pub breadth: Breadth,
    /// Only what the breadth adds to the one before it.
    pub is_step: bool,
}

impl<'a> Compiler<'a> {
    pub fn new(fields: &'a Fields, request: &'a SearchRequest, breadth: Breadth) -> Self {
        Self { fields, budget: &request.budget, names: &request.names, breadth, is_step: false }
    }

    /// The whole filter, within the applications that may be seen.
    pub fn query(&self, filter: &Filter, allowed: Option<&[ApplicationId]>) -> Boxed {
        let mut clauses = Vec::new();
        for term in &filter.terms {
            clauses.push(self.clause(term));
        }
        if let Some(allowed) = allowed {
            clauses.push((Occur::Must, self.applications(allowed)));
        }
        if clauses.is_empty() {
            return Box::new(AllQuery);
        }
        if clauses.iter().all(|(occur, _)| *occur == Occur::MustNot) {
            clauses.push((Occur::Must, Box::new(AllQuery)));
        }
        Box::new(BooleanQuery::new(clauses))
    }

    fn clause(&self, term: &FilterTerm) -> (Occur, Boxed) {
        if term.is_negated {
            let near = Self { breadth: Breadth::Near, is_step: false, ..*self };
            let query = near.ask(&term.test);
            (Occur::MustNot, Box::new(CollectedQuery(query)))
        } else {
            (Occur::Must, self.ask(&term.test))
        }
    }

    fn ask(&self, asked: &Test) -> Boxed {
        match asked {
            Test::Word(text) => self.word(text),
            Test::Values { field, values } => {
                union(values.iter().map(|value| self.value(field, value)))
            }
            Test::Compare { field, operator, number } => self.compare(field, *operator, *number),
            Test::Invalid(_) => Box::new(EmptyQuery),
        }
    }

    pub fn applications(&self, ids: &[ApplicationId]) -> Boxed {
        self.applications_of(&Field::App, ids)
    }

    fn applications_of(&self, field: &Field, ids: &[ApplicationId]) -> Boxed {
        let name = field.name();
        Box::new(TermSetQuery::new(ids.iter().map(|id| {
            Term::from_field_text(self.fields.keyword, &keyword(&name, &id.to_string()))
        })))
    }

    /// Whether the ways that a breadth adds are asked for.
    fn goes(&self, breadth: Breadth) -> bool {
        if self.is_step { self.breadth == breadth } else { self.breadth >= breadth }
    }

    fn word(&self, text: &str) -> Boxed {
        let words = tokens(text);
        let mut ways = vec![self.user_word(text)];
        if self.goes(Breadth::Near) {
            for handle in
                [self.fields.page_words, self.fields.action_words, self.fields.error_words]
            {
                ways.push(self.beginning(handle, &words));
            }
            if let Ok(id) = SessionId::from_str(&text.trim().to_lowercase()) {
                ways.push(self.session(id));
            }
        }
        union(ways)
    }

    /// User tags that hold the word: what suggestions ask.
    pub fn user_word(&self, text: &str) -> Boxed {
        let mut ways = Vec::new();
        for text in std::iter::once(text.to_owned()).chain(spelled_out(text)) {
            let words = tokens(&text);
            let folded = fold(text.trim());
            let chars = folded.chars().count();
            if self.goes(Breadth::Near) {
                ways.push(self.beginning(self.fields.user_words, &words));
            }
            if self.goes(Breadth::Inside) && chars >= INSIDE_CHARS {
                ways.push(self.inside_user(&folded));
            }
            let is_several = words.len() > 1 && (TYPO_CHARS..=CLOSE_CHARS).contains(&chars);
            if self.goes(Breadth::Close) && is_several {
                ways.push(near(self.fields.keyword, &keyword(&Field::User.name(), &folded)));
            }
            if self.goes(Breadth::Typo) {
                ways.extend(self.typo(&words));
            }
        }
        union(ways)
    }

    /// Sessions with exactly this value: a filter of names and messages finds them inside longer ones, too.
    pub fn value_itself(&self, field: &Field, value: &str) -> Boxed {
        exact(Term::from_field_text(self.fields.keyword, &keyword(&keyword_name(field), value)))
    }

    /// User tags that begin with the text.
    pub fn user_beginning(&self, text: &str) -> Boxed {
        self.walk(self.fields.keyword, keyword(&Field::User.name(), text.trim()), TermTest::All)
    }

    fn session(&self, id: SessionId) -> Boxed {
        exact(Term::from_field_bytes(self.fields.id, &id.bytes()))
    }

    /// Words that follow each other, the last of which may go on.
    fn beginning(&self, handle: Handle, words: &[String]) -> Boxed {
        match words {
            [] => Box::new(EmptyQuery),
            [only] => self.walk(handle, only.clone(), TermTest::All),
            several => {
                let mut query = PhrasePrefixQuery::new(
                    several.iter().map(|word| Term::from_field_text(handle, word)).collect(),
                );
                query.set_max_expansions(EXPANSIONS);
                Box::new(query)
            }
        }
    }

    /// Whole words that follow each other.
    fn phrase(handle: Handle, words: &[String]) -> Boxed {
        match words {
            [] => Box::new(EmptyQuery),
            [only] => exact(Term::from_field_text(handle, only)),
            several => Box::new(PhraseQuery::new(
                several.iter().map(|word| Term::from_field_text(handle, word)).collect(),
            )),
        }
    }

    fn typo(&self, words: &[String]) -> Option<Boxed> {
        let handle = self.fields.user_words;
        let may_err = |word: &String| word.chars().count() >= TYPO_CHARS;
        if !words.iter().any(may_err) {
            return None;
        }
        let clauses = words
            .iter()
            .map(|word| {
                let query: Boxed = if may_err(word) {
                    near(handle, word)
                } else {
                    self.walk(handle, word.clone(), TermTest::All)
                };
                (Occur::Must, query)
            })
            .collect();
        Some(Box::new(BooleanQuery::new(clauses)))
    }

    /// The inside of a user tag: its pieces of three letters stand in this order.
    fn inside_user(&self, folded: &str) -> Boxed {
        let handle = self.fields.user_grams;
        let pieces = grams(folded);
        let last = pieces.len().saturating_sub(1);
        let mut terms: Vec<(usize, Term)> = pieces
            .iter()
            .enumerate()
            .filter(|(at, _)| at % 3 == 0 || *at == last)
            .map(|(at, piece)| (at, Term::from_field_text(handle, piece)))
            .collect();
        if terms.len() < 2 {
            return terms.pop().map_or_else(
                || {
                    let start = keyword(&Field::User.name(), "");
                    let inside = TermTest::Contains(folded.to_owned());
                    self.walk(self.fields.keyword, start, inside)
                },
                |(_, term)| exact(term),
            );
        }
        Box::new(PhraseQuery::new_with_offset(terms))
    }

    fn walk(&self, field: Handle, prefix: String, test: TermTest) -> Boxed {
        Box::new(DictionaryQuery { field, prefix, test, budget: self.budget.clone() })
    }

    fn value(&self, field: &Field, value: &Value) -> Boxed {
        let name = keyword_name(field);
        let handle = self.fields.keyword;
        match (field, value) {
            (_, Value::Any) => exact(Term::from_field_text(handle, &presence(&name))),
            (_, Value::None) => negate(exact(Term::from_field_text(handle, &presence(&name)))),
            (Field::App | Field::ErrorApp, _) => {
                self.applications_of(field, &self.applications_named(value))
            }
            (Field::Session, Value::Is(text)) => SessionId::from_str(text)
                .map_or_else(|_| Box::new(EmptyQuery) as Boxed, |id| self.session(id)),
            (_, Value::Is(text)) => {
                let whole = exact(Term::from_field_text(handle, &keyword(&name, text)));
                match field {
                    Field::Action => {
                        union([whole, Self::phrase(self.fields.action_words, &tokens(text))])
                    }
                    Field::Error => {
                        union([whole, Self::phrase(self.fields.error_words, &tokens(text))])
                    }
                    _ => whole,
                }
            }
            (_, Value::StartsWith(text)) => self.walk(handle, keyword(&name, text), TermTest::All),
            (Field::User, Value::Contains(text)) => self.inside_user(&fold(text)),
            (_, Value::Contains(text)) => {
                self.walk(handle, keyword(&name, ""), TermTest::Contains(fold(text)))
            }
        }
    }

    fn applications_named(&self, value: &Value) -> Vec<ApplicationId> {
        let matches = |name: &str| match value {
            Value::Is(text) => fold(name) == fold(text),
            Value::StartsWith(text) => fold(name).starts_with(&fold(text)),
            Value::Contains(text) => fold(name).contains(&fold(text)),
            Value::None | Value::Any => false,
        };
        let mut found: Vec<ApplicationId> =
            self.names.iter().filter(|(_, name)| matches(name)).map(|(id, _)| *id).collect();
        if let Value::Is(text) = value
            && let Ok(id) = ApplicationId::from_str(&text.to_lowercase())
        {
            found.push(id);
        }
        found
    }

    fn compare(&self, field: &Field, operator: Comparison, number: i64) -> Boxed {
        let handle = match field {
            Field::Duration => self.fields.duration,
            Field::Actions => self.fields.actions,
            Field::Errors => self.fields.errors,
            Field::Rage => self.fields.rage,
            other if other.kind() == FieldKind::Property => {
                let start = keyword(&keyword_name(other), "");
                let test = TermTest::Number(operator, number);
                return self.walk(self.fields.keyword, start, test);
            }
            _ => return Box::new(EmptyQuery),
        };
        let at = Term::from_field_i64(handle, number);
        let (low, high) = match operator {
            Comparison::Equal => (Bound::Included(at.clone()), Bound::Included(at)),
            Comparison::Greater => (Bound::Excluded(at), Bound::Unbounded),
            Comparison::GreaterOrEqual => (Bound::Included(at), Bound::Unbounded),
            Comparison::Less => (Bound::Unbounded, Bound::Excluded(at)),
            Comparison::LessOrEqual => (Bound::Unbounded, Bound::Included(at)),
        };
        Box::new(RangeQuery::new(low, high))
    }

    /// Live sessions only.
    pub fn live(&self) -> Boxed {
        exact(Term::from_field_text(self.fields.keyword, &keyword(&Field::Live.name(), "yes")))
    }
}

fn exact(term: Term) -> Boxed {
    Box::new(TermQuery::new(term, IndexRecordOption::Basic))
}

/// Terms that begin with the text but for one typo.
fn near(field: Handle, text: &str) -> Boxed {
    let query = FuzzyTermQuery::new_prefix(Term::from_field_text(field, text), 1, true);
    // The engine would make the automaton anew for every day.
    match query.automaton() {
        Ok(automaton) => Box::new(AutomatonQuery { field, automaton: Arc::new(automaton) }),
        Err(_) => Box::new(query),
    }
}

fn negate(query: Boxed) -> Boxed {
    Box::new(BooleanQuery::new(vec![(Occur::Must, Box::new(AllQuery)), (Occur::MustNot, query)]))
}

fn union(queries: impl IntoIterator<Item = Boxed>) -> Boxed {
    let mut all: Vec<Boxed> = queries.into_iter().collect();
    match all.pop() {
        None => Box::new(EmptyQuery),
        Some(only) if all.is_empty() => only,
        Some(last) => {
            all.push(last);
            Box::new(BooleanQuery::union(all))
        }
    }
}

/// Both must hold.
pub(super) fn both(left: Boxed, right: Boxed) -> Boxed {
    Box::new(BooleanQuery::intersection(vec![left, right]))
}
