//! Saved segments.

use redb::{ReadableTable, WriteTransaction};

use super::applications::check_revision;
use super::audit::{self, Author};
use super::codec;
use super::database::{Catalog, next_id};
use super::error::CatalogError;
use super::schema;
use crate::base::id::SegmentId;
use crate::model::segment::Segment;

/// Segments of one install: all of them are read for a list.
const SEGMENTS: usize = 1_000;

fn all(txn: &WriteTransaction) -> Result<Vec<Segment>, CatalogError> {
    let table = txn.open_table(schema::SEGMENT_BY_ID)?;
    table.iter()?.map(|row| codec::decode(row?.1.value())).collect()
}

fn insert(txn: &WriteTransaction, segment: &Segment) -> Result<(), CatalogError> {
    let mut table = txn.open_table(schema::SEGMENT_BY_ID)?;
    table.insert(u64::from(segment.id.0), codec::encode(segment)?.as_slice())?;
    Ok(())
}

/// A name is taken when its owner, or for a shared one anybody, would see two of it.
fn refuse_taken(segments: &[Segment], new: &Segment) -> Result<(), CatalogError> {
    let is_same = |other: &Segment| {
        other.id != new.id
            && other.name.to_lowercase() == new.name.to_lowercase()
            && (other.is_seen_by(new.owner) || new.is_seen_by(other.owner))
    };
    if segments.iter().any(is_same) {
        return Err(CatalogError::NameTaken(new.name.clone()));
    }
    Ok(())
}

fn words(segment: &Segment) -> String {
    let sight = if segment.is_shared { "shared" } else { "private" };
    format!("{} ({sight}): {}", segment.name, segment.filter)
}

impl Catalog {
    /// All segments by id, of all owners: whoever shows them leaves out what is not the asker's.
    pub fn segments(&self) -> Result<Vec<Segment>, CatalogError> {
        self.read(|txn| {
            let table = txn.open_table(schema::SEGMENT_BY_ID)?;
            table.iter()?.map(|row| codec::decode(row?.1.value())).collect()
        })
    }

    /// One segment.
    pub fn segment(&self, id: SegmentId) -> Result<Option<Segment>, CatalogError> {
        self.read(|txn| {
            let table = txn.open_table(schema::SEGMENT_BY_ID)?;
            let row = table.get(u64::from(id.0))?;
            row.map(|row| codec::decode(row.value())).transpose()
        })
    }

    /// Adds a segment; id, revision and time of making are given here.
    pub fn add_segment(
        &self,
        mut segment: Segment,
        author: &Author,
    ) -> Result<Segment, CatalogError> {
        self.write(|txn| {
            let segments = all(txn)?;
            if segments.len() >= SEGMENTS {
                return Err(CatalogError::Full { what: "segments", limit: SEGMENTS });
            }
            let number = next_id(txn, "segment", 0)?;
            segment.id = SegmentId(
                u32::try_from(number).map_err(|_| CatalogError::Damaged("ids are used up"))?,
            );
            segment.created_at = author.at;
            segment.revision = 1;
            refuse_taken(&segments, &segment)?;
            insert(txn, &segment)?;
            let id = segment.id.to_string();
            audit::append(txn, author, "segment.create", &id, &words(&segment))?;
            Ok(segment)
        })
    }

    /// Changes a segment; `expected` is the revision that the writer had seen.
    pub fn put_segment(
        &self,
        mut segment: Segment,
        expected: u32,
        author: &Author,
    ) -> Result<Segment, CatalogError> {
        self.write(|txn| {
            let segments = all(txn)?;
            let before = segments.iter().find(|own| own.id == segment.id);
            let before = before.ok_or(CatalogError::NotFound("segment"))?;
            check_revision(expected, before.revision)?;
            segment.owner = before.owner;
            segment.created_at = before.created_at;
            segment.revision = before.revision.saturating_add(1);
            refuse_taken(&segments, &segment)?;
            insert(txn, &segment)?;
            let id = segment.id.to_string();
            audit::append(txn, author, "segment.update", &id, &words(&segment))?;
            Ok(segment)
        })
    }

    /// Removes a segment.
    pub fn remove_segment(
        &self,
        id: SegmentId,
        expected: u32,
        author: &Author,
    ) -> Result<(), CatalogError> {
        self.write(|txn| {
            let before = all(txn)?.into_iter().find(|own| own.id == id);
            let before = before.ok_or(CatalogError::NotFound("segment"))?;
            check_revision(expected, before.revision)?;
            txn.open_table(schema::SEGMENT_BY_ID)?.remove(u64::from(id.0))?;
            audit::append(txn, author, "segment.remove", &id.to_string(), &words(&before))
        })
    }
}

#[cfg(test)]
#[path = "segments_tests.rs"]
mod tests;
