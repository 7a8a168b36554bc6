//! Tests of folding.

use super::{fold, spelled_out, tokens};

#[test]
fn case_and_accents_do_not_matter() {
    for (text, expected) in [
        ("Ryan", "ryan"),
        ("Müller", "muller"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("Łódź", "lodz"),
        ("Øre", "ore"),
        ("İstanbul", "istanbul"),
        ("ｆｕｌｌ", "full"),
        ("Ångström", "angstrom"),
        ("", ""),
    ] {
        assert_eq!(fold(text), expected, "{text}");
    }
}

#[test]
fn tokens_split_letters_from_digits() {
    for (text, expected) in [
        ("ryan.smith@example.com", vec!["ryan", "smith", "example", "com"]),
        ("mueller12", vec!["mueller", "12"]),
        ("/checkout/Payment", vec!["checkout", "payment"]),
        ("--", vec![]),
        ("a1b2", vec!["a", "1", "b", "2"]),
    ] {
        assert_eq!(tokens(text), expected, "{text}");
    }
}

#[test]
fn umlauts_are_spelled_out() {
    for (text, expected) in [
        ("Müller", Some("Mueller")),
        ("Mu\u{308}ller", Some("Mueller")),
        ("Äöß", Some("aeoeß")),
        ("é", None),
        ("e\u{301}", None),
        ("Mueller", None),
    ] {
        assert_eq!(spelled_out(text).as_deref(), expected, "{text}");
    }
}

#[test]
fn folding_twice_changes_nothing() {
    for text in ["Müller", "ẞ", "ﬃ", "Ǆ", "İ", "½x"] {
        assert_eq!(fold(&fold(text)), fold(text), "{text}");
    }
}
