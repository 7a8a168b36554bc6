//! The numbers of an application: what its overview shows.

#![expect(unused_qualifications, reason = "the path macro repeats types of parameters")]

use std::collections::BTreeMap;

use actix_web::web::{self, Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::applications;
use super::sessions::{filter, refuse_masked_fields};
use crate::base::id::ApplicationId;
use crate::base::time::{Millis, Timestamp};
use crate::model::query::{Field, Filter, Test, Value};
use crate::model::session::SessionKind;
use crate::search::{
    DimensionValue, Figures, Period, Scope, SearchRequest, StatisticsAnswer, StatisticsRequest,
};
use crate::web::auth::Identity;
use crate::web::charts::time_axis::TimeAxis;
use crate::web::error::{Problem, WebError};
use crate::web::query::Query;
use crate::web::range;
use crate::web::state::WebState;
use crate::web::table::{self, Format, Page};

/// What is asked when nothing is asked.
pub(super) const DEFAULT_FILTER: &str = "user.type:real";
/// Columns of the values of a dimension.
const VALUE_COLUMNS: &[&str] =
    &["value", "sessions", "bounces", "sessions_with_errors", "apdex", "loads", "load_p75"];
/// All kinds of sessions.
const KINDS: [SessionKind; 3] = [SessionKind::RealUser, SessionKind::Robot, SessionKind::Synthetic];

/// Range, filter and comparison of an overview.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub struct OverviewQuery {
    /// Start of the range (default `-24h`).
    pub from: Option<String>,
    /// End of the range (default `now`).
    pub to: Option<String>,
    /// Filter over sessions (default `user.type:real`).
    pub q: Option<String>,
    /// Period to compare with: `prev` (default), `week` or `none`.
    pub cmp: Option<String>,
    /// Values of each dimension, 1 to 100 (default 10).
    pub values: Option<usize>,
    /// `csv` or `ndjson`: the values of one dimension as a file.
    pub format: Option<String>,
    /// That dimension: `browser` (default), `os`, `device.type`, `country`, `release`, `entry`, `exit` or `user.type`.
    pub by: Option<String>,
    /// Time zone at whose round hours and days buckets begin (default UTC).
    pub zone: Option<String>,
}

/// Sums over sessions. Sessions are counted whole; actions and errors are those of the application.
#[derive(Debug, Serialize, ToSchema)]
pub struct FiguresView {
    /// Sessions.
    pub sessions: u64,
    /// Sessions of browsers seen for the first time.
    pub new_sessions: u64,
    /// Sessions of at most one action.
    pub bounces: u64,
    /// Live sessions.
    pub live: u64,
    /// Sessions with at least one error in the application: `error.app` finds them.
    pub sessions_with_errors: u64,
    /// Satisfied, tolerated and frustrated sessions; live ones are not rated yet.
    pub experiences: [u64; 3],
    /// Page loads.
    pub loads: u64,
    /// XHR actions.
    pub xhr_actions: u64,
    /// Custom actions.
    pub custom_actions: u64,
    /// Satisfied actions.
    pub satisfied: u64,
    /// Tolerating actions.
    pub tolerating: u64,
    /// Frustrated actions.
    pub frustrated: u64,
    /// Apdex of the actions; null without any.
    pub apdex: Option<f64>,
    /// JavaScript errors.
    pub javascript_errors: u64,
    /// Request errors.
    pub request_errors: u64,
    /// Custom errors.
    pub custom_errors: u64,
    /// Sum of the lengths of the sessions, milliseconds.
    pub duration: u64,
}

impl From<&Figures> for FiguresView {
    fn from(figures: &Figures) -> Self {
        let ([loads, xhr_actions, custom_actions], [satisfied, tolerating, frustrated]) =
            (figures.actions, figures.zones);
        let [javascript_errors, request_errors, custom_errors] = figures.errors;
        Self {
            sessions: figures.sessions,
            new_sessions: figures.new,
            bounces: figures.bounces,
            live: figures.live,
            sessions_with_errors: figures.with_errors,
            experiences: figures.experiences,
            loads,
            xhr_actions,
            custom_actions,
            satisfied,
            tolerating,
            frustrated,
            apdex: crate::web::ui::show::delta::score(figures.zones),
            javascript_errors,
            request_errors,
            custom_errors,
            duration: figures.duration,
        }
    }
}

/// Sums of one stretch of time, by start of the session.
#[derive(Debug, Serialize, ToSchema)]
pub struct BucketView {
    /// Start of the stretch; it ends where the next one begins.
    #[schema(value_type = String)]
    pub at: Timestamp,
    /// Sums.
    #[serde(flatten)]
    pub figures: FiguresView,
}

/// One period.
#[derive(Debug, Serialize, ToSchema)]
pub struct PeriodReport {
    /// Start.
    #[schema(value_type = String)]
    pub from: Timestamp,
    /// End.
    #[schema(value_type = String)]
    pub to: Timestamp,
    /// Different people: user tags, or browsers where there is none.
    pub users: u64,
    /// Sessions by kind, whether the filter leaves them in or not.
    pub kinds: BTreeMap<&'static str, u64>,
    /// 75th percentile of the duration of page loads, milliseconds, within 0.4 percent.
    #[schema(value_type = Option<u32>)]
    pub load_p75: Option<Millis>,
    /// Median length of the sessions, milliseconds, within 0.4 percent.
    #[schema(value_type = Option<u32>)]
    pub median_duration: Option<Millis>,
    /// Sums.
    #[serde(flatten)]
    pub figures: FiguresView,
    /// Sums over time.
    pub buckets: Vec<BucketView>,
}

impl From<&Period> for PeriodReport {
    fn from(period: &Period) -> Self {
        let names = ["real", "robot", "synthetic"];
        Self {
            from: period.from,
            to: period.to,
            users: period.people,
            kinds: names.into_iter().zip(period.kinds).collect(),
            load_p75: period.load_p75,
            median_duration: period.median_duration,
            figures: FiguresView::from(&period.figures),
            buckets: period
                .buckets
                .iter()
                .map(|(at, figures)| BucketView { at: *at, figures: FiguresView::from(figures) })
                .collect(),
        }
    }
}

/// One value of a dimension.
#[derive(Debug, Serialize, ToSchema)]
pub struct ValueView {
    /// Value, as the filter takes it.
    pub value: String,
    /// Sessions with it.
    pub sessions: u64,
    /// Those of at most one action.
    pub bounces: u64,
    /// Those with at least one error.
    pub sessions_with_errors: u64,
    /// Apdex of their actions; null without any.
    pub apdex: Option<f64>,
    /// Their page loads whose duration is known.
    pub loads: u64,
    /// 75th percentile of the duration of those, milliseconds, within 0.4 percent.
    #[schema(value_type = Option<u32>)]
    pub load_p75: Option<Millis>,
}

impl From<&DimensionValue> for ValueView {
    fn from(value: &DimensionValue) -> Self {
        Self {
            value: value.value.clone(),
            sessions: value.part.sessions,
            bounces: value.part.bounces,
            sessions_with_errors: value.part.with_errors,
            apdex: crate::web::ui::show::delta::score(value.part.zones),
            loads: value.loads,
            load_p75: value.load_p75,
        }
    }
}

/// The numbers of an application.
#[derive(Debug, Serialize, ToSchema)]
pub struct Overview {
    /// Application.
    #[schema(value_type = String)]
    pub application: ApplicationId,
    /// The range.
    pub current: PeriodReport,
    /// The period it is compared with.
    pub before: Option<PeriodReport>,
    /// Most frequent values of `browser`, `country` and so on.
    pub dimensions: BTreeMap<String, Vec<ValueView>>,
    /// The time ran out: some days are not counted.
    pub is_partial: bool,
}

/// Takes the user types out of a filter, when it names them plainly: they are counted apart.
pub fn take_kinds(filter: &mut Filter) -> Vec<SessionKind> {
    let of = |value: &Value| match value {
        Value::Is(text) => match text.as_str() {
            "real" => Some(SessionKind::RealUser),
            "robot" => Some(SessionKind::Robot),
            "synthetic" => Some(SessionKind::Synthetic),
            _ => None,
        },
        _ => None,
    };
    let found = filter.terms.iter().position(|term| {
        !term.is_negated
            && matches!(&term.test, Test::Values { field: Field::UserType, values } if values.iter().all(|value| of(value).is_some()))
    });
    let Some(place) = found else { return KINDS.to_vec() };
    let term = filter.terms.remove(place);
    match term.test {
        Test::Values { values, .. } => values.iter().filter_map(of).collect(),
        _ => KINDS.to_vec(),
    }
}

/// Asks for numbers: shared by API and pages.
pub async fn ask(
    state: &Data<WebState>,
    mut request: StatisticsRequest,
) -> Result<StatisticsAnswer, WebError> {
    let services = state.services.clone();
    let applications = services.catalog.applications();
    request.search.names = applications.iter().map(|a| (a.id, a.name.clone())).collect();
    Ok(web::block(move || services.search.statistics(&request)).await??)
}

/// The period to compare with.
pub(super) fn compare_from(
    cmp: Option<&str>,
    (from, to): (Timestamp, Timestamp),
) -> Result<Option<Timestamp>, WebError> {
    match cmp {
        None | Some("prev" | "week" | "none") => {
            Ok(crate::web::ui::show::period::Compare::parse(cmp).start(from, to))
        }
        Some(_) => Err(WebError::bad_request("bad_comparison", "`cmp` is prev, week or none")),
    }
}

/// The dimension of a file.
fn dimension(by: Option<&str>) -> Result<Field, WebError> {
    let by = by.unwrap_or("browser");
    let known = StatisticsRequest::DIMENSIONS.iter().find(|field| field.name() == by);
    known.cloned().ok_or_else(|| {
        let names: Vec<String> = StatisticsRequest::DIMENSIONS.iter().map(Field::name).collect();
        WebError::bad_request("bad_dimension", format!("`by` is one of {}", names.join(", ")))
    })
}

/// The numbers of an application in a range, over time, by value, beside an earlier period.
#[utoipa::path(get, path = "/api/v1/applications/{application}/overview", tag = "applications",
    params(("application" = String, Path), OverviewQuery),
    responses((status = 200, body = Overview), (status = 400, body = Problem), (status = 404, body = Problem)))]
pub async fn get(
    state: Data<WebState>,
    identity: Identity,
    id: Path<String>,
    query: Query<OverviewQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, WebError> {
    let application = applications::find(&state, &id)?;
    let format = Format::of(&request, query.format.as_deref())?;
    table::may_take_out(format, &identity)?;
    let by = dimension(query.by.as_deref())?;
    let now = state.services.now();
    let (from, to) = range::range(query.from.as_deref(), query.to.as_deref(), now)?;
    let mut filter = filter(query.q.as_deref().unwrap_or(DEFAULT_FILTER))?;
    refuse_masked_fields(&filter, identity.sees_unmasked())?;
    let kinds = take_kinds(&mut filter);
    let mut search = SearchRequest::new(filter, from, to);
    let zone = query.zone.as_deref().unwrap_or("UTC");
    search.bucket_starts = TimeAxis { from, to, zone }.bar_starts();
    let dimensions = match format {
        Format::Json => StatisticsRequest::DIMENSIONS.to_vec(),
        Format::Csv | Format::Ndjson => vec![by],
    };
    let asked = StatisticsRequest {
        kinds,
        compare_from: compare_from(query.cmp.as_deref(), (from, to))?,
        timed: dimensions.clone(),
        dimensions,
        values_max: query.values.unwrap_or(10).clamp(1, 100),
        ..StatisticsRequest::new(search, Scope::Application(application.id))
    };
    let answer = ask(&state, asked).await?;
    let numbers = answer.groups.into_iter().next().unwrap_or_default();
    if format != Format::Json {
        let values = numbers.dimensions.iter().flat_map(|dimension| &dimension.values);
        let page = Page::whole(values.map(ValueView::from).collect());
        return table::answer(&page, ("values", VALUE_COLUMNS), format, &identity, &request);
    }
    let dimensions = numbers.dimensions.iter().map(|dimension| {
        (dimension.field.name(), dimension.values.iter().map(ValueView::from).collect())
    });
    Ok(HttpResponse::Ok().json(Overview {
        application: application.id,
        current: PeriodReport::from(&numbers.current),
        before: numbers.before.as_ref().map(PeriodReport::from),
        dimensions: dimensions.collect(),
        is_partial: answer.is_partial,
    }))
}
