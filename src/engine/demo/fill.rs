//! Plays a simulated week into an empty store: through wire, collector and pipeline, with time that runs fast.
//!
//! Invariant: nobody else writes to the store meanwhile. What is open at the end is in the store, where the pipeline
//! finds it when it starts, as after any stop.

use std::sync::atomic::{AtomicBool, Ordering};

use ahash::AHashSet;

use super::{Pace, Visit, Visitors};
use crate::base::entropy::Entropy;
use crate::base::id::{ApplicationId, SessionId};
use crate::base::time::{DAY_MILLIS, Millis, Timestamp};
use crate::engine::collector::{Arrival, Collector};
use crate::engine::pipeline::Envelope;
use crate::engine::pipeline::batch::Batch;
use crate::engine::pipeline::state::State;
use crate::engine::services::Services;
use crate::model::outcome::Outcome;
use crate::store::codec::Encoder;
use crate::store::keys;
use crate::store::schema::Table;
use crate::store::{Changes, Error};
use crate::wire;

use super::pages::ORIGIN;

/// How far back the visitors go.
const SPAN_MILLIS: i64 = 7 * DAY_MILLIS;
/// Simulated time of one batch: as fine as the counters of outcomes.
const STEP: Millis = Millis::mins(1);
/// Rows written at once: one sync takes longer than a batch.
const ROWS: usize = 4_000;
/// Rows after which the day files are written.
const CHECKPOINT_ROWS: usize = 60_000;
/// Before the present the visitors come at the pace of the live ones for so long: their sessions are the live ones.
const LEAD: Millis = Millis::mins(40);
/// Live visits begin so many milliseconds apart on average.
const LIVE_PACE: Pace = Pace::Steady(45_000);

/// What is to be played.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// Decides everything about the visitors.
    pub seed: u64,
    /// Visits of a day.
    pub visits_per_day: u32,
    /// When the week ends.
    pub present: Timestamp,
}

/// How far the week is, and in the end what it became.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Filled {
    /// Part of the week that is done, in thousandths.
    pub per_mille: u32,
    /// Beacons stored.
    pub beacons: u64,
    /// Beacons that were refused; a fault of the generator if there are any.
    pub refused: u64,
    /// Sessions.
    pub sessions: u64,
}

/// Plays the week until `stop`; answers what it became, and the visitors as they go on.
pub fn fill(
    services: &Services,
    plan: &Plan,
    stop: &AtomicBool,
    progress: &mut dyn FnMut(Filled),
) -> Result<(Filled, Visitors), Error> {
    let start = Timestamp(plan.present.0 - SPAN_MILLIS);
    let apart = u32::try_from(DAY_MILLIS).unwrap_or(u32::MAX) / plan.visits_per_day.max(1);
    let visitors = Visitors::new(plan.seed, start, plan.present, Pace::DayAndNight(apart));
    let mut week = Week {
        services,
        state: State::default(),
        encoder: Encoder::new()?,
        ids: Entropy::seeded(plan.seed),
        visitors,
        changes: Changes::default(),
        unwritten: 0,
        sessions: AHashSet::new(),
        filled: Filled::default(),
    };
    let mut now = start;
    while now < plan.present && !stop.load(Ordering::Relaxed) {
        now = now.after(STEP).min(plan.present);
        if plan.present.since(now) <= LEAD {
            week.visitors.set_pace(LIVE_PACE);
        }
        week.step(now)?;
        if week.changes.rows.len() >= ROWS {
            week.write()?;
            week.filled.per_mille =
                u32::try_from((now.0 - start.0) * 1_000 / SPAN_MILLIS).unwrap_or(0);
            progress(week.filled);
        }
    }
    week.write()?;
    services.store.checkpoint()?;
    week.filled.per_mille = 1_000;
    Ok((week.filled, week.visitors))
}

struct Week<'a> {
    services: &'a Services,
    state: State,
    encoder: Encoder,
    ids: Entropy,
    visitors: Visitors,
    changes: Changes,
    unwritten: usize,
    sessions: AHashSet<SessionId>,
    filled: Filled,
}

impl Week<'_> {
    /// One batch: what arrives until `end`, and what ends until then.
    fn step(&mut self, end: Timestamp) -> Result<(), Error> {
        let registry = self.services.registry.load();
        let rules = |application| registry.session_rules(application);
        // The minute that ends here is the one that is counted.
        let now = end.before(Millis(1));
        let mut batch = Batch::new(&mut self.state, &mut self.encoder, &self.ids, &rules, now);
        while let Some(visit) = self.visitors.next_before(end) {
            match envelope(&self.services.collector, &visit) {
                Ok(envelope) => {
                    batch.take(envelope)?;
                    self.filled.beacons += 1;
                }
                Err(outcome) => {
                    batch.count(ApplicationId::DEFAULT, outcome, 1);
                    self.filled.refused += 1;
                }
            }
        }
        batch.expire(usize::MAX)?;
        let changes = batch.finish()?;
        self.state.prune(now);
        // Rows are absolute: batches one after the other are as good as one.
        self.changes.at = changes.at;
        self.changes.rows.extend(changes.rows);
        self.changes.beacons.extend(changes.beacons);
        Ok(())
    }

    fn write(&mut self) -> Result<(), Error> {
        let changes = std::mem::take(&mut self.changes);
        let sessions = changes.rows.iter().filter(|row| row.table == Table::Session);
        self.sessions.extend(sessions.filter_map(|row| keys::session_of(&row.key)));
        self.filled.sessions = self.sessions.len() as u64;
        self.unwritten += changes.rows.len();
        self.services.store.append(changes)?;
        if self.unwritten >= CHECKPOINT_ROWS {
            self.unwritten = 0;
            self.services.store.checkpoint()?;
        }
        Ok(())
    }
}

/// The beacon over the wire and back, as a collector understands it.
fn envelope(collector: &Collector, visit: &Visit) -> Result<Envelope, Outcome> {
    let arrival = Arrival {
        at: visit.received_at,
        application: ApplicationId::DEFAULT,
        ip: Some(visit.ip),
        origin: ORIGIN,
        user_agent: visit.user_agent,
        encoding: "",
    };
    collector.envelope(&arrival, &wire::beacon::encode(&visit.beacon))
}
