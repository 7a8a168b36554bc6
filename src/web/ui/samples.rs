//! Made-up data for tests of pages: a typical day, and everything hostile in it.

use super::access::LoginPage;
use super::applications::*;
use super::errors::ErrorPage;
use super::frame::{Frame, Link, Notice, Person, Section, TimeRange, menu};
use super::parts::*;
use super::samples_settings::*;
use super::{samples_frame, samples_overview, samples_sessions};
use crate::web::templates::{RenderError, Templates};

pub const HOSTILE: &str = "\"><script>alert('x')</script><b onmouseover=alert(1)>";
pub const RTL: &str = "مستخدم@example.com";

/// Draws a page in a theme.
type Draw = Box<dyn Fn(&Templates, &str) -> Result<String, RenderError>>;

pub struct Sample {
    pub name: &'static str,
    pub template: &'static str,
    pub draw: Draw,
}

fn frame(section: Section, title: &str, theme: &str) -> Frame {
    Frame {
        title: title.to_owned(),
        theme: theme.to_owned(),
        menu: menu(section),
        here: title.to_owned(),
        person: Some(Person {
            name: "support".to_owned(),
            role: "Analyst",
            may_edit: true,
            is_admin: true,
        }),
        zone: "Europe/Copenhagen".to_owned(),
        drawn_at: "10:00:04".to_owned(),
        version: "0.1.0",
        ..Frame::default()
    }
}

pub fn sample<P: serde::Serialize + 'static>(
    name: &'static str,
    template: &'static str,
    section: Section,
    title: &'static str,
    extra: fn(&mut Frame),
    page: P,
) -> Sample {
    Sample {
        name,
        template,
        draw: Box::new(move |templates, theme| {
            let mut frame = frame(section, title, theme);
            extra(&mut frame);
            templates.render(template, &frame, &page)
        }),
    }
}

pub fn time_range(frame: &mut Frame) {
    frame.time_range = Some(TimeRange {
        label: "Last 24 hours".to_owned(),
        span: "22 Nov 10:00 – 23 Nov 10:00".to_owned(),
        presets: vec![
            Link::new("Last 2 hours", "/sessions?from=-2h"),
            Link {
                is_current: true,
                ..Link::new("Last 24 hours", "/sessions")
            },
            Link::new("Last 7 days", "/sessions?from=-7d"),
        ],
        earlier: "/sessions?from=-48h&to=-24h".to_owned(),
        later: String::new(),
        wider: "/sessions?from=-48h".to_owned(),
        kept: "Data is kept for 35 days".to_owned(),
        action: "/sessions".to_owned(),
        keep: vec![("q".to_owned(), HOSTILE.to_owned())],
        from: "-24h".to_owned(),
        to: "now".to_owned(),
        compare: Vec::new(),
    });
}

pub fn in_sessions(frame: &mut Frame) {
    frame.crumbs = vec![Link::new("Sessions", "/sessions")];
}

pub fn signed_out(frame: &mut Frame) {
    frame.person = None;
}

fn in_applications(frame: &mut Frame) {
    frame.crumbs = vec![Link::new("Applications", "/apps")];
}

fn in_numbers(frame: &mut Frame) {
    in_applications(frame);
    time_range(frame);
    if let Some(range) = &mut frame.time_range {
        range.compare = vec![
            Link { is_current: true, ..Link::new("Compare with the period before", "?") },
            Link::new("Compare with nothing", "?cmp=none"),
        ];
    }
}

/// Every page with typical and with hostile data.
pub fn all() -> Vec<Sample> {
    samples_sessions::pages().into_iter().chain(other_pages()).chain(samples_frame::pages()).collect()
}

fn other_pages() -> Vec<Sample> {
    use Section::{Applications, Home, None, Settings};
    vec![
        sample("applications", "pages/applications.html", Applications, "Applications", |_| {}, samples_overview::applications()),
        sample("applications_empty", "pages/applications.html", Applications, "Applications", |_| {}, ApplicationsPage::default()),
        sample("home", "pages/home.html", Home, "Home", |_| {}, samples_overview::home()),
        sample("home_first", "pages/home.html", Home, "Home", |_| {}, samples_overview::home_first()),
        sample("actions", "pages/actions.html", Applications, "User actions", in_numbers, samples_overview::actions()),
        sample("actions_none", "pages/actions.html", Applications, "User actions", in_numbers, samples_overview::actions_without_any()),
        sample("overview", "pages/overview.html", Applications, "Webshop", in_numbers, samples_overview::overview()),
        sample("overview_never", "pages/overview.html", Applications, "Webshop", in_applications, samples_overview::overview_never()),
        sample("overview_range", "pages/overview.html", Applications, "Webshop", in_numbers, samples_overview::overview_range()),
        sample("application_new", "pages/application_new.html", Applications, "New application", in_applications, NewApplicationPage { form: form("") }),
        sample("application", "pages/application.html", Applications, "Webshop", in_applications, application()),
        sample("apdex", "pages/application.html", Applications, "Webshop", in_applications, apdex()),
        sample("detection", "pages/application.html", Applications, "Webshop", in_applications, detection()),
        sample("application_more", "pages/application.html", Applications, "Webshop", in_applications, application_more()),
        sample("health", "pages/health.html", Applications, "Webshop", in_applications, health()),
        sample("settings", "pages/settings.html", Settings, "Users", |_| {}, settings()),
        sample("setup", "pages/setup.html", None, "Set up", signed_out, setup(2)),
        sample("setup_arrival", "pages/setup.html", None, "Set up", signed_out, setup(3)),
        sample("login", "pages/login.html", None, "Sign in", signed_out, LoginPage { form: Form { fields: form("").fields.into_iter().take(2).collect(), submit: "Sign in".to_owned(), ..form("Name or password is wrong.") } }),
        sample("error_404", "pages/error.html", None, "Not found", |_| {}, ErrorPage::not_found(HOSTILE)),
        sample("error_403", "pages/error.html", None, "Not allowed", |frame| { frame.notice = Some(Notice { kind: "problem", title: HOSTILE.to_owned(), text: HOSTILE.to_owned(), link: Some(Link::new("Health", "/apps")) }); }, ErrorPage::forbidden("change applications")),
        sample("error_500", "pages/error.html", None, "Fault", signed_out, ErrorPage::fault("4f1c22")),
    ]
}
