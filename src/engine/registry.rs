//! A snapshot of applications and detection rules, replaced whole when the catalog changes.

use std::sync::Arc;

use arc_swap::ArcSwap;

use crate::base::id::ApplicationId;
use crate::logic::enrich::Applications;
use crate::model::application::{Application, SessionRules};
use crate::store::catalog::Catalog;

/// Applications and rules at one moment.
#[derive(Debug, Default)]
pub struct Registry {
    generation: u64,
    applications: Applications,
}

impl Registry {
    fn read(catalog: &Catalog) -> Self {
        // The generation is read first: a change in between makes the next load read again.
        let generation = catalog.generation();
        let all = catalog.applications();
        let applications = Applications::new(all.iter().cloned(), &catalog.detection_rules());
        Self { generation, applications }
    }

    /// An application.
    #[must_use]
    pub fn application(&self, id: ApplicationId) -> Option<&Application> {
        self.applications.get(id).map(|application| &**application)
    }

    /// Session rules of an application; the defaults when it was removed meanwhile.
    #[must_use]
    pub fn session_rules(&self, id: ApplicationId) -> SessionRules {
        self.application(id).map_or_else(SessionRules::default, |a| a.session)
    }

    /// Applications with their detection rules.
    #[must_use]
    pub const fn applications(&self) -> &Applications {
        &self.applications
    }
}

/// The snapshot that all threads share.
#[derive(Debug, Clone)]
pub struct SharedRegistry {
    catalog: Arc<Catalog>,
    current: Arc<ArcSwap<Registry>>,
}

impl SharedRegistry {
    /// Reads the first snapshot.
    #[must_use]
    pub fn new(catalog: Arc<Catalog>) -> Self {
        let current = Arc::new(ArcSwap::from_pointee(Registry::read(&catalog)));
        Self { catalog, current }
    }

    /// The snapshot as of now.
    #[must_use]
    pub fn load(&self) -> Arc<Registry> {
        let current = self.current.load_full();
        if current.generation == self.catalog.generation() {
            return current;
        }
        let fresh = Arc::new(Registry::read(&self.catalog));
        self.current.store(Arc::clone(&fresh));
        fresh
    }
}
