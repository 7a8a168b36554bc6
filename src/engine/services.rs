//! The hub: everything a request or a job may need, built once.

use std::sync::Arc;

use super::access::Access;
use crate::base::clock::Clock;
use crate::base::entropy::Entropy;
use crate::base::time::Timestamp;
use crate::config::tree::Config;
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
    /// Sign-in, set-up and their throttles.
    pub access: Arc<Access>,
    /// When this process started.
    pub started_at: Timestamp,
}

impl Services {
    /// Puts the services together.
    #[must_use]
    pub fn new(
        clock: Clock,
        entropy: Entropy,
        config: Arc<Config>,
        catalog: Arc<Catalog>,
        store: Arc<Store>,
        search: Arc<SearchIndex>,
    ) -> Self {
        let started_at = clock.now();
        let access = Arc::new(Access::new());
        Self {
            clock,
            entropy,
            config,
            catalog,
            store,
            search,
            access,
            started_at,
        }
    }

    /// The time now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }
}
