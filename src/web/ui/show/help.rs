//! `/help`: the manual, and the search in it.

use std::future::ready;

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use serde::Deserialize;

use super::shell::{self, plural};
use crate::base::text;
use crate::web::auth::Identity;
use crate::web::error::WebError;
use crate::web::manual::{self, Topic};
use crate::web::query::Query;
use crate::web::state::WebState;
use crate::web::ui::frame::{Link, Section};
use crate::web::ui::help::{HelpPage, TopicPage, TopicRow};

/// Characters of a search in the manual.
const TEXT_CHARS: usize = 100;

/// What is looked for.
#[derive(Debug, Default, Deserialize)]
pub struct HelpQuery {
    /// Words.
    pub q: Option<String>,
}

fn address(topic: &Topic) -> String {
    format!("/help/{}", topic.name)
}

fn list(words: &str) -> HelpPage {
    let words = text::cut(words.trim(), TEXT_CHARS);
    if words.is_empty() {
        let row = |topic: &Topic| TopicRow {
            id: topic.name.clone(),
            title: topic.title.clone(),
            text: topic.summary.clone(),
            href: address(topic),
        };
        return HelpPage {
            rows: manual::topics().iter().map(row).collect(),
            ..HelpPage::default()
        };
    }
    let rows: Vec<TopicRow> = manual::find(words)
        .into_iter()
        .map(|hit| TopicRow {
            id: String::new(),
            title: hit.title,
            text: hit.excerpt,
            href: hit.href,
        })
        .collect();
    HelpPage { text: words.to_owned(), found: plural(rows.len() as u64, "place"), rows }
}

/// `GET /help`
pub async fn page(
    state: Data<WebState>,
    identity: Identity,
    query: Query<HelpQuery>,
) -> Result<HttpResponse, WebError> {
    let frame = shell::frame(&identity, Section::None, "Help", state.services.now());
    let page = list(query.q.as_deref().unwrap_or_default());
    ready(shell::page("pages/help.html", &frame, &page)).await
}

/// `GET /help/{topic}`
pub async fn topic(
    state: Data<WebState>,
    identity: Identity,
    name: Path<String>,
) -> Result<HttpResponse, WebError> {
    let topics = manual::topics();
    let at = topics.iter().position(|topic| topic.name == *name);
    let (at, topic) = at
        .and_then(|at| topics.get(at).map(|topic| (at, topic)))
        .ok_or_else(|| WebError::not_found("help topic"))?;
    let link = |own: &Topic| Link {
        is_current: own.name == topic.name,
        ..Link::new(&own.title, &address(own))
    };
    let page = TopicPage {
        title: topic.title.clone(),
        topics: topics.iter().map(link).collect(),
        parts: topic
            .parts
            .iter()
            .filter(|part| !part.id.is_empty())
            .map(|part| Link::new(&part.title, &format!("#{}", part.id)))
            .collect(),
        body: topic.html.clone(),
        next: topics.get(at + 1).map(link),
    };
    let frame = shell::frame(&identity, Section::None, &topic.title, state.services.now());
    let frame = shell::below(frame, "Help", "/help");
    ready(shell::page("pages/help_topic.html", &frame, &page)).await
}
