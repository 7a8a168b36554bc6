//! All sessions of one user, under an opaque key.

use serde::Serialize;

use super::frame::Link;
use super::parts::{Pager, Shown};
use super::sessions::{Column, SessionRow};
use crate::web::templates::Markup;

/// A figure about a user.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Tile {
    /// What.
    pub label: &'static str,
    /// Figure.
    pub value: String,
    /// In addition.
    pub note: String,
}

/// A value and how many sessions had it.
#[derive(Debug, Clone, Default, Serialize)]
pub struct CountRow {
    /// Value in words.
    pub label: String,
    /// The sessions with it; empty when no filter asks for it.
    pub href: String,
    /// Sessions.
    pub sessions: u64,
}

/// Values of one kind.
#[derive(Debug, Clone, Default, Serialize)]
pub struct CountTable {
    /// Title.
    pub title: &'static str,
    /// Anchor of the title.
    pub id: &'static str,
    /// Values, the most frequent first.
    pub rows: Vec<CountRow>,
}

/// An error that the user met.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ErrorRow {
    /// Class, or method and status.
    pub name: String,
    /// Message or address.
    pub text: Shown,
    /// How often.
    pub count: u64,
    /// The newest session with it.
    pub href: String,
}

/// All sessions of one user.
#[derive(Debug, Clone, Default, Serialize)]
pub struct UserPage {
    /// User tag.
    pub user: Shown,
    /// One line of facts.
    pub facts: String,
    /// Buttons.
    pub actions: Vec<Link>,
    /// Figures.
    pub tiles: Vec<Tile>,
    /// Sessions by day and experience.
    pub days: Option<Markup>,
    /// Sessions by hour of the day.
    pub hours: Option<Markup>,
    /// What the user uses, and where.
    pub tables: Vec<CountTable>,
    /// Other tags on the same browsers.
    pub seen_as: Vec<CountRow>,
    /// Errors that the user met.
    pub errors: Vec<ErrorRow>,
    /// Columns of the list.
    pub columns: Vec<Column>,
    /// Sessions, newest first.
    pub rows: Vec<SessionRow>,
    /// Paging.
    pub pager: Pager,
}
