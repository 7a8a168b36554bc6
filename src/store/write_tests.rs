//! What the store acknowledged is there after any crash, once.

use super::*;
use crate::base::id::{ApplicationId, VisitorId};
use crate::model::outcome::Outcome;
use crate::store::codec::Encoder;
use crate::store::keys::OutcomeKey;

const DAY: Day = Day(20_000);

fn put(table: Table, key: Vec<u8>, value: &[u8]) -> Row {
    Row { day: DAY, table, key, value: Some(value.to_vec()) }
}

fn batch(n: u64) -> Changes {
    let key = OutcomeKey {
        minute: u32::try_from(DAY.start().0 / 60_000).unwrap(),
        application: ApplicationId(1),
        outcome: Outcome::Accepted,
    };
    let id = SessionId::new(DAY.start(), u128::from(n));
    Changes {
        at: DAY.start(),
        rows: vec![
            put(Table::Outcome, key.bytes(), &n.to_be_bytes()),
            put(Table::Action, keys::numbered(id, 1), b"x"),
        ],
        beacons: vec![BeaconId(u128::from(n))],
    }
}

fn accepted(store: &Store) -> u64 {
    let rows = store.outcomes(DAY.start(), DAY.next().start()).unwrap();
    rows.iter().map(|(_, n)| n).sum()
}

fn open(folder: &Path) -> Store {
    Store::open(folder, StoreOptions { free_bytes_min: 0, ..StoreOptions::default() }).unwrap().0
}

fn open_sessions(store: &Store) -> Vec<u32> {
    let mut found = Vec::new();
    store.each_open_session(DAY, |state, _| found.push(state)).unwrap();
    found
}

#[test]
fn acknowledged_batches_survive_without_a_checkpoint() {
    let folder = tempfile::tempdir().unwrap();
    for round in 0..4_u64 {
        let store = open(folder.path());
        assert_eq!(accepted(&store), round * 3);
        assert_eq!(store.newest_sequence(), round * 3);
        for n in 1..=3 {
            store.append(batch(round * 3 + n)).unwrap();
            if round % 2 == 1 {
                assert!(store.checkpoint().unwrap());
            }
        }
        drop(store);
    }
    let store = open(folder.path());
    assert_eq!(accepted(&store), 12);
    assert_eq!(store.recent_beacons(100).unwrap().len(), 12);
    let changed = store.changed_since(DAY, 0, 100).unwrap();
    assert_eq!(changed.len(), 12);
    assert!(!store.checkpoint().unwrap(), "nothing is left to write");
}

#[test]
fn a_torn_batch_never_happened_and_is_kept_aside() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    store.append(batch(1)).unwrap();
    store.append(batch(2)).unwrap();
    drop(store);
    let journal = folder.path().join("journal");
    let path = journal::files(&journal).unwrap().remove(0);
    let bytes = std::fs::read(&path).unwrap();
    std::fs::write(&path, &bytes[..bytes.len() - 1]).unwrap();
    let (store, report) = Store::open(folder.path(), StoreOptions::default()).unwrap();
    assert_eq!(accepted(&store), 1);
    assert_eq!((report.frames, report.torn.len()), (1, 1));
}

#[test]
fn a_latched_store_takes_nothing_until_it_is_reopened() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    store.append(batch(1)).unwrap();
    store.latch_with("test");
    assert!(matches!(store.append(batch(2)), Err(Error::Latched { .. })));
    store.reopen().unwrap();
    assert_eq!(accepted(&store), 1);
    assert_eq!(store.append(batch(2)).unwrap(), 2);
    drop(store);
    assert_eq!(accepted(&open(folder.path())), 2);
}

#[test]
fn days_are_dropped_whole() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    store.append(batch(1)).unwrap();
    store.checkpoint().unwrap();
    assert_eq!(store.days().unwrap(), vec![DAY]);
    assert!(store.drop_days_before(DAY).unwrap().is_empty());
    assert_eq!(store.drop_days_before(DAY.next()).unwrap(), vec![DAY]);
    assert!(store.days().unwrap().is_empty());
    assert_eq!(accepted(&store), 0);
}

#[test]
fn more_days_than_may_stay_open_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    for day in 0..20 {
        let mut changes = batch(1);
        for row in &mut changes.rows {
            row.day = Day(DAY.0 + day);
        }
        store.append(changes).unwrap();
    }
    store.checkpoint().unwrap();
    for day in 0..20 {
        assert!(store.day(Day(DAY.0 + day)).unwrap().is_some());
    }
    assert!(lock(&store.days).len() <= StoreOptions::default().open_days_max);
}

#[test]
fn a_session_is_read_live_and_ended() {
    use crate::store::reads::{OPEN_SESSION, OPEN_SESSION_VERSION};
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let id = SessionId::new(DAY.start(), 7);
    let mut session = crate::model::session::tests_support::sample(id, VisitorId(9));
    let mut encoder = Encoder::new().unwrap();
    let state = encoder.encode_as(&42_u32, OPEN_SESSION, OPEN_SESSION_VERSION, false).unwrap();
    let rows = vec![
        put(Table::OpenSession, keys::visitor(VisitorId(9)), &state),
        put(Table::Session, keys::session(id), &encoder.encode(&session).unwrap()),
    ];
    store.append(Changes { at: DAY.start(), rows, beacons: vec![] }).unwrap();
    store.checkpoint().unwrap();
    assert_eq!(store.session(id).unwrap(), Some(session.clone()));
    assert_eq!(open_sessions(&store), [42]);
    session.end_reason = Some(crate::model::session::EndReason::Timeout);
    let key = keys::visitor(VisitorId(9));
    let rows = vec![
        Row { day: DAY, table: Table::OpenSession, key, value: None },
        put(Table::Session, keys::session(id), &encoder.encode(&session).unwrap()),
    ];
    store.append(Changes { at: DAY.start(), rows, beacons: vec![] }).unwrap();
    store.checkpoint().unwrap();
    assert_eq!(store.session(id).unwrap(), Some(session.clone()));
    assert_eq!(store.sessions_of_day(DAY, None, 10).unwrap(), [session]);
    assert!(open_sessions(&store).is_empty());
}
