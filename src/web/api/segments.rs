//! Saved segments: filters of sessions under a name.

use actix_web::web::{self, Data, Json, Path};
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::applications::ListQuery;
use super::sessions;
use crate::base::id::{AccountId, SegmentId};
use crate::base::time::Timestamp;
use crate::logic::query_parser::print;
use crate::model::account::Role;
use crate::model::segment::Segment;
use crate::web::auth::Identity;
use crate::web::error::{FieldError, Problem, WebError};
use crate::web::etag;
use crate::web::query::Query;
use crate::web::state::WebState;
use crate::web::table::{self, Format, Page};

const COLUMNS: &[&str] = &["id", "name", "filter", "owner", "is_shared", "created_at"];
/// Characters of a name: what a chip can show.
const NAME_CHARS: usize = 64;

/// A saved segment.
#[derive(Debug, Serialize, ToSchema)]
pub struct SegmentView {
    /// Id.
    #[schema(value_type = String)]
    pub id: SegmentId,
    /// Name.
    pub name: String,
    /// Filter, as `user:anna* errors>0`: the `q` of the list of sessions.
    pub filter: String,
    /// Account that keeps it.
    #[schema(value_type = String)]
    pub owner: AccountId,
    /// Whether everybody sees it.
    pub is_shared: bool,
    /// When it was made.
    #[schema(value_type = String)]
    pub created_at: Timestamp,
    /// The `ETag`.
    pub revision: u32,
}

impl From<Segment> for SegmentView {
    fn from(segment: Segment) -> Self {
        Self {
            id: segment.id,
            name: segment.name,
            filter: segment.filter,
            owner: segment.owner,
            is_shared: segment.is_shared,
            created_at: segment.created_at,
            revision: segment.revision,
        }
    }
}

/// A new segment.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSegment {
    /// Name, 1 to 64 characters.
    pub name: String,
    /// Filter; it must make sense.
    pub filter: String,
    /// Whether everybody sees it (default true).
    #[serde(default = "shared")]
    pub is_shared: bool,
}

const fn shared() -> bool {
    true
}

/// What changes of a segment; what is left out stays.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SegmentChange {
    /// Name.
    pub name: Option<String>,
    /// Filter.
    pub filter: Option<String>,
    /// Whether everybody sees it.
    pub is_shared: Option<bool>,
}

/// Checks name and filter; the filter comes back as it is printed.
fn checked(name: &str, filter: &str) -> Result<(String, String), WebError> {
    let name = name.trim();
    let chars = name.chars().count();
    if chars == 0 || chars > NAME_CHARS || name.chars().any(char::is_control) {
        let detail = format!("a name has 1 to {NAME_CHARS} characters, without control characters");
        return Err(WebError::invalid(vec![FieldError { pointer: "/name".to_owned(), detail }]));
    }
    let filter = sessions::filter(filter).map_err(|error| {
        let detail = error.detail;
        WebError::invalid(vec![FieldError { pointer: "/filter".to_owned(), detail }])
    })?;
    Ok((name.to_owned(), print(&filter)))
}

/// The segments that an account sees, by name: shared by API and pages.
pub async fn seen(state: &Data<WebState>, identity: &Identity) -> Result<Vec<Segment>, WebError> {
    let services = state.services.clone();
    let mut segments = web::block(move || services.catalog.segments()).await??;
    segments.retain(|segment| segment.is_seen_by(identity.account.id));
    segments.sort_by_cached_key(|segment| segment.name.to_lowercase());
    Ok(segments)
}

/// A segment that the asker sees.
async fn find(state: &Data<WebState>, identity: &Identity, id: &str) -> Result<Segment, WebError> {
    let id: SegmentId = id.parse().map_err(|_| WebError::not_found("segment"))?;
    let services = state.services.clone();
    let found = web::block(move || services.catalog.segment(id)).await??;
    found
        .filter(|segment| segment.is_seen_by(identity.account.id))
        .ok_or_else(|| WebError::not_found("segment"))
}

/// Whether the asker may change a segment: its owner, and administrators.
#[must_use]
pub fn may_change(identity: &Identity, segment: &Segment) -> bool {
    segment.owner == identity.account.id || identity.role() == Role::Admin
}

/// A segment that the asker may change.
async fn own(state: &Data<WebState>, identity: &Identity, id: &str) -> Result<Segment, WebError> {
    let segment = find(state, identity, id).await?;
    if may_change(identity, &segment) {
        Ok(segment)
    } else {
        Err(WebError::forbidden("only its owner and administrators change a segment"))
    }
}

/// Keeps a filter under a name: shared by API and page.
pub async fn add(
    state: &Data<WebState>,
    identity: &Identity,
    new: NewSegment,
) -> Result<Segment, WebError> {
    let (name, filter) = checked(&new.name, &new.filter)?;
    let services = state.services.clone();
    let author = identity.author(services.now());
    let segment = Segment {
        id: SegmentId(0),
        name,
        filter,
        owner: identity.account.id,
        is_shared: new.is_shared,
        created_at: author.at,
        revision: 0,
    };
    Ok(web::block(move || services.catalog.add_segment(segment, &author)).await??)
}

/// Removes a segment: shared by API and page. Without `expected`, whatever revision there is.
pub async fn discard(
    state: &Data<WebState>,
    identity: &Identity,
    id: &str,
    expected: Option<u32>,
) -> Result<(), WebError> {
    let segment = own(state, identity, id).await?;
    let services = state.services.clone();
    let author = identity.author(services.now());
    let expected = expected.unwrap_or(segment.revision);
    Ok(web::block(move || services.catalog.remove_segment(segment.id, expected, &author)).await??)
}

fn tagged(segment: Segment, mut answer: actix_web::HttpResponseBuilder) -> HttpResponse {
    answer.insert_header(etag::etag(segment.revision)).json(SegmentView::from(segment))
}

/// The segments that the asker sees: shared ones, and the own.
#[utoipa::path(get, path = "/api/v1/segments", tag = "segments", params(ListQuery),
    responses((status = 200, body = Vec<SegmentView>)))]
pub async fn list(
    state: Data<WebState>,
    identity: Identity,
    query: Query<ListQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, WebError> {
    let format = Format::of(&request, query.format.as_deref())?;
    let segments = seen(&state, &identity).await?;
    let page = Page::whole(segments.into_iter().map(SegmentView::from).collect());
    table::answer(&page, ("segments", COLUMNS), format, &identity, &request)
}

/// Keeps a filter under a name.
#[utoipa::path(post, path = "/api/v1/segments", tag = "segments", request_body = NewSegment,
    responses((status = 201, body = SegmentView), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn create(
    state: Data<WebState>,
    identity: Identity,
    body: Json<NewSegment>,
) -> Result<HttpResponse, WebError> {
    let segment = add(&state, &identity, body.into_inner()).await?;
    Ok(tagged(segment, HttpResponse::Created()))
}

/// One segment.
#[utoipa::path(get, path = "/api/v1/segments/{segment}", tag = "segments", params(("segment" = String, Path)),
    responses((status = 200, body = SegmentView), (status = 404, body = Problem)))]
pub async fn get(
    state: Data<WebState>,
    identity: Identity,
    id: Path<String>,
) -> Result<HttpResponse, WebError> {
    Ok(tagged(find(&state, &identity, &id).await?, HttpResponse::Ok()))
}

/// Changes a segment, with `If-Match`: its owner and administrators.
#[utoipa::path(patch, path = "/api/v1/segments/{segment}", tag = "segments",
    params(("segment" = String, Path), ("If-Match" = String, Header)), request_body = SegmentChange,
    responses((status = 200, body = SegmentView), (status = 403, body = Problem), (status = 412, body = Problem)))]
pub async fn change(
    state: Data<WebState>,
    identity: Identity,
    id: Path<String>,
    body: Json<SegmentChange>,
    request: HttpRequest,
) -> Result<HttpResponse, WebError> {
    let mut segment = own(&state, &identity, &id).await?;
    let expected = etag::expected(&request)?;
    let change = body.into_inner();
    let (name, filter) = checked(
        change.name.as_deref().unwrap_or(&segment.name),
        change.filter.as_deref().unwrap_or(&segment.filter),
    )?;
    (segment.name, segment.filter) = (name, filter);
    segment.is_shared = change.is_shared.unwrap_or(segment.is_shared);
    let services = state.services.clone();
    let author = identity.author(services.now());
    let stored =
        web::block(move || services.catalog.put_segment(segment, expected, &author)).await??;
    Ok(tagged(stored, HttpResponse::Ok()))
}

/// Removes a segment, with `If-Match`: its owner and administrators.
#[utoipa::path(delete, path = "/api/v1/segments/{segment}", tag = "segments",
    params(("segment" = String, Path), ("If-Match" = String, Header)),
    responses((status = 204), (status = 403, body = Problem), (status = 412, body = Problem)))]
pub async fn remove(
    state: Data<WebState>,
    identity: Identity,
    id: Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, WebError> {
    own(&state, &identity, &id).await?;
    let expected = etag::expected(&request)?;
    discard(&state, &identity, &id, Some(expected)).await?;
    Ok(HttpResponse::NoContent().finish())
}
