//! User actions of an application, by name: which take the most time or patience.

#![expect(unused_qualifications, reason = "the path macro repeats types of parameters")]

use std::cmp::{Ordering, Reverse};

use actix_web::web::{self, Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::applications;
use super::overview::{DEFAULT_FILTER, compare_from};
use super::sessions::{filter, refuse_masked_fields};
use crate::base::id::ApplicationId;
use crate::base::time::{Day, Timestamp};
use crate::columns::{ActionColumn, Answer, Question, Split, Sums, Wants};
use crate::engine::analysis;
use crate::model::action::ActionKind;
use crate::model::query::Filter;
use crate::web::auth::Identity;
use crate::web::error::{FieldError, Problem, WebError};
use crate::web::query::Query;
use crate::web::range;
use crate::web::state::WebState;
use crate::web::table::{self, Format, Page};

/// Rows of a page when nothing is asked.
const ROWS: usize = 50;
/// Rows of a page at most.
const ROWS_MAX: usize = 500;
/// Columns of the files.
const COLUMNS: &[&str] = &[
    "name",
    "type",
    "count",
    "count_before",
    "total",
    "median",
    "p75",
    "p95",
    "with_errors",
    "errors",
    "satisfied",
    "tolerating",
    "frustrated",
    "apdex",
];

/// Range, filter, order.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub struct ActionsQuery {
    /// Start of the range (default `-24h`).
    pub from: Option<String>,
    /// End of the range (default `now`).
    pub to: Option<String>,
    /// Filter (default `user.type:real`). `app`, `action`, `page` and `release` hold for the action, all else for its session.
    pub q: Option<String>,
    /// `page_load`, `xhr` or `custom`; empty for all.
    pub r#type: Option<String>,
    /// Period to compare with: `prev` (default), `week` or `none`.
    pub cmp: Option<String>,
    /// `total` (default), `count`, `median`, `p75`, `p95`, `errors`, `apdex` or `name`; a minus before it turns the order.
    pub sort: Option<String>,
    /// Rows before this page.
    pub after: Option<usize>,
    /// Rows, 1 to 500 (default 50).
    pub n: Option<usize>,
    /// `json`, `csv` or `ndjson`.
    pub format: Option<String>,
}

/// User actions with the same name and type. Times are milliseconds; percentiles are within 0.4 percent.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub struct ActionRow {
    /// Name.
    pub name: String,
    /// `page_load`, `xhr` or `custom`.
    pub r#type: String,
    /// How many there were.
    pub count: u64,
    /// How many there were in the period before; null without comparison.
    pub count_before: Option<u64>,
    /// Sum of their durations.
    pub total: u64,
    /// Median of the durations; null when there are too many names to tell.
    pub median: Option<u32>,
    /// 75th percentile.
    pub p75: Option<u32>,
    /// 95th percentile.
    pub p95: Option<u32>,
    /// Those with errors.
    pub with_errors: u64,
    /// Errors in them.
    pub errors: u64,
    /// Satisfied actions.
    pub satisfied: u64,
    /// Tolerating actions.
    pub tolerating: u64,
    /// Frustrated actions.
    pub frustrated: u64,
    /// Apdex; null when nothing was measured.
    pub apdex: Option<f64>,
}

impl ActionRow {
    /// Satisfied, tolerating and frustrated actions.
    #[must_use]
    pub const fn zones(&self) -> [u64; 3] {
        [self.satisfied, self.tolerating, self.frustrated]
    }
}

/// Rows with what holds for all of them.
#[derive(Debug, Clone, Default)]
pub struct Ranking {
    /// All rows, in order.
    pub rows: Vec<ActionRow>,
    /// Days that are not counted: they are being read, or are damaged.
    pub missing_days: Vec<Day>,
    /// There are more names than are kept.
    pub is_cut: bool,
}

/// What user actions are asked for.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Application.
    pub application: ApplicationId,
    /// Range.
    pub range: (Timestamp, Timestamp),
    /// Start of the period to compare with.
    pub compare_from: Option<Timestamp>,
    /// Filter.
    pub filter: Filter,
    /// Only this type.
    pub kind: Option<ActionKind>,
    /// Order.
    pub sort: Sort,
}

/// By what rows are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sort {
    /// Key.
    pub key: &'static str,
    /// Whether the usual order is turned.
    pub is_turned: bool,
}

impl Sort {
    /// Keys. Numbers begin with the largest, `apdex` with the lowest, `name` with A.
    pub const KEYS: [&'static str; 8] =
        ["total", "count", "median", "p75", "p95", "errors", "apdex", "name"];

    /// Reads an order; none when the key is unknown.
    #[must_use]
    pub fn parse(text: Option<&str>) -> Option<Self> {
        let text = text.unwrap_or("total");
        let (name, is_turned) = text.strip_prefix('-').map_or((text, false), |name| (name, true));
        let key = Self::KEYS.into_iter().find(|key| *key == name)?;
        Some(Self { key, is_turned })
    }

    fn compare(self, a: &ActionRow, b: &ActionRow) -> Ordering {
        // Shares as cross products: whole numbers have no rounding.
        let errors =
            |row: &ActionRow, other: &ActionRow| row.with_errors.saturating_mul(other.count);
        let order = match self.key {
            "count" => b.count.cmp(&a.count),
            "median" => b.median.cmp(&a.median),
            "p75" => b.p75.cmp(&a.p75),
            "p95" => b.p95.cmp(&a.p95),
            "errors" => errors(b, a).cmp(&errors(a, b)),
            "apdex" => match (a.apdex, b.apdex) {
                (Some(a), Some(b)) => a.total_cmp(&b),
                (a, b) => b.is_some().cmp(&a.is_some()),
            },
            "name" => a.name.cmp(&b.name),
            _ => b.total.cmp(&a.total),
        };
        let order = if self.is_turned { order.reverse() } else { order };
        order.then_with(|| (Reverse(a.count), &a.name).cmp(&(Reverse(b.count), &b.name)))
    }
}

/// The type of a word.
#[must_use]
pub fn kind_of(word: &str) -> Option<ActionKind> {
    [ActionKind::PageLoad, ActionKind::Xhr, ActionKind::Custom]
        .into_iter()
        .find(|kind| kind.word() == word)
}

/// Ranks user actions by name and type: shared by API and pages.
pub async fn rank(state: &Data<WebState>, asked: Asked) -> Result<Ranking, WebError> {
    let services = state.services.clone();
    let names = services.catalog.applications();
    let question = Question {
        from: asked.range.0,
        to: asked.range.1,
        compare_from: asked.compare_from,
        filter: asked.filter.clone(),
        names: names.iter().map(|known| (known.id, known.name.clone())).collect(),
        allowed: Some(vec![asked.application]),
        splits: vec![Split::Action(ActionColumn::Name), Split::Action(ActionColumn::Type)],
        wants: Wants { percentiles: true, zones: true, users: false },
        ..Question::default()
    };
    let answer = web::block(move || analysis::ask(&services, &question)).await??;
    Ok(ranking(answer, &asked))
}

fn ranking(answer: Answer, asked: &Asked) -> Ranking {
    let wanted = asked.kind.map(ActionKind::word);
    let mut before = std::collections::BTreeMap::new();
    let mut rows = Vec::new();
    for group in answer.groups {
        let mut values = group.values.into_iter();
        let (name, kind) = (values.next().unwrap_or_default(), values.next().unwrap_or_default());
        if wanted.is_some_and(|wanted| wanted != kind) {
            continue;
        }
        if group.is_before {
            before.insert((name, kind), group.sums.count);
        } else {
            rows.push(row(name, kind, &group.sums));
        }
    }
    if asked.compare_from.is_some() {
        for row in &mut rows {
            let key = (row.name.clone(), row.r#type.clone());
            row.count_before = Some(before.get(&key).copied().unwrap_or(0));
        }
    }
    rows.sort_by(|a, b| asked.sort.compare(a, b));
    Ranking { rows, missing_days: answer.missing_days, is_cut: answer.is_cut }
}

fn row(name: String, kind: String, sums: &Sums) -> ActionRow {
    let [satisfied, tolerating, frustrated, _] = sums.zones;
    ActionRow {
        name,
        r#type: kind,
        count: sums.count,
        count_before: None,
        total: sums.sum,
        median: sums.histogram.percentile(50),
        p75: sums.histogram.percentile(75),
        p95: sums.histogram.percentile(95),
        with_errors: sums.with_errors,
        errors: sums.errors,
        satisfied,
        tolerating,
        frustrated,
        apdex: crate::web::ui::show::delta::score([satisfied, tolerating, frustrated]),
    }
}

fn wrong(pointer: &str, detail: &str) -> WebError {
    let errors = vec![FieldError { pointer: pointer.to_owned(), detail: detail.to_owned() }];
    WebError { errors, ..WebError::bad_request("bad_parameter", detail) }
}

/// User actions of an application by name and type: how many, how long, how often they failed.
#[utoipa::path(get, path = "/api/v1/applications/{application}/actions", tag = "applications",
    params(("application" = String, Path), ActionsQuery),
    responses((status = 200, body = Vec<ActionRow>), (status = 400, body = Problem), (status = 404, body = Problem)))]
pub async fn list(
    state: Data<WebState>,
    identity: Identity,
    id: Path<String>,
    query: Query<ActionsQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, WebError> {
    let application = applications::find(&state, &id)?;
    let format = Format::of(&request, query.format.as_deref())?;
    table::may_take_out(format, &identity)?;
    let now = state.services.now();
    let range = range::range(query.from.as_deref(), query.to.as_deref(), now)?;
    let filter = filter(query.q.as_deref().unwrap_or(DEFAULT_FILTER))?;
    refuse_masked_fields(&filter, identity.sees_unmasked())?;
    let kind = match query.r#type.as_deref().unwrap_or_default() {
        "" => None,
        word => {
            Some(kind_of(word).ok_or_else(|| wrong("type", "`type` is page_load, xhr or custom"))?)
        }
    };
    let sort = Sort::parse(query.sort.as_deref()).ok_or_else(|| {
        wrong("sort", "`sort` is total, count, median, p75, p95, errors, apdex or name, with a minus to turn it")
    })?;
    let asked = Asked {
        application: application.id,
        range,
        compare_from: compare_from(query.cmp.as_deref(), range)?,
        filter,
        kind,
        sort,
    };
    let ranking = rank(&state, asked).await?;
    let (after, count) = (query.after.unwrap_or(0), query.n.unwrap_or(ROWS).clamp(1, ROWS_MAX));
    let total = ranking.rows.len();
    let more = serde_json::json!({
        "total": total,
        "missing_days": ranking.missing_days.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "is_cut": ranking.is_cut,
    });
    let end = after.saturating_add(count);
    let page = Page {
        // Files are whole.
        items: match format {
            Format::Json => ranking.rows.into_iter().skip(after).take(count).collect(),
            Format::Csv | Format::Ndjson => ranking.rows,
        },
        next: (format == Format::Json && end < total).then(|| end.to_string()),
        more: Some(more),
    };
    table::answer(&page, ("user-actions", COLUMNS), format, &identity, &request)
}

impl From<analysis::AnalysisError> for WebError {
    fn from(error: analysis::AnalysisError) -> Self {
        match error {
            analysis::AnalysisError::Search(error) => error.into(),
            analysis::AnalysisError::Store(error) => error.into(),
        }
    }
}
