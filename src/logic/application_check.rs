//! What the settings of an application and detection rules may be.

use crate::base::limits;
use crate::base::time::Millis;
use crate::logic::exclusion;
use crate::model::application::{
    ApdexThreshold, Application, DetectionOperator, DetectionRule, DetectionTarget,
};

/// Characters of the name of an application.
const NAME_CHARS: usize = 100;
/// Characters of an expression, pattern or origin.
const TEXT_CHARS: usize = 512;
/// Entries of a list of names or origins.
const LIST_ENTRIES: usize = 100;

/// A setting that cannot be: where (JSON pointer) and why.
pub type Fault = (String, String);

fn is_text(text: &str, chars_min: usize, chars_max: usize) -> bool {
    let length = text.chars().count();
    (chars_min..=chars_max).contains(&length) && !text.chars().any(char::is_control)
}

/// All faults of the settings of an application.
#[must_use]
pub fn check_application(application: &Application) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut require = |is_good: bool, pointer: &str, detail: &str| {
        if !is_good {
            faults.push((pointer.to_owned(), detail.to_owned()));
        }
    };
    let a = application;
    let is_name = is_text(&a.name, 1, NAME_CHARS) && a.name.trim() == a.name;
    require(is_name, "/name", "a name has 1 to 100 characters");
    require(a.capture_percent <= 100, "/capture_percent", "a percentage is 0 to 100");
    let resources = usize::from(a.capture.resources_max);
    let few = resources <= limits::ACTION_RESOURCES;
    require(few, "/capture/resources_max", "at most 100 are kept");
    let idle = (Millis::mins(1)..=Millis::hours(2)).contains(&a.session.idle);
    require(idle, "/session/idle", "idle time is 1 minute to 2 hours");
    let longest = (Millis::mins(5)..=Millis::hours(24)).contains(&a.session.duration_max);
    require(longest, "/session/duration_max", "the longest session is 5 minutes to 24 hours");
    let actions = (2..=10_000).contains(&a.session.actions_max);
    require(actions, "/session/actions_max", "a part has 2 to 10,000 actions");
    for (threshold, pointer) in [
        (a.apdex.load, "/apdex/load"),
        (a.apdex.xhr, "/apdex/xhr"),
        (a.apdex.custom, "/apdex/custom"),
    ] {
        faults.extend(check_threshold(threshold, pointer));
    }
    faults.extend(check_lists(application));
    faults.extend(check_properties(application));
    faults.extend(check_exclusions(application));
    faults
}

/// The fault of two thresholds, at the one that is wrong; `pointer` leads to both.
#[must_use]
pub fn check_threshold(threshold: ApdexThreshold, pointer: &str) -> Option<Fault> {
    let (name, detail) = if threshold.satisfied < Millis(1) {
        ("satisfied", "at least a millisecond")
    } else if threshold.tolerating > Millis::mins(10) {
        ("tolerating", "at most 10 minutes")
    } else if threshold.satisfied > threshold.tolerating {
        ("tolerating", "not less than what satisfies")
    } else {
        return None;
    };
    Some((format!("{pointer}/{name}"), detail.to_owned()))
}

/// Faults of the lists among the settings.
fn check_lists(a: &Application) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut require = |is_good: bool, pointer: &str, detail: &str| {
        if !is_good {
            faults.push((pointer.to_owned(), detail.to_owned()));
        }
    };
    let few = a.user_tag_rules.len() <= limits::USER_TAG_RULES;
    require(few, "/user_tag_rules", "at most 20 rules are possible");
    for (place, rule) in a.user_tag_rules.iter().enumerate() {
        let expression = is_text(&rule.expression, 1, TEXT_CHARS);
        let pointer = format!("/user_tag_rules/{place}/expression");
        require(expression, &pointer, "an expression has 1 to 512 characters");
        let pointer = format!("/user_tag_rules/{place}/cleanup");
        require(is_text(&rule.cleanup, 0, TEXT_CHARS), &pointer, "at most 512 characters");
    }
    require(a.allowed_origins.len() <= LIST_ENTRIES, "/allowed_origins", "at most 100 origins");
    for (place, origin) in a.allowed_origins.iter().enumerate() {
        let pointer = format!("/allowed_origins/{place}");
        require(is_origin(origin), &pointer, "as https://shop.example.com or *.example.com");
    }
    let names = &a.privacy.query_allow;
    let is_good = names.len() <= LIST_ENTRIES && names.iter().all(|n| is_text(n, 1, 64));
    require(is_good, "/privacy/query_allow", "at most 100 names of 1 to 64 characters");
    let names = &a.privacy.query_drop;
    let is_good = names.len() <= limits::SETTING_ENTRIES && names.iter().all(|n| is_text(n, 1, 64));
    require(is_good, "/privacy/query_drop", "at most 50 names of 1 to 64 characters");
    let parts = &a.capture.request_skip;
    let is_good =
        parts.len() <= limits::SETTING_ENTRIES && parts.iter().all(|p| is_text(p, 2, 200));
    require(is_good, "/capture/request_skip", "at most 50 parts of 2 to 200 characters");
    faults
}

/// Faults of the rules of properties.
fn check_properties(a: &Application) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut require = |is_good: bool, pointer: String, detail: &str| {
        if !is_good {
            faults.push((pointer, detail.to_owned()));
        }
    };
    let few = a.property_rules.len() <= limits::PROPERTY_RULES;
    require(few, "/property_rules".to_owned(), "at most 50 rules are possible");
    for (place, rule) in a.property_rules.iter().enumerate() {
        let at = |name: &str| format!("/property_rules/{place}/{name}");
        let is_key = is_text(&rule.key, 1, limits::PROPERTY_KEY_CHARS)
            && rule.key.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b));
        require(
            is_key,
            at("key"),
            "a key has 1 to 64 letters, digits, dots, dashes and underscores",
        );
        let is_own = a
            .property_rules
            .iter()
            .take(place)
            .all(|other| (other.scope, other.key.as_str()) != (rule.scope, rule.key.as_str()));
        require(is_own, at("key"), "another rule reads this key already");
        let expression = is_text(&rule.expression, 1, TEXT_CHARS);
        require(expression, at("expression"), "an expression has 1 to 512 characters");
        require(is_text(&rule.cleanup, 0, TEXT_CHARS), at("cleanup"), "at most 512 characters");
    }
    faults
}

/// Faults of what is excluded.
fn check_exclusions(a: &Application) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut require = |is_good: bool, pointer: String, detail: &str| {
        if !is_good {
            faults.push((pointer, detail.to_owned()));
        }
    };
    let browsers = &a.exclusions.browsers;
    let few = browsers.len() <= limits::SETTING_ENTRIES;
    require(few, "/exclusions/browsers".to_owned(), "at most 50 browsers are possible");
    for (place, entry) in browsers.iter().enumerate() {
        let pointer = format!("/exclusions/browsers/{place}");
        let is_named = is_text(&entry.browser, 1, limits::WORD_CHARS);
        require(is_named, pointer, "a browser is named by 1 to 64 characters");
    }
    let addresses = &a.exclusions.addresses;
    let few = addresses.len() <= LIST_ENTRIES;
    require(few, "/exclusions/addresses".to_owned(), "at most 100 addresses are possible");
    for (place, entry) in addresses.iter().enumerate() {
        let pointer = format!("/exclusions/addresses/{place}");
        let is_good = exclusion::range(entry).is_some();
        require(is_good, pointer, "as 192.0.2.7, 192.0.2.0/24 or 192.0.2.1-192.0.2.9");
    }
    faults
}

fn is_origin(text: &str) -> bool {
    let host = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"))
        .or_else(|| text.strip_prefix("*."))
        .unwrap_or_default();
    (1..=260).contains(&host.len())
        && host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._:[]".contains(&b))
}

/// All faults of a list of detection rules.
#[must_use]
pub fn check_rules(rules: &[DetectionRule]) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (place, rule) in rules.iter().enumerate() {
        if !is_text(&rule.pattern, 1, TEXT_CHARS) {
            let detail = "a pattern has 1 to 512 characters".to_owned();
            faults.push((format!("/{place}/pattern"), detail));
        }
        if rule.operator == DetectionOperator::Matches && rule.target == DetectionTarget::Url {
            let detail = "matches is for domains only".to_owned();
            faults.push((format!("/{place}/operator"), detail));
        }
    }
    faults
}

#[cfg(test)]
#[path = "application_check_tests.rs"]
mod tests;
