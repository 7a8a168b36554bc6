//! What the pipeline knows between batches: open sessions, counters, beacon ids. All of it can be loaded again.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use ahash::{AHashMap, AHashSet};

use super::seen::Seen;
use crate::base::id::{SessionId, VisitorId};
use crate::base::limits::BEACON_IDS;
use crate::base::time::{Day, HOUR_MILLIS, MINUTE_MILLIS, Millis, Timestamp};
use crate::logic::cardinality::Cardinality;
use crate::logic::sessionizer::{self, OpenSession, RestingSession};
use crate::model::application::SessionRules;
use crate::model::session::Session;
use crate::store::codec;
use crate::store::keys::{OutcomeKey, UsageKey};
use crate::store::reads::{OPEN_SESSION, OPEN_SESSION_VERSION};
use crate::store::{Error, Store};

/// How long units of ended sessions are remembered, in case late events change them.
const ENDED_AGE: Millis = Millis::mins(5);
/// Ended sessions remembered at most.
const ENDED_MAX: usize = 50_000;

/// A visitor's open state while a batch works on it.
#[derive(Debug)]
pub struct Held {
    /// State of the sessionizer.
    pub open: OpenSession,
    /// Day folder of its row, if it was written.
    pub stored: Option<Day>,
    /// When time alone may change it.
    pub deadline: Timestamp,
}

/// A visitor's open state between batches: a fraction of the memory.
#[derive(Debug)]
struct Packed {
    /// The row, as it is stored.
    row: Box<[u8]>,
    /// The row of the live session, as it is stored.
    live: Option<Box<[u8]>>,
    stored: Day,
    deadline: Timestamp,
}

/// State of the pipeline.
#[derive(Debug, Default)]
pub struct State {
    packed: AHashMap<VisitorId, Packed>,
    /// What the running batch works on; in order, so that a batch is the same each time.
    awake: BTreeMap<VisitorId, Held>,
    deadlines: BTreeSet<(Timestamp, VisitorId)>,
    /// Rows of visitors that are no longer held and must be removed.
    pub orphans: Vec<(VisitorId, Day)>,
    /// Beacons taken.
    pub seen: Seen,
    /// Names and tags of each application today: what is invented without end becomes `{other}`.
    pub cardinality: Cardinality,
    outcomes: AHashMap<OutcomeKey, u64>,
    usage: AHashMap<UsageKey, u64>,
    ended: AHashMap<SessionId, u32>,
    ended_order: VecDeque<(Timestamp, SessionId)>,
    /// Counters whose rows must be written.
    pub dirty_outcomes: AHashSet<OutcomeKey>,
    /// Counters whose rows must be written.
    pub dirty_usage: AHashSet<UsageKey>,
}

impl State {
    /// Loads the state from a store whose rows are all in the day files.
    pub fn load(
        store: &Store,
        now: Timestamp,
        rules: impl Fn(&OpenSession) -> SessionRules,
    ) -> Result<Self, Error> {
        let mut state = Self::default();
        for day in store.days()?.into_iter().rev().take(3) {
            let mut failed = None;
            store.each_open_session::<RestingSession>(day, |resting, row| {
                let visitor = resting.visitor();
                // Days come newest first: an older row of the same visitor is a leftover.
                if state.packed.contains_key(&visitor) {
                    state.orphans.push((visitor, day));
                } else if let Err(e) = state.load_one(store, day, (resting, row), now, &rules) {
                    failed = Some(e);
                }
            })?;
            if let Some(e) = failed {
                return Err(e);
            }
        }
        for id in store.recent_beacons(2 * BEACON_IDS)? {
            state.seen.take(id, now);
        }
        let end = Timestamp(now.0 + HOUR_MILLIS);
        let minutes = Timestamp(now.0 - 10 * MINUTE_MILLIS);
        state.outcomes = store.outcomes(minutes, end)?.into_iter().collect();
        let hours = Timestamp(now.0 - 3 * HOUR_MILLIS);
        state.usage = store.usage(hours, end)?.into_iter().collect();
        Ok(state)
    }

    fn load_one(
        &mut self,
        store: &Store,
        stored: Day,
        (resting, row): (RestingSession, &[u8]),
        now: Timestamp,
        rules: impl Fn(&OpenSession) -> SessionRules,
    ) -> Result<(), Error> {
        let visitor = resting.visitor();
        let live = match resting.live() {
            Some(id) => store.session_row(id)?.map(Vec::into_boxed_slice),
            None => None,
        };
        let open = wake(resting, live.as_deref())?;
        let deadline = sessionizer::deadline(&open, &rules(&open));
        self.deadlines.insert((deadline, visitor));
        if let Some(ended) = open.previous() {
            self.remember_ended(ended.id, ended.usage_units, now);
        }
        self.packed.insert(visitor, Packed { row: row.into(), live, stored, deadline });
        Ok(())
    }

    /// Takes a visitor's state out, to change it.
    pub fn release(&mut self, visitor: VisitorId) -> Result<Option<Held>, Error> {
        let held = match self.awake.remove(&visitor) {
            Some(held) => Some(held),
            None => match self.packed.remove(&visitor) {
                Some(Packed { row, live, stored, deadline }) => {
                    let resting = codec::decode_as(&row, OPEN_SESSION, OPEN_SESSION_VERSION)?;
                    let open = wake(resting, live.as_deref())?;
                    Some(Held { open, stored: Some(stored), deadline })
                }
                None => None,
            },
        };
        if let Some(held) = &held {
            self.deadlines.remove(&(held.deadline, visitor));
        }
        Ok(held)
    }

    /// Puts a visitor's state in, until [`State::pack`] at the end of the batch.
    pub fn hold(&mut self, open: OpenSession, stored: Option<Day>, rules: &SessionRules) {
        let deadline = sessionizer::deadline(&open, rules);
        let visitor = open.visitor();
        self.deadlines.insert((deadline, visitor));
        self.awake.insert(visitor, Held { open, stored, deadline });
    }

    /// Visitors whose state the batch changed; each must be given to [`State::pack`].
    pub fn take_awake(&mut self) -> BTreeMap<VisitorId, Held> {
        std::mem::take(&mut self.awake)
    }

    /// Keeps a visitor's state as its row, and that of the live session, until it is needed again.
    pub fn pack(
        &mut self,
        visitor: VisitorId,
        (row, live): (&[u8], Option<&[u8]>),
        stored: Day,
        deadline: Timestamp,
    ) {
        let live = live.map(Into::into);
        self.packed.insert(visitor, Packed { row: row.into(), live, stored, deadline });
    }

    /// The next visitor whose deadline has passed.
    #[must_use]
    pub fn due(&self, now: Timestamp) -> Option<VisitorId> {
        self.deadlines.first().filter(|(at, _)| *at <= now).map(|(_, visitor)| *visitor)
    }

    /// The visitor whose state will end first: the one to give up when there are too many.
    #[must_use]
    pub fn first_to_end(&self) -> Option<VisitorId> {
        self.deadlines.first().map(|(_, visitor)| *visitor)
    }

    /// Visitors held.
    #[must_use]
    pub fn open_count(&self) -> usize {
        self.packed.len() + self.awake.len()
    }

    /// Adds to a counter of outcomes.
    pub fn count(&mut self, key: OutcomeKey, n: u64) {
        *self.outcomes.entry(key).or_default() += n;
        self.dirty_outcomes.insert(key);
    }

    /// A counter of outcomes.
    #[must_use]
    pub fn outcome(&self, key: OutcomeKey) -> u64 {
        self.outcomes.get(&key).copied().unwrap_or(0)
    }

    /// A counter of license units.
    #[must_use]
    pub fn usage(&self, key: UsageKey) -> u64 {
        self.usage.get(&key).copied().unwrap_or(0)
    }

    /// Books the units of a session that ended; of one that was booked before, the difference.
    pub fn book(&mut self, session: SessionId, units: u32, key: UsageKey, now: Timestamp) {
        let before = self.remember_ended(session, units, now).unwrap_or(0);
        let more = units.saturating_sub(before);
        if more > 0 {
            *self.usage.entry(key).or_default() += u64::from(more);
            self.dirty_usage.insert(key);
        }
    }

    /// Notes what was booked for a session; gives what was before.
    fn remember_ended(&mut self, session: SessionId, units: u32, now: Timestamp) -> Option<u32> {
        let before = self.ended.insert(session, units);
        if before.is_none() {
            self.ended_order.push_back((now, session));
        }
        before
    }

    /// Forgets what is too old to matter.
    pub fn prune(&mut self, now: Timestamp) {
        while self.ended_order.len() > ENDED_MAX
            || self.ended_order.front().is_some_and(|(at, _)| now.since(*at) > ENDED_AGE)
        {
            if let Some((_, id)) = self.ended_order.pop_front() {
                self.ended.remove(&id);
            }
        }
        let minute = u32::try_from((now.0 - 30 * MINUTE_MILLIS) / MINUTE_MILLIS).unwrap_or(0);
        self.outcomes.retain(|key, _| key.minute >= minute);
        let hour = u32::try_from((now.0 - 3 * HOUR_MILLIS) / HOUR_MILLIS).unwrap_or(0);
        self.usage.retain(|key, _| key.hour >= hour);
    }
}

/// The state of a visitor from its rows.
fn wake(resting: RestingSession, live: Option<&[u8]>) -> Result<OpenSession, Error> {
    let live = live.map(codec::decode::<Session>).transpose()?;
    let visitor = resting.visitor();
    resting.wake(live).ok_or_else(|| Error::Record {
        kind: OPEN_SESSION,
        reason: format!("the session row of {visitor} is missing"),
    })
}
