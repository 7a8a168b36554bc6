//! Stored records: damaged bytes are an error, never a panic, and what decodes is written and read back the same.

use std::fmt::Debug;

use footfall::logic::sessionizer::RestingSession;
use footfall::model::action::{ActionResources, UserAction, WebVitals};
use footfall::model::session::{Session, SessionEvent};
use footfall::store::codec::{Encoder, Record, decode, decode_as};
use footfall::store::reads::{OPEN_SESSION, OPEN_SESSION_VERSION};

/// Runs the target.
pub fn run(data: &[u8]) {
    let Some((choice, bytes)) = data.split_first() else {
        return;
    };
    match choice % 6 {
        0 => check::<Session>(bytes),
        1 => check::<UserAction>(bytes),
        2 => check::<ActionResources>(bytes),
        3 => check::<WebVitals>(bytes),
        4 => check::<SessionEvent>(bytes),
        _ => drop(decode_as::<RestingSession>(bytes, OPEN_SESSION, OPEN_SESSION_VERSION)),
    }
}

fn check<R: Record + PartialEq + Debug>(bytes: &[u8]) {
    let Ok(record) = decode::<R>(bytes) else {
        return;
    };
    let mut encoder = Encoder::new().expect("the dictionary that ships is right");
    let written = encoder.encode(&record).expect("what was read can be written");
    assert_eq!(decode::<R>(&written).expect("what was written can be read"), record);
}
