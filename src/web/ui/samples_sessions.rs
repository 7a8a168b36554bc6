//! Made-up data of the pages of sessions and users.

use super::frame::{Link, Section};
use super::parts::*;
use super::samples::{HOSTILE, RTL, Sample, in_sessions, sample, time_range};
use super::segments::{SegmentRow, SegmentsPage};
use super::session::*;
use super::sessions::*;
use super::user::{CountRow, CountTable, ErrorRow, Tile, UserPage};
use crate::web::charts::bars::{self, Bar, Bars, Mark, WHOLE};
use crate::web::charts::lanes::{self, Lanes, Stretch};
use crate::web::charts::meter::meter;
use crate::web::charts::waterfall::{self, Line, Phase};
use crate::web::templates::Markup;

pub fn rows() -> Vec<SessionRow> {
    let long = "a".repeat(200) + "@example.com";
    [
        ("09:58:41", "anna.holm@example.com", true, "fair", "Tolerated", "4m 12s", 18, 1, "/ → /checkout", "Denmark, Aarhus", "Safari 19"),
        ("09:56:02", "b.larsen@example.com", true, "", "Live", "1m 03s", 6, 0, "/product/212 → /checkout", "Denmark, Odense", "Chrome 141"),
        ("09:51:37", HOSTILE, false, "bad", "Frustrated", "6m 40s", 31, 4, HOSTILE, HOSTILE, "Safari 19"),
        ("09:47:19", "", false, "good", "Satisfied", "22s", 3, 0, "/ → /checkout", "Sweden, Malmö", "Chrome 141"),
        ("09:44:55", RTL, false, "bad", "Frustrated", "3m 18s", 14, 2, "/basket → /checkout", "Denmark", "Edge 141"),
        ("09:41:08", long.as_str(), false, "good", "Satisfied", "11m 47s", 52, 0, "/ → /payment/finish", "Germany, Hamburg", "Firefox 144"),
        ("09:38:30", "\u{0}masked", false, "good", "Satisfied", "0s", 1, 0, "/checkout", "Norway, Oslo", "Chrome 141"),
        ("09:36:12", "pia.v@example.com", false, "fair", "Tolerated", "2m 55s", 12, 0, "/category/beans → /checkout", "Denmark, Esbjerg", "Edge 141"),
        ("09:33:40", "anna.b@example.com", false, "good", "Satisfied", "7m 21s", 27, 0, "/ → /payment/finish", "Sweden, Lund", "Chrome 141"),
        ("09:30:02", "t.nguyen@example.com", false, "bad", "Frustrated", "1m 44s", 9, 3, "/checkout → /checkout", "Denmark, Aarhus", "Safari 19"),
    ]
    .into_iter()
    .map(|(started, user, is_live, band, word, duration, actions, errors, path, place, browser)| SessionRow {
        href: "/sessions/s_00000000000000000000000001".to_owned(),
        started: started.to_owned(),
        started_full: format!("23 Nov 2026, {started}"),
        started_iso: format!("2026-11-23T{started}Z"),
        user: match user {
            "" => Shown::open("Anonymous"),
            "\u{0}masked" => Shown::masked("", "needs the permission “see unmasked data”"),
            tag => Shown::linked(tag, "/users/0f0f"),
        },
        is_live,
        experience: Chip::of(band, word),
        duration: duration.to_owned(),
        actions,
        errors,
        path: path.to_owned(),
        path_full: path.to_owned(),
        place: place.to_owned(),
        browser: browser.to_owned(),
        extra: [("app", HOSTILE), ("properties", "plan: gold")].map(|(key, text)| (key, text.to_owned())).into(),
        matched: if errors > 0 { HOSTILE.to_owned() } else { String::new() },
    })
    .collect()
}

fn histogram() -> Markup {
    let bars = (0..24_u32)
        .map(|hour| Bar {
            title: format!("{hour}:00: sessions"),
            href: "/sessions?from=x".to_owned(),
            parts: vec![38 - (hour * 7 % 31), hour % 5, hour / 4 % 6, 0],
            span: (hour * WHOLE / 24, (hour + 1) * WHOLE / 24),
        })
        .collect();
    let marks = (0..6).map(|mark| Mark { at: mark * WHOLE / 6, label: format!("{:02}:00", (10 + mark * 4) % 24) });
    bars::draw(&Bars {
        bars,
        marks: marks.collect(),
        classes: vec!["fill-good", "fill-fair", "fill-bad", "fill-none"],
        finding: "Sessions per hour by experience".to_owned(),
    })
}

fn facets() -> Vec<Facet> {
    let facet = |title: &str, rows: &[(&str, u64, bool)]| Facet {
        title: title.to_owned(),
        rows: rows.iter().map(|(label, count, is_on)| FacetRow {
            label: (*label).to_owned(), count: *count, href: "/sessions?q=x".to_owned(), is_on: *is_on,
        }).collect(),
        more: (title == "Country").then(|| Link::new("12 more", "/sessions?more=country")),
        rest: if title == "Device" { "and 3 others: type device: into the filter".to_owned() } else { String::new() },
    };
    vec![
        facet("Experience", &[("Satisfied", 1_006, false), ("Tolerated", 171, false), ("Frustrated", 107, false)]),
        facet("Outcome", &[("Has errors", 138, false), ("Bounced", 402, false), ("Live now", 14, false)]),
        facet("Application", &[("Webshop", 1_284, true), ("Customer portal", 311, false), (HOSTILE, 96, false)]),
        facet("Country", &[("Denmark", 804, false), ("Sweden", 211, false), ("Norway", 140, false)]),
        facet("Device", &[("Desktop", 783, false), ("Phone", 424, false)]),
    ]
}

pub fn tokens() -> Vec<Token> {
    [("app", "Webshop", ""), ("page", "/checkout", ""), ("user type", "real", ""), ("durration", HOSTILE, "Unknown field “durration”. Did you mean “duration”?")]
        .into_iter()
        .map(|(field, value, error)| Token {
            field: field.to_owned(),
            value: value.to_owned(),
            without: "/sessions".to_owned(),
            error: error.to_owned(),
        })
        .collect()
}

pub fn find_box() -> FindBox {
    FindBox {
        action: "/sessions".to_owned(),
        label: "Filter sessions",
        hint: "Add a filter…",
        tokens: tokens().into_iter().take(3).collect(),
        query: "app:Webshop page:/checkout".to_owned(),
        keep: vec![("from".to_owned(), "-24h".to_owned())],
        suggest: "/sessions/suggest?text=".to_owned(),
    }
}

fn choices() -> Vec<Choice> {
    ["22 Nov 10:00", "22 Nov 11:00"].map(|label| Choice { value: label.to_owned(), label: label.to_owned(), is_chosen: false }).to_vec()
}

fn columns() -> Vec<Column> {
    [("start", "Started", "fold-second", "descending"), ("user", "User", "fold-first clip-user", ""), ("ux", "Experience", "fold-end", ""), ("duration", "Duration", "number fold-hide", ""), ("errors", "Errors", "number fold-hide", ""), ("path", "Path", "clip fold-quiet", ""), ("app", "Application", "hide-narrow fold-hide clip-place", ""), ("properties", "Properties", "hide-narrow fold-hide clip-place", "")]
        .map(|(key, label, class, sorted)| Column { key, label, class, sort: if class.contains("number") || key == "start" { "/sessions?sort=x".to_owned() } else { String::new() }, sorted })
        .to_vec()
}

fn sessions() -> SessionsPage {
    SessionsPage {
        find: find_box(),
        facets: facets(),
        total: "1,284 sessions".to_owned(),
        note: "of 3,412 · 847 users".to_owned(),
        chart: Some(histogram()),
        stretch: Some(StretchForm {
            action: "/sessions".to_owned(),
            keep: vec![("q".to_owned(), HOSTILE.to_owned())],
            from: choices(), to: choices(),
        }),
        segments: SegmentBar {
            items: vec![Link::new("All", "/sessions"), Link { is_current: true, ..Link::new(HOSTILE, "/sessions?q=x") }],
            may_save: true, filter: HOSTILE.to_owned(), back: "/sessions".to_owned(),
        },
        columns: columns(),
        columns_menu: ColumnsMenu {
            action: "/sessions".to_owned(),
            keep: vec![("q".to_owned(), HOSTILE.to_owned())],
            columns: vec![ColumnChoice { key: "user", label: "User", is_shown: true }, ColumnChoice { key: "os", label: "System", is_shown: false }],
            rows: vec![(25, false), (50, true), (100, false)],
        },
        rows: rows(),
        nothing: None,
        pager: Pager {
            shown: "1–10 of 1,284".to_owned(),
            newer: String::new(),
            older: "/sessions?after=x".to_owned(),
            excluded: vec![Link::new("42 robot sessions not shown", "/sessions?q=user.type:robot")],
        },
        exports: vec![Link::new("CSV", "/sessions?format=csv"), Link::new("NDJSON", "/sessions?format=ndjson")],
        updates: "/sessions/news".to_owned(),
    }
}

fn nothing() -> SessionsPage {
    SessionsPage {
        find: FindBox { tokens: tokens(), ..find_box() },
        total: "0 sessions".to_owned(),
        note: "of 3,412".to_owned(),
        chart: None,
        rows: Vec::new(),
        nothing: Some(NothingFound {
            is_never: false,
            text: "No session of “anna.h” in the last 24 hours.".to_owned(),
            terms: vec![
                TermHelp { term: "user:anna.h".to_owned(), count: 1_284, href: "/sessions".to_owned() },
                TermHelp { term: HOSTILE.to_owned(), count: 3, href: "/sessions".to_owned() },
            ],
            ways: vec![Link::new("3 in the last 35 days", "/sessions?from=-35d")],
        }),
        pager: Pager { shown: "0 of 3,412".to_owned(), ..Pager::default() },
        ..sessions()
    }
}

fn request(name: &str, at: u32, server: u32, class: &'static str, height: u32) -> WaterfallRow {
    let lines = [Line { at: 1_900, class: "waterfall-line" }, Line { at: 11_800, class: "waterfall-end" }];
    let phases = [
        Phase { start: at, length: 120, class: "phase-wait" },
        Phase { start: at + 120, length: server, class },
        Phase { start: at + 120 + server, length: 200, class: "phase-download" },
    ];
    let lines = if height > 10 { &lines[..] } else { &[] };
    WaterfallRow {
        name: name.to_owned(),
        title: format!("https://shop.example.com{name}?token=<masked>"),
        kind: "fetch",
        status: Chip::of("bad", "500"),
        size: "1.2 kB".to_owned(),
        start: "0 ms".to_owned(),
        duration: "11.4 s".to_owned(),
        bar: waterfall::row(&phases, lines, 12_000, height, name),
        note: "h2".to_owned(),
        id: if height > 10 { format!("r{at}{}", name.len()) } else { String::new() },
        href: "?row=1#r1".to_owned(),
        is_marked: at == 0,
        is_dimmed: at > 0,
        details: if at == 0 && height > 10 { vec![Fact { term: "Address".to_owned(), value: Shown::code(HOSTILE) }] } else { Vec::new() },
    }
}

fn detail() -> Detail {
    Detail {
        errors: vec![
            ErrorView {
                label: "HTTP 500".to_owned(),
                text: Shown::open("POST /api/checkout"),
                ..ErrorView::default()
            },
            ErrorView {
                label: "TypeError".to_owned(),
                text: Shown::open(HOSTILE),
                place: "app.4f1c.js:12:99".to_owned(),
                stack: format!("TypeError: {HOSTILE}\n    at pay (app.js:12:99)\n    at click (app.js:3:1)"),
                times: "3 times".to_owned(),
            },
        ],
        requests: vec![
            request("POST /api/checkout", 0, 11_200, "phase-server", 10),
            request("GET /api/basket", 11_400, 180, "phase-server", 10),
            request("error-banner.js", 11_600, 20, "phase-connect", 10),
        ],
        more_requests: "14 more".to_owned(),
        waterfall: "/sessions/s_1/actions/3/waterfall".to_owned(),
        contributors: Some(meter(&[(11_000, "phase-server"), (300, "phase-download"), (500, "phase-script")], 11_800, "Server 11 s")),
        parts: vec![
            Part { label: "Server", value: "11 s".to_owned(), class: "phase-server" },
            Part { label: "Network", value: "0.3 s".to_owned(), class: "phase-download" },
            Part { label: "Frontend", value: "0.5 s".to_owned(), class: "phase-script" },
        ],
        vitals: vec![Vital {
            name: "LCP",
            title: "Largest Contentful Paint",
            chip: Chip::of("fair", "3.1 s needs work"),
            parts: vec![Part { label: "First byte", value: "0.3 s".to_owned(), class: "phase-server" }, Part { label: "Loading", value: "2.8 s".to_owned(), class: "phase-download" }],
            bar: Some(meter(&[(300, "phase-server"), (2_800, "phase-download")], 3_100, "Largest Contentful Paint")),
            facts: vec![Fact { term: "Element".to_owned(), value: Shown::code(HOSTILE) }],
        }],
        facts: vec![
            Fact { term: HOSTILE.to_owned(), value: Shown::open(HOSTILE) },
            Fact { term: "Page".to_owned(), value: Shown::code("https://shop.example.com/checkout?id=<masked>") },
        ],
    }
}

fn happenings() -> Vec<Happening> {
    let action = |number: u32, offset: &str, icon, name: &str, note: &str, millis: u32, class, band, word, is_bad| Happening {
        id: format!("a{number}"), offset: offset.to_owned(), at: format!("23 Nov 2026, 09:{offset}"), icon, name: name.to_owned(), note: note.to_owned(), is_bad,
        duration: format!("{}.{} s", millis / 1000, millis / 100 % 10), bar: Some(meter(&[(millis, class)], 15_000, "duration")),
        chip: Some(Chip::of(band, word)), detail: Some(detail()), is_open: number == 3, ..Happening::default()
    };
    let gap = |name: &str| Happening { is_gap: true, name: name.to_owned(), ..Happening::default() };
    let event = |id: &str, offset: &str, icon, name: &str, note: &str| Happening {
        id: id.to_owned(), offset: offset.to_owned(), icon, name: name.to_owned(), note: note.to_owned(), ..Happening::default()
    };
    vec![
        action(1, "2:56", "file", "Load /checkout", "", 6_200, "fill-fair", "fair", "Tolerating", false),
        action(2, "3:23", "mouse-pointer", "Click on “Delivery address”", "XHR /api/address", 900, "fill-good", "good", "Satisfied", false),
        gap("No activity for 23 s"),
        Happening { masked: Some(Shown::masked("", "hidden by the rule “mask captions”")), ..event("e1", "4:01", "mouse-pointer", "Input “Card number”", "") },
        action(3, "4:15", "mouse-pointer", "Click on “Pay now”", "XHR /api/checkout", 11_800, "fill-bad", "bad", "Frustrated", true),
        action(4, "4:44", "mouse-pointer", HOSTILE, RTL, 12_400, "fill-bad", "bad", "Frustrated", true),
        event("e2", "4:59", "zap", "Rage click on “Pay now”", "6 clicks"),
        event("e3", "6:40", "x", "Session ended", "browser window closed"),
    ]
}

fn timeline() -> Markup {
    let stretch = |start, length, title: &str, class| Stretch { start, length, title: title.to_owned(), href: "#a1".to_owned(), class };
    lanes::draw(&Lanes {
        title: HOSTILE.to_owned(),
        duration: 400_000,
        pages: vec![stretch(0, 47_000, "/search", ""), stretch(48_000, 82_000, "/product/212", ""), stretch(131_000, 44_000, "/basket", ""), stretch(176_000, 224_000, HOSTILE, "")],
        actions: (0_u32..21).map(|n| stretch(n * 18_000, 500 + n * n * 30, "Click", if n > 16 { "fill-bad" } else if n == 12 { "fill-fair" } else { "fill-good" })).collect(),
        errors: vec![stretch(263_000, 0, HOSTILE, "fill-bad"), stretch(296_000, 0, "HTTP 500", "fill-bad")],
        events: vec![stretch(299_000, 0, "Rage click", "fill-poor")],
        idle: vec![stretch(204_000, 23_000, "No activity for 23 s", "")],
    })
}

fn session(user: Shown) -> SessionPage {
    let fact = |term: &str, value: Shown| Fact { term: term.to_owned(), value };
    SessionPage {
        user,
        chips: vec![Chip::of("bad", "Frustrated"), Chip::plain("4 errors")],
        is_live: false,
        facts: "23 Nov 2026, 09:51:37 – 09:58:17 · 6m 40s · Webshop 4.12.0".to_owned(),
        actions: vec![Link::new("All 7 sessions", "/users/0f0f")],
        newer: Some(Link::new("Newer", "/sessions/s_2?q=x")),
        older: Some(Link::new("Older", "/sessions/s_3?q=x")),
        export: "/api/v1/sessions/s_1".to_owned(),
        timeline: timeline(),
        first_error: "a3".to_owned(),
        views: vec![Link { is_current: true, ..Link::new("All 31", "?") }, Link::new("Actions 21", "?show=actions"), Link::new("Errors 4", "?show=errors"), Link::new("Events 6", "?show=events")],
        happenings: happenings(),
        empty: String::new(),
        more: Some(Link::new("Show 18 earlier events", "?all=1")),
        cards: vec![
            FactCard { title: "User", id: "card-user", facts: vec![fact("User tag", Shown::linked("anna.holm@example.com", "/users/0f0f")), fact("Visitor", Shown::code("v_7f3a91c2")), fact("New visitor", Shown::open("no, known since before"))], empty: "" },
            FactCard { title: "Device and place", id: "card-device", facts: vec![fact("Device", Shown::open("iPhone, 390 × 844")), fact("Place", Shown::open("Aarhus, Denmark")), fact("IP address", Shown::masked("185.23.•.•", "hidden by the rule “mask the last part of addresses”"))], empty: "" },
            FactCard { title: "Session", id: "card-session", facts: vec![fact("Entry", Shown::open("/search")), fact("Exit", Shown::open("/checkout")), fact("Ended by", Shown::open("browser window closed")), fact("License", Shown::open("counts as 1 session")), fact("Session ID", Shown::code("s_01jd8q5t7y2m00000000000000"))], empty: "" },
            FactCard { title: "Properties", id: "card-properties", facts: Vec::new(), empty: "None were sent." },
        ],
        updates: "/sessions/s_1/news".to_owned(),
    }
}

fn waterfall_page() -> WaterfallPage {
    WaterfallPage {
        name: HOSTILE.to_owned(),
        chips: vec![Chip::of("bad", "Frustrated"), Chip::plain("11.8 s")],
        facts: "23 Nov 2026, 09:55:52 · anna.holm@example.com".to_owned(),
        session: "/sessions/s_1#a3".to_owned(),
        findings: vec![FindingLink { chip: Chip::of("bad", "1 failed request"), href: "?find=failed".to_owned(), is_current: true }, FindingLink { chip: Chip::of("fair", "slow server"), href: "?find=slow_server".to_owned(), is_current: false }],
        text: HOSTILE.to_owned(),
        action: "/sessions/s_1/actions/3/waterfall".to_owned(),
        keep: vec![("find".to_owned(), "failed".to_owned())],
        sorts: vec![Link { is_current: true, ..Link::new("start", "?") }, Link::new("size", "?sort=size")],
        groupings: vec![Link { is_current: true, ..Link::new("by kind", "?") }, Link::new("by host", "?group=host")],
        third: Some(Link::new("Hide third party 3", "?third=hide")),
        shown: "3 of 12 requests".to_owned(),
        untold: "The browser tells neither phases nor sizes of cdn.example.com.".to_owned(),
        navigation: vec![("DNS", "12 ms".to_owned()), ("server", "551 ms".to_owned())],
        axis: waterfall::axis(12_000),
        groups: vec![
            WaterfallGroup { title: "Documents".to_owned(), note: "412 kB".to_owned(), rows: Vec::new() },
            WaterfallGroup { title: "XHR".to_owned(), note: "412 kB".to_owned(), rows: vec![request("POST /api/checkout", 0, 11_200, "phase-failed", 26), request("GET /api/basket", 11_400, 180, "phase-server", 26)] },
            WaterfallGroup { title: "Resources".to_owned(), note: "412 kB".to_owned(), rows: vec![request(HOSTILE, 11_600, 20, "phase-server", 26)] },
        ],
        lines: vec![("key-none", "first paint 1.9 s".to_owned()), ("phase-server", "end 11.8 s".to_owned())],
        sums: vec![vec!["cdn.example.com".to_owned(), "image".to_owned(), "41".to_owned(), "2.1 s".to_owned(), "412 kB".to_owned()]],
        empty: String::new(),
    }
}

fn counts() -> Vec<CountRow> {
    vec![CountRow { label: HOSTILE.to_owned(), href: String::new(), sessions: 18 }, CountRow { label: RTL.to_owned(), href: "/users/0f0f".to_owned(), sessions: 2 }]
}

fn segments() -> SegmentsPage {
    let row = |name: &str, owner: &str, is_shared, remove: &str| SegmentRow { href: "/sessions?q=x".to_owned(), name: name.to_owned(), filter: name.to_owned(), owner: owner.to_owned(), is_shared, sessions: "1,284".to_owned(), made: "23 Nov, 09:51:37".to_owned(), remove: remove.to_owned() };
    SegmentsPage { rows: vec![row(HOSTILE, HOSTILE, true, "/segments/g_0000001/remove"), row(RTL, "", false, "")], may_save: true }
}

fn missing() -> SessionMissing {
    SessionMissing { title: "There is no such session".to_owned(), text: "No session with this id is kept here.".to_owned(), id: HOSTILE.to_owned(), from: "-35d".to_owned() }
}

fn user() -> UserPage {
    UserPage {
        user: Shown::open("anna.holm@example.com"),
        facts: "14 Mar 2026 – 23 Nov 2026 · Webshop, Customer portal".to_owned(),
        tiles: vec![
            Tile { label: "Sessions", value: "23".to_owned(), note: "7 in the last 24 h".to_owned() },
            Tile { label: "Apdex", value: "0.81".to_owned(), note: "fair".to_owned() },
            Tile { label: "With errors", value: "4".to_owned(), note: String::new() },
            Tile { label: "Browsers", value: "2".to_owned(), note: String::new() },
        ],
        actions: vec![Link::new("Filter these sessions", "/sessions?q=x")],
        days: Some(histogram()),
        hours: Some(histogram()),
        tables: vec![CountTable { title: "Devices", id: "devices", rows: counts() }, CountTable { title: "Applications", id: "applications", rows: counts() }],
        seen_as: counts(),
        errors: vec![ErrorRow { name: HOSTILE.to_owned(), text: Shown::open(HOSTILE), count: 3, href: "/sessions/s_1?show=errors".to_owned() }, ErrorRow { name: "TypeError".to_owned(), text: Shown::masked("", "needs the permission “see unmasked data”"), count: 1, href: "/sessions/s_1".to_owned() }],
        columns: columns(),
        rows: rows(),
        pager: Pager { shown: "1–10 of 23".to_owned(), ..Pager::default() },
    }
}

/// All of them.
pub fn pages() -> Vec<Sample> {
    use Section::Sessions;
    vec![
        sample("sessions", "pages/sessions.html", Sessions, "Sessions", time_range, sessions()),
        sample("sessions_nothing", "pages/sessions.html", Sessions, "Sessions", time_range, nothing()),
        sample("sessions_empty", "pages/sessions.html", Sessions, "Sessions", |_| {}, SessionsPage::default()),
        sample("session", "pages/session.html", Sessions, "anna.holm@example.com", in_sessions, session(Shown::open("anna.holm@example.com"))),
        sample("session_hostile", "pages/session.html", Sessions, HOSTILE, in_sessions, session(Shown::open(HOSTILE))),
        sample("session_masked", "pages/session.html", Sessions, "Masked", in_sessions, session(Shown::masked("", "needs the permission “see unmasked data”"))),
        sample("waterfall", "pages/waterfall.html", Sessions, "Waterfall", in_sessions, waterfall_page()),
        sample("session_missing", "pages/session_missing.html", Sessions, "No session", in_sessions, missing()),
        sample("segments", "pages/segments.html", Sessions, "Segments", in_sessions, segments()),
        sample("segments_empty", "pages/segments.html", Sessions, "Segments", in_sessions, SegmentsPage::default()),
        sample("user_empty", "pages/user.html", Sessions, "nobody", in_sessions, UserPage::default()),
        sample("user", "pages/user.html", Sessions, "anna.holm@example.com", in_sessions, user()),
    ]
}
