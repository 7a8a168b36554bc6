//! Tests of finding people by tags that are long, or typed with a slip.

use super::fixture::{at, session};
use super::tests::{filled, request, tags, word};
use super::{Breadth, Cursor, SessionDocument};

#[test]
fn a_whole_tag_with_a_typo_finds_its_person_alone() {
    let folder = tempfile::tempdir().unwrap();
    let documents: Vec<SessionDocument> = [
        "ryan.mueller17@example.com",
        "ryan.muller17@example.com",
        "ryan.miller17@example.com",
        "mueller.ryan17@example.com",
        "anna.weber17@example.com",
    ]
    .iter()
    .zip(1..)
    .map(|(tag, n)| session(at(n % 3, n), n as u128, tag))
    .collect();
    let index = filled(folder.path(), &documents);
    for (typed, expected) in [
        ("ryan.muelelr17@example.com", vec!["ryan.mueller17@example.com"]),
        ("ryan.mueller17@exmaple", vec!["ryan.mueller17@example.com"]),
        ("ryanmueller17@example.com", vec!["ryan.mueller17@example.com"]),
        (
            "ryan.mueler17@example.com",
            vec!["ryan.mueller17@example.com", "ryan.muller17@example.com"],
        ),
        ("anna.wber17", vec!["anna.weber17@example.com"]),
    ] {
        let mut found = tags(&index, &documents, word(typed));
        found.sort();
        assert_eq!(found, expected, "{typed}");
        let mut request = request(word(typed));
        request.limit = 1;
        let mut seen = 0;
        loop {
            let answer = index.search(&request).unwrap();
            assert_eq!(answer.breadth, Breadth::Close, "{typed}");
            seen += answer.rows.len();
            let Some(next) = answer.next else { break };
            assert_eq!(next.to_string().parse::<Cursor>(), Ok(next));
            request.after = Some(next);
        }
        assert_eq!(seen, expected.len(), "{typed}");
    }
}

#[test]
fn the_beginning_of_a_number_finds_all_numbers() {
    let folder = tempfile::tempdir().unwrap();
    let documents: Vec<SessionDocument> = (0..600_i64)
        .map(|n| session(at(0, n), n as u128 + 1, &format!("anna.weber1{n:03}@x.org")))
        .collect();
    let index = filled(folder.path(), &documents);
    let mut request = request(word("anna.weber1"));
    request.want_total = true;
    let counts = index.search(&request).unwrap().counts.unwrap();
    assert_eq!(counts.total, 600);
}
