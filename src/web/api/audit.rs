//! The audit log.

#![expect(unused_qualifications, reason = "the path macro repeats types of parameters")]

use actix_web::web::{self, Bytes, Data};
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::base::text;
use crate::base::time::Timestamp;
use crate::store::catalog::{AuditCheck, AuditLine};
use crate::web::auth::Identity;
use crate::web::error::WebError;
use crate::web::mask;
use crate::web::query::Query;
use crate::web::state::WebState;
use crate::web::table::{self, Format, Page};

const COLUMNS: &[&str] = &["number", "at", "actor", "from", "action", "target", "detail"];
/// Lines of one page.
const LINES: usize = 500;

/// Part of the audit log.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub struct AuditQuery {
    /// Words that all stand in a line, at most 8.
    pub q: Option<String>,
    /// Lines of a page, 1 to 500 (default 50; CSV and NDJSON without it have all lines).
    pub limit: Option<usize>,
    /// `next` of the page before.
    pub after: Option<u64>,
    /// `json`, `csv` or `ndjson`; else `Accept` decides.
    pub format: Option<String>,
}

/// One line.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditView {
    /// Number, from 1 without gaps.
    pub number: u64,
    /// When.
    #[schema(value_type = String)]
    pub at: Timestamp,
    /// Who.
    pub actor: String,
    /// Masked address.
    pub from: String,
    /// What was done.
    pub action: String,
    /// To what.
    pub target: String,
    /// More.
    pub detail: String,
}

impl From<AuditLine> for AuditView {
    fn from(line: AuditLine) -> Self {
        let AuditLine { number, entry } = line;
        Self {
            number,
            at: entry.at,
            actor: entry.actor,
            from: entry.from,
            action: entry.action,
            target: entry.target,
            detail: entry.detail,
        }
    }
}

/// Whether the audit log is as it was written.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditState {
    /// Yes or no.
    pub is_intact: bool,
    /// Lines that were checked.
    pub lines: u64,
    /// The first line that does not fit.
    pub broken_at: Option<u64>,
}

/// Lines, newest first.
#[utoipa::path(get, path = "/api/v1/audit", tag = "access", params(AuditQuery),
    responses((status = 200, body = Vec<AuditView>)))]
pub async fn list(
    state: Data<WebState>,
    identity: Identity,
    query: Query<AuditQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, WebError> {
    let format = Format::of(&request, query.format.as_deref())?;
    let (services, after) = (state.services.clone(), query.after);
    let words = words(query.q.as_deref());
    if format != Format::Json && query.limit.is_none() {
        table::may_take_out(format, &identity)?;
        let sees_unmasked = identity.sees_unmasked();
        let whole = Whole { state, words, after, format, sees_unmasked };
        let begin = whole.read().await?;
        return Ok(table::streamed(("audit", COLUMNS), format, begin, Whole::read));
    }
    let limit = query.limit.unwrap_or(50).clamp(1, LINES);
    let (lines, rest) =
        web::block(move || services.catalog.find_audit(after, &words, limit)).await??;
    let next = rest.map(|number| number.to_string());
    let items: Vec<AuditView> = lines.into_iter().map(AuditView::from).collect();
    let page = Page { items, next, more: None };
    table::answer(&page, ("audit", COLUMNS), format, &identity, &request)
}

/// The words of a search.
#[must_use]
pub fn words(text: Option<&str>) -> Vec<String> {
    let text = text::cut(text.unwrap_or_default(), 100);
    text.split_whitespace().take(8).map(str::to_lowercase).collect()
}

/// The log as a file, while it is read.
struct Whole {
    state: Data<WebState>,
    words: Vec<String>,
    after: Option<u64>,
    format: Format,
    sees_unmasked: bool,
}

impl Whole {
    async fn read(mut self) -> Result<(Self, Bytes, bool), WebError> {
        let (services, after) = (self.state.services.clone(), self.after);
        let words = self.words.clone();
        let (lines, rest) =
            web::block(move || services.catalog.find_audit(after, &words, LINES)).await??;
        let views: Vec<AuditView> = lines.into_iter().map(AuditView::from).collect();
        let mut value = serde_json::to_value(views).map_err(WebError::internal)?;
        mask::json(&mut value, self.sees_unmasked);
        let rows = value.as_array().map_or(&[][..], Vec::as_slice);
        let text = Bytes::from(table::rows(rows, COLUMNS, self.format));
        self.after = rest;
        Ok((self, text, rest.is_some()))
    }
}

/// Checks the chain of hashes.
#[utoipa::path(get, path = "/api/v1/audit/check", tag = "access", responses((status = 200, body = AuditState)))]
pub async fn check(state: Data<WebState>) -> Result<HttpResponse, WebError> {
    let services = state.services.clone();
    let found = web::block(move || services.catalog.verify_audit()).await??;
    let view = match found {
        AuditCheck::Intact { lines } => AuditState { is_intact: true, lines, broken_at: None },
        AuditCheck::Broken { number } => {
            AuditState { is_intact: false, lines: number, broken_at: Some(number) }
        }
    };
    Ok(HttpResponse::Ok().json(view))
}
