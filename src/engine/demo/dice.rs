//! Draws from a seeded source: chances, ranges, weights and long tails.

use crate::base::entropy::Entropy;

/// A source of decisions.
#[derive(Debug, Clone)]
pub struct Dice(Entropy);

impl Dice {
    /// Dice that always roll the same for a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(Entropy::seeded(seed))
    }

    /// Whether something of this many in a thousand happens.
    #[must_use]
    pub fn chance(&self, per_mille: u32) -> bool {
        self.0.below(1_000) < u64::from(per_mille)
    }

    /// A number from `low` to `high`, both included.
    #[must_use]
    pub fn between(&self, low: u32, high: u32) -> u32 {
        let span = u64::from(high.saturating_sub(low)) + 1;
        low.saturating_add(u32::try_from(self.0.below(span)).unwrap_or(0))
    }

    /// One of a table.
    ///
    /// # Panics
    /// When the table is empty, which would be a mistake in this room.
    #[must_use]
    pub fn pick<'a, T>(&self, table: &'a [T]) -> &'a T {
        let index = usize::try_from(self.0.below(table.len() as u64)).unwrap_or(0);
        table.get(index).expect("tables of the demo are not empty")
    }

    /// One of a table, as often as its weight says.
    ///
    /// # Panics
    /// When the table is empty, which would be a mistake in this room.
    #[must_use]
    pub fn weigh<'a, T>(&self, table: &'a [T], weight: impl Fn(&T) -> u32) -> &'a T {
        let sum: u64 = table.iter().map(|item| u64::from(weight(item))).sum();
        let mut left = self.0.below(sum);
        for item in table {
            let own = u64::from(weight(item));
            if left < own {
                return item;
            }
            left -= own;
        }
        table.last().expect("tables of the demo are not empty")
    }

    /// A duration around `typical` as real ones are: rarely much shorter, now and then several times longer.
    #[must_use]
    pub fn tail(&self, typical: u32) -> u32 {
        let body = self.between(70, 150);
        let stretch = match self.0.below(100) {
            0 => self.between(300, 600),
            1..=4 => self.between(180, 300),
            5..=14 => self.between(120, 180),
            _ => 100,
        };
        percent(percent(typical, body), stretch)
    }

    /// Milliseconds until the next of events that come `mean` apart on average and know nothing of each other.
    #[must_use]
    pub fn wait(&self, mean: u32) -> u32 {
        // Counts how many of 64 equal slices of the mean pass before a slice with the event.
        let slice = (mean / 64).max(1);
        let mut slices = 0_u32;
        while slices < 512 && self.0.below(64) != 0 {
            slices += 1;
        }
        slices.saturating_mul(slice).saturating_add(self.between(0, slice - 1))
    }

    /// 64 random bits that are never 0.
    #[must_use]
    pub fn bits(&self) -> u64 {
        self.0.next_u64() | 1
    }

    /// 32 random bits that are never 0.
    #[must_use]
    pub fn word(&self) -> u32 {
        u32::try_from(self.0.next_u64() >> 32).unwrap_or(0) | 1
    }

    /// 128 random bits.
    #[must_use]
    pub fn id(&self) -> u128 {
        self.0.next_u128()
    }
}

/// So many percent of a number.
#[must_use]
pub fn percent(number: u32, percent: u32) -> u32 {
    u32::try_from(u64::from(number) * u64::from(percent) / 100).unwrap_or(u32::MAX)
}
