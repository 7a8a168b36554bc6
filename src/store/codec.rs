//! Records: `version u8 | dictionary u8 | postcard`, the last part compressed when the dictionary is not 0.
//!
//! A struct that was ever released is frozen: a change is a new version with `From` the old one, and golden bytes
//! of each version decode for ever.

use serde::Serialize;
use serde::de::DeserializeOwned;
use zstd::bulk::Compressor;

use super::dictionary::Dictionary;
use super::error::Error;
use crate::model::action::{ActionResources, UserAction, WebVitals};
use crate::model::session::{Session, SessionEvent};

/// Not compressed.
const PLAIN: u8 = 0;
/// Compressed with the dictionary that ships.
const SHIPPED: u8 = 1;
/// Compressed with a dictionary that the install trained; the zstd frame says with which.
const TRAINED: u8 = 2;

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
    dictionary: &'static Dictionary,
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
        let dictionary = Dictionary::shipped();
        let compressor = dictionary.compressor()?;
        let scratch = Vec::with_capacity(8 * 1024);
        Ok(Self { compressor, dictionary, scratch, packed: Vec::new() })
    }

    /// Uses a trained dictionary from now on; the one that ships when there is none.
    pub fn follow(&mut self, trained: Option<&'static Dictionary>) -> Result<(), Error> {
        let dictionary = trained.unwrap_or_else(Dictionary::shipped);
        if dictionary.id() != self.dictionary.id() {
            self.compressor = dictionary.compressor()?;
            self.dictionary = dictionary;
        }
        Ok(())
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
            (if self.dictionary.id() == 0 { SHIPPED } else { TRAINED }, &self.packed)
        } else {
            (PLAIN, &plain)
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
        PLAIN => read(body),
        SHIPPED => read(&Dictionary::shipped().unpack(body, kind)?),
        TRAINED => read(&Dictionary::of_frame(body)?.unpack(body, kind)?),
        other => Err(damaged(kind, &format!("dictionary {other} is not known"))),
    }
}

fn damaged(kind: &'static str, reason: &str) -> Error {
    Error::Record { kind, reason: reason.to_owned() }
}
