//! Syntax tree of the filter language (ui 3.4).

use serde::{Deserialize, Serialize};

pub use super::query_fields::{FIELDS, Field, FieldInfo, FieldKind};

/// A filter: all terms must hold.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Filter {
    /// Terms, joined by AND.
    pub terms: Vec<Term>,
}

impl Filter {
    /// What is wrong with its terms, in order; empty when it can be searched.
    pub fn problems(&self) -> impl Iterator<Item = (&Term, &Problem)> {
        self.terms.iter().filter_map(|term| match &term.test {
            Test::Invalid(problem) => Some((term, problem)),
            _ => None,
        })
    }

    /// Whether every term can be searched.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.problems().next().is_none()
    }

    /// The filter without one of its terms.
    #[must_use]
    pub fn without(&self, index: usize) -> Self {
        let mut rest = self.clone();
        if index < rest.terms.len() {
            rest.terms.remove(index);
        }
        rest
    }

    /// Adds a value to the positive term of a field, or a new term: what a click on a facet does.
    #[must_use]
    pub fn with_value(&self, field: &Field, value: Value) -> Self {
        let mut wider = self.clone();
        for term in &mut wider.terms {
            if let Test::Values { field: at, values } = &mut term.test
                && at == field
                && !term.is_negated
            {
                if !values.contains(&value) {
                    values.push(value);
                }
                return wider;
            }
        }
        wider.terms.push(Term::new(Test::Values { field: field.clone(), values: vec![value] }));
        wider
    }

    /// Whether a positive term asks for this value of a field.
    #[must_use]
    pub fn has_value(&self, field: &Field, value: &Value) -> bool {
        self.terms.iter().any(|term| {
            !term.is_negated
                && matches!(&term.test, Test::Values { field: at, values } if at == field && values.contains(value))
        })
    }
}

/// One term.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    /// Must not hold.
    pub is_negated: bool,
    /// What is asked.
    pub test: Test,
    /// The term as it was typed; empty when it was not typed.
    pub source: String,
    /// Byte offset in the text.
    pub offset: usize,
}

impl Term {
    /// A positive term that nobody typed.
    #[must_use]
    pub const fn new(test: Test) -> Self {
        Self { is_negated: false, test, source: String::new(), offset: 0 }
    }
}

/// What a term asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Test {
    /// A word without a field: user tag, session id, page, action, error text.
    Word(String),
    /// A field that holds one of some values.
    Values {
        /// Field.
        field: Field,
        /// Values, joined by OR.
        values: Vec<Value>,
    },
    /// A number compared: durations in milliseconds.
    Compare {
        /// Field.
        field: Field,
        /// Operator.
        operator: Comparison,
        /// Number.
        number: i64,
    },
    /// Cannot be searched; kept so that it can be shown.
    Invalid(Problem),
}

/// Why a term cannot be searched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message} (at character {at}); expected {expected}")]
pub struct Problem {
    /// Byte offset of the trouble in the whole text.
    pub at: usize,
    /// What is wrong, as a sentence without an end.
    pub message: String,
    /// What would be right.
    pub expected: String,
}

/// A value of a term.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Value {
    /// Equals.
    Is(String),
    /// `ann*`
    StartsWith(String),
    /// `*ann*`
    Contains(String),
    /// `none`
    None,
    /// `any`
    Any,
}

/// How a number is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Comparison {
    /// `:` with a number.
    Equal,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
}

impl Comparison {
    /// As it is typed.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Equal => ":",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
        }
    }

    /// Whether `left` stands in this relation to `right`.
    #[must_use]
    pub fn holds<T: PartialOrd>(self, left: &T, right: &T) -> bool {
        match self {
            Self::Equal => left == right,
            Self::Greater => left > right,
            Self::GreaterOrEqual => left >= right,
            Self::Less => left < right,
            Self::LessOrEqual => left <= right,
        }
    }
}
