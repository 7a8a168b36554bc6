//! Search over 1,000,000 sessions of 30 days: times of each kind of query, as a page would ask it.
//!
//! The index is built once and kept below the target folder. Figures: exact, prefix and one typo below 5 ms, inside
//! of a tag below 20 ms, all at p99.

use std::io::Write;
use std::path::PathBuf;

use footfall::base::clock::Stopwatch;
use footfall::base::entropy::Entropy;
use footfall::base::id::{ApplicationId, SessionId, VisitorId};
use footfall::base::time::{DAY_MILLIS, Day, Timestamp};
use footfall::logic::query_parser::parse;
use footfall::model::action::ApdexZone;
use footfall::model::session::{
    ApplicationVisit, EndReason, Experience, Session, SessionKind, Tally,
};
use footfall::model::visitor::{Client, DeviceType, Environment, Place};
use footfall::search::{
    Scope, SearchIndex, SearchOptions, SearchRequest, SessionDocument, StatisticsRequest,
    VisitFigures,
};

const SESSIONS: u64 = 1_000_000;
const DAYS: u64 = 30;
const FIRST_DAY: i64 = 20_000;
const USERS: u64 = 200_000;
const ROUNDS: usize = 300;

const FIRST: &[&str] = &[
    "ryan", "anna", "peter", "maria", "jonas", "lena", "paul", "sophie", "max", "laura", "felix",
    "julia", "david", "sarah", "simon", "lisa", "thomas", "eva", "martin", "nina", "jürgen",
    "bryan", "oliver", "emma", "noah", "mia", "liam", "ella", "lukas", "clara",
];
const LAST: &[&str] = &[
    "mueller",
    "schmidt",
    "schneider",
    "fischer",
    "weber",
    "meyer",
    "wagner",
    "becker",
    "schulz",
    "hoffmann",
    "smith",
    "jones",
    "taylor",
    "brown",
    "wilson",
    "gruber",
    "huber",
    "bauer",
    "pichler",
    "steiner",
    "moser",
    "mayer",
    "hofer",
    "leitner",
    "berger",
    "hansen",
    "nielsen",
    "jensen",
];
const PAGES: &[&str] = &["/", "/cart", "/checkout", "/product", "/search", "/account", "/help"];
const BROWSERS: &[&str] = &["Chrome", "Safari", "Firefox", "Edge", "Samsung Internet"];
const COUNTRIES: &[&str] = &["AT", "DE", "CH", "DK", "SE", "US", "GB", "FR", "IT", "ES"];

fn pick<'a>(entropy: &Entropy, from: &[&'a str]) -> &'a str {
    let at = usize::try_from(entropy.below(from.len() as u64)).unwrap_or(0);
    from.get(at).copied().unwrap_or_default()
}

fn tag(user: u64) -> String {
    let own = Entropy::seeded(user);
    let (first, last) = (pick(&own, FIRST), pick(&own, LAST));
    format!("{first}.{last}{user}@example.com")
}

fn client(entropy: &Entropy) -> Client {
    Client {
        browser: pick(entropy, BROWSERS).to_owned(),
        browser_version: format!("{}.0", 130 + entropy.below(15)),
        os: "Windows".to_owned(),
        os_version: "11".to_owned(),
        device: String::new(),
        device_type: DeviceType::Desktop,
        robot: None,
    }
}

fn random_session(entropy: &Entropy, number: u64) -> SessionDocument {
    let span = DAYS * DAY_MILLIS.unsigned_abs();
    let start = Timestamp(
        FIRST_DAY * DAY_MILLIS + i64::try_from(number * (span / SESSIONS)).unwrap_or_default(),
    );
    let user = entropy.below(USERS);
    let actions = 1 + u32::try_from(entropy.below(20)).unwrap_or(0);
    let is_bad = entropy.below(10) == 0;
    let session = Session {
        id: SessionId::new(start, entropy.next_u128()),
        visitor: VisitorId(u128::from(user)),
        part: 1,
        previous: None,
        kind: SessionKind::RealUser,
        started_at: start,
        last_at: Timestamp(start.0 + i64::from(actions) * 9_000),
        received_at: start,
        end_reason: Some(EndReason::Timeout),
        user_tag: if entropy.below(3) == 0 { String::new() } else { tag(user) },
        applications: vec![ApplicationVisit {
            application: ApplicationId(1 + u32::try_from(entropy.below(3)).unwrap_or(0)),
            action_count: actions,
            first_at: start,
            last_at: start,
        }],
        tally: Tally { actions, javascript_errors: u32::from(is_bad), ..Tally::default() },
        entry_page: pick(entropy, PAGES).to_owned(),
        exit_page: pick(entropy, PAGES).to_owned(),
        referrer: String::new(),
        campaign: String::new(),
        client: client(entropy),
        environment: Environment::default(),
        place: Place { country: pick(entropy, COUNTRIES).to_owned(), ..Place::default() },
        ip: None,
        release: format!("4.{}.0", entropy.below(12)),
        is_new_visitor: false,
        last_zone: ApdexZone::Satisfied,
        experience: if is_bad { Experience::Frustrated } else { Experience::Satisfied },
        properties: Vec::new(),
        usage_units: 1,
        clock_offset: 0,
        ruleset: 1,
        extensions: Vec::new(),
    };
    texts(entropy, session, is_bad, number)
}

fn texts(entropy: &Entropy, session: Session, is_bad: bool, number: u64) -> SessionDocument {
    let pages: Vec<String> = (0..3).map(|_| pick(entropy, PAGES).to_owned()).collect();
    let visits = session.applications.iter().map(|visit| visited(entropy, visit, is_bad));
    SessionDocument {
        visits: visits.collect(),
        session,
        action_names: pages
            .iter()
            .map(|page| format!("click on \"Go {}\" on page {page}", entropy.below(50)))
            .collect(),
        pages,
        error_messages: if is_bad {
            vec![format!("chunk {} failed", entropy.below(500))]
        } else {
            Vec::new()
        },
        sequence: number,
    }
}

fn visited(entropy: &Entropy, visit: &ApplicationVisit, is_bad: bool) -> VisitFigures {
    let loads = 1 + visit.action_count / 3;
    let errors = u32::from(is_bad);
    VisitFigures {
        actions: [loads, visit.action_count.saturating_sub(loads), 0],
        zones: [visit.action_count.saturating_sub(errors), 0, errors],
        errors: [errors, 0, 0],
        loads: (0..loads).map(|_| 300 + u32::try_from(entropy.below(5_000)).unwrap_or(0)).collect(),
        ..VisitFigures::new(visit.application)
    }
}

fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

fn build(folder: &PathBuf) -> SearchIndex {
    let done = folder.join("done");
    if !done.exists() {
        let _ = std::fs::remove_dir_all(folder);
        std::fs::create_dir_all(folder).expect("the folder of the bench can be made");
    }
    let (index, damaged) =
        SearchIndex::open(folder, SearchOptions::default()).expect("the index opens");
    assert!(damaged.is_empty());
    if done.exists() {
        return index;
    }
    let entropy = Entropy::seeded(1);
    let watch = Stopwatch::start();
    let mut batch = Vec::new();
    let mut day = None;
    for number in 0..SESSIONS {
        let document = random_session(&entropy, number);
        let this = document.session.id.start().day();
        if batch.len() == 10_000 || day.is_some_and(|day| day != this) {
            index.put(&batch).expect("documents are taken");
            index.commit(number).expect("documents are committed");
            batch.clear();
        }
        if let Some(day) = day
            && day != this
        {
            index.seal_day(day).expect("the day is sealed");
        }
        day = Some(this);
        batch.push(document);
    }
    index.put(&batch).expect("documents are taken");
    index.commit(SESSIONS).expect("documents are committed");
    if let Some(day) = day {
        index.seal_day(day).expect("the day is sealed");
    }
    say(&format!("built in {:.1} s", watch.elapsed().as_secs_f64()));
    std::fs::write(done, b"").expect("the marker is written");
    index
}

fn memory() -> String {
    std::fs::read_to_string("/proc/self/status")
        .unwrap_or_default()
        .lines()
        .filter(|line| line.starts_with("RssAnon") || line.starts_with("VmRSS"))
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect::<Vec<_>>()
        .join(", ")
}

fn request(text: &str) -> SearchRequest {
    SearchRequest::new(
        parse(text),
        Timestamp(FIRST_DAY * DAY_MILLIS),
        Day(i32::try_from(FIRST_DAY + 31).unwrap_or(0)).start(),
    )
}

fn measure(name: &str, rounds: usize, limit: Option<f64>, mut once: impl FnMut(usize) -> usize) {
    let mut times = Vec::with_capacity(rounds);
    let mut found = 0;
    for round in 0..rounds {
        let watch = Stopwatch::start();
        found += once(round);
        times.push(watch.elapsed().as_secs_f64() * 1_000.0);
    }
    times.sort_by(f64::total_cmp);
    let at = |share: usize| times.get((rounds * share / 100).min(rounds - 1)).copied();
    let (middle, high) = (at(50).unwrap_or(0.0), at(99).unwrap_or(0.0));
    let verdict = match limit {
        Some(limit) if high < limit => "ok",
        Some(_) => "TOO SLOW",
        None => "",
    };
    say(&format!(
        "{name:<44} p50 {middle:>8.2} ms  p99 {high:>8.2} ms  rows {:>7.1}  {verdict}",
        f64::from(u32::try_from(found).unwrap_or(u32::MAX))
            / f64::from(u32::try_from(rounds).unwrap_or(1))
    ));
}

/// The tag of a user, without its end.
fn part(user: u64) -> String {
    let tag = tag(user);
    tag.split('@').next().unwrap_or_default().to_owned()
}

fn swap_two(text: &str) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    let middle = chars.iter().position(|c| *c == '.').unwrap_or(1) + 3;
    if middle + 1 < chars.len() {
        chars.swap(middle, middle + 1);
    }
    chars.into_iter().collect()
}

fn main() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("search-1m");
    let index = build(&folder);
    let entropy = Entropy::seeded(7);
    let users: Vec<u64> = (0..ROUNDS).map(|_| entropy.below(USERS)).collect();
    let user = |round: usize| users.get(round).copied().unwrap_or(0);
    let watch = Stopwatch::start();
    say(&format!("{} sessions, {} days", index.session_count(), index.days().len()));
    say(&format!("opened in {:.1} ms, {}", watch.elapsed().as_secs_f64() * 1_000.0, memory()));
    let rows = |text: &str| index.search(&request(text)).map_or(0, |answer| answer.rows.len());
    let fast = Some(5.0);
    measure("user:tag, exact", ROUNDS, fast, |n| rows(&format!("user:{}", tag(user(n)))));
    measure("tag as a word, exact", ROUNDS, fast, |n| rows(&tag(user(n))));
    measure("user:pre*", ROUNDS, fast, |n| rows(&format!("user:{}*", part(user(n)))));
    measure("prefix as a word", ROUNDS, fast, |n| {
        rows(&part(user(n)).chars().take(9).collect::<String>())
    });
    measure("first name as a word", ROUNDS, fast, |n| {
        rows(part(user(n)).split('.').next().unwrap_or_default())
    });
    measure("one typo, whole tag", ROUNDS, fast, |n| rows(&swap_two(&part(user(n)))));
    measure("one typo, last name", ROUNDS, fast, |n| {
        rows(swap_two(&part(user(n))).split('.').nth(1).unwrap_or_default())
    });
    far(&index, &users);
    wide(&index, &users);
    statistics(&index);
    say(&memory());
}

fn far(index: &SearchIndex, users: &[u64]) {
    let user = |round: usize| users.get(round).copied().unwrap_or(0);
    let rows = |text: &str| index.search(&request(text)).map_or(0, |answer| answer.rows.len());
    let inside = Some(20.0);
    measure("inside, rare: user:*ueller12*", ROUNDS, inside, |n| {
        let text: String = part(user(n)).chars().skip(7).collect();
        rows(&format!("user:*{text}*"))
    });
    measure("inside, common: user:*example*", 50, inside, |_| rows("user:*xample.c*"));
    measure("inside, as a word", ROUNDS, inside, |n| {
        rows(&part(user(n)).chars().skip(7).take(6).collect::<String>())
    });
    measure("nothing found", ROUNDS, inside, |n| rows(&format!("zqx{n}")));
    measure("app, country, errors, duration", 50, None, |_| {
        rows("browser:firefox country:DK errors>0 duration>1m")
    });
    measure("error text", 100, None, |n| rows(&format!("error:\"chunk {n} failed\"")));
    measure("everything, newest 50", 50, None, |_| rows(""));
}

fn wide(index: &SearchIndex, users: &[u64]) {
    let user = |round: usize| users.get(round).copied().unwrap_or(0);
    let counts = |text: &str, want_facets: bool| {
        let mut request = request(text);
        request.want_total = true;
        request.want_facets = want_facets;
        index
            .search(&request)
            .ok()
            .and_then(|answer| answer.counts)
            .map_or(0, |c| usize::try_from(c.total).unwrap_or(0))
    };
    measure("exact tag with total and facets", 50, None, |n| {
        counts(&format!("user:{}", tag(user(n))), true)
    });
    measure("ryan, with total", 20, None, |_| counts("ryan", false));
    measure("ryan, with total and facets", 20, None, |_| counts("ryan", true));
    measure("everything, with total", 10, None, |_| counts("", false));
    measure("everything, with total and facets", 5, None, |_| counts("", true));
    measure("type-ahead: two letters", 50, Some(50.0), |n| {
        let text: String = part(user(n)).chars().take(2).collect();
        let mut request = request("");
        request.limit = 8;
        index.suggest(&text, &request).map_or(0, |s| s.users.len())
    });
    measure("type-ahead: last name", 50, Some(50.0), |n| {
        let text: String = part(user(n)).split('.').nth(1).unwrap_or_default().to_owned();
        let mut request = request("");
        request.limit = 8;
        index.suggest(&text, &request).map_or(0, |s| s.users.len())
    });
}

/// What the pages of applications ask: a day beside the day before, a month beside nothing.
fn statistics(index: &SearchIndex) {
    let end = Day(i32::try_from(FIRST_DAY + 30).unwrap_or(0)).start();
    let ask = |days: i64, scope: Scope, compare: bool, dimensions: usize| {
        let from = Timestamp(end.0 - days * DAY_MILLIS);
        let mut search = SearchRequest::new(parse(""), from, end);
        let width = days * DAY_MILLIS / 48;
        search.bucket_starts = (0..48).map(|n| Timestamp(from.0 + n * width)).collect();
        let mut request = StatisticsRequest::new(search, scope);
        request.compare_from = compare.then_some(Timestamp(from.0 - days * DAY_MILLIS));
        request.dimensions =
            StatisticsRequest::DIMENSIONS.iter().take(dimensions).cloned().collect();
        let answer = index.statistics(&request).expect("the numbers are told");
        answer.groups.iter().map(|group| group.current.figures.sessions).sum::<u64>()
    };
    let limit = Some(100.0);
    let one = Scope::Application(ApplicationId(1));
    let count = |sessions: u64| usize::try_from(sessions).unwrap_or(0);
    measure("overview, a day beside the day before", 50, limit, |_| count(ask(1, one, true, 8)));
    measure("overview, a week beside the week before", 50, limit, |_| count(ask(7, one, true, 8)));
    measure("overview, 30 days", 20, limit, |_| count(ask(30, one, false, 8)));
    measure("overview, 30 days, all applications", 20, limit, |_| {
        count(ask(30, Scope::All, false, 8))
    });
    measure("every application, a day beside another", 50, limit, |_| {
        count(ask(1, Scope::EachApplication, true, 0))
    });
    measure("every application, 30 days", 20, limit, |_| {
        count(ask(30, Scope::EachApplication, false, 0))
    });
}
