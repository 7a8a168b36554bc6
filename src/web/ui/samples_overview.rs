//! Made-up numbers for tests of pages: home, applications, overview.

use super::actions::*;
use super::applications::*;
use super::frame::Link;
use super::overview::*;
use super::parts::*;
use super::samples::{HOSTILE, RTL};
use super::samples_sessions::{find_box, rows, tokens};
use super::sessions::FindBox;
use super::samples_settings::{SNIPPET, tabs};
use crate::web::charts::bars::{Mark, WHOLE};
use crate::web::charts::meter::meter;
use crate::web::charts::plot::{self, Line, Plot, Spot, spark};
use crate::web::templates::Markup;

fn delta(text: &str, way: &'static str, mood: &'static str) -> Delta {
    Delta { text: text.to_owned(), way, mood, title: "3,213 in the period before".to_owned() }
}

fn some_spark() -> Markup {
    spark(&[Some(3.0), Some(5.0), None, Some(4.0), Some(9.0), Some(2.0)])
}

pub fn actions() -> ActionsPage {
    let head = |label, order, is_number| SortHead { label, href: "/apps/a_0000001/actions?sort=x".to_owned(), order, is_number };
    let line = |name: &str, count: u64, share: u32, apdex: Option<(&'static str, &str)>| ActionLine {
        name: name.to_owned(), href: "/sessions?q=app:x+action:y".to_owned(), kind: "load", count,
        delta: if count > 100 { delta("6.2%", "up", "") } else { Delta::default() },
        total: "3 h 12 min".to_owned(), share: format!("{share}%"), bar: meter(&[(share, "fill-series")], 100, "Share of all time"),
        median: "640 ms".to_owned(), p75: "1.2 s".to_owned(), p95: "4.8 s".to_owned(), errors: "0.4%".to_owned(),
        apdex: apdex.map(|(band, text)| Chip::of(band, text)),
    };
    ActionsPage {
        name: "Webshop".to_owned(), facts: "312 names with 24,918 user actions, 9 h in all".to_owned(), tabs: tabs(3),
        kinds: vec![Link { is_current: true, ..Link::new("All", "?") }, Link::new("Loads", "?type=page_load"), Link::new("XHR", "?type=xhr")],
        find: FindBox {
            action: "/apps/a_0000001/actions".to_owned(), label: "Filter the user actions", hint: "Add a filter…", tokens: tokens(),
            ..find_box()
        },
        heads: vec![
            head("User action", "", false), head("Count", "", true), head("Total time", "descending", true), head("Median", "", true),
            head("p75", "", true), head("p95", "", true), head("With errors", "", true), head("Apdex", "", false),
        ],
        rows: vec![
            line("loading of page /checkout", 8_120, 41, Some(("poor", "0.62"))),
            line(HOSTILE, 912, 12, Some(("good", "0.90"))), line(RTL, 14, 1, None), line("", 3, 0, None),
        ],
        pages: vec![Link::new("Previous", "?"), Link::new("Next", "?after=100")],
        exports: vec![Link::new("CSV", "/api/v1/applications/a_0000001/actions?format=csv")],
        notes: vec!["Not complete yet, being read: 2026-11-23".to_owned()],
        ..ActionsPage::default()
    }
}

pub fn actions_without_any() -> ActionsPage {
    ActionsPage {
        name: "Webshop".to_owned(), facts: "0 names with 0 user actions".to_owned(), tabs: tabs(3), kinds: vec![Link::new("All", "?")],
        nothing: "No user action fits in this time.".to_owned(), ways: vec![Link::new("Last 30 days", "?from=-30d")],
        ..ActionsPage::default()
    }
}

pub fn applications() -> ApplicationsPage {
    let row = |name: &str, sessions, apdex: Option<(&'static str, &str)>, state: Chip| ApplicationRow {
        name: name.to_owned(), href: "/apps/a_0000001".to_owned(), hosts: "shop.example.com".to_owned(), sessions, users: sessions / 2,
        sessions_href: "/sessions?q=app:x".to_owned(), errors_href: "/sessions?q=app:x+errors%3E0".to_owned(),
        delta: if sessions > 0 { delta("6.2%", "up", "good") } else { Delta::default() },
        rate: "17.3/min".to_owned(), load: "2.1 s".to_owned(), spark: if sessions > 0 { some_spark() } else { Markup::default() },
        apdex: apdex.map(|(band, text)| Chip::of(band, text)), errors: "4.0%".to_owned(), last_beacon: "2 s ago".to_owned(), state,
        health: "/apps/a_0000001/health".to_owned(), settings: "/apps/a_0000001/settings/general".to_owned(),
    };
    let head = |label, order, is_number| SortHead { label, href: "/apps?sort=x".to_owned(), order, is_number };
    ApplicationsPage {
        heads: vec![
            head("Application", "", false), head("Sessions", "", true), head("Users", "", true), head("Actions", "", true),
            head("Apdex", "ascending", false), head("Load p75", "", true), head("With errors", "", true), head("Last beacon", "", false),
        ],
        rows: vec![
            row("Customer portal", 311, Some(("poor", "0.62 poor")), Chip::of("bad", "refusing")),
            row("Webshop", 3_412, Some(("good", "0.90 good")), Chip::of("good", "receiving")),
            row(HOSTILE, 0, None, Chip::plain("waiting")),
            row(RTL, 0, None, Chip::plain("off")),
        ],
        unassigned: Some(Unassigned {
            row: row("My web application", 96, Some(("fair", "0.81 fair")), Chip::of("good", "receiving")),
            way: Link::new("Create applications from its hosts", "/apps/a_0000001/settings/detection"),
        }),
        note: "Real users. Robots and monitors are not counted here.".to_owned(),
        create: "/apps/new".to_owned(),
    }
}

fn steps() -> Vec<Step> {
    let step = |key, question, value: &str, unit: &str, delta, line: &str, parts: &[(u32, &str)]| Step {
        key, question, value: value.to_owned(), full: value.to_owned(), unit: unit.to_owned(), delta, line: line.to_owned(),
        bar: meter(parts, 100, "Parts of the whole"), href: format!("/apps/a_0000001?focus={key}"), is_current: key == "felt",
    };
    vec![
        step("who", "Who came", "3,412", "sessions", delta("6.2%", "up", "good"), "2,187 users · 31% new · 31% bounced", &[(61, "fill-series"), (33, "fill-series-2"), (6, "fill-none")]),
        step("did", "What they did", "24,918", "actions", delta("4.8%", "up", "good"), "38% load · 57% XHR · 5% custom", &[(38, "fill-series"), (57, "fill-series-2"), (5, "fill-series-3")]),
        step("felt", "How it felt", "0.90", "good", delta("0.03", "down", "bad"), "Apdex · load p75 2.1 s", &[(86, "fill-good"), (10, "fill-fair"), (4, "fill-bad")]),
        step("broke", "What broke", "412", "errors", delta("118%", "up", "bad"), "138 sessions hit · 4.0%", &[(64, "fill-bad"), (29, "fill-poor"), (7, "fill-none")]),
        step("goal", "Did they succeed", "69%", "went on", delta("0.0 pt", "", ""), "Past the first action · goals are not there yet", &[(69, "fill-excellent"), (31, "fill-none")]),
    ]
}

fn panel() -> Panel {
    let spots = |is_drawn: bool| -> Vec<Spot> {
        (0..24_u32).map(|hour| Spot {
            title: format!("{hour}:00 {HOSTILE}"), href: "/sessions?from=x".to_owned(), span: (hour * WHOLE / 24, (hour + 1) * WHOLE / 24),
            parts: if is_drawn { vec![f64::from(300 + hour * 97 % 500), f64::from(hour * 7 % 60), f64::from(hour % 9 * 5)] } else { Vec::new() },
            is_open: hour == 23,
        }).collect()
    };
    let marks: Vec<Mark> = (0..6).map(|mark| Mark { at: mark * WHOLE / 6, label: format!("{:02}:00", (10 + mark * 4) % 24) }).collect();
    let score = |hour: u32| 0.92 - f64::from(hour * 13 % 7) / 50.0 - if hour > 18 { 0.12 } else { 0.0 };
    let apdex = plot::draw(&Plot {
        spots: spots(false), classes: Vec::new(), scale: (0.6, 1.0), marks: Vec::new(), height: 112,
        lines: vec![
            Line { class: "plot-before", values: (0..24).map(|hour| Some(score(hour / 2))).collect() },
            Line { class: "plot-now", values: (0..24).map(|hour| (hour != 5 && hour != 7).then(|| score(hour))).collect() },
        ],
        labels: vec![(0.94, "0.94".to_owned()), (0.85, "0.85".to_owned()), (0.7, "0.70".to_owned())],
        finding: "Apdex over time, between 0.70 and 0.92".to_owned(),
    });
    let actions = plot::draw(&Plot {
        spots: spots(true), classes: vec!["fill-good", "fill-fair", "fill-bad"], lines: Vec::new(), scale: (0.0, 900.0),
        labels: vec![(500.0, "500".to_owned())], marks, height: 84, finding: "User actions over time".to_owned(),
    });
    Panel {
        title: "Apdex".to_owned(),
        note: "by start of the session".to_owned(),
        legend: [("key-line", "now"), ("key-before", "period before"), ("fill-good", "satisfied"), ("fill-fair", "tolerating"), ("fill-bad", "frustrated")]
            .map(|(class, text)| (class, text.to_owned())).to_vec(),
        plots: vec![apdex, actions],
        none: String::new(),
    }
}

fn values(key: &'static str, title: &'static str, measure: &'static str, names: &[&str]) -> ValueTable {
    ValueTable {
        key, title, measure, note: "and 12 more".to_owned(), is_timed: key == "browser", exports: vec![Link::new("CSV", "/api/v1/x?format=csv")],
        rows: names.iter().map(|name| ValueRow {
            label: (*name).to_owned(), href: "/sessions?q=x".to_owned(), sessions: 1_204, share: "35%".to_owned(),
            load: if *name == names[0] { "1.4 s".to_owned() } else { String::new() }, load_title: "of 1,204 page loads".to_owned(),
            apdex: Some(Chip::of("fair", "0.78")), errors: "4.0%".to_owned(), bounced: "31%".to_owned(),
        }).collect(),
    }
}

pub fn overview() -> OverviewPage {
    OverviewPage {
        name: "Webshop".to_owned(),
        facts: "shop.example.com · 3 detection rules · last beacon within the last 2 minutes".to_owned(),
        state: Chip::of("good", "receiving"),
        health: "/apps/a_0000001/health".to_owned(),
        tabs: tabs(2),
        sessions: "/sessions?q=app:Webshop".to_owned(),
        kinds: vec![Link { is_current: true, ..Link::new("Real users 3,412", "?") }, Link::new("Robots 42", "?q=user.type:robot"), Link::new("All 3,454", "?q=+")],
        find: FindBox { action: "/apps/a_0000001".to_owned(), label: "Filter the numbers", tokens: tokens(), ..find_box() },
        steps: steps(),
        panel: panel(),
        figures: vec![
            Fact { term: "Load p75".to_owned(), value: Shown::open("2.1 s") },
            Fact { term: "Frustrated sessions".to_owned(), value: Shown::linked("107 · 3.1%", "/sessions?q=ux:frustrated") },
        ],
        splits: vec![Link { is_current: true, ..Link::new("Browser", "?") }, Link::new("Country", "?by=country"), Link::new("Release", "?by=release")],
        split: values("browser", "Browser", "apdex", &["Chrome", "Safari", HOSTILE]),
        tables: vec![
            values("country", "Country", "apdex", &["Denmark", "Sweden"]),
            values("entry", "Entry page", "bounced", &["/", "/product/*", HOSTILE, RTL]),
            values("release", "Release", "errors", &[]),
        ],
        last_at: None,
        live: Some(Link::new("14 live now", "/sessions?q=live:yes")),
        excluded: vec![Link::new("42 robot sessions not counted", "?q=user.type:robot")],
        nothing: None,
        only: String::new(),
    }
}

pub fn overview_never() -> OverviewPage {
    OverviewPage {
        name: HOSTILE.to_owned(),
        nothing: Some(NoData {
            is_never: true,
            text: "Put this line into the head of every page.".to_owned(),
            snippet: SNIPPET.to_owned(),
            ways: vec![Link::new("Why is there no data?", "/apps/a_0000001/health")],
        }),
        state: Chip::plain("waiting"),
        tabs: tabs(2),
        ..OverviewPage::default()
    }
}

pub fn overview_range() -> OverviewPage {
    OverviewPage {
        nothing: Some(NoData {
            text: "No session in this time. The last one was on 23 Nov 2026, 09:51:37.".to_owned(),
            ways: vec![Link::new("Go to the last data", "/apps/a_0000001?from=x")],
            ..NoData::default()
        }),
        ..overview()
    }
}

pub fn home() -> HomePage {
    let card = |name: &str, sessions| ApplicationCard {
        name: name.to_owned(), href: "/apps/a_0000001".to_owned(), hosts: "shop.example.com, www.example.com".to_owned(), sessions,
        delta: delta("6.2%", "up", "good"), spark: some_spark(), apdex: (sessions > 0).then(|| Chip::of("good", "0.90 good")),
        errors: "4.0%".to_owned(), errors_href: "/sessions?q=errors%3E0".to_owned(), live: "14 live".to_owned(),
        state: Chip::of("good", "receiving"), health: "/apps/a_0000001/health".to_owned(),
    };
    let phrase = |text: &str, href: &str| Phrase { text: text.to_owned(), href: href.to_owned(), is_bad: !href.is_empty() };
    HomePage {
        sentence: vec![phrase("2 of 3 applications are fine.", ""), phrase("Customer portal: Apdex 0.62, poor.", "/apps/a_0000002"), phrase(HOSTILE, "/apps/a_0000003")],
        mood: "problem",
        cards: vec![card("Webshop", 3_412), card("Customer portal", 311), card(HOSTILE, 0), card(RTL, 1)],
        more: Some(Link::new("All 9 applications", "/apps")),
        live: rows().into_iter().take(2).collect(),
        live_all: Link::new("All live sessions", "/sessions?q=live:yes"),
        worst: rows().into_iter().skip(2).take(3).collect(),
        worst_all: Link::new("All of them", "/sessions?q=ux:frustrated"),
        worst_none: String::new(),
        tasks: tasks(2),
        has_data: true,
    }
}

fn tasks(done: usize) -> Vec<Task> {
    let task = |number, title, href: &str| Task { title, text: "One line on why.", href: href.to_owned(), is_done: number < done };
    vec![task(0, "Make an application", "/apps/new"), task(1, "Put its line into the pages", "/apps/a_0000001/settings/snippet"), task(2, "Name your users", "/apps/a_0000001/settings/tagging"), task(3, "Let others in", "")]
}

pub fn home_first() -> HomePage {
    HomePage { tasks: tasks(0), ..HomePage::default() }
}
