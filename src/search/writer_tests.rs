//! Tests of writing: a session is replaced, whoever writes and whatever is merged meanwhile.

use super::fixture::{FIRST_DAY, at, session};
use super::{SearchIndex, SearchOptions, SearchRequest, SessionDocument};
use crate::base::id::SessionId;
use crate::base::time::Day;
use crate::model::query::Filter;

fn version(number: u128, sequence: u64) -> SessionDocument {
    SessionDocument { sequence, ..session(at(0, 1_000), number, "ryan") }
}

fn write(index: &SearchIndex, numbers: std::ops::RangeInclusive<u128>, sequence: u64) {
    let documents: Vec<SessionDocument> = numbers.map(|n| version(n, sequence)).collect();
    index.put(&documents).unwrap();
    index.commit(sequence).unwrap();
}

/// The first deletion of a writer must reach segments that another writer left with deletions, though they are merged
/// while it writes.
#[test]
fn a_session_replaced_first_after_a_restart_is_there_once() {
    let folder = tempfile::tempdir().unwrap();
    let unmerged = SearchOptions { merge_documents_max: 0, ..SearchOptions::default() };
    let index = SearchIndex::open(folder.path(), unmerged).unwrap().0;
    write(&index, 1..=10, 1);
    write(&index, 11..=14, 2);
    // Two of four are gone from the second segment: the next writer merges it.
    write(&index, 11..=12, 3);
    drop(index);
    let index = SearchIndex::open(folder.path(), SearchOptions::default()).unwrap().0;
    write(&index, 13..=13, 4);
    index.seal_day(Day(i32::try_from(FIRST_DAY).unwrap())).unwrap();
    let answer = index.search(&SearchRequest::new(Filter::default(), at(0, 0), at(1, 0))).unwrap();
    let expected: Vec<SessionId> =
        (1..=14).rev().map(|n| SessionId::new(at(0, 1_000), n)).collect();
    assert_eq!(answer.rows, expected);
}
