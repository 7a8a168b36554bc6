//! All sessions of one user, under an opaque key.

use serde::Serialize;

use super::parts::{Pager, Shown};
use super::sessions::SessionRow;

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

/// All sessions of one user.
#[derive(Debug, Clone, Default, Serialize)]
pub struct UserPage {
    /// User tag.
    pub user: Shown,
    /// One line of facts.
    pub facts: String,
    /// Figures.
    pub tiles: Vec<Tile>,
    /// Sessions, newest first.
    pub rows: Vec<SessionRow>,
    /// Paging.
    pub pager: Pager,
}
