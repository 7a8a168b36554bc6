//! What pages told lately: the newest pages of each application with what the agent found in them, and the domains
//! they came from. In memory only, and only what was masked before: it is what the store gets, kept by page.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use ahash::AHashMap;

use crate::base::id::ApplicationId;
use crate::base::limits;
use crate::base::time::Timestamp;
use crate::logic::address::Address;
use crate::logic::enrich::{Enriched, EnrichedPart};
use crate::model::session::{SessionEventKind, SessionInput};

/// Pages of one application that are remembered: enough to see a rule work or fail.
const PAGES_MAX: usize = 100;
/// Applications that are remembered.
const APPLICATIONS_MAX: usize = limits::APPLICATIONS;
/// Domains of one application that are counted; a page may send any host.
const DOMAINS_MAX: usize = 200;
/// Properties of one page that are remembered.
const PROPERTIES_MAX: usize = 20;

/// A beacon that told of a page, a user tag or properties.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageFact {
    /// When.
    pub at: Timestamp,
    /// Milliseconds by which our clock is ahead of the visitor's.
    pub clock_offset: i64,
    /// Address of the page, masked; empty when the beacon told none.
    pub url: String,
    /// User tag as it is stored; empty for none.
    pub user_tag: String,
    /// Keys and values of properties of the session and its actions, masked.
    pub properties: Vec<(String, String)>,
}

/// A domain from which pages came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Domain {
    /// Host, without port.
    pub host: String,
    /// Beacons that told of a page of it.
    pub count: u64,
    /// When the last one came.
    pub last_at: Timestamp,
}

#[derive(Debug, Default)]
struct Seen {
    pages: VecDeque<PageFact>,
    domains: AHashMap<String, (u64, Timestamp)>,
}

/// The newest facts of each application.
#[derive(Debug, Default)]
pub struct Observed {
    by_application: Mutex<AHashMap<ApplicationId, Seen>>,
}

impl Observed {
    /// Remembers what an enriched beacon tells.
    pub fn note(&self, enriched: &Enriched, at: Timestamp) {
        for part in &enriched.parts {
            let Some(fact) = fact(part, at, enriched.clock_offset) else { continue };
            let mut all = self.by_application.lock().unwrap_or_else(PoisonError::into_inner);
            if all.len() >= APPLICATIONS_MAX && !all.contains_key(&part.application) {
                continue;
            }
            all.entry(part.application).or_default().note(fact);
        }
    }

    /// The newest pages of an application, newest first.
    #[must_use]
    pub fn pages(&self, application: ApplicationId) -> Vec<PageFact> {
        let all = self.by_application.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(&application).map_or_else(Vec::new, |s| s.pages.iter().rev().cloned().collect())
    }

    /// Domains of the pages of an application since the start of the server, the most frequent first.
    #[must_use]
    pub fn domains(&self, application: ApplicationId) -> Vec<Domain> {
        let all = self.by_application.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(seen) = all.get(&application) else {
            return Vec::new();
        };
        let mut domains: Vec<Domain> = seen
            .domains
            .iter()
            .map(|(host, (count, last_at))| Domain {
                host: host.clone(),
                count: *count,
                last_at: *last_at,
            })
            .collect();
        drop(all);
        domains.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.host.cmp(&b.host)));
        domains
    }

    /// Forgets an application.
    pub fn forget(&self, application: ApplicationId) {
        self.by_application.lock().unwrap_or_else(PoisonError::into_inner).remove(&application);
    }
}

impl Seen {
    fn note(&mut self, fact: PageFact) {
        let host = Address::parse(&fact.url).host;
        if !host.is_empty() {
            if let Some(known) = self.domains.get_mut(host) {
                *known = (known.0.saturating_add(1), fact.at);
            } else if self.domains.len() < DOMAINS_MAX {
                self.domains.insert(host.to_owned(), (1, fact.at));
            }
        }
        if self.pages.len() >= PAGES_MAX {
            self.pages.pop_front();
        }
        self.pages.push_back(fact);
    }
}

/// What a part tells; `None` when it tells of no page, user or property.
fn fact(part: &EnrichedPart, at: Timestamp, clock_offset: i64) -> Option<PageFact> {
    let mut fact = PageFact {
        at,
        clock_offset,
        url: String::new(),
        user_tag: String::new(),
        properties: Vec::new(),
    };
    for (_, input) in &part.inputs {
        match input {
            SessionInput::Action(action) => {
                if !action.url.is_empty() {
                    fact.url.clone_from(&action.url);
                }
                keep(&mut fact.properties, &action.properties);
            }
            SessionInput::Event(event) => {
                if let SessionEventKind::UserTag(tag) = &event.kind {
                    fact.user_tag.clone_from(tag);
                }
            }
            SessionInput::Properties(pairs) => keep(&mut fact.properties, pairs),
            _ => {}
        }
    }
    let is_empty = fact.url.is_empty() && fact.user_tag.is_empty() && fact.properties.is_empty();
    (!is_empty).then_some(fact)
}

fn keep(kept: &mut Vec<(String, String)>, pairs: &[(String, String)]) {
    for (key, value) in pairs {
        if let Some(known) = kept.iter_mut().find(|(own, _)| own == key) {
            known.1.clone_from(value);
        } else if kept.len() < PROPERTIES_MAX {
            kept.push((key.clone(), value.clone()));
        }
    }
}

#[cfg(test)]
#[path = "observed_tests.rs"]
mod tests;
