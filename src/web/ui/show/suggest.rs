//! `/sessions/suggest`: what could be meant by what is typed.

use actix_web::HttpResponse;
use actix_web::web::{self, Data};
use serde::Serialize;

use super::session_rows::user_address;
use super::sessions::ListQuery;
use super::shell::plural;
use crate::base::text;
use crate::base::time::Timestamp;
use crate::model::query::{FIELDS, Field, FieldKind, Filter};
use crate::search::{SearchRequest, ValueSuggestion};
use crate::web::auth::Identity;
use crate::web::error::WebError;
use crate::web::query::Query;
use crate::web::state::WebState;
use crate::web::{countries, format, range};

/// Suggestions of one group.
const GROUP: usize = 5;

/// One suggestion, as the filter box shows it.
#[derive(Debug, Default, Serialize)]
struct Suggestion {
    icon: &'static str,
    text: String,
    note: String,
    href: String,
    insert: String,
}

/// `GET /sessions/suggest?text=`
pub async fn suggest(
    state: Data<WebState>,
    identity: Identity,
    query: Query<ListQuery>,
) -> Result<HttpResponse, WebError> {
    let now = state.services.now();
    let typed = text::cut(query.text.as_deref().unwrap_or_default().trim(), 256).to_owned();
    let some = |text: &Option<String>| text.clone().filter(|t| !t.is_empty());
    let (from, to) = range::range(some(&query.from).as_deref(), some(&query.to).as_deref(), now)?;
    let _ = identity.sees_unmasked();
    let services = state.services.clone();
    let keys = state.user_keys.clone();
    let found = web::block(move || {
        let mut request = SearchRequest::new(Filter::default(), from, to);
        request.limit = GROUP;
        let applications = services.catalog.applications();
        request.names = applications.iter().map(|a| (a.id, a.name.clone())).collect();
        let mut found = Vec::new();
        if let Some((name, value)) = typed.split_once(':') {
            if let Some(field) = Field::by_name(name) {
                let names: Vec<String> = applications.iter().map(|a| a.name.clone()).collect();
                found.extend(values_of(&field, name, value, &names));
                if field == Field::Country {
                    found.extend(country_suggestions(value));
                }
                if field == Field::User {
                    let users = services.search.suggest_users(value, &request)?;
                    found.extend(users.into_iter().map(|user| Suggestion {
                        insert: format!("user:{}", quoted(&user.tag)),
                        ..person(&user.tag, user.sessions, user.last, now)
                    }));
                } else if field != Field::Ip && found.is_empty() {
                    let values = services.search.suggest_values(Some(&field), value, &request)?;
                    found.extend(values.iter().map(value_suggestion));
                }
            }
        } else {
            let all = services.search.suggest(&typed, &request)?;
            found.extend(all.users.into_iter().map(|user| Suggestion {
                href: user_address(&user.tag, &keys),
                ..person(&user.tag, user.sessions, user.last, now)
            }));
            found.extend(fields(&typed));
            if typed.chars().count() > 2 {
                found.extend(country_suggestions(&typed).take(3));
            }
            found.extend(all.values.iter().map(value_suggestion));
            found.push(Suggestion {
                icon: "search",
                text: format!("Any field contains “{typed}”"),
                note: "Enter".to_owned(),
                insert: typed.clone(),
                ..Suggestion::default()
            });
        }
        Ok::<_, WebError>(found)
    })
    .await??;
    Ok(HttpResponse::Ok().json(found))
}

fn person(tag: &str, sessions: u64, last: Timestamp, now: Timestamp) -> Suggestion {
    Suggestion {
        icon: "user",
        text: tag.to_owned(),
        note: format!("{} · last {}", plural(sessions, "session"), format::ago(last, now)),
        ..Suggestion::default()
    }
}

fn value_suggestion(value: &ValueSuggestion) -> Suggestion {
    let insert = format!("{}:{}", value.field.name(), quoted(&value.value));
    Suggestion {
        icon: "list-filter",
        text: match value.field {
            Field::Country => format!("country {}", countries::name(&value.value)),
            _ => format!("{} {}", value.field.name(), value.value),
        },
        note: plural(value.sessions, "session"),
        href: String::new(),
        insert,
    }
}

/// Countries whose name begins like what is typed; the filter takes their code.
fn country_suggestions(typed: &str) -> impl Iterator<Item = Suggestion> {
    countries::beginning_with(typed).take(GROUP * 2).map(|(code, name)| Suggestion {
        icon: "list-filter",
        text: format!("country {name}"),
        note: code.to_owned(),
        insert: format!("country:{code}"),
        ..Suggestion::default()
    })
}

/// Fields whose name begins like what is typed.
fn fields(typed: &str) -> impl Iterator<Item = Suggestion> {
    let typed = typed.to_lowercase();
    let known = FIELDS.iter().filter(move |info| info.name.starts_with(&typed));
    known.take(GROUP).map(|info| Suggestion {
        icon: "tag",
        text: format!("{}:", info.name),
        note: info.help.to_owned(),
        href: String::new(),
        insert: match info.kind {
            FieldKind::Number | FieldKind::Duration => format!("{}>", info.name),
            _ => format!("{}:", info.name),
        },
    })
}

/// Values of fields that are known without looking.
fn values_of(field: &Field, name: &str, typed: &str, applications: &[String]) -> Vec<Suggestion> {
    let values: Vec<&str> = match field.kind() {
        FieldKind::Choice(words) => words.to_vec(),
        FieldKind::YesNo => vec!["yes", "no"],
        _ if *field == Field::App => applications.iter().map(String::as_str).collect(),
        _ => Vec::new(),
    };
    let typed = typed.to_lowercase();
    values
        .into_iter()
        .filter(|value| value.to_lowercase().starts_with(&typed))
        .take(GROUP * 2)
        .map(|value| Suggestion {
            icon: "list-filter",
            text: format!("{name} {value}"),
            insert: format!("{name}:{}", quoted(value)),
            ..Suggestion::default()
        })
        .collect()
}

/// A value as it is written in a filter.
fn quoted(value: &str) -> String {
    let is_plain = value.chars().all(|c| c.is_alphanumeric() || "._-@/".contains(c));
    if is_plain && !value.is_empty() {
        value.to_owned()
    } else {
        format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
    }
}
