//! Columns answer what reading every row answers; files come back as they were or not at all.

use std::collections::{BTreeMap, BTreeSet};

use super::question::{Measure, Question, Split, Wants};
use super::{
    ActionColumn, ColumnOptions, ColumnStore, SessionColumn, SessionRows, ViewColumn, knows,
};
use crate::base::entropy::Entropy;
use crate::base::fold::{fold, tokens};
use crate::base::id::{ApplicationId, SessionId, VisitorId};
use crate::base::time::{DAY_MILLIS, Day, HOUR_MILLIS, Millis, Timestamp};
use crate::model::action::{
    ActionKind, ApdexZone, UserAction, WebVitals, tests_support as actions,
};
use crate::model::query::{Comparison, Field, Filter, Term, Test, Value};
use crate::model::session::{EndReason, Session, SessionKind, tests_support as sessions};

const FIRST: i64 = 20_000 * DAY_MILLIS;
const BROWSERS: &[&str] = &["Firefox", "Chrome", "Müller", ""];
const NAMES: &[&str] = &["click on \"Buy\"", "loading of page /cart", "add to cart", ""];
const PAGES: &[&str] = &["/", "/cart", "/Über", ""];

/// A session as the store has it.
#[derive(Debug, Clone)]
struct Stored {
    session: Session,
    actions: Vec<UserAction>,
    vitals: Vec<(u32, WebVitals)>,
}

impl Stored {
    fn rows(&self) -> SessionRows<'_> {
        SessionRows { session: &self.session, actions: &self.actions, vitals: &self.vitals }
    }
}

fn pick<'a>(entropy: &Entropy, from: &[&'a str]) -> &'a str {
    from[entropy.below(from.len() as u64) as usize]
}

fn maybe(entropy: &Entropy, below: u64) -> Option<u32> {
    (entropy.below(3) > 0).then(|| entropy.below(below) as u32)
}

fn random_action(entropy: &Entropy, session: &Session, number: u32) -> UserAction {
    let application = ApplicationId(1 + entropy.below(3) as u32);
    let start = session.id.start().0 + entropy.below(8 * HOUR_MILLIS as u64) as i64 - HOUR_MILLIS;
    let mut action = actions::sample(application, Timestamp(start));
    action.number = number;
    let widths = [200, 60_000, 180_000];
    action.duration = Millis(entropy.below(widths[entropy.below(3) as usize]) as u32);
    action.contributors.server = Millis(action.duration.0 / 3);
    action.contributors.network = Millis(action.duration.0 / 4);
    action.visually_complete = maybe(entropy, 70_000).map(Millis);
    action.speed_index = maybe(entropy, 300).map(Millis);
    action.timings.response_start = maybe(entropy, 255);
    action.error_count = entropy.below(4).saturating_sub(2) as u32;
    action.name = pick(entropy, NAMES).to_owned();
    action.page = pick(entropy, PAGES).to_owned();
    action.release = format!("v{}", entropy.below(300));
    action.kind =
        [ActionKind::PageLoad, ActionKind::Xhr, ActionKind::Custom][entropy.below(3) as usize];
    action.zone =
        [ApdexZone::Satisfied, ApdexZone::Tolerating, ApdexZone::Frustrated, ApdexZone::Unknown]
            [entropy.below(4) as usize];
    action
}

fn random_session(entropy: &Entropy, number: u64, known: Option<SessionId>) -> Stored {
    let start = Timestamp(FIRST + entropy.below(3 * DAY_MILLIS as u64) as i64);
    let id = known.unwrap_or_else(|| SessionId::new(start, u128::from(number)));
    let mut session = sessions::sample(id, VisitorId(u128::from(entropy.below(40))));
    session.user_tag =
        if entropy.below(2) == 0 { String::new() } else { format!("u{}", entropy.below(20)) };
    session.client.browser = pick(entropy, BROWSERS).to_owned();
    session.kind = [SessionKind::RealUser, SessionKind::Robot][entropy.below(2) as usize];
    session.end_reason = (entropy.below(2) == 0).then_some(EndReason::Timeout);
    session.last_at = Timestamp(id.start().0 + entropy.below(100_000) as i64);
    session.tally.actions = entropy.below(7) as u32;
    let count = entropy.below(6) as u32;
    let actions: Vec<UserAction> =
        (1..=count).map(|number| random_action(entropy, &session, number)).collect();
    let vitals = actions
        .iter()
        .filter(|_| entropy.below(2) == 0)
        .map(|action| {
            let vitals = WebVitals {
                largest_contentful_paint: maybe(entropy, 5_000),
                cumulative_layout_shift: maybe(entropy, 1_000),
                ..WebVitals::default()
            };
            (action.number, vitals)
        })
        .collect();
    Stored { session, actions, vitals }
}

fn random_value(entropy: &Entropy, from: &[&str]) -> Value {
    let whole = pick(entropy, from).to_owned();
    let part: String = whole.chars().skip(1).take(3).collect();
    match entropy.below(6) {
        0 => Value::None,
        1 => Value::Any,
        2 => Value::StartsWith(whole.chars().take(3).collect()),
        3 => Value::Contains(part),
        _ => Value::Is(whole),
    }
}

fn random_term(entropy: &Entropy) -> Term {
    let (field, from): (Field, &[&str]) = match entropy.below(7) {
        0 => (Field::Browser, BROWSERS),
        1 => (Field::Action, &["buy", "click on \"Buy\"", "cart", "Add To"]),
        2 => (Field::Page, PAGES),
        3 => (Field::App, &["a_0000001", "Shop", "a_0000002"]),
        4 => (Field::UserType, &["real", "robot"]),
        5 => (Field::Live, &["yes", "no"]),
        _ => {
            let operators = [
                Comparison::Equal,
                Comparison::Greater,
                Comparison::GreaterOrEqual,
                Comparison::Less,
                Comparison::LessOrEqual,
            ];
            let operator = operators[entropy.below(5) as usize];
            let (field, number) = if entropy.below(2) == 0 {
                (Field::Actions, entropy.below(8) as i64 - 1)
            } else {
                (Field::Duration, entropy.below(100_000) as i64)
            };
            let test = Test::Compare { field, operator, number };
            return Term { is_negated: entropy.below(3) == 0, ..Term::new(test) };
        }
    };
    let values = (0..=entropy.below(2)).map(|_| random_value(entropy, from)).collect();
    Term { is_negated: entropy.below(3) == 0, ..Term::new(Test::Values { field, values }) }
}

fn random_question(entropy: &Entropy) -> Question {
    let from = Timestamp(FIRST + entropy.below(2 * DAY_MILLIS as u64) as i64 - HOUR_MILLIS);
    let length =
        [HOUR_MILLIS, 7 * HOUR_MILLIS, DAY_MILLIS, 4 * DAY_MILLIS][entropy.below(4) as usize];
    let splits = [
        Split::Session(SessionColumn::Browser),
        Split::Action(ActionColumn::Name),
        Split::Action(ActionColumn::Application),
        Split::Session(SessionColumn::UserType),
        Split::Action(ActionColumn::Release),
    ];
    let step = [HOUR_MILLIS, DAY_MILLIS, 10 * DAY_MILLIS][entropy.below(3) as usize];
    let measures = [
        Measure::Duration,
        Measure::Server,
        Measure::Frontend,
        Measure::VisuallyComplete,
        Measure::View(ViewColumn::FirstByte),
        Measure::View(ViewColumn::LargestContentfulPaint),
        Measure::View(ViewColumn::CumulativeLayoutShift),
    ];
    Question {
        from,
        to: Timestamp(from.0 + length),
        compare_from: (entropy.below(2) == 0)
            .then(|| Timestamp(from.0 - [length, DAY_MILLIS / 2][entropy.below(2) as usize])),
        filter: Filter { terms: (0..entropy.below(3)).map(|_| random_term(entropy)).collect() },
        names: vec![(ApplicationId(2), "Shop".to_owned()), (ApplicationId(3), "Shoes".to_owned())],
        allowed: (entropy.below(4) == 0).then(|| vec![ApplicationId(1), ApplicationId(3)]),
        splits: (0..entropy.below(4)).map(|_| splits[entropy.below(5) as usize]).collect(),
        bucket_starts: (0..=length / step)
            .map(|n| Timestamp(from.0 + n * step))
            .filter(|at| at.0 < from.0 + length)
            .collect(),
        measure: measures[entropy.below(7) as usize],
        wants: Wants { percentiles: true, users: true, zones: true },
    }
}

fn text_holds(field: &Field, value: &Value, text: &str, names: &[(ApplicationId, String)]) -> bool {
    if *field == Field::App {
        let name = names.iter().find(|(id, _)| id.to_string() == text).map(|(_, name)| fold(name));
        return match value {
            Value::Any => true,
            Value::None => false,
            Value::Is(wanted) => fold(wanted) == text || name == Some(fold(wanted)),
            Value::StartsWith(wanted) => name.is_some_and(|name| name.starts_with(&fold(wanted))),
            Value::Contains(wanted) => name.is_some_and(|name| name.contains(&fold(wanted))),
        };
    }
    let is = !text.is_empty();
    match value {
        Value::Any => is,
        Value::None => !is,
        Value::Is(wanted) => {
            let (words, wanted_words) = (tokens(text), tokens(wanted));
            let follows = *field == Field::Action
                && !wanted_words.is_empty()
                && words.windows(wanted_words.len()).any(|window| window == wanted_words);
            is && (fold(text) == fold(wanted) || follows)
        }
        Value::StartsWith(wanted) => is && fold(text).starts_with(&fold(wanted)),
        Value::Contains(wanted) => is && fold(text).contains(&fold(wanted)),
    }
}

fn holds(
    term: &Term,
    session: &Session,
    action: &UserAction,
    names: &[(ApplicationId, String)],
) -> bool {
    let is = match &term.test {
        Test::Values { field, values } => {
            let text = match field {
                Field::Browser => session.client.browser.clone(),
                Field::Action => action.name.clone(),
                Field::Page => action.page.clone(),
                Field::App => action.application.to_string(),
                Field::UserType => session.kind.word().to_owned(),
                Field::Live => if session.is_live() { "yes" } else { "no" }.to_owned(),
                other => panic!("{other:?}"),
            };
            values.iter().any(|value| text_holds(field, value, &text, names))
        }
        Test::Compare { field, operator, number } => {
            let own = match field {
                Field::Actions => session.tally.actions,
                Field::Duration => session.duration().0,
                other => panic!("{other:?}"),
            };
            operator.holds(&i64::from(own), number)
        }
        other => panic!("{other:?}"),
    };
    is != term.is_negated
}

#[derive(Debug, Default)]
struct Naive {
    count: u64,
    zones: [u64; 4],
    with_errors: u64,
    errors: u64,
    values: Vec<u32>,
    people: BTreeSet<u64>,
}

/// The measure of an action; `None` when the action is not counted at all.
fn measured(measure: Measure, stored: &Stored, action: &UserAction) -> Option<Option<u32>> {
    let complete = action.visually_complete.map(|Millis(complete)| complete);
    let Measure::View(column) = measure else {
        return Some(match measure {
            Measure::Duration => Some(action.duration.0),
            Measure::Server => Some(action.contributors.server.0),
            Measure::Network => Some(action.contributors.network.0),
            Measure::Frontend => Some(
                action.duration.0 - action.contributors.server.0 - action.contributors.network.0,
            ),
            Measure::VisuallyComplete | Measure::View(_) => complete,
        });
    };
    let vitals = stored.vitals.iter().find(|(number, _)| *number == action.number);
    let vital = |pick: fn(&WebVitals) -> Option<u32>| vitals.and_then(|(_, vitals)| pick(vitals));
    let all = [
        (ViewColumn::FirstByte, action.timings.response_start),
        (ViewColumn::SpeedIndex, action.speed_index.map(|Millis(index)| index)),
        (ViewColumn::LargestContentfulPaint, vital(|vitals| vitals.largest_contentful_paint)),
        (ViewColumn::CumulativeLayoutShift, vital(|vitals| vitals.cumulative_layout_shift)),
    ];
    all.iter()
        .any(|(_, value)| value.is_some())
        .then(|| all.iter().find(|(known, _)| *known == column).and_then(|(_, value)| *value))
}

type Found = BTreeMap<(Vec<String>, bool, usize), Naive>;

fn naive(question: &Question, all: &BTreeMap<SessionId, Stored>) -> Found {
    let mut found = Found::new();
    for stored in all.values() {
        for action in &stored.actions {
            let is_allowed =
                question.allowed.as_ref().is_none_or(|all| all.contains(&action.application));
            let terms = &question.filter.terms;
            if !is_allowed
                || !terms.iter().all(|term| holds(term, &stored.session, action, &question.names))
            {
                continue;
            }
            let Some(value) = measured(question.measure, stored, action) else { continue };
            for (is_before, from) in [(false, Some(question.from)), (true, question.compare_from)] {
                let Some(from) = from else { continue };
                let offset = action.started_at.0 - from.0;
                if offset < 0 || offset >= question.to.0 - question.from.0 {
                    continue;
                }
                let starts = question.bucket_starts.iter().map(|at| at.0 - question.from.0);
                let bucket = starts.filter(|at| *at <= offset).count().saturating_sub(1);
                let values =
                    question.splits.iter().map(|split| value_of(*split, stored, action)).collect();
                let sums = found.entry((values, is_before, bucket)).or_default();
                sums.count += 1;
                sums.zones[action.zone as usize] += 1;
                sums.with_errors += u64::from(action.error_count > 0);
                sums.errors += u64::from(action.error_count);
                sums.values.extend(value);
                sums.people.insert(stored.session.person());
            }
        }
    }
    found
}

fn value_of(split: Split, stored: &Stored, action: &UserAction) -> String {
    match split {
        Split::Session(SessionColumn::Browser) => stored.session.client.browser.clone(),
        Split::Session(SessionColumn::UserType) => stored.session.kind.word().to_owned(),
        Split::Action(ActionColumn::Name) => action.name.clone(),
        Split::Action(ActionColumn::Application) => action.application.to_string(),
        Split::Action(ActionColumn::Release) => action.release.clone(),
        other => panic!("{other:?}"),
    }
}

fn assert_same(
    seed: u64,
    question: &Question,
    columns: &ColumnStore,
    all: &BTreeMap<SessionId, Stored>,
) {
    let days: Vec<Day> = (-1..5).map(|day| Day(Timestamp(FIRST).day().0 + day)).collect();
    let answer = columns.ask(question, &days, &|_| None);
    assert!(!answer.is_cut);
    let mut expected = naive(question, all);
    assert_eq!(answer.groups.len(), expected.len(), "seed {seed}: {question:?}");
    for group in answer.groups {
        let key = (group.values.clone(), group.is_before, group.bucket);
        let mut naive =
            expected.remove(&key).unwrap_or_else(|| panic!("seed {seed}: {key:?} {question:?}"));
        let sums = group.sums;
        assert_eq!(sums.count, naive.count, "seed {seed}: {key:?} {question:?}");
        assert_eq!(sums.zones, naive.zones);
        assert_eq!((sums.with_errors, sums.errors), (naive.with_errors, naive.errors));
        naive.values.sort_unstable();
        assert_eq!(sums.measured, naive.values.len() as u64, "seed {seed}: {question:?}");
        assert_eq!(sums.sum, naive.values.iter().map(|value| u64::from(*value)).sum::<u64>());
        assert_eq!(sums.range, naive.values.first().copied().zip(naive.values.last().copied()));
        assert_eq!(sums.users(), naive.people.len() as u64);
        for percent in [50, 75, 95] {
            let rank = (naive.values.len() * percent).div_ceil(100).max(1) - 1;
            let (truth, told) = (naive.values.get(rank), sums.histogram.percentile(percent as u64));
            assert_eq!(truth.is_some(), told.is_some());
            if let (Some(truth), Some(told)) = (truth, told) {
                let distance = u64::from(truth.abs_diff(told));
                assert!(distance * 1_000 <= u64::from(*truth) * 4 + 500, "{truth} {told}");
            }
        }
    }
}

#[test]
fn random_questions_get_the_answers_of_a_scan_of_all_rows() {
    for seed in 0..60 {
        let entropy = Entropy::seeded(seed);
        let folder = tempfile::tempdir().unwrap();
        // Small ones, so that parts are merged, left alone, and kept in files.
        let options = ColumnOptions {
            large: [30, 120, 100_000][entropy.below(3) as usize],
            spilled: [5, 40, 100_000][entropy.below(3) as usize],
        };
        let mut columns = ColumnStore::with(folder.path(), options);
        let mut all: BTreeMap<SessionId, Stored> = BTreeMap::new();
        let count = 1 + entropy.below(200);
        for _ in 0..3 + entropy.below(30) {
            let batch: Vec<Stored> = (0..=entropy.below(20))
                .map(|_| {
                    // What is known already changes: it keeps its id.
                    let known = all.keys().nth(entropy.below(1 + all.len() as u64) as usize);
                    let known = known.copied().filter(|_| entropy.below(2) == 0);
                    random_session(&entropy, entropy.below(count), known)
                })
                .collect();
            let mut by_day: BTreeMap<Day, BTreeMap<SessionId, Stored>> = BTreeMap::new();
            for stored in batch {
                let id = stored.session.id;
                by_day.entry(id.start().day()).or_default().insert(id, stored);
            }
            for (day, stored) in by_day {
                let mut rows: Vec<SessionRows<'_>> = stored.values().map(Stored::rows).collect();
                columns.put(day, &mut rows);
                columns.mark_whole(day);
                if entropy.below(8) == 0 {
                    columns.seal(day, 7).unwrap();
                    assert!(columns.is_sealed(day));
                }
                all.extend(stored);
            }
        }
        for _ in 0..20 {
            assert_same(seed, &random_question(&entropy), &columns, &all);
        }
        // After a restart only files are left.
        let days: BTreeSet<Day> = all.keys().map(|id| id.start().day()).collect();
        for day in &days {
            columns.seal(*day, 7).unwrap();
        }
        columns = ColumnStore::new(folder.path());
        for day in &days {
            assert!(!columns.open(*day, 8).unwrap(), "the store went on");
            assert!(columns.open(*day, 7).unwrap());
        }
        for _ in 0..10 {
            assert_same(seed, &random_question(&entropy), &columns, &all);
        }
    }
}

#[test]
fn sessions_that_only_the_search_knows_narrow_the_answer() {
    let entropy = Entropy::seeded(3);
    let folder = tempfile::tempdir().unwrap();
    let columns = ColumnStore::new(folder.path());
    let day = Timestamp(FIRST).day();
    let mut stored: Vec<Stored> =
        (0..50).map(|number| random_session(&entropy, number, None)).collect();
    stored.retain(|one| one.session.id.start().day() == day);
    columns.put(day, &mut stored.iter().map(Stored::rows).collect::<Vec<_>>());
    let wanted = &stored[stored.len() / 2];
    let question = Question {
        from: Timestamp(FIRST - DAY_MILLIS),
        to: Timestamp(FIRST + 3 * DAY_MILLIS),
        ..Question::default()
    };
    let word = Term::new(Test::Word("ryan".to_owned()));
    assert!(!knows(&word));
    let answer = columns.ask(&question, &[day], &|_| Some(vec![wanted.session.id]));
    let count: u64 = answer.groups.iter().map(|group| group.sums.count).sum();
    assert_eq!(count, wanted.actions.len() as u64);
    assert_eq!(answer.missing_days, [day], "nobody said that the day is whole");
    columns.mark_whole(day);
    assert!(columns.ask(&question, &[day], &|_| None).missing_days.is_empty());
}

#[test]
fn damaged_files_are_refused_and_removed() {
    let entropy = Entropy::seeded(5);
    let day = Timestamp(FIRST).day();
    let mut stored: Vec<Stored> =
        (0..80).map(|number| random_session(&entropy, number, None)).collect();
    stored.retain(|one| one.session.id.start().day() == day);
    for round in 0..60_u64 {
        let folder = tempfile::tempdir().unwrap();
        let columns = ColumnStore::new(folder.path());
        columns.put(day, &mut stored.iter().map(Stored::rows).collect::<Vec<_>>());
        columns.mark_whole(day);
        columns.seal(day, 7).unwrap();
        let path = folder.path().join("days").join(day.to_string()).join("columns");
        let names = ["sessions.arrow", "actions.arrow", "views.arrow", "manifest.json"];
        let file = path.join(names[round as usize % 4]);
        let mut bytes = std::fs::read(&file).unwrap();
        let at = entropy.below(bytes.len() as u64) as usize;
        match round / 4 % 3 {
            0 => bytes[at] ^= 1 << entropy.below(8),
            1 => bytes.truncate(at),
            _ => bytes.extend([0; 7]),
        }
        std::fs::write(&file, &bytes).unwrap();
        let fresh = ColumnStore::new(folder.path());
        match fresh.open(day, 7) {
            // A manifest may change in ways that mean nothing: then all is as it was.
            Ok(true) if names[round as usize % 4] == "manifest.json" => {
                let question = Question {
                    from: Timestamp(FIRST - DAY_MILLIS),
                    to: Timestamp(FIRST + 3 * DAY_MILLIS),
                    ..Question::default()
                };
                let count = |store: &ColumnStore| -> u64 {
                    store
                        .ask(&question, &[day], &|_| None)
                        .groups
                        .iter()
                        .map(|g| g.sums.count)
                        .sum()
                };
                assert_eq!(count(&fresh), count(&columns));
            }
            Ok(is_there) => assert!(!is_there, "{file:?} round {round}"),
            Err(_) => assert!(!path.exists(), "what is damaged is removed"),
        }
    }
}
