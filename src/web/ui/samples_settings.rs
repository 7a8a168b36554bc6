//! Made-up settings, set-up and health for tests of pages.

use super::applications::*;
use super::frame::Link;
use super::parts::*;
use super::samples::{HOSTILE, RTL};
use super::settings::{Row, SettingsPage};
use super::setup::{Arrival, Check, SetupPage, steps};
use crate::web::charts::durations::{self, Durations};

pub fn form(error: &str) -> Form {
    Form {
        action: "/somewhere".to_owned(),
        fields: vec![
            Field::new("text", "name", "Name", HOSTILE).help("What people here call it.").required(),
            Field { error: "Use at least 12 characters.".to_owned(), ..Field::new("password", "secret", "Password", "").autocomplete("new-password") },
            Field::new("number", "percent", "Captured sessions", "100").unit("%"),
            Field::check("enabled", "Take beacons", true).help("When off, beacons are refused with a reason."),
            Field::choice("theme", "Theme", "dark", &[("", "As the system"), ("light", "Light"), ("dark", "Dark")]),
            Field::new("area", "origins", "Allowed origins", "https://shop.example.com\n*.example.com").help("One a line. Empty takes all."),
        ],
        submit: "Save".to_owned(),
        error: error.to_owned(),
    }
}

pub const SNIPPET: &str = "<script src=\"http://footfall.example.com:8301/tag/a_0000001.js\"></script>";

pub fn setup(step: u8) -> SetupPage {
    SetupPage {
        steps: steps(step),
        title: if step == 3 { "Put one line into your pages" } else { "Name an administrator" }.to_owned(),
        text: "It takes about five minutes from here to your first session.".to_owned(),
        form: (step != 3).then(|| form("")),
        snippet: if step == 3 { SNIPPET.to_owned() } else { String::new() },
        arrival: (step == 3).then(|| Arrival {
            checks: vec![
                Check { state: "done", title: "First beacon".to_owned(), text: "/checkout, Chrome, Denmark".to_owned() },
                Check { state: "waiting", title: "Waiting for the first user action…".to_owned(), text: HOSTILE.to_owned() },
            ],
            is_done: false,
            href: "/setup/arrival".to_owned(), stamp: "a".to_owned(), again: "/setup/snippet".to_owned(),
            session: Some(Link::new("Open the session", "/sessions/s_1")),
            refused: vec![Check { state: "wrong", title: "3 beacons were refused: origin is not allowed".to_owned(), text: "Add http://shop.example.com to the allowed origins.".to_owned() }],
        }),
        next: Some(Link::new("Go to sessions", "/sessions")),
    }
}

pub fn tabs(current: usize) -> Vec<Link> {
    [("Settings", "/apps/a_0000001/settings"), ("Health", "/apps/a_0000001/health"), ("Overview", "/apps/a_0000001"), ("User actions", "/apps/a_0000001/actions")]
        .into_iter()
        .enumerate()
        .map(|(index, (label, href))| Link { is_current: index == current, ..Link::new(label, href) })
        .collect()
}

pub fn application() -> ApplicationPage {
    ApplicationPage {
        name: HOSTILE.to_owned(),
        facts: "3 detection rules · last beacon 2 s ago".to_owned(),
        tabs: tabs(0),
        sections: vec![Link { is_current: true, ..Link::new("General", "?") }, Link::new("Detection rules", "?x")],
        title: "Detection rules".to_owned(),
        text: "Which traffic belongs to which application.".to_owned(),
        form: Some(form("Somebody else saved these settings meanwhile.")),
        rules: None,
        tag_rules: None,
        is_saved: true,
        ..ApplicationPage::default()
    }
}

/// Apdex thresholds with what they would give, with a value that is wrong, and without data.
pub fn apdex() -> ApplicationPage {
    let field = |name: &str, label: &str, value: &str| Field::new("number", &format!("apdex/{name}"), label, value).unit("s");
    let kind = |key, title| ApdexKindView { key, title, fields: vec![field(&format!("{key}/satisfied"), "Satisfied up to", "3")], ..ApdexKindView::default() };
    let legend = vec![("fill-good", "Satisfied 82%".to_owned()), ("fill-bad", HOSTILE.to_owned())];
    let chart = durations::draw(&Durations {
        starts: vec![10, 100, 1_000],
        end: 10_000,
        bins: vec![vec![3, 0], vec![12, 1], vec![2, 5]],
        titles: vec!["under 100 ms: 3".to_owned(), "100 ms to 1.0 s: 13".to_owned(), HOSTILE.to_owned()],
        classes: vec!["fill-good", "fill-bad"],
        marks: vec![(100, "0.1 s".to_owned()), (1_000, HOSTILE.to_owned())],
        lines: vec![(3_000, "3 s".to_owned()), (9_000, HOSTILE.to_owned())],
        finding: HOSTILE.to_owned(),
    });
    let before = "At 3 s and 15 s you would be at".to_owned();
    let after = ", from 12,345 page loads; as saved 0.93 good.".to_owned();
    let chip = Some(Chip::of("good", "0.91 good"));
    ApplicationPage {
        form: None,
        is_saved: false,
        title: "Apdex".to_owned(),
        apdex: Some(ApdexView {
            action: "/apps/a_0000001/settings/apdex".to_owned(),
            hidden: vec![Field::new("hidden", "revision", "", "1")],
            error: String::new(),
            kinds: vec![
                ApdexKindView { before: before.clone(), chip: chip.clone(), after: after.clone(), legend, chart, ..kind("load", "Page loads") },
                ApdexKindView { fields: vec![Field { error: HOSTILE.to_owned(), ..field("xhr/satisfied", "Satisfied up to", HOSTILE) }], error: HOSTILE.to_owned(), ..kind("xhr", "XHR actions") },
                ApdexKindView { before: "No custom action of real users in the last 7 days: nothing to try it on.".to_owned(), ..kind("custom", "Custom actions") },
            ],
            before,
            chip,
            after,
            source: "Made from all 12,345 user actions of real users in the last 7 days.".to_owned(),
        }),
        ..application()
    }
}

/// Ways into pages, a sample, and the end of an application, for somebody who may only look.
pub fn application_more() -> ApplicationPage {
    ApplicationPage {
        form: None,
        is_saved: false,
        locked: "You may look, not change: that needs the role Editor.".to_owned(),
        samples: vec![
            SampleRow { what: "Page", before: HOSTILE.to_owned(), after: "/x?a=<masked>".to_owned() },
            SampleRow { what: "User tag", before: RTL.to_owned(), after: RTL.to_owned() },
        ],
        formats: vec![
            FormatView { name: "tag", title: "JavaScript tag", text: "Recommended.", html: SNIPPET.to_owned(), size: "80 B".to_owned(), file: "/api/v1/applications/a_0000001/snippets/tag".to_owned(), policy: "script-src https://rum.example.com".to_owned() },
            FormatView { name: "inline", title: "Inline code", text: "Nothing is missed.", html: String::new(), size: "41 kB".to_owned(), file: "/api/v1/applications/a_0000001/snippets/inline".to_owned(), policy: "script-src 'sha256-x'".to_owned() },
        ],
        recipes: vec![RecipeView { server: "nginx", note: "In the server block.", text: format!("sub_filter '<head>' '<head>{SNIPPET}';") }],
        removal: Some(RemovalView { form: form("this is not its name"), facts: vec!["3 detection rules go with it.".to_owned()], refusal: "" }),
        ..application()
    }
}

pub fn detection() -> ApplicationPage {
    let rule = |number, text: &str| RuleRow {
        number,
        text: text.to_owned(),
        application: "Webshop".to_owned(),
        is_own: number == 1,
        key: "k".to_owned(),
        may_rise: number > 1,
        may_sink: number < 2,
    };
    let told = ToldRow { at: "09:51:37".to_owned(), at_full: "23 Nov 2026, 09:51:37".to_owned(), page: HOSTILE.to_owned(), found: vec![HOSTILE.to_owned(), RTL.to_owned()] };
    let small = |name: &str| Form {
        fields: vec![Field::new("text", name, "Pattern", "")],
        ..form("")
    };
    ApplicationPage {
        form: None,
        is_saved: false,
        rules: Some(RulesView {
            rows: vec![rule(1, "domain is or is below shop.example.com"), rule(2, HOSTILE)],
            action: "/x".to_owned(),
            address: HOSTILE.to_owned(),
            verdict: "Rule 1 gives it to Webshop".to_owned(),
            others: vec![HOSTILE.to_owned()],
            form: small("pattern"),
            domains: vec![
                DomainRow { host: HOSTILE.to_owned(), note: "12 beacons, last 2 min ago".to_owned(), application: String::new() },
                DomainRow { host: "shop.example.com".to_owned(), note: "3 beacons".to_owned(), application: HOSTILE.to_owned() },
            ],
            adopt: "/z".to_owned(),
        }),
        tag_rules: Some(TagRulesView {
            is_property: true,
            live: Some(LiveView { verdict: HOSTILE.to_owned(), is_good: false, console: HOSTILE.to_owned(), summary: "31 of the last 100 beacons told properties.".to_owned(), rows: vec![told] }),
            rows: vec![TagRuleRow { number: 1, property: "basket (session)".to_owned(), may_rise: false, source: "Text of an element".to_owned(), expression: ".user-name".to_owned(), cleanup: "Welcome (.*)".to_owned(), key: "k".to_owned() }],
            revision: "1".to_owned(),
            action: "/y".to_owned(),
            form: small("expression"),
        }),
        ..application()
    }
}

pub fn health() -> HealthPage {
    let outcome = |label: &str, name, count, band, text| OutcomeRow { label: label.to_owned(), name, count, text, chip: Chip::of(band, label) };
    HealthPage {
        name: "Webshop".to_owned(),
        facts: "last beacon 2 s ago".to_owned(),
        tabs: tabs(1),
        state: Chip::of("good", "receiving"),
        text: "Beacons arrive; the last one came 2 s ago.".to_owned(),
        checks: vec![
            Check { state: "done", title: "The application is switched on".to_owned(), text: String::new() },
            Check { state: "wrong", title: "3 beacons refused: origin not allowed".to_owned(), text: "Allow the origin.".to_owned() },
            Check { state: "waiting", title: HOSTILE.to_owned(), text: HOSTILE.to_owned() },
        ],
        domains: vec![DomainRow { host: HOSTILE.to_owned(), note: "12 beacons".to_owned(), application: String::new() }],
        clock: "within 5 s of this server".to_owned(),
        outcomes: vec![
            outcome("accepted", "accepted", 124_000, "good", "Stored."),
            outcome("origin not allowed", "forbidden_origin", 3, "bad", "The page comes from an origin that is not listed. Add it under General."),
        ],
        since: "Counted since the server started, 23 Nov 2026, 08:00:01".to_owned(),
        none: String::new(),
        origins: vec![OriginRow { origin: HOSTILE.to_owned(), note: "3 beacons".to_owned(), href: "/apps/a_0000001/settings/origins?allow=x".to_owned() }],
        refusals: vec![RefusalRow {
            at: "09:51:37".to_owned(),
            at_full: "23 Nov 2026, 09:51:37".to_owned(),
            application: HOSTILE.to_owned(),
            origin: HOSTILE.to_owned(),
            chip: Chip::of("bad", "origin not allowed"),
            text: "The page comes from an origin that is not listed.",
        }],
        agents: vec![("0.1.0".to_owned(), "12 sessions".to_owned()), (HOSTILE.to_owned(), "1 session".to_owned())],
        server: vec![Fact { term: "Free space".to_owned(), value: Shown::open("12 GB") }],
        snippet: SNIPPET.to_owned(),
        again: "/apps/a_0000001/health".to_owned(),
    }
}

pub fn settings() -> SettingsPage {
    SettingsPage {
        sections: vec![Link { is_current: true, ..Link::new("Users", "/settings/users") }, Link::new("API tokens", "/settings/tokens"), Link::new("Audit log", "/settings/audit")],
        title: "Users".to_owned(),
        text: "Who may sign in, and what they may do.".to_owned(),
        secret: "fft_0123456789abcdefghjkmnpqrstvwxyz".to_owned(),
        columns: vec!["Name", "Role", "Unmasked", "Since"],
        rows: vec![
            Row { cells: vec!["admin".to_owned(), "Administrator".to_owned(), "yes".to_owned(), "14 Mar 2026".to_owned()], ..Row::default() },
            Row { cells: vec![HOSTILE.to_owned(), "Viewer".to_owned(), "no".to_owned(), RTL.to_owned()], remove: "/settings/users/u_0000002/remove".to_owned(), remove_label: "Remove".to_owned() },
        ],
        empty: "Nobody.",
        form: Some(form("")),
        form_title: "New user",
        audit: None,
        pager: None,
    }
}
