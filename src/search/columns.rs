//! The columns of a segment, opened once.

use std::sync::{Arc, OnceLock};

use tantivy::SegmentReader;
use tantivy::columnar::{ColumnValues, StrColumn};
use tantivy::fastfield::FastFieldReaders;

use super::fields::{
    EXPERIENCE_COLUMN, FACETS, HIGH_COLUMN, LOW_COLUMN, PERSON_COLUMN, REACH_COLUMN, USER_COLUMN,
};

type Numbers<T> = Arc<dyn ColumnValues<T>>;

/// Columns of one segment. Opening one costs as much as many lookups in it.
pub(super) struct Columns {
    fast: FastFieldReaders,
    /// Upper halves of session ids.
    pub high: Numbers<u64>,
    /// Lower halves of session ids.
    pub low: Numbers<u64>,
    /// Up to when sessions are live.
    pub reach: Numbers<i64>,
    counted: OnceLock<Counted>,
    user: OnceLock<Option<StrColumn>>,
}

/// What only counting needs.
pub(super) struct Counted {
    /// Hashes of persons.
    pub person: Numbers<u64>,
    /// Numbers of experiences.
    pub experience: Numbers<u64>,
    /// In the order of `FACETS`.
    pub facets: Vec<Option<StrColumn>>,
}

impl Columns {
    pub fn open(reader: &SegmentReader) -> tantivy::Result<Self> {
        let fast = reader.fast_fields();
        Ok(Self {
            fast: fast.clone(),
            high: fast.column_first_or_default(HIGH_COLUMN)?,
            low: fast.column_first_or_default(LOW_COLUMN)?,
            reach: fast.column_first_or_default(REACH_COLUMN)?,
            counted: OnceLock::new(),
            user: OnceLock::new(),
        })
    }

    /// What only counting needs.
    pub fn counted(&self) -> tantivy::Result<&Counted> {
        if let Some(counted) = self.counted.get() {
            return Ok(counted);
        }
        let fast = &self.fast;
        let counted = Counted {
            person: fast.column_first_or_default(PERSON_COLUMN)?,
            experience: fast.column_first_or_default(EXPERIENCE_COLUMN)?,
            facets: FACETS.iter().map(|(name, _)| fast.str(name)).collect::<Result<_, _>>()?,
        };
        Ok(self.counted.get_or_init(|| counted))
    }

    /// User tags as they were given.
    pub fn user(&self) -> tantivy::Result<Option<&StrColumn>> {
        if let Some(user) = self.user.get() {
            return Ok(user.as_ref());
        }
        let user = self.fast.str(USER_COLUMN)?;
        Ok(self.user.get_or_init(|| user).as_ref())
    }
}
