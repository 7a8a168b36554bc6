//! The manual: its list of topics with a search, and one page for each topic.

use serde::Serialize;

use super::frame::Link;
use crate::web::templates::Markup;

/// A line of the list: a topic, or a place that was found.
#[derive(Debug, Clone, Default, Serialize)]
pub struct TopicRow {
    /// Id in the page; empty for none.
    pub id: String,
    /// Title.
    pub title: String,
    /// What it is about.
    pub text: String,
    /// Where it leads.
    pub href: String,
}

/// List and search.
#[derive(Debug, Clone, Default, Serialize)]
pub struct HelpPage {
    /// What was looked for; empty for all topics.
    pub text: String,
    /// Lines.
    pub rows: Vec<TopicRow>,
    /// As `3 places`; empty without a search.
    pub found: String,
}

/// One topic.
#[derive(Debug, Clone, Default, Serialize)]
pub struct TopicPage {
    /// Title.
    pub title: String,
    /// All topics.
    pub topics: Vec<Link>,
    /// Headings of this one.
    pub parts: Vec<Link>,
    /// The text.
    pub body: Markup,
    /// The next topic.
    pub next: Option<Link>,
}
