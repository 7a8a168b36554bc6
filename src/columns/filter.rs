//! Terms of a filter as tests of columns.
//!
//! Terms about user actions (`app`, `action`, `page`, `release`) hold for the action itself, all others for its session.

use std::str::FromStr;

use super::bits::Bits;
use super::column::Column;
use super::tables::{ActionColumn, Part, SessionColumn};
use crate::base::fold::{fold, tokens};
use crate::base::id::ApplicationId;
use crate::base::text::cut;
use crate::model::query::{Comparison, Field, FieldKind, Term, Test, Value};

/// Bytes of a folded value that are compared: as many as the search index keeps.
const VALUE_BYTES: usize = 256;

/// Where the values of a field lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Session(SessionColumn),
    Action(ActionColumn),
}

/// The column of a field; `None` when only the search index knows it.
pub(super) const fn place_of(field: &Field) -> Option<Place> {
    use {ActionColumn as A, SessionColumn as S};
    Some(match field {
        Field::App => Place::Action(A::Application),
        Field::Action => Place::Action(A::Name),
        Field::Page => Place::Action(A::Page),
        Field::Release => Place::Action(A::Release),
        Field::UserType => Place::Session(S::UserType),
        Field::UserNew => Place::Session(S::UserNew),
        Field::Browser => Place::Session(S::Browser),
        Field::BrowserVersion => Place::Session(S::BrowserVersion),
        Field::Os => Place::Session(S::Os),
        Field::OsVersion => Place::Session(S::OsVersion),
        Field::DeviceType => Place::Session(S::DeviceType),
        Field::Country => Place::Session(S::Country),
        Field::Region => Place::Session(S::Region),
        Field::City => Place::Session(S::City),
        Field::Connection => Place::Session(S::Connection),
        Field::Language => Place::Session(S::Language),
        Field::Entry => Place::Session(S::Entry),
        Field::Exit => Place::Session(S::Exit),
        Field::Live => Place::Session(S::Live),
        Field::Bounce => Place::Session(S::Bounce),
        Field::Counted => Place::Session(S::Counted),
        Field::End => Place::Session(S::End),
        Field::Experience => Place::Session(S::Experience),
        Field::Duration => Place::Session(S::Duration),
        Field::Actions => Place::Session(S::ActionCount),
        Field::Errors => Place::Session(S::ErrorCount),
        Field::Rage => Place::Session(S::RageClicks),
        Field::User
        | Field::Visitor
        | Field::Session
        | Field::Device
        | Field::Isp
        | Field::Ip
        | Field::Screen
        | Field::Error
        | Field::ErrorType
        | Field::ErrorApp
        | Field::Referrer
        | Field::Campaign
        | Field::Property(_) => return None,
    })
}

/// Whether the columns can answer a term; the search index answers the others, for whole sessions.
#[must_use]
pub fn knows(term: &Term) -> bool {
    match &term.test {
        Test::Values { field, .. } | Test::Compare { field, .. } => place_of(field).is_some(),
        Test::Word(_) | Test::Invalid(_) => false,
    }
}

/// What a value of a column must be.
#[derive(Debug, Clone)]
pub(super) enum CodeTest {
    /// One of these codes.
    OneOf(Bits),
    /// From the first to the last number.
    Between(u32, u32),
    /// Not in that range.
    Outside(u32, u32),
}

impl CodeTest {
    pub fn holds(&self, code: u32) -> bool {
        match self {
            Self::OneOf(codes) => codes.has(code),
            Self::Between(first, last) => (*first..=*last).contains(&code),
            Self::Outside(first, last) => !(*first..=*last).contains(&code),
        }
    }
}

/// The tests of a filter on one part.
#[derive(Debug, Default)]
pub(super) struct PartTests {
    /// Sessions that pass; `None` for all.
    pub sessions: Option<Bits>,
    /// Tests of actions.
    pub actions: Vec<(ActionColumn, CodeTest)>,
}

impl PartTests {
    /// Compiles the terms that [`knows`]; others are left to the caller.
    pub fn of(part: &Part, terms: &[Term], names: &[(ApplicationId, String)]) -> Self {
        let mut tests = Self::default();
        for term in terms.iter().filter(|term| knows(term)) {
            let field = match &term.test {
                Test::Values { field, .. } | Test::Compare { field, .. } => field,
                Test::Word(_) | Test::Invalid(_) => continue,
            };
            match place_of(field) {
                Some(Place::Session(column)) => {
                    if let Some(column) = part.session(column) {
                        tests.narrow(sessions_of(column, &code_test(column, term, names)));
                    }
                }
                Some(Place::Action(action)) => {
                    if let Some(column) = part.action(action) {
                        tests.actions.push((action, code_test(column, term, names)));
                    }
                }
                None => {}
            }
        }
        tests
    }

    /// Keeps only these sessions.
    pub fn narrow(&mut self, sessions: Bits) {
        match &mut self.sessions {
            Some(own) => own.and(&sessions),
            None => self.sessions = Some(sessions),
        }
    }

    /// Keeps only actions of these applications.
    pub fn allow(&mut self, part: &Part, allowed: &[ApplicationId]) {
        let ids: Vec<String> = allowed.iter().map(ToString::to_string).collect();
        if let Some(column) = part.action(ActionColumn::Application) {
            let codes = codes_of(column, |text| ids.iter().any(|id| id == text));
            self.actions.push((ActionColumn::Application, CodeTest::OneOf(codes)));
        }
    }
}

fn sessions_of(column: &Column, test: &CodeTest) -> Bits {
    let mut codes = vec![0; column.len()];
    column.read(0, &mut codes);
    Bits::of(codes.len(), |row| codes.get(row).is_some_and(|code| test.holds(*code)))
}

fn codes_of(column: &Column, holds: impl Fn(&str) -> bool) -> Bits {
    Bits::of(column.codes(), |code| u32::try_from(code).is_ok_and(|code| holds(column.text(code))))
}

fn code_test(column: &Column, term: &Term, names: &[(ApplicationId, String)]) -> CodeTest {
    match &term.test {
        Test::Values { field, values } => {
            let wanted: Vec<Wanted> = values.iter().map(Wanted::new).collect();
            CodeTest::OneOf(codes_of(column, |text| {
                let any = if *field == Field::App {
                    values.iter().any(|value| is_application(text, value, names))
                } else {
                    let folded = folded(text);
                    wanted.iter().any(|value| value.holds(field, text, &folded))
                };
                any != term.is_negated
            }))
        }
        Test::Compare { operator, number, .. } => between(*operator, *number, term.is_negated),
        Test::Word(_) | Test::Invalid(_) => CodeTest::OneOf(Bits::default()),
    }
}

fn folded(text: &str) -> String {
    cut(&fold(text), VALUE_BYTES).to_owned()
}

/// A value, folded once.
struct Wanted<'a> {
    value: &'a Value,
    text: String,
    words: Vec<String>,
}

impl<'a> Wanted<'a> {
    fn new(value: &'a Value) -> Self {
        let text = match value {
            Value::Is(text) | Value::StartsWith(text) | Value::Contains(text) => text.as_str(),
            Value::None | Value::Any => "",
        };
        Self { value, text: folded(text), words: tokens(text) }
    }

    fn holds(&self, field: &Field, text: &str, folded: &str) -> bool {
        match self.value {
            Value::Any => !text.is_empty(),
            Value::None => text.is_empty(),
            _ if text.is_empty() => false,
            Value::Is(_) => {
                folded == self.text
                    || (field.kind() == FieldKind::Words && follows(&tokens(text), &self.words))
            }
            Value::StartsWith(_) => folded.starts_with(&self.text),
            Value::Contains(_) => folded.contains(&self.text),
        }
    }
}

/// Whether words stand in a text one after the other.
fn follows(text: &[String], words: &[String]) -> bool {
    !words.is_empty() && text.windows(words.len()).any(|window| window == words)
}

fn is_application(id: &str, value: &Value, names: &[(ApplicationId, String)]) -> bool {
    let Ok(application) = ApplicationId::from_str(id) else { return false };
    let name = names.iter().find(|(known, _)| *known == application).map(|(_, name)| fold(name));
    let is_named = |holds: &dyn Fn(&str) -> bool| name.as_deref().is_some_and(holds);
    match value {
        Value::Any => true,
        Value::None => false,
        Value::Is(text) => text.to_lowercase() == id || is_named(&|name| name == fold(text)),
        Value::StartsWith(text) => is_named(&|name| name.starts_with(&fold(text))),
        Value::Contains(text) => is_named(&|name| name.contains(&fold(text))),
    }
}

/// Numbers of a column are whole and not negative; what can never hold is an empty range.
fn between(operator: Comparison, number: i64, is_negated: bool) -> CodeTest {
    let nothing = CodeTest::Between(1, 0);
    let everything = CodeTest::Outside(1, 0);
    let (first, last) = match operator {
        Comparison::Equal => (number, number),
        Comparison::Greater => (number.saturating_add(1), i64::MAX),
        Comparison::GreaterOrEqual => (number, i64::MAX),
        Comparison::Less => (i64::MIN, number.saturating_sub(1)),
        Comparison::LessOrEqual => (i64::MIN, number),
    };
    if last < 0 || first > i64::from(u32::MAX) {
        return if is_negated { everything } else { nothing };
    }
    let first = u32::try_from(first.max(0)).unwrap_or(u32::MAX);
    let last = u32::try_from(last).unwrap_or(u32::MAX);
    if is_negated { CodeTest::Outside(first, last) } else { CodeTest::Between(first, last) }
}
