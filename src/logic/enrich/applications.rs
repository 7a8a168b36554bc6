//! All applications and the rules that tell them apart, ready to be asked.

use std::collections::HashMap;
use std::sync::Arc;

use crate::base::id::ApplicationId;
use crate::logic::detection::Detector;
use crate::model::application::{Application, DetectionRule};

/// Applications by id, and detection. Made anew when a setting changes.
#[derive(Debug, Clone, Default)]
pub struct Applications {
    by_id: HashMap<ApplicationId, Arc<Application>>,
    detector: Detector,
}

impl Applications {
    /// From the catalog.
    #[must_use]
    pub fn new(
        applications: impl IntoIterator<Item = Application>,
        rules: &[DetectionRule],
    ) -> Self {
        let entries = applications.into_iter().map(|a| (a.id, Arc::new(a)));
        Self { by_id: entries.collect(), detector: Detector::new(rules) }
    }

    /// An application.
    #[must_use]
    pub fn get(&self, id: ApplicationId) -> Option<&Arc<Application>> {
        self.by_id.get(&id)
    }

    /// The detection rules.
    #[must_use]
    pub const fn detector(&self) -> &Detector {
        &self.detector
    }

    /// Where a page goes whose beacon was addressed to `addressed`: only beacons of the default application are
    /// given to others, by the first rule that matches.
    #[must_use]
    pub fn resolve(&self, addressed: ApplicationId, url: &str) -> ApplicationId {
        if addressed != ApplicationId::DEFAULT {
            return addressed;
        }
        let found = self.detector.find(url);
        found.filter(|id| self.by_id.contains_key(id)).unwrap_or(addressed)
    }
}
