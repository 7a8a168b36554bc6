//! Tests of the index on small days.

use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;
use std::time::Duration;

use super::SessionDocument;
use super::fixture::{at, session};
use super::{Breadth, Budget, Cursor, SearchError, SearchIndex, SearchOptions, SearchRequest};
use crate::base::id::ApplicationId;
use crate::base::time::Millis;
use crate::model::query::{Comparison, Field, Filter, Problem, Term, Test, Value};
use crate::model::session::{ApplicationVisit, EndReason, Experience, SessionKind};
use crate::model::visitor::DeviceType;

fn open(folder: &Path) -> SearchIndex {
    SearchIndex::open(folder, SearchOptions::default()).unwrap().0
}

pub(super) fn filled(folder: &Path, documents: &[SessionDocument]) -> SearchIndex {
    let index = open(folder);
    index.put(documents).unwrap();
    index.commit(documents.len() as u64).unwrap();
    index
}

pub(super) fn word(text: &str) -> Filter {
    Filter { terms: vec![Term::new(Test::Word(text.to_owned()))] }
}

fn has(field: &Field, value: Value) -> Filter {
    Filter::default().with_value(field, value)
}

pub(super) fn request(filter: Filter) -> SearchRequest {
    SearchRequest::new(filter, at(0, 0), at(10, 0))
}

/// User tags found, newest first.
pub(super) fn tags(
    index: &SearchIndex,
    documents: &[SessionDocument],
    filter: Filter,
) -> Vec<String> {
    let answer = index.search(&request(filter)).unwrap();
    answer
        .rows
        .iter()
        .map(|id| {
            let found = documents.iter().rev().find(|d| d.session.id == *id);
            found.unwrap().session.user_tag.clone()
        })
        .collect()
}

#[test]
fn a_word_finds_people_from_near_to_far() {
    let folder = tempfile::tempdir().unwrap();
    let documents: Vec<SessionDocument> = [
        "Ryan",
        "ryan.smith@example.com",
        "bryan",
        "Jörg Müller",
        "mueller12",
        "anna",
        "smith-ryan",
    ]
    .iter()
    .enumerate()
    .map(|(n, tag)| session(at(n as i64 % 3, n as i64 * 1_000), n as u128 + 1, tag))
    .collect();
    let index = filled(folder.path(), &documents);
    for (text, expected) in [
        ("ryan", vec!["Ryan", "bryan", "ryan.smith@example.com", "smith-ryan"]),
        ("RYAN", vec!["Ryan", "bryan", "ryan.smith@example.com", "smith-ryan"]),
        ("ryan.sm", vec!["ryan.smith@example.com"]),
        ("smith@example.com", vec!["ryan.smith@example.com"]),
        ("müller", vec!["Jörg Müller", "mueller12"]),
        ("mullr", vec!["Jörg Müller"]),
        ("mueller", vec!["Jörg Müller", "mueller12"]),
        ("muellr", vec!["Jörg Müller", "mueller12"]),
        ("jorg", vec!["Jörg Müller"]),
        ("ueller1", vec!["mueller12"]),
        ("nn", vec![]),
        ("nna", vec!["anna"]),
        ("zzz", vec![]),
    ] {
        let mut found = tags(&index, &documents, word(text));
        found.sort();
        assert_eq!(found, expected, "{text}");
    }
}

#[test]
fn words_reach_further_only_when_few_are_near() {
    let folder = tempfile::tempdir().unwrap();
    let mut documents: Vec<SessionDocument> =
        (0..6).map(|n| session(at(0, n * 1_000), n as u128 + 1, "ryan")).collect();
    documents.push(session(at(1, 0), 9, "bryan"));
    let index = filled(folder.path(), &documents);
    let answer = index.search(&request(word("ryan"))).unwrap();
    assert_eq!((answer.rows.len(), answer.breadth), (6, Breadth::Near));
    let answer = index.search(&request(word("brya"))).unwrap();
    assert_eq!((answer.rows.len(), answer.breadth), (1, Breadth::Near));
    let answer = index.search(&request(word("rian"))).unwrap();
    assert_eq!((answer.rows.len(), answer.breadth), (6, Breadth::Typo));
    let answer = index.search(&request(word("rya"))).unwrap();
    assert_eq!((answer.rows.len(), answer.breadth), (6, Breadth::Near));
    let answer = index.search(&request(word("yan"))).unwrap();
    assert_eq!((answer.rows.len(), answer.breadth), (7, Breadth::Inside));
}

fn rich() -> SessionDocument {
    let mut it = session(at(2, 0), 77, "Anna.Hansen@example.com");
    let s = &mut it.session;
    s.kind = SessionKind::Robot;
    s.is_new_visitor = true;
    s.last_at = at(2, 300_000);
    s.applications.push(ApplicationVisit {
        application: ApplicationId(7),
        action_count: 1,
        first_at: at(2, 0),
        last_at: at(2, 0),
    });
    s.client.browser = "Safari".to_owned();
    s.client.browser_version = "18.2".to_owned();
    s.client.os = "iOS".to_owned();
    s.client.os_version = "18".to_owned();
    s.client.device = "iPhone".to_owned();
    s.client.device_type = DeviceType::Phone;
    s.place.country = "DK".to_owned();
    s.place.region = "Hovedstaden".to_owned();
    s.place.city = "København".to_owned();
    s.place.isp = "TDC".to_owned();
    s.ip = Some(IpAddr::V4(Ipv4Addr::new(192, 0, 2, 0)));
    s.environment.screen = "390x844".to_owned();
    s.environment.language = "da-DK".to_owned();
    s.environment.connection = "4g".to_owned();
    s.release = "4.12.0".to_owned();
    s.entry_page = "/start".to_owned();
    s.exit_page = "/checkout".to_owned();
    s.referrer = "https://example.org/".to_owned();
    s.campaign = "Spring".to_owned();
    s.end_reason = Some(EndReason::WindowClosed);
    s.experience = Experience::Frustrated;
    s.tally.actions = 12;
    s.tally.javascript_errors = 2;
    s.tally.rage_clicks = 1;
    s.usage_units = 0;
    s.properties =
        vec![("Basket".to_owned(), "750".to_owned()), ("plan".to_owned(), "Gold".to_owned())];
    it.pages = vec!["/start".to_owned(), "/checkout".to_owned()];
    it.action_names = vec!["click on \"Add to cart\" on page /start".to_owned()];
    it.error_messages = vec!["TypeError: x is not a function".to_owned()];
    it
}

#[test]
fn every_field_finds_its_value_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let documents = vec![session(at(1, 0), 5, ""), rich()];
    let index = filled(folder.path(), &documents);
    let id = documents[1].session.id;
    let is = |text: &str| Value::Is(text.to_owned());
    let cases: Vec<(Field, Value)> = vec![
        (Field::User, is("anna.hansen@EXAMPLE.com")),
        (Field::User, Value::StartsWith("anna".to_owned())),
        (Field::User, Value::Contains("hansen@ex".to_owned())),
        (Field::User, Value::Contains("ha".to_owned())),
        (Field::User, Value::Any),
        (Field::UserType, is("robot")),
        (Field::UserNew, is("yes")),
        (Field::Visitor, is(&documents[1].session.visitor.to_string())),
        (Field::Session, is(&id.to_string())),
        (Field::App, is(&ApplicationId(7).to_string())),
        (Field::App, is("Shop")),
        (Field::App, Value::StartsWith("sh".to_owned())),
        (Field::Browser, is("safari")),
        (Field::Browser, Value::Contains("far".to_owned())),
        (Field::BrowserVersion, Value::StartsWith("18.".to_owned())),
        (Field::Os, is("ios")),
        (Field::OsVersion, is("18")),
        (Field::Device, is("iphone")),
        (Field::DeviceType, is("phone")),
        (Field::Country, is("dk")),
        (Field::Region, is("Hovedstaden")),
        (Field::City, is("kobenhavn")),
        (Field::City, Value::Any),
        (Field::Isp, is("tdc")),
        (Field::Ip, Value::StartsWith("192.0.2.".to_owned())),
        (Field::Screen, is("390x844")),
        (Field::Language, is("da-dk")),
        (Field::Connection, is("4g")),
        (Field::Release, Value::StartsWith("4.".to_owned())),
        (Field::Entry, is("/start")),
        (Field::Exit, is("/checkout")),
        (Field::Page, Value::StartsWith("/check".to_owned())),
        (Field::Action, is("add to cart")),
        (Field::Action, Value::Contains("to ca".to_owned())),
        (Field::Error, is("not a function")),
        (Field::Error, Value::Any),
        (Field::ErrorType, is("javascript")),
        (Field::Referrer, Value::Contains("example.org".to_owned())),
        (Field::Campaign, is("spring")),
        (Field::End, is("window_closed")),
        (Field::Experience, is("frustrated")),
        (Field::Counted, is("no")),
        (Field::Property("plan".to_owned()), is("gold")),
        (Field::Property("basket".to_owned()), Value::Any),
    ];
    for (field, value) in cases {
        let mut request = request(has(&field, value.clone()));
        request.names = vec![(ApplicationId(7), "Shop".to_owned())];
        let answer = index.search(&request).unwrap();
        assert_eq!(answer.rows, vec![id], "{field:?} {value:?}");
    }
    for field in [Field::User, Field::City, Field::Property("plan".to_owned())] {
        let answer = index.search(&request(has(&field, Value::None))).unwrap();
        assert_eq!(answer.rows, vec![documents[0].session.id], "{field:?}");
    }
}

#[test]
fn numbers_are_compared() {
    let folder = tempfile::tempdir().unwrap();
    let documents = vec![session(at(1, 0), 5, "low"), rich()];
    let index = filled(folder.path(), &documents);
    let basket = Field::Property("basket".to_owned());
    for (field, operator, number, expected) in [
        (Field::Duration, Comparison::Equal, 300_000, 1),
        (Field::Duration, Comparison::GreaterOrEqual, 10_000, 2),
        (Field::Duration, Comparison::Greater, 10_000, 1),
        (Field::Duration, Comparison::Less, 10_000, 0),
        (Field::Duration, Comparison::LessOrEqual, 10_000, 1),
        (Field::Errors, Comparison::Greater, 0, 1),
        (Field::Errors, Comparison::Equal, 0, 1),
        (Field::Actions, Comparison::Greater, -1, 2),
        (Field::Rage, Comparison::GreaterOrEqual, 1, 1),
        (basket.clone(), Comparison::Greater, 500, 1),
        (basket, Comparison::Less, 500, 0),
    ] {
        let filter = Filter {
            terms: vec![Term::new(Test::Compare { field: field.clone(), operator, number })],
        };
        let found = index.search(&request(filter)).unwrap().rows.len();
        assert_eq!(found, expected, "{field:?} {operator:?} {number}");
    }
}

#[test]
fn pages_follow_each_other_without_gap_or_repeat() {
    let folder = tempfile::tempdir().unwrap();
    let documents: Vec<SessionDocument> =
        (0..137_i64).map(|n| session(at(n % 4, n * 7), n as u128 + 1, "ryan")).collect();
    let index = filled(folder.path(), &documents);
    let mut request = request(word("ryan"));
    request.limit = 10;
    let mut seen = Vec::new();
    loop {
        let answer = index.search(&request).unwrap();
        seen.extend(answer.rows);
        let Some(next) = answer.next else { break };
        assert_eq!(next.to_string().parse::<Cursor>(), Ok(next));
        request.after = Some(next);
    }
    let mut expected: Vec<_> = documents.iter().map(|d| d.session.id).collect();
    expected.sort_by(|a, b| b.cmp(a));
    assert_eq!(seen, expected);
}

#[test]
fn the_range_holds_starts_and_live_sessions() {
    let folder = tempfile::tempdir().unwrap();
    let mut live = session(at(1, -1_000), 1, "live");
    live.session.end_reason = None;
    live.session.experience = Experience::Undefined;
    live.session.last_at = at(1, 5_000);
    let over = session(at(1, -1_000), 2, "over");
    let inside = session(at(1, 0), 3, "inside");
    let after = session(at(2, 0), 4, "after");
    let documents = vec![live, over, inside, after];
    let index = filled(folder.path(), &documents);
    let request = SearchRequest::new(Filter::default(), at(1, 0), at(2, 0));
    let found = index.search(&request).unwrap().rows;
    assert_eq!(found, vec![documents[2].session.id, documents[0].session.id]);
}

#[test]
fn only_allowed_applications_are_seen() {
    let folder = tempfile::tempdir().unwrap();
    let documents = vec![session(at(1, 0), 5, "low"), rich()];
    let index = filled(folder.path(), &documents);
    for (allowed, expected) in [(None, 2), (Some(vec![ApplicationId(7)]), 1), (Some(vec![]), 0)] {
        let mut request = request(Filter::default());
        request.allowed = allowed.clone();
        request.want_facets = true;
        let answer = index.search(&request).unwrap();
        assert_eq!(answer.rows.len(), expected, "{allowed:?}");
        assert_eq!(answer.counts.unwrap().total, expected as u64);
    }
}

#[test]
fn counts_cover_all_matches() {
    let folder = tempfile::tempdir().unwrap();
    let mut documents: Vec<SessionDocument> = (0..20_i64)
        .map(|n| session(at(n % 5, n), n as u128 + 1, if n % 2 == 0 { "a" } else { "" }))
        .collect();
    for document in documents.iter_mut().take(3) {
        document.session.client.browser = "Chrome".to_owned();
        document.session.experience = Experience::Frustrated;
    }
    let index = filled(folder.path(), &documents);
    let mut request = SearchRequest::new(Filter::default(), at(0, 0), at(5, 0));
    request.limit = 2;
    request.want_facets = true;
    request.bucket_starts = (0..5).map(|day| at(day, 0)).collect();
    let counts = index.search(&request).unwrap().counts.unwrap();
    assert_eq!((counts.total, counts.users, counts.live), (20, 11, 0));
    assert!(!counts.is_partial);
    let browsers = counts.facets.iter().find(|f| f.field == Field::Browser).unwrap();
    assert_eq!(browsers.values, vec![("Firefox".to_owned(), 17), ("Chrome".to_owned(), 3)]);
    let bars: Vec<(u64, u64)> =
        counts.histogram.iter().map(|bar| (bar.satisfied, bar.frustrated)).collect();
    assert_eq!(bars, vec![(3, 1), (3, 1), (3, 1), (4, 0), (4, 0)]);
    assert_eq!(counts.histogram[1].at, at(1, 0));
}

#[test]
fn a_changed_session_replaces_the_old_one() {
    let folder = tempfile::tempdir().unwrap();
    let index = open(folder.path());
    let mut it = session(at(0, 0), 1, "");
    for n in 1..=30 {
        it.session.user_tag = format!("user{n}");
        it.session.last_at = it.session.started_at.after(Millis::secs(n));
        it.sequence = u64::from(n);
        index.put(std::slice::from_ref(&it)).unwrap();
        index.commit(u64::from(n)).unwrap();
    }
    assert_eq!(index.session_count(), 1);
    let documents = vec![it];
    assert_eq!(tags(&index, &documents, word("user30")), vec!["user30"]);
    assert!(tags(&index, &documents, has(&Field::User, Value::Is("user3".to_owned()))).is_empty());
}

#[test]
fn what_was_not_committed_is_replayed_after_a_crash() {
    let folder = tempfile::tempdir().unwrap();
    let index = open(folder.path());
    let documents: Vec<SessionDocument> =
        (0..4_i64).map(|n| session(at(n % 2, n), n as u128 + 1, &format!("user{n}"))).collect();
    index.put(&documents[..2]).unwrap();
    index.commit(2).unwrap();
    index.put(&documents[2..]).unwrap();
    drop(index);
    let index = open(folder.path());
    assert_eq!(index.committed_sequence(at(0, 0).day()).unwrap_or(0), 2);
    assert_eq!(index.session_count(), 2);
    index.put(&documents[2..]).unwrap();
    index.commit(4).unwrap();
    assert_eq!(index.session_count(), 4);
    drop(index);
    assert_eq!(open(folder.path()).committed_sequence(at(1, 0).day()), Some(4));
}

#[test]
fn each_day_remembers_its_own_sequence() {
    let folder = tempfile::tempdir().unwrap();
    let index = open(folder.path());
    index.put(&[session(at(5, 0), 1, "a")]).unwrap();
    index.commit(1).unwrap();
    index.put(&[session(at(2, 0), 2, "b")]).unwrap();
    index.commit(2).unwrap();
    index.commit_day(at(3, 0).day(), 7).unwrap();
    drop(index);
    let index = open(folder.path());
    for (day, expected) in [(5, Some(1)), (2, Some(2)), (3, Some(7)), (4, None)] {
        assert_eq!(index.committed_sequence(at(day, 0).day()), expected);
    }
}

#[test]
fn a_damaged_day_is_put_aside_and_rebuilt() {
    let folder = tempfile::tempdir().unwrap();
    let documents = vec![session(at(0, 0), 1, "ryan"), session(at(1, 0), 2, "anna")];
    drop(filled(folder.path(), &documents));
    let day = at(0, 0).day();
    let path = folder.path().join("days").join(day.to_string());
    for name in ["meta.json", "segment"] {
        let index = path.join("index");
        if name == "meta.json" {
            std::fs::write(index.join(name), b"{").unwrap();
        } else {
            for entry in std::fs::read_dir(&index).unwrap() {
                let file = entry.unwrap().path();
                if file.extension().is_some_and(|e| e == "term" || e == "fast") {
                    std::fs::write(file, b"x").unwrap();
                }
            }
        }
        let (index, damaged) = SearchIndex::open(folder.path(), SearchOptions::default()).unwrap();
        if name == "meta.json" {
            assert_eq!(damaged, vec![day]);
        }
        let answer = index.search(&request(Filter::default())).unwrap();
        assert_eq!(answer.rows, vec![documents[1].session.id], "{name}");
        assert_eq!(answer.missing_days, vec![day], "{name}");
        assert!(path.join("index.damaged").is_dir());
        index.put(&documents[..1]).unwrap();
        index.commit_day(day, index.committed_sequence(at(0, 0).day()).unwrap_or(0)).unwrap();
        index.mark_rebuilt(day);
        assert!(!path.join("index.damaged").is_dir());
        let answer = index.search(&request(Filter::default())).unwrap();
        assert_eq!(answer.rows.len(), 2, "{name}");
        assert!(answer.missing_days.is_empty());
    }
}

#[test]
fn a_sealed_day_has_one_segment_and_the_same_sessions() {
    let folder = tempfile::tempdir().unwrap();
    let index = open(folder.path());
    for n in 0..5_i64 {
        index.put(&[session(at(0, n), n as u128 + 1, "ryan")]).unwrap();
        index.commit(n as u64).unwrap();
    }
    index.seal_day(at(0, 0).day()).unwrap();
    assert_eq!(index.session_count(), 5);
    assert_eq!(index.committed_sequence(at(0, 0).day()).unwrap_or(0), 4);
    index.put(&[session(at(0, 9), 9, "late")]).unwrap();
    index.commit(9).unwrap();
    assert_eq!(index.session_count(), 6);
    index.drop_day(at(0, 0).day());
    assert_eq!(index.session_count(), 0);
    assert!(index.days().is_empty());
}

#[test]
fn a_search_says_why_it_does_not_answer() {
    let folder = tempfile::tempdir().unwrap();
    let index = filled(folder.path(), &[session(at(0, 0), 1, "ryan")]);
    let problem = Problem { at: 0, message: "wrong".to_owned(), expected: "right".to_owned() };
    let filter = Filter { terms: vec![Term::new(Test::Invalid(problem.clone()))] };
    assert_eq!(index.search(&request(filter)), Err(SearchError::Filter(problem)));
    let mut late = request(word("ryan"));
    late.budget = Budget::new(Duration::from_mins(1));
    late.budget.stop();
    assert_eq!(index.search(&late), Err(SearchError::Stopped));
    assert!(index.damaged_days().is_empty());
}

#[test]
fn no_match_is_explained_term_by_term() {
    let folder = tempfile::tempdir().unwrap();
    let documents = vec![session(at(0, 0), 1, "ryan"), session(at(0, 1), 2, "anna")];
    let index = filled(folder.path(), &documents);
    let filter = word("ryan").with_value(&Field::Country, Value::Is("DK".to_owned()));
    let request = request(filter);
    assert!(index.search(&request).unwrap().rows.is_empty());
    assert_eq!(index.explain_zero(&request).unwrap(), vec![0, 1]);
}

#[test]
fn type_ahead_names_people_and_values() {
    let folder = tempfile::tempdir().unwrap();
    let documents = vec![
        session(at(0, 0), 1, "Ryan Fischer"),
        session(at(1, 0), 2, "Ryan Fischer"),
        session(at(2, 0), 3, "fischer.anna"),
        session(at(2, 1), 4, "bfisch"),
    ];
    let index = filled(folder.path(), &documents);
    let mut request = request(Filter::default());
    request.limit = 10;
    let found = index.suggest("fisch", &request).unwrap();
    let users: Vec<(&str, u64)> =
        found.users.iter().map(|user| (user.tag.as_str(), user.sessions)).collect();
    assert_eq!(users, vec![("fischer.anna", 1), ("bfisch", 1), ("Ryan Fischer", 2)]);
    assert_eq!(found.users[2].last, at(1, 0));
    let found = index.suggest("fire", &request).unwrap();
    assert_eq!(found.values.len(), 1);
    assert_eq!((&found.values[0].field, found.values[0].sessions), (&Field::Browser, 4));
    request.allowed = Some(vec![]);
    let found = index.suggest("fi", &request).unwrap();
    assert!(found.users.is_empty() && found.values.is_empty());
}
