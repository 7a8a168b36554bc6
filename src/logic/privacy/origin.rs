//! Origins from which an application takes beacons.

use crate::logic::address::Address;

/// Whether `origin` may send beacons. An empty list allows all. Entries are `https://shop.example.com`,
/// `https://*.example.com`, `shop.example.com`, `*.example.com` (subdomains only) or `*`.
#[must_use]
pub fn origin_allowed(allowed: &[String], origin: &str) -> bool {
    allowed.is_empty() || allowed.iter().any(|entry| matches(entry.trim(), origin.trim()))
}

fn matches(entry: &str, origin: &str) -> bool {
    if entry == "*" {
        return true;
    }
    let given = Address::parse(origin);
    if given.host.is_empty() {
        return false;
    }
    if !entry.contains("://") {
        let wanted = entry.split_once(':').map_or(entry, |(host, _)| host);
        return is_host(wanted, given.host)
            && (wanted == entry
                || given.odd_port() == entry.rsplit_once(':').map(|(_, port)| port));
    }
    let wanted = Address::parse(entry);
    wanted.scheme.eq_ignore_ascii_case(given.scheme)
        && is_host(wanted.host, given.host)
        && wanted.odd_port() == given.odd_port()
}

fn is_host(wanted: &str, given: &str) -> bool {
    let (wanted, given) = (wanted.to_ascii_lowercase(), given.to_ascii_lowercase());
    match wanted.strip_prefix('*') {
        Some(suffix) => {
            suffix.starts_with('.') && given.len() > suffix.len() && given.ends_with(suffix)
        }
        None => wanted == given,
    }
}
