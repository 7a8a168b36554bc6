//! What goes into enriching beside the beacon, and what comes out.

use std::net::IpAddr;

use crate::base::id::ApplicationId;
use crate::base::time::Timestamp;
use crate::model::action::{ActionResources, WebVitals};
use crate::model::session::{SessionInput, SessionKind};
use crate::model::visitor::Visit;

/// What the server knows of the request that carried a beacon.
#[derive(Debug, Clone, Copy)]
pub struct RequestFacts<'a> {
    /// When it came, by our clock.
    pub received_at: Timestamp,
    /// Where it came from; not masked yet.
    pub ip: Option<IpAddr>,
    /// User agent as sent.
    pub user_agent: &'a str,
    /// Application in the address of the beacon.
    pub application: ApplicationId,
}

/// A beacon, enriched. Nothing in it is unmasked.
#[derive(Debug, Clone, PartialEq)]
pub struct Enriched {
    /// Browser, place, machine.
    pub visit: Visit,
    /// Person, robot or monitor.
    pub kind: SessionKind,
    /// Corrected minus client time.
    pub clock_offset: i64,
    /// Client times that had to be clamped.
    pub clamped: u32,
    /// Whether there are events and all are older than what is believed.
    pub is_too_old: bool,
    /// Version of the rules that were used.
    pub ruleset: u64,
    /// One for each application that the events belong to, in order of their first event.
    pub parts: Vec<EnrichedPart>,
}

/// The events of one application.
#[derive(Debug, Clone, PartialEq)]
pub struct EnrichedPart {
    /// Application.
    pub application: ApplicationId,
    /// Inputs with corrected times, in order of time.
    pub inputs: Vec<(Timestamp, SessionInput)>,
    /// Resources of actions, by position in `inputs`.
    pub resources: Vec<(usize, ActionResources)>,
    /// Vitals by page view.
    pub vitals: Vec<(u32, WebVitals)>,
    /// Referrer of the first page load, masked.
    pub referrer: String,
    /// `utm_campaign` of the first page load.
    pub campaign: String,
}

impl EnrichedPart {
    /// A part without content.
    #[must_use]
    pub const fn new(application: ApplicationId) -> Self {
        Self {
            application,
            inputs: Vec::new(),
            resources: Vec::new(),
            vitals: Vec::new(),
            referrer: String::new(),
            campaign: String::new(),
        }
    }
}
