//! Questions about user actions: the columns answer, and the search index tells the sessions where columns cannot.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use super::services::Services;
use crate::base::id::SessionId;
use crate::base::time::Day;
use crate::columns::{Answer, Question, knows};
use crate::model::query::Filter;
use crate::search::{SearchError, SearchRequest};
use crate::store;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum AnalysisError {
    /// The store cannot tell its days.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// A term of the filter makes no sense.
    #[error(transparent)]
    Search(#[from] SearchError),
}

/// Answers a question. Days of which the search index tells nothing are named as missing.
pub fn ask(services: &Services, question: &Question) -> Result<Answer, AnalysisError> {
    if let Some((_, problem)) = question.filter.problems().next() {
        return Err(SearchError::Filter(problem.clone()).into());
    }
    let days = services.store.days()?;
    let terms = question.filter.terms.iter().filter(|term| !knows(term)).cloned().collect();
    let rest = Filter { terms };
    let missing: Mutex<BTreeSet<Day>> = Mutex::new(BTreeSet::new());
    let found = |day: Day| -> Option<Vec<SessionId>> {
        if rest.terms.is_empty() {
            return None;
        }
        let mut request = SearchRequest::new(rest.clone(), day.start(), day.next().start());
        request.names.clone_from(&question.names);
        Some(services.search.sessions_of_day(day, &request).unwrap_or_else(|error| {
            tracing::error!(%day, %error, "a day is left out of an analysis");
            missing.lock().unwrap_or_else(PoisonError::into_inner).insert(day);
            Vec::new()
        }))
    };
    let mut answer = services.columns.ask(question, &days, &found);
    let mut missing = missing.into_inner().unwrap_or_else(PoisonError::into_inner);
    missing.extend(std::mem::take(&mut answer.missing_days));
    answer.missing_days = missing.into_iter().collect();
    Ok(answer)
}
