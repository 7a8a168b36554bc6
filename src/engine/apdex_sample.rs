//! The newest user actions of an application, to try Apdex thresholds on. They are read from the store, because the index
//! knows the zones of actions but not their durations; kept for a minute, because whoever tries types.

use std::sync::{Arc, Mutex, PoisonError};

use ahash::AHashMap;

use crate::base::id::ApplicationId;
use crate::base::time::{DAY_MILLIS, MINUTE_MILLIS, Timestamp};
use crate::logic::apdex_trial::Weighed;
use crate::logic::query_parser::parse;
use crate::search::{SearchError, SearchIndex, SearchRequest};
use crate::store::{self, Store};

/// Days that are looked at.
pub const DAYS: i64 = 7;
/// User actions of one sample: the score is then within a hundredth, for 160 kB.
const ACTIONS_MAX: usize = 20_000;
/// Sessions that are read for it: some tenths of a second.
const SESSIONS_MAX: usize = 4_000;
/// How long a sample is good.
const FRESH_MILLIS: i64 = MINUTE_MILLIS;
/// Samples that are kept: as many people as set thresholds at one time.
const SAMPLES_MAX: usize = 16;

/// The newest user actions of the real users of an application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApdexSample {
    /// What counts of them.
    pub actions: Vec<Weighed>,
    /// When they were read.
    pub at: Timestamp,
    /// No action is older.
    pub since: Timestamp,
    /// Whether these are all of the last [`DAYS`] days.
    pub is_whole: bool,
}

/// Why there is no sample.
#[derive(Debug, thiserror::Error)]
pub enum SampleError {
    /// The index does not answer.
    #[error(transparent)]
    Search(#[from] SearchError),
    /// The store does not answer.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// Samples that are still fresh.
#[derive(Debug, Default)]
pub struct ApdexSamples {
    kept: Mutex<AHashMap<ApplicationId, Arc<ApdexSample>>>,
}

impl ApdexSamples {
    /// The sample of an application, read anew when the one that is kept is too old.
    pub fn get(
        &self,
        (store, search): (&Store, &SearchIndex),
        application: ApplicationId,
        now: Timestamp,
    ) -> Result<Arc<ApdexSample>, SampleError> {
        let is_fresh = |sample: &ApdexSample| (0..FRESH_MILLIS).contains(&(now.0 - sample.at.0));
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sample) = kept.get(&application).filter(|sample| is_fresh(sample)) {
            return Ok(Arc::clone(sample));
        }
        drop(kept);
        let sample = Arc::new(read(store, search, application, now)?);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|_, sample| is_fresh(sample));
        if kept.len() < SAMPLES_MAX {
            kept.insert(application, Arc::clone(&sample));
        }
        Ok(sample)
    }
}

/// Reads the newest sessions until there are enough actions.
fn read(
    store: &Store,
    search: &SearchIndex,
    application: ApplicationId,
    now: Timestamp,
) -> Result<ApdexSample, SampleError> {
    let from = Timestamp(now.0.saturating_sub(DAYS * DAY_MILLIS));
    let filter = parse(&format!("app:{application} user.type:real"));
    let mut request = SearchRequest::new(filter, from, now);
    request.limit = SESSIONS_MAX;
    let answer = search.search(&request)?;
    let mut sample = ApdexSample {
        actions: Vec::new(),
        at: now,
        since: from,
        is_whole: answer.next.is_none() && answer.missing_days.is_empty(),
    };
    let mut first = now;
    for session in answer.rows {
        if sample.actions.len() >= ACTIONS_MAX || request.budget.is_over() {
            sample.is_whole = false;
            break;
        }
        let actions = match store.actions(session) {
            Ok(actions) => actions,
            Err(error @ store::Error::Record { .. }) => {
                tracing::error!(%session, %error, "the session does not count for Apdex");
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        for action in &actions {
            let is_own = action.application == application && action.started_at >= from;
            if let Some(weighed) = Weighed::of(action).filter(|_| is_own) {
                sample.actions.push(weighed);
                first = first.min(action.started_at);
            }
        }
    }
    if !sample.is_whole {
        sample.since = first;
    }
    Ok(sample)
}
