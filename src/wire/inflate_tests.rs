//! Tests: see the module.

use std::io::Write;

use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
use proptest::prelude::*;

use super::inflate;
use crate::base::limits;
use crate::model::outcome::Outcome;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn each_coding_gives_back_the_body() {
    let body = b"{\"v\":1}".as_slice();
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::best());
    zlib.write_all(body).unwrap();
    let mut raw = DeflateEncoder::new(Vec::new(), Compression::best());
    raw.write_all(body).unwrap();
    let cases = [
        ("", body.to_vec()),
        ("identity", body.to_vec()),
        ("gzip", gzip(body)),
        ("x-gzip", gzip(body)),
        (" GZIP ", gzip(body)),
        ("", gzip(body)),
        ("deflate", zlib.finish().unwrap()),
        ("deflate", raw.finish().unwrap()),
    ];
    for (encoding, bytes) in cases {
        assert_eq!(inflate(encoding, &bytes).as_deref(), Ok(body), "{encoding}");
    }
}

#[test]
fn members_are_joined() {
    let bytes = [gzip(b"{\"v\""), gzip(b":1}")].concat();
    assert_eq!(inflate("gzip", &bytes).as_deref(), Ok(b"{\"v\":1}".as_slice()));
}

#[test]
fn what_is_wrong_has_its_own_outcome() {
    let cut = gzip(b"{\"v\":1}");
    let cases = [
        ("br", b"x".to_vec(), Outcome::UnsupportedEncoding),
        ("zstd", b"x".to_vec(), Outcome::UnsupportedEncoding),
        ("gzip, gzip", gzip(b"x"), Outcome::UnsupportedEncoding),
        ("gzip", gzip(&gzip(b"x")), Outcome::UnsupportedEncoding),
        ("gzip", b"not gzip".to_vec(), Outcome::BadEncoding),
        ("gzip", cut[..cut.len() - 4].to_vec(), Outcome::BadEncoding),
        ("gzip", [cut.clone(), b"tail".to_vec()].concat(), Outcome::BadEncoding),
        ("deflate", vec![0xff; 40], Outcome::BadEncoding),
        ("gzip", gzip(&vec![b'['; 50_000_000]), Outcome::TooLarge),
        ("", vec![b'['; limits::BEACON_BYTES + 1], Outcome::TooLarge),
    ];
    for (encoding, bytes, outcome) in cases {
        assert_eq!(inflate(encoding, &bytes), Err(outcome), "{encoding}");
    }
}

#[test]
fn the_limit_itself_is_allowed() {
    let full = vec![b' '; limits::BEACON_INFLATED_BYTES];
    assert_eq!(inflate("gzip", &gzip(&full)).map(|b| b.len()), Ok(full.len()));
    let more = vec![b' '; limits::BEACON_INFLATED_BYTES + 1];
    assert_eq!(inflate("gzip", &gzip(&more)), Err(Outcome::TooLarge));
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), n in 0_usize..4) {
        let encoding = ["", "gzip", "deflate", "identity"][n];
        if let Ok(inflated) = inflate(encoding, &bytes) {
            prop_assert!(inflated.len() <= limits::BEACON_INFLATED_BYTES);
        }
    }
}
