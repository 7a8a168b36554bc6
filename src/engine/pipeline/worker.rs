//! The threads of the pipeline: one takes batches, one writes checkpoints behind it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::thread::{JoinHandle, Thread};
use std::time::Duration;

use super::batch::Batch;
use super::queue::Offer;
use super::state::State;
use crate::base::clock::Clock;
use crate::base::entropy::Entropy;
use crate::base::limits;
use crate::base::time::{Millis, Timestamp};
use crate::engine::outcomes::Outcomes;
use crate::engine::registry::SharedRegistry;
use crate::model::outcome::Outcome;
use crate::store::codec::Encoder;
use crate::store::{Error, Store};

/// How long the worker waits for a beacon before it looks at the clock.
const IDLE_WAIT: Duration = Duration::from_millis(100);
/// Beacons of a batch from which on the next one waits for company: a sync, and waking this thread, then serves more.
const DEEP_BATCH: usize = 8;
/// That wait: a small part of what a sync takes on most disks.
const COMPANY_WAIT: Duration = Duration::from_millis(1);
/// Time between two looks at deadlines, counters and disk.
const TICK: Millis = Millis(500);
/// Sessions ended in one tick: keeps the answer of waiting beacons prompt.
const EXPIRE_MAX: usize = 2_000;
/// Time between two checkpoints.
const CHECKPOINT: Duration = Duration::from_secs(1);
/// Staged bytes above which beacons are refused until a checkpoint is through.
const STAGED_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Staged bytes above which the worker waits for the checkpoint.
const STAGED_BYTES_HIGH: usize = 32 * 1024 * 1024;
/// Staged bytes above which a checkpoint does not wait for its time: they are held in memory.
const STAGED_BYTES_DUE: usize = 16 * 1024 * 1024;

/// What the threads share.
#[derive(Debug, Clone)]
pub struct Parts {
    /// Clock.
    pub clock: Clock,
    /// Store.
    pub store: Arc<Store>,
    /// Applications and rules.
    pub registry: SharedRegistry,
    /// Outcomes.
    pub outcomes: Arc<Outcomes>,
    /// Shared figures.
    pub gauges: Arc<Gauges>,
}

/// Figures of the pipeline that others read.
#[derive(Debug, Default)]
pub struct Gauges {
    /// Open sessions.
    pub open_sessions: AtomicI64,
    /// When the worker was last alive, epoch milliseconds.
    pub heartbeat: AtomicI64,
    /// Whether the disk is too full to go on.
    pub is_full: AtomicBool,
}

/// The running threads.
#[derive(Debug)]
pub struct Threads {
    worker: JoinHandle<()>,
    checkpointer: JoinHandle<()>,
    stop: Arc<AtomicBool>,
}

impl Threads {
    /// Loads the state and starts the threads.
    ///
    /// # Errors
    /// When the state cannot be loaded or a thread cannot be started.
    pub fn start(parts: &Parts, receiver: Receiver<Offer>) -> Result<Self, Error> {
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let store = Arc::clone(&parts.store);
        let spawn = |name: &str, work: Box<dyn FnOnce() + Send>| {
            std::thread::Builder::new()
                .name(name.to_owned())
                .spawn(work)
                .map_err(Error::io("start thread for", store.folder()))
        };
        let checkpoints = Arc::clone(&parts.store);
        let state = load(parts)?;
        let checkpointer =
            spawn("checkpoint", Box::new(move || checkpoint(&checkpoints, &stopped)))?;
        let worker = Worker::new(parts.clone(), state, checkpointer.thread().clone())?;
        let worker = spawn("pipeline", Box::new(move || worker.run(&receiver)))?;
        Ok(Self { worker, checkpointer, stop })
    }

    /// Waits until the queue, which must be closed, is worked off and written.
    pub fn finish(self) {
        let is_worker_well = self.worker.join().is_ok();
        self.stop.store(true, Ordering::SeqCst);
        self.checkpointer.thread().unpark();
        if self.checkpointer.join().is_err() || !is_worker_well {
            tracing::error!("a thread of the pipeline had died");
        }
    }
}

fn checkpoint(store: &Store, stop: &AtomicBool) {
    let mut is_failing = false;
    loop {
        let is_last = stop.load(Ordering::SeqCst);
        match store.checkpoint() {
            Ok(_) => is_failing = false,
            Err(e) if !is_failing => {
                is_failing = true;
                tracing::error!(error = chain(&e), "cannot write checkpoint, will try again");
            }
            Err(_) => {}
        }
        if is_last {
            return;
        }
        std::thread::park_timeout(CHECKPOINT);
    }
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

struct Worker {
    parts: Parts,
    state: State,
    checkpointer: Thread,
    encoder: Encoder,
    ids: Entropy,
    ticked: Timestamp,
    checked: Timestamp,
}

impl Worker {
    fn new(parts: Parts, state: State, checkpointer: Thread) -> Result<Self, Error> {
        // Session ids are no secrets: one draw from the system seeds them.
        let ids = Entropy::seeded(Entropy::System.next_u64());
        let encoder = Encoder::new()?;
        let zero = Timestamp::default();
        Ok(Self { parts, state, checkpointer, encoder, ids, ticked: zero, checked: zero })
    }

    fn run(mut self, receiver: &Receiver<Offer>) {
        let mut offers = Vec::with_capacity(limits::BATCH_BEACONS);
        let mut last = 0;
        loop {
            if last >= DEEP_BATCH {
                std::thread::sleep(COMPANY_WAIT);
            }
            match receiver.recv_timeout(IDLE_WAIT) {
                Ok(offer) => offers.push(offer),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            while offers.len() < limits::BATCH_BEACONS {
                match receiver.try_recv() {
                    Ok(offer) => offers.push(offer),
                    Err(_) => break,
                }
            }
            last = offers.len();
            self.turn(&mut offers);
        }
        self.ticked = Timestamp::default();
        self.turn(&mut offers);
    }

    fn turn(&mut self, offers: &mut Vec<Offer>) {
        let now = self.parts.clock.now();
        self.parts.gauges.heartbeat.store(now.0, Ordering::Relaxed);
        let is_tick = now.since(self.ticked) >= TICK;
        if is_tick {
            self.ticked = now;
            if let Err(e) = self.encoder.follow(self.parts.store.trained()) {
                tracing::error!(error = chain(&e), "the trained dictionary cannot be used");
            }
            self.check_disk(now);
            self.state.prune(now);
        }
        if offers.is_empty() && !is_tick {
            return;
        }
        if self.is_refusing(now, offers) {
            return;
        }
        let mut answers = Vec::with_capacity(offers.len());
        let result = self.batch(now, is_tick, offers, &mut answers);
        let is_written = match result {
            Ok(()) => true,
            Err(e) => {
                tracing::error!(
                    error = chain(&e),
                    "batch was not written, its beacons are refused"
                );
                self.parts.store.latch_with(&e.to_string());
                false
            }
        };
        for (answer, outcome) in answers {
            let outcome = if is_written { outcome } else { Outcome::StoreUnavailable };
            self.parts.outcomes.tell(outcome);
            // A browser that went away does not need its answer.
            let _gone = answer.send(outcome);
        }
        self.parts.outcomes.cap(self.state.cardinality.take_capped());
        let open = i64::try_from(self.state.open_count()).unwrap_or(i64::MAX);
        self.parts.gauges.open_sessions.store(open, Ordering::Relaxed);
    }

    fn batch(
        &mut self,
        now: Timestamp,
        is_tick: bool,
        offers: &mut Vec<Offer>,
        answers: &mut Vec<(tokio::sync::oneshot::Sender<Outcome>, Outcome)>,
    ) -> Result<(), Error> {
        let registry = self.parts.registry.load();
        let rules = |application| registry.session_rules(application);
        let mut batch = Batch::new(&mut self.state, &mut self.encoder, &self.ids, &rules, now);
        let mut failed = None;
        for Offer { envelope, answer } in offers.drain(..) {
            let outcome = batch.take(*envelope).unwrap_or_else(|e| {
                failed = Some(e);
                Outcome::StoreUnavailable
            });
            answers.push((answer, outcome));
        }
        if let Some(e) = failed {
            return Err(e);
        }
        if is_tick {
            batch.expire(EXPIRE_MAX)?;
            for ((application, outcome), n) in self.parts.outcomes.drain() {
                batch.count(application, outcome, n);
            }
        }
        let changes = batch.finish()?;
        if changes.rows.is_empty() && changes.beacons.is_empty() {
            return Ok(());
        }
        self.parts.store.append(changes)?;
        if self.parts.store.staged_bytes() > STAGED_BYTES_DUE {
            self.checkpointer.unpark();
        }
        Ok(())
    }

    fn check_disk(&mut self, now: Timestamp) {
        if now.since(self.checked) < Millis::secs(5) {
            return;
        }
        self.checked = now;
        let is_full = match self.parts.store.check_space() {
            Ok(()) => false,
            Err(e) => {
                if !self.parts.gauges.is_full.load(Ordering::Relaxed) {
                    tracing::error!(error = chain(&e), "beacons are refused until there is space");
                }
                true
            }
        };
        self.parts.gauges.is_full.store(is_full, Ordering::Relaxed);
    }

    /// Refuses what is offered while the store cannot take it; tries to take it again once a tick.
    fn is_refusing(&mut self, now: Timestamp, offers: &mut Vec<Offer>) -> bool {
        if self.parts.store.latch().is_some() && now == self.ticked {
            let reopened = self.parts.store.reopen().and_then(|()| load(&self.parts));
            match reopened {
                Ok(state) => {
                    tracing::info!("the store takes writes again");
                    let cardinality = std::mem::take(&mut self.state.cardinality);
                    self.state = state;
                    self.state.cardinality = cardinality;
                }
                Err(e) => self.parts.store.latch_with(&chain(&e)),
            }
        }
        if self.parts.store.staged_bytes() > STAGED_BYTES_HIGH {
            std::thread::sleep(Duration::from_millis(5));
        }
        let is_refusing = self.parts.store.latch().is_some()
            || self.parts.gauges.is_full.load(Ordering::Relaxed)
            || self.parts.store.staged_bytes() > STAGED_BYTES_MAX;
        if is_refusing {
            for Offer { answer, .. } in offers.drain(..) {
                self.parts.outcomes.tell(Outcome::StoreUnavailable);
                let _gone = answer.send(Outcome::StoreUnavailable);
            }
        }
        is_refusing
    }
}

fn load(parts: &Parts) -> Result<State, Error> {
    let registry = parts.registry.load();
    State::load(&parts.store, parts.clock.now(), |open| registry.session_rules(open.application()))
}
