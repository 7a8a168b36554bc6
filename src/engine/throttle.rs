//! Slowing down whoever guesses, without locking anybody out.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;

use crate::base::time::{MINUTE_MILLIS, Timestamp};

/// Tries of one address a minute.
const TRIES_PER_MINUTE: u32 = 20;
/// Keys remembered; above it the ones that are over are forgotten, then all.
const KEYS: usize = 65_536;

/// Milliseconds to wait after so many failures in a row.
#[must_use]
pub const fn delay_after(failures: u32) -> i64 {
    match failures {
        0 => 0,
        1..=2 => 1_000,
        3..=8 => 3_000,
        9..=24 => 5_000,
        25..=99 => 10_000,
        _ => 30_000,
    }
}

/// Milliseconds still to wait, when there were failures and the last one was at `failed_at`.
#[must_use]
pub fn wait_left(failures: u32, failed_at: Timestamp, now: Timestamp) -> i64 {
    let passed = now.0.saturating_sub(failed_at.0);
    if passed < 0 { 0 } else { (delay_after(failures) - passed).max(0) }
}

/// Tries of addresses and failures of names that have no account.
#[derive(Debug, Default)]
pub struct Throttle {
    by_address: HashMap<IpAddr, (Timestamp, u32)>,
    by_name: HashMap<String, (Timestamp, u32)>,
}

impl Throttle {
    /// Counts a try of an address; when it has had enough, the milliseconds it has to wait.
    pub fn count(&mut self, ip: IpAddr, now: Timestamp) -> Result<(), i64> {
        let is_over =
            |start: Timestamp| now.0.saturating_sub(start.0) >= MINUTE_MILLIS || start.0 > now.0;
        make_room(&mut self.by_address, |(start, _)| !is_over(*start));
        let entry = self.by_address.entry(network(ip)).or_insert((now, 0));
        if is_over(entry.0) {
            *entry = (now, 0);
        }
        if entry.1 >= TRIES_PER_MINUTE {
            return Err(entry.0.0.saturating_add(MINUTE_MILLIS).saturating_sub(now.0));
        }
        entry.1 += 1;
        Ok(())
    }

    /// Milliseconds to wait for a name without account: the same as with one.
    #[must_use]
    pub fn wait_for_name(&self, name: &str, now: Timestamp) -> i64 {
        self.by_name.get(name).map_or(0, |(at, failures)| wait_left(*failures, *at, now))
    }

    /// Counts a failure of a name without account.
    pub fn fail_name(&mut self, name: &str, now: Timestamp) {
        make_room(&mut self.by_name, |(at, _)| now.0.saturating_sub(at.0) < MINUTE_MILLIS);
        let entry = self.by_name.entry(name.to_owned()).or_insert((now, 0));
        *entry = (now, entry.1.saturating_add(1));
    }
}

fn make_room<K: Hash + Eq, V>(map: &mut HashMap<K, V>, keep: impl Fn(&V) -> bool) {
    if map.len() >= KEYS {
        map.retain(|_, value| keep(value));
        if map.len() >= KEYS {
            map.clear();
        }
    }
}

/// IPv6 counts by /64: that is what one household has.
fn network(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V4(_) => ip,
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => IpAddr::V4(v4),
            None => IpAddr::V6((u128::from(v6) & (u128::MAX << 64)).into()),
        },
    }
}

#[cfg(test)]
#[path = "throttle_tests.rs"]
mod tests;
