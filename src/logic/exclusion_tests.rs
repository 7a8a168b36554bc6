//! Visits that are not wanted are told apart from those that are.

use super::*;

fn client(browser: &str, version: &str, robot: Option<&str>) -> Client {
    Client {
        browser: browser.to_owned(),
        browser_version: version.to_owned(),
        robot: robot.map(str::to_owned),
        ..Client::default()
    }
}

fn outcome(exclusions: &Exclusions, ip: &str, client: &Client) -> Option<Outcome> {
    excluded(exclusions, ip.parse().ok(), client)
}

#[test]
fn addresses_are_compared_by_range() {
    let cases = [
        ("192.0.2.7", "192.0.2.7", true),
        ("192.0.2.7", "192.0.2.8", false),
        ("192.0.2.0/24", "192.0.2.255", true),
        ("192.0.2.9/24", "192.0.2.1", true),
        ("192.0.2.0/24", "192.0.3.0", false),
        ("0.0.0.0/0", "203.0.113.1", true),
        ("0.0.0.0/0", "2001:db8::1", false),
        ("192.0.2.5 - 192.0.2.9", "192.0.2.9", true),
        ("192.0.2.5-192.0.2.9", "192.0.2.10", false),
        ("2001:db8::/32", "2001:db8:ffff::1", true),
        ("2001:db8::/32", "2001:db9::1", false),
        ("192.0.2.7", "::ffff:192.0.2.7", true),
    ];
    for (entry, ip, expected) in cases {
        let exclusions = Exclusions { addresses: vec![entry.to_owned()], ..Exclusions::default() };
        let found = outcome(&exclusions, ip, &Client::default());
        assert_eq!(found, expected.then_some(Outcome::ExcludedAddress), "{entry} {ip}");
    }
}

#[test]
fn what_is_no_range_is_refused() {
    for entry in [
        "",
        "x",
        "192.0.2.0/33",
        "2001:db8::/129",
        "192.0.2.9-192.0.2.1",
        "192.0.2.1-::1",
        "192.0.2",
    ] {
        assert_eq!(range(entry), None, "{entry}");
    }
}

#[test]
fn browsers_are_compared_by_family_and_major_version() {
    let cases = [
        ("Internet Explorer", "Internet Explorer", "11.0", true),
        ("internet explorer", "Internet Explorer", "", true),
        ("Safari <= 12", "Safari", "12.1.2", true),
        ("Safari <= 12", "Safari", "13.0", false),
        ("Safari<=12", "Safari", "", false),
        ("Chrome >= 150", "Chrome", "156.0", true),
        ("Chrome = 150", "Chrome", "150.0.1", true),
        ("Chrome = 150", "Chrome Mobile", "150.0", false),
    ];
    for (entry, browser, version, expected) in cases {
        let browsers = vec![parse_browser(entry).unwrap()];
        let exclusions = Exclusions { browsers, ..Exclusions::default() };
        let found = outcome(&exclusions, "192.0.2.1", &client(browser, version, None));
        assert_eq!(found, expected.then_some(Outcome::ExcludedBrowser), "{entry} {version}");
    }
}

#[test]
fn robots_go_only_when_asked() {
    let robot = client("Chrome", "156", Some("Googlebot"));
    let exclusions = Exclusions { robots: true, ..Exclusions::default() };
    assert_eq!(outcome(&exclusions, "192.0.2.1", &robot), Some(Outcome::ExcludedRobot));
    assert_eq!(outcome(&exclusions, "192.0.2.1", &client("Chrome", "156", None)), None);
    assert_eq!(outcome(&Exclusions::default(), "192.0.2.1", &robot), None);
}

#[test]
fn entries_read_back_as_they_were_written() {
    for text in ["Safari", "Safari <= 12", "Chrome Mobile = 150", "Chrome >= 1"] {
        assert_eq!(browser_text(&parse_browser(text).unwrap()), text);
    }
    for text in ["", "<= 12", "Safari < 12", "Safari <= x", "Safari > 1"] {
        assert_eq!(parse_browser(text), None, "{text}");
    }
}
