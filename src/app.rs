//! Builds the services, starts threads and listeners, stops them in order. No logic.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::rt::System;
use actix_web::web::Data;
use actix_web::{App, HttpServer};
use anyhow::{Context, anyhow};
use sd_notify::NotifyState;
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::base::clock::Clock;
use crate::base::entropy::Entropy;
use crate::columns::ColumnStore;
use crate::config::Config;
use crate::engine::demo::fill::Plan;
use crate::engine::demo::show::{News, Show};
use crate::engine::pipeline::queue::Offer;
use crate::engine::rules;
use crate::engine::running::Running;
use crate::engine::services::{Opened, Services};
use crate::logic::enrich::Enricher;
use crate::search::{SearchIndex, SearchOptions};
use crate::store::catalog::Catalog;
use crate::store::{Store, StoreOptions};
use crate::web::app::{admin_app, ingest_app};
use crate::web::demo_shop;
use crate::web::state::WebState;

/// Time for requests that are under way when the server stops.
const STOP_SECONDS: u64 = 10;
/// Connections of one listener; above it new ones wait.
const CONNECTIONS_MAX: usize = 10_240;
/// Time for the head of a request.
const HEAD_WAIT: Duration = Duration::from_secs(5);
/// Time an idle connection stays open.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// A process that is being built: everything open, no thread running, nothing listening.
pub struct Process {
    /// The services.
    pub services: Arc<Services>,
    receiver: Receiver<Offer>,
}

impl Process {
    /// Opens the data folder.
    pub fn open(config: Config, clock: Clock) -> anyhow::Result<Self> {
        let folder = config.data.folder.clone();
        std::fs::create_dir_all(&folder)
            .with_context(|| format!("cannot create data folder `{}`", folder.display()))?;
        let now = clock.now();
        let catalog = Catalog::open(&folder, now).context("cannot open the catalog")?;
        let options = StoreOptions {
            free_bytes_min: u64::from(config.data.free_mib_min) * 1024 * 1024,
            ..StoreOptions::default()
        };
        let (store, report) = Store::open(&folder, options).context("cannot open the store")?;
        if report.frames > 0 {
            tracing::info!(
                batches = report.frames,
                "applied what the last stop left in the journal"
            );
        }
        for path in &report.torn {
            tracing::warn!(path = %path.display(), "a batch that was never acknowledged is set aside");
        }
        for path in &report.damaged_dictionaries {
            tracing::error!(path = %path.display(), "a dictionary is damaged: records packed with it cannot be read");
        }
        let ruleset =
            rules::load(config.data.rules_folder.as_deref()).context("cannot load rules")?;
        let places = rules::load_geo(config.data.place_database.as_deref())
            .context("cannot load the place database")?;
        let entropy = Entropy::System;
        let mut key = [0; 32];
        entropy.fill(&mut key);
        let key = catalog.install_key(key).context("cannot read the install key")?;
        let (search, damaged) = SearchIndex::open(&folder, SearchOptions::default())
            .context("cannot open the search index")?;
        for day in damaged {
            tracing::warn!(day = %day, "search index is damaged and will be rebuilt");
        }
        let opened = Opened {
            catalog: Arc::new(catalog),
            store: Arc::new(store),
            search: Arc::new(search),
            columns: Arc::new(ColumnStore::new(&folder)),
            enricher: Enricher::new(ruleset, Some(places), key),
        };
        let (services, receiver) = Services::new(clock, entropy, Arc::new(config), opened);
        Ok(Self { services: Arc::new(services), receiver })
    }

    /// Starts the threads, serves both listeners until a signal, then stops in order: listeners, queue, index, store.
    pub fn serve(
        self,
        on_ready: impl FnOnce(&Services, SocketAddr, SocketAddr),
    ) -> anyhow::Result<()> {
        let Self { services, receiver } = self;
        let running = Running::start(&services, receiver)?;
        let ready = |admin, ingest| {
            on_ready(&services, admin, ingest);
            tell_manager(NotifyState::Ready);
            Ok(())
        };
        let run = System::new().block_on(listen(&services, false, ready));
        services.pipeline.close();
        running.finish();
        run
    }

    /// Serves both listeners and the demo's shop, with simulated visitors behind the listeners, until a signal.
    pub fn demo(
        self,
        plan: Plan,
        tell: impl FnMut(News) + Send + 'static,
        on_ready: impl FnOnce(&Services, SocketAddr, SocketAddr),
    ) -> anyhow::Result<()> {
        let Self { services, receiver } = self;
        let mut show = None;
        let ready = |admin, ingest| {
            on_ready(&services, admin, ingest);
            let started = Show::start(Arc::clone(&services), receiver, plan, ingest, tell);
            show = Some(started.context("cannot start the thread of the demo")?);
            Ok(())
        };
        let run = System::new().block_on(listen(&services, true, ready));
        services.pipeline.close();
        let shown = show.map_or(Ok(()), Show::finish);
        run.and(shown.context("the demo failed"))
    }
}

fn bind(address: SocketAddr, key: &str) -> anyhow::Result<TcpListener> {
    let listener = TcpListener::bind(address).with_context(|| {
        format!(
            "cannot listen on {address}: is another process there? Set `{key}` to another address"
        )
    })?;
    listener.set_nonblocking(true).context("cannot set up the listener")?;
    Ok(listener)
}

async fn listen(
    services: &Arc<Services>,
    has_shop: bool,
    on_ready: impl FnOnce(SocketAddr, SocketAddr) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let config = Arc::clone(&services.config);
    let admin = bind(config.admin.listen, "admin.listen")?;
    let ingest = bind(config.ingest.listen, "ingest.listen")?;
    let (admin_at, ingest_at) = (admin.local_addr()?, ingest.local_addr()?);
    let state = Data::new(WebState::new(Arc::clone(services)));
    let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    let workers = config.ingest.workers.map_or(cores.min(4), usize::from).max(1);
    let of_admin = state.clone();
    let admin_server =
        HttpServer::new(move || App::new().configure(|config| admin_app(config, of_admin.clone())))
            .workers(2)
            .disable_signals()
            .shutdown_timeout(STOP_SECONDS)
            .client_request_timeout(HEAD_WAIT)
            .keep_alive(KEEP_ALIVE)
            .listen(admin)?
            .run();
    let ingest_server = HttpServer::new(move || {
        let app = App::new().configure(|config| ingest_app(config, state.clone()));
        if has_shop { app.configure(demo_shop::pages) } else { app }
    })
    .workers(workers)
    .max_connections(CONNECTIONS_MAX / workers)
    .disable_signals()
    .shutdown_timeout(STOP_SECONDS)
    .client_request_timeout(HEAD_WAIT)
    .keep_alive(KEEP_ALIVE)
    .listen(ingest)?
    .run();
    let handles = [ingest_server.handle(), admin_server.handle()];
    // Who hears that we are ready may ask us to stop at once: signals are caught before.
    let caught = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()));
    let (Ok(terminate), Ok(interrupt)) = caught else {
        return Err(anyhow!("cannot catch signals"));
    };
    actix_web::rt::spawn(stop_on_signal(handles, terminate, interrupt));
    on_ready(admin_at, ingest_at)?;
    let (ingest, admin) = futures_util::future::join(ingest_server, admin_server).await;
    ingest.and(admin).map_err(|e| anyhow!(e).context("a listener failed"))
}

/// Tells the service manager how far we are; without one nothing happens.
fn tell_manager(state: NotifyState<'_>) {
    if let Err(error) = sd_notify::notify(&[state]) {
        tracing::warn!(%error, "the service manager cannot be told");
    }
}

async fn stop_on_signal(handles: [ServerHandle; 2], mut terminate: Signal, mut interrupt: Signal) {
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    tracing::info!("stopping");
    tell_manager(NotifyState::Stopping);
    let [first, second] = handles;
    let both = futures_util::future::join(first.stop(true), second.stop(true));
    tokio::select! {
        _ = both => {}
        _ = terminate.recv() => tracing::warn!("stopped at the second signal"),
        _ = interrupt.recv() => tracing::warn!("stopped at the second signal"),
    }
}
