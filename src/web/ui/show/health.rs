//! `/apps/{application}/health`: is data arriving, and why not.

use std::collections::BTreeMap;

use actix_web::web::{self, Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::applications::{Tab, tabs};
use super::health_checks;
use super::health_parts;
use super::outcomes;
use super::rules;
use super::shell;
use crate::base::id::ApplicationId;
use crate::base::time::{DAY_MILLIS, MINUTE_MILLIS, Timestamp};
use crate::engine::disk;
use crate::engine::services::Services;
use crate::logic::query_parser::parse;
use crate::model::application::Application;
use crate::model::outcome::Outcome;
use crate::search::SearchRequest;
use crate::web::api::applications::find;
use crate::web::api::sessions::find as search_sessions;
use crate::web::auth::Identity;
use crate::web::error::WebError;
use crate::web::format;
use crate::web::ingest_base::ingest_base;
use crate::web::permission::Permission;
use crate::web::state::WebState;
use crate::web::ui::applications::{HealthPage, OutcomeRow};
use crate::web::ui::frame::Section;
use crate::web::ui::parts::Chip;

/// Sessions that are asked which agent sent them.
const NEWEST: usize = 200;

/// Beacons of one application in a span of time.
#[derive(Debug, Clone, Default)]
pub struct Counted {
    /// By outcome.
    pub by_outcome: BTreeMap<Outcome, u64>,
    /// Start of the newest minute with a stored beacon.
    pub last_at: Option<Timestamp>,
}

impl Counted {
    /// Beacons with an outcome.
    #[must_use]
    pub fn of(&self, outcome: Outcome) -> u64 {
        self.by_outcome.get(&outcome).copied().unwrap_or(0)
    }

    /// Outcomes that are refusals.
    #[must_use]
    pub fn refused(&self) -> Vec<(Outcome, u64)> {
        let refusals = self.by_outcome.iter().filter(|(outcome, _)| outcome.status() >= 400);
        refusals.map(|(outcome, count)| (*outcome, *count)).collect()
    }

    /// In one word.
    #[must_use]
    pub fn state(&self, application: &Application, now: Timestamp) -> Chip {
        let is_recent = |at: Timestamp| now.0.saturating_sub(at.0) < 15 * MINUTE_MILLIS;
        if !application.enabled {
            Chip::plain("off")
        } else if self.last_at.is_some_and(is_recent) {
            Chip::of("good", "receiving")
        } else if !self.refused().is_empty() && self.of(Outcome::Accepted) == 0 {
            Chip::of("bad", "refusing")
        } else if self.last_at.is_some() {
            Chip::plain("quiet")
        } else {
            Chip::plain("waiting")
        }
    }
}

/// Counts the beacons of one application since an instant.
pub fn counted(
    services: &Services,
    application: ApplicationId,
    since: Timestamp,
) -> Result<Counted, WebError> {
    let all = counted_by_application(services, since)?;
    Ok(all.get(&application).cloned().unwrap_or_default())
}

/// Counts beacons by application since an instant.
pub fn counted_by_application(
    services: &Services,
    since: Timestamp,
) -> Result<BTreeMap<ApplicationId, Counted>, WebError> {
    let mut all: BTreeMap<ApplicationId, Counted> = BTreeMap::new();
    let since = Timestamp(since.0 - since.0.rem_euclid(MINUTE_MILLIS));
    let until = Timestamp(services.now().0.saturating_add(MINUTE_MILLIS));
    for (key, count) in services.store.outcomes(since, until)? {
        let own = all.entry(key.application).or_default();
        *own.by_outcome.entry(key.outcome).or_insert(0) += count;
        if key.outcome == Outcome::Accepted {
            own.last_at = own.last_at.max(Some(key.start()));
        }
    }
    Ok(all)
}

/// The line for pages.
#[must_use]
pub fn snippet(state: &WebState, request: &HttpRequest, application: ApplicationId) -> String {
    let base = ingest_base(state, request);
    format!("<script src=\"{base}/tag/{application}.js\"></script>")
}

/// `GET /apps/{application}/health`
pub async fn page(
    state: Data<WebState>,
    identity: Identity,
    id: Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, WebError> {
    let application = find(&state, &id)?;
    let now = state.services.now();
    let since = Timestamp(now.0.saturating_sub(DAY_MILLIS));
    let services = state.services.clone();
    let own = application.id;
    let (found, disk) = web::block(move || {
        Ok::<_, WebError>((counted(&services, own, since)?, disk::look(&services)?))
    })
    .await??;
    let mut search = SearchRequest::new(parse(&format!("app:{own}")), since, now);
    search.want_total = true;
    search.limit = NEWEST;
    let (answer, sessions) = search_sessions(&state, search).await?;
    let brought = answer.counts.map_or(0, |counts| counts.total);
    // Beacons are counted where they were addressed to; what detection brought shows in the sessions.
    let newest = sessions.iter().map(|session| session.received_at).max();
    let found = Counted { last_at: found.last_at.max(newest), ..found };
    let zone = shell::zone(&identity);
    let recent = state.services.outcomes.recent(None, usize::MAX);
    let may_edit = identity.can(Permission::WriteApplications);
    let mut server = health_parts::server(&disk, now);
    health_parts::add_capped(&mut server, &state.services.outcomes.capped(Some(application.id)));
    let page = HealthPage {
        name: application.name.clone(),
        facts: last_beacon(found.last_at, now),
        tabs: tabs(&application, &identity, Tab::Health),
        text: sentence(&found, &application, brought),
        state: found.state(&application, now),
        checks: health_checks::checks(&application, &found, brought, &disk),
        domains: rules::domains(&state, &application),
        outcomes: found.by_outcome.iter().map(|(outcome, count)| row(*outcome, *count)).collect(),
        since: format!("Counted since {}. Times in {zone}.", format::full_time(since, &zone)),
        none: if brought > 0 {
            "Its beacons are counted at the application whose line is in the pages.".to_owned()
        } else {
            "No beacon in the last 24 hours.".to_owned()
        },
        origins: health_parts::origins(&recent, &application, may_edit, now),
        refusals: health_parts::refusals(&recent, &application, now, &zone),
        agents: health_parts::agents(&sessions),
        server,
        clock: health_checks::clock(&state.services.observed.pages(own)),
        snippet: snippet(&state, &request, application.id),
        again: format!("/apps/{}/health", application.id),
    };
    let frame = shell::frame(&identity, Section::Applications, &application.name, now);
    let frame = shell::below(frame, "Applications", "/apps");
    shell::page("pages/health.html", &frame, &page)
}

/// When the last beacon came, to the minute.
#[must_use]
pub fn last_beacon(last_at: Option<Timestamp>, now: Timestamp) -> String {
    match last_at {
        None => "no beacon in the last 24 hours".to_owned(),
        Some(at) if now.0.saturating_sub(at.0) < 2 * MINUTE_MILLIS => {
            "last beacon within the last 2 minutes".to_owned()
        }
        Some(at) => format!("last beacon {}", format::ago(at, now)),
    }
}

fn sentence(found: &Counted, application: &Application, brought: u64) -> String {
    let refused: u64 = found.refused().iter().map(|(_, count)| count).sum();
    let stored = found.of(Outcome::Accepted);
    if !application.enabled {
        "The application is switched off: beacons are refused. Switch it on under Settings, General."
    } else if stored == 0 && brought > 0 {
        return format!(
            "{} in the last 24 hours, brought here by detection rules from pages with the line of another application.",
            shell::plural(brought, "session")
        );
    } else if stored == 0 && refused == 0 {
        "Nothing has come in the last 24 hours. Is the line in the page? Does an ad blocker eat it? Does the browser reach the address in the line?"
    } else if stored == 0 {
        "Beacons come, but all of them are refused. The table says why and what to do."
    } else if refused > 0 {
        "Beacons arrive and are stored; some are refused. The table says why and what to do."
    } else {
        "Beacons arrive and are stored; none is refused."
    }
    .to_owned()
}

fn row(outcome: Outcome, count: u64) -> OutcomeRow {
    let (band, label, text) = outcomes::outcome(outcome);
    OutcomeRow {
        label: label.to_owned(),
        name: outcome.name(),
        count,
        text,
        chip: Chip { title: outcome.name().to_owned(), ..Chip::of(band, label) },
    }
}
