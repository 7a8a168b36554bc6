//! Checks what arrives, cheapest first, and turns it into an envelope of the pipeline.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use super::rate::{Buckets, address_key};
use crate::base::clock::Clock;
use crate::base::entropy::Entropy;
use crate::base::id::ApplicationId;
use crate::base::time::Timestamp;
use crate::config::tree::RatesConfig;
use crate::engine::observed::Observed;
use crate::engine::outcomes::{Outcomes, Refusal};
use crate::engine::pipeline::{Envelope, Pipeline};
use crate::engine::registry::{Registry, SharedRegistry};
use crate::logic::enrich::{ClientCache, Enricher, RequestFacts};
use crate::logic::exclusion;
use crate::logic::privacy::origin;
use crate::model::application::Application;
use crate::model::beacon::Beacon;
use crate::model::outcome::Outcome;
use crate::wire;

/// Seconds that a browser waits after an overload, before jitter.
const OVERLOAD_WAIT: u32 = 20;

/// Caches of classified user agents: one for each thread that enriches at once.
const CACHES_MAX: usize = 4;

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What is known of a request before its body is read.
#[derive(Debug, Clone, Copy)]
pub struct Arrival<'a> {
    /// When it arrived.
    pub at: Timestamp,
    /// Application in its path.
    pub application: ApplicationId,
    /// Address of the client, as far as proxies are trusted.
    pub ip: Option<IpAddr>,
    /// `Origin` header.
    pub origin: &'a str,
    /// `User-Agent` header.
    pub user_agent: &'a str,
    /// `Content-Encoding` header.
    pub encoding: &'a str,
}

/// A refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refused {
    /// Why.
    pub outcome: Outcome,
    /// Seconds after which a resend may be welcome.
    pub retry_after: Option<u32>,
}

/// Where the collector writes down what it learns, for people who look.
#[derive(Debug, Default)]
pub struct Told {
    /// What became of every beacon.
    pub outcomes: Arc<Outcomes>,
    /// What pages told lately.
    pub observed: Arc<Observed>,
}

/// Takes beacons.
#[derive(Debug)]
pub struct Collector {
    clock: Clock,
    entropy: Entropy,
    registry: SharedRegistry,
    enricher: Enricher,
    clients: Mutex<Vec<ClientCache>>,
    outcomes: Arc<Outcomes>,
    observed: Arc<Observed>,
    pipeline: Arc<Pipeline>,
    by_address: Buckets<u64>,
    by_application: Buckets<ApplicationId>,
}

impl Collector {
    /// A collector that offers to `pipeline`.
    #[must_use]
    pub fn new(
        clock: Clock,
        registry: SharedRegistry,
        enricher: Enricher,
        told: Told,
        pipeline: Arc<Pipeline>,
        rates: RatesConfig,
    ) -> Self {
        let entropy = Entropy::seeded(Entropy::System.next_u64());
        Self {
            clock,
            entropy,
            registry,
            enricher,
            clients: Mutex::default(),
            outcomes: told.outcomes,
            observed: told.observed,
            pipeline,
            by_address: Buckets::new(rates.address, rates.address_burst),
            by_application: Buckets::new(rates.application, rates.application_burst),
        }
    }

    /// The time now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// What enriches beacons.
    #[must_use]
    pub const fn enricher(&self) -> &Enricher {
        &self.enricher
    }

    /// Checks application, origin and rates, before the body is read.
    pub fn admit(&self, arrival: &Arrival<'_>) -> Result<(), Refused> {
        self.outcomes.offer();
        let registry = self.registry.load();
        self.check(arrival, &registry).map_err(|refused| self.refuse(arrival, refused))
    }

    fn check(&self, arrival: &Arrival<'_>, registry: &Registry) -> Result<(), Refused> {
        let refused = |outcome| Refused { outcome, retry_after: None };
        if let Some(ip) = arrival.ip {
            self.by_address.take(address_key(ip), arrival.at).map_err(|wait| Refused {
                outcome: Outcome::AddressRate,
                retry_after: Some(wait),
            })?;
        }
        let application = registry
            .application(arrival.application)
            .ok_or_else(|| refused(Outcome::UnknownApplication))?;
        if !application.enabled {
            return Err(refused(Outcome::Disabled));
        }
        if !origin::origin_allowed(&application.allowed_origins, arrival.origin) {
            return Err(refused(Outcome::ForbiddenOrigin));
        }
        self.by_application
            .take(application.id, arrival.at)
            .map_err(|wait| Refused { outcome: Outcome::ApplicationRate, retry_after: Some(wait) })
    }

    /// Counts a refusal and completes it with the time to wait.
    pub fn refuse(&self, arrival: &Arrival<'_>, refused: Refused) -> Refused {
        let is_known = self.registry.load().application(arrival.application).is_some();
        self.outcomes.refuse(Refusal {
            at: arrival.at,
            application: is_known.then_some(arrival.application),
            outcome: refused.outcome,
            origin: arrival.origin.to_owned(),
        });
        self.with_wait(refused)
    }

    fn with_wait(&self, refused: Refused) -> Refused {
        let is_overload = refused.outcome.status() == 503;
        // Half to one and a half: browsers that were refused together do not come back together.
        let jittered = OVERLOAD_WAIT / 2 + u32::try_from(self.entropy.below(20)).unwrap_or(0);
        let retry_after = refused.retry_after.or_else(|| is_overload.then_some(jittered));
        Refused { retry_after, ..refused }
    }

    /// Answers a refusal that the pipeline counted already.
    #[must_use]
    pub fn answer(&self, outcome: Outcome) -> Refused {
        self.with_wait(Refused { outcome, retry_after: None })
    }

    /// Decodes, enriches and offers a body; the receiver tells the outcome once it is on disk.
    pub fn offer(
        &self,
        arrival: &Arrival<'_>,
        body: &[u8],
    ) -> Result<oneshot::Receiver<Outcome>, Refused> {
        self.envelope(arrival, body)
            .and_then(|envelope| self.pipeline.offer(Box::new(envelope)))
            .map_err(|outcome| self.refuse(arrival, Refused { outcome, retry_after: None }))
    }

    /// Decodes and enriches a body.
    pub fn envelope(&self, arrival: &Arrival<'_>, body: &[u8]) -> Result<Envelope, Outcome> {
        let plain = wire::inflate::inflate(arrival.encoding, body)?;
        let beacon = wire::beacon::decode(&plain)?;
        let registry = self.registry.load();
        let application =
            registry.application(arrival.application).ok_or(Outcome::UnknownApplication)?;
        if !is_captured(application, beacon.browser_session) {
            return Err(Outcome::Sampled);
        }
        let mut envelope = self.enrich(arrival, beacon, &registry);
        if let Some(outcome) = exclude(&mut envelope, arrival, &registry) {
            return Err(outcome);
        }
        if envelope.enriched.is_too_old {
            return Err(Outcome::TooOld);
        }
        self.observed.note(&envelope.enriched, arrival.at);
        Ok(envelope)
    }

    /// Enriches a decoded beacon; nothing unmasked is in the answer.
    #[must_use]
    pub fn enrich(&self, arrival: &Arrival<'_>, beacon: Beacon, registry: &Registry) -> Envelope {
        let facts = RequestFacts {
            received_at: arrival.at,
            ip: arrival.ip,
            user_agent: arrival.user_agent,
            application: arrival.application,
        };
        let (beacon_id, visitor) = (beacon.id, beacon.visitor);
        let (browser_session, tab) = (beacon.browser_session, beacon.tab);
        let (is_new_visitor, lost) = (!beacon.is_returning, beacon.lost);
        let release = beacon.release.clone();
        let pooled = lock(&self.clients).pop();
        let mut cache = pooled.unwrap_or_default();
        let enriched = self.enricher.enrich(beacon, &facts, registry.applications(), &mut cache);
        let mut clients = lock(&self.clients);
        if clients.len() < CACHES_MAX {
            clients.push(cache);
        }
        drop(clients);
        Envelope {
            beacon: beacon_id,
            application: arrival.application,
            visitor,
            browser_session,
            tab,
            received_at: arrival.at,
            is_new_visitor,
            lost,
            release,
            enriched,
        }
    }
}

/// Takes out what the applications do not want; the outcome when nothing is left. A page may belong to another
/// application than the one it was sent to, so each part is asked for its own.
fn exclude(envelope: &mut Envelope, arrival: &Arrival<'_>, registry: &Registry) -> Option<Outcome> {
    let enriched = &mut envelope.enriched;
    let client = &enriched.visit.client;
    let excluded = |id| {
        let exclusions = &registry.application(id)?.exclusions;
        let is_asked = !exclusions.is_empty();
        is_asked.then(|| exclusion::excluded(exclusions, arrival.ip, client))?
    };
    if enriched.parts.is_empty() {
        return excluded(arrival.application);
    }
    let mut outcome = None;
    enriched.parts.retain(|part| {
        let found = excluded(part.application);
        outcome = outcome.or(found);
        found.is_none()
    });
    outcome.filter(|_| enriched.parts.is_empty())
}

/// Whole sessions are captured or not: decided by the run of the browser, as the agent does.
fn is_captured(application: &Application, browser_session: u64) -> bool {
    (browser_session >> 40) % 100 < u64::from(application.capture_percent)
}
