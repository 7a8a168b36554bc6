//! One column: numbers of the narrowest width that holds them, and the texts they stand for.

use arrow_array::{Array, StringArray};
use arrow_buffer::ScalarBuffer;

/// Stands for "no value" in what [`Column::read`] gives.
pub(super) const NONE: u32 = u32::MAX;
/// Added to times, so that their order as unsigned numbers is their order.
const TIME_BIAS: u32 = 1 << 31;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Texts, each kept once.
    Text,
    /// Whole numbers.
    Number,
    /// Whole numbers, or none.
    Optional,
    /// Milliseconds after the start of the day (UTC), also before it.
    Time,
    /// Numbers of 64 bits without order.
    Hash,
}

/// Values of a column.
#[derive(Debug, Clone)]
pub(super) enum Numbers {
    U8(ScalarBuffer<u8>),
    U16(ScalarBuffer<u16>),
    U32(ScalarBuffer<u32>),
    I32(ScalarBuffer<i32>),
    U64(ScalarBuffer<u64>),
}

/// A column that does not change any more.
#[derive(Debug, Clone)]
pub(super) struct Column {
    pub numbers: Numbers,
    pub kind: Kind,
    /// Texts by code; empty for numbers.
    pub texts: StringArray,
}

/// A time as it is compared in blocks; times further away than a column can hold are at its ends.
pub(super) fn time_code(millis: i64) -> u32 {
    let millis = i32::try_from(millis).unwrap_or(if millis < 0 { i32::MIN } else { i32::MAX });
    millis.cast_unsigned() ^ TIME_BIAS
}

fn copy<T: Copy>(values: &[T], from: usize, out: &mut [u32], wide: impl Fn(T) -> u32) {
    for (slot, value) in out.iter_mut().zip(values.get(from..).unwrap_or_default()) {
        *slot = wide(*value);
    }
}

fn pick<T: Copy>(values: &[T], rows: &[u32], out: &mut [u32], wide: impl Fn(T) -> u32) {
    for (slot, row) in out.iter_mut().zip(rows) {
        *slot = values.get(*row as usize).map_or(NONE, |value| wide(*value));
    }
}

impl Column {
    /// Rows.
    pub fn len(&self) -> usize {
        match &self.numbers {
            Numbers::U8(values) => values.len(),
            Numbers::U16(values) => values.len(),
            Numbers::U32(values) => values.len(),
            Numbers::I32(values) => values.len(),
            Numbers::U64(values) => values.len(),
        }
    }

    /// Codes there may be: one more than the largest.
    pub fn codes(&self) -> usize {
        self.texts.len()
    }

    /// The text of a code; empty when there is none.
    pub fn text(&self, code: u32) -> &str {
        let at = code as usize;
        if at < self.texts.len() { self.texts.value(at) } else { "" }
    }

    /// The values from row `from` on, as many as `out` takes.
    pub fn read(&self, from: usize, out: &mut [u32]) {
        let is_optional = self.kind == Kind::Optional;
        match &self.numbers {
            Numbers::U8(values) if is_optional => copy(values, from, out, optional_u8),
            Numbers::U8(values) => copy(values, from, out, u32::from),
            Numbers::U16(values) if is_optional => copy(values, from, out, optional_u16),
            Numbers::U16(values) => copy(values, from, out, u32::from),
            Numbers::U32(values) => copy(values, from, out, |value| value),
            Numbers::I32(values) => copy(values, from, out, |v| v.cast_unsigned() ^ TIME_BIAS),
            Numbers::U64(_) => out.fill(NONE),
        }
    }

    /// The values of some rows.
    pub fn gather(&self, rows: &[u32], out: &mut [u32]) {
        let is_optional = self.kind == Kind::Optional;
        match &self.numbers {
            Numbers::U8(values) if is_optional => pick(values, rows, out, optional_u8),
            Numbers::U8(values) => pick(values, rows, out, u32::from),
            Numbers::U16(values) if is_optional => pick(values, rows, out, optional_u16),
            Numbers::U16(values) => pick(values, rows, out, u32::from),
            Numbers::U32(values) => pick(values, rows, out, |value| value),
            Numbers::I32(values) => pick(values, rows, out, |v| v.cast_unsigned() ^ TIME_BIAS),
            Numbers::U64(_) => out.fill(NONE),
        }
    }

    /// One value.
    pub fn get(&self, row: usize) -> u32 {
        let mut one = [NONE];
        self.read(row, &mut one);
        one[0]
    }

    /// One value of a hash column.
    pub fn hash(&self, row: usize) -> u64 {
        match &self.numbers {
            Numbers::U64(values) => values.get(row).copied().unwrap_or(0),
            _ => 0,
        }
    }
}

fn optional_u8(value: u8) -> u32 {
    if value == u8::MAX { NONE } else { u32::from(value) }
}

fn optional_u16(value: u16) -> u32 {
    if value == u16::MAX { NONE } else { u32::from(value) }
}

/// Codes in the narrowest width; the largest number of each width is left free for "none".
pub(super) fn narrow(values: &[u32], kind: Kind) -> Numbers {
    let known = values.iter().copied().filter(|value| *value != NONE || kind != Kind::Optional);
    let largest = known.max().unwrap_or(0);
    if kind == Kind::Time {
        let signed = values.iter().map(|code| (code ^ TIME_BIAS).cast_signed());
        return Numbers::I32(signed.collect());
    }
    // A text may have the largest code; a number that may be missing must not be the mark of "none".
    let spare = u32::from(kind == Kind::Optional);
    if u8::try_from(largest.saturating_add(spare)).is_ok() {
        Numbers::U8(values.iter().map(|value| u8::try_from(*value).unwrap_or(u8::MAX)).collect())
    } else if u16::try_from(largest.saturating_add(spare)).is_ok() {
        Numbers::U16(values.iter().map(|value| u16::try_from(*value).unwrap_or(u16::MAX)).collect())
    } else {
        Numbers::U32(values.iter().copied().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_back_from_every_width() {
        for (kind, values) in [
            (Kind::Number, vec![0, 1, 255]),
            (Kind::Number, vec![0, 256, 65_535]),
            (Kind::Number, vec![65_536, 7]),
            (Kind::Optional, vec![NONE, 254, 0]),
            (Kind::Optional, vec![255, NONE]),
            (Kind::Optional, vec![65_535, NONE, 3]),
            (Kind::Optional, vec![NONE, NONE]),
            (Kind::Time, vec![time_code(-5), time_code(0), time_code(86_400_000)]),
        ] {
            let none: Vec<&str> = Vec::new();
            let numbers = narrow(&values, kind);
            let column = Column { numbers, kind, texts: StringArray::from(none) };
            let mut read = vec![0; values.len()];
            column.read(0, &mut read);
            assert_eq!(read, values, "{kind:?}");
            let rows: Vec<u32> =
                (0_u32..).take(values.len()).collect::<Vec<_>>().into_iter().rev().collect();
            let mut gathered = vec![0; values.len()];
            column.gather(&rows, &mut gathered);
            gathered.reverse();
            assert_eq!(gathered, values, "{kind:?}");
            assert_eq!(column.get(1), values[1]);
        }
    }

    #[test]
    fn times_keep_their_order_and_stop_at_the_ends() {
        let times = [i64::MIN, -86_400_000, -1, 0, 1, 86_400_000, i64::MAX];
        let codes: Vec<u32> = times.iter().map(|at| time_code(*at)).collect();
        assert!(codes.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
