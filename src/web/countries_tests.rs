//! Tests of the names of countries.

use super::*;

#[test]
fn the_table_is_sorted_and_has_every_country_once() {
    assert_eq!(COUNTRIES.len(), 250, "249 of ISO 3166-1, and Kosovo");
    assert!(COUNTRIES.is_sorted_by(|one, next| one.0 < next.0));
    for (code, name) in COUNTRIES {
        assert!(code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase()), "{code}");
        assert!(name.chars().count() > 2 && name.trim() == *name, "{code}");
    }
}

#[test]
fn codes_in_any_case_get_their_name_and_others_stay() {
    assert_eq!(name("AT"), "Austria");
    assert_eq!(name("dk"), "Denmark");
    assert_eq!(name("ZZ"), "ZZ");
    assert_eq!(name(""), "");
}

#[test]
fn a_name_in_full_gives_its_code() {
    assert_eq!(code("united kingdom"), Some("GB"));
    assert_eq!(code("GB"), None);
    for (own, name) in COUNTRIES {
        assert_eq!(code(name), Some(*own), "no two countries have one name");
    }
}

#[test]
fn what_is_typed_finds_names_words_and_codes() {
    let found = |typed: &str| beginning_with(typed).map(|(code, _)| code).collect::<Vec<_>>();
    assert!(found("kingdom").contains(&"GB"));
    assert_eq!(found("denm"), ["DK"]);
    assert!(found("de").contains(&"DE") && found("de").contains(&"DK"));
}
