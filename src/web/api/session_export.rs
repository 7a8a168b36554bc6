//! Sessions as a file: all matches, read and sent a page at a time, so that memory does not grow with the file.

use actix_web::HttpResponse;
use actix_web::web::{Bytes, Data};

use super::session_view::SessionView;
use super::sessions::find;
use crate::base::limits;
use crate::model::session::Session;
use crate::search::{Cursor, SearchRequest};
use crate::web::error::WebError;
use crate::web::mask;
use crate::web::state::WebState;
use crate::web::table::{self, Format};

/// Sessions read at once.
const PAGE: usize = 500;

/// What is left to send.
struct Rest {
    state: Data<WebState>,
    search: SearchRequest,
    format: Format,
    columns: &'static [&'static str],
    sees_unmasked: bool,
    /// Sessions that may still follow.
    left: usize,
}

impl Rest {
    /// Reads the next page and says where the one after it begins.
    async fn read(&mut self) -> Result<(Vec<Session>, Option<Cursor>), WebError> {
        let mut search = self.search.clone();
        search.limit = PAGE.min(self.left);
        let (answer, sessions) = find(&self.state, search).await?;
        self.left = self.left.saturating_sub(answer.rows.len());
        let next = answer.next.filter(|_| self.left > 0);
        self.search.after = next;
        Ok((sessions, next))
    }

    fn text(&self, sessions: Vec<Session>) -> Result<Bytes, WebError> {
        let views: Vec<SessionView> = sessions.into_iter().map(SessionView::from).collect();
        let mut value = serde_json::to_value(views).map_err(WebError::internal)?;
        mask::json(&mut value, self.sees_unmasked);
        let rows = value.as_array().map_or(&[][..], Vec::as_slice);
        Ok(Bytes::from(table::rows(rows, self.columns, self.format)))
    }
}

/// Answers with all matches of a search as CSV or NDJSON, the newest first, at most `max` and never more than
/// [`limits::EXPORT_SESSIONS`].
pub async fn answer(
    state: &Data<WebState>,
    search: SearchRequest,
    (format, columns): (Format, &'static [&'static str]),
    sees_unmasked: bool,
    max: Option<usize>,
) -> Result<HttpResponse, WebError> {
    let left = max.unwrap_or(limits::EXPORT_SESSIONS).clamp(1, limits::EXPORT_SESSIONS);
    let state = state.clone();
    let mut rest = Rest { state, search, format, columns, sees_unmasked, left };
    let (sessions, next) = rest.read().await?;
    let text = rest.text(sessions)?;
    let begin = (rest, text, next.is_some());
    Ok(table::streamed(("sessions", columns), format, begin, |mut rest| async move {
        let (sessions, next) = rest.read().await?;
        let text = rest.text(sessions)?;
        Ok((rest, text, next.is_some()))
    }))
}
