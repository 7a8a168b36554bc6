//! Why a session is in the list: what in it fits the words and pages that the filter asks for.

use actix_web::web::{self, Data};

use crate::base::fold::{fold, tokens};
use crate::base::id::SessionId;
use crate::model::action::UserAction;
use crate::model::query::{Field, Filter, Test, Value};
use crate::web::error::WebError;
use crate::web::format;
use crate::web::state::WebState;

/// Characters of what is named in a row.
const NAME_CHARS: usize = 40;

/// What is looked for inside of sessions.
struct Wanted {
    field: Option<Field>,
    value: Value,
}

impl Wanted {
    fn fits(&self, text: &str) -> bool {
        let text = fold(text);
        match &self.value {
            Value::Is(wanted) => {
                let wanted = fold(wanted);
                // Words of names and messages are found one by one; pages and single values as a whole.
                match self.field {
                    Some(Field::Page) => text == wanted,
                    _ => has_words(&text, &wanted),
                }
            }
            Value::StartsWith(wanted) => text.starts_with(&fold(wanted)),
            Value::Contains(wanted) => text.contains(&fold(wanted)),
            Value::None | Value::Any => false,
        }
    }
}

/// Whether the words follow each other in a text, the last one as far as it is written.
fn has_words(text: &str, wanted: &str) -> bool {
    let (text, wanted) = (tokens(text), tokens(wanted));
    let Some((last, before)) = wanted.split_last() else {
        return false;
    };
    text.windows(wanted.len()).any(|window| {
        window.split_last().is_some_and(|(end, begin)| begin == before && end.starts_with(last))
    })
}

/// What a filter looks for inside of sessions, where a row of the list does not show it.
fn wanted(filter: &Filter) -> Vec<Wanted> {
    let mut all = Vec::new();
    for term in filter.terms.iter().filter(|term| !term.is_negated) {
        match &term.test {
            Test::Word(word) => {
                all.push(Wanted { field: None, value: Value::Is(word.clone()) });
            }
            Test::Values {
                field: field @ (Field::Page | Field::Action | Field::Error),
                values,
            } => {
                all.extend(
                    values
                        .iter()
                        .map(|value| Wanted { field: Some(field.clone()), value: value.clone() }),
                );
            }
            _ => {}
        }
    }
    all
}

/// What fits in the actions of one session, in words; empty when nothing of it lies in them.
fn matched(wanted: &[Wanted], actions: &[UserAction]) -> String {
    let mut found = Vec::new();
    for one in wanted {
        for (field, word) in
            [(Field::Page, "page"), (Field::Action, "action"), (Field::Error, "error")]
        {
            if one.field.as_ref().is_some_and(|own| *own != field) {
                continue;
            }
            let (count, first) = count(one, &field, actions);
            if count > 0 {
                let times = if count > 1 { format!(" {count}×") } else { String::new() };
                found.push(format!("{word} {}{times}", format::middle(&first, NAME_CHARS)));
                break;
            }
        }
    }
    found.dedup();
    found.join(", ")
}

/// How often something fits, and the first that does.
fn count(wanted: &Wanted, field: &Field, actions: &[UserAction]) -> (usize, String) {
    let texts: Vec<&str> = match field {
        Field::Page => actions.iter().map(|action| action.page.as_str()).collect(),
        Field::Action => actions.iter().map(|action| action.name.as_str()).collect(),
        _ => {
            let errors = actions.iter().flat_map(|action| &action.errors);
            errors.map(|error| error.message.as_str()).collect()
        }
    };
    let mut fitting = texts.into_iter().filter(|text| wanted.fits(text));
    let first = fitting.next().unwrap_or_default().to_owned();
    let count = if first.is_empty() { 0 } else { 1 + fitting.count() };
    (count, first)
}

/// For each session what in it fits the filter; nothing is read when the rows show it themselves.
pub async fn matches(
    state: &Data<WebState>,
    filter: &Filter,
    sessions: Vec<SessionId>,
    sees_unmasked: bool,
) -> Result<Vec<String>, WebError> {
    let mut wanted = wanted(filter);
    if !sees_unmasked {
        // The text of errors is masked for this account, here as anywhere.
        wanted.retain(|one| one.field != Some(Field::Error));
    }
    if wanted.is_empty() {
        return Ok(vec![String::new(); sessions.len()]);
    }
    let services = state.services.clone();
    web::block(move || {
        let mut found = Vec::with_capacity(sessions.len());
        for id in sessions {
            let mut actions = services.store.actions(id)?;
            if !sees_unmasked {
                for action in &mut actions {
                    action.errors.clear();
                }
            }
            found.push(matched(&wanted, &actions));
        }
        Ok(found)
    })
    .await?
}

#[cfg(test)]
#[path = "session_match_tests.rs"]
mod tests;
