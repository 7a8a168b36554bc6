//! What is tried with arbitrary bytes. The fuzzer and the replay of the corpus run the same functions.

pub mod beacon;
pub mod inflate;
pub mod query;
pub mod record;
pub mod rules;

/// A target: panics when a promise is broken.
pub type Target = fn(&[u8]);

/// All targets by name; each has a folder of that name in the corpus.
#[expect(clippy::allow_attributes, reason = "used by the replay only, not by the fuzzer")]
#[allow(dead_code, reason = "used by the replay only, not by the fuzzer")]
pub const ALL: [(&str, Target); 5] = [
    ("beacon", beacon::run),
    ("inflate", inflate::run),
    ("query", query::run),
    ("record", record::run),
    ("rules", rules::run),
];
