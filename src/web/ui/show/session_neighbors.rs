//! The sessions before and after one in the list from which it was opened.

use actix_web::web::Data;

use super::sessions::ListQuery;
use super::sessions_parts::View;
use super::shell::{address, encode};
use crate::base::id::SessionId;
use crate::base::time::{DAY_MILLIS, HOUR_MILLIS, MINUTE_MILLIS, Timestamp};
use crate::search::{Breadth, Cursor, SearchRequest};
use crate::web::api::sessions::find;
use crate::web::error::WebError;
use crate::web::state::WebState;

/// Sessions read to find the next newer one: the index answers the newest first.
const READ: usize = 500;
/// How far to look for the next newer one, step by step.
const STEPS: [i64; 6] = [
    MINUTE_MILLIS,
    15 * MINUTE_MILLIS,
    2 * HOUR_MILLIS,
    DAY_MILLIS,
    7 * DAY_MILLIS,
    400 * DAY_MILLIS,
];

/// The neighbors of a session in a list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Neighbors {
    /// The next newer one.
    pub newer: Option<SessionId>,
    /// The next older one.
    pub older: Option<SessionId>,
}

/// Finds the neighbors of a session; none on whose side the list ends.
pub async fn neighbors(
    state: &Data<WebState>,
    view: &View,
    id: SessionId,
) -> Result<Neighbors, WebError> {
    let mut request = SearchRequest::new(view.filter.clone(), view.start, view.end);
    request.limit = 1;
    request.after = Some(Cursor { after: id, breadth: Breadth::Near });
    let older = find(state, request).await?.0.rows.first().copied();
    Ok(Neighbors { newer: newer(state, view, id).await?, older })
}

async fn newer(
    state: &Data<WebState>,
    view: &View,
    id: SessionId,
) -> Result<Option<SessionId>, WebError> {
    let start = id.start();
    for step in STEPS {
        let to = Timestamp(start.0.saturating_add(step)).min(view.end);
        let mut request = SearchRequest::new(view.filter.clone(), start.max(view.start), to);
        request.limit = READ;
        let (answer, _) = find(state, request).await?;
        let later = answer.rows.iter().rev().find(|row| **row > id).copied();
        if answer.next.is_some() {
            // More than can be read began in this time: the very next one is not among them.
            return Ok(None);
        }
        if later.is_some() || to >= view.end {
            return Ok(later);
        }
    }
    Ok(None)
}

/// What an address says of the list from which a session was opened, to be carried on; empty when it says nothing.
#[must_use]
pub fn list_of(query: &ListQuery) -> String {
    let Some(filter) = &query.q else {
        return String::new();
    };
    let text = |own: &Option<String>| own.clone().unwrap_or_default();
    let rest = address("", &[("from", &text(&query.from)), ("to", &text(&query.to))]);
    format!("q={}{}", encode(filter), rest.replacen('?', "&", 1))
}
