//! Token buckets by key, bounded in number.

use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use ahash::AHashMap;

use crate::base::time::Timestamp;

/// Keys that have a bucket of their own; the rest share one.
const KEYS_MAX: usize = 65_536;
/// Thousandths of a token, so that slow rates fill too.
const UNIT: u64 = 1_000;

#[derive(Debug, Clone, Copy)]
struct Bucket {
    milli_tokens: u64,
    filled_at: Timestamp,
}

/// Buckets that fill at `rate` tokens a second up to `burst`.
#[derive(Debug)]
pub struct Buckets<K> {
    rate: u64,
    burst: u64,
    by_key: Mutex<AHashMap<Option<K>, Bucket>>,
}

impl<K: Eq + Hash + Clone> Buckets<K> {
    /// Buckets; a rate of 0 lets everything through.
    #[must_use]
    pub fn new(rate: u32, burst: u32) -> Self {
        let burst = u64::from(burst.max(rate).max(1));
        Self { rate: u64::from(rate), burst, by_key: Mutex::default() }
    }

    /// Takes one token; answers how many seconds to wait when there is none.
    pub fn take(&self, key: K, now: Timestamp) -> Result<(), u32> {
        if self.rate == 0 {
            return Ok(());
        }
        let mut buckets = self.by_key.lock().unwrap_or_else(PoisonError::into_inner);
        let key = Some(key);
        if buckets.len() >= KEYS_MAX && !buckets.contains_key(&key) {
            let full = self.burst * UNIT;
            let rate = self.rate;
            buckets.retain(|_, b| filled(b, rate, now) < full);
        }
        let key = if buckets.len() >= KEYS_MAX && !buckets.contains_key(&key) { None } else { key };
        let bucket = buckets
            .entry(key)
            .or_insert(Bucket { milli_tokens: self.burst * UNIT, filled_at: now });
        bucket.milli_tokens = filled(bucket, self.rate, now).min(self.burst * UNIT);
        bucket.filled_at = now;
        if bucket.milli_tokens >= UNIT {
            bucket.milli_tokens -= UNIT;
            return Ok(());
        }
        let wait = (UNIT - bucket.milli_tokens).div_ceil(self.rate).div_ceil(UNIT);
        Err(u32::try_from(wait.clamp(1, 60)).unwrap_or(60))
    }
}

fn filled(bucket: &Bucket, rate: u64, now: Timestamp) -> u64 {
    let elapsed = u64::from(now.since(bucket.filled_at).0);
    // One millisecond at one token a second is one thousandth of a token.
    bucket.milli_tokens.saturating_add(elapsed.saturating_mul(rate))
}

/// The key of an address: IPv6 by /64, because one house has all of it.
#[must_use]
pub fn address_key(ip: IpAddr) -> u64 {
    match ip.to_canonical() {
        IpAddr::V4(v4) => u64::from(u32::from(v4)),
        IpAddr::V6(v6) => {
            let network = u128::from(v6) >> 64;
            u64::try_from(network).unwrap_or(0) | 1 << 63
        }
    }
}

#[cfg(test)]
#[path = "rate_tests.rs"]
mod tests;
