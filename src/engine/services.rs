//! The hub: everything a request or a job may need, built once.

use std::sync::Arc;

use super::access::Access;
use crate::base::clock::Clock;
use crate::base::entropy::Entropy;
use crate::base::time::Timestamp;
use crate::store::catalog::{Catalog, CatalogError};

/// Everything a request or a job may need.
#[derive(Debug, Clone)]
pub struct Services {
    /// The time.
    pub clock: Clock,
    /// Random numbers.
    pub entropy: Entropy,
    /// Settings, applications, accounts, tokens, audit log.
    pub catalog: Arc<Catalog>,
    /// Sign-in, set-up and their throttles.
    pub access: Arc<Access>,
    /// When this process started.
    pub started_at: Timestamp,
}

impl Services {
    /// Builds the services on an open catalog.
    pub fn new(
        clock: Clock,
        entropy: Entropy,
        catalog: Arc<Catalog>,
    ) -> Result<Self, CatalogError> {
        let access = Arc::new(Access::new());
        let started_at = clock.now();
        Ok(Self { clock, entropy, catalog, access, started_at })
    }

    /// The time now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }
}
