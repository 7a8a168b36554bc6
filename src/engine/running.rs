//! The threads of one process: started together, stopped in order.

use std::sync::Arc;
use std::sync::mpsc::Receiver;

use super::indexing::{Indexer, IndexerHandle};
use super::jobs::JobThread;
use super::pipeline::queue::Offer;
use super::pipeline::worker::Threads;
use super::services::Services;
use crate::store;

/// Why the threads did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The pipeline.
    #[error("cannot start the pipeline")]
    Pipeline(#[from] store::Error),
    /// The indexer.
    #[error("cannot start the indexer")]
    Index(#[source] std::io::Error),
    /// The jobs.
    #[error("cannot start the jobs")]
    Jobs(#[source] std::io::Error),
}

/// Pipeline, index and jobs at work.
#[derive(Debug)]
pub struct Running {
    pipeline: Threads,
    index: IndexerHandle,
    jobs: JobThread,
}

impl Running {
    /// Starts the threads; the receiver is the worker's end of the pipeline.
    pub fn start(services: &Arc<Services>, receiver: Receiver<Offer>) -> Result<Self, StartError> {
        let pipeline = Threads::start(&services.pipeline_parts(), receiver)?;
        let (store, search) = (Arc::clone(&services.store), Arc::clone(&services.search));
        let columns = Arc::clone(&services.columns);
        let index = Indexer::new(store, search, columns, services.clock.clone())
            .start()
            .map_err(StartError::Index)?;
        let jobs = JobThread::start(services).map_err(StartError::Jobs)?;
        Ok(Self { pipeline, index, jobs })
    }

    /// Finishes the queue, which must be closed, writes what is staged, closes the index.
    pub fn finish(self) {
        self.pipeline.finish();
        self.jobs.finish();
        self.index.stop();
    }
}
