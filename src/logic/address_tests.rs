//! Tests: see the module.

use super::{Address, percent_decode};

#[test]
fn urls_come_apart() {
    let cases = [
        ("https://a.ex:443/x?q=1#f", ("https", "a.ex", "443", "/x", Some("q=1"))),
        ("https://me:pw@a.ex/", ("https", "a.ex", "", "/", None)),
        ("http://x@y@z/p", ("http", "z", "", "/p", None)),
        ("http://[2001:db8::1]:8080/", ("http", "[2001:db8::1]", "8080", "/", None)),
        ("//cdn.ex/a.js", ("", "cdn.ex", "", "/a.js", None)),
        ("/path?x", ("", "", "", "/path", Some("x"))),
        ("/go?to=https://b.ex/", ("", "", "", "/go", Some("to=https://b.ex/"))),
        ("", ("", "", "", "", None)),
    ];
    for (url, (scheme, host, port, path, query)) in cases {
        assert_eq!(Address::parse(url), Address { scheme, host, port, path, query }, "{url}");
    }
}

#[test]
fn default_ports_are_not_odd() {
    let cases = [
        ("https://a.ex:443/", None),
        ("http://a.ex:80/", None),
        ("http://a.ex:443/", Some("443")),
        ("https://a.ex/", None),
    ];
    for (url, port) in cases {
        assert_eq!(Address::parse(url).odd_port(), port, "{url}");
    }
}

#[test]
fn percent_encoding_is_undone() {
    assert_eq!(percent_decode("Spring+Sale%21%zz%"), "Spring Sale!%zz%");
}
