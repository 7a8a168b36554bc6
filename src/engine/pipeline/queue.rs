//! The door of the pipeline: offering never waits, answers come after the commit.

use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Mutex, PoisonError};

use tokio::sync::oneshot;

use crate::base::id::{ApplicationId, BeaconId, VisitorId};
use crate::base::limits;
use crate::base::time::Timestamp;
use crate::logic::enrich::Enriched;
use crate::model::outcome::Outcome;

/// An enriched, masked beacon on its way to the store.
#[derive(Debug)]
pub struct Envelope {
    /// Made by the agent.
    pub beacon: BeaconId,
    /// Application to which it was addressed.
    pub application: ApplicationId,
    /// Browser.
    pub visitor: VisitorId,
    /// Run of the browser.
    pub browser_session: u64,
    /// Tab.
    pub tab: u64,
    /// When we received it.
    pub received_at: Timestamp,
    /// Whether the browser had no visitor id before.
    pub is_new_visitor: bool,
    /// Events that the agent had to drop.
    pub lost: u32,
    /// Release of the application.
    pub release: String,
    /// What enriching made of it.
    pub enriched: Enriched,
}

/// An envelope with the place where its outcome is awaited.
#[derive(Debug)]
pub struct Offer {
    /// The beacon.
    pub envelope: Box<Envelope>,
    /// Told after the commit.
    pub answer: oneshot::Sender<Outcome>,
}

/// The sending side of the pipeline.
#[derive(Debug)]
pub struct Pipeline {
    sender: Mutex<Option<SyncSender<Offer>>>,
}

impl Pipeline {
    /// A pipeline and the receiving side for its worker.
    #[must_use]
    pub fn new() -> (Self, Receiver<Offer>) {
        let (sender, receiver) = sync_channel(limits::QUEUE_BEACONS);
        (Self { sender: Mutex::new(Some(sender)) }, receiver)
    }

    /// Offers a beacon without waiting; the answer comes when it is on disk.
    pub fn offer(&self, envelope: Box<Envelope>) -> Result<oneshot::Receiver<Outcome>, Outcome> {
        let sender = self.sender.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let Some(sender) = sender else {
            return Err(Outcome::Stopping);
        };
        let (answer, outcome) = oneshot::channel();
        match sender.try_send(Offer { envelope, answer }) {
            Ok(()) => Ok(outcome),
            Err(TrySendError::Full(_)) => Err(Outcome::QueueFull),
            Err(TrySendError::Disconnected(_)) => Err(Outcome::Stopping),
        }
    }

    /// Takes nothing more; the worker finishes what is queued and ends.
    pub fn close(&self) {
        self.sender.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}
