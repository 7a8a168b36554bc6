//! The index follows the store, also through crashes and damage.

use std::path::Path;

use super::*;
use crate::base::id::{ApplicationId, VisitorId};
use crate::columns::{ActionColumn, Question, Split};
use crate::model::action::{ApdexZone, UserAction};
use crate::model::query::{Field, Filter, Value};
use crate::model::session::{ApplicationVisit, Experience, SessionKind, Tally};
use crate::model::visitor::{Client, Environment, Place};
use crate::search::{SearchOptions, SearchRequest};
use crate::store::codec::Encoder;
use crate::store::schema::Table;
use crate::store::{Changes, Row, StoreOptions, keys};

const DAY: Day = Day(20_000);

fn session(day: Day, number: u128, tag: &str) -> Session {
    let start = day.start();
    Session {
        id: SessionId::new(start, number),
        visitor: VisitorId(number),
        part: 1,
        previous: None,
        kind: SessionKind::RealUser,
        started_at: start,
        last_at: start,
        received_at: start,
        end_reason: None,
        user_tag: tag.to_owned(),
        applications: vec![ApplicationVisit {
            application: ApplicationId::DEFAULT,
            action_count: 1,
            first_at: start,
            last_at: start,
        }],
        tally: Tally::default(),
        entry_page: "/".to_owned(),
        exit_page: "/".to_owned(),
        referrer: String::new(),
        campaign: String::new(),
        client: Client::default(),
        environment: Environment::default(),
        place: Place::default(),
        ip: None,
        release: String::new(),
        is_new_visitor: false,
        last_zone: ApdexZone::Satisfied,
        experience: Experience::Undefined,
        properties: Vec::new(),
        usage_units: 0,
        clock_offset: 0,
        ruleset: 1,
        extensions: Vec::new(),
    }
}

fn action(session: &Session, page: &str) -> UserAction {
    UserAction {
        number: 1,
        name: format!("loading of page {page}"),
        page: page.to_owned(),
        page_view: 1,
        ..crate::model::action::tests_support::sample(ApplicationId::DEFAULT, session.started_at)
    }
}

struct Bench {
    folder: tempfile::TempDir,
    clock: Clock,
}

impl Bench {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), clock: Clock::manual(DAY.start()) }
    }

    fn open(&self) -> (Arc<Store>, Arc<SearchIndex>, Indexer) {
        let store = open_store(self.folder.path());
        let (search, _) = SearchIndex::open(self.folder.path(), SearchOptions::default()).unwrap();
        let search = Arc::new(search);
        let columns = Arc::new(ColumnStore::new(self.folder.path()));
        let (own_store, own_search) = (Arc::clone(&store), Arc::clone(&search));
        let indexer = Indexer::new(own_store, own_search, columns, self.clock.clone());
        (store, search, indexer)
    }

    fn wait(&self, millis: i64) {
        self.clock.set(Timestamp(self.clock.now().0 + millis));
    }
}

fn open_store(folder: &Path) -> Arc<Store> {
    let options = StoreOptions { free_bytes_min: 0, ..StoreOptions::default() };
    Arc::new(Store::open(folder, options).unwrap().0)
}

fn write(store: &Store, session: &Session, page: &str) {
    let mut encoder = Encoder::new().unwrap();
    let day = session.id.start().day();
    let row = |table, key, value| Row { day, table, key, value: Some(value) };
    let rows = vec![
        row(Table::Session, keys::session(session.id), encoder.encode(session).unwrap()),
        row(
            Table::Action,
            keys::numbered(session.id, 1),
            encoder.encode(&action(session, page)).unwrap(),
        ),
    ];
    store.append(Changes { at: session.started_at, rows, beacons: Vec::new() }).unwrap();
    store.checkpoint().unwrap();
}

fn found(search: &SearchIndex, field: &Field, value: &str) -> usize {
    let filter = Filter::default().with_value(field, Value::Is(value.to_owned()));
    let request = SearchRequest::new(filter, DAY.start(), Day(DAY.0 + 30).start());
    search.search(&request).unwrap().rows.len()
}

#[test]
fn changes_become_searchable_and_a_busy_session_waits() {
    let place = Bench::new();
    let (store, search, mut indexer) = place.open();
    let mut it = session(DAY, 1, "");
    write(&store, &it, "/cart");
    indexer.cycle();
    assert_eq!(found(&search, &Field::Page, "/cart"), 1);
    assert_eq!(indexer.cycle(), CycleReport::default());
    place.wait(10_000);
    it.user_tag = "ryan".to_owned();
    write(&store, &it, "/cart");
    assert_eq!(indexer.cycle().indexed, 1);
    assert_eq!(found(&search, &Field::User, "ryan"), 1);
    it.user_tag = "anna".to_owned();
    write(&store, &it, "/pay");
    write(&store, &session(DAY, 2, "paul"), "/");
    let report = indexer.cycle();
    assert_eq!((report.indexed, report.waiting), (1, 1));
    assert_eq!(found(&search, &Field::User, "anna"), 0);
    assert_eq!(found(&search, &Field::User, "paul"), 1);
    place.wait(5_000);
    let report = indexer.cycle();
    assert_eq!((report.indexed, report.waiting), (1, 0));
    assert_eq!(found(&search, &Field::User, "anna"), 1);
    assert_eq!(found(&search, &Field::User, "ryan"), 0);
    assert_eq!(search.committed_sequence(DAY), Some(store.newest_sequence()));
}

#[test]
fn what_waited_at_a_crash_is_taken_again() {
    let place = Bench::new();
    let (store, search, mut indexer) = place.open();
    let mut it = session(DAY, 1, "");
    write(&store, &it, "/");
    indexer.cycle();
    place.wait(10_000);
    it.user_tag = "ryan".to_owned();
    write(&store, &it, "/");
    indexer.cycle();
    it.user_tag = "anna".to_owned();
    write(&store, &it, "/");
    write(&store, &session(DAY, 2, "paul"), "/");
    assert_eq!(indexer.cycle().waiting, 1);
    drop((store, search, indexer));
    let (_store, search, mut indexer) = place.open();
    assert_eq!(found(&search, &Field::User, "anna"), 0);
    indexer.cycle();
    assert_eq!(found(&search, &Field::User, "anna"), 1);
    assert_eq!(found(&search, &Field::User, "paul"), 1);
    assert_eq!(search.session_count(), 2);
}

#[test]
fn a_missing_or_damaged_day_is_rebuilt() {
    let place = Bench::new();
    let (store, search, mut indexer) = place.open();
    for n in 1..=450_u128 {
        let day = Day(DAY.0 + i32::from(n % 2 == 0));
        write(&store, &session(day, n, "ryan"), "/");
    }
    indexer.cycle();
    assert_eq!(search.session_count(), 450);
    drop((store, search, indexer));
    for damage in ["remove", "break"] {
        let index = store::write::day_folder(place.folder.path(), DAY).join("index");
        if damage == "remove" {
            std::fs::remove_dir_all(index).unwrap();
        } else {
            std::fs::write(index.join("meta.json"), b"{}").unwrap();
        }
        let (_store, search, mut indexer) = place.open();
        assert_eq!(search.session_count(), 225, "{damage}");
        indexer.cycle();
        assert_eq!(search.session_count(), 450, "{damage}");
        assert!(search.damaged_days().is_empty());
        assert_eq!(indexer.cycle().indexed, 0);
    }
}

#[test]
fn reindexing_makes_every_day_anew() {
    let place = Bench::new();
    let (store, search, mut indexer) = place.open();
    for n in 1..=5_u128 {
        write(&store, &session(Day(DAY.0 + i32::try_from(n).unwrap()), n, "ryan"), "/");
    }
    indexer.cycle();
    let mut heard = Vec::new();
    let columns = ColumnStore::new(place.folder.path());
    let done = reindex(&store, &search, &columns, |day, done| heard.push((day, done))).unwrap();
    assert_eq!(done, 5);
    assert_eq!(heard.last(), Some(&(Day(DAY.0 + 1), 5)));
    assert_eq!(search.session_count(), 5);
    assert_eq!(indexer.cycle().indexed, 0);
}

#[test]
fn a_day_that_is_over_is_sealed_and_still_takes_late_changes() {
    let place = Bench::new();
    let (store, search, mut indexer) = place.open();
    for n in 1..=3_u128 {
        write(&store, &session(DAY, n, "ryan"), "/");
        indexer.cycle();
    }
    place.wait(2 * crate::base::time::DAY_MILLIS);
    indexer.cycle();
    write(&store, &session(DAY, 9, "late"), "/");
    indexer.cycle();
    assert_eq!(found(&search, &Field::User, "late"), 1);
    assert_eq!(search.session_count(), 4);
}

#[test]
fn the_thread_indexes_and_stops() {
    let place = Bench::new();
    let (store, search, indexer) = place.open();
    write(&store, &session(DAY, 1, "ryan"), "/");
    let handle = indexer.start().unwrap();
    let watch = Stopwatch::start();
    while search.session_count() == 0 && watch.elapsed() < Duration::from_secs(20) {
        std::thread::sleep(Duration::from_millis(10));
    }
    handle.stop();
    assert_eq!(found(&search, &Field::User, "ryan"), 1);
}

/// Actions by page, as the columns count them.
fn pages(indexer: &Indexer) -> BTreeMap<String, u64> {
    let question = Question {
        from: DAY.start(),
        to: Day(DAY.0 + 30).start(),
        splits: vec![Split::Action(ActionColumn::Page)],
        ..Question::default()
    };
    let answer = indexer.columns.ask(&question, &indexer.store.days().unwrap(), &|_| None);
    assert!(answer.missing_days.is_empty(), "{:?}", answer.missing_days);
    answer.groups.into_iter().map(|group| (group.values.concat(), group.sums.count)).collect()
}

fn counts(expected: &[(&str, u64)]) -> BTreeMap<String, u64> {
    expected.iter().map(|(page, count)| ((*page).to_owned(), *count)).collect()
}

#[test]
fn days_that_are_over_get_files_that_are_used_only_while_they_show_the_store() {
    let place = Bench::new();
    let (store, search, mut indexer) = place.open();
    for n in 1..=6_u128 {
        let day = Day(DAY.0 + i32::try_from(n).unwrap());
        write(&store, &session(day, n, ""), if n < 4 { "/early" } else { "/late" });
    }
    place.clock.set(Day(DAY.0 + 20).start());
    indexer.cycle();
    indexer.cycle();
    assert_eq!(pages(&indexer), counts(&[("/early", 3), ("/late", 3)]));
    let days = store.days().unwrap();
    assert!(days.iter().all(|day| indexer.columns.is_sealed(*day)), "also the old ones");
    // A session of a day that is over changes after all: what is told follows, and so do the files.
    let mut it = session(Day(DAY.0 + 1), 1, "");
    it.last_at = Timestamp(it.last_at.0 + 5);
    place.wait(30_000);
    write(&store, &it, "/changed");
    indexer.cycles = 0;
    indexer.cycle();
    let changed = counts(&[("/changed", 1), ("/early", 2), ("/late", 3)]);
    assert_eq!(pages(&indexer), changed);
    indexer.cycle();
    assert!(indexer.columns.is_sealed(Day(DAY.0 + 1)));
    drop((store, search, indexer));
    // After a start the files answer.
    let (store, search, mut indexer) = place.open();
    indexer.cycle();
    assert!(days.iter().all(|day| indexer.columns.is_sealed(*day)));
    assert_eq!(pages(&indexer), changed);
    drop((store, search, indexer));
    // The store went on while no columns were kept: the files are of no use.
    let store = open_store(place.folder.path());
    write(&store, &it, "/unseen");
    drop(store);
    let (_store, _search, mut indexer) = place.open();
    indexer.cycle();
    let unseen = counts(&[("/unseen", 1), ("/early", 2), ("/late", 3)]);
    assert_eq!(pages(&indexer), unseen);
}
