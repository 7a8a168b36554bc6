//! One user: what the sessions of a user tag have in common.

#![expect(unused_qualifications, reason = "the path macro repeats types of parameters")]

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use actix_web::web::{self, Data};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::sessions::find;
use crate::base::id::{SessionId, VisitorId};
use crate::base::limits;
use crate::base::time::{DAY_MILLIS, Timestamp, system_zone};
use crate::logic::apdex;
use crate::model::error_report::{ErrorKind, ErrorReport};
use crate::model::query::{Field, Filter, Term, Test, Value};
use crate::model::session::{Experience, Session, SessionEventKind};
use crate::search::{SearchCounts, SearchRequest};
use crate::web::auth::Identity;
use crate::web::error::{Problem, WebError};
use crate::web::mask;
use crate::web::query::Query;
use crate::web::state::WebState;

/// Values of one kind that are told, the most frequent first.
const VALUES: usize = 12;
/// Sessions whose errors are read: each is two reads of the store.
const ERROR_SESSIONS: usize = 200;
/// Errors that are told.
const ERRORS: usize = 10;
/// Browsers of a user on which other tags are looked for.
const BROWSERS: usize = 20;
/// Sessions of these browsers that are looked at.
const OTHERS: usize = 500;

/// Whose profile.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub struct UserQuery {
    /// User tag, whole.
    pub tag: String,
}

/// A value and how many sessions had it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct ValueCount {
    /// Value.
    pub value: String,
    /// Sessions.
    pub sessions: u64,
    /// Start of the newest.
    #[schema(value_type = String)]
    pub last: Timestamp,
}

/// An error that the user met.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ErrorMet {
    /// Kind.
    pub kind: ErrorKind,
    /// Class of the error; method and status of a request.
    pub name: String,
    /// Message; empty for requests.
    pub message: String,
    /// Source file, or address of the request.
    pub url: String,
    /// How often.
    pub count: u64,
    /// The newest session with it.
    #[schema(value_type = String)]
    pub session: SessionId,
}

/// What the sessions of a user tag have in common.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub struct UserProfile {
    /// The tag.
    pub user_tag: String,
    /// Key of the user's page: `/users/{key}`.
    pub key: String,
    /// Sessions in the time for which data is kept.
    pub sessions: u64,
    /// Sessions of which the rest of this is made: the newest, at most 2,000.
    pub looked_at: u64,
    /// Start of the first of them.
    #[schema(value_type = Option<String>)]
    pub first_at: Option<Timestamp>,
    /// Start of the last.
    #[schema(value_type = Option<String>)]
    pub last_at: Option<Timestamp>,
    /// Satisfied, tolerated, frustrated and live sessions.
    pub experience: [u64; 4],
    /// Apdex of all user actions; null without any.
    pub apdex: Option<f64>,
    /// Sessions with errors.
    pub error_sessions: u64,
    /// Sessions with rage clicks.
    pub rage_sessions: u64,
    /// Sessions by hour of the day, in `time_zone`.
    pub hours: [u64; 24],
    /// Time zone of the hours.
    pub time_zone: String,
    /// Devices with browser and system.
    pub devices: Vec<ValueCount>,
    /// Applications by id.
    pub applications: Vec<ValueCount>,
    /// Country and city.
    pub places: Vec<ValueCount>,
    /// Releases of the applications.
    pub releases: Vec<ValueCount>,
    /// Errors in the newest 200 sessions that had any.
    pub errors: Vec<ErrorMet>,
    /// Browsers, by their id.
    pub browsers: Vec<ValueCount>,
    /// Other user tags on these browsers. Two people who share a browser are two tags here: it proves no identity.
    pub seen_as: Vec<ValueCount>,
}

/// A profile with the counts of the index, of which charts are drawn.
pub struct Found {
    /// The profile.
    pub profile: UserProfile,
    /// Counts over all sessions of the user.
    pub counts: SearchCounts,
}

fn filter(field: Field, values: Vec<Value>) -> Filter {
    Filter { terms: vec![Term::new(Test::Values { field, values })] }
}

/// The filter for the sessions of a user tag.
#[must_use]
pub fn filter_of(tag: &str) -> Filter {
    filter(Field::User, vec![Value::Is(tag.to_owned())])
}

/// Start of the time for which data is kept.
#[must_use]
pub fn kept_from(state: &WebState) -> Timestamp {
    let days = i64::from(state.services.config.data.retention_days);
    Timestamp(state.services.now().0.saturating_sub(days * DAY_MILLIS))
}

/// Reads the profile of a user: shared by API and page.
pub async fn profile(
    state: &Data<WebState>,
    tag: &str,
    zone: &str,
    bucket_starts: Vec<Timestamp>,
) -> Result<Found, WebError> {
    let (from, now) = (kept_from(state), state.services.now());
    let mut request = SearchRequest::new(filter_of(tag), from, now);
    request.limit = limits::SORTED_SESSIONS;
    request.want_total = true;
    request.want_facets = true;
    request.bucket_starts = bucket_starts;
    let (answer, mut sessions) = find(state, request).await?;
    // The index compares folded: `Anna` and `anna` are two tags here.
    sessions.retain(|session| session.user_tag == tag);
    let counts = answer.counts.unwrap_or_default();
    let mut profile = UserProfile {
        user_tag: tag.to_owned(),
        key: state.user_keys.key(tag),
        sessions: counts.total,
        time_zone: zone.to_owned(),
        ..UserProfile::default()
    };
    describe(&mut profile, &sessions, zone);
    profile.seen_as = seen_as(state, &profile, from, now).await?;
    profile.errors = errors(state, &sessions).await?;
    Ok(Found { profile, counts })
}

#[derive(Default)]
struct Values(BTreeMap<String, (u64, Timestamp)>);

impl Values {
    fn add(&mut self, value: String, at: Timestamp) {
        if value.is_empty() {
            return;
        }
        let (sessions, last) = self.0.entry(value).or_insert((0, at));
        *sessions += 1;
        *last = at.max(*last);
    }

    fn list(self, most: usize) -> Vec<ValueCount> {
        let all = self.0.into_iter();
        let mut list: Vec<ValueCount> =
            all.map(|(value, (sessions, last))| ValueCount { value, sessions, last }).collect();
        list.sort_by(|a, b| b.sessions.cmp(&a.sessions).then_with(|| b.last.cmp(&a.last)));
        list.truncate(most);
        list
    }
}

fn device(session: &Session) -> String {
    let client = &session.client;
    let browser = client.browser.as_str();
    [client.device.as_str(), browser, client.os.as_str()]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(", ")
}

fn describe(profile: &mut UserProfile, sessions: &[Session], zone: &str) {
    let [mut devices, mut applications, mut places, mut releases, mut browsers] =
        std::array::from_fn::<Values, 5, _>(|_| Values::default());
    let (mut satisfied, mut tolerating, mut frustrated) = (0_u32, 0_u32, 0_u32);
    for session in sessions {
        let at = session.started_at;
        profile.first_at = Some(profile.first_at.map_or(at, |first| first.min(at)));
        profile.last_at = Some(profile.last_at.map_or(at, |last| last.max(at)));
        let place = match session.experience {
            Experience::Satisfied => 0,
            Experience::Tolerated => 1,
            Experience::Frustrated => 2,
            Experience::Undefined => 3,
        };
        if let Some(count) = profile.experience.get_mut(place) {
            *count += 1;
        }
        let hour: usize = at.format("%H", zone).parse().unwrap_or(0);
        if let Some(count) = profile.hours.get_mut(hour) {
            *count += 1;
        }
        let tally = &session.tally;
        satisfied = satisfied.saturating_add(tally.satisfied);
        tolerating = tolerating.saturating_add(tally.tolerating);
        frustrated = frustrated.saturating_add(tally.frustrated);
        profile.error_sessions += u64::from(tally.errors() > 0);
        profile.rage_sessions += u64::from(tally.rage_clicks > 0);
        devices.add(device(session), at);
        for visit in &session.applications {
            applications.add(visit.application.to_string(), at);
        }
        let place = &session.place;
        let parts = [place.city.as_str(), place.country.as_str()];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        places.add(parts.join(", "), at);
        releases.add(session.release.clone(), at);
        browsers.add(session.visitor.to_string(), at);
    }
    profile.looked_at = u64::try_from(sessions.len()).unwrap_or(u64::MAX);
    profile.apdex = apdex::score(satisfied, tolerating, frustrated);
    profile.devices = devices.list(VALUES);
    profile.applications = applications.list(VALUES);
    profile.places = places.list(VALUES);
    profile.releases = releases.list(VALUES);
    profile.browsers = browsers.list(BROWSERS);
}

/// Other user tags on the browsers of a user.
async fn seen_as(
    state: &Data<WebState>,
    profile: &UserProfile,
    from: Timestamp,
    now: Timestamp,
) -> Result<Vec<ValueCount>, WebError> {
    let browsers = profile.browsers.iter().map(|browser| browser.value.clone());
    let values: Vec<Value> = browsers.map(Value::Is).collect();
    if values.is_empty() {
        return Ok(Vec::new());
    }
    let mut terms = filter(Field::Visitor, values).terms;
    let own = filter_of(&profile.user_tag).terms;
    terms.extend(own.into_iter().map(|term| Term { is_negated: true, ..term }));
    let tagged = Test::Values { field: Field::User, values: vec![Value::Any] };
    terms.push(Term::new(tagged));
    let mut request = SearchRequest::new(Filter { terms }, from, now);
    request.limit = OTHERS;
    let (_, sessions) = find(state, request).await?;
    let known: Vec<VisitorId> =
        profile.browsers.iter().filter_map(|browser| browser.value.parse().ok()).collect();
    let mut tags = Values::default();
    for session in sessions.iter().filter(|session| known.contains(&session.visitor)) {
        tags.add(session.user_tag.clone(), session.started_at);
    }
    Ok(tags.list(VALUES))
}

/// The errors of the newest sessions that had any.
async fn errors(state: &Data<WebState>, sessions: &[Session]) -> Result<Vec<ErrorMet>, WebError> {
    let with_errors = sessions.iter().filter(|session| session.tally.errors() > 0);
    let ids: Vec<SessionId> = with_errors.take(ERROR_SESSIONS).map(|session| session.id).collect();
    let services = state.services.clone();
    web::block(move || {
        let mut met: Vec<ErrorMet> = Vec::new();
        for id in ids {
            for action in services.store.actions(id)? {
                action.errors.iter().for_each(|error| add_error(&mut met, error, id));
            }
            for event in services.store.events(id)? {
                if let SessionEventKind::Error(error) = &event.kind {
                    add_error(&mut met, error, id);
                }
            }
        }
        met.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| b.session.cmp(&a.session)));
        met.truncate(ERRORS);
        Ok(met)
    })
    .await?
}

fn add_error(met: &mut Vec<ErrorMet>, error: &ErrorReport, session: SessionId) {
    let count = u64::from(error.count.max(1));
    let (name, message) = match error.kind {
        ErrorKind::Request if error.status == 0 => {
            (format!("{} without answer", error.method), String::new())
        }
        ErrorKind::Request => (format!("{} HTTP {}", error.method, error.status), String::new()),
        _ => (error.name.clone(), error.message.clone()),
    };
    let name = name.trim().to_owned();
    // Requests differ by their queries; what fails is the address before it.
    let url = error.url.split(['?', '#']).next().unwrap_or_default().to_owned();
    let same = |own: &&mut ErrorMet| {
        own.kind == error.kind && own.name == name && own.message == message && own.url == url
    };
    if let Some(own) = met.iter_mut().find(same) {
        own.count += count;
    } else if met.len() < ERROR_SESSIONS {
        met.push(ErrorMet { kind: error.kind, name, message, url, count, session });
    }
}

/// What the sessions of a user tag have in common.
#[utoipa::path(get, path = "/api/v1/users", tag = "sessions", params(UserQuery),
    responses((status = 200, body = UserProfile), (status = 404, body = Problem)))]
pub async fn get(
    state: Data<WebState>,
    identity: Identity,
    query: Query<UserQuery>,
) -> Result<HttpResponse, WebError> {
    let zone = identity.time_zone();
    let zone = if zone.is_empty() { system_zone() } else { zone.to_owned() };
    let found = profile(&state, &query.tag, &zone, Vec::new()).await?;
    if found.profile.looked_at == 0 {
        return Err(WebError::not_found("user"));
    }
    let mut value = serde_json::to_value(&found.profile).map_err(WebError::internal)?;
    mask::json(&mut value, identity.sees_unmasked());
    Ok(HttpResponse::Ok().json(value))
}
