//! Tests of the settings of an application.

use super::{check_application, check_rules};
use crate::base::id::ApplicationId;
use crate::base::time::{Millis, Timestamp};
use crate::model::application::{
    Application, BrowserExclusion, BrowserVersions, DetectionOperator, DetectionRule,
    DetectionTarget, PageSource, PropertyRule, PropertyScope,
};

fn property(key: &str) -> PropertyRule {
    PropertyRule {
        key: key.to_owned(),
        scope: PropertyScope::Session,
        source: PageSource::Cookie,
        expression: "basket".to_owned(),
        cleanup: String::new(),
    }
}

fn browser(name: &str) -> BrowserExclusion {
    BrowserExclusion { browser: name.to_owned(), versions: BrowserVersions::All, version: 0 }
}

type Change = fn(&mut Application);

#[test]
fn every_fault_is_found_at_its_place() {
    let cases: &[(Change, Option<&str>)] = &[
        (|_| (), None),
        (|a| a.name = String::new(), Some("/name")),
        (|a| a.name = " x".to_owned(), Some("/name")),
        (|a| a.name = "x".repeat(101), Some("/name")),
        (|a| a.name = "a\nb".to_owned(), Some("/name")),
        (|a| a.capture_percent = 101, Some("/capture_percent")),
        (|a| a.capture.resources_max = 101, Some("/capture/resources_max")),
        (|a| a.apdex.load.satisfied = Millis(0), Some("/apdex/load/satisfied")),
        (|a| a.apdex.xhr.tolerating = Millis(1), Some("/apdex/xhr/tolerating")),
        (|a| a.apdex.custom.tolerating = Millis(600_001), Some("/apdex/custom/tolerating")),
        (|a| a.session.idle = Millis(0), Some("/session/idle")),
        (|a| a.session.duration_max = Millis::hours(25), Some("/session/duration_max")),
        (|a| a.session.actions_max = 1, Some("/session/actions_max")),
        (|a| a.allowed_origins = vec!["*.example.com".to_owned()], None),
        (|a| a.allowed_origins = vec!["https://shop.example.com:8443".to_owned()], None),
        (|a| a.allowed_origins = vec!["shop.example.com".to_owned()], Some("/allowed_origins/0")),
        (|a| a.allowed_origins = vec!["https://a/b".to_owned()], Some("/allowed_origins/0")),
        (|a| a.privacy.query_allow = vec![String::new()], Some("/privacy/query_allow")),
        (|a| a.privacy.query_drop = vec!["x".repeat(65)], Some("/privacy/query_drop")),
        (|a| a.capture.request_skip = vec!["x".to_owned()], Some("/capture/request_skip")),
        (|a| a.property_rules = vec![property("basket value")], Some("/property_rules/0/key")),
        (|a| a.property_rules = vec![property("a"), property("a")], Some("/property_rules/1/key")),
        (|a| a.property_rules = vec![property("basket.value")], None),
        (
            |a| a.exclusions.addresses = vec!["192.0.2.0/33".to_owned()],
            Some("/exclusions/addresses/0"),
        ),
        (|a| a.exclusions.addresses = vec!["2001:db8::/32".to_owned()], None),
        (|a| a.exclusions.browsers = vec![browser("")], Some("/exclusions/browsers/0")),
    ];
    for (number, (change, expected)) in cases.iter().enumerate() {
        let mut application = Application::new(ApplicationId(2), "Shop", Timestamp(0));
        change(&mut application);
        let faults = check_application(&application);
        let found = faults.first().map(|f| f.0.as_str());
        assert_eq!(found, *expected, "case {number}");
    }
}

#[test]
fn a_rule_needs_a_pattern_and_matches_domains_only() {
    let rule = |target, operator, pattern: &str| DetectionRule {
        application: ApplicationId(1),
        target,
        operator,
        pattern: pattern.to_owned(),
    };
    let good = rule(DetectionTarget::Domain, DetectionOperator::Matches, "example.com");
    let empty = rule(DetectionTarget::Domain, DetectionOperator::Matches, "");
    let wrong = rule(DetectionTarget::Url, DetectionOperator::Matches, "x");
    let faults = check_rules(&[good, empty, wrong]);
    let pointers: Vec<&str> = faults.iter().map(|f| f.0.as_str()).collect();
    assert_eq!(pointers, ["/1/pattern", "/2/operator"]);
}
