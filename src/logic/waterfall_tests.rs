//! Findings and their thresholds.

use super::*;

const PAGE: &str = "https://shop.example.com/checkout";

fn row(kind: ResourceKind, url: &str) -> Resource {
    Resource { kind, url: url.to_owned(), ..Resource::default() }
}

#[test]
fn hosts_and_sites_are_told_apart() {
    for (url, expected) in [
        ("https://shop.example.com/a?b#c", "shop.example.com"),
        ("http://localhost:8080/x", "localhost"),
        ("https://user@cdn.example.com", "cdn.example.com"),
        ("http://[::1]:80/", "[::1]"),
        ("data:text/plain,x", ""),
        ("/relative", ""),
    ] {
        assert_eq!(host(url), expected, "{url}");
    }
    for (url, expected) in [
        ("https://shop.example.com/app.js", false),
        ("https://cdn.example.com/app.js", false),
        ("https://example.com/app.js", false),
        ("https://ads.example.net/app.js", true),
        ("https://notexample.com/app.js", true),
        ("data:image/png;base64,x", false),
    ] {
        assert_eq!(is_third_party(url, PAGE), expected, "{url}");
    }
    assert!(is_third_party("https://a.co.uk/x", "https://www.b.co.uk/"));
    assert!(!is_third_party("https://cdn.b.co.uk/x", "https://www.b.co.uk/"));
    assert!(is_third_party("http://10.0.0.2/x", "http://10.0.0.3/"));
}

#[test]
fn a_finding_begins_above_its_threshold() {
    use ResourceKind::{Image, Script};
    let own = "https://shop.example.com/x";
    let script = |encoded, decoded, transfer| Resource {
        encoded_bytes: encoded,
        decoded_bytes: decoded,
        transfer_bytes: transfer,
        ..row(Script, own)
    };
    let server = |wait| Resource { request_start: 5, response_start: 5 + wait, ..row(Script, own) };
    for (finding, row, expected) in [
        (Finding::Failed, Resource { status: 404, ..row(Script, own) }, true),
        (Finding::Failed, Resource { status: 304, ..row(Script, own) }, false),
        (Finding::Failed, Resource { is_failed: true, ..row(Script, own) }, true),
        (Finding::SlowServer, server(SLOW_SERVER), false),
        (Finding::SlowServer, server(SLOW_SERVER + 1), true),
        (Finding::Uncompressed, script(860, 860, 900), false),
        (Finding::Uncompressed, script(861, 861, 900), true),
        (Finding::Uncompressed, script(861, 2_000, 900), false),
        (Finding::Uncached, script(500, 900, 800), true),
        (Finding::Uncached, script(500, 900, 0), false),
        (Finding::LargeImage, Resource { encoded_bytes: 100_000, ..row(Image, own) }, false),
        (Finding::LargeImage, Resource { encoded_bytes: 100_001, ..row(Image, own) }, true),
        (Finding::Blocking, Resource { is_render_blocking: true, ..row(Script, own) }, true),
    ] {
        let found = finding.rows(std::slice::from_ref(&row), PAGE);
        assert_eq!(!found.is_empty(), expected, "{finding:?} {row:?}");
    }
}

#[test]
fn half_from_the_cache_is_enough_and_few_hosts_are_no_finding() {
    let file = |transfer| Resource {
        encoded_bytes: 100,
        transfer_bytes: transfer,
        ..row(ResourceKind::Image, "https://shop.example.com/x")
    };
    assert!(Finding::Uncached.rows(&[file(200), file(0)], PAGE).is_empty());
    assert_eq!(Finding::Uncached.rows(&[file(0), file(200), file(200)], PAGE), [1, 2]);
    let hosts = |count: usize| -> Vec<Resource> {
        (0..count)
            .map(|n| row(ResourceKind::Image, &format!("https://h{n}.example.com/")))
            .collect()
    };
    assert!(Finding::ManyHosts.rows(&hosts(HOSTS), PAGE).is_empty());
    assert_eq!(Finding::ManyHosts.rows(&hosts(HOSTS + 1), PAGE).len(), HOSTS + 1);
    for finding in Finding::ALL {
        assert_eq!(Finding::parse(finding.name()), Some(finding));
    }
}
