//! Typed ids and their text form: a letter for the kind, an underscore, lower-case base32 without look-alikes.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::time::Timestamp;

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

fn encode(prefix: char, mut value: u128, digits: usize) -> String {
    let mut text = vec![b'0'; digits];
    for slot in text.iter_mut().rev() {
        let digit = usize::try_from(value & 31).unwrap_or(0);
        *slot = ALPHABET.get(digit).copied().unwrap_or(b'0');
        value >>= 5;
    }
    let body = String::from_utf8(text).unwrap_or_default();
    format!("{prefix}_{body}")
}

fn decode(prefix: char, text: &str, digits: usize) -> Option<u128> {
    let body = text.strip_prefix(prefix)?.strip_prefix('_')?;
    if body.len() != digits {
        return None;
    }
    let mut value: u128 = 0;
    for byte in body.bytes() {
        let digit = ALPHABET.iter().position(|&a| a == byte)?;
        if value >> 123 != 0 {
            return None;
        }
        value = (value << 5) | u128::try_from(digit).ok()?;
    }
    Some(value)
}

/// A text that is not an id of the expected kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not {kind}")]
pub struct InvalidId {
    text: String,
    kind: &'static str,
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident($repr:ty), $prefix:literal, $digits:literal, $kind:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub $repr);

        /// As text where people read (JSON), as a number in the store.
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                if serializer.is_human_readable() {
                    serializer.collect_str(self)
                } else {
                    self.0.serialize(serializer)
                }
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                if deserializer.is_human_readable() {
                    let text = String::deserialize(deserializer)?;
                    text.parse().map_err(serde::de::Error::custom)
                } else {
                    <$repr>::deserialize(deserializer).map(Self)
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&encode($prefix, u128::from(self.0), $digits))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                decode($prefix, text, $digits)
                    .and_then(|value| <$repr>::try_from(value).ok())
                    .map(Self)
                    .ok_or_else(|| InvalidId {
                        text: text.chars().take(64).collect(),
                        kind: $kind,
                    })
            }
        }
    };
}

id!(
    /// A session: 48 bits of start millisecond, then 80 random bits, so that order of ids is order of start.
    SessionId(u128), 's', 26, "a session id"
);
id!(
    /// The browser behind sessions: random, kept by the browser. Never derived from an address.
    VisitorId(u128), 'v', 26, "a visitor id"
);
id!(
    /// A monitored application.
    ApplicationId(u32), 'a', 7, "an application id"
);
id!(
    /// A person with an account in this product.
    AccountId(u32), 'u', 7, "an account id"
);
id!(
    /// An API token.
    TokenId(u32), 't', 7, "a token id"
);
id!(
    /// A saved segment of sessions.
    SegmentId(u32), 'g', 7, "a segment id"
);
id!(
    /// One beacon, made by the agent: makes resends harmless.
    BeaconId(u128), 'b', 26, "a beacon id"
);

impl SessionId {
    /// Makes the id of a session that starts at `start`.
    #[must_use]
    pub fn new(start: Timestamp, random: u128) -> Self {
        let millis = u128::try_from(start.0.max(0)).unwrap_or(0) & 0xffff_ffff_ffff;
        Self((millis << 80) | (random & ((1 << 80) - 1)))
    }

    /// When the session started.
    #[must_use]
    pub fn start(self) -> Timestamp {
        Timestamp(i64::try_from(self.0 >> 80).unwrap_or(0))
    }

    /// Key bytes: big-endian, so that byte order is order of start.
    #[must_use]
    pub fn bytes(self) -> [u8; 16] {
        self.0.to_be_bytes()
    }
}

impl ApplicationId {
    /// "My web application": takes all traffic that no detection rule claims.
    pub const DEFAULT: Self = Self(1);
}

/// One user action of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ActionRef {
    /// The session.
    pub session: SessionId,
    /// Number of the action in its session, from 1.
    pub number: u32,
}
