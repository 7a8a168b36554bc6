//! Settings of the install: accounts, tokens, audit log.

use serde::Serialize;

use super::frame::Link;
use super::parts::{Form, Pager};

/// A cell of a settings table.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Row {
    /// Texts, in the order of the columns.
    pub cells: Vec<String>,
    /// Where the remove button is sent; empty for none.
    pub remove: String,
    /// What the remove button says.
    pub remove_label: String,
}

/// API tokens: those there are, and a new one.
#[derive(Debug, Clone, Default, Serialize)]
pub struct TokensView {
    /// The token that was just made, shown this one time; empty for none.
    pub secret: String,
    /// Columns.
    pub columns: Vec<&'static str>,
    /// Rows.
    pub rows: Vec<Row>,
    /// What to say when there are none.
    pub empty: &'static str,
    /// A new one.
    pub form: Form,
}

/// Settings of one place.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SettingGroup {
    /// The server, an application, the own account.
    pub title: String,
    /// Its settings.
    pub rows: Vec<SettingRow>,
}

/// A setting in the list of all.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SettingRow {
    /// Name.
    pub name: String,
    /// What it does.
    pub effect: String,
    /// Where it is changed.
    pub href: String,
}

/// All settings, with a filter.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SettingIndexPage {
    /// Sections.
    pub sections: Vec<Link>,
    /// What was typed.
    pub text: String,
    /// Settings that fit.
    pub groups: Vec<SettingGroup>,
    /// What is not in it.
    pub note: String,
}

/// What narrows the audit log down.
#[derive(Debug, Clone, Default, Serialize)]
pub struct AuditFilter {
    /// Words as typed.
    pub text: String,
    /// The whole log as a file.
    pub export: String,
}

/// A page with one table and one form.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SettingsPage {
    /// Sections.
    pub sections: Vec<Link>,
    /// Title.
    pub title: String,
    /// One line on what it is for.
    pub text: String,
    /// A secret that is shown this one time; empty for none.
    pub secret: String,
    /// Columns.
    pub columns: Vec<&'static str>,
    /// Rows.
    pub rows: Vec<Row>,
    /// What to say when there are none.
    pub empty: &'static str,
    /// A form for a new one.
    pub form: Option<Form>,
    /// Title of the form.
    pub form_title: &'static str,
    /// Filter and export of the audit log; none on other pages.
    pub audit: Option<AuditFilter>,
    /// Paging.
    pub pager: Option<Pager>,
}
