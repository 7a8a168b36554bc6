//! Addresses: the last octet of IPv4 and the last 80 bits of IPv6 go.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Masks an address; an IPv4 address inside IPv6 becomes IPv4.
#[must_use]
pub fn mask(ip: IpAddr) -> IpAddr {
    match ip.to_canonical() {
        IpAddr::V4(ip) => {
            let [a, b, c, _] = ip.octets();
            IpAddr::V4(Ipv4Addr::new(a, b, c, 0))
        }
        IpAddr::V6(ip) => {
            let [a, b, c, ..] = ip.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0))
        }
    }
}
