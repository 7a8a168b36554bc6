//! Tests: see the modules.

use std::net::IpAddr;

use proptest::prelude::*;

use super::origin::origin_allowed;
use super::{ip, tag, text, url};
use crate::model::application::{PrivacySettings, UserTagPrivacy};

fn strict() -> PrivacySettings {
    PrivacySettings { mask_personal_data: true, ..PrivacySettings::default() }
}

#[test]
fn addresses_lose_their_end() {
    let cases = [
        ("203.0.113.77", "203.0.113.0"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::"),
        ("::ffff:203.0.113.77", "203.0.113.0"),
    ];
    for (given, expected) in cases {
        let masked = ip::mask(given.parse().unwrap());
        assert_eq!(masked, expected.parse::<IpAddr>().unwrap());
    }
}

#[test]
fn urls_lose_query_values_fragment_and_session_ids() {
    let cases = [
        ("https://a.ex/p?x=1&y=2#f", "https://a.ex/p?x=<masked>&y=<masked>"),
        ("https://me:pw@A.ex:443/p", "https://a.ex/p"),
        ("https://a.ex/p;jsessionid=AB12?x=", "https://a.ex/p?x="),
        ("https://a.ex/p;v=1;JSESSIONID=AB12/q", "https://a.ex/p;v=1/q"),
        ("/p?PHPSESSID=abc&CFID=1&CFTOKEN=2&keep=3", "/p?keep=<masked>"),
        ("/p?flag", "/p?flag"),
        ("/p ?", "/p"),
        ("/p?john@example.com", "/p?<masked>"),
        ("data:image/png;base64,AAAA", "data:image/png"),
        ("javascript:alert(1)", "javascript:"),
        ("blob:https://a.ex/6f9619ff-8b86-d011-b42d-00cf4fc964ff", "blob:"),
        ("", ""),
    ];
    for (given, expected) in cases {
        assert_eq!(url::clean(given, &PrivacySettings::default()), expected, "{given}");
    }
}

#[test]
fn allowed_parameters_keep_their_values() {
    let settings = PrivacySettings { query_allow: vec!["page".to_owned()], ..strict() };
    let cleaned = url::clean("/l?page=2&page=a@b.ex&q=shoes", &settings);
    assert_eq!(cleaned, "/l?page=2&page=<masked>&q=<masked>");
}

#[test]
fn personal_data_in_urls_is_masked_when_set() {
    let cases = [
        (
            "/user/john.doe@example.com/profile?country=Austria",
            "/user/<masked>/profile?country=<masked>",
        ),
        ("/l?country=Austria&city=Linz", "/l?country=<masked>&city=<masked>"),
        ("https://192.168.10.25/dashboard", "https://<masked>/dashboard"),
        ("http://[2001:db8::1]:8080/x", "http://<masked>:8080/x"),
        ("/u/john%40example.com", "/u/<masked>"),
        ("/o/6f9619ff-8b86-d011-b42d-00cf4fc964ff/x", "/o/<masked>/x"),
        ("/o/12345", "/o/<masked>"),
        ("/o/1234", "/o/1234"),
        ("/o/ab12c/facade", "/o/<masked>/facade"),
        ("/order12345x", "/order<masked>x"),
        ("/pay/AT611904300234573201", "/pay/<masked>"),
        ("/pay/4111-1111-1111-1111", "/pay/<masked>"),
        ("/shop/shoes", "/shop/shoes"),
    ];
    for (given, expected) in cases {
        assert_eq!(url::clean(given, &strict()), expected, "{given}");
    }
}

#[test]
fn personal_data_in_texts_is_masked_when_set() {
    let cases = [
        ("mail john.doe@example.com now", "mail <masked> now"),
        ("IBAN AT61 1904 3002 3457 3201 ok", "IBAN <masked> ok"),
        ("card 4111 1111 1111 1111", "card <masked>"),
        ("from 10.0.0.1 and fe80::1", "from <masked> and <masked>"),
        ("at 10:11:12 std::cb", "at 10:11:12 std::cb"),
        ("x is not a function", "x is not a function"),
        ("code 404 in v1.2.3", "code 404 in v1.2.3"),
    ];
    for (given, expected) in cases {
        assert_eq!(text::mask(given, &strict()), expected, "{given}");
        assert_eq!(text::mask(given, &PrivacySettings::default()), given);
    }
}

#[test]
fn urls_in_stacks_lose_their_query() {
    let stack =
        "E: x\n    at f (https://a.ex/app.js?u=me:10:15)\ng@https://a.ex/b.js#t:3:4".to_owned();
    let masked = text::mask_stack(stack, &PrivacySettings::default());
    assert!(masked.contains("at f (https://a.ex/app.js?u=<masked>"), "{masked}");
    assert!(masked.contains("g@https://a.ex/b.js"), "{masked}");
    assert!(!masked.contains("u=me"));
}

#[test]
fn user_tags_are_kept_hashed_or_dropped() {
    let (one, two) = ([1; 32], [2; 32]);
    assert_eq!(tag::mask("ryan", UserTagPrivacy::Keep, &one).as_deref(), Some("ryan"));
    assert_eq!(tag::mask("ryan", UserTagPrivacy::Drop, &one), None);
    let hash = tag::mask("ryan", UserTagPrivacy::Hash, &one).unwrap();
    assert!(hash.len() == 25 && !hash.contains("ryan"));
    assert_eq!(tag::mask("ryan", UserTagPrivacy::Hash, &one), Some(hash.clone()));
    assert_ne!(tag::mask("ryan", UserTagPrivacy::Hash, &two), Some(hash));
}

#[test]
fn origins_are_compared_by_host() {
    let cases = [
        ("https://shop.ex", "https://shop.ex", true),
        ("https://shop.ex", "https://SHOP.ex:443", true),
        ("https://shop.ex", "http://shop.ex", false),
        ("https://shop.ex", "https://shop.ex:8443", false),
        ("*.shop.ex", "https://a.shop.ex", true),
        ("*.shop.ex", "https://shop.ex", false),
        ("*.shop.ex", "https://badshop.ex", false),
        ("https://*.shop.ex", "https://a.shop.ex", true),
        ("shop.ex", "http://shop.ex:8080", true),
        ("shop.ex:8080", "http://shop.ex:8080", true),
        ("shop.ex:8080", "http://shop.ex", false),
        ("*", "null", true),
        ("shop.ex", "null", false),
    ];
    for (entry, origin, expected) in cases {
        assert_eq!(origin_allowed(&[entry.to_owned()], origin), expected, "{entry} {origin}");
    }
    assert!(origin_allowed(&[], "null"));
}

proptest! {
    #[test]
    fn no_bit_is_left_beyond_the_mask(v4 in any::<u32>(), v6 in any::<u128>()) {
        let IpAddr::V4(masked) = ip::mask(IpAddr::V4(v4.into())) else { panic!() };
        prop_assert_eq!(u32::from(masked) & 0xff, 0);
        if let IpAddr::V6(masked) = ip::mask(IpAddr::V6(v6.into())) {
            prop_assert_eq!(u128::from(masked) & ((1 << 80) - 1), 0);
        }
    }

    #[test]
    fn masking_twice_is_masking_once(given in "[ -~äß]{0,60}|(https?://)?[a-f0-9@.:/?&=;#%-]{0,60}") {
        for settings in [strict(), PrivacySettings::default()] {
            let once = url::clean(&given, &settings);
            prop_assert_eq!(&url::clean(&once, &settings), &once);
            let once = text::mask(&given, &settings).into_owned();
            prop_assert_eq!(text::mask(&once, &settings), once.clone());
        }
    }
}
