//! Tests: see the module.

use super::{Detector, Location};
use crate::base::id::ApplicationId;
use crate::model::application::DetectionOperator::{
    Contains, EndsWith, Equals, Matches, StartsWith,
};
use crate::model::application::DetectionTarget::{Domain, Url};
use crate::model::application::{DetectionOperator, DetectionRule, DetectionTarget};

fn rule(
    id: u32,
    target: DetectionTarget,
    operator: DetectionOperator,
    pattern: &str,
) -> DetectionRule {
    DetectionRule { application: ApplicationId(id), target, operator, pattern: pattern.to_owned() }
}

#[test]
fn the_first_rule_wins_without_port_and_fragment() {
    let rules = [rule(2, Url, StartsWith, "https://a.ex/shop/"), rule(3, Domain, Equals, "a.ex")];
    let detector = Detector::new(&rules);
    let explanation = detector.explain("https://a.ex:443/shop/x#f");
    assert_eq!(explanation.application, ApplicationId(2));
    assert_eq!(explanation.matching, [0, 1]);
    assert_eq!(explanation.location.url, "https://a.ex/shop/x");
    assert_eq!(detector.find("https://a.ex/other"), Some(ApplicationId(3)));
}

#[test]
fn without_a_match_it_is_the_default_application() {
    let detector = Detector::new(&[rule(2, Domain, Equals, "a.ex")]);
    assert_eq!(detector.find("https://b.ex/"), None);
    assert_eq!(detector.explain("https://b.ex/").application, ApplicationId::DEFAULT);
}

#[test]
fn operators_compare_as_they_say() {
    let cases = [
        (Domain, Equals, "Shop.Example.com", "https://shop.example.com/x", true),
        (Domain, Equals, "example.com", "https://shop.example.com/x", false),
        (Domain, StartsWith, "shop.", "https://shop.example.com/", true),
        (Domain, EndsWith, "example.com", "https://badexample.com/", true),
        (Domain, Contains, "exam", "https://shop.example.com/", true),
        (Domain, Matches, "example.com", "https://example.com/", true),
        (Domain, Matches, "example.com", "https://a.b.example.com/", true),
        (Domain, Matches, "example.com", "https://badexample.com/", false),
        (Url, Equals, "https://a.ex/", "https://A.ex", true),
        (Url, StartsWith, "http://a.ex:8080/", "http://a.ex:8080/x", true),
        (Url, EndsWith, "?p=1", "https://a.ex/x?p=1#f", true),
        (Url, Contains, "/checkout", "https://a.ex/de/checkout/1", true),
        (Url, Contains, "#f", "https://a.ex/x#f", false),
        (Domain, Equals, "", "https://a.ex/", false),
    ];
    for (target, operator, pattern, url, expected) in cases {
        let detector = Detector::new(&[rule(2, target, operator, pattern)]);
        assert_eq!(detector.find(url).is_some(), expected, "{operator:?} {pattern} {url}");
    }
}

#[test]
fn user_information_is_no_host() {
    assert_eq!(Location::parse("https://a.ex@evil.ex/").host, "evil.ex");
}
