//! Which application a page belongs to: an ordered list of rules, the first match wins (dem-semantics 1.2).

use super::address::Address;
use crate::base::id::ApplicationId;
use crate::model::application::{DetectionOperator, DetectionRule, DetectionTarget};

/// What rules look at: lower case, without default port, fragment and user information.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// `scheme://host:port/path?query`.
    pub url: String,
    /// Host without port.
    pub host: String,
}

impl Location {
    /// Normalizes a URL.
    #[must_use]
    pub fn parse(url: &str) -> Self {
        let address = Address::parse(url.trim());
        let host = address.host.to_ascii_lowercase();
        let mut whole = String::with_capacity(url.len());
        if !address.scheme.is_empty() {
            whole.push_str(address.scheme);
            whole.push_str("://");
        }
        whole.push_str(&host);
        if let Some(port) = address.odd_port() {
            whole.push(':');
            whole.push_str(port);
        }
        whole.push_str(if address.path.is_empty() && !host.is_empty() {
            "/"
        } else {
            address.path
        });
        if let Some(query) = address.query {
            whole.push('?');
            whole.push_str(query);
        }
        whole.make_ascii_lowercase();
        Self { url: whole, host }
    }
}

#[derive(Debug, Clone)]
struct Compiled {
    application: ApplicationId,
    target: DetectionTarget,
    operator: DetectionOperator,
    pattern: String,
}

/// Detection rules, ready to be asked.
#[derive(Debug, Clone, Default)]
pub struct Detector {
    rules: Vec<Compiled>,
}

/// What a URL meets: for "check a URL".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// What was looked at.
    pub location: Location,
    /// Positions of all rules that match, in order; the first wins.
    pub matching: Vec<usize>,
    /// Where it goes: the default application when nothing matches.
    pub application: ApplicationId,
}

impl Detector {
    /// Prepares the rules, in order.
    #[must_use]
    pub fn new(rules: &[DetectionRule]) -> Self {
        let rules = rules.iter().map(|rule| Compiled {
            application: rule.application,
            target: rule.target,
            operator: rule.operator,
            pattern: rule.pattern.trim().to_lowercase(),
        });
        Self { rules: rules.collect() }
    }

    /// Whether there is no rule.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// The application of the first rule that matches.
    #[must_use]
    pub fn find(&self, url: &str) -> Option<ApplicationId> {
        if self.rules.is_empty() {
            return None;
        }
        let location = Location::parse(url);
        self.rules.iter().find(|rule| rule.matches(&location)).map(|rule| rule.application)
    }

    /// All rules that match, and what comes of it.
    #[must_use]
    pub fn explain(&self, url: &str) -> Explanation {
        let location = Location::parse(url);
        let hits = self.rules.iter().enumerate().filter(|(_, rule)| rule.matches(&location));
        let matching: Vec<usize> = hits.map(|(position, _)| position).collect();
        let winner = matching.first().and_then(|position| self.rules.get(*position));
        Explanation {
            application: winner.map_or(ApplicationId::DEFAULT, |rule| rule.application),
            location,
            matching,
        }
    }
}

impl Compiled {
    fn matches(&self, location: &Location) -> bool {
        let pattern = self.pattern.as_str();
        if pattern.is_empty() {
            return false;
        }
        let text = match self.target {
            DetectionTarget::Domain => location.host.as_str(),
            DetectionTarget::Url => location.url.as_str(),
        };
        match self.operator {
            DetectionOperator::Equals => text == pattern,
            DetectionOperator::StartsWith => text.starts_with(pattern),
            DetectionOperator::EndsWith => text.ends_with(pattern),
            DetectionOperator::Contains => text.contains(pattern),
            DetectionOperator::Matches => is_within(&location.host, pattern),
        }
    }
}

/// Whether `host` is the domain or one of its subdomains.
fn is_within(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain).is_some_and(|before| before.is_empty() || before.ends_with('.'))
}

#[cfg(test)]
#[path = "detection_tests.rs"]
mod tests;
