//! Text to tree. Never fails as a whole: a term that makes no sense stays as an invalid one, with the reason.

use super::value::{Raw, Shape, field_test};
use crate::base::fold::tokens;
use crate::base::limits::{QUERY_CHARS, QUERY_TERMS};
use crate::base::text::cut;
use crate::model::query::{Comparison, FIELDS, Field, Filter, Problem, Term, Test};

/// Parses a filter. Terms that cannot be searched are kept as `Test::Invalid`.
#[must_use]
pub fn parse(text: &str) -> Filter {
    if text.chars().count() > QUERY_CHARS {
        return Filter {
            terms: vec![Term {
                is_negated: false,
                test: Test::Invalid(Problem {
                    at: 0,
                    message: "the search is too long".to_owned(),
                    expected: format!("at most {QUERY_CHARS} characters"),
                }),
                source: cut(text, QUERY_CHARS).to_owned(),
                offset: 0,
            }],
        };
    }
    let mut scanner = Scanner { text, at: 0 };
    let mut terms = Vec::new();
    loop {
        scanner.skip_spaces();
        if scanner.peek().is_none() {
            return Filter { terms };
        }
        if terms.len() == QUERY_TERMS {
            terms.push(Term {
                is_negated: false,
                test: Test::Invalid(Problem {
                    at: scanner.at,
                    message: "the search has too many terms".to_owned(),
                    expected: format!("at most {QUERY_TERMS} terms"),
                }),
                source: scanner.rest().to_owned(),
                offset: scanner.at,
            });
            return Filter { terms };
        }
        terms.push(scanner.term());
    }
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scanner<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn take(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        if found {
            self.at += wanted.len_utf8();
        }
        found
    }

    fn take_while(&mut self, keep: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let end = rest.find(|c| !keep(c)).unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or_default()
    }

    fn skip_spaces(&mut self) {
        self.take_while(char::is_whitespace);
    }

    fn at_end_of_term(&self) -> bool {
        self.peek().is_none_or(char::is_whitespace)
    }

    fn term(&mut self) -> Term {
        let offset = self.at;
        let is_negated = self.take('-');
        let test = self.test().unwrap_or_else(|problem| {
            self.take_while(|c| !c.is_whitespace());
            Test::Invalid(problem)
        });
        Term {
            is_negated,
            test,
            source: self.text.get(offset..self.at).unwrap_or_default().to_owned(),
            offset,
        }
    }

    fn test(&mut self) -> Result<Test, Problem> {
        let start = self.at;
        if self.at_end_of_term() {
            return Err(problem(start, "`-` stands alone", "a term after it, as `-country:DE`"));
        }
        if self.peek() == Some('"') {
            let text = self.quoted()?;
            self.end_after_quote()?;
            return word(text, start);
        }
        if let Some((name, name_at)) = self.field_name()? {
            return self.field_term(&name, name_at);
        }
        let text = self.take_while(|c| !c.is_whitespace());
        word(text.trim_matches('*').to_owned(), start)
    }

    /// A field name, when an operator follows it; else nothing is taken.
    fn field_name(&mut self) -> Result<Option<(String, usize)>, Problem> {
        let start = self.at;
        let mut name =
            self.take_while(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-')).to_owned();
        if self.peek() == Some('"') && name.eq_ignore_ascii_case("prop.") {
            name.push_str(&self.quoted()?);
        }
        let is_field = matches!(self.peek(), Some(':' | '<' | '>'))
            && name.chars().next().is_some_and(char::is_alphabetic);
        if !is_field {
            self.at = start;
        }
        Ok(is_field.then_some((name, start)))
    }

    fn field_term(&mut self, name: &str, name_at: usize) -> Result<Test, Problem> {
        let Some(field) = Field::by_name(name) else {
            return Err(Problem {
                at: name_at,
                message: format!("there is no field `{}`", cut(name, 64)),
                expected: closest_name(name).map_or_else(
                    || "a field, as `user:ryan`, or the text in quotes".to_owned(),
                    |close| format!("`{close}`, or the text in quotes"),
                ),
            });
        };
        let operator = self.operator();
        let values = self.values()?;
        field_test(field, operator, &values)
    }

    fn operator(&mut self) -> Comparison {
        self.take(':');
        let operator = if self.take('>') {
            Comparison::Greater
        } else if self.take('<') {
            Comparison::Less
        } else {
            return Comparison::Equal;
        };
        match (operator, self.take('=')) {
            (Comparison::Greater, true) => Comparison::GreaterOrEqual,
            (Comparison::Less, true) => Comparison::LessOrEqual,
            _ => operator,
        }
    }

    fn values(&mut self) -> Result<Vec<Raw>, Problem> {
        let mut values = Vec::new();
        loop {
            values.push(self.value()?);
            if !self.take(',') {
                return Ok(values);
            }
        }
    }

    fn value(&mut self) -> Result<Raw, Problem> {
        let at = self.at;
        let leads = self.take('*');
        let is_quoted = self.peek() == Some('"');
        let mut text = if is_quoted {
            self.quoted()?
        } else {
            self.take_while(|c| !c.is_whitespace() && c != ',').to_owned()
        };
        let mut trails = false;
        if is_quoted {
            trails = self.take('*');
            if self.peek() != Some(',') {
                self.end_after_quote()?;
            }
        } else if let Some(shorter) = text.strip_suffix('*') {
            text = shorter.to_owned();
            trails = true;
        }
        if !is_quoted && text.contains('*') {
            let found = "a star stands in the middle";
            return Err(problem(at, found, "`ann*`, `*ann*` or the text in quotes"));
        }
        let shape = match (leads, trails) {
            (false, false) => Shape::Is,
            (false, true) => Shape::StartsWith,
            (true, true) => Shape::Contains,
            (true, false) if text.is_empty() && !is_quoted => return Ok(Raw::any(at)),
            (true, false) => {
                let found = "a star stands only in front";
                return Err(problem(at, found, "`ann*` or `*ann*`"));
            }
        };
        if text.is_empty() && !(shape == Shape::Is && is_quoted) {
            if shape == Shape::StartsWith {
                return Ok(Raw::any(at));
            }
            return Err(problem(
                at,
                "a value is missing",
                "a word, a quoted text, `none` or `any`",
            ));
        }
        Ok(Raw { text, is_quoted, shape, at })
    }

    fn quoted(&mut self) -> Result<String, Problem> {
        let start = self.at;
        self.take('"');
        let mut text = String::new();
        let mut is_escaped = false;
        for (index, c) in self.rest().char_indices() {
            match c {
                _ if is_escaped => {
                    is_escaped = false;
                    text.push(c);
                }
                '\\' => is_escaped = true,
                '"' => {
                    self.at += index + 1;
                    return Ok(text);
                }
                _ => text.push(c),
            }
        }
        self.at = self.text.len();
        Err(problem(start, "a quote is not closed", "`\"` at its end"))
    }

    fn end_after_quote(&self) -> Result<(), Problem> {
        if self.at_end_of_term() {
            Ok(())
        } else {
            Err(problem(self.at, "text follows a closing quote", "a space or `,`"))
        }
    }
}

fn word(text: String, at: usize) -> Result<Test, Problem> {
    if tokens(&text).is_empty() {
        return Err(problem(at, "there is nothing to search", "a letter or a digit"));
    }
    Ok(Test::Word(text))
}

pub(super) fn problem(at: usize, message: &str, expected: &str) -> Problem {
    Problem { at, message: message.to_owned(), expected: expected.to_owned() }
}

fn closest_name(name: &str) -> Option<&'static str> {
    let lower = name.to_lowercase();
    FIELDS
        .iter()
        .flat_map(|info| std::iter::once(info.name).chain(info.aliases.iter().copied()))
        .map(|known| (distance(&lower, known), known))
        .filter(|(edits, known)| *edits <= 2 && *edits < known.len())
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, known)| known)
}

/// Edits between two names, counted only as far as a typo goes.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.chars().take(64).enumerate() {
        let mut diagonal = i;
        let mut before = i + 1;
        if let Some(first) = row.first_mut() {
            *first = before;
        }
        for (slot, b) in row.iter_mut().skip(1).zip(&right) {
            let replaced = diagonal + usize::from(a != *b);
            diagonal = *slot;
            before = replaced.min(before + 1).min(diagonal + 1);
            *slot = before;
        }
    }
    row.last().copied().unwrap_or(usize::MAX)
}
