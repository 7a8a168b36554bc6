//! The address of the visitor: the peer's, or what a trusted proxy says.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use actix_web::http::header::HeaderMap;

/// Values of `X-Forwarded-For` that are looked at; more is an attack.
const HOPS: usize = 20;

/// An address with a prefix length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    bits: u128,
    prefix: u32,
}

impl Network {
    /// Parses `10.0.0.0/8`, `::1` and the like.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (address, length) = match text.split_once('/') {
            Some((address, length)) => (address, Some(length.parse::<u32>().ok()?)),
            None => (text, None),
        };
        let address: IpAddr = address.trim().parse().ok()?;
        let (width, offset) = if address.is_ipv4() { (32, 96) } else { (128, 0) };
        let length = length.unwrap_or(width);
        (length <= width).then(|| Self { bits: bits(address), prefix: length + offset })
    }

    /// Whether the address is in this network.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        let shift = 128 - self.prefix;
        self.prefix == 0 || bits(address) >> shift == self.bits >> shift
    }
}

/// IPv4 as its mapped IPv6 address, so that both compare.
fn bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(v4) => u128::from(v4.to_ipv6_mapped()),
        IpAddr::V6(v6) => u128::from(v6),
    }
}

/// The address of whoever asks. `X-Forwarded-For` counts only when the peer is a trusted proxy; it is walked from
/// right to left, up to the first address that is not trusted.
#[must_use]
pub fn resolve(peer: Option<IpAddr>, headers: &HeaderMap, proxies: &[Network]) -> IpAddr {
    let is_trusted = |ip: IpAddr| proxies.iter().any(|network| network.contains(ip));
    let mut current = plain(peer.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED)));
    if !is_trusted(current) {
        return current;
    }
    let values: Vec<&str> =
        headers.get_all("x-forwarded-for").filter_map(|v| v.to_str().ok()).collect();
    let hops = values.iter().rev().flat_map(|value| value.rsplit(','));
    for hop in hops.take(HOPS) {
        let Some(address) = parse_hop(hop.trim()) else {
            break;
        };
        current = plain(address);
        if !is_trusted(current) {
            break;
        }
    }
    current
}

/// `203.0.113.7`, `203.0.113.7:443`, `[2001:db8::1]:443`, `2001:db8::1`.
fn parse_hop(hop: &str) -> Option<IpAddr> {
    hop.parse()
        .ok()
        .or_else(|| hop.parse::<std::net::SocketAddr>().ok().map(|a| a.ip()))
        .or_else(|| hop.strip_prefix('[')?.strip_suffix(']')?.parse().ok())
}

/// IPv4 addresses stay IPv4 when they come mapped.
fn plain(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(v6) => v6.to_ipv4_mapped().map_or(address, IpAddr::V4),
        IpAddr::V4(_) => address,
    }
}

/// The address as it may be written down: IPv4 without the last octet, IPv6 with 48 bits.
#[must_use]
pub fn masked(address: IpAddr) -> String {
    match plain(address) {
        IpAddr::V4(v4) => Ipv4Addr::from(u32::from(v4) & 0xffff_ff00).to_string(),
        IpAddr::V6(v6) => Ipv6Addr::from(u128::from(v6) & (u128::MAX << 80)).to_string(),
    }
}

#[cfg(test)]
#[path = "client_ip_tests.rs"]
mod tests;
