//! Ten questions about ten million user actions of 30 days: time of each, memory, bytes on disk.
//!
//! `cargo bench --profile dist --bench columns`; `-- --actions 1000000` for fewer, `-- --keep FOLDER` leaves the files for
//! `scripts/bench-analytics`. Figures: every question below 60 ms at p95, 40 bytes an action, 150 MB beyond what is mapped.

#![expect(clippy::unwrap_used, reason = "a bench fails by panicking")]
#![expect(clippy::disallowed_methods, reason = "a bench measures time")]
#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

use std::path::Path;
use std::time::Instant;

use footfall::base::entropy::Entropy;
use footfall::base::id::{ApplicationId, SessionId, VisitorId};
use footfall::base::time::{DAY_MILLIS, Day, HOUR_MILLIS, Millis, Timestamp};
use footfall::columns::{
    ActionColumn, ColumnStore, Measure, Question, SessionColumn, SessionRows, Split, ViewColumn,
    Wants,
};
use footfall::logic::query_parser::parse;
use footfall::model::action::{
    ActionKind, ApdexZone, Contributors, Timings, UserAction, WebVitals,
};
use footfall::model::session::{
    ApplicationVisit, EndReason, Experience, Session, SessionKind, Tally,
};
use footfall::model::visitor::{Client, DeviceType, Environment, Place};

const DAYS: i64 = 30;
const FIRST: i64 = 20_000 * DAY_MILLIS;
const ACTIONS_OF_SESSION: u64 = 8;
const PEOPLE: u64 = 300_000;
const NAMES: u64 = 390;
const APPLICATIONS: u64 = 8;
const ROUNDS: usize = 21;
const BROWSERS: [&str; 9] = [
    "Chrome",
    "Safari",
    "Edge",
    "Firefox",
    "Mobile Safari",
    "Chrome Mobile",
    "Samsung Internet",
    "Opera",
    "Vivaldi",
];

/// A number below `below`, small ones much more often.
fn skewed(entropy: &Entropy, below: u64) -> u64 {
    let all = entropy.below(below * below);
    below - 1 - all.isqrt().min(below - 1)
}

/// A duration as pages have them: most around a second, some very long.
fn duration(entropy: &Entropy) -> u32 {
    let tail = entropy.below(1_000);
    let base = 80 + entropy.below(900) + entropy.below(900);
    let times = if tail < 10 {
        40
    } else if tail < 100 {
        6
    } else {
        1
    };
    u32::try_from(base * times).unwrap()
}

fn action(entropy: &Entropy, session: &Session, number: u32, names: &[String]) -> UserAction {
    let name = names.get(usize::try_from(skewed(entropy, NAMES)).unwrap()).unwrap();
    let millis = duration(entropy);
    let is_load = number % 3 == 1;
    let value = |below: u64| u32::try_from(entropy.below(below)).unwrap();
    let started_at = Timestamp(session.id.start().0 + i64::from(number) * 20_000);
    UserAction {
        number,
        application: session.applications.first().unwrap().application,
        kind: if is_load { ActionKind::PageLoad } else { ActionKind::Xhr },
        name: name.clone(),
        page: name.replace("action", "/page"),
        page_group: String::new(),
        url: String::new(),
        target_url: String::new(),
        request_url: String::new(),
        title: String::new(),
        started_at,
        duration: Millis(millis),
        visually_complete: is_load.then_some(Millis(millis)),
        speed_index: is_load.then_some(Millis(millis / 2)),
        long_tasks: Millis(0),
        timings: Timings {
            response_start: is_load.then(|| value(600)),
            first_contentful_paint: is_load.then(|| value(2_000)),
            load_event_end: is_load.then_some(millis),
            ..Timings::default()
        },
        contributors: Contributors {
            server: Millis(millis / 3),
            network: Millis(millis / 5),
            frontend: Millis(0),
        },
        zone: match millis {
            0..=3_000 => ApdexZone::Satisfied,
            3_001..=15_000 => ApdexZone::Tolerating,
            _ => ApdexZone::Frustrated,
        },
        is_soft_navigation: false,
        was_hidden: false,
        page_number: 0,
        parent: 0,
        errors: Vec::new(),
        error_count: u32::from(entropy.below(50) == 0),
        properties: Vec::new(),
        resource_count: 0,
        page_view: number,
        tab: 1,
        release: format!("4.{}", started_at.day().0 / 7),
    }
}

fn session(entropy: &Entropy, start: Timestamp, number: u64) -> Session {
    let country = skewed(entropy, 50);
    let letter = |n: u64| char::from(b'A' + u8::try_from(n % 26).unwrap());
    let browser = BROWSERS.get(usize::try_from(skewed(entropy, 9)).unwrap()).unwrap();
    let application = ApplicationId(u32::try_from(1 + skewed(entropy, APPLICATIONS)).unwrap());
    Session {
        id: SessionId::new(start, u128::from(number)),
        visitor: VisitorId(u128::from(skewed(entropy, PEOPLE))),
        part: 1,
        previous: None,
        kind: SessionKind::RealUser,
        started_at: start,
        last_at: Timestamp(start.0 + 200_000),
        received_at: start,
        end_reason: Some(EndReason::Timeout),
        user_tag: String::new(),
        applications: vec![ApplicationVisit {
            application,
            action_count: 8,
            first_at: start,
            last_at: start,
        }],
        tally: Tally { actions: 8, ..Tally::default() },
        entry_page: "/".to_owned(),
        exit_page: format!("/page {}", skewed(entropy, NAMES)),
        referrer: String::new(),
        campaign: String::new(),
        client: Client {
            browser: (*browser).to_owned(),
            browser_version: format!("{}", 140 + entropy.below(8)),
            os: ["Windows", "macOS", "Android", "iOS"]
                .get(usize::try_from(skewed(entropy, 4)).unwrap())
                .copied()
                .unwrap()
                .to_owned(),
            os_version: String::new(),
            device: String::new(),
            device_type: DeviceType::Desktop,
            robot: None,
        },
        environment: Environment { connection: "4g".to_owned(), ..Environment::default() },
        place: Place {
            country: format!("{}{}", letter(country / 26), letter(country)),
            ..Place::default()
        },
        ip: None,
        release: String::new(),
        is_new_visitor: entropy.below(3) == 0,
        last_zone: ApdexZone::Satisfied,
        experience: Experience::Satisfied,
        properties: Vec::new(),
        usage_units: 1,
        clock_offset: 0,
        ruleset: 1,
        extensions: Vec::new(),
    }
}

/// Fills the days and writes their files; answers how long sealing one of them took at most.
fn fill(columns: &ColumnStore, actions: u64, days: &[Day]) {
    let names: Vec<String> = (0..NAMES).map(|number| format!("action {number}")).collect();
    let of_day = actions / u64::try_from(DAYS).unwrap() / ACTIONS_OF_SESSION;
    let mut slowest = 0.0_f64;
    for day in days {
        let entropy = Entropy::seeded(u64::try_from(day.0).unwrap());
        let step = DAY_MILLIS / i64::try_from(of_day.max(1)).unwrap();
        for batch in 0..of_day.div_ceil(2_000) {
            let numbers = batch * 2_000..((batch + 1) * 2_000).min(of_day);
            let made: Vec<(Session, Vec<UserAction>)> = numbers
                .map(|number| {
                    let at = day.start().0 + step * i64::try_from(number).unwrap();
                    let session = session(&entropy, Timestamp(at), number);
                    let actions = (1..=8).map(|n| action(&entropy, &session, n, &names)).collect();
                    (session, actions)
                })
                .collect();
            let vitals: Vec<Vec<(u32, WebVitals)>> = made
                .iter()
                .map(|(_, actions)| {
                    let loads = actions.iter().filter(|one| one.kind == ActionKind::PageLoad);
                    loads.map(|one| (one.number, vitals(&entropy, one))).collect()
                })
                .collect();
            let mut rows: Vec<SessionRows<'_>> = made
                .iter()
                .zip(&vitals)
                .map(|((session, actions), vitals)| SessionRows { session, actions, vitals })
                .collect();
            columns.put(*day, &mut rows);
        }
        columns.mark_whole(*day);
        let watch = Instant::now();
        columns.seal(*day, 1).unwrap();
        slowest = slowest.max(watch.elapsed().as_secs_f64());
    }
    println!(
        "sealing a day          {slowest:.2} s at most, {} actions",
        of_day * ACTIONS_OF_SESSION
    );
}

fn vitals(entropy: &Entropy, load: &UserAction) -> WebVitals {
    WebVitals {
        largest_contentful_paint: Some(load.duration.0),
        interaction_to_next_paint: (entropy.below(2) == 0)
            .then(|| u32::try_from(entropy.below(400)).unwrap()),
        cumulative_layout_shift: Some(u32::try_from(entropy.below(300)).unwrap()),
        ..WebVitals::default()
    }
}

fn questions() -> Vec<(&'static str, Question)> {
    let (from, to) = (Timestamp(FIRST), Timestamp(FIRST + DAYS * DAY_MILLIS));
    let steps =
        |step: i64| (0..DAYS * DAY_MILLIS / step).map(|n| Timestamp(FIRST + n * step)).collect();
    let all = || Question { from, to, ..Question::default() };
    let (percentiles, zones, users) = (
        Wants { percentiles: true, ..Wants::default() },
        Wants { zones: true, ..Wants::default() },
        Wants { users: true, ..Wants::default() },
    );
    let (browser, country) =
        (Split::Session(SessionColumn::Browser), Split::Session(SessionColumn::Country));
    let name = Split::Action(ActionColumn::Name);
    let one = vec![ApplicationId(1)];
    vec![
        ("count and average by browser", Question { splits: vec![browser], ..all() }),
        ("three percentiles over all", Question { wants: percentiles, ..all() }),
        ("hourly, with average", Question { bucket_starts: steps(HOUR_MILLIS), ..all() }),
        (
            "daily p75 of LCP",
            Question {
                bucket_starts: steps(DAY_MILLIS),
                measure: Measure::View(ViewColumn::LargestContentfulPaint),
                wants: percentiles,
                ..all()
            },
        ),
        ("Apdex by name", Question { splits: vec![name], wants: zones, ..all() }),
        ("distinct users", Question { wants: users, ..all() }),
        (
            "one application and country, by name",
            Question {
                splits: vec![name],
                filter: parse("country:AA"),
                allowed: Some(one.clone()),
                wants: percentiles,
                ..all()
            },
        ),
        (
            "one application, 7 days, by country",
            Question {
                from: Timestamp(to.0 - 7 * DAY_MILLIS),
                splits: vec![country],
                allowed: Some(one),
                wants: Wants { percentiles: true, zones: true, users: false },
                ..all()
            },
        ),
        (
            "by name, three percentiles",
            Question { splits: vec![name], wants: percentiles, ..all() },
        ),
        (
            "one browser, hourly by Apdex",
            Question {
                bucket_starts: steps(HOUR_MILLIS),
                filter: parse("browser:Chrome"),
                splits: vec![Split::Action(ActionColumn::Apdex)],
                ..all()
            },
        ),
    ]
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let after = |name: &str| arguments.iter().skip_while(|a| *a != name).nth(1).cloned();
    let actions: u64 = after("--actions").map_or(10_000_000, |n| n.parse().unwrap());
    let made = tempfile::tempdir().unwrap();
    let folder = after("--keep").map_or_else(|| made.path().to_owned(), std::path::PathBuf::from);
    let first = Timestamp(FIRST).day();
    let days: Vec<Day> = (0..i32::try_from(DAYS).unwrap()).map(|n| Day(first.0 + n)).collect();
    let watch = Instant::now();
    fill(&ColumnStore::new(&folder), actions, &days);
    println!("filled in              {:.0} s", watch.elapsed().as_secs_f64());
    let columns = ColumnStore::new(&folder);
    let watch = Instant::now();
    for day in &days {
        assert!(columns.open(*day, 1).unwrap());
    }
    let count = columns.action_count();
    println!(
        "opened                 {count} actions in {:.0} ms",
        watch.elapsed().as_secs_f64() * 1_000.0
    );
    println!("on disk                {:.1} bytes an action", float(size(&folder)) / float(count));
    let mut sum = 0.0;
    for (name, question) in questions() {
        let mut times: Vec<f64> = (0..ROUNDS)
            .map(|_| {
                let watch = Instant::now();
                let answer = columns.ask(&question, &days, &|_| None);
                assert!(
                    !answer.groups.is_empty() && !answer.is_cut && answer.missing_days.is_empty()
                );
                watch.elapsed().as_secs_f64() * 1_000.0
            })
            .skip(1)
            .collect();
        times.sort_by(f64::total_cmp);
        let at =
            |share: usize| *times.get((times.len() * share / 100).min(times.len() - 1)).unwrap();
        sum += at(50);
        let verdict = if at(95) < 60.0 { "ok" } else { "TOO SLOW" };
        println!("{name:<40} p50 {:>7.1}  p95 {:>7.1} ms  {verdict}", at(50), at(95));
    }
    println!("all ten                {sum:.0} ms at p50");
    println!("memory                 {}", memory());
}

fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let lines =
        status.lines().filter(|line| line.starts_with("RssAnon") || line.starts_with("VmHWM"));
    lines.collect::<Vec<_>>().join(", ")
}

#[expect(clippy::cast_precision_loss, reason = "for printing")]
fn float(number: usize) -> f64 {
    number as f64
}

fn size(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).unwrap();
    entries
        .map(|entry| {
            let entry = entry.unwrap();
            let meta = entry.metadata().unwrap();
            if meta.is_dir() { size(&entry.path()) } else { usize::try_from(meta.len()).unwrap() }
        })
        .sum()
}
