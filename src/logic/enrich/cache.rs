//! Verdicts over user agents that came lately: most visitors share a few hundred.

use std::collections::HashMap;

use crate::logic::classify;
use crate::logic::ruleset::Ruleset;
use crate::model::visitor::Client;

/// Verdicts that are kept; then it starts anew.
const CLIENTS_MAX: usize = 4_096;

/// A bounded memory of `classify`. Belongs to one ruleset: a new version empties it.
#[derive(Debug, Default)]
pub struct ClientCache {
    version: u64,
    clients: HashMap<Box<str>, Client, ahash::RandomState>,
}

impl ClientCache {
    /// The verdict over a user agent.
    pub fn classify(&mut self, rules: &Ruleset, user_agent: &str) -> Client {
        if self.version != rules.version {
            self.clients.clear();
            self.version = rules.version;
        }
        if let Some(client) = self.clients.get(user_agent) {
            return client.clone();
        }
        let client = classify::classify(rules, user_agent);
        if self.clients.len() >= CLIENTS_MAX {
            self.clients.clear();
        }
        self.clients.insert(user_agent.into(), client.clone());
        client
    }

    /// How many verdicts are kept.
    #[must_use]
    pub fn len(&self) -> usize {
        self.clients.len()
    }

    /// Whether none is kept.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.clients.is_empty()
    }
}
