//! The search index beside a store that lives a hard life: in the end it says what the store says, however it got there.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use footfall::base::clock::Clock;
use footfall::base::id::SessionId;
use footfall::base::time::Timestamp;
use footfall::columns::{self, ActionColumn, ColumnStore, Split};
use footfall::engine::indexing::{Indexer, reindex};
use footfall::logic::query_parser::parse;
use footfall::model::session::{EndReason, Session};
use footfall::search::{SearchIndex, SearchOptions, SearchRequest};
use footfall::store::Store;

/// What is asked, and which sessions it means.
type Question = (&'static str, fn(&Session) -> bool);

const QUESTIONS: [Question; 8] = [
    ("", |_| true),
    ("user:ryan", |session| session.user_tag == "ryan"),
    ("user:anna", |session| session.user_tag == "anna"),
    ("bounce:yes", Session::is_bounce),
    ("bounce:no", |session| !session.is_bounce()),
    ("end:timeout", |session| session.end_reason == Some(EndReason::Timeout)),
    ("end:window_closed", |session| session.end_reason == Some(EndReason::WindowClosed)),
    ("rage:>0", |session| session.tally.rage_clicks > 0),
];

pub struct Index {
    clock: Clock,
    search: Arc<SearchIndex>,
    columns: Arc<ColumnStore>,
    indexer: Indexer,
}

impl Index {
    pub fn open(folder: &Path, store: &Arc<Store>, now: Timestamp) -> Self {
        let clock = Clock::manual(now);
        let (search, damaged) = SearchIndex::open(folder, SearchOptions::default()).unwrap();
        assert_eq!(damaged, [], "a process that dies damages no index");
        let search = Arc::new(search);
        let columns = Arc::new(ColumnStore::new(folder));
        let own = Arc::clone(&columns);
        let indexer = Indexer::new(Arc::clone(store), Arc::clone(&search), own, clock.clone());
        Self { clock, search, columns, indexer }
    }

    pub fn cycle(&mut self, now: Timestamp) {
        self.clock.set(now);
        self.indexer.cycle();
    }

    /// Lets the index come up to the store, then compares; and once more after it was made anew.
    pub fn check(&mut self, store: &Store, end: Timestamp) {
        for turn in 0..20 {
            self.clock.set(Timestamp(end.0 + turn * 10_000));
            let report = self.indexer.cycle();
            if report.waiting == 0 && !report.has_more {
                break;
            }
            assert!(turn < 19, "the index comes to rest");
        }
        let mut sessions = Vec::new();
        for day in store.days().unwrap() {
            sessions.extend(store.sessions_of_day(day, None, 100_000).unwrap());
        }
        self.compare(&sessions, end);
        self.compare_columns(store, &sessions);
        reindex(store, &self.search, &self.columns, |_, _| {}).unwrap();
        self.compare(&sessions, end);
        self.compare_columns(store, &sessions);
    }

    /// Columns count every action of the store, by type.
    fn compare_columns(&self, store: &Store, sessions: &[Session]) {
        let mut expected: BTreeMap<String, u64> = BTreeMap::new();
        for session in sessions {
            for action in store.actions(session.id).unwrap() {
                *expected.entry(action.kind.word().to_owned()).or_default() += 1;
            }
        }
        let question = columns::Question {
            from: Timestamp(0),
            to: Timestamp(i64::MAX / 2),
            splits: vec![Split::Action(ActionColumn::Type)],
            ..columns::Question::default()
        };
        let answer = self.columns.ask(&question, &store.days().unwrap(), &|_| None);
        assert_eq!(answer.missing_days, [], "all days are in the columns");
        let counted =
            answer.groups.into_iter().map(|group| (group.values.concat(), group.sums.count));
        assert_eq!(counted.collect::<BTreeMap<_, _>>(), expected);
    }

    fn compare(&self, sessions: &[Session], end: Timestamp) {
        for (question, is_meant) in QUESTIONS {
            let expected: BTreeSet<SessionId> =
                sessions.iter().filter(|s| is_meant(s)).map(|s| s.id).collect();
            let found = self.ask(question, end);
            let distinct: BTreeSet<SessionId> = found.iter().copied().collect();
            assert_eq!(distinct.len(), found.len(), "`{question}` gives a session twice");
            assert_eq!(distinct, expected, "`{question}`");
        }
    }

    fn ask(&self, question: &str, end: Timestamp) -> Vec<SessionId> {
        let mut request = SearchRequest::new(parse(question), Timestamp(0), end);
        let mut found = Vec::new();
        loop {
            let answer = self.search.search(&request).unwrap();
            found.extend(answer.rows);
            match answer.next {
                Some(next) => request.after = Some(next),
                None => return found,
            }
        }
    }
}
