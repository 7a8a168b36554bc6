//! User tags: kept, hashed or dropped.

use crate::model::application::UserTagPrivacy;

/// Bytes of the hash that are kept: enough to tell a billion people apart.
const HASH_BYTES: usize = 12;

/// The tag as it may be written; `None` when it may not.
#[must_use]
pub fn mask(tag: &str, privacy: UserTagPrivacy, key: &[u8; 32]) -> Option<String> {
    match privacy {
        UserTagPrivacy::Keep => Some(tag.to_owned()),
        UserTagPrivacy::Drop => None,
        UserTagPrivacy::Hash => {
            let digest = blake3::keyed_hash(key, tag.as_bytes()).to_hex();
            let kept = digest.get(..HASH_BYTES * 2).unwrap_or_default();
            Some(format!("#{kept}"))
        }
    }
}
