//! What a form sent.

use actix_web::web::Form;

use crate::web::error::WebError;
use crate::web::ui::parts::{self, Field};

/// What a form sent: names and values, in order.
pub type Sent = Form<Vec<(String, String)>>;

/// The value of a field, trimmed; empty when it was not sent.
#[must_use]
pub fn get<'a>(sent: &'a [(String, String)], name: &str) -> &'a str {
    sent.iter().rev().find(|(own, _)| own == name).map_or("", |(_, value)| value.trim())
}

/// Like [`get`], but keeps spaces: for passwords.
#[must_use]
pub fn raw<'a>(sent: &'a [(String, String)], name: &str) -> &'a str {
    sent.iter().rev().find(|(own, _)| own == name).map_or("", |(_, value)| value.as_str())
}

/// Whether a check box was set.
#[must_use]
pub fn is_set(sent: &[(String, String)], name: &str) -> bool {
    !get(sent, name).is_empty()
}

/// Non-empty lines of a field.
#[must_use]
pub fn lines(sent: &[(String, String)], name: &str) -> Vec<String> {
    let lines = get(sent, name).lines().map(str::trim);
    lines.filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// Puts what was sent back into a form, and what is wrong beside its fields.
pub fn put_back(form: &mut parts::Form, sent: &[(String, String)], error: &WebError) {
    let mut is_beside = false;
    for field in &mut form.fields {
        restore(field, sent);
        let pointer = format!("/{}", field.name);
        if let Some(fault) = error.errors.iter().find(|fault| fault.pointer.starts_with(&pointer)) {
            field.error.clone_from(&fault.detail);
            is_beside = true;
        }
    }
    if !is_beside {
        form.error.clone_from(&error.detail);
    }
}

fn restore(field: &mut Field, sent: &[(String, String)]) {
    match field.kind {
        "password" | "hidden" => {}
        "check" => field.is_set = is_set(sent, &field.name),
        "choice" => {
            for choice in &mut field.choices {
                choice.is_chosen = choice.value == get(sent, &field.name);
            }
        }
        _ => get(sent, &field.name).clone_into(&mut field.value),
    }
}
