//! What the list says about why a session is in it.

use super::*;
use crate::logic::query_parser::parse;
use crate::web::ui::show::navigation::tests::load;

fn actions() -> Vec<UserAction> {
    let action = |page: &str, name: &str| UserAction {
        page: page.to_owned(),
        name: name.to_owned(),
        ..load()
    };
    vec![
        action("/", "loading of page /"),
        action("/checkout", "loading of page /checkout"),
        action("/checkout", "click on \"Pay now\" on page /checkout"),
    ]
}

#[test]
fn what_fits_is_named_and_counted() {
    for (query, expected) in [
        ("page:/checkout", "page /checkout 2×"),
        ("page:/check*", "page /checkout 2×"),
        ("action:\"pay now\"", "action click on \"Pay now\" on page /checkout"),
        ("checkout", "page /checkout 2×"),
        ("pay", "action click on \"Pay now\" on page /checkout"),
        ("page:/basket", ""),
        ("-page:/checkout", ""),
        ("country:DK errors>0", ""),
        ("anna", ""),
    ] {
        let wanted = wanted(&parse(query));
        let found = matched(&wanted, &actions());
        let whole = expected.chars().count() <= NAME_CHARS;
        if whole {
            assert_eq!(found, expected, "{query}");
        } else {
            assert!(found.starts_with("action click on"), "{query}: {found}");
        }
    }
}
