//! Tests of the forms of an application.

use super::*;
use crate::base::id::ApplicationId;
use crate::base::time::Timestamp;

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
    for (section, ..) in SECTIONS {
        if let Some(form) = form(section, &a) {
            assert_eq!(changed(section, &a, &sent(&form)).unwrap(), a, "{section}");
        }
    }
}

#[test]
fn wrong_values_are_told_at_their_field() {
    for (section, name, value) in [
        ("general", "capture_percent", "many"),
        ("general", "capture/resources_max", "300"),
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
