//! Sets of rows and codes, one bit each.

/// A set of small numbers below a bound.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Bits(Vec<u64>);

impl Bits {
    /// All numbers below `len`, or none of them.
    pub fn new(len: usize, is_set: bool) -> Self {
        let word = if is_set { u64::MAX } else { 0 };
        Self(vec![word; len.div_ceil(64)])
    }

    /// The numbers below `len` that a test holds for.
    pub fn of(len: usize, test: impl Fn(usize) -> bool) -> Self {
        let mut bits = Self::new(len, false);
        for at in (0..len).filter(|at| test(*at)) {
            bits.set(at, true);
        }
        bits
    }

    pub fn set(&mut self, at: usize, is_set: bool) {
        if let Some(word) = self.0.get_mut(at / 64) {
            let bit = 1 << (at % 64);
            if is_set { *word |= bit } else { *word &= !bit }
        }
    }

    pub fn has(&self, at: u32) -> bool {
        let at = at as usize;
        self.0.get(at / 64).is_some_and(|word| word >> (at % 64) & 1 == 1)
    }

    /// Keeps what both have.
    pub fn and(&mut self, other: &Self) {
        for (own, other) in self.0.iter_mut().zip(&other.0) {
            *own &= other;
        }
    }
}
