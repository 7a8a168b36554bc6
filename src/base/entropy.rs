//! The only source of randomness.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

#[expect(clippy::disallowed_methods, reason = "the one door to the random source of the system")]
fn fill_from_system(buffer: &mut [u8]) {
    getrandom::fill(buffer).expect("the operating system gives random bytes");
}

/// Where the product draws random numbers. Cheap to clone; tests use a seeded one.
#[derive(Debug, Clone)]
pub enum Entropy {
    /// The random source of the operating system; the only one fit for secrets.
    System,
    /// A reproducible sequence (`SplitMix64`) for simulations.
    Seeded(Arc<AtomicU64>),
}

impl Entropy {
    /// A reproducible source.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self::Seeded(Arc::new(AtomicU64::new(seed)))
    }

    /// Fills a buffer with random bytes.
    ///
    /// # Panics
    /// When the operating system refuses to give random bytes: nothing safe can be done then.
    pub fn fill(&self, buffer: &mut [u8]) {
        match self {
            Self::System => fill_from_system(buffer),
            Self::Seeded(_) => {
                for chunk in buffer.chunks_mut(8) {
                    let bytes = self.next_u64().to_le_bytes();
                    chunk.copy_from_slice(bytes.get(..chunk.len()).unwrap_or_default());
                }
            }
        }
    }

    /// The next 64 random bits.
    #[must_use]
    pub fn next_u64(&self) -> u64 {
        match self {
            Self::System => {
                let mut bytes = [0; 8];
                self.fill(&mut bytes);
                u64::from_le_bytes(bytes)
            }
            Self::Seeded(state) => {
                let mut z = state
                    .fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::SeqCst)
                    .wrapping_add(0x9e37_79b9_7f4a_7c15);
                z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
                z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
                z ^ (z >> 31)
            }
        }
    }

    /// The next 128 random bits.
    #[must_use]
    pub fn next_u128(&self) -> u128 {
        (u128::from(self.next_u64()) << 64) | u128::from(self.next_u64())
    }

    /// A number in `0..bound`; 0 when `bound` is 0.
    #[must_use]
    pub fn below(&self, bound: u64) -> u64 {
        if bound == 0 { 0 } else { self.next_u64() % bound }
    }
}
