//! API tokens on pages: those of everybody in the settings, one's own in the account.

use actix_web::http::StatusCode;
use actix_web::web::Data;

use super::fields::{self, get, is_set};
use super::shell;
use crate::web::api::tokens::{self, NewToken};
use crate::web::auth::Identity;
use crate::web::error::WebError;
use crate::web::format;
use crate::web::permission::Permission;
use crate::web::state::WebState;
use crate::web::ui::parts::{Field, Form};
use crate::web::ui::settings::{Row, TokensView};

/// Where tokens are made and removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In the settings: those of everybody.
    Settings,
    /// In the account: one's own.
    Account,
}

impl Place {
    const fn path(self) -> &'static str {
        match self {
            Self::Settings => "/settings/tokens",
            Self::Account => "/me/tokens",
        }
    }
}

/// A new token: only permissions that whoever makes it has.
#[must_use]
pub fn form(identity: &Identity, place: Place) -> Form {
    let mut fields = vec![
        Field::new("text", "name", "What it is for", "").required(),
        Field::new("number", "days", "Ends after", "90").unit("days").help("1 to 400."),
    ];
    for permission in Permission::ALL.iter().filter(|permission| identity.can(**permission)) {
        fields.push(Field::check(permission.name(), permission.name(), false));
    }
    Form {
        // The answer shows the secret: where the tokens are, not at the top of a long page.
        action: format!("{}#tokens", place.path()),
        fields,
        submit: "Make the token".to_owned(),
        error: String::new(),
    }
}

/// Tokens of a place, with the form for a new one and the secret of the one that was just made.
pub fn view(
    state: &WebState,
    identity: &Identity,
    place: Place,
    (form, secret): (Form, String),
) -> Result<TokensView, WebError> {
    let (zone, now) = (shell::zone(identity), state.services.now());
    let people = match place {
        Place::Settings => state.services.catalog.accounts()?,
        Place::Account => Vec::new(),
    };
    let all = state.services.catalog.tokens()?.into_iter();
    let shown =
        all.filter(|token| place == Place::Settings || token.account == identity.account.id);
    let rows = shown.map(|token| {
        let ends = format::full_time(token.expires_at, &zone);
        let mut cells = vec![
            token.name.clone(),
            token.scopes.join(", "),
            if now < token.expires_at { ends } else { format!("ended {ends}") },
        ];
        if place == Place::Settings {
            let maker = people.iter().find(|account| account.id == token.account);
            cells.insert(1, maker.map_or_else(String::new, |account| account.name.clone()));
        }
        Row {
            cells,
            remove: format!("{}/{}/remove", place.path(), token.id),
            remove_label: "Remove".to_owned(),
        }
    });
    Ok(TokensView {
        secret,
        columns: match place {
            Place::Settings => vec!["Name", "Made by", "Permissions", "Ends"],
            Place::Account => vec!["Name", "Permissions", "Ends"],
        },
        rows: rows.collect(),
        empty: "No token yet. Programs use one to call the API.",
        form,
    })
}

/// Makes the token that was sent: its secret and an empty form, or the form with what is wrong.
pub async fn make(
    state: &Data<WebState>,
    identity: &Identity,
    place: Place,
    sent: &[(String, String)],
) -> Result<((Form, String), StatusCode), WebError> {
    let scopes = Permission::ALL.iter().map(|permission| permission.name());
    let new = NewToken {
        name: get(sent, "name").to_owned(),
        scopes: scopes.filter(|scope| is_set(sent, scope)).map(str::to_owned).collect(),
        days: get(sent, "days").parse().unwrap_or(0),
    };
    let mut form = form(identity, place);
    match tokens::add(state, identity, new).await {
        Ok((_, secret)) => Ok(((form, secret), StatusCode::OK)),
        Err(error) if error.status.is_client_error() => {
            fields::put_back(&mut form, sent, &error);
            Ok(((form, String::new()), error.status))
        }
        Err(error) => Err(error),
    }
}
