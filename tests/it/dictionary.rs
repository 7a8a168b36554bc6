//! The dictionary that an install trains from its own records: worth its place, without anybody's data, and old
//! records stay readable.

use std::collections::{BTreeMap, BTreeSet};

use footfall::base::id::VisitorId;
use footfall::engine::train_dictionary::train;
use footfall::store::codec::Encoder;
use footfall::store::dictionary::Dictionary;

use crate::demo::{sessions, week};

/// Bytes of all records of the week with a dictionary, for each user action.
fn bytes_per_action(fixture: &crate::fixture::Fixture, dictionary: &'static Dictionary) -> usize {
    let store = &fixture.state.services.store;
    let mut encoder = Encoder::new().unwrap();
    encoder.follow(Some(dictionary)).unwrap();
    let (mut bytes, mut actions) = (0, 0);
    for session in sessions(fixture) {
        bytes += encoder.encode(&session).unwrap().len();
        for action in store.actions(session.id).unwrap() {
            actions += 1;
            bytes += encoder.encode(&action).unwrap().len();
        }
        for (_, rows) in store.session_resources(session.id).unwrap() {
            bytes += encoder.encode(&rows).unwrap().len();
        }
        for event in store.events(session.id).unwrap() {
            bytes += encoder.encode(&event).unwrap().len();
        }
    }
    bytes / actions
}

#[test]
fn an_install_learns_from_its_own_records() {
    let (fixture, _) = week(3);
    let store = &fixture.state.services.store;
    let before = sessions(&fixture);
    assert!(train(store).unwrap().is_some(), "a week is enough");
    assert_eq!(train(store).unwrap(), None, "once is enough");
    let trained = store.trained().unwrap();
    assert_eq!(sessions(&fixture), before, "old records stay readable");

    let shipped = bytes_per_action(&fixture, Dictionary::shipped());
    let own = bytes_per_action(&fixture, trained);
    println!(
        "{shipped} bytes per action with the dictionary that ships, {own} with the trained one"
    );
    assert!(own * 100 <= shipped * 95, "{own} bytes instead of {shipped}");

    let folder = store.folder().join("dictionaries");
    let file = std::fs::read_dir(folder).unwrap().next().unwrap().unwrap().path();
    let text = String::from_utf8_lossy(&std::fs::read(file).unwrap()).into_owned();
    for session in before.iter().filter(|session| session.user_tag.len() > 5) {
        assert!(!text.contains(&session.user_tag), "{} is in the dictionary", session.user_tag);
    }
    let mut had_by: BTreeMap<String, BTreeSet<VisitorId>> = BTreeMap::new();
    for session in &before {
        for action in store.actions(session.id).unwrap() {
            for text in [action.url, action.title, action.name] {
                had_by.entry(text).or_default().insert(session.visitor);
            }
        }
    }
    let own = had_by.iter().filter(|(text, visitors)| visitors.len() < 5 && text.len() > 20);
    let own: Vec<&String> = own.map(|(text, _)| text).collect();
    assert!(own.len() > 10, "visitors have {} texts of their own", own.len());
    for text_of_one in own {
        assert!(!text.contains(text_of_one), "{text_of_one} is in the dictionary");
    }
}

#[test]
fn a_few_records_are_not_enough() {
    let fixture = crate::fixture::Fixture::new();
    assert_eq!(train(&fixture.state.services.store).unwrap(), None);
}
