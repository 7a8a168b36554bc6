//! User actions of an application by name.

use serde::Serialize;

use super::applications::SortHead;
use super::frame::Link;
use super::overview::Delta;
use super::parts::Chip;
use super::sessions::FindBox;
use crate::web::templates::Markup;

/// User actions with the same name and type.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ActionLine {
    /// Name.
    pub name: String,
    /// Sessions with it.
    pub href: String,
    /// `load`, `XHR` or `custom`.
    pub kind: &'static str,
    /// How many.
    pub count: u64,
    /// Change of the count.
    pub delta: Delta,
    /// Sum of the durations.
    pub total: String,
    /// Its share of all.
    pub share: String,
    /// The share as a bar.
    pub bar: Markup,
    /// Median of the durations.
    pub median: String,
    /// 75th percentile.
    pub p75: String,
    /// 95th percentile.
    pub p95: String,
    /// Share with errors.
    pub errors: String,
    /// Apdex.
    pub apdex: Option<Chip>,
}

/// The page.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ActionsPage {
    /// Application.
    pub name: String,
    /// How many there are, in words.
    pub facts: String,
    /// Pages of the application.
    pub tabs: Vec<Link>,
    /// Types.
    pub kinds: Vec<Link>,
    /// The filter box.
    pub find: FindBox,
    /// Headings.
    pub heads: Vec<SortHead>,
    /// Rows.
    pub rows: Vec<ActionLine>,
    /// Pages of the list.
    pub pages: Vec<Link>,
    /// Files of the whole list.
    pub exports: Vec<Link>,
    /// What is not in the list.
    pub notes: Vec<String>,
    /// Why there is nothing, and ways on.
    pub nothing: String,
    /// Ways on.
    pub ways: Vec<Link>,
}
