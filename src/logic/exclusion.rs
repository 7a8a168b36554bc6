//! Visits that an application does not want: by address of the visitor, browser, or because they are robots.

use std::net::IpAddr;

use crate::model::application::{BrowserExclusion, BrowserVersions, Exclusions};
use crate::model::outcome::Outcome;
use crate::model::visitor::Client;

/// First and last address of an entry: one address, a network with its prefix, or two addresses with a dash.
#[must_use]
pub fn range(entry: &str) -> Option<(IpAddr, IpAddr)> {
    let entry = entry.trim();
    if let Some((address, prefix)) = entry.split_once('/') {
        return network(address.trim().parse().ok()?, prefix.trim().parse().ok()?);
    }
    let (first, last) = entry.split_once('-').unwrap_or((entry, entry));
    let first: IpAddr = first.trim().parse().ok()?;
    let last: IpAddr = last.trim().parse().ok()?;
    let is_good = first.is_ipv4() == last.is_ipv4() && first <= last;
    is_good.then_some((first.to_canonical(), last.to_canonical()))
}

fn network(address: IpAddr, prefix: u32) -> Option<(IpAddr, IpAddr)> {
    match address {
        IpAddr::V4(address) => {
            let host = u32::MAX.checked_shr(prefix).unwrap_or(0);
            let first = u32::from(address) & !host;
            (prefix <= 32).then(|| (IpAddr::V4(first.into()), IpAddr::V4((first | host).into())))
        }
        IpAddr::V6(address) => {
            let host = u128::MAX.checked_shr(prefix).unwrap_or(0);
            let first = u128::from(address) & !host;
            (prefix <= 128).then(|| (IpAddr::V6(first.into()), IpAddr::V6((first | host).into())))
        }
    }
}

/// Why a visit is dropped; `None` when it is wanted. `ip` is the address before masking: it is compared, never kept.
#[must_use]
pub fn excluded(exclusions: &Exclusions, ip: Option<IpAddr>, client: &Client) -> Option<Outcome> {
    let within = |ip: IpAddr| {
        let ip = ip.to_canonical();
        let mut ranges = exclusions.addresses.iter().filter_map(|entry| range(entry));
        ranges.any(|(first, last)| first.is_ipv4() == ip.is_ipv4() && (first..=last).contains(&ip))
    };
    if ip.is_some_and(within) {
        Some(Outcome::ExcludedAddress)
    } else if exclusions.robots && client.robot.is_some() {
        Some(Outcome::ExcludedRobot)
    } else if exclusions.browsers.iter().any(|entry| is_browser(entry, client)) {
        Some(Outcome::ExcludedBrowser)
    } else {
        None
    }
}

fn is_browser(entry: &BrowserExclusion, client: &Client) -> bool {
    let major = || {
        let digits = client.browser_version.split('.').next().unwrap_or_default();
        digits.parse::<u32>().ok()
    };
    entry.browser.eq_ignore_ascii_case(&client.browser)
        && match entry.versions {
            BrowserVersions::All => true,
            BrowserVersions::UpTo => major().is_some_and(|major| major <= entry.version),
            BrowserVersions::Exactly => major() == Some(entry.version),
            BrowserVersions::From => major().is_some_and(|major| major >= entry.version),
        }
}

/// An entry as people write it: `Safari`, `Safari <= 12`, `Safari = 12`, `Safari >= 12`.
#[must_use]
pub fn parse_browser(text: &str) -> Option<BrowserExclusion> {
    let text = text.trim();
    let is_name = |name: &str| {
        let is_part = |c: char| c.is_alphanumeric() || " .-_+".contains(c);
        !name.is_empty() && name.chars().all(is_part)
    };
    let Some(place) = text.find(['<', '>', '=']) else {
        let browser = text.to_owned();
        return is_name(text).then_some(BrowserExclusion {
            browser,
            versions: BrowserVersions::All,
            version: 0,
        });
    };
    let (name, rest) = text.split_at_checked(place)?;
    let (versions, number) = if let Some(number) = rest.strip_prefix("<=") {
        (BrowserVersions::UpTo, number)
    } else if let Some(number) = rest.strip_prefix(">=") {
        (BrowserVersions::From, number)
    } else {
        (BrowserVersions::Exactly, rest.strip_prefix('=')?)
    };
    let browser = name.trim().to_owned();
    let version = number.trim().parse().ok()?;
    is_name(&browser).then_some(BrowserExclusion { browser, versions, version })
}

/// An entry as `parse_browser` reads it.
#[must_use]
pub fn browser_text(entry: &BrowserExclusion) -> String {
    let sign = match entry.versions {
        BrowserVersions::All => return entry.browser.clone(),
        BrowserVersions::UpTo => "<=",
        BrowserVersions::Exactly => "=",
        BrowserVersions::From => ">=",
    };
    format!("{} {sign} {}", entry.browser, entry.version)
}

#[cfg(test)]
#[path = "exclusion_tests.rs"]
mod tests;
