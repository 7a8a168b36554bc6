//! The hub: everything a request or a job may need, built once.

use std::sync::Arc;
use std::sync::mpsc::Receiver;

use super::access::Access;
use super::apdex_sample::ApdexSamples;
use super::collector::{Collector, Told};
use super::observed::Observed;
use super::outcomes::Outcomes;
use super::pipeline::Pipeline;
use super::pipeline::queue::Offer;
use super::pipeline::worker::{Gauges, Parts};
use super::registry::SharedRegistry;
use super::snippet::Snippets;
use crate::base::clock::Clock;
use crate::base::entropy::Entropy;
use crate::base::time::Timestamp;
use crate::columns::ColumnStore;
use crate::config::tree::Config;
use crate::logic::enrich::Enricher;
use crate::search::SearchIndex;
use crate::store::Store;
use crate::store::catalog::Catalog;

/// Everything a request or a job may need.
#[derive(Clone)]
pub struct Services {
    /// The time.
    pub clock: Clock,
    /// Random numbers.
    pub entropy: Entropy,
    /// What the operator set.
    pub config: Arc<Config>,
    /// Settings, applications, accounts, tokens, audit log.
    pub catalog: Arc<Catalog>,
    /// Sessions and what belongs to them.
    pub store: Arc<Store>,
    /// The index over sessions.
    pub search: Arc<SearchIndex>,
    /// User actions as columns.
    pub columns: Arc<ColumnStore>,
    /// Sign-in, set-up and their throttles.
    pub access: Arc<Access>,
    /// Applications and detection rules as of now.
    pub registry: SharedRegistry,
    /// What became of every beacon.
    pub outcomes: Arc<Outcomes>,
    /// What pages told lately.
    pub observed: Arc<Observed>,
    /// User actions to try Apdex thresholds on.
    pub apdex_samples: Arc<ApdexSamples>,
    /// The door of the pipeline.
    pub pipeline: Arc<Pipeline>,
    /// Figures of the pipeline.
    pub gauges: Arc<Gauges>,
    /// Takes beacons.
    pub collector: Arc<Collector>,
    /// The agent with the settings of each application.
    pub snippets: Arc<Snippets>,
    /// When this process started.
    pub started_at: Timestamp,
}

/// What must be open before the services can be put together.
pub struct Opened {
    /// Settings and accounts.
    pub catalog: Arc<Catalog>,
    /// Sessions.
    pub store: Arc<Store>,
    /// The index over sessions.
    pub search: Arc<SearchIndex>,
    /// User actions as columns.
    pub columns: Arc<ColumnStore>,
    /// Rules and places, compiled.
    pub enricher: Enricher,
}

impl Services {
    /// Puts the services together; the receiver is the worker's end of the pipeline.
    #[must_use]
    pub fn new(
        clock: Clock,
        entropy: Entropy,
        config: Arc<Config>,
        opened: Opened,
    ) -> (Self, Receiver<Offer>) {
        let Opened { catalog, store, search, columns, enricher } = opened;
        let registry = SharedRegistry::new(Arc::clone(&catalog));
        let outcomes = Arc::new(Outcomes::default());
        let observed = Arc::new(Observed::default());
        let (pipeline, receiver) = Pipeline::new();
        let pipeline = Arc::new(pipeline);
        let collector = Collector::new(
            clock.clone(),
            registry.clone(),
            enricher,
            Told { outcomes: Arc::clone(&outcomes), observed: Arc::clone(&observed) },
            Arc::clone(&pipeline),
            config.rates,
        );
        let services = Self {
            started_at: clock.now(),
            clock,
            entropy,
            config,
            catalog,
            store,
            search,
            columns,
            access: Arc::new(Access::new()),
            registry,
            outcomes,
            observed,
            apdex_samples: Arc::default(),
            pipeline,
            gauges: Arc::default(),
            collector: Arc::new(collector),
            snippets: Arc::default(),
        };
        (services, receiver)
    }

    /// What the threads of the pipeline need.
    #[must_use]
    pub fn pipeline_parts(&self) -> Parts {
        Parts {
            clock: self.clock.clone(),
            store: Arc::clone(&self.store),
            registry: self.registry.clone(),
            outcomes: Arc::clone(&self.outcomes),
            gauges: Arc::clone(&self.gauges),
        }
    }

    /// The time now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }
}
