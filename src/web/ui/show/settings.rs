//! `/settings`: accounts, tokens, audit log.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Path};
use serde::Deserialize;

use super::fields::{self, Sent, get, is_set, raw};
use super::setting_index;
use super::shell;
use super::token_forms::{self, Place};
use super::words;
use crate::base::id::TokenId;
use crate::base::text;
use crate::engine::access::NewAccount;
use crate::model::account::Role;
use crate::web::api::audit::words;
use crate::web::api::{accounts, tokens};
use crate::web::auth::Identity;
use crate::web::error::WebError;
use crate::web::format;
use crate::web::gate::see_other;
use crate::web::permission::Permission;
use crate::web::query::Query;
use crate::web::state::WebState;
use crate::web::ui::frame::{Link, Section};
use crate::web::ui::parts::{Field, Form, Pager};
use crate::web::ui::settings::{
    AuditFilter, Row, SettingGroup, SettingIndexPage, SettingRow, SettingsPage,
};

/// Lines of one page of the audit log.
const LINES: usize = 50;
const ROLES: &[(&str, &str)] = &[
    ("viewer", "Viewer: sees sessions"),
    ("analyst", "Analyst: also takes lists out"),
    ("editor", "Editor: also changes applications"),
    ("admin", "Administrator: also users, tokens, audit log"),
];

/// Where a page of the audit log begins.
#[derive(Debug, Default, Deserialize)]
pub struct AuditQuery {
    /// Lines below this number.
    pub after: Option<u64>,
    /// Words that a line has.
    pub q: Option<String>,
}

/// What is looked for.
#[derive(Debug, Default, Deserialize)]
pub struct SettingsQuery {
    /// Words that a setting has.
    pub q: Option<String>,
}

/// `GET /settings`: all settings that the role may see, with a filter.
pub async fn open(
    state: Data<WebState>,
    identity: Identity,
    query: Query<SettingsQuery>,
) -> Result<HttpResponse, WebError> {
    let text = text::cut(query.q.as_deref().unwrap_or_default().trim(), 100).to_owned();
    let found = setting_index::find(&state, &identity, &text);
    let mut groups: Vec<SettingGroup> = Vec::new();
    for setting in found {
        let row = SettingRow { name: setting.name, effect: setting.effect, href: setting.href };
        match groups.last_mut() {
            Some(group) if group.title == setting.place => group.rows.push(row),
            _ => groups.push(SettingGroup { title: setting.place, rows: vec![row] }),
        }
    }
    let page = SettingIndexPage {
        sections: sections(&identity, "All settings"),
        text,
        groups,
        note: setting_index::note(&identity),
    };
    let frame = shell::frame(&identity, Section::Settings, "Settings", state.services.now());
    std::future::ready(shell::page("pages/setting_index.html", &frame, &page)).await
}

fn sections(identity: &Identity, current: &str) -> Vec<Link> {
    [
        ("All settings", "/settings", None),
        ("Users", "/settings/users", Some(Permission::ReadAccounts)),
        ("API tokens", "/settings/tokens", Some(Permission::ReadTokens)),
        ("Audit log", "/settings/audit", Some(Permission::ReadAudit)),
        ("My account", "/me", None),
    ]
    .into_iter()
    .filter(|(.., needed)| needed.is_none_or(|permission| identity.can(permission)))
    .map(|(label, href, _)| Link { is_current: label == current, ..Link::new(label, href) })
    .collect()
}

fn draw(
    state: &WebState,
    identity: &Identity,
    page: &SettingsPage,
    status: StatusCode,
) -> Result<HttpResponse, WebError> {
    let frame = shell::frame(identity, Section::Settings, &page.title, state.services.now());
    shell::page_with(status, "pages/settings.html", &frame, page)
}

fn yes_no(is_yes: bool) -> String {
    if is_yes { "yes" } else { "no" }.to_owned()
}

fn user_form() -> Form {
    Form {
        action: "/settings/users".to_owned(),
        fields: vec![
            Field::new("text", "name", "Name", "").required(),
            Field::new("password", "password", "Password", "")
                .autocomplete("new-password")
                .help("At least 15 characters. They can change it under My account.")
                .required(),
            Field::choice("role", "Role", "viewer", ROLES),
            Field::check("sees_unmasked", "May see unmasked data", false)
                .help("Addresses, error texts and queries of URLs, as far as they were stored."),
        ],
        submit: "Add".to_owned(),
        error: String::new(),
    }
}

fn users_page(state: &WebState, identity: &Identity, form: Form) -> Result<SettingsPage, WebError> {
    let zone = shell::zone(identity);
    let rows = state.services.catalog.accounts()?.into_iter().map(|account| {
        let is_self = account.id == identity.account.id;
        Row {
            cells: vec![
                account.name.clone(),
                words::role(account.role).to_owned(),
                yes_no(account.sees_unmasked),
                format::full_time(account.created_at, &zone),
            ],
            remove: if is_self {
                String::new()
            } else {
                format!("/settings/users/{}/remove", account.id)
            },
            remove_label: "Remove".to_owned(),
        }
    });
    Ok(SettingsPage {
        sections: sections(identity, "Users"),
        title: "Users".to_owned(),
        text: "Who may sign in, and what they may do.".to_owned(),
        columns: vec!["Name", "Role", "Unmasked data", "Since"],
        rows: rows.collect(),
        empty: "Nobody.",
        form: Some(form),
        form_title: "New user",
        ..SettingsPage::default()
    })
}

/// `GET /settings/users`
pub async fn users(state: Data<WebState>, identity: Identity) -> Result<HttpResponse, WebError> {
    let page = users_page(&state, &identity, user_form())?;
    std::future::ready(draw(&state, &identity, &page, StatusCode::OK)).await
}

/// `POST /settings/users`
pub async fn add_user(
    state: Data<WebState>,
    identity: Identity,
    sent: Sent,
) -> Result<HttpResponse, WebError> {
    let new = NewAccount {
        name: get(&sent, "name").to_owned(),
        password: raw(&sent, "password").to_owned(),
        role: match get(&sent, "role") {
            "admin" => Role::Admin,
            "editor" => Role::Editor,
            "analyst" => Role::Analyst,
            _ => Role::Viewer,
        },
        sees_unmasked: is_set(&sent, "sees_unmasked"),
    };
    match accounts::add(&state, &identity, new).await {
        Ok(_) => Ok(see_other("/settings/users")),
        Err(error) if error.status.is_client_error() => {
            let mut form = user_form();
            fields::put_back(&mut form, &sent, &error);
            draw(&state, &identity, &users_page(&state, &identity, form)?, error.status)
        }
        Err(error) => Err(error),
    }
}

/// `POST /settings/users/{account}/remove`
pub async fn remove_user(
    state: Data<WebState>,
    identity: Identity,
    id: Path<String>,
) -> Result<HttpResponse, WebError> {
    let account = accounts::find(&state, &id)?;
    accounts::discard(&state, &identity, account.id, account.revision).await?;
    Ok(see_other("/settings/users"))
}

fn tokens_page(
    state: &WebState,
    identity: &Identity,
    made: (Form, String),
) -> Result<SettingsPage, WebError> {
    let view = token_forms::view(state, identity, Place::Settings, made)?;
    Ok(SettingsPage {
        sections: sections(identity, "API tokens"),
        title: "API tokens".to_owned(),
        text: "Keys for programs: Authorization: Bearer, at /api/v1.".to_owned(),
        secret: view.secret,
        columns: view.columns,
        rows: view.rows,
        empty: view.empty,
        form: Some(view.form),
        form_title: "New token",
        ..SettingsPage::default()
    })
}

/// `GET /settings/tokens`
pub async fn tokens(state: Data<WebState>, identity: Identity) -> Result<HttpResponse, WebError> {
    let form = token_forms::form(&identity, Place::Settings);
    let page = tokens_page(&state, &identity, (form, String::new()))?;
    std::future::ready(draw(&state, &identity, &page, StatusCode::OK)).await
}

/// `POST /settings/tokens`: the answer shows the token, this one time.
pub async fn add_token(
    state: Data<WebState>,
    identity: Identity,
    sent: Sent,
) -> Result<HttpResponse, WebError> {
    let (made, status) = token_forms::make(&state, &identity, Place::Settings, &sent).await?;
    draw(&state, &identity, &tokens_page(&state, &identity, made)?, status)
}

/// `POST /settings/tokens/{token}/remove`
pub async fn remove_token(
    state: Data<WebState>,
    identity: Identity,
    id: Path<String>,
) -> Result<HttpResponse, WebError> {
    let id: TokenId = id.parse().map_err(|_| WebError::not_found("token"))?;
    tokens::discard(&state, &identity, id).await?;
    Ok(see_other("/settings/tokens"))
}

/// `GET /settings/audit`
pub async fn audit(
    state: Data<WebState>,
    identity: Identity,
    query: Query<AuditQuery>,
) -> Result<HttpResponse, WebError> {
    let services = state.services.clone();
    let after = query.after;
    let text = text::cut(query.q.as_deref().unwrap_or_default().trim(), 100).to_owned();
    let words = words(Some(&text));
    let (lines, rest) =
        web::block(move || services.catalog.find_audit(after, &words, LINES)).await??;
    let zone = shell::zone(&identity);
    let older = rest.map(|number| {
        shell::address("/settings/audit", &[("q", &text), ("after", &number.to_string())])
    });
    let first = shell::address("/settings/audit", &[("q", &text)]);
    let rows = lines.iter().map(|line| Row {
        cells: vec![
            format::full_time(line.entry.at, &zone),
            line.entry.actor.clone(),
            line.entry.action.clone(),
            line.entry.target.clone(),
            line.entry.detail.clone(),
            line.entry.from.clone(),
        ],
        ..Row::default()
    });
    let page = SettingsPage {
        sections: sections(&identity, "Audit log"),
        title: "Audit log".to_owned(),
        text: "Every change: who, what, from where. Lines cannot be changed unnoticed.".to_owned(),
        columns: vec!["When", "Who", "What", "Which", "Detail", "From"],
        rows: rows.collect(),
        empty: if text.is_empty() {
            "Nothing was changed yet."
        } else {
            "No line has all of these words."
        },
        audit: Some(AuditFilter {
            export: shell::address("/api/v1/audit", &[("format", "csv"), ("q", &text)]),
            text,
        }),
        pager: Some(Pager {
            shown: shell::plural(lines.len() as u64, "line"),
            newer: if after.is_some() { first } else { String::new() },
            older: older.unwrap_or_default(),
            excluded: Vec::new(),
        }),
        ..SettingsPage::default()
    };
    draw(&state, &identity, &page, StatusCode::OK)
}
