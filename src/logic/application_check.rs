//! What the settings of an application and detection rules may be.

use crate::base::limits;
use crate::base::time::Millis;
use crate::model::application::{Application, DetectionOperator, DetectionRule, DetectionTarget};

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
    let resources = usize::from(a.resources_max);
    require(resources <= limits::ACTION_RESOURCES, "/resources_max", "at most 100 are kept");
    for (threshold, pointer) in [
        (a.apdex.load, "/apdex/load"),
        (a.apdex.xhr, "/apdex/xhr"),
        (a.apdex.custom, "/apdex/custom"),
    ] {
        let is_good = Millis(1) <= threshold.satisfied
            && threshold.satisfied <= threshold.tolerating
            && threshold.tolerating <= Millis::mins(10);
        require(is_good, pointer, "satisfied is at most tolerating, and that at most 10 minutes");
    }
    let idle = (Millis::mins(1)..=Millis::hours(2)).contains(&a.session.idle);
    require(idle, "/session/idle", "idle time is 1 minute to 2 hours");
    let longest = (Millis::mins(5)..=Millis::hours(24)).contains(&a.session.duration_max);
    require(longest, "/session/duration_max", "the longest session is 5 minutes to 24 hours");
    let actions = (2..=10_000).contains(&a.session.actions_max);
    require(actions, "/session/actions_max", "a part has 2 to 10,000 actions");
    faults.extend(check_lists(application));
    faults
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
