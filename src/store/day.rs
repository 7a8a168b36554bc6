//! One day's `records.redb`: opened with a bounded cache, written in whole checkpoints.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use redb::{Database, ReadTransaction, ReadableDatabase, ReadableTable, ReadableTableMetadata};

use super::error::Error;
use super::fresh::OpenDatabase;
use super::schema::{BEACON_BY_SEQUENCE, Bytes, CHANGED_BY_SEQUENCE, FORMAT, META, Table};
use crate::base::id::{BeaconId, SessionId};
use crate::base::time::{Day, Timestamp};

/// Rows of one day that a checkpoint writes: the newest value of each key.
pub type DayRows = BTreeMap<(Table, Vec<u8>), Option<Vec<u8>>>;

/// A table in a read.
pub type BytesTable = redb::ReadOnlyTable<&'static [u8], &'static [u8]>;

/// How long beacon ids are remembered, milliseconds.
const BEACON_AGE_MAX: i64 = 10 * 60 * 1000;

/// One checkpoint of one day.
#[derive(Debug, Default)]
pub struct Checkpoint {
    /// Last journal sequence in it.
    pub sequence: u64,
    /// Rows.
    pub rows: DayRows,
    /// Sessions whose rows changed.
    pub changed: Vec<SessionId>,
    /// Beacons taken, and when the newest was.
    pub beacons: Vec<BeaconId>,
    /// When the checkpoint's last batch was taken.
    pub at: Timestamp,
}

/// An open day file.
#[derive(Debug)]
pub struct DayFile {
    day: Day,
    path: PathBuf,
    database: Database,
}

impl DayFile {
    /// Opens or creates the file of a day.
    pub fn open(
        folder: &Path,
        day: Day,
        cache_bytes: usize,
        open_database: OpenDatabase,
    ) -> Result<Self, Error> {
        let folder = folder.join(day.to_string());
        std::fs::create_dir_all(&folder).map_err(Error::io("create", &folder))?;
        let path = folder.join("records.redb");
        let database = open_database(&path, cache_bytes).map_err(Error::database(&path))?;
        let file = Self { day, path, database };
        file.check_format()?;
        Ok(file)
    }

    /// The day.
    #[must_use]
    pub const fn day(&self) -> Day {
        self.day
    }

    /// Path of the file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn check_format(&self) -> Result<(), Error> {
        let found = self.meta("format")?;
        match found {
            Some(found) if found > u64::from(FORMAT) => Err(Error::Format {
                found: u32::try_from(found).unwrap_or(u32::MAX),
                known: FORMAT,
            }),
            Some(_) => Ok(()),
            None => self.write(&Checkpoint::default()),
        }
    }

    /// Number of the newest journal frame that is in this file.
    pub fn sequence(&self) -> Result<u64, Error> {
        Ok(self.meta("sequence")?.unwrap_or(0))
    }

    fn meta(&self, name: &str) -> Result<Option<u64>, Error> {
        let read = self.read()?;
        let Some(table) = self.table(&read, META)? else {
            return Ok(None);
        };
        let value = table.get(name.as_bytes()).map_err(Error::database(&self.path))?;
        Ok(value.and_then(|v| v.value().try_into().ok()).map(u64::from_be_bytes))
    }

    /// Begins a read. Hold it briefly: an old reader makes the file grow.
    pub fn read(&self) -> Result<ReadTransaction, Error> {
        self.database.begin_read().map_err(Error::database(&self.path))
    }

    /// A table in a read, or `None` when the file does not have it yet.
    pub fn table(
        &self,
        read: &ReadTransaction,
        definition: Bytes,
    ) -> Result<Option<BytesTable>, Error> {
        match read.open_table(definition) {
            Ok(table) => Ok(Some(table)),
            Err(redb::TableError::TableDoesNotExist(_)) => Ok(None),
            Err(e) => Err(Error::database(&self.path)(e)),
        }
    }

    /// Writes a checkpoint in one durable transaction.
    pub fn write(&self, checkpoint: &Checkpoint) -> Result<(), Error> {
        self.write_inner(checkpoint).map_err(Error::database(&self.path))
    }

    fn write_inner(&self, checkpoint: &Checkpoint) -> Result<(), redb::Error> {
        let mut write = self.database.begin_write()?;
        write.set_quick_repair(true);
        let mut rows = checkpoint.rows.iter().peekable();
        while let Some(((table_number, _), _)) = rows.peek() {
            let table_number = *table_number;
            let mut table = write.open_table(table_number.definition())?;
            while let Some(((_, key), value)) = rows.next_if(|((t, _), _)| *t == table_number) {
                match value {
                    Some(value) => drop(table.insert(key.as_slice(), value.as_slice())?),
                    None => drop(table.remove(key.as_slice())?),
                }
            }
        }
        if !checkpoint.changed.is_empty() {
            let ids: Vec<u8> = checkpoint.changed.iter().flat_map(|id| id.bytes()).collect();
            write
                .open_table(CHANGED_BY_SEQUENCE)?
                .insert(checkpoint.sequence.to_be_bytes().as_slice(), ids.as_slice())?;
        }
        if !checkpoint.beacons.is_empty() {
            let mut table = write.open_table(BEACON_BY_SEQUENCE)?;
            let mut ids = checkpoint.at.0.to_be_bytes().to_vec();
            ids.extend(checkpoint.beacons.iter().flat_map(|id| id.0.to_be_bytes()));
            table.insert(checkpoint.sequence.to_be_bytes().as_slice(), ids.as_slice())?;
            let oldest = checkpoint.at.0 - BEACON_AGE_MAX;
            // Only the oldest are looked at: at a high rate all of them together are many megabytes.
            loop {
                let first = table.first()?.map(|(_, row)| parse_beacons(row.value()).0);
                if first.is_none_or(|at| at.0 >= oldest) {
                    break;
                }
                drop(table.pop_first()?);
            }
        }
        {
            let mut meta = write.open_table(META)?;
            let put = u64::from(FORMAT).to_be_bytes();
            meta.insert(b"format".as_slice(), put.as_slice())?;
            meta.insert(b"sequence".as_slice(), checkpoint.sequence.to_be_bytes().as_slice())?;
        }
        write.commit()?;
        Ok(())
    }

    /// Adds ids of beacons taken in the last ten minutes before the newest checkpoint, newest first, until there are
    /// `max`.
    pub fn beacons(&self, max: usize, ids: &mut Vec<BeaconId>) -> Result<(), Error> {
        let read = self.read()?;
        let Some(table) = self.table(&read, BEACON_BY_SEQUENCE)? else {
            return Ok(());
        };
        for row in table.iter().map_err(Error::database(&self.path))?.rev() {
            let (_, value) = row.map_err(Error::database(&self.path))?;
            let room = max.saturating_sub(ids.len());
            if room == 0 {
                break;
            }
            ids.extend(parse_beacons(value.value()).1.into_iter().rev().take(room));
        }
        Ok(())
    }

    /// Sessions changed after `sequence`, oldest change first, at most about `max`.
    pub fn changed_since(&self, sequence: u64, max: usize) -> Result<Vec<(u64, SessionId)>, Error> {
        let read = self.read()?;
        let Some(table) = self.table(&read, CHANGED_BY_SEQUENCE)? else {
            return Ok(Vec::new());
        };
        let from = sequence.saturating_add(1).to_be_bytes();
        let mut changed = Vec::new();
        for row in table.range(from.as_slice()..).map_err(Error::database(&self.path))? {
            let (key, value) = row.map_err(Error::database(&self.path))?;
            let at = key.value().try_into().map_or(0, u64::from_be_bytes);
            let ids = value.value().chunks_exact(16).filter_map(super::keys::session_of);
            changed.extend(ids.map(|id| (at, id)));
            if changed.len() >= max {
                break;
            }
        }
        Ok(changed)
    }

    /// Forgets changes up to and including `sequence`: the index has them.
    pub fn forget_changes(&self, sequence: u64) -> Result<(), Error> {
        let forget = || -> Result<(), redb::Error> {
            let mut write = self.database.begin_write()?;
            write.set_quick_repair(true);
            {
                let mut table = write.open_table(CHANGED_BY_SEQUENCE)?;
                let end = sequence.to_be_bytes();
                table.retain_in(..=end.as_slice(), |_, _| false)?;
            }
            write.commit()?;
            Ok(())
        };
        forget().map_err(Error::database(&self.path))
    }

    /// Rows of a table.
    pub fn count(&self, table: Table) -> Result<u64, Error> {
        let read = self.read()?;
        match self.table(&read, table.definition())? {
            Some(table) => table.len().map_err(Error::database(&self.path)),
            None => Ok(0),
        }
    }
}

fn parse_beacons(value: &[u8]) -> (Timestamp, Vec<BeaconId>) {
    let (at, ids) = value.split_at_checked(8).unwrap_or_default();
    let at = at.try_into().map_or(0, i64::from_be_bytes);
    let ids = ids
        .chunks_exact(16)
        .filter_map(|id| Some(BeaconId(u128::from_be_bytes(id.try_into().ok()?))))
        .collect();
    (Timestamp(at), ids)
}
