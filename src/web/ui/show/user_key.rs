//! Opaque keys of users: a user tag sealed with a key of the install, so that no tag stands in an address.

use std::fmt::Write;

/// Bytes of the seal.
const SEAL: usize = 16;

/// Seals and opens keys of users.
#[derive(Clone)]
pub struct UserKeys([u8; 32]);

impl UserKeys {
    /// From the secret key of the install.
    #[must_use]
    pub fn new(install_key: &[u8; 32]) -> Self {
        Self(blake3::derive_key(
            "footfall user keys in addresses 1",
            install_key,
        ))
    }

    fn seal_of(&self, tag: &[u8]) -> [u8; 32] {
        *blake3::keyed_hash(&self.0, tag).as_bytes()
    }

    fn mix(&self, seal: &[u8], text: &[u8]) -> Vec<u8> {
        let mut stream = vec![0; text.len()];
        let mut hasher = blake3::Hasher::new_keyed(&blake3::derive_key("stream", &self.0));
        hasher.update(seal);
        hasher.finalize_xof().fill(&mut stream);
        text.iter().zip(stream).map(|(a, b)| a ^ b).collect()
    }

    /// The key of a user tag: always the same for the same tag.
    #[must_use]
    pub fn key(&self, tag: &str) -> String {
        let whole = self.seal_of(tag.as_bytes());
        let seal = whole.get(..SEAL).unwrap_or_default();
        let body = self.mix(seal, tag.as_bytes());
        seal.iter()
            .chain(&body)
            .fold(String::new(), |mut text, byte| {
                let _ = write!(text, "{byte:02x}");
                text
            })
    }

    /// The user tag behind a key; `None` when the key was not made here.
    #[must_use]
    pub fn tag(&self, key: &str) -> Option<String> {
        if !key.is_ascii() || !key.len().is_multiple_of(2) || key.len() > 4_096 {
            return None;
        }
        let bytes: Option<Vec<u8>> = (0..key.len())
            .step_by(2)
            .map(|at| {
                key.get(at..at + 2)
                    .and_then(|pair| u8::from_str_radix(pair, 16).ok())
            })
            .collect();
        let bytes = bytes?;
        let (seal, body) = bytes.split_at_checked(SEAL)?;
        let tag = self.mix(seal, body);
        let is_ours = self.seal_of(&tag).get(..SEAL) == Some(seal);
        String::from_utf8(tag).ok().filter(|_| is_ours)
    }
}

#[cfg(test)]
#[path = "user_key_tests.rs"]
mod tests;
