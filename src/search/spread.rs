//! Durations of one value of a dimension: a list while there are few, slots when there are many. Most values of a column
//! are rare, and a histogram of each would be larger than all the rest.

use crate::base::histogram::Histogram;

/// Durations from which on slots are smaller than the list.
const MANY: usize = 2_048;

/// Durations in milliseconds.
#[derive(Debug, Clone, Default)]
pub(super) struct Spread {
    few: Vec<u32>,
    many: Option<Box<Histogram>>,
}

impl Spread {
    /// Counts a duration.
    pub fn add(&mut self, millis: u32) {
        if let Some(many) = &mut self.many {
            many.add(millis);
            return;
        }
        self.few.push(millis);
        if self.few.len() >= MANY {
            self.many_of_them();
        }
    }

    fn many_of_them(&mut self) -> &mut Histogram {
        let few = std::mem::take(&mut self.few);
        let many = self.many.get_or_insert_default();
        for millis in few {
            many.add(millis);
        }
        many
    }

    /// Counts all that another one has counted.
    pub fn merge(&mut self, other: Self) {
        if let Some(many) = other.many {
            self.many_of_them().merge(&many);
        }
        for millis in other.few {
            self.add(millis);
        }
    }

    /// How many were counted.
    pub fn count(&self) -> u64 {
        let few = u64::try_from(self.few.len()).unwrap_or(u64::MAX);
        self.many.as_ref().map_or(few, |many| many.count())
    }

    /// The duration that `percent` of a hundred do not exceed: the nearest rank; none without durations.
    pub fn percentile(mut self, percent: usize) -> Option<u32> {
        if let Some(many) = self.many {
            return many.percentile(u64::try_from(percent).ok()?);
        }
        let rank = (self.few.len() * percent).div_ceil(100).max(1);
        if rank > self.few.len() {
            return None;
        }
        Some(*self.few.select_nth_unstable(rank - 1).1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spread(values: impl IntoIterator<Item = u32>) -> Spread {
        let mut spread = Spread::default();
        for millis in values {
            spread.add(millis);
        }
        spread
    }

    #[test]
    fn few_are_told_exactly_and_many_nearly() {
        assert_eq!(Spread::default().percentile(75), None);
        for (count, expected) in [(1, 1_000), (4, 3_000), (100, 75_000)] {
            assert_eq!(spread((1..=count).map(|n| n * 1_000)).percentile(75), Some(expected));
        }
        let many = spread((1..=10_000).rev());
        assert_eq!(many.count(), 10_000);
        assert!(many.percentile(75).unwrap().abs_diff(7_500) <= 30);
    }

    #[test]
    fn parts_together_are_what_one_would_be() {
        for (left, right) in
            [(0, 10), (10, 0), (10, 3_000), (3_000, 10), (3_000, 3_000), (2_000, 100)]
        {
            let all = |from: u32, count: u32| (from..from + count).map(|n| n * 7);
            let mut both = spread(all(0, left));
            both.merge(spread(all(left, right)));
            let one = spread(all(0, left + right));
            assert_eq!(both.count(), one.count());
            let (told, truth) = (both.percentile(50).unwrap(), one.percentile(50).unwrap());
            assert!(told.abs_diff(truth) * 100 <= truth, "{left} {right}: {told} {truth}");
        }
    }
}
