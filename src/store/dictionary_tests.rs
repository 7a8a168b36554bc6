//! Records are read for ever, whatever dictionary they were packed with.

use super::*;
use crate::base::id::{SessionId, VisitorId};
use crate::base::time::Timestamp;
use crate::model::session::tests_support::sample;
use crate::model::session::{Session, SessionEvent, SessionEventKind};
use crate::store::StoreOptions;
use crate::store::codec::{Encoder, decode};

fn record(n: u128, word: &str) -> Session {
    let id = SessionId::new(Timestamp(1_795_000_000_000), n);
    Session {
        entry_page: format!("/{word}/department/{n}/overview"),
        exit_page: format!("/{word}/department/{n}/checkout"),
        ..sample(id, VisitorId(n * 77))
    }
}

fn train(word: &str) -> Vec<u8> {
    let samples: Vec<Vec<u8>> =
        (0..600).map(|n| postcard::to_allocvec(&record(n, word)).unwrap()).collect();
    zstd::dict::from_samples(&samples, 8 * 1024).unwrap()
}

fn open(folder: &Path) -> (Store, Vec<PathBuf>) {
    let options = StoreOptions { free_bytes_min: 0, ..StoreOptions::default() };
    let (store, report) = Store::open(folder, options).unwrap();
    (store, report.damaged_dictionaries)
}

#[test]
fn records_decode_with_the_dictionary_they_were_packed_with() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _) = open(folder.path());
    assert!(store.trained().is_none());
    let mut encoder = Encoder::new().unwrap();
    let mut packed = vec![(record(1, "wool"), encoder.encode(&record(1, "wool")).unwrap())];
    for word in ["wool", "linen"] {
        store.keep_dictionary(&train(word)).unwrap();
        encoder.follow(store.trained()).unwrap();
        packed.push((record(2, word), encoder.encode(&record(2, word)).unwrap()));
    }
    let marks: Vec<u8> = packed.iter().map(|(_, bytes)| bytes[1]).collect();
    assert_eq!(marks, [1, 2, 2]);
    assert!(packed[1].1.len() < packed[0].1.len(), "what was seen before takes less");
    let newest = store.trained().unwrap().id();
    drop(store);
    let (store, damaged) = open(folder.path());
    assert_eq!((store.trained().unwrap().id(), damaged), (newest, Vec::new()));
    for (record, bytes) in packed {
        assert_eq!(decode::<Session>(&bytes).unwrap(), record);
    }
}

#[test]
fn small_records_that_are_not_packed_stay_as_they_are() {
    let mut encoder = Encoder::new().unwrap();
    encoder.follow(Some(Dictionary::learn(&train("silk")).unwrap())).unwrap();
    let event = SessionEvent {
        at: Timestamp(5),
        application: crate::base::id::ApplicationId(7),
        kind: SessionEventKind::EndCall,
    };
    let bytes = encoder.encode(&event).unwrap();
    assert_eq!(decode::<SessionEvent>(&bytes).unwrap(), event);
    encoder.follow(None).unwrap();
    assert_eq!(encoder.encode(&event).unwrap()[1], 1, "back to the one that ships");
}

#[test]
fn an_unknown_dictionary_is_named() {
    let mut bytes = zstd::dict::from_samples(
        &(0..600_u32).map(|n| format!("nowhere {n} at all {n}").into_bytes()).collect::<Vec<_>>(),
        4 * 1024,
    )
    .unwrap();
    // Another id than any test of this process learns.
    bytes[4..8].copy_from_slice(&0x7fff_1234_u32.to_le_bytes());
    let mut compressor = Compressor::with_dictionary(1, &bytes).unwrap();
    let packed = [vec![1, 2], compressor.compress(b"nowhere 7 at all 7").unwrap()].concat();
    let error = decode::<Session>(&packed).unwrap_err().to_string();
    assert!(error.contains("7fff1234 is not in the data folder"), "{error}");
}

#[test]
fn a_damaged_file_is_told_and_not_used() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _) = open(folder.path());
    store.keep_dictionary(&train("hemp")).unwrap();
    drop(store);
    let path = std::fs::read_dir(folder.path().join("dictionaries")).unwrap().next().unwrap();
    let path = path.unwrap().path();
    let mut bytes = std::fs::read(&path).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(&path, &bytes).unwrap();
    let (store, damaged) = open(folder.path());
    assert_eq!(damaged, [path]);
    assert!(store.trained().is_none());
    assert!(store.keep_dictionary(b"no dictionary").is_err());
}
