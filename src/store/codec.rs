//! Records: `version u8 | dictionary u8 | postcard`, the last part compressed when the dictionary is not 0.
//!
//! A struct that was ever released is frozen: a change is a new version with `From` the old one, and golden bytes
//! of each version decode for ever.

use std::sync::{LazyLock, Mutex, PoisonError};

use serde::Serialize;
use serde::de::DeserializeOwned;
use zstd::bulk::{Compressor, Decompressor};
use zstd::dict::{DecoderDictionary, EncoderDictionary};

use super::error::Error;
use crate::model::action::{ActionResources, UserAction, WebVitals};
use crate::model::session::{Session, SessionEvent};

/// Compressed with the dictionary that ships.
const DEFAULT_DICTIONARY: u8 = 1;
/// zstd level: a 2 KB record shrinks 5.8 : 1 in 3 µs with the dictionary.
const LEVEL: i32 = 1;
/// Longest record after unpacking.
const RECORD_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Unpacking contexts that are kept for reuse.
const POOL_MAX: usize = 8;

static DICTIONARY: &[u8] = include_bytes!("../../assets/records.dict");
static ENCODER: LazyLock<EncoderDictionary<'static>> =
    LazyLock::new(|| EncoderDictionary::copy(DICTIONARY, LEVEL));
static DECODER: LazyLock<DecoderDictionary<'static>> =
    LazyLock::new(|| DecoderDictionary::copy(DICTIONARY));
static POOL: Mutex<Vec<Decompressor<'static>>> = Mutex::new(Vec::new());

/// A kind of record.
pub trait Record: Serialize + DeserializeOwned {
    /// Name in error messages and golden files.
    const KIND: &'static str;
    /// Version that is written.
    const VERSION: u8 = 1;
    /// Whether it is worth compressing.
    const IS_COMPRESSED: bool = true;
}

impl Record for Session {
    const KIND: &'static str = "session";
}
impl Record for UserAction {
    const KIND: &'static str = "action";
}
impl Record for ActionResources {
    const KIND: &'static str = "resources";
}
impl Record for WebVitals {
    const KIND: &'static str = "vitals";
    const IS_COMPRESSED: bool = false;
}
impl Record for SessionEvent {
    const KIND: &'static str = "event";
}

/// Encodes records; owns a compression context, so keep one.
pub struct Encoder {
    compressor: Compressor<'static>,
    scratch: Vec<u8>,
    packed: Vec<u8>,
}

impl std::fmt::Debug for Encoder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Encoder")
    }
}

impl Encoder {
    /// A new encoder.
    pub fn new() -> Result<Self, Error> {
        let compressor = Compressor::with_prepared_dictionary(&ENCODER)
            .map_err(|e| damaged("dictionary", &e.to_string()))?;
        Ok(Self { compressor, scratch: Vec::with_capacity(8 * 1024), packed: Vec::new() })
    }

    /// Encodes a record.
    pub fn encode<R: Record>(&mut self, record: &R) -> Result<Vec<u8>, Error> {
        self.encode_as(record, R::KIND, R::VERSION, R::IS_COMPRESSED)
    }

    /// Encodes state that is no released record kind of this room, such as open sessions.
    pub fn encode_as<T: Serialize>(
        &mut self,
        record: &T,
        kind: &'static str,
        version: u8,
        is_compressed: bool,
    ) -> Result<Vec<u8>, Error> {
        self.scratch.clear();
        let plain = postcard::to_extend(record, std::mem::take(&mut self.scratch))
            .map_err(|e| damaged(kind, &e.to_string()))?;
        let (dictionary, body) = if is_compressed {
            self.packed.clear();
            self.packed.reserve(zstd::zstd_safe::compress_bound(plain.len()));
            self.compressor
                .compress_to_buffer(&plain, &mut self.packed)
                .map_err(|e| damaged(kind, &e.to_string()))?;
            (DEFAULT_DICTIONARY, &self.packed)
        } else {
            (0, &plain)
        };
        let mut out = Vec::with_capacity(body.len() + 2);
        out.extend_from_slice(&[version, dictionary]);
        out.extend_from_slice(body);
        self.scratch = plain;
        Ok(out)
    }
}

/// Decodes a record of any version ever released.
pub fn decode<R: Record>(bytes: &[u8]) -> Result<R, Error> {
    decode_as(bytes, R::KIND, R::VERSION)
}

/// Decodes what [`Encoder::encode_as`] wrote.
pub fn decode_as<T: DeserializeOwned>(
    bytes: &[u8],
    kind: &'static str,
    version: u8,
) -> Result<T, Error> {
    let (&found, rest) = bytes.split_first().ok_or_else(|| damaged(kind, "empty"))?;
    let (&dictionary, body) = rest.split_first().ok_or_else(|| damaged(kind, "cut short"))?;
    if found != version {
        return Err(damaged(kind, &format!("version {found} is not known")));
    }
    let read =
        |plain: &[u8]| postcard::from_bytes(plain).map_err(|e| damaged(kind, &e.to_string()));
    match dictionary {
        0 => read(body),
        DEFAULT_DICTIONARY => read(&unpack(body, kind)?),
        other => Err(damaged(kind, &format!("dictionary {other} is not known"))),
    }
}

fn unpack(body: &[u8], kind: &'static str) -> Result<Vec<u8>, Error> {
    let pooled = POOL.lock().unwrap_or_else(PoisonError::into_inner).pop();
    let mut decompressor = match pooled {
        Some(decompressor) => decompressor,
        None => Decompressor::with_prepared_dictionary(&DECODER)
            .map_err(|e| damaged("dictionary", &e.to_string()))?,
    };
    let size = zstd::zstd_safe::get_frame_content_size(body)
        .ok()
        .flatten()
        .and_then(|n| usize::try_from(n).ok())
        .filter(|n| *n <= RECORD_BYTES_MAX)
        .ok_or_else(|| damaged(kind, "unpacked size is not believable"))?;
    let plain = decompressor.decompress(body, size).map_err(|e| damaged(kind, &e.to_string()))?;
    let mut pool = POOL.lock().unwrap_or_else(PoisonError::into_inner);
    if pool.len() < POOL_MAX {
        pool.push(decompressor);
    }
    Ok(plain)
}

fn damaged(kind: &'static str, reason: &str) -> Error {
    Error::Record { kind, reason: reason.to_owned() }
}
