//! New database files appear whole or not at all: a process that is killed while it makes one leaves nothing that
//! cannot be opened.

use std::fs::File;
use std::io::ErrorKind;
use std::path::Path;

use redb::{Database, DatabaseError};

/// Opens a database file by path with so many bytes of cache; makes it when it is not there.
pub type OpenDatabase = fn(&Path, usize) -> Result<Database, DatabaseError>;

/// Opens a database file; one that is not there is made beside its place first.
pub fn open(path: &Path, cache_bytes: usize) -> Result<Database, DatabaseError> {
    let mut builder = Database::builder();
    builder.set_cache_size(cache_bytes);
    if !path.exists() {
        let made = path.with_extension("new");
        match std::fs::remove_file(&made) {
            Err(e) if e.kind() != ErrorKind::NotFound => return Err(storage(e)),
            _ => {}
        }
        drop(builder.create(&made)?);
        let folder = path.parent().unwrap_or(Path::new("."));
        File::open(&made)
            .and_then(|file| file.sync_all())
            .and_then(|()| std::fs::rename(&made, path))
            .and_then(|()| File::open(folder)?.sync_all())
            .map_err(storage)?;
    }
    builder.open(path)
}

fn storage(error: std::io::Error) -> DatabaseError {
    DatabaseError::Storage(redb::StorageError::Io(error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_killed_process_left_is_no_obstacle() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("records.redb");
        std::fs::write(path.with_extension("new"), b"half a header").unwrap();
        drop(open(&path, 1_000_000).unwrap());
        assert!(!path.with_extension("new").exists());
        open(&path, 1_000_000).unwrap();
    }
}
