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
    let tag = build(&application, "https://rum.example.com/");
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
