//! `/segments`: saved segments, and the row of them above the list of sessions.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};

use super::fields::{Sent, get, is_set};
use super::sessions::{ListQuery, count, view};
use super::sessions_parts::{DEFAULT_FILTER, View};
use super::shell::{self, address};
use crate::logic::query_parser::{parse, print};
use crate::web::api::segments::{self, NewSegment, may_change, seen};
use crate::web::api::sessions::refuse_masked_fields;
use crate::web::auth::Identity;
use crate::web::error::WebError;
use crate::web::format;
use crate::web::gate::see_other;
use crate::web::permission::Permission;
use crate::web::state::WebState;
use crate::web::ui::frame::{Link, Notice, Section};
use crate::web::ui::segments::{SegmentRow, SegmentsPage};
use crate::web::ui::sessions::SegmentBar;

/// Segments whose sessions are counted: each count is a search.
const COUNTED: usize = 50;
/// Chips above the list; the others are on their own page.
const CHIPS: usize = 8;

fn list_of(filter: &str) -> String {
    if filter == DEFAULT_FILTER {
        "/sessions".to_owned()
    } else {
        format!("/sessions?q={}", shell::encode(filter))
    }
}

/// The segments above a list, and whether its filter can be saved.
pub async fn bar(
    state: &Data<WebState>,
    identity: &Identity,
    view: &View,
) -> Result<SegmentBar, WebError> {
    let filter = print(&view.filter);
    let segments = seen(state, identity).await?;
    let is_known = filter == DEFAULT_FILTER || segments.iter().any(|own| own.filter == filter);
    let mut items = vec![Link {
        is_current: filter == DEFAULT_FILTER,
        ..Link::new("All", &view.with(&parse(DEFAULT_FILTER)))
    }];
    items.extend(segments.iter().take(CHIPS).map(|segment| Link {
        is_current: segment.filter == filter,
        ..Link::new(&segment.name, &view.with(&parse(&segment.filter)))
    }));
    if segments.len() > CHIPS {
        let more = format!("{} more", segments.len() - CHIPS);
        items.push(Link::new(&more, "/segments"));
    }
    Ok(SegmentBar {
        items,
        may_save: !is_known && view.filter.is_valid() && identity.can(Permission::WriteSegments),
        back: view.with(&view.filter),
        filter,
    })
}

/// `GET /segments`
pub async fn list(state: Data<WebState>, identity: Identity) -> Result<HttpResponse, WebError> {
    draw(&state, &identity, None).await
}

async fn draw(
    state: &Data<WebState>,
    identity: &Identity,
    refused: Option<&WebError>,
) -> Result<HttpResponse, WebError> {
    let zone = shell::zone(identity);
    let people = state.services.catalog.accounts()?;
    let now = state.services.now();
    let mut rows = Vec::new();
    for (place, segment) in seen(state, identity).await?.into_iter().enumerate() {
        let query = ListQuery { q: Some(segment.filter.clone()), ..ListQuery::default() };
        let view = view(&query, now)?;
        let may_count =
            place < COUNTED && refuse_masked_fields(&view.filter, identity.sees_unmasked()).is_ok();
        let sessions = if may_count {
            format::number(count(state, &view, view.filter.clone()).await?)
        } else {
            format::NONE.to_owned()
        };
        let owner = people.iter().find(|account| account.id == segment.owner);
        let may_remove = identity.can(Permission::WriteSegments) && may_change(identity, &segment);
        rows.push(SegmentRow {
            href: list_of(&segment.filter),
            sessions,
            owner: owner.map_or_else(String::new, |account| account.name.clone()),
            is_shared: segment.is_shared,
            made: format::full_time(segment.created_at, &zone),
            remove: if may_remove {
                format!("/segments/{}/remove", segment.id)
            } else {
                String::new()
            },
            name: segment.name,
            filter: segment.filter,
        });
    }
    let page = SegmentsPage { rows, may_save: identity.can(Permission::WriteSegments) };
    let mut frame = shell::frame(identity, Section::Sessions, "Segments", now);
    frame.notice = refused.map(|error| Notice {
        kind: "problem",
        title: "The segment was not saved.".to_owned(),
        text: error.detail.clone(),
        link: None,
    });
    let frame = shell::below(frame, "Sessions", "/sessions");
    let status = refused.map_or(StatusCode::OK, |error| error.status);
    shell::page_with(status, "pages/segments.html", &frame, &page)
}

/// `POST /segments`: keeps the filter of a list; what is wrong is said on the page of segments.
pub async fn save(
    state: Data<WebState>,
    identity: Identity,
    sent: Sent,
) -> Result<HttpResponse, WebError> {
    let new = NewSegment {
        name: get(&sent, "name").to_owned(),
        filter: get(&sent, "filter").to_owned(),
        is_shared: is_set(&sent, "is_shared"),
    };
    match segments::add(&state, &identity, new).await {
        Ok(segment) => {
            let kept: Vec<(&str, &str)> =
                vec![("from", get(&sent, "from")), ("to", get(&sent, "to"))];
            let rest = address("", &kept).replacen('?', "&", 1);
            let query = shell::encode(&segment.filter);
            Ok(see_other(&format!("/sessions?q={query}{rest}")))
        }
        Err(error) if error.status.is_client_error() => draw(&state, &identity, Some(&error)).await,
        Err(error) => Err(error),
    }
}

/// `POST /segments/{segment}/remove`
pub async fn discard(
    state: Data<WebState>,
    identity: Identity,
    id: Path<String>,
) -> Result<HttpResponse, WebError> {
    segments::discard(&state, &identity, &id, None).await?;
    Ok(see_other("/segments"))
}
