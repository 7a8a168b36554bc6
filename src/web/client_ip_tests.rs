//! Tests of the client address.

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};

use super::{Network, masked, resolve};

fn headers(values: &[&str]) -> HeaderMap {
    let mut map = HeaderMap::new();
    for value in values {
        let name = HeaderName::from_static("x-forwarded-for");
        map.append(name, HeaderValue::from_str(value).unwrap());
    }
    map
}

#[test]
fn only_trusted_proxies_are_believed() {
    let none: &[&str] = &[];
    let cases: &[(&str, &[&str], &[&str], &str)] = &[
        // peer, X-Forwarded-For, trusted proxies, expected
        ("198.51.100.1", &["203.0.113.7"], none, "198.51.100.1"),
        ("198.51.100.1", &["203.0.113.7"], &["10.0.0.0/8"], "198.51.100.1"),
        ("10.0.0.1", &["203.0.113.7"], &["10.0.0.0/8"], "203.0.113.7"),
        ("10.0.0.1", none, &["10.0.0.0/8"], "10.0.0.1"),
        ("10.0.0.1", &["1.1.1.1, 203.0.113.7"], &["10.0.0.0/8"], "203.0.113.7"),
        ("10.0.0.1", &["1.1.1.1, 203.0.113.7, 10.0.0.2"], &["10.0.0.0/8"], "203.0.113.7"),
        ("10.0.0.1", &["1.1.1.1", "203.0.113.7"], &["10.0.0.0/8"], "203.0.113.7"),
        ("10.0.0.1", &["203.0.113.7", "10.0.0.2"], &["10.0.0.0/8"], "203.0.113.7"),
        ("10.0.0.1", &["10.0.0.3, 10.0.0.2"], &["10.0.0.0/8"], "10.0.0.3"),
        ("10.0.0.1", &["203.0.113.7:5432"], &["10.0.0.1"], "203.0.113.7"),
        ("10.0.0.1", &["[2001:db8::1]:443"], &["10.0.0.1"], "2001:db8::1"),
        ("10.0.0.1", &["[2001:db8::1]"], &["10.0.0.1"], "2001:db8::1"),
        ("10.0.0.1", &["2001:db8::1"], &["10.0.0.1"], "2001:db8::1"),
        ("10.0.0.1", &["::ffff:203.0.113.7"], &["10.0.0.1"], "203.0.113.7"),
        ("::ffff:10.0.0.1", &["203.0.113.7"], &["10.0.0.1"], "203.0.113.7"),
        ("10.0.0.1", &["unknown"], &["10.0.0.1"], "10.0.0.1"),
        ("10.0.0.1", &["203.0.113.7, unknown"], &["10.0.0.1"], "10.0.0.1"),
        ("10.0.0.1", &[""], &["10.0.0.1"], "10.0.0.1"),
        ("2001:db8::5", &["203.0.113.7"], &["2001:db8::/32"], "203.0.113.7"),
        ("2001:db9::5", &["203.0.113.7"], &["2001:db8::/32"], "2001:db9::5"),
        ("10.0.0.1", &["203.0.113.7"], &["0.0.0.0/0"], "203.0.113.7"),
    ];
    for (peer, forwarded, proxies, expected) in cases {
        let proxies: Vec<Network> = proxies.iter().filter_map(|p| Network::parse(p)).collect();
        let found = resolve(Some(peer.parse().unwrap()), &headers(forwarded), &proxies);
        assert_eq!(found.to_string(), *expected, "{peer} {forwarded:?}");
    }
}

#[test]
fn a_written_address_is_masked() {
    assert_eq!(masked("203.0.113.77".parse().unwrap()), "203.0.113.0");
    assert_eq!(masked("2001:db8:1:2:3::4".parse().unwrap()), "2001:db8:1::");
}
