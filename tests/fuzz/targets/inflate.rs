//! Content codings: never more than the limit, whatever the body claims. The first byte chooses the header.

use footfall::base::limits;
use footfall::model::outcome::Outcome;
use footfall::wire::beacon::decode;
use footfall::wire::inflate::inflate;

const ENCODINGS: [&str; 8] =
    ["", "gzip", "deflate", "identity", "x-gzip", " GZIP ", "br", "gzip, gzip"];
const REFUSALS: [Outcome; 3] =
    [Outcome::TooLarge, Outcome::BadEncoding, Outcome::UnsupportedEncoding];

/// Runs the target.
pub fn run(data: &[u8]) {
    let Some((choice, body)) = data.split_first() else {
        return;
    };
    let encoding = ENCODINGS[usize::from(*choice) % ENCODINGS.len()];
    match inflate(encoding, body) {
        Ok(plain) => {
            assert!(plain.len() <= limits::BEACON_INFLATED_BYTES);
            assert!(!plain.starts_with(&[0x1f, 0x8b]), "coded twice");
            let _ = decode(&plain);
        }
        Err(outcome) => assert!(REFUSALS.contains(&outcome), "{outcome:?}"),
    }
}
