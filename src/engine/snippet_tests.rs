//! The tag file carries exactly the settings of its application, and nothing that breaks out of a script.

use super::*;
use crate::base::time::Timestamp;
use crate::model::application::UserTagRule;

#[test]
fn the_agent_has_exactly_one_place_for_settings() {
    assert_eq!(AGENT.matches(PLACE).count(), 1);
}

#[test]
fn settings_are_put_in_once_and_cannot_break_out() {
    let mut application = Application::new(ApplicationId(7), "Shop", Timestamp(0));
    application.user_tag_rules.push(UserTagRule {
        source: PageSource::CssSelector,
        expression: "</script><b>\u{2028}".to_owned(),
        cleanup: "Welcome (.*)".to_owned(),
    });
    let tag = pack(with_settings(&application, "https://rum.example.com/"));
    let text = std::str::from_utf8(&tag.plain).unwrap();
    assert!(!text.contains(PLACE));
    assert!(text.contains("https://rum.example.com/beacon/a_0000007"));
    assert!(text.contains("\\u003c/script>") && !text.contains("</script"));
    assert!(!text.contains('\u{2028}'));
    assert!(!tag.gzip.is_empty() && tag.brotli.len() < tag.gzip.len());
}

#[test]
fn a_tag_is_built_again_only_when_the_application_changed() {
    let snippets = Snippets::default();
    let mut application = Application::new(ApplicationId(7), "Shop", Timestamp(0));
    let first = snippets.tag(&application, "");
    assert!(Arc::ptr_eq(&first, &snippets.tag(&application, "")));
    application.revision += 1;
    application.capture_percent = 50;
    assert_ne!(first.etag, snippets.tag(&application, "").etag);
}

#[test]
fn what_is_at_its_default_is_left_out_and_what_is_set_is_said() {
    let mut a = Application::new(ApplicationId(7), "Shop", Timestamp(0));
    let said = |a: &Application| -> serde_json::Value {
        serde_json::from_str(&settings_json(a, "https://rum.example.com")).unwrap()
    };
    let plain = said(&a);
    for key in ["consent", "dnt", "cookieless", "drop", "props", "skip", "off", "fetch"] {
        assert!(plain.get(key).is_none(), "{key}");
    }
    a.privacy.opt_in = true;
    a.privacy.do_not_track = DoNotTrack::Anonymous;
    a.privacy.cookieless = true;
    a.privacy.query_drop = vec!["token".to_owned()];
    a.capture.request_skip = vec!["/poll".to_owned()];
    a.capture.request_errors = false;
    a.capture.resources = false;
    a.capture.follow_async = false;
    a.property_rules.push(crate::model::application::PropertyRule {
        key: "basket".to_owned(),
        scope: PropertyScope::Session,
        source: PageSource::MetaTag,
        expression: "basket".to_owned(),
        cleanup: "(.*) EUR".to_owned(),
    });
    let expected = serde_json::json!({
        "consent": 1, "dnt": 2, "cookieless": 1, "drop": ["token"], "skip": ["/poll"], "off": 18, "fetch": 0,
        "props": [{"k": "basket", "s": "meta", "x": "basket", "c": "(.*) EUR", "t": 1}],
    });
    let found = said(&a);
    for (key, value) in expected.as_object().unwrap() {
        assert_eq!(found.get(key), Some(value), "{key}");
    }
}

#[test]
fn the_agent_without_settings_says_its_version_and_digest() {
    let snippets = Snippets::default();
    let code = snippets.code();
    assert!(code.name.starts_with(VERSION) && code.name.len() == VERSION.len() + 17);
    // 384 bits are 64 characters of base64.
    assert_eq!(code.integrity.len(), "sha384-".len() + 64);
    let text = std::str::from_utf8(&code.tag.plain).unwrap();
    assert!(!text.contains(PLACE) && text.contains("dataset.settings"));
}

#[test]
fn a_version_that_was_handed_out_is_there_after_an_upgrade() {
    let catalog = Catalog::in_memory(Timestamp(0)).unwrap();
    catalog.keep_agent_code("0.0.1-00112233445566aa", "earlier()").unwrap();
    let snippets = Snippets::default();
    let found = snippets.file(&catalog, "0.0.1-00112233445566aa.js").unwrap().unwrap();
    assert_eq!(&found.plain[..], b"earlier()");
    assert!(snippets.file(&catalog, "0.0.1-ffffffffffffffff.js").unwrap().is_none());
    let own = snippets.code().name.clone();
    assert!(catalog.agent_code(&own).unwrap().is_none());
    let served = snippets.file(&catalog, &format!("{own}.js")).unwrap().unwrap();
    assert_eq!(catalog.agent_code(&own).unwrap().unwrap().as_bytes(), &served.plain[..]);
}
