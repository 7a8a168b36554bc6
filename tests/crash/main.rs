//! The real binary is killed in the middle of its work: what it acknowledged is there, once, and open sessions go on.
//!
//! `CRASH_CYCLES=500 cargo test --test crash` kills more often.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test that drives processes fails by panicking"
)]

mod driver;
#[path = "../support/server_process.rs"]
mod server_process;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use driver::Driver;
use footfall::base::entropy::Entropy;
use footfall::base::id::SessionId;
use footfall::store::{Store, StoreOptions};
use serde_json::Value;
use server_process::{ServerProcess, ask, get};

fn cycles() -> u32 {
    std::env::var("CRASH_CYCLES").map_or(20, |n| n.parse().expect("CRASH_CYCLES is a number"))
}

/// All actions of a store by the number of their beacon, each with the session that has it.
fn actions(folder: &Path) -> BTreeMap<u64, Vec<SessionId>> {
    let (store, report) = Store::open(&folder.join("data"), StoreOptions::default()).unwrap();
    assert!(report.torn.len() <= 1, "only the last frame can be torn");
    let mut found = BTreeMap::<u64, Vec<SessionId>>::new();
    for day in store.days().unwrap() {
        let mut after = None;
        loop {
            let sessions = store.sessions_of_day(day, after, 500).unwrap();
            let Some(last) = sessions.last() else { break };
            after = Some(last.id);
            for session in sessions {
                let actions = store.actions(session.id).unwrap();
                assert_eq!(actions.len(), session.tally.actions as usize, "{}", session.id);
                for action in actions {
                    let (key, number) = action.properties.first().unwrap();
                    assert_eq!(key, driver::NUMBER);
                    found.entry(number.parse().unwrap()).or_default().push(session.id);
                }
            }
        }
    }
    found
}

/// Everything that was acknowledged is there once, and nothing else twice; a visitor has one session.
fn check(folder: &Path, driver: &Driver) {
    let found = actions(folder);
    let acknowledged = driver.acknowledged();
    let lost: Vec<_> = acknowledged.iter().filter(|number| !found.contains_key(number)).collect();
    assert!(lost.is_empty(), "{} of {} lost: {lost:?}", lost.len(), acknowledged.len());
    let mut sessions = BTreeMap::<u64, SessionId>::new();
    for (number, places) in &found {
        assert_eq!(places.len(), 1, "beacon {number} is there more than once");
        let visitor = driver::visitor_of(*number);
        let session = *sessions.entry(visitor).or_insert(places[0]);
        assert_eq!(session, places[0], "visitor {visitor} has one session over all stops");
    }
}

#[test]
fn what_was_acknowledged_survives_being_killed() {
    let folder = tempfile::tempdir().unwrap();
    let entropy = Entropy::seeded(20);
    let mut driver = Driver::new();
    let mut slowest = Duration::ZERO;
    for _ in 0..cycles() {
        let mut server = ServerProcess::start(folder.path());
        slowest = slowest.max(server.ready_after);
        let life = Duration::from_millis(100 + entropy.below(1_400));
        driver.run(server.ingest, || {
            std::thread::sleep(life);
            server.child.kill().unwrap();
            server.child.wait().unwrap();
        });
    }
    // What was on its way comes again, as the agent sends it again.
    let mut server = ServerProcess::start(folder.path());
    driver.send_again(server.ingest);
    assert!(driver.acknowledged().len() > 100, "it took something between the kills");
    server.stop();
    eprintln!("slowest start {} ms", slowest.as_millis());
    check(folder.path(), &driver);
}

#[test]
fn a_stop_by_signal_loses_nothing_that_was_taken() {
    let folder = tempfile::tempdir().unwrap();
    let mut driver = Driver::new();
    for _ in 0..3 {
        let mut server = ServerProcess::start(folder.path());
        driver.run(server.ingest, || {
            std::thread::sleep(Duration::from_millis(700));
            server.stop();
        });
    }
    assert!(driver.acknowledged().len() > 100);
    check(folder.path(), &driver);
    let journal = folder.path().join("data/journal");
    let left: u64 = std::fs::read_dir(journal)
        .unwrap()
        .map(|file| file.unwrap().metadata().unwrap().len())
        .sum();
    assert_eq!(left, 0, "a stop leaves nothing in the journal");
}

#[test]
fn a_lost_index_is_made_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut driver = Driver::new();
    let mut server = ServerProcess::start(folder.path());
    let cookie = server.set_up(folder.path());
    driver.run(server.ingest, || {
        std::thread::sleep(Duration::from_millis(800));
        server.child.kill().unwrap();
        server.child.wait().unwrap();
    });
    let sessions: BTreeSet<SessionId> = actions(folder.path()).into_values().flatten().collect();
    let expected = Some(sessions.len() as u64);
    for day in std::fs::read_dir(folder.path().join("data/days")).unwrap() {
        let index = day.unwrap().path().join("index");
        if index.exists() {
            std::fs::remove_dir_all(index).unwrap();
        }
    }
    let mut server = ServerProcess::start(folder.path());
    let mut total = None;
    for _ in 0..200 {
        let answer = ask(
            server.admin,
            &format!(
                "GET /api/v1/sessions?counts=1&limit=1 HTTP/1.1\r\nHost: localhost\r\n\
                 Connection: close\r\nCookie: {cookie}\r\n\r\n"
            ),
        );
        let body = answer.split_once("\r\n\r\n").unwrap().1;
        let body: Value = serde_json::from_str(body).unwrap_or_else(|_| panic!("{answer}"));
        total = body["total"].as_u64();
        if total == expected {
            break;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    assert_eq!(total, expected, "search shows what the store has");
    assert!(get(server.admin, "/readyz").starts_with("HTTP/1.1 200"));
    server.stop();
    check(folder.path(), &driver);
}

#[test]
fn a_start_that_is_killed_is_no_obstacle() {
    let entropy = Entropy::seeded(5);
    for _ in 0..6 {
        let folder = tempfile::tempdir().unwrap();
        for _ in 0..3 {
            let mut process = ServerProcess::spawn(folder.path());
            std::thread::sleep(Duration::from_millis(entropy.below(120)));
            process.kill().unwrap();
            process.wait().unwrap();
        }
        let mut server = ServerProcess::start(folder.path());
        server.set_up(folder.path());
        server.stop();
    }
}
