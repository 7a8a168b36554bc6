//! Counting different people in bounded memory: exactly while they are few, then by a `HyperLogLog` sketch.
//!
//! The estimator is the improved one of O. Ertl, "New cardinality estimation algorithms for `HyperLogLog`
//! sketches" (2017): no tables, no bias between small and large. With 2^14 registers the standard error is 0.8 %.

use ahash::AHashSet;

/// People that are counted exactly.
const FEW: usize = 2_048;
/// Bits that choose the register.
const BITS: u32 = 14;
const REGISTERS: usize = 1 << BITS;
/// Largest value of a register.
const LONGEST: usize = (64 - BITS + 1) as usize;

/// Different people, given as evenly spread hashes.
#[derive(Debug, Clone)]
pub(super) enum Users {
    Few(AHashSet<u64>),
    Many(Box<[u8]>),
}

impl Default for Users {
    fn default() -> Self {
        Self::Few(AHashSet::new())
    }
}

impl Users {
    /// Counts a person.
    pub fn insert(&mut self, person: u64) {
        match self {
            Self::Few(all) => {
                all.insert(person);
                if all.len() > FEW {
                    let mut registers = vec![0; REGISTERS].into_boxed_slice();
                    all.iter().for_each(|person| record(&mut registers, *person));
                    *self = Self::Many(registers);
                }
            }
            Self::Many(registers) => record(registers, person),
        }
    }

    /// Counts all that another one has counted.
    pub fn merge(&mut self, other: &Self) {
        match (&mut *self, other) {
            (_, Self::Few(all)) => all.iter().for_each(|person| self.insert(*person)),
            (Self::Many(own), Self::Many(other)) => {
                for (own, other) in own.iter_mut().zip(other) {
                    *own = (*own).max(*other);
                }
            }
            (Self::Few(all), Self::Many(_)) => {
                let all = std::mem::take(all);
                *self = other.clone();
                all.iter().for_each(|person| self.insert(*person));
            }
        }
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        match self {
            Self::Few(all) => u64::try_from(all.len()).unwrap_or(u64::MAX),
            Self::Many(registers) => estimate(registers),
        }
    }
}

fn record(registers: &mut [u8], person: u64) {
    let at = usize::try_from(person >> (64 - BITS)).unwrap_or(0);
    // The lowest bits decide; a one behind them ends the run.
    let run = (person << BITS | 1 << (BITS - 1)).leading_zeros() + 1;
    let run = u8::try_from(run).unwrap_or(u8::MAX);
    if let Some(register) = registers.get_mut(at) {
        *register = (*register).max(run);
    }
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "an estimate below 2^53, never negative"
)]
fn estimate(registers: &[u8]) -> u64 {
    let mut counts = [0_u32; LONGEST + 1];
    for register in registers {
        if let Some(count) = counts.get_mut(usize::from(*register)) {
            *count += 1;
        }
    }
    let all = REGISTERS as f64;
    let share = |value: usize| f64::from(counts.get(value).copied().unwrap_or(0)) / all;
    let mut sum = all * tau(1.0 - share(LONGEST));
    for value in (1..LONGEST).rev() {
        sum = f64::midpoint(sum, share(value) * all);
    }
    sum += all * sigma(share(0));
    let alpha = 0.5 / std::f64::consts::LN_2;
    (alpha * all * all / sum).round() as u64
}

fn sigma(mut x: f64) -> f64 {
    if x >= 1.0 {
        return f64::INFINITY;
    }
    let (mut y, mut z) = (1.0, x);
    // Converges within some tens of steps: x squares each time.
    for _ in 0..64 {
        x *= x;
        let before = z;
        z += x * y;
        y += y;
        if z <= before {
            break;
        }
    }
    z
}

fn tau(mut x: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return 0.0;
    }
    let (mut y, mut z) = (1.0, 1.0 - x);
    for _ in 0..64 {
        x = x.sqrt();
        let before = z;
        y *= 0.5;
        z -= (1.0 - x).powi(2) * y;
        if z >= before {
            break;
        }
    }
    z / 3.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::entropy::Entropy;

    #[test]
    fn few_are_exact_and_many_within_three_percent() {
        for different in [0_u64, 1, 2_048, 2_049, 5_000, 40_000, 300_000, 2_000_000] {
            let (mut left, mut right, mut both) = <(Users, Users, Users)>::default();
            let entropy = Entropy::seeded(different);
            for number in 0..different {
                let person = entropy.next_u64();
                both.insert(person);
                // A third is met by both.
                if number % 3 != 1 {
                    left.insert(person);
                }
                if number % 3 != 2 {
                    right.insert(person);
                }
            }
            let allowed = if different <= 2_048 { 0 } else { different * 3 / 100 };
            assert!(both.count().abs_diff(different) <= allowed, "{} of {different}", both.count());
            left.merge(&right);
            assert_eq!(left.count(), both.count(), "{different}");
        }
    }
}
