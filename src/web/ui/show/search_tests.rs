//! Places and commands are found by their names and by the words people use for them.

use super::{COMMANDS, PLACES, commands, has_words};
use crate::web::routes::PAGES;

#[test]
fn places_lead_to_pages_that_exist() {
    for (name, _, href, ..) in PLACES {
        let path = href.split(['?', '#']).next().unwrap();
        let is_known = PAGES.iter().any(|route| {
            let (route, path): (Vec<_>, Vec<_>) =
                (route.path.split('/').collect(), path.split('/').collect());
            route.len() == path.len()
                && route.iter().zip(&path).all(|(own, part)| own == part || own.starts_with('{'))
        });
        assert!(is_known, "{name}: {href}");
    }
}

#[test]
fn words_find_in_any_order() {
    for (name, more, text, is_found) in [
        ("Dark theme", "night", "theme dark", true),
        ("Dark theme", "night", "NIGHT", true),
        ("Dark theme", "night", "light", false),
        ("Dark theme", "night", "", true),
    ] {
        assert_eq!(has_words(name, more, text), is_found, "{text}");
    }
    assert_eq!(commands("").len(), COMMANDS.len());
    assert!(commands("dark").iter().all(|hit| hit.theme == "dark" && hit.href.is_empty()));
}
