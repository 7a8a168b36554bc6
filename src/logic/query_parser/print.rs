//! Tree to text. What is printed parses to the same tree.

use crate::model::query::{Comparison, Field, FieldKind, Filter, Term, Test, Value};

/// Prints a filter. Invalid terms are printed as they were typed.
#[must_use]
pub fn print(filter: &Filter) -> String {
    let terms: Vec<String> = filter.terms.iter().map(print_term).collect();
    terms.join(" ")
}

/// Prints one term.
#[must_use]
pub fn print_term(term: &Term) -> String {
    let sign = if term.is_negated { "-" } else { "" };
    let body = match &term.test {
        Test::Invalid(_) => return term.source.clone(),
        Test::Word(text) => print_word(text),
        Test::Values { field, values } => {
            let values: Vec<String> = values.iter().map(print_value).collect();
            format!("{}:{}", print_field(field), values.join(","))
        }
        Test::Compare { field, operator, number } => print_compare(field, *operator, *number),
    };
    format!("{sign}{body}")
}

fn print_field(field: &Field) -> String {
    match field {
        Field::Property(key) => {
            let is_plain = key.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-'));
            if is_plain { format!("prop.{key}") } else { format!("prop.{}", quote(key)) }
        }
        other => other.name(),
    }
}

fn print_compare(field: &Field, operator: Comparison, number: i64) -> String {
    let number = if field.kind() == FieldKind::Duration {
        print_duration(number)
    } else {
        number.to_string()
    };
    format!("{}{}{number}", print_field(field), operator.symbol())
}

fn print_duration(millis: i64) -> String {
    for (unit, size) in [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000)] {
        if millis != 0 && millis % size == 0 {
            return format!("{}{unit}", millis / size);
        }
    }
    format!("{millis}ms")
}

fn print_word(text: &str) -> String {
    let is_plain = !text.starts_with('-')
        && !text.is_empty()
        && text
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '@' | '/' | '+' | '#'));
    if is_plain { text.to_owned() } else { quote(text) }
}

fn print_value(value: &Value) -> String {
    match value {
        Value::Is(text) => {
            if text.eq_ignore_ascii_case("none") || text.eq_ignore_ascii_case("any") {
                quote(text)
            } else {
                bare_or_quoted(text)
            }
        }
        Value::StartsWith(text) => format!("{}*", bare_or_quoted(text)),
        Value::Contains(text) => format!("*{}*", bare_or_quoted(text)),
        Value::None => "none".to_owned(),
        Value::Any => "any".to_owned(),
    }
}

fn bare_or_quoted(text: &str) -> String {
    let is_plain = !text.is_empty()
        && text.chars().all(|c| {
            c.is_alphanumeric()
                || matches!(
                    c,
                    '.' | '_'
                        | '-'
                        | '@'
                        | '/'
                        | '+'
                        | '#'
                        | ':'
                        | '?'
                        | '='
                        | '&'
                        | '%'
                        | '('
                        | ')'
                )
        });
    if is_plain { text.to_owned() } else { quote(text) }
}

fn quote(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{escaped}\"")
}
