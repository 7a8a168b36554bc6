//! The thread of the demo: plays the week, starts the threads of the process, then sends live visitors.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Receiver;
use std::thread::JoinHandle;
use std::time::Duration;

use super::fill::{self, Filled, Plan};
use super::pages::ORIGIN;
use super::{Visit, Visitors};
use crate::base::id::ApplicationId;
use crate::base::time::Millis;
use crate::engine::http_call::Call;
use crate::engine::pipeline::queue::Offer;
use crate::engine::running::{Running, StartError};
use crate::engine::services::Services;
use crate::{store, wire};

/// Time between two looks at who wants to send.
const LOOK: Duration = Duration::from_millis(250);
/// A beacon that is later than this is lost: the machine slept, or the week took long.
const LATE: Millis = Millis::mins(2);

/// Why there is no demo.
#[derive(Debug, thiserror::Error)]
pub enum ShowError {
    /// The week could not be stored.
    #[error("cannot store the simulated week")]
    Fill(#[from] store::Error),
    /// The threads of the process did not start.
    #[error(transparent)]
    Start(#[from] StartError),
    /// A fault of ours.
    #[error("the thread of the demo died")]
    Died,
}

/// What the demo is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum News {
    /// The week is being played.
    Filling(Filled),
    /// The week is stored; so many of its sessions are searchable.
    Indexing {
        /// Searchable.
        done: u64,
        /// All of them.
        of: u64,
    },
    /// All of it is searchable, visitors are live.
    Live(Filled),
    /// It will not go on; [`Show::finish`] tells why.
    Failed,
}

/// The running demo.
#[derive(Debug)]
pub struct Show {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<Result<Option<Running>, ShowError>>,
}

impl Show {
    /// Starts the thread. `ingest` is the listener to which live visitors post; `tell` hears how it goes.
    pub fn start(
        services: Arc<Services>,
        receiver: Receiver<Offer>,
        plan: Plan,
        ingest: SocketAddr,
        mut tell: impl FnMut(News) + Send + 'static,
    ) -> std::io::Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let thread = std::thread::Builder::new().name("demo".to_owned()).spawn(move || {
            let shown = show(&services, receiver, &plan, ingest, &stopped, &mut tell);
            if shown.is_err() {
                tell(News::Failed);
            }
            shown
        })?;
        Ok(Self { stop, thread })
    }

    /// Stops the visitors, then the threads of the process; their queue must be closed.
    pub fn finish(self) -> Result<(), ShowError> {
        self.stop.store(true, Ordering::SeqCst);
        self.thread.thread().unpark();
        if let Some(running) = self.thread.join().map_err(|_| ShowError::Died)?? {
            running.finish();
        }
        Ok(())
    }
}

fn show(
    services: &Arc<Services>,
    receiver: Receiver<Offer>,
    plan: &Plan,
    ingest: SocketAddr,
    stop: &AtomicBool,
    tell: &mut dyn FnMut(News),
) -> Result<Option<Running>, ShowError> {
    let (filled, mut visitors) =
        fill::fill(services, plan, stop, &mut |filled| tell(News::Filling(filled)))?;
    if stop.load(Ordering::SeqCst) {
        return Ok(None);
    }
    let running = Running::start(services, receiver)?;
    let mut is_searchable = false;
    while !stop.load(Ordering::SeqCst) {
        if !is_searchable {
            let done = services.search.session_count().min(filled.sessions);
            is_searchable = done == filled.sessions;
            tell(News::Indexing { done, of: filled.sessions });
            if is_searchable {
                tell(News::Live(filled));
            }
        }
        send_due(services, &mut visitors, ingest);
        std::thread::park_timeout(LOOK);
    }
    Ok(Some(running))
}

/// Sends what is due by now.
fn send_due(services: &Services, visitors: &mut Visitors, ingest: SocketAddr) {
    let now = services.now();
    while let Some(visit) = visitors.next_before(now) {
        if now.since(visit.received_at) > LATE {
            continue;
        }
        match post(&visit, ingest) {
            Ok(204) => {}
            Ok(status) => tracing::warn!(status, "a beacon of the demo was refused"),
            // Their listener closes first when the process stops.
            Err(error) => tracing::debug!(%error, "a beacon of the demo did not arrive"),
        }
    }
}

/// Posts a beacon as the visitor's browser behind a proxy would.
fn post(visit: &Visit, ingest: SocketAddr) -> std::io::Result<u16> {
    let path = format!("/beacon/{}", ApplicationId::DEFAULT);
    let ip = visit.ip.to_string();
    let headers = [
        ("User-Agent", visit.user_agent),
        ("X-Forwarded-For", &ip),
        ("Origin", ORIGIN),
        ("Content-Type", "text/plain;charset=UTF-8"),
    ];
    let body = wire::beacon::encode(&visit.beacon);
    Call { method: "POST", path: &path, headers: &headers, body: &body }.send(ingest)
}
