//! The journal keeps whole frames and nothing of a torn one.

use super::*;

fn frame(sequence: u64) -> Frame {
    Frame {
        sequence,
        at: Timestamp(1_000),
        rows: vec![
            Row { day: Day(3), table: Table::Action, key: vec![1, 2], value: Some(vec![9; 100]) },
            Row { day: Day(4), table: Table::OpenSession, key: vec![3], value: None },
            Row { day: Day(4), table: Table::Usage, key: vec![], value: Some(vec![]) },
        ],
        beacons: vec![BeaconId(7), BeaconId(u128::MAX)],
    }
}

#[test]
fn frames_are_read_back_as_written() {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = Journal::create(folder.path(), 1).unwrap();
    for sequence in 1..=3 {
        journal.append(&frame(sequence)).unwrap();
    }
    let files = files(folder.path()).unwrap();
    assert_eq!(files.len(), 1);
    let (frames, torn) = read(&files[0]).unwrap();
    assert!(!torn);
    assert_eq!(frames, vec![frame(1), frame(2), frame(3)]);
}

#[test]
fn every_torn_tail_leaves_the_frames_before_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = Journal::create(folder.path(), 1).unwrap();
    let first = usize::try_from(journal.append(&frame(1)).unwrap()).unwrap();
    journal.append(&frame(2)).unwrap();
    let path = files(folder.path()).unwrap().remove(0);
    let bytes = std::fs::read(&path).unwrap();
    for len in first + 1..bytes.len() {
        std::fs::write(&path, &bytes[..len]).unwrap();
        let (frames, torn) = read(&path).unwrap();
        assert!(torn);
        assert_eq!(frames, vec![frame(1)], "cut at {len}");
    }
    for at in first..bytes.len() {
        let mut flipped = bytes.clone();
        flipped[at] ^= 0x40;
        std::fs::write(&path, &flipped).unwrap();
        let (frames, torn) = read(&path).unwrap();
        assert!(torn, "flipped at {at}");
        assert_eq!(frames, vec![frame(1)], "flipped at {at}");
    }
}

/// A journal of an older release is applied by a newer one: the bytes of its file are read for ever.
#[test]
#[expect(clippy::disallowed_methods, reason = "who runs the tests asks for new files")]
fn a_journal_of_this_format_is_read_for_ever() {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = Journal::create(folder.path(), 1).unwrap();
    for sequence in 1..=2 {
        journal.append(&frame(sequence)).unwrap();
    }
    let written = std::fs::read(journal.path()).unwrap();
    let golden = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/records/journal-v1.bin");
    let golden = Path::new(golden);
    if std::env::var("BLESS").is_ok() && !golden.exists() {
        std::fs::write(golden, &written).unwrap();
    }
    let (frames, is_torn) = read(golden).unwrap();
    assert!(!is_torn);
    assert_eq!(frames, [frame(1), frame(2)]);
    assert_eq!(written, std::fs::read(golden).unwrap(), "frames are written as other bytes");
}

/// Numbers of tables are in journals: none is ever given to another table.
#[test]
fn numbers_of_tables_stay() {
    use Table::{Action, Event, OpenSession, Outcome, Resources, Session, Usage, Vitals};
    let numbers =
        [Session, OpenSession, Action, Resources, Vitals, Event, Outcome, Usage].map(|t| t as u8);
    assert_eq!(numbers, [1, 2, 3, 4, 5, 6, 7, 8]);
    for number in numbers {
        assert_eq!(Table::from_number(number).map(|table| table as u8), Some(number));
    }
    assert_eq!(Table::from_number(0), None);
}
