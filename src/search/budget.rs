//! How long a search may work.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tantivy::TantivyError;

use crate::base::clock::Stopwatch;

/// Time that a search may take, and a flag that stops it earlier. Clones share the flag.
#[derive(Debug, Clone)]
pub struct Budget {
    stop: Arc<AtomicBool>,
    watch: Stopwatch,
    limit: Duration,
}

impl Budget {
    /// A budget that begins now.
    #[must_use]
    pub fn new(limit: Duration) -> Self {
        Self { stop: Arc::new(AtomicBool::new(false)), watch: Stopwatch::start(), limit }
    }

    /// Stops the search at its next step: the caller went away.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    /// Whether the search has to end.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.stop.load(Ordering::Relaxed) || self.watch.elapsed() > self.limit
    }

    pub(super) fn check(&self) -> tantivy::Result<()> {
        if self.is_over() {
            Err(TantivyError::InternalError("the time is used up".to_owned()))
        } else {
            Ok(())
        }
    }
}

impl Default for Budget {
    fn default() -> Self {
        Self::new(Duration::from_secs(5))
    }
}
