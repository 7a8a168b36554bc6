//! What Apdex would be under thresholds that are not saved.

#![expect(unused_qualifications, reason = "the path macro repeats types of parameters")]

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::web::{self, Data, Path};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::applications;
use crate::base::id::ApplicationId;
use crate::base::time::{Millis, Timestamp};
use crate::engine::apdex_sample::{ApdexSample, SampleError};
use crate::logic::apdex_trial::{self, STARTS, Trial, Zones};
use crate::logic::application_check;
use crate::model::action::ActionKind;
use crate::model::application::ApdexThreshold;
use crate::web::error::{FieldError, Problem, WebError};
use crate::web::query::Query;
use crate::web::state::WebState;

/// Thresholds to try, milliseconds; those that are left out are taken from the settings.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub struct ApdexTrialQuery {
    /// Page loads are satisfied up to this.
    pub load_satisfied: Option<u32>,
    /// Page loads are tolerated up to this.
    pub load_tolerating: Option<u32>,
    /// XHR actions are satisfied up to this.
    pub xhr_satisfied: Option<u32>,
    /// XHR actions are tolerated up to this.
    pub xhr_tolerating: Option<u32>,
    /// Custom actions are satisfied up to this.
    pub custom_satisfied: Option<u32>,
    /// Custom actions are tolerated up to this.
    pub custom_tolerating: Option<u32>,
}

/// User actions by zone.
#[derive(Debug, Serialize, ToSchema)]
pub struct ZonesView {
    /// All of them.
    pub actions: u32,
    /// Satisfied.
    pub satisfied: u32,
    /// Tolerating.
    pub tolerating: u32,
    /// Frustrated: too slow or failed.
    pub frustrated: u32,
    /// Frustrated by an error, whatever the duration.
    pub failed: u32,
    /// Apdex; null without actions.
    pub apdex: Option<f64>,
}

impl From<Zones> for ZonesView {
    fn from(zones: Zones) -> Self {
        Self {
            actions: zones.all(),
            satisfied: zones.satisfied,
            tolerating: zones.tolerating,
            frustrated: zones.frustrated(),
            failed: zones.failed,
            apdex: zones.score(),
        }
    }
}

/// User actions of about the same duration.
#[derive(Debug, Serialize, ToSchema)]
pub struct DurationBin {
    /// They took at least this, milliseconds; the first bin has what is shorter as well.
    pub from: u32,
    /// And less than this; null for the last bin.
    pub to: Option<u32>,
    /// How many.
    #[serde(flatten)]
    pub zones: ZonesView,
}

/// One kind of user actions.
#[derive(Debug, Serialize, ToSchema)]
pub struct TrialView {
    /// The thresholds that were tried.
    pub threshold: ApdexThreshold,
    /// What they give.
    #[serde(flatten)]
    pub zones: ZonesView,
    /// The same by duration; bins without actions are left out.
    pub durations: Vec<DurationBin>,
}

impl From<&Trial> for TrialView {
    fn from(trial: &Trial) -> Self {
        let ends = STARTS.iter().skip(1).copied().map(Some).chain([None]);
        let bins = trial.bins.iter().zip(STARTS).zip(ends);
        let durations = bins
            .filter(|((zones, _), _)| zones.all() > 0)
            .map(|((zones, from), to)| DurationBin { from, to, zones: (*zones).into() });
        Self {
            threshold: trial.threshold,
            zones: trial.zones.into(),
            durations: durations.collect(),
        }
    }
}

/// What Apdex would be.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApdexTrial {
    /// Application.
    #[schema(value_type = String)]
    pub application: ApplicationId,
    /// The user actions began at this time or later.
    #[schema(value_type = String)]
    pub since: Timestamp,
    /// Whether these are all user actions of real users in the last 7 days, not only the newest.
    pub is_whole: bool,
    /// All kinds together.
    pub all: ZonesView,
    /// Page loads.
    pub load: TrialView,
    /// XHR actions.
    pub xhr: TrialView,
    /// Custom actions.
    pub custom: TrialView,
}

impl From<SampleError> for WebError {
    fn from(error: SampleError) -> Self {
        match error {
            SampleError::Search(error) => error.into(),
            SampleError::Store(error) => error.into(),
        }
    }
}

/// The user actions to try thresholds on: shared by API and page.
pub async fn sample(
    state: &Data<WebState>,
    application: ApplicationId,
) -> Result<Arc<ApdexSample>, WebError> {
    let services = state.services.clone();
    let sample = web::block(move || {
        let places = (services.store.as_ref(), services.search.as_ref());
        services.apdex_samples.get(places, application, services.now())
    });
    Ok(sample.await??)
}

/// The thresholds of one kind: as asked for, else as set.
fn threshold(
    kind: &str,
    saved: ApdexThreshold,
    (satisfied, tolerating): (Option<u32>, Option<u32>),
    errors: &mut Vec<FieldError>,
) -> ApdexThreshold {
    let threshold = ApdexThreshold {
        satisfied: satisfied.map_or(saved.satisfied, Millis),
        tolerating: tolerating.map_or(saved.tolerating, Millis),
    };
    if let Some((pointer, detail)) = application_check::check_threshold(threshold, kind) {
        errors.push(FieldError { pointer: pointer.replace('/', "_"), detail });
    }
    threshold
}

/// What Apdex would be under other thresholds, from the newest user actions (20,000 at most) of real users in the last
/// 7 days. Nothing is saved.
#[utoipa::path(get, path = "/api/v1/applications/{application}/apdex-trial", tag = "applications",
    params(("application" = String, Path), ApdexTrialQuery),
    responses((status = 200, body = ApdexTrial), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn get(
    state: Data<WebState>,
    id: Path<String>,
    query: Query<ApdexTrialQuery>,
) -> Result<HttpResponse, WebError> {
    let application = applications::find(&state, &id)?;
    let (saved, q, mut errors) = (&application.apdex, &query, Vec::new());
    let load = (q.load_satisfied, q.load_tolerating);
    let load = threshold("load", saved.load, load, &mut errors);
    let xhr = threshold("xhr", saved.xhr, (q.xhr_satisfied, q.xhr_tolerating), &mut errors);
    let custom = (q.custom_satisfied, q.custom_tolerating);
    let custom = threshold("custom", saved.custom, custom, &mut errors);
    if !errors.is_empty() {
        return Err(WebError::invalid(errors));
    }
    let sample = sample(&state, application.id).await?;
    let attempt = |kind, threshold| apdex_trial::attempt(&sample.actions, kind, threshold);
    let load = attempt(ActionKind::PageLoad, load);
    let xhr = attempt(ActionKind::Xhr, xhr);
    let custom = attempt(ActionKind::Custom, custom);
    Ok(HttpResponse::Ok().json(ApdexTrial {
        application: application.id,
        since: sample.since,
        is_whole: sample.is_whole,
        all: load.zones.and(xhr.zones).and(custom.zones).into(),
        load: (&load).into(),
        xhr: (&xhr).into(),
        custom: (&custom).into(),
    }))
}
