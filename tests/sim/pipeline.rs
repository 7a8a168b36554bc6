//! The same worlds through batch, store and recovery: what is on disk in the end is what the sessionizer says.

use std::collections::BTreeMap;
use std::path::Path;

use footfall::base::entropy::Entropy;
use footfall::base::id::{BeaconId, VisitorId};
use footfall::base::time::Timestamp;
use footfall::engine::pipeline::Envelope;
use footfall::engine::pipeline::batch::Batch;
use footfall::engine::pipeline::state::State;
use footfall::logic::enrich::{Enriched, EnrichedPart};
use footfall::model::outcome::Outcome;
use footfall::model::session::SessionKind;
use footfall::model::visitor::Visit;
use footfall::store::codec::Encoder;
use footfall::store::{Store, StoreOptions};

use super::driver::{self, APP, Found};
use super::world::{Delivery, World};

/// Long after everything.
const END: Timestamp = Timestamp(1_800_000_000_000);

/// What goes wrong with a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    None,
    /// The process dies after the batch was acknowledged.
    Killed,
    /// The process dies while the batch is being written: its end is missing.
    Torn,
    /// The disk refuses the batch; the store opens again.
    Refused,
}

struct Machine<'a> {
    world: &'a World,
    folder: &'a Path,
    store: Store,
    state: State,
    encoder: Encoder,
    entropy: Entropy,
    /// Outcomes of what was acknowledged.
    outcomes: BTreeMap<Outcome, u64>,
    /// Deliveries that were not acknowledged, by position.
    lost: Vec<usize>,
}

fn open(world: &World, folder: &Path, now: Timestamp) -> (Store, State) {
    let options = StoreOptions { free_bytes_min: 0, ..StoreOptions::default() };
    let (store, _) = Store::open(folder, options).unwrap();
    let state = State::load(&store, now, |_| world.rules).unwrap();
    (store, state)
}

impl<'a> Machine<'a> {
    fn new(world: &'a World, folder: &'a Path) -> Self {
        let (store, state) = open(world, folder, Timestamp(0));
        Self {
            world,
            folder,
            store,
            state,
            encoder: Encoder::new().unwrap(),
            entropy: Entropy::seeded(2),
            outcomes: BTreeMap::new(),
            lost: Vec::new(),
        }
    }

    /// Takes one batch of deliveries, `first..first + batch.len()` of the world.
    fn take(&mut self, first: usize, batch: &[Delivery], fault: Fault) {
        let now = batch.last().map_or(END, |beacon| Timestamp(beacon.received_at));
        let rules = |_| self.world.rules;
        let mut working =
            Batch::new(&mut self.state, &mut self.encoder, &self.entropy, &rules, now);
        let taken: Vec<Outcome> =
            batch.iter().map(|beacon| working.take(envelope(beacon)).unwrap()).collect();
        working.expire(usize::MAX).unwrap();
        let changes = working.finish().unwrap();
        if fault == Fault::Refused {
            self.store.latch_with("the disk says no");
            assert!(self.store.append(changes).is_err());
            self.store.reopen().unwrap();
            self.state = State::load(&self.store, now, |_| self.world.rules).unwrap();
            self.lost.extend(first..first + batch.len());
            return;
        }
        self.store.append(changes).unwrap();
        if fault == Fault::Torn {
            self.die(now, 1 + self.entropy.below(12));
            self.lost.extend(first..first + batch.len());
            return;
        }
        for outcome in taken {
            *self.outcomes.entry(outcome).or_default() += 1;
        }
        if fault == Fault::Killed {
            self.die(now, 0);
        } else if self.entropy.below(4) == 0 {
            self.store.checkpoint().unwrap();
        }
    }

    /// Loses all memory, and the last bytes of the journal, and starts again.
    fn die(&mut self, now: Timestamp, bytes_lost: u64) {
        let journal = self.folder.join("journal");
        let newest = std::fs::read_dir(journal)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| {
                let is_kept = path.to_str().unwrap().contains("kept");
                path.extension().is_some_and(|end| end == "log") && !is_kept
            })
            .max()
            .unwrap();
        // The day files are locked by the process that dies.
        let nowhere = tempfile::tempdir().unwrap();
        let (store, state) = open(self.world, nowhere.path(), now);
        (self.store, self.state) = (store, state);
        if bytes_lost > 0 {
            let file = std::fs::OpenOptions::new().write(true).open(newest).unwrap();
            let length = file.metadata().unwrap().len();
            file.set_len(length - bytes_lost).unwrap();
        }
        (self.store, self.state) = open(self.world, self.folder, now);
    }

    /// Ends all sessions and reads what is on disk.
    fn finish(mut self) -> (Found, u64, Vec<usize>) {
        self.take(0, &[], Fault::None);
        self.store.checkpoint().unwrap();
        let mut found = Found::default();
        for day in self.store.days().unwrap() {
            for session in self.store.sessions_of_day(day, None, 100_000).unwrap() {
                for action in self.store.actions(session.id).unwrap() {
                    found.actions.push((session.id, action.number, action.name));
                }
                assert!(session.end_reason.is_some(), "everything is over in the end");
                found.ended.push(session.id);
                found.sessions.insert(session.id, session);
            }
            let mut left = 0;
            self.store.each_open_session(day, |_: u8, _| left += 1).unwrap();
            assert_eq!(left, 0, "no state is left behind");
        }
        let everything = (Timestamp(0), Timestamp(i64::MAX / 2));
        let usage = self.store.usage(everything.0, everything.1).unwrap();
        let mut outcomes = BTreeMap::<Outcome, u64>::new();
        for (key, count) in self.store.outcomes(everything.0, everything.1).unwrap() {
            *outcomes.entry(key.outcome).or_default() += count;
        }
        assert_eq!(outcomes, self.outcomes, "each acknowledged beacon is counted once");
        (found, usage.iter().map(|(_, units)| units).sum(), self.lost)
    }
}

fn envelope(beacon: &Delivery) -> Envelope {
    let part = EnrichedPart { inputs: driver::inputs(beacon), ..EnrichedPart::new(APP) };
    let unique = u128::from(beacon.visitor) << 64 | u128::from(beacon.id);
    Envelope {
        beacon: BeaconId(unique),
        application: APP,
        visitor: VisitorId(u128::from(beacon.visitor)),
        browser_session: beacon.browser_session,
        tab: beacon.tab,
        received_at: Timestamp(beacon.received_at),
        is_new_visitor: false,
        lost: 0,
        release: String::new(),
        enriched: Enriched {
            visit: Visit::default(),
            kind: SessionKind::RealUser,
            clock_offset: 0,
            clamped: 0,
            is_too_old: false,
            ruleset: 1,
            parts: vec![part],
        },
    }
}

/// Runs a world through the pipeline; gives what is on disk, the license units booked, and what was lost.
fn run(world: &World, seed: u64, has_faults: bool) -> (Found, u64, Vec<usize>) {
    let folder = tempfile::tempdir().unwrap();
    let entropy = Entropy::seeded(seed);
    let mut machine = Machine::new(world, folder.path());
    let mut first = 0;
    while first < world.deliveries.len() {
        let size = 1 + usize::try_from(entropy.below(12)).unwrap();
        let end = (first + size).min(world.deliveries.len());
        let fault = match entropy.below(6) {
            0 if has_faults => Fault::Killed,
            1 if has_faults => Fault::Torn,
            2 if has_faults => Fault::Refused,
            _ => Fault::None,
        };
        machine.take(first, &world.deliveries[first..end], fault);
        first = end;
    }
    machine.finish()
}

/// What is on disk after a run with or without faults equals what the sessionizer makes of all that was acknowledged.
pub fn check(seed: u64, has_faults: bool) {
    let world = World::new(seed);
    let (found, units, lost) = run(&world, seed, has_faults);
    let mut arrived = world.clone();
    let mut position = 0;
    arrived.deliveries.retain(|_| {
        position += 1;
        !lost.contains(&(position - 1))
    });
    let expected = driver::run(&arrived, driver::Timers::OnTime);
    super::oracles::limits(&world, &found);
    super::oracles::same(&super::oracles::digest(&found), &super::oracles::digest(&expected));
    let of_sessions: u64 = found.sessions.values().map(|s| u64::from(s.usage_units)).sum();
    assert_eq!(units, of_sessions, "usage is a function of the sessions");
}
