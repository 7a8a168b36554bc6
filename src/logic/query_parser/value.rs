//! Values of a field: checked against its kind.

use std::str::FromStr;

use super::parse::problem;
use crate::base::id::{SessionId, VisitorId};
use crate::base::text::cut;
use crate::model::query::{Comparison, Field, FieldKind, Problem, Test, Value};

/// Where the stars of a value stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Is,
    StartsWith,
    Contains,
}

/// A value as it was typed.
#[derive(Debug, Clone)]
pub(super) struct Raw {
    pub text: String,
    pub is_quoted: bool,
    pub shape: Shape,
    pub at: usize,
}

impl Raw {
    /// A star alone.
    pub fn any(at: usize) -> Self {
        Self { text: "any".to_owned(), is_quoted: false, shape: Shape::Is, at }
    }

    fn value(&self) -> Value {
        let text = self.text.clone();
        match self.shape {
            Shape::StartsWith => Value::StartsWith(text),
            Shape::Contains => Value::Contains(text),
            Shape::Is if self.is_quoted => Value::Is(text),
            Shape::Is if text.eq_ignore_ascii_case("none") => Value::None,
            Shape::Is if text.eq_ignore_ascii_case("any") => Value::Any,
            Shape::Is => Value::Is(text),
        }
    }

    fn wrong(&self, field: &Field, expected: &str) -> Problem {
        Problem {
            at: self.at,
            message: format!(
                "`{}` is no value of `{}`",
                cut(&self.text, 64),
                cut(&field.name(), 64)
            ),
            expected: expected.to_owned(),
        }
    }
}

/// Makes the test of a field, an operator and the values after it.
pub(super) fn field_test(
    field: Field,
    operator: Comparison,
    raws: &[Raw],
) -> Result<Test, Problem> {
    match field.kind() {
        FieldKind::Number | FieldKind::Duration => compare(field, operator, raws),
        FieldKind::Property if operator != Comparison::Equal => compare(field, operator, raws),
        _ if operator != Comparison::Equal => {
            let message = format!("`{}` is not a number", field.name());
            let at = raws.first().map_or(0, |raw| raw.at);
            Err(problem(at, &message, "`:` before the value"))
        }
        kind => {
            let mut values = Vec::with_capacity(raws.len());
            for raw in raws {
                let value = checked(&field, kind, raw)?;
                if !values.contains(&value) {
                    values.push(value);
                }
            }
            Ok(Test::Values { field, values })
        }
    }
}

fn checked(field: &Field, kind: FieldKind, raw: &Raw) -> Result<Value, Problem> {
    let value = raw.value();
    match kind {
        FieldKind::Choice(choices) => choice(field, raw, value, choices),
        FieldKind::YesNo => match &value {
            Value::Is(word) => match word.to_ascii_lowercase().as_str() {
                "yes" | "true" | "1" | "y" => Ok(Value::Is("yes".to_owned())),
                "no" | "false" | "0" | "n" => Ok(Value::Is("no".to_owned())),
                _ => Err(raw.wrong(field, "`yes` or `no`")),
            },
            _ => Err(raw.wrong(field, "`yes` or `no`")),
        },
        FieldKind::Id => match (&value, field) {
            (Value::Is(id), Field::Session) if SessionId::from_str(id).is_ok() => Ok(value),
            (Value::Is(id), Field::Visitor) if VisitorId::from_str(id).is_ok() => Ok(value),
            (_, Field::Session) => Err(raw.wrong(field, "a whole session id, as `s_…`")),
            _ => Err(raw.wrong(field, "a whole visitor id, as `v_…`")),
        },
        _ => Ok(value),
    }
}

fn choice(
    field: &Field,
    raw: &Raw,
    value: Value,
    choices: &'static [&'static str],
) -> Result<Value, Problem> {
    let word = match &value {
        Value::Any | Value::None => return Ok(value),
        Value::Is(word) => word.to_ascii_lowercase().replace(['-', ' '], "_"),
        _ => String::new(),
    };
    let canonical = match (field, word.as_str()) {
        (Field::UserType, "real_user" | "user") => "real",
        (Field::UserType, "bot") => "robot",
        (Field::DeviceType, "mobile") => "phone",
        (Field::ErrorType, "js") => "javascript",
        (Field::Experience, "tolerating" | "tolerable") => "tolerated",
        (_, other) => other,
    };
    if choices.contains(&canonical) {
        return Ok(Value::Is(canonical.to_owned()));
    }
    Err(raw.wrong(field, &format!("one of {}", choices.join(", "))))
}

fn compare(field: Field, operator: Comparison, raws: &[Raw]) -> Result<Test, Problem> {
    let is_duration = field.kind() == FieldKind::Duration;
    let expected =
        if is_duration { "one span of time, as 500ms, 30s, 5m or 2h" } else { "one whole number" };
    let [raw] = raws else {
        let at = raws.get(1).map_or(0, |raw| raw.at);
        return Err(problem(at, "several numbers are given", expected));
    };
    let (operator, number) = match raw.value() {
        Value::Any if operator == Comparison::Equal => (Comparison::Greater, Some(0)),
        Value::None if operator == Comparison::Equal => (Comparison::Equal, Some(0)),
        Value::Is(text) if is_duration => (operator, duration(&text)),
        Value::Is(text) => (operator, text.parse::<i64>().ok()),
        _ => (operator, None),
    };
    let Some(number) = number else {
        return Err(raw.wrong(&field, expected));
    };
    Ok(Test::Compare { field, operator, number })
}

/// Milliseconds of `90s`, `1h30m`, `500ms`; a number needs its unit.
pub(super) fn duration(text: &str) -> Option<i64> {
    let mut rest = text;
    let mut total: i64 = 0;
    if rest == "0" {
        return Some(0);
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let (number, tail) = rest.split_at_checked(digits)?;
        let letters = tail.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(tail.len());
        let (unit, tail) = tail.split_at_checked(letters)?;
        let millis = match unit.to_ascii_lowercase().as_str() {
            "ms" => 1,
            "s" | "sec" => 1_000,
            "m" | "min" => 60_000,
            "h" => 3_600_000,
            "d" => 86_400_000,
            _ => return None,
        };
        let part = number.parse::<i64>().ok()?.checked_mul(millis)?;
        total = total.checked_add(part)?;
        rest = tail;
    }
    (!text.is_empty()).then_some(total)
}
