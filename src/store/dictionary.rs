//! Dictionaries of compression: the one that ships, and the one that an install trains from its own records.
//!
//! Invariants: the file of a trained dictionary is on disk before the first record that needs it, and stays as long as
//! the data folder; a record tells by the id in its zstd frame which one it needs. Dictionaries are found by that id,
//! which is made from their content, in the whole process, and live as long as it.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex, PoisonError, RwLock};

use zstd::bulk::{Compressor, Decompressor};
use zstd::dict::{DecoderDictionary, EncoderDictionary};
use zstd::zstd_safe;

use super::error::Error;
use super::journal::sync_folder;
use super::write::Store;

/// zstd level: a 2 KB record shrinks 5.8 : 1 in 3 µs with a dictionary.
const LEVEL: i32 = 1;
/// Unpacking contexts that are kept for reuse, of each dictionary.
const POOL_MAX: usize = 8;
/// Longest record after unpacking.
const RECORD_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Largest dictionary that is believed.
const DICTIONARY_BYTES_MAX: usize = 1024 * 1024;
/// Characters of the digest in the name of a file.
const DIGEST_CHARS: usize = 16;

/// Bytes of the dictionary that ships.
pub static SHIPPED_BYTES: &[u8] = include_bytes!("../../assets/records.dict");
static SHIPPED: LazyLock<Dictionary> = LazyLock::new(|| Dictionary::new(0, SHIPPED_BYTES));
static KNOWN: RwLock<Vec<&'static Dictionary>> = RwLock::new(Vec::new());

/// A dictionary, ready for use.
pub struct Dictionary {
    id: u32,
    encoder: EncoderDictionary<'static>,
    decoder: DecoderDictionary<'static>,
    pool: Mutex<Vec<Decompressor<'static>>>,
}

impl std::fmt::Debug for Dictionary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Dictionary({:08x})", self.id)
    }
}

impl Dictionary {
    fn new(id: u32, bytes: &[u8]) -> Self {
        Self {
            id,
            encoder: EncoderDictionary::copy(bytes, LEVEL),
            decoder: DecoderDictionary::copy(bytes),
            pool: Mutex::new(Vec::new()),
        }
    }

    /// The one that ships.
    #[must_use]
    pub fn shipped() -> &'static Self {
        &SHIPPED
    }

    /// Makes a trained dictionary known to this process.
    pub fn learn(bytes: &[u8]) -> Result<&'static Self, Error> {
        let id = zstd_safe::get_dict_id_from_dict(bytes)
            .filter(|_| bytes.len() <= DICTIONARY_BYTES_MAX)
            .ok_or_else(|| damaged("not a dictionary"))?
            .get();
        let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(dictionary) = known.iter().find(|dictionary| dictionary.id == id) {
            return Ok(dictionary);
        }
        // Records of the whole process may need it from now on.
        let dictionary: &'static Self = Box::leak(Box::new(Self::new(id, bytes)));
        known.push(dictionary);
        Ok(dictionary)
    }

    /// The trained dictionary that a packed record needs.
    pub fn of_frame(frame: &[u8]) -> Result<&'static Self, Error> {
        let id = zstd_safe::get_dict_id_from_frame(frame).map_or(0, std::num::NonZero::get);
        let known = KNOWN.read().unwrap_or_else(PoisonError::into_inner);
        let found = known.iter().find(|dictionary| dictionary.id == id).copied();
        found.ok_or_else(|| damaged(&format!("{id:08x} is not in the data folder")))
    }

    /// Id in the frames of records that need it; 0 for the one that ships.
    #[must_use]
    pub const fn id(&self) -> u32 {
        self.id
    }

    /// A context that packs with it.
    pub fn compressor(&'static self) -> Result<Compressor<'static>, Error> {
        Compressor::with_prepared_dictionary(&self.encoder).map_err(|e| damaged(&e.to_string()))
    }

    /// Unpacks a record of some kind.
    pub fn unpack(&'static self, frame: &[u8], kind: &'static str) -> Result<Vec<u8>, Error> {
        let wrong = |reason: &str| Error::Record { kind, reason: reason.to_owned() };
        let size = zstd_safe::get_frame_content_size(frame)
            .ok()
            .flatten()
            .and_then(|n| usize::try_from(n).ok())
            .filter(|n| *n <= RECORD_BYTES_MAX)
            .ok_or_else(|| wrong("unpacked size is not believable"))?;
        let pooled = self.pool.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut decompressor = match pooled {
            Some(decompressor) => decompressor,
            None => Decompressor::with_prepared_dictionary(&self.decoder)
                .map_err(|e| damaged(&e.to_string()))?,
        };
        let plain = decompressor.decompress(frame, size).map_err(|e| wrong(&e.to_string()))?;
        let mut pool = self.pool.lock().unwrap_or_else(PoisonError::into_inner);
        if pool.len() < POOL_MAX {
            pool.push(decompressor);
        }
        Ok(plain)
    }
}

/// How many bytes samples take when they are packed with a dictionary that no record uses yet.
pub fn packed_bytes<'a>(
    dictionary: &[u8],
    samples: impl Iterator<Item = &'a [u8]>,
) -> Result<usize, Error> {
    let wrong = |e: std::io::Error| damaged(&e.to_string());
    let mut compressor = Compressor::with_dictionary(LEVEL, dictionary).map_err(wrong)?;
    let mut sum = 0;
    for sample in samples {
        sum += compressor.compress(sample).map_err(wrong)?.len();
    }
    Ok(sum)
}

fn damaged(reason: &str) -> Error {
    Error::Record { kind: "dictionary", reason: reason.to_owned() }
}

fn digest(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().chars().take(DIGEST_CHARS).collect()
}

/// Learns the dictionaries of a data folder: the newest one, and the files that are damaged.
pub(super) fn load(folder: &Path) -> Result<(Option<&'static Dictionary>, Vec<PathBuf>), Error> {
    let folder = folder.join("dictionaries");
    if !folder.exists() {
        return Ok((None, Vec::new()));
    }
    let mut files = Vec::new();
    for entry in std::fs::read_dir(&folder).map_err(Error::io("list", &folder))? {
        let path = entry.map_err(Error::io("list", &folder))?.path();
        if path.extension().is_some_and(|end| end == "dict") {
            files.push(path);
        }
    }
    files.sort();
    let (mut newest, mut broken) = (None, Vec::new());
    for path in files {
        let bytes = std::fs::read(&path).map_err(Error::io("read", &path))?;
        let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
        match Dictionary::learn(&bytes) {
            Ok(dictionary) if name.ends_with(&digest(&bytes)) => newest = Some(dictionary),
            _ => broken.push(path),
        }
    }
    Ok((newest, broken))
}

impl Store {
    /// The dictionary that this install trained; `None` while it uses the one that ships.
    #[must_use]
    pub fn trained(&self) -> Option<&'static Dictionary> {
        *self.trained.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes a trained dictionary to the data folder; records are packed with it from now on.
    pub fn keep_dictionary(&self, bytes: &[u8]) -> Result<(), Error> {
        let dictionary = Dictionary::learn(bytes)?;
        let folder = self.folder().join("dictionaries");
        std::fs::create_dir_all(&folder).map_err(Error::io("create", &folder))?;
        let kept = std::fs::read_dir(&folder).map_err(Error::io("list", &folder))?.count();
        let path = folder.join(format!("{kept:04}-{}.dict", digest(bytes)));
        let made = path.with_extension("new");
        std::fs::File::create(&made)
            .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
            .map_err(Error::io("write", &made))?;
        std::fs::rename(&made, &path).map_err(Error::io("rename", &made))?;
        sync_folder(&folder)?;
        sync_folder(self.folder())?;
        *self.trained.lock().unwrap_or_else(PoisonError::into_inner) = Some(dictionary);
        Ok(())
    }
}

#[cfg(test)]
#[path = "dictionary_tests.rs"]
mod tests;
