//! Segments in the catalog: names, revisions, owners, and the bytes of the record.

use super::*;
use crate::base::id::AccountId;
use crate::base::time::Timestamp;
use crate::model::account::{Account, Role};

fn author() -> Author {
    Author { at: Timestamp(1_700_000_000_000), actor: "ann".to_owned(), from: String::new() }
}

fn segment(name: &str, owner: u32, is_shared: bool) -> Segment {
    Segment {
        id: SegmentId(0),
        name: name.to_owned(),
        filter: "user.type:real errors>0".to_owned(),
        owner: AccountId(owner),
        is_shared,
        created_at: Timestamp(0),
        revision: 0,
    }
}

fn catalog() -> Catalog {
    Catalog::in_memory(Timestamp(0)).unwrap()
}

#[test]
fn a_segment_is_kept_changed_and_removed_and_each_leaves_an_audit_line() {
    let catalog = catalog();
    let made = catalog.add_segment(segment("Errors", 1, false), &author()).unwrap();
    assert_eq!((made.revision, made.created_at), (1, author().at));
    let shared = Segment { is_shared: true, ..made.clone() };
    assert!(matches!(
        catalog.put_segment(shared.clone(), 7, &author()),
        Err(CatalogError::Conflict { expected: 7, found: 1 })
    ));
    let changed = catalog.put_segment(shared, 1, &author()).unwrap();
    assert_eq!((changed.revision, changed.is_shared), (2, true));
    assert_eq!(catalog.segment(made.id).unwrap(), Some(changed));
    catalog.remove_segment(made.id, 2, &author()).unwrap();
    assert_eq!(catalog.segments().unwrap(), []);
    let actions: Vec<String> = catalog
        .find_audit(None, &[], 10)
        .unwrap()
        .0
        .into_iter()
        .map(|line| line.entry.action)
        .collect();
    assert_eq!(actions, ["segment.remove", "segment.update", "segment.create"]);
}

#[test]
fn nobody_sees_two_segments_of_one_name() {
    // Name, owner and sight of a second one beside the private "Errors" of 1 and the shared "Phones" of 1.
    for (name, owner, is_shared, fits) in [
        ("errors", 1, false, false),
        ("errors", 2, false, true),
        ("Errors", 2, true, false),
        ("phones", 2, false, false),
        ("Buyers", 2, true, true),
    ] {
        let catalog = catalog();
        catalog.add_segment(segment("Errors", 1, false), &author()).unwrap();
        catalog.add_segment(segment("Phones", 1, true), &author()).unwrap();
        let second = catalog.add_segment(segment(name, owner, is_shared), &author());
        assert_eq!(second.is_ok(), fits, "{name} of {owner}: {second:?}");
    }
}

#[test]
fn private_segments_go_with_their_account_and_shared_ones_stay() {
    let catalog = catalog();
    let account = |name: &str, role| Account {
        id: AccountId(0),
        name: name.to_owned(),
        role,
        sees_unmasked: false,
        password_hash: String::new(),
        created_at: Timestamp(0),
        failures: 0,
        failed_at: Timestamp(0),
        theme: String::new(),
        time_zone: String::new(),
        revision: 0,
    };
    catalog.add_account(account("root", Role::Admin), false, &author()).unwrap();
    let ann = catalog.add_account(account("ann", Role::Analyst), false, &author()).unwrap();
    catalog.add_segment(segment("Mine", ann.id.0, false), &author()).unwrap();
    catalog.add_segment(segment("Ours", ann.id.0, true), &author()).unwrap();
    catalog.remove_account(ann.id, ann.revision, &author()).unwrap();
    let left: Vec<String> = catalog.segments().unwrap().into_iter().map(|s| s.name).collect();
    assert_eq!(left, ["Ours"]);
}

/// The bytes of the first version are read for ever.
#[test]
fn golden_bytes_say_what_they_said() {
    let golden: &[u8] = include_bytes!("../../../tests/golden/records/segment-v1.bin");
    let said = Segment {
        id: SegmentId(7),
        created_at: Timestamp(1_700_000_000_000),
        revision: 3,
        ..segment("Errors on phones", 2, true)
    };
    assert_eq!(codec::decode::<Segment>(golden).unwrap(), said);
    assert_eq!(codec::encode(&said).unwrap(), golden);
}
