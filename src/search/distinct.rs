//! Counting different numbers in bounded memory.

use ahash::AHashSet;

/// Numbers that are kept; above it every second one is forgotten, and the count is an estimate within 1 %.
const KEPT: usize = 1 << 19;

/// Counts different numbers that are spread evenly, as hashes are.
#[derive(Debug, Default)]
pub(super) struct Distinct {
    kept: AHashSet<u64>,
    /// Numbers are kept whose lowest bits, this many, are zero.
    bits: u32,
}

impl Distinct {
    pub fn insert(&mut self, number: u64) {
        if number & self.mask() != 0 || !self.kept.insert(number) {
            return;
        }
        while self.kept.len() > KEPT && self.bits < 63 {
            self.bits += 1;
            let mask = self.mask();
            self.kept.retain(|number| number & mask == 0);
        }
    }

    const fn mask(&self) -> u64 {
        (1 << self.bits) - 1
    }

    /// How many different numbers there were.
    pub fn count(&self) -> u64 {
        u64::try_from(self.kept.len()).unwrap_or(u64::MAX) << self.bits
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::entropy::Entropy;

    #[test]
    fn few_are_counted_exactly_and_many_nearly() {
        for (different, repeats) in [(0_u64, 1), (1, 5), (1_000, 3), (400_000, 1), (3_000_000, 1)] {
            let mut distinct = Distinct::default();
            for _ in 0..repeats {
                let entropy = Entropy::seeded(9);
                for _ in 0..different {
                    distinct.insert(entropy.next_u64());
                }
            }
            let allowed = if different <= 500_000 { 0 } else { different / 100 };
            assert!(distinct.count().abs_diff(different) <= allowed, "{}", distinct.count());
            assert!(distinct.kept.len() <= KEPT);
        }
    }
}
