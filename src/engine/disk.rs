//! How the data folder stands: what it takes, what is free, what is on its way to the day files and the index.

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use super::services::Services;
use crate::base::time::Timestamp;
use crate::store::Error;

/// Files that are looked at: a folder with more is not ours, and the answer would take too long.
const FILES_MAX: usize = 20_000;
/// Sessions that are counted as waiting for the index.
const WAITING_MAX: usize = 10_000;
/// Days that still change.
const DAYS: usize = 2;

/// The data folder now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DiskState {
    /// Bytes that the data folder takes.
    pub used_bytes: u64,
    /// Bytes that are free.
    pub free_bytes: u64,
    /// Bytes in the journal that the day files do not hold yet.
    pub staged_bytes: u64,
    /// When a day file was written last.
    pub checkpoint_at: Option<Timestamp>,
    /// Sessions that changed and are not searchable as they are now.
    pub waiting: usize,
}

/// Looks at the data folder; reads names and sizes only.
pub fn look(services: &Services) -> Result<DiskState, Error> {
    let store = &services.store;
    let mut state = DiskState {
        free_bytes: store.free_bytes()?,
        staged_bytes: store.staged_bytes() as u64,
        used_bytes: used_bytes(store.folder()),
        ..DiskState::default()
    };
    for day in store.days()?.into_iter().rev().take(DAYS) {
        if let Some(file) = store.day(day)? {
            state.checkpoint_at = state.checkpoint_at.max(written_at(file.path()));
        }
        let committed = services.search.committed_sequence(day).unwrap_or(0);
        state.waiting += store.changed_since(day, committed, WAITING_MAX)?.len();
    }
    Ok(state)
}

fn written_at(path: &Path) -> Option<Timestamp> {
    let written = std::fs::metadata(path).ok()?.modified().ok()?;
    let millis = written.duration_since(UNIX_EPOCH).ok()?.as_millis();
    i64::try_from(millis).ok().map(Timestamp)
}

/// Blocks on disk, not lengths: day files are made with room to grow.
fn used_bytes(folder: &Path) -> u64 {
    let mut folders: Vec<PathBuf> = vec![folder.to_owned()];
    let (mut bytes, mut seen) = (0_u64, 0);
    while let Some(folder) = folders.pop() {
        // What vanishes meanwhile is not counted.
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            seen += 1;
            if seen > FILES_MAX {
                return bytes;
            }
            match entry.metadata() {
                Ok(data) if data.is_dir() => folders.push(entry.path()),
                Ok(data) => bytes = bytes.saturating_add(data.blocks().saturating_mul(512)),
                Err(_) => {}
            }
        }
    }
    bytes
}

#[cfg(test)]
#[path = "disk_tests.rs"]
mod tests;
