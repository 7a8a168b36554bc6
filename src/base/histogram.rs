//! Counts of durations in slots of less than one percent, so that percentiles can be told without keeping every value.

/// Values below this have a slot each.
const EXACT: u32 = 256;
/// Slots of each further power of two.
const STEPS: u32 = 128;
/// Powers of two after the exact values: up to 2^32 milliseconds.
const POWERS: u32 = 24;
/// Slots in all: what a histogram takes, in counts of 32 bits.
pub const SLOTS: usize = (EXACT + POWERS * STEPS) as usize;

/// A histogram of milliseconds. Percentiles are at most half a slot, 0.4 percent, beside the truth.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Histogram {
    slots: Vec<u32>,
    count: u64,
}

impl Histogram {
    /// The histogram of counts that were kept by [`slot`], all [`SLOTS`] of them.
    #[must_use]
    pub fn of_slots(slots: &[u32]) -> Self {
        let count = slots.iter().map(|count| u64::from(*count)).sum();
        Self { slots: slots.to_vec(), count }
    }

    /// Counts with the middle of each slot that has any, in order.
    pub fn counts(&self) -> impl Iterator<Item = (u32, u32)> {
        (0..)
            .zip(&self.slots)
            .filter(|(_, count)| **count > 0)
            .map(|(at, count)| (middle(at), *count))
    }

    /// Counts a value.
    pub fn add(&mut self, millis: u32) {
        if self.slots.is_empty() {
            self.slots = vec![0; SLOTS];
        }
        if let Some(slot) = self.slots.get_mut(slot(millis)) {
            *slot += 1;
            self.count += 1;
        }
    }

    /// Counts all that another one has counted.
    pub fn merge(&mut self, other: &Self) {
        if self.slots.is_empty() {
            self.slots.clone_from(&other.slots);
        } else {
            for (own, other) in self.slots.iter_mut().zip(&other.slots) {
                *own += other;
            }
        }
        self.count += other.count;
    }

    /// How many values were counted.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// The value that `percent` of a hundred values do not exceed: the nearest rank; none without values.
    #[must_use]
    pub fn percentile(&self, percent: u64) -> Option<u32> {
        let rank = (self.count * percent).div_ceil(100).max(1);
        let mut passed = 0;
        for (index, count) in (0..).zip(&self.slots) {
            passed += u64::from(*count);
            if passed >= rank {
                return Some(middle(index));
            }
        }
        None
    }
}

/// The slot of a value.
#[must_use]
pub fn slot(millis: u32) -> usize {
    let index = if millis < EXACT {
        millis
    } else {
        let power = millis.ilog2();
        EXACT + (power - 8) * STEPS + ((millis >> (power - 7)) & (STEPS - 1))
    };
    index as usize
}

/// The middle of a slot.
fn middle(index: u32) -> u32 {
    if index < EXACT {
        return index;
    }
    let (power, step) = ((index - EXACT) / STEPS + 8, (index - EXACT) % STEPS);
    let width = 1_u32 << (power - 7);
    ((STEPS + step) << (power - 7)) + width / 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_as_near_as_promised() {
        let mut histogram = Histogram::default();
        assert_eq!(histogram.percentile(75), None);
        let mut values: Vec<u32> = (1..2_000_u32).map(|n| n * n % 90_011 * (n % 7 + 1)).collect();
        for value in &values {
            histogram.add(*value);
        }
        values.sort_unstable();
        for percent in [1, 25, 50, 75, 95, 99, 100] {
            let rank = (values.len() * percent).div_ceil(100) - 1;
            let (truth, told) = (values[rank], histogram.percentile(percent as u64).unwrap());
            let distance = truth.abs_diff(told);
            assert!(u64::from(distance) * 1_000 <= u64::from(truth) * 4 + 500, "{truth} {told}");
        }
    }

    #[test]
    fn extremes_have_a_slot() {
        let mut histogram = Histogram::default();
        for value in [0, 255, 256, u32::MAX] {
            histogram.add(value);
        }
        assert_eq!(histogram.count(), 4);
        assert_eq!(histogram.percentile(1), Some(0));
        assert_eq!(histogram.percentile(50), Some(255));
    }

    #[test]
    fn two_together_are_what_one_would_be() {
        let (mut left, mut right, mut both) =
            (Histogram::default(), Histogram::default(), Histogram::default());
        for value in 0..500_u32 {
            let half = if value % 3 == 0 { &mut left } else { &mut right };
            half.add(value * 37);
            both.add(value * 37);
        }
        left.merge(&right);
        assert_eq!(left, both);
        let mut empty = Histogram::default();
        empty.merge(&both);
        assert_eq!(empty, both);
    }
}
