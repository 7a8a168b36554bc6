//! The same worlds through batch, store and recovery: what is on disk in the end is what the sessionizer says.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

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
use footfall::store::schema::{self, Table};
use footfall::store::{Error, Store, StoreOptions};
use redb::{ReadableTable, TableHandle};

use super::disk::{self, Disk};
use super::driver::{self, APP, Found};
use super::index::Index;
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
    /// The disk under the day files fails while the batch, which was acknowledged, is written there.
    Disk(disk::Fault),
}

/// How hard a machine's life is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Life {
    /// Real files, nothing fails.
    Quiet,
    /// Processes are killed, journals torn, batches refused; the disk under the day files fails in every way it can.
    Hard,
}

struct Machine<'a> {
    world: &'a World,
    folder: &'a Path,
    /// `None` for a real one.
    disk: Option<Disk>,
    store: Arc<Store>,
    index: Option<Index>,
    state: State,
    encoder: Encoder,
    entropy: Entropy,
    /// Outcomes of what was acknowledged.
    outcomes: BTreeMap<Outcome, u64>,
    /// Deliveries that were not acknowledged, by position.
    lost: Vec<usize>,
}

/// Opens the store and loads the state; a disk that fails meanwhile makes it fail.
fn open(
    world: &World,
    folder: &Path,
    disk: Option<&Disk>,
    now: Timestamp,
) -> Result<(Arc<Store>, State), Error> {
    let mut options = StoreOptions { free_bytes_min: 0, ..StoreOptions::default() };
    if disk.is_some() {
        options.open_database = disk::open;
    }
    let (store, _) = Store::open(folder, options)?;
    let state = State::load(&store, now, |_| world.rules)?;
    Ok((Arc::new(store), state))
}

impl<'a> Machine<'a> {
    fn new(world: &'a World, folder: &'a Path, disk: Option<Disk>, has_index: bool) -> Self {
        let (store, state) = open(world, folder, disk.as_ref(), Timestamp(0)).unwrap();
        let index = has_index.then(|| Index::open(folder, &store, Timestamp(0)));
        Self {
            world,
            folder,
            disk,
            store,
            index,
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
        match fault {
            Fault::Killed => self.die(now, 0),
            Fault::Disk(fault) => self.write_with(fault, now),
            _ if self.entropy.below(4) == 0 => drop(self.store.checkpoint().unwrap()),
            _ => {}
        }
        if let Some(index) = self.index.as_mut().filter(|_| self.entropy.below(4) == 0) {
            index.cycle(now);
        }
    }

    /// Writes the day files while the disk fails: what was acknowledged is written later, or after the next start.
    fn write_with(&mut self, fault: disk::Fault, now: Timestamp) {
        let Some(disk) = self.disk.clone() else { return };
        disk.arm(fault);
        let written = self.store.checkpoint();
        if !disk.has_power() {
            assert!(written.is_err(), "nothing is written without power");
            self.die(now, 0);
            return;
        }
        disk.heal();
        if written.is_err() && self.entropy.below(2) == 0 {
            assert!(self.store.checkpoint().unwrap(), "what could not be written still waits");
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
        let disk = self.disk.clone().unwrap();
        let has_index = self.index.take().is_some();
        if disk.has_power() && self.entropy.below(2) == 0 {
            disk.kill();
        } else {
            disk.cut_power();
        }
        if bytes_lost > 0 {
            let file = std::fs::OpenOptions::new().write(true).open(newest).unwrap();
            let length = file.metadata().unwrap().len();
            file.set_len(length - bytes_lost).unwrap();
        }
        // The power may go again while the journal is applied.
        if self.entropy.below(3) == 0 {
            disk.arm(disk::Fault::Power(self.entropy.below(60)));
            let opened = open(self.world, self.folder, Some(&disk), now);
            assert!(opened.is_ok() || !disk.has_power(), "only the power keeps a store closed");
            drop(opened);
            disk.cut_power();
        }
        (self.store, self.state) = open(self.world, self.folder, Some(&disk), now).unwrap();
        self.index = has_index.then(|| Index::open(self.folder, &self.store, now));
    }

    /// Bytes of all rows of all days.
    fn dump(&self) -> String {
        let mut digest = blake3::Hasher::new();
        let more = [schema::META, schema::CHANGED_BY_SEQUENCE, schema::BEACON_BY_SEQUENCE];
        for day in self.store.days().unwrap() {
            let file = self.store.day(day).unwrap().unwrap();
            let read = file.read().unwrap();
            for table in Table::ALL.map(Table::definition).into_iter().chain(more) {
                digest.update(format!("{day}{}", table.name()).as_bytes());
                let Some(rows) = file.table(&read, table).unwrap() else { continue };
                for row in rows.iter().unwrap() {
                    let (key, value) = row.unwrap();
                    for bytes in [key.value(), value.value()] {
                        digest.update(&bytes.len().to_le_bytes());
                        digest.update(bytes);
                    }
                }
            }
        }
        digest.finalize().to_hex().to_string()
    }

    /// Ends all sessions and reads what is on disk.
    fn finish(mut self) -> Outcomes {
        self.take(0, &[], Fault::None);
        self.store.checkpoint().unwrap();
        if let Some(index) = self.index.as_mut() {
            index.check(&self.store, END);
        }
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
        Outcomes {
            found,
            units: usage.iter().map(|(_, units)| units).sum(),
            dump: self.dump(),
            next_random: self.entropy.next_u64(),
            lost: self.lost,
        }
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

/// What a run left behind.
struct Outcomes {
    /// What is on disk.
    found: Found,
    /// License units booked.
    units: u64,
    /// Deliveries that were not acknowledged, by position.
    lost: Vec<usize>,
    /// Digest of all bytes in the store.
    dump: String,
    next_random: u64,
}

fn next_fault(entropy: &Entropy) -> Fault {
    match entropy.below(14) {
        0 | 1 => Fault::Killed,
        2 | 3 => Fault::Torn,
        4 => Fault::Refused,
        5 => Fault::Disk(disk::Fault::Write(entropy.below(30))),
        6 => Fault::Disk(disk::Fault::Sync(entropy.below(3))),
        7 => Fault::Disk(disk::Fault::Full),
        8 | 9 => Fault::Disk(disk::Fault::Power(entropy.below(40))),
        _ => Fault::None,
    }
}

/// Runs a world through the pipeline.
fn run(world: &World, seed: u64, life: Life, has_index: bool) -> (Outcomes, [u64; 4]) {
    let folder = tempfile::tempdir().unwrap();
    let entropy = Entropy::seeded(seed);
    let disk = (life == Life::Hard).then(|| Disk::mount(seed));
    let mut machine = Machine::new(world, folder.path(), disk.clone(), has_index);
    let mut first = 0;
    while first < world.deliveries.len() {
        let size = 1 + usize::try_from(entropy.below(12)).unwrap();
        let end = (first + size).min(world.deliveries.len());
        let fault = if life == Life::Hard { next_fault(&entropy) } else { Fault::None };
        machine.take(first, &world.deliveries[first..end], fault);
        first = end;
    }
    (machine.finish(), disk.map_or([0; 4], |disk| disk.struck()))
}

/// What is on disk after a run equals what the sessionizer makes of all that was acknowledged: as if the rest never
/// arrived. Gives how often each fault of the disk struck.
pub fn check(seed: u64, life: Life, has_index: bool) -> [u64; 4] {
    let world = World::new(seed);
    let (left, struck) = run(&world, seed, life, has_index);
    let mut arrived = world.clone();
    let mut position = 0;
    arrived.deliveries.retain(|_| {
        position += 1;
        !left.lost.contains(&(position - 1))
    });
    let expected = driver::run(&arrived, driver::Timers::OnTime);
    super::oracles::limits(&world, &left.found);
    super::oracles::same(&super::oracles::digest(&left.found), &super::oracles::digest(&expected));
    let of_sessions: u64 = left.found.sessions.values().map(|s| u64::from(s.usage_units)).sum();
    assert_eq!(left.units, of_sessions, "usage is a function of the sessions");
    struck
}

/// The same seed leaves the same bytes in the store and draws the same numbers, whatever went wrong.
pub fn check_same_bytes(seed: u64) {
    let world = World::new(seed);
    let (one, _) = run(&world, seed, Life::Hard, false);
    let (other, _) = run(&world, seed, Life::Hard, false);
    assert_eq!((one.dump, one.next_random), (other.dump, other.next_random));
}
