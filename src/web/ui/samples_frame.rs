//! Made-up data of the pages around the product: search, help, API, settings, own account, errors.

use super::access::MePage;
use super::api_docs::{ApiPage, Call, CallGroup, CallLink, Parameter};
use super::errors::ErrorPage;
use super::frame::{Link, Section};
use super::help::{HelpPage, TopicPage, TopicRow};
use super::parts::{Chip, Field, Form};
use super::samples::{HOSTILE, RTL, Sample, sample, signed_out};
use super::samples_settings::{form, settings};
use super::search::{Group, Hit, SearchPage};
use super::settings::{AuditFilter, Row, SettingGroup, SettingIndexPage, SettingRow, SettingsPage, TokensView};
use crate::web::templates::Markup;

fn hit(icon: &'static str, text: &str, note: &str, href: &str) -> Hit {
    Hit { icon, text: text.to_owned(), note: note.to_owned(), href: href.to_owned(), ..Hit::default() }
}

fn found() -> SearchPage {
    SearchPage {
        text: HOSTILE.to_owned(),
        groups: vec![
            Group { title: "People", hits: vec![hit("user", RTL, "7 sessions · last 2 min ago", "/users/00ff"), hit("user", HOSTILE, HOSTILE, "/users/00fe")] },
            Group { title: "Help", hits: vec![hit("circle-help", "How numbers are made · Apdex", "Apdex = (satisfied + tolerating ÷ 2) ÷ all", "/help/numbers#apdex")] },
            Group { title: "Commands", hits: vec![Hit { theme: "dark", ..hit("moon", "Dark theme", "", "") }] },
        ],
        note: "People and pages of the last 30 days, at most 25 of a kind.".to_owned(),
    }
}

fn help(text: &str) -> HelpPage {
    let row = |id: &str, title: &str, href: &str| TopicRow { id: id.to_owned(), title: title.to_owned(), text: "From an empty server to the first session.".to_owned(), href: href.to_owned() };
    HelpPage {
        text: text.to_owned(),
        rows: vec![row("first-steps", "First steps", "/help/first-steps"), row("", "How numbers are made", "/help/numbers")],
        found: "2 places".to_owned(),
    }
}

fn topic() -> TopicPage {
    TopicPage {
        title: "How numbers are made".to_owned(),
        topics: vec![Link::new("First steps", "/help/first-steps"), Link { is_current: true, ..Link::new("How numbers are made", "/help/numbers") }],
        parts: ["User action", "Apdex", "Experience", "Bounce", "Units"].map(|own| Link::new(own, "#apdex")).to_vec(),
        body: Markup::trusted("<p>Every number can be checked by hand.</p>\n<h2 id=\"apdex\">Apdex</h2>\n<p>0.94 is excellent.</p>\n".to_owned()),
        next: Some(Link::new("Privacy", "/help/privacy")),
    }
}

fn api(call: Option<Call>) -> ApiPage {
    let link = |method: &str, path: &str| CallLink { method: method.to_owned(), path: path.to_owned(), link: Link::new("Sessions, newest first", "/api?call=GET+/api/v1/sessions") };
    ApiPage {
        groups: vec![CallGroup { title: "Sessions".to_owned(), calls: vec![link("GET", "/sessions"), link("DELETE", "/tokens/{token}")] }],
        call,
        example: "curl -H \"Authorization: Bearer $TOKEN\" \"http://localhost:8300/api/v1/sessions\"".to_owned(),
    }
}

fn call() -> Call {
    let parameter = |name: &str, place: &str, text: &str| Parameter { name: name.to_owned(), place: place.to_owned(), kind: "text".to_owned(), is_required: place == "path", text: text.to_owned() };
    Call {
        method: "GET".to_owned(),
        path: "/api/v1/sessions/{session}".to_owned(),
        text: "A session with its actions.".to_owned(),
        permission: "sessions:read".to_owned(),
        parameters: vec![parameter("session", "path", "Id."), parameter("q", "query", HOSTILE)],
        answers: vec![(Chip::of("good", "200"), "SessionView".to_owned()), (Chip::of("fair", "404"), "Problem".to_owned())],
        example: "curl -H \"Authorization: Bearer $TOKEN\" \"http://localhost:8300/api/v1/sessions/{session}\"".to_owned(),
        attempt: Some(Form { action: "/api/try".to_owned(), fields: vec![Field::new("hidden", "call", "", "GET /x"), Field::new("text", "p.session", "session", "").help("Id.").required()], submit: "Try it".to_owned(), error: String::new() }),
    }
}

fn setting_index(groups: Vec<SettingGroup>) -> SettingIndexPage {
    SettingIndexPage {
        sections: vec![Link { is_current: true, ..Link::new("All settings", "/settings") }, Link::new("My account", "/me")],
        text: "mask".to_owned(),
        groups,
        note: "Settings that the role Editor may see".to_owned(),
    }
}

fn setting_groups() -> Vec<SettingGroup> {
    let row = SettingRow { name: "Mask IP addresses".to_owned(), effect: "cuts off their last part before storing".to_owned(), href: "/apps/a_0000001/settings/privacy".to_owned() };
    vec![SettingGroup { title: HOSTILE.to_owned(), rows: vec![row.clone()] }, SettingGroup { title: "Webshop".to_owned(), rows: vec![row] }]
}

fn me(rows: Vec<Row>, secret: &str) -> MePage {
    let some = |skip: usize, take: usize| Form { fields: form("").fields.into_iter().skip(skip).take(take).collect(), ..form("") };
    MePage {
        name: HOSTILE.to_owned(),
        role: "Viewer".to_owned(),
        sees_unmasked: false,
        preferences: some(3, 9),
        keys: Form { action: "/me/keys".to_owned(), fields: vec![Field::check("keys", "Single keys act in this browser", true)], submit: "Save".to_owned(), error: String::new() },
        password: some(0, 2),
        all_tokens: if rows.is_empty() { "/settings/tokens" } else { "" },
        tokens: TokensView {
            secret: secret.to_owned(),
            columns: vec!["Name", "Permissions", "Ends"],
            rows,
            empty: "No token yet.",
            form: Form {
                fields: vec![
                    Field { error: HOSTILE.to_owned(), ..Field::new("text", "token-name", "What it is for", HOSTILE) },
                    Field::check("sessions:read", "sessions:read", true),
                ],
                ..form("")
            },
        },
    }
}

fn audit() -> SettingsPage {
    SettingsPage {
        secret: String::new(),
        form: None,
        audit: Some(AuditFilter { text: HOSTILE.to_owned(), export: "/api/v1/audit?format=csv".to_owned() }),
        ..settings()
    }
}

pub fn pages() -> Vec<Sample> {
    use Section::{None, Settings};
    let token = Row {
        cells: vec![HOSTILE.to_owned(), "sessions:read".to_owned(), "14 Mar 2027, 10:00:00".to_owned()],
        remove: "/me/tokens/t_0000001/remove".to_owned(),
        remove_label: "Remove".to_owned(),
    };
    vec![
        sample("search", "pages/search.html", None, "Search", |_| {}, found()),
        sample("search_nothing", "pages/search.html", None, "Search", |_| {}, SearchPage { text: HOSTILE.to_owned(), ..SearchPage::default() }),
        sample("help", "pages/help.html", None, "Help", |_| {}, help("")),
        sample("help_found", "pages/help.html", None, "Help", |_| {}, help(HOSTILE)),
        sample("help_nothing", "pages/help.html", None, "Help", |_| {}, HelpPage { text: HOSTILE.to_owned(), found: "0 places".to_owned(), rows: Vec::new() }),
        sample("help_topic", "pages/help_topic.html", None, "How numbers are made", |_| {}, topic()),
        sample("api", "pages/api_docs.html", None, "API calls", |_| {}, api(Option::None)),
        sample("api_call", "pages/api_docs.html", None, "GET", |_| {}, api(Some(call()))),
        sample("setting_index", "pages/setting_index.html", Settings, "Settings", |_| {}, setting_index(setting_groups())),
        sample("setting_index_nothing", "pages/setting_index.html", Settings, "Settings", |_| {}, setting_index(Vec::new())),
        sample("audit", "pages/settings.html", Settings, "Audit log", |_| {}, audit()),
        sample("me", "pages/me.html", None, "My account", |_| {}, me(Vec::new(), "")),
        sample("me_tokens", "pages/me.html", None, "My account", |_| {}, me(vec![token], "footfall_t_0000001_0123")),
        sample("error_404_search", "pages/error.html", None, "Not found", |_| {}, ErrorPage { search: HOSTILE.to_owned(), ..ErrorPage::not_found("This page") }),
        sample("error_500_inside", "pages/error.html", None, "Fault", |_| {}, ErrorPage::fault("4f1c22")),
        sample("error_503", "pages/error.html", None, "Busy", signed_out, ErrorPage::busy("Too many people sign in at once.")),
    ]
}
