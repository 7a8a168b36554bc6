//! The redo journal in front of the day files: what is acknowledged is in here, synced.
//!
//! A file is a run of frames `length u32 | crc32 u32 | sequence u64 | rows | beacon ids`. Rows are absolute puts and
//! removals, so that applying frames again, in order, changes nothing. A torn last frame was never acknowledged.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use super::error::Error;
use super::schema::Table;
use super::write::Row;
use crate::base::id::BeaconId;
use crate::base::time::{Day, Timestamp};

/// Largest frame that is believed: a batch is at most 1,000 beacons of 256 KiB, in practice under 4 MiB.
const FRAME_BYTES_MAX: usize = 256 * 1024 * 1024;
const HEAD: usize = 8;

/// One acknowledged batch.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Frame {
    /// Increases by one with each frame, over restarts too.
    pub sequence: u64,
    /// When the batch was taken.
    pub at: Timestamp,
    /// Puts and removals.
    pub rows: Vec<Row>,
    /// Beacons of the batch.
    pub beacons: Vec<BeaconId>,
}

/// The file that is being written.
#[derive(Debug)]
pub struct Journal {
    folder: PathBuf,
    file: File,
    path: PathBuf,
    buffer: Vec<u8>,
}

impl Journal {
    /// Starts a new file whose first frame will have `sequence`.
    pub fn create(folder: &Path, sequence: u64) -> Result<Self, Error> {
        let mut attempt = 0_u32;
        let (file, path) = loop {
            let path = folder.join(format!("{sequence:020}-{attempt:04}.log"));
            match OpenOptions::new().create_new(true).append(true).open(&path) {
                Ok(file) => break (file, path),
                // A file without frames, of an earlier start at the same sequence, is still there.
                Err(e) if e.kind() == ErrorKind::AlreadyExists && attempt < 9_999 => attempt += 1,
                Err(e) => return Err(Error::io("create", &path)(e)),
            }
        };
        sync_folder(folder)?;
        Ok(Self { folder: folder.to_owned(), file, path, buffer: Vec::with_capacity(64 * 1024) })
    }

    /// The file that is being written.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Appends a frame and syncs it. After an error the file must not be written again.
    pub fn append(&mut self, frame: &Frame) -> Result<u64, Error> {
        self.buffer.clear();
        self.buffer.extend_from_slice(&[0; HEAD]);
        encode(frame, &mut self.buffer);
        let (head, body) = self.buffer.split_at_mut(HEAD);
        let length = u32::try_from(body.len()).unwrap_or(u32::MAX);
        let crc = crc32fast::hash(body);
        head.copy_from_slice(&[length.to_le_bytes(), crc.to_le_bytes()].concat());
        self.file.write_all(&self.buffer).map_err(Error::io("write", &self.path))?;
        self.file.sync_data().map_err(Error::io("sync", &self.path))?;
        Ok(self.buffer.len() as u64)
    }

    /// Goes on in a new file; answers the finished one.
    pub fn rotate(&mut self, next_sequence: u64) -> Result<PathBuf, Error> {
        let next = Self::create(&self.folder, next_sequence)?;
        let done = std::mem::replace(self, next);
        Ok(done.path)
    }
}

/// Makes the names in a folder durable.
pub fn sync_folder(folder: &Path) -> Result<(), Error> {
    File::open(folder).and_then(|f| f.sync_all()).map_err(Error::io("sync", folder))
}

/// Files of the journal, oldest first.
pub fn files(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(Error::io("list", folder))? {
        let path = entry.map_err(Error::io("list", folder))?.path();
        if path.extension().is_some_and(|e| e == "log") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// The sequence that the first frame of a file has or would have had: all before it were given away.
#[must_use]
pub fn first_sequence(path: &Path) -> Option<u64> {
    let (sequence, _) = path.file_stem()?.to_str()?.split_once('-')?;
    sequence.parse().ok()
}

/// Reads the whole frames of a file. Reading stops at the first torn or damaged frame.
pub fn read(path: &Path) -> Result<(Vec<Frame>, bool), Error> {
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|mut f| f.read_to_end(&mut bytes))
        .map_err(Error::io("read", path))?;
    let mut frames = Vec::new();
    let mut rest = bytes.as_slice();
    while !rest.is_empty() {
        let Some((frame, tail)) = split(rest) else {
            return Ok((frames, true));
        };
        frames.push(frame);
        rest = tail;
    }
    Ok((frames, false))
}

fn split(bytes: &[u8]) -> Option<(Frame, &[u8])> {
    let length = usize::try_from(u32::from_le_bytes(bytes.get(..4)?.try_into().ok()?)).ok()?;
    let crc = u32::from_le_bytes(bytes.get(4..HEAD)?.try_into().ok()?);
    if length > FRAME_BYTES_MAX {
        return None;
    }
    let body = bytes.get(HEAD..HEAD + length)?;
    if crc32fast::hash(body) != crc {
        return None;
    }
    Some((decode(body)?, bytes.get(HEAD + length..)?))
}

fn encode(frame: &Frame, out: &mut Vec<u8>) {
    out.extend_from_slice(&frame.sequence.to_le_bytes());
    out.extend_from_slice(&frame.at.0.to_le_bytes());
    put_len(out, frame.beacons.len());
    for beacon in &frame.beacons {
        out.extend_from_slice(&beacon.0.to_le_bytes());
    }
    put_len(out, frame.rows.len());
    for row in &frame.rows {
        out.extend_from_slice(&row.day.0.to_le_bytes());
        out.push(row.table as u8);
        put_len(out, row.key.len());
        out.extend_from_slice(&row.key);
        match &row.value {
            Some(value) => {
                put_len(out, value.len() + 1);
                out.extend_from_slice(value);
            }
            None => put_len(out, 0),
        }
    }
}

fn put_len(out: &mut Vec<u8>, len: usize) {
    out.extend_from_slice(&u32::try_from(len).unwrap_or(u32::MAX).to_le_bytes());
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let (head, tail) = self.0.split_at_checked(len)?;
        self.0 = tail;
        Some(head)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    fn len(&mut self) -> Option<usize> {
        usize::try_from(u32::from_le_bytes(self.array()?)).ok()
    }
}

fn decode(body: &[u8]) -> Option<Frame> {
    let mut reader = Reader(body);
    let sequence = u64::from_le_bytes(reader.array()?);
    let at = Timestamp(i64::from_le_bytes(reader.array()?));
    let mut beacons = Vec::new();
    for _ in 0..reader.len()? {
        beacons.push(BeaconId(u128::from_le_bytes(reader.array()?)));
    }
    let mut rows = Vec::new();
    for _ in 0..reader.len()? {
        let day = Day(i32::from_le_bytes(reader.array()?));
        let [number] = reader.array()?;
        let table = Table::from_number(number)?;
        let key_len = reader.len()?;
        let key = reader.take(key_len)?.to_vec();
        let value = match reader.len()? {
            0 => None,
            len => Some(reader.take(len - 1)?.to_vec()),
        };
        rows.push(Row { day, table, key, value });
    }
    Some(Frame { sequence, at, rows, beacons })
}

#[cfg(test)]
#[path = "journal_tests.rs"]
mod tests;
