//! A data folder with a million sessions of the 30 days that end now: store, search index, one account, one token.

use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use footfall::base::entropy::Entropy;
use footfall::base::id::{ApplicationId, SessionId, VisitorId};
use footfall::base::time::{DAY_MILLIS, Millis, Timestamp};
use footfall::columns::ColumnStore;
use footfall::engine::indexing::reindex;
use footfall::model::action::{
    ActionKind, ActionResources, ApdexZone, Contributors, Resource, ResourceKind, Timings,
    UserAction,
};
use footfall::model::error_report::{ErrorKind, ErrorReport};
use footfall::model::session::{
    ApplicationVisit, EndReason, Experience, Session, SessionKind, Tally,
};
use footfall::model::visitor::{Client, DeviceType, Environment, Place};
use footfall::search::{SearchIndex, SearchOptions};
use footfall::store::codec::Encoder;
use footfall::store::keys;
use footfall::store::schema::Table;
use footfall::store::{Changes, Row, Store, StoreOptions};

use super::server_process::{ServerProcess, ask};

pub const SESSIONS: u64 = 1_000_000;
pub const DAYS: i64 = 30;
pub const USERS: u64 = 200_000;
/// Pages look at the last day: an older folder has nothing to show there.
const AGE_MAX: i64 = DAY_MILLIS;

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
const CLIENTS: &[(&str, &str, &str, DeviceType)] = &[
    ("Chrome", "Windows", "", DeviceType::Desktop),
    ("Chrome", "Windows", "", DeviceType::Desktop),
    ("Edge", "Windows", "", DeviceType::Desktop),
    ("Firefox", "Linux", "", DeviceType::Desktop),
    ("Safari", "macOS", "Mac", DeviceType::Desktop),
    ("Mobile Safari", "iOS", "iPhone", DeviceType::Phone),
    ("Mobile Safari", "iOS", "iPad", DeviceType::Tablet),
    ("Chrome Mobile", "Android", "Pixel 9", DeviceType::Phone),
    ("Samsung Internet", "Android", "Galaxy S24", DeviceType::Phone),
];
const COUNTRIES: &[&str] =
    &["AT", "DE", "CH", "DK", "SE", "US", "GB", "FR", "IT", "ES", "NL", "BE", "PL", "CZ"];
const SECTIONS: &[&str] = &["product", "category", "help", "news"];
const CAPTIONS: &[&str] = &["Buy", "Add to cart", "Search", "Next", "Show more", "Sign in"];

pub fn pick<T: Copy>(entropy: &Entropy, from: &[T]) -> T {
    let at = usize::try_from(entropy.below(from.len() as u64)).unwrap();
    *from.get(at).unwrap()
}

/// The tag of a user.
pub fn tag(user: u64) -> String {
    let own = Entropy::seeded(user);
    let (first, last) = (pick(&own, FIRST), pick(&own, LAST));
    format!("{first}.{last}{user}@example.com")
}

/// Where the folder lies, and the token that reads it.
pub struct Million {
    pub folder: PathBuf,
    pub token: String,
}

/// Makes the folder when there is none, or an old one; brings its index up to this version.
pub fn folder() -> Million {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("million");
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let now = Timestamp(i64::try_from(now.as_millis()).unwrap());
    let marker = folder.join("made");
    let made = std::fs::read_to_string(&marker).ok().and_then(|text| text.parse::<i64>().ok());
    if made.is_none_or(|made| now.0 - made > AGE_MAX) {
        let _none = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("token"), accounts(&folder)).unwrap();
        fill(&folder.join("data"), now);
        std::fs::write(&marker, now.0.to_string()).unwrap();
    }
    index(&folder.join("data"), now);
    let token = std::fs::read_to_string(folder.join("token")).unwrap();
    Million { folder, token }
}

/// An account, three applications and a token.
fn accounts(folder: &Path) -> String {
    let mut server = ServerProcess::start(folder);
    let cookie = server.set_up(folder);
    let send = |path: &str, body: &str| {
        let length = body.len();
        let answer = ask(
            server.admin,
            &format!(
                "POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nCookie: {cookie}\r\n\
                 Sec-Fetch-Site: same-origin\r\nContent-Type: application/json\r\n\
                 Content-Length: {length}\r\n\r\n{body}"
            ),
        );
        assert!(answer.starts_with("HTTP/1.1 2"), "{answer}");
        answer
    };
    for name in ["Shop", "Blog"] {
        send("/api/v1/applications", &format!(r#"{{"name":"{name}"}}"#));
    }
    let scopes = r#"["sessions:read","unmasked:read","applications:read"]"#;
    let body = format!(r#"{{"name":"bench","scopes":{scopes},"days":30}}"#);
    let answer = send("/api/v1/tokens", &body);
    let (_, rest) = answer.split_once(r#""token":""#).unwrap();
    let token = rest.split('"').next().unwrap().to_owned();
    server.stop();
    token
}

fn fill(data: &Path, now: Timestamp) {
    let started = Instant::now();
    let (store, _) = Store::open(data, StoreOptions::default()).unwrap();
    let entropy = Entropy::seeded(1);
    let mut encoder = Encoder::new().unwrap();
    let mut changes = Changes::default();
    let mut actions: u64 = 0;
    let begin = now.0 - DAYS * DAY_MILLIS;
    for number in 0..SESSIONS {
        let step = DAYS * DAY_MILLIS / i64::try_from(SESSIONS).unwrap();
        let start = Timestamp(begin + i64::try_from(number).unwrap() * step);
        let session = session(&entropy, start);
        actions += u64::from(session.tally.actions);
        put(&mut changes, &mut encoder, &entropy, &session);
        changes.at = start;
        if number % 200 == 199 {
            store.append(std::mem::take(&mut changes)).unwrap();
        }
        if number % 2_000 == 1_999 {
            store.checkpoint().unwrap();
        }
    }
    store.append(changes).unwrap();
    store.checkpoint().unwrap();
    for day in store.days().unwrap() {
        let sequence = store.day(day).unwrap().unwrap().sequence().unwrap();
        store.forget_changes(day, sequence).unwrap();
    }
    println!("filled with {actions} actions in {:.0} s", started.elapsed().as_secs_f64());
}

/// Indexes the days whose index is missing or of another version; days that are over become one segment.
fn index(data: &Path, now: Timestamp) {
    let started = Instant::now();
    let (store, _) = Store::open(data, StoreOptions::default()).unwrap();
    let (search, damaged) = SearchIndex::open(data, SearchOptions::default()).unwrap();
    let days = store.days().unwrap();
    if damaged.is_empty() && days.iter().all(|day| search.committed_sequence(*day).is_some()) {
        return;
    }
    let done = reindex(&store, &search, &ColumnStore::new(data), |_, _| {}).unwrap();
    for day in days.iter().filter(|day| **day < now.day()) {
        search.seal_day(*day).unwrap();
    }
    println!("indexed {done} sessions in {:.0} s", started.elapsed().as_secs_f64());
}

fn client(entropy: &Entropy) -> Client {
    let (browser, os, device, device_type) = pick(entropy, CLIENTS);
    Client {
        browser: browser.to_owned(),
        browser_version: format!("{}.0", 130 + entropy.below(15)),
        os: os.to_owned(),
        os_version: (10 + entropy.below(6)).to_string(),
        device: device.to_owned(),
        device_type,
        robot: None,
    }
}

fn environment(entropy: &Entropy) -> Environment {
    let screens = &["1920x1080", "2560x1440", "1366x768", "390x844", "412x915", "1440x900"];
    Environment {
        screen: pick(entropy, screens).to_owned(),
        viewport: "1440x900".to_owned(),
        language: pick(entropy, &["de-AT", "de-DE", "en-US", "en-GB", "fr-FR", "da-DK"]).to_owned(),
        time_zone: "Europe/Vienna".to_owned(),
        connection: pick(entropy, &["4g", "4g", "4g", "3g"]).to_owned(),
        agent_version: "1".to_owned(),
    }
}

fn page(entropy: &Entropy) -> String {
    match entropy.below(4) {
        0 => pick(entropy, &["/", "/cart", "/checkout", "/search", "/account"]).to_owned(),
        _ => format!("/{}/{}", pick(entropy, SECTIONS), entropy.below(60)),
    }
}

fn session(entropy: &Entropy, start: Timestamp) -> Session {
    let user = entropy.below(USERS);
    let own = Entropy::seeded(user ^ 0xabcd_ef01);
    let actions = 1 + u32::try_from(entropy.below(12)).unwrap();
    let errors = u32::from(entropy.below(10) == 0);
    let country = pick(&own, COUNTRIES);
    let city = own.below(20);
    let ip = Ipv4Addr::from_bits(u32::try_from(own.below(1 << 24) << 8).unwrap());
    Session {
        id: SessionId::new(start, entropy.next_u128()),
        visitor: VisitorId(own.next_u128()),
        part: 1,
        previous: None,
        kind: if entropy.below(30) == 0 { SessionKind::Robot } else { SessionKind::RealUser },
        started_at: start,
        last_at: Timestamp(start.0 + i64::from(actions) * 9_000),
        received_at: Timestamp(start.0 + i64::from(actions) * 9_000),
        end_reason: Some(pick(entropy, &[EndReason::Timeout, EndReason::WindowClosed])),
        user_tag: if entropy.below(3) == 0 { String::new() } else { tag(user) },
        applications: vec![ApplicationVisit {
            application: ApplicationId(1 + u32::try_from(entropy.below(3)).unwrap()),
            action_count: actions,
            first_at: start,
            last_at: start,
        }],
        tally: Tally { actions, satisfied: actions, javascript_errors: errors, ..Tally::default() },
        entry_page: page(entropy),
        exit_page: page(entropy),
        referrer: pick(entropy, &["", "https://www.example.org/", "https://search.example/"])
            .to_owned(),
        campaign: pick(entropy, &["", "", "", "spring", "newsletter-11"]).to_owned(),
        client: client(&own),
        environment: environment(&own),
        place: Place {
            country: country.to_owned(),
            region: format!("Region {country} {}", city / 5),
            city: format!("City {country} {city}"),
            isp: format!("Provider {country} {}", own.below(6)),
        },
        ip: Some(IpAddr::V4(ip)),
        release: format!("4.{}.0", entropy.below(12)),
        is_new_visitor: entropy.below(5) == 0,
        last_zone: ApdexZone::Satisfied,
        experience: if errors > 0 { Experience::Frustrated } else { Experience::Satisfied },
        properties: vec![("basket".to_owned(), entropy.below(500).to_string())],
        usage_units: 1,
        clock_offset: 0,
        ruleset: 1,
        extensions: Vec::new(),
    }
}

fn put(changes: &mut Changes, encoder: &mut Encoder, entropy: &Entropy, session: &Session) {
    let day = session.id.start().day();
    let mut row = |table, key, value| {
        changes.rows.push(Row { day, table, key, value: Some(value) });
    };
    row(Table::Session, keys::session(session.id), encoder.encode(session).unwrap());
    for number in 1..=session.tally.actions {
        let action = action(entropy, session, number);
        let key = keys::numbered(session.id, number);
        row(Table::Action, key.clone(), encoder.encode(&action).unwrap());
        if action.kind == ActionKind::PageLoad {
            row(Table::Resources, key, encoder.encode(&resources(entropy)).unwrap());
        }
    }
}

fn action(entropy: &Entropy, session: &Session, number: u32) -> UserAction {
    let is_load = number % 3 == 1;
    let is_last = number == session.tally.actions;
    let page = match number {
        1 => session.entry_page.clone(),
        _ if is_last => session.exit_page.clone(),
        _ => page(entropy),
    };
    let error_count = if is_last { session.tally.errors() } else { 0 };
    let duration = Millis(300 + u32::try_from(entropy.below(3_000)).unwrap());
    UserAction {
        number,
        application: session.applications.first().unwrap().application,
        kind: if is_load { ActionKind::PageLoad } else { ActionKind::Xhr },
        name: if is_load {
            format!("loading of page {page}")
        } else {
            format!("click on \"{}\" on page {page}", pick(entropy, CAPTIONS))
        },
        url: format!("https://shop.example.com{page}"),
        page,
        page_group: String::new(),
        target_url: String::new(),
        request_url: if is_load {
            String::new()
        } else {
            "https://shop.example.com/api".to_owned()
        },
        title: "The shop".to_owned(),
        started_at: Timestamp(session.started_at.0 + i64::from(number - 1) * 9_000),
        duration,
        visually_complete: is_load.then_some(duration),
        speed_index: is_load.then_some(duration),
        long_tasks: Millis(60),
        timings: Timings {
            request_start: Some(40),
            response_start: Some(160),
            response_end: Some(220),
            load_event_end: Some(duration.0),
            ..Timings::default()
        },
        contributors: Contributors {
            server: Millis(120),
            network: Millis(100),
            frontend: Millis(duration.0.saturating_sub(220)),
        },
        zone: ApdexZone::Satisfied,
        is_soft_navigation: false,
        was_hidden: false,
        page_number: 1,
        parent: 0,
        errors: (0..error_count).map(|_| error(entropy)).collect(),
        error_count,
        properties: Vec::new(),
        resource_count: if is_load { 10 } else { 1 },
        page_view: number / 3,
        tab: 7,
        release: session.release.clone(),
    }
}

fn error(entropy: &Entropy) -> ErrorReport {
    ErrorReport {
        kind: ErrorKind::Javascript,
        at: 400,
        message: format!("chunk {} failed", entropy.below(500)),
        name: "ChunkLoadError".to_owned(),
        stack: "at load (https://shop.example.com/assets/app.js:1:2231)".to_owned(),
        url: "https://shop.example.com/assets/app.js".to_owned(),
        count: 1,
        ..ErrorReport::default()
    }
}

fn resources(entropy: &Entropy) -> ActionResources {
    let kinds = [ResourceKind::Script, ResourceKind::Stylesheet, ResourceKind::Image];
    let rows = kinds.iter().cycle().zip(0..10_u32).map(|(kind, n)| Resource {
        url: format!("https://cdn.example.com/assets/part-{n}.8f31.bin"),
        kind: *kind,
        start: n * 40,
        duration: 50 + u32::try_from(entropy.below(200)).unwrap(),
        request_start: 4,
        response_start: 40,
        transfer_bytes: u32::try_from(entropy.below(60_000)).unwrap(),
        protocol: "h2".to_owned(),
        ..Resource::default()
    });
    ActionResources { rows: rows.collect(), sums: Vec::new() }
}
