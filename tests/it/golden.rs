//! Bytes of every version of a record ever released are read for ever: `tests/golden/records/<kind>-v<version>.bin`
//! with what it says beside it. A layout that changes needs a new version and a new file; old files are never edited.
//!
//! `BLESS=1` writes files that are not there yet, from the demo's week.

use std::fmt::Debug;
use std::path::{Path, PathBuf};

use footfall::base::id::SessionId;
use footfall::logic::sessionizer::RestingSession;
use footfall::model::action::{ActionResources, UserAction, WebVitals};
use footfall::model::session::{Session, SessionEvent, SessionEventKind};
use footfall::store::Store;
use footfall::store::codec::{Encoder, Record, decode, decode_as};
use footfall::store::reads::{OPEN_SESSION, OPEN_SESSION_VERSION};
use serde::Serialize;
use serde_json::Value;

use crate::demo::{sessions, week};

fn file(name: &str, end: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/records/{name}.{end}"))
}

fn is_blessing() -> bool {
    std::env::var("BLESS").is_ok()
}

/// Compares what the bytes say with the text beside them.
fn check(name: &str, record: &impl Serialize) {
    let said = serde_json::to_value(record).unwrap();
    let text = file(name, "json");
    if is_blessing() && !text.exists() {
        std::fs::write(&text, serde_json::to_string_pretty(&said).unwrap() + "\n").unwrap();
    }
    let expected: Value = serde_json::from_str(&std::fs::read_to_string(&text).unwrap()).unwrap();
    assert_eq!(said, expected, "{name} is read as something else: a new layout is a new version");
}

fn check_record<R: Record + PartialEq + Debug>() {
    let name = format!("{}-v{}", R::KIND, R::VERSION);
    let bytes = std::fs::read(file(&name, "bin")).unwrap_or_else(|_| {
        panic!("{name}.bin is missing: a new version needs its golden bytes, BLESS=1 makes them")
    });
    let record: R = decode(&bytes).unwrap();
    check(&name, &record);
    let written = Encoder::new().unwrap().encode(&record).unwrap();
    assert_eq!(written.get(..2), bytes.get(..2), "{name}: version and dictionary");
    assert_eq!(decode::<R>(&written).unwrap(), record);
}

fn write(name: &str, bytes: &[u8]) {
    let path = file(name, "bin");
    if !path.exists() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
}

fn write_record<R: Record>(record: &R) {
    let bytes = Encoder::new().unwrap().encode(record).unwrap();
    write(&format!("{}-v{}", R::KIND, R::VERSION), &bytes);
}

/// The richest records of the demo's week.
fn bless() {
    let (fixture, _) = week(1);
    let store = &fixture.state.services.store;
    let richness = |session: &Session| {
        session.properties.len() + session.applications.len() + session.tally.errors() as usize
    };
    let all = sessions(&fixture);
    let session = all.iter().max_by_key(|session| richness(session)).unwrap();
    write_record(session);
    let ids = || all.iter().map(|session| session.id);
    let actions = ids().flat_map(|id| store.actions(id).unwrap());
    write_record(&actions.max_by_key(|a| (a.errors.len(), a.properties.len())).unwrap());
    let longest = |id: SessionId| store.session_resources(id).unwrap();
    let resources = ids().flat_map(longest).map(|(_, resources)| resources);
    write_record(&resources.max_by_key(|r| r.rows.len().min(8)).unwrap());
    let vitals = ids().flat_map(|id| store.vitals(id).unwrap());
    write_record(&vitals.max_by_key(|(_, v)| v.lcp_url.len() + v.inp_element.len()).unwrap().1);
    let events = ids().flat_map(|id| store.events(id).unwrap());
    let is_error = |event: &SessionEvent| matches!(event.kind, SessionEventKind::Error(_));
    write_record(&events.max_by_key(is_error).unwrap());
    write(&open_name(), &richest_open(store));
}

fn open_name() -> String {
    format!("{OPEN_SESSION}-v{OPEN_SESSION_VERSION}")
}

fn richest_open(store: &Store) -> Vec<u8> {
    let mut richest = Vec::new();
    for day in store.days().unwrap() {
        store
            .each_open_session(day, |_: RestingSession, row| {
                if row.len() > richest.len() {
                    richest = row.to_vec();
                }
            })
            .unwrap();
    }
    richest
}

#[test]
fn records_of_every_version_are_read() {
    if is_blessing() {
        bless();
    }
    check_record::<Session>();
    check_record::<UserAction>();
    check_record::<ActionResources>();
    check_record::<WebVitals>();
    check_record::<SessionEvent>();
    let bytes = std::fs::read(file(&open_name(), "bin")).unwrap();
    let open: RestingSession = decode_as(&bytes, OPEN_SESSION, OPEN_SESSION_VERSION).unwrap();
    check(&open_name(), &open);
}
