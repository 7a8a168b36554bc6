//! Tests of the forms of an application.

use super::*;
use crate::base::id::ApplicationId;
use crate::base::time::Timestamp;
use crate::model::application::{DoNotTrack, PlacePrivacy};

fn application() -> Application {
    Application::new(ApplicationId(2), "Shop", Timestamp(0))
}

fn sent(form: &Form) -> Vec<(String, String)> {
    let fields = form.fields.iter().filter(|field| field.kind != "check" || field.is_set);
    fields.map(|field| (field.name.clone(), field.value.clone())).collect()
}

#[test]
fn a_form_sent_as_it_is_changes_nothing() {
    let mut a = application();
    a.apdex.load.satisfied = Millis(2_500);
    a.allowed_origins = vec!["https://a.example.com".to_owned(), "*.b.example.com".to_owned()];
    a.privacy.place = PlacePrivacy::Country;
    a.privacy.opt_in = true;
    a.privacy.do_not_track = DoNotTrack::Anonymous;
    a.privacy.query_drop = vec!["token".to_owned()];
    a.capture.web_vitals = false;
    a.capture.request_skip = vec!["/poll".to_owned()];
    a.exclusions.robots = true;
    a.exclusions.addresses = vec!["192.0.2.0/24".to_owned()];
    a.exclusions.browsers.extend(crate::logic::exclusion::parse_browser("Safari <= 12"));
    for (section, ..) in SECTIONS {
        if let Some(form) = form(section, &a) {
            assert_eq!(changed(section, &a, &sent(&form)).unwrap(), a, "{section}");
        }
    }
}

#[test]
fn wrong_values_are_told_at_their_field() {
    for (section, name, value) in [
        ("capture", "capture_percent", "many"),
        ("capture", "capture/resources_max", "300"),
        ("capture", "exclusions/browsers", "Safari ~ 3"),
        ("apdex", "apdex/load/satisfied", "1.x"),
        ("apdex", "apdex/xhr/tolerating", "99999999999"),
        ("sessions", "session/idle", "-1"),
    ] {
        let form = form(section, &application()).unwrap();
        let mut sent = sent(&form);
        sent.push((name.to_owned(), value.to_owned()));
        let error = changed(section, &application(), &sent).unwrap_err();
        assert_eq!(error.errors.first().unwrap().pointer, format!("/{name}"));
    }
}

#[test]
fn rules_of_user_tags_are_added_and_removed() {
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let add = vec![pair("source", "cookie"), pair("expression", "user"), pair("cleanup", "(.*)")];
    let with = changed("tagging", &application(), &add).unwrap();
    assert_eq!(with.user_tag_rules.len(), 1);
    let remove = vec![pair("do", "remove"), pair("rule", "0")];
    assert!(changed("tagging", &with, &remove).unwrap().user_tag_rules.is_empty());
    let broken = vec![pair("expression", "user"), pair("cleanup", "(")];
    assert!(changed("tagging", &application(), &broken).is_err());
}

#[test]
fn rules_of_properties_are_told_at_the_field_where_they_are_wrong() {
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let add = |key: &str| {
        vec![
            pair("key", key),
            pair("scope", "session"),
            pair("source", "meta_tag"),
            pair("expression", "basket"),
        ]
    };
    let with = changed("properties", &application(), &add("basket.value")).unwrap();
    let rule = with.property_rules.first().unwrap();
    assert_eq!((rule.key.as_str(), rule.scope), ("basket.value", PropertyScope::Session));
    for key in ["", "basket value", "basket.value"] {
        let error = changed("properties", &with, &add(key)).unwrap_err();
        assert_eq!(error.errors.first().unwrap().pointer, "/key", "{key}");
    }
    let up = vec![pair("do", "up"), pair("rule", "1")];
    let two = changed("properties", &with, &add("plan")).unwrap();
    let turned = changed("properties", &two, &up).unwrap();
    assert_eq!(turned.property_rules.first().unwrap().key, "plan");
}

#[test]
fn the_sample_is_masked_as_the_settings_say() {
    let mut a = application();
    a.privacy.mask_personal_data = true;
    a.privacy.query_allow = vec!["page".to_owned()];
    a.privacy.user_tag = crate::model::application::UserTagPrivacy::Drop;
    let rows = privacy_forms::samples(&a.privacy);
    let after = |what: &str| rows.iter().find(|row| row.what == what).unwrap().after.clone();
    assert_eq!(after("IP address"), "203.0.113.0");
    assert_eq!(after("User tag"), "not kept");
    assert!(after("Page").contains("page=2") && !after("Page").contains("anna"));
    assert!(!after("Error message").contains("4111"));
}
