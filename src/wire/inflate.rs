//! Bounded inflating of request bodies: gzip, deflate, identity, and only one of them.

use std::borrow::Cow;
use std::io::Read;

use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};

use crate::base::limits;
use crate::model::outcome::Outcome;

/// Bytes that are inflated between two checks of the limit.
const STEP_BYTES: usize = 16 * 1024;
const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// Undoes the content coding of a beacon body, up to `limits::BEACON_INFLATED_BYTES`.
///
/// `encoding` is the `Content-Encoding` header, empty when there is none. `sendBeacon` cannot set the header, so a
/// body without one that begins like gzip is taken for gzip; JSON cannot begin so.
pub fn inflate<'a>(encoding: &str, body: &'a [u8]) -> Result<Cow<'a, [u8]>, Outcome> {
    let coding = encoding.trim();
    let is = |name: &str| coding.eq_ignore_ascii_case(name);
    if body.len() > limits::BEACON_BYTES {
        return Err(Outcome::TooLarge);
    }
    let inflated = if is("gzip") || is("x-gzip") {
        drain(MultiGzDecoder::new(body))?
    } else if is("deflate") {
        inflate_deflate(body)?
    } else if coding.is_empty() || is("identity") {
        if !body.starts_with(&GZIP_MAGIC) {
            return Ok(Cow::Borrowed(body));
        }
        drain(MultiGzDecoder::new(body))?
    } else {
        return Err(Outcome::UnsupportedEncoding);
    };
    if inflated.starts_with(&GZIP_MAGIC) {
        return Err(Outcome::UnsupportedEncoding);
    }
    Ok(Cow::Owned(inflated))
}

/// `deflate` means zlib by the standard and raw deflate in some clients.
fn inflate_deflate(body: &[u8]) -> Result<Vec<u8>, Outcome> {
    let is_zlib = match body {
        [first, second, ..] => {
            first & 0x0f == 8 && (u16::from(*first) * 256 + u16::from(*second)) % 31 == 0
        }
        _ => false,
    };
    if is_zlib { drain(ZlibDecoder::new(body)) } else { drain(DeflateDecoder::new(body)) }
}

fn drain(mut reader: impl Read) -> Result<Vec<u8>, Outcome> {
    let mut inflated = Vec::with_capacity(STEP_BYTES);
    let mut step = [0; STEP_BYTES];
    loop {
        let count = reader.read(&mut step).map_err(|_| Outcome::BadEncoding)?;
        if count == 0 {
            return Ok(inflated);
        }
        if inflated.len() + count > limits::BEACON_INFLATED_BYTES {
            return Err(Outcome::TooLarge);
        }
        inflated.extend_from_slice(step.get(..count).unwrap_or_default());
    }
}

#[cfg(test)]
#[path = "inflate_tests.rs"]
mod tests;
