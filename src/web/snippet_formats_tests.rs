//! Snippets hold together whatever the settings say.

use super::*;
use crate::base::id::ApplicationId;
use crate::base::time::Timestamp;
use crate::engine::snippet::Snippets;
use crate::model::application::{PageSource, UserTagRule};

fn shop() -> Application {
    let mut application = Application::new(ApplicationId(7), "Shop", Timestamp(0));
    application.user_tag_rules.push(UserTagRule {
        source: PageSource::CssSelector,
        expression: "a[title='x'] > b & \"c\"</script>".to_owned(),
        cleanup: String::new(),
    });
    application
}

#[test]
fn no_setting_breaks_out_of_a_snippet() {
    let snippets = Snippets::default();
    for format in SnippetFormat::ALL {
        let made = snippet(*format, &shop(), snippets.code(), "https://rum.example.com/");
        assert_eq!(made.html.matches("</script").count(), 1, "{format:?}");
        assert!(made.html.ends_with("</script>"), "{format:?}");
        assert!(made.policy.contains("connect-src https://rum.example.com"), "{format:?}");
        if matches!(format, SnippetFormat::Fixed | SnippetFormat::Integrity) {
            // The attribute is in single quotes: none may be inside.
            assert_eq!(made.html.matches('\'').count(), 2, "{format:?}");
        }
        assert_eq!(SnippetFormat::parse(format.name()), Some(*format));
    }
}

#[test]
fn every_recipe_carries_the_values_of_the_user() {
    let line = "<script src=\"https://rum.example.com/tag/a_0000007.js\"></script>";
    for (server, note, text) in recipes(line, "https://rum.example.com") {
        assert!(text.contains("rum.example.com"), "{server}");
        assert!(!note.is_empty());
    }
}
