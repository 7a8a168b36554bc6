//! `/users/{key}`: all sessions of one user.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path, Query};

use super::sessions::{ListQuery, rows};
use super::shell::{self, plural};
use crate::base::time::{DAY_MILLIS, Timestamp};
use crate::model::query::{Field, Filter, Term, Test, Value};
use crate::search::SearchRequest;
use crate::web::auth::Identity;
use crate::web::error::WebError;
use crate::web::format;
use crate::web::state::WebState;
use crate::web::ui::frame::Section;
use crate::web::ui::parts::{Pager, Shown};
use crate::web::ui::user::{Tile, UserPage};

/// `GET /users/{key}`
pub async fn page(
    state: Data<WebState>,
    identity: Identity,
    key: Path<String>,
    query: Query<ListQuery>,
) -> Result<HttpResponse, WebError> {
    let tag = state.user_keys.tag(&key).ok_or_else(|| WebError::not_found("user"))?;
    let now = state.services.now();
    let days = state.services.config.data.retention_days;
    let from = Timestamp(now.0.saturating_sub(i64::from(days) * DAY_MILLIS));
    let filter = Filter {
        terms: vec![Term::new(Test::Values {
            field: Field::User,
            values: vec![Value::Is(tag.clone())],
        })],
    };
    let mut request = SearchRequest::new(filter, from, now);
    request.want_total = true;
    request.want_facets = true;
    request.after = query.after.as_deref().and_then(|text| text.parse().ok());
    let zone = shell::zone(&identity);
    let (answer, rows) = rows(&state, request, &zone).await?;
    let counts = answer.counts.unwrap_or_default();
    let tile = |label, value: String| Tile { label, value, note: String::new() };
    let (mut good, mut fair, mut bad) = (0, 0, 0);
    for bucket in &counts.histogram {
        good += bucket.satisfied;
        fair += bucket.tolerated;
        bad += bucket.frustrated;
    }
    let newest = rows.first().map_or_else(|| format::NONE.to_owned(), |row| row.started.clone());
    let page = UserPage {
        user: Shown::open(&tag),
        facts: format!("{} in the last {days} days", plural(counts.total, "session")),
        tiles: vec![
            tile("Sessions", format::number(counts.total)),
            tile("Live now", format::number(counts.live)),
            tile("Satisfied", format::percent(good, good + fair + bad)),
            tile("Frustrated", format::percent(bad, good + fair + bad)),
            tile("Last session", newest),
        ],
        pager: Pager {
            shown: format!("{} of {}", rows.len(), plural(counts.total, "session")),
            newer: if query.after.is_some() { "?".to_owned() } else { String::new() },
            older: answer.next.map_or_else(String::new, |cursor| format!("?after={cursor}")),
            excluded: Vec::new(),
        },
        rows,
    };
    let frame = shell::frame(&identity, Section::Sessions, &tag, now);
    let frame = shell::below(frame, "Sessions", "/sessions");
    shell::page("pages/user.html", &frame, &page)
}
