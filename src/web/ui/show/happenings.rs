//! What happened in a session, line by line.

use super::navigation::Requests;
use super::session::Whole;
use super::session_facts::properties;
use super::vitals::vitals;
use super::waterfall::request_rows;
use super::words;
use crate::base::id::ApplicationId;
use crate::base::time::{Millis, Timestamp};
use crate::model::action::{ActionKind, UserAction};
use crate::model::error_report::{ErrorKind, ErrorReport};
use crate::model::session::{PageEndKind, SessionEvent, SessionEventKind};
use crate::web::charts::meter::meter;
use crate::web::ui::parts::{Fact, Shown, add_fact};
use crate::web::ui::session::{Detail, ErrorView, Happening, Part};
use crate::web::{format, mask};

/// Gaps that are told, milliseconds.
const GAP: u32 = 10_000;
/// Requests in the small waterfall.
const REQUESTS: usize = 6;
/// Lines with errors that are shown opened.
const OPENED: usize = 2;
/// Directives that browsers report (CSP Level 3).
const DIRECTIVES: [&str; 21] = [
    "base-uri",
    "child-src",
    "connect-src",
    "default-src",
    "font-src",
    "form-action",
    "frame-ancestors",
    "frame-src",
    "img-src",
    "manifest-src",
    "media-src",
    "object-src",
    "require-trusted-types-for",
    "script-src",
    "script-src-attr",
    "script-src-elem",
    "style-src",
    "style-src-attr",
    "style-src-elem",
    "trusted-types",
    "worker-src",
];
/// Actions up to which all of them show their requests.
const ACTIONS_IN_FULL: usize = 40;

/// Kind of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Everything.
    All,
    /// A user action.
    Action,
    /// Something with errors.
    Error,
    /// An event.
    Event,
}

/// A line with its place on the timeline.
#[derive(Debug, Clone)]
pub struct Moment {
    /// Kind.
    pub kind: Kind,
    /// Whether it has errors.
    pub is_error: bool,
    /// Milliseconds after the start of the session.
    pub start: u32,
    /// Length.
    pub length: u32,
    /// Whether a page was left.
    pub is_page_end: bool,
    /// Page on which it was; empty when unknown.
    pub page: String,
    /// Application in which it was; none for the end of the session.
    pub application: Option<ApplicationId>,
    /// CSS class of its mark.
    pub fill: &'static str,
    /// The line.
    pub line: Happening,
}

impl Moment {
    /// What comes first of two moments at one time: the page is left, the next one loads, all else, the end.
    fn rank(&self) -> u8 {
        match self.line.id.as_str() {
            "end" => 3,
            _ if self.is_page_end => 0,
            _ if self.kind == Kind::Action => 1,
            _ => 2,
        }
    }

    /// Whether a view shows it.
    #[must_use]
    pub fn is(&self, kind: Kind) -> bool {
        match kind {
            Kind::All => true,
            Kind::Error => self.is_error,
            other => self.kind == other,
        }
    }
}

/// All moments of a session in order.
#[must_use]
pub fn moments(whole: &Whole, sees_unmasked: bool, zone: &str) -> Vec<Moment> {
    let start = whole.session.started_at;
    let longest = whole.actions.iter().map(|a| a.duration.0).max().unwrap_or(0).max(1_000);
    let mut moments: Vec<Moment> = whole
        .actions
        .iter()
        .map(|action| action_moment(whole, action, (start, longest), sees_unmasked, zone))
        .collect();
    let mut last_tag = None;
    for (number, event) in (1_u32..).zip(&whole.events) {
        // Pages say again and again who it is: told once is enough.
        if let SessionEventKind::UserTag(tag) = &event.kind
            && last_tag.replace(tag) == Some(tag)
        {
            continue;
        }
        let mut moment = event_moment(event, number, start, sees_unmasked, zone);
        if let Some(load) = load_led_to(event, &whole.actions) {
            moment.start = load.since(start).0;
            moment.line.offset = format::offset(u64::from(moment.start));
        }
        moments.push(moment);
    }
    if let Some(reason) = whole.session.end_reason {
        // A session ends with its last action; what was seen after that is told before the end.
        let last = moments.iter().map(|moment| moment.start).max().unwrap_or(0);
        let end = whole.session.last_at.since(start).0.max(last);
        moments.push(Moment {
            kind: Kind::Event,
            is_error: false,
            start: end,
            length: 0,
            is_page_end: false,
            page: String::new(),
            application: None,
            fill: "fill-none",
            line: Happening {
                id: "end".to_owned(),
                offset: format::offset(u64::from(end)),
                at: format::full_time(start.after(Millis(end)), zone),
                icon: "x",
                name: "Session ended".to_owned(),
                note: words::ended_by(Some(reason)).to_owned(),
                ..Happening::default()
            },
        });
    }
    moments.sort_by_key(|moment| (moment.start, moment.rank()));
    for moment in moments.iter_mut().filter(|moment| moment.is_error).take(OPENED) {
        moment.line.is_open = true;
    }
    moments
}

/// Start of the load that a page end led to, when the load began first: browsers unload the old page only when the
/// answer for the new one is there, and people see it the other way round.
fn load_led_to(event: &SessionEvent, actions: &[UserAction]) -> Option<Timestamp> {
    let SessionEventKind::PageEnd { how: PageEndKind::Navigated } = event.kind else {
        return None;
    };
    let loads = actions.iter().filter(|action| action.kind == ActionKind::PageLoad);
    // The first load was led to by no page of this session.
    let first = loads.clone().map(|load| load.started_at).min()?;
    loads
        .filter(|load| first < load.started_at && load.started_at <= event.at)
        .filter(|load| event.at <= load.started_at.after(load.duration))
        .map(|load| load.started_at)
        .max()
}

fn action_moment(
    whole: &Whole,
    action: &UserAction,
    (start, longest): (Timestamp, u32),
    sees_unmasked: bool,
    zone: &str,
) -> Moment {
    let is_error = action.error_count > 0 || !action.errors.is_empty();
    let fill = words::zone_fill(action.zone);
    let offset = action.started_at.since(start).0;
    let kind =
        if action.is_soft_navigation { "route change" } else { words::action_kind(action.kind) };
    let note = match action.kind {
        ActionKind::PageLoad => String::new(),
        _ if action.request_url.is_empty() => kind.to_owned(),
        _ => format!("{kind} {}", path_of(&action.request_url)),
    };
    let is_bad = is_error || fill == "fill-bad";
    let duration = u64::from(action.duration.0);
    Moment {
        kind: Kind::Action,
        is_error,
        start: offset,
        length: action.duration.0,
        is_page_end: false,
        page: action.page.clone(),
        application: Some(action.application),
        fill,
        line: Happening {
            id: format!("a{}", action.number),
            offset: format::offset(u64::from(offset)),
            at: format::full_time(action.started_at, zone),
            icon: words::action_icon(action.kind),
            name: action.name.clone(),
            note,
            is_bad,
            duration: format::duration(duration),
            bar: Some(meter(&[(action.duration.0, fill)], longest, &format::duration(duration))),
            chip: Some(words::zone(action.zone)),
            detail: Some(detail(whole, action, sees_unmasked, is_bad)),
            ..Happening::default()
        },
    }
}

fn detail(whole: &Whole, action: &UserAction, sees_unmasked: bool, is_bad: bool) -> Detail {
    let resources = whole.resources.iter().find(|(number, _)| *number == action.number);
    let rows = resources.map_or(&[][..], |(_, resources)| resources.rows.as_slice());
    let requests = Requests::of(action, rows);
    let is_full = is_bad || whole.actions.len() <= ACTIONS_IN_FULL;
    let shown = if is_full { REQUESTS } else { 0 };
    let shown = request_rows(&requests, action, shown, &[], 10, sees_unmasked);
    let all = usize::try_from(action.resource_count).unwrap_or(0).max(requests.count());
    let more = all - shown.len();
    let is_around = |one: &&UserAction| {
        action.parent != 0 && one.page_number == action.parent && one.tab == action.tab
    };
    let facts = facts(action, whole.actions.iter().find(is_around), sees_unmasked);
    let parts = contributors(action);
    let sizes: Vec<(u32, &str)> = [
        (action.contributors.server.0, "phase-server"),
        (action.contributors.network.0, "phase-download"),
        (action.contributors.frontend.0, "phase-script"),
    ]
    .to_vec();
    let has_parts = sizes.iter().any(|(size, _)| *size > 0);
    let waterfall = format!("/sessions/{}/actions/{}/waterfall", whole.session.id, action.number);
    Detail {
        errors: action.errors.iter().map(|error| error_view(error, sees_unmasked)).collect(),
        more_requests: match more {
            _ if shown.is_empty() => String::new(),
            0 => String::new(),
            more => format!("{more} more"),
        },
        requests: shown,
        waterfall: if requests.count() == 0 { String::new() } else { waterfall },
        contributors: has_parts
            .then(|| meter(&sizes, action.duration.0.max(1), "Where the time went")),
        parts,
        vitals: whole
            .vitals
            .iter()
            .find(|(number, _)| *number == action.number)
            .map_or_else(Vec::new, |(_, found)| vitals(found, sees_unmasked)),
        facts,
    }
}

fn facts(action: &UserAction, around: Option<&UserAction>, sees_unmasked: bool) -> Vec<Fact> {
    let mut facts = Vec::new();
    add_fact(&mut facts, "Page", Shown::code(&mask::url(&action.url, sees_unmasked)));
    add_fact(&mut facts, "Led to", Shown::code(&mask::url(&action.target_url, sees_unmasked)));
    add_fact(&mut facts, "Title", Shown::open(&action.title));
    if action.page_group != action.page {
        add_fact(&mut facts, "Group of pages", Shown::open(&action.page_group));
    }
    add_fact(&mut facts, "Request", Shown::code(&mask::url(&action.request_url, sees_unmasked)));
    if let Some(around) = around {
        add_fact(
            &mut facts,
            "Inside of",
            Shown::linked(&around.name, &format!("#a{}", around.number)),
        );
    }
    if action.was_hidden {
        add_fact(
            &mut facts,
            "Began",
            Shown::open("in a tab in the background: browsers slow those down"),
        );
    }
    let long_tasks = Some(action.long_tasks).filter(|sum| sum.0 > 0);
    for (term, value) in [
        ("Visually complete", action.visually_complete),
        ("Speed index", action.speed_index),
        ("Long tasks", long_tasks),
    ] {
        let text = value.map_or_else(String::new, |value| format::duration(u64::from(value.0)));
        add_fact(&mut facts, term, Shown::open(&text));
    }
    facts.extend(properties(&action.properties));
    facts
}

fn contributors(action: &UserAction) -> Vec<Part> {
    let part = |label, millis: u32, class| Part {
        label,
        value: format::duration(u64::from(millis)),
        class,
    };
    vec![
        part("Server", action.contributors.server.0, "phase-server"),
        part("Network", action.contributors.network.0, "phase-download"),
        part("Frontend", action.contributors.frontend.0, "phase-script"),
    ]
}

fn error_view(error: &ErrorReport, sees_unmasked: bool) -> ErrorView {
    let hidden = "needs the permission “see unmasked data”";
    let message =
        || if sees_unmasked { Shown::open(&error.message) } else { Shown::masked("", hidden) };
    let (label, text) = match error.kind {
        ErrorKind::Request => request_error(error, sees_unmasked),
        ErrorKind::Javascript if error.name.is_empty() => ("Error".to_owned(), message()),
        ErrorKind::Javascript => (error.name.clone(), message()),
        ErrorKind::Custom if error.name.is_empty() => ("Reported".to_owned(), message()),
        ErrorKind::Custom if sees_unmasked => {
            ("Reported".to_owned(), Shown::open(&format!("{}: {}", error.message, error.name)))
        }
        ErrorKind::Custom => ("Reported".to_owned(), Shown::masked("", hidden)),
    };
    let place = match (error.kind, error.line) {
        (ErrorKind::Request, _) | (_, 0) => String::new(),
        _ => format!("{}:{}:{}", mask::url(&error.url, sees_unmasked), error.line, error.column),
    };
    ErrorView {
        label,
        text,
        place,
        stack: if sees_unmasked { error.stack.clone() } else { String::new() },
        times: if error.count > 1 { format!("{} times", error.count) } else { String::new() },
    }
}

/// What failed and how: a status, a policy of the page, an image or script that did not load, no answer at all.
fn request_error(error: &ErrorReport, sees_unmasked: bool) -> (String, Shown) {
    let url = mask::url(&error.url, sees_unmasked);
    let request = Shown::open(format!("{} {url}", error.method).trim());
    if error.status > 0 {
        return (format!("HTTP {}", error.status), request);
    }
    if let Some(policy) = error.message.strip_prefix("CSP ") {
        // Only names that there are: what else a page put here is nobody's to read unmasked.
        let named = policy.split(' ').next().unwrap_or_default();
        let directive = DIRECTIVES.into_iter().find(|own| *own == named).unwrap_or("policy");
        return ("Blocked by policy".to_owned(), Shown::open(&format!("{directive}: {url}")));
    }
    match error.message.strip_prefix("Failed to load ") {
        Some(element) => (format!("{} not loaded", words::element(element)), request),
        None => ("No answer".to_owned(), request),
    }
}

fn event_moment(
    event: &SessionEvent,
    number: u32,
    start: Timestamp,
    sees_unmasked: bool,
    zone: &str,
) -> Moment {
    let offset = event.at.since(start).0;
    let mut line = Happening {
        id: format!("e{number}"),
        offset: format::offset(u64::from(offset)),
        at: format::full_time(event.at, zone),
        ..Happening::default()
    };
    let mut fill = "lane-event";
    let mut kind = Kind::Event;
    match &event.kind {
        SessionEventKind::Error(error) => {
            let view = error_view(error, sees_unmasked);
            (line.icon, kind, fill, line.is_bad) = ("bug", Kind::Error, "fill-bad", true);
            line.name.clone_from(&view.label);
            if view.text.is_masked {
                line.masked = Some(view.text.clone());
            } else {
                line.note.clone_from(&view.text.text);
            }
            line.detail = Some(Detail { errors: vec![view], ..Detail::default() });
        }
        SessionEventKind::RageClick { target, page, count } => {
            (line.icon, fill) = ("zap", "fill-poor");
            line.name = format!("Rage click on “{target}”");
            line.note = format!("{count} clicks on {page}");
        }
        SessionEventKind::DeadClick { target, page } => {
            (line.icon, fill) = ("zap", "fill-fair");
            line.name = format!("Dead click on “{target}”");
            line.note = format!("nothing happened on {page}");
        }
        SessionEventKind::UserTag(tag) => {
            line.icon = "user";
            "User tag".clone_into(&mut line.name);
            line.note.clone_from(tag);
        }
        SessionEventKind::PageEnd { how } => {
            (line.icon, fill) = ("log-out", "fill-none");
            words::page_end(*how).clone_into(&mut line.name);
        }
        SessionEventKind::EndCall => {
            line.icon = "flag";
            "The page ended the session".clone_into(&mut line.name);
        }
    }
    Moment {
        kind,
        is_error: kind == Kind::Error,
        start: offset,
        length: 0,
        is_page_end: matches!(event.kind, SessionEventKind::PageEnd { .. }),
        page: String::new(),
        application: Some(event.application),
        fill,
        line,
    }
}

/// Gaps between moments: (start, length).
#[must_use]
pub fn gaps(moments: &[Moment]) -> Vec<(u32, u32)> {
    let mut gaps = Vec::new();
    let mut end = 0_u32;
    for moment in moments {
        if moment.start > end.saturating_add(GAP) {
            gaps.push((end, moment.start - end));
        }
        end = end.max(moment.start.saturating_add(moment.length));
    }
    gaps
}

/// Lines with a line for each gap, when everything is shown.
#[must_use]
pub fn with_gaps(moments: impl Iterator<Item = Moment>, shown: Kind) -> Vec<Happening> {
    let mut lines = Vec::new();
    let mut end = 0_u32;
    for moment in moments {
        if shown == Kind::All && moment.start > end.saturating_add(GAP) {
            let length = u64::from(moment.start - end);
            lines.push(Happening {
                is_gap: true,
                name: format!("No activity for {}", format::span(length)),
                ..Happening::default()
            });
        }
        end = end.max(moment.start.saturating_add(moment.length));
        lines.push(moment.line);
    }
    lines
}

/// Path of an address.
#[must_use]
pub fn path_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = rest.find('/').and_then(|at| rest.get(at..)).unwrap_or(rest);
    path.split(['?', '#']).next().unwrap_or(path)
}

#[cfg(test)]
#[path = "happenings_tests.rs"]
mod tests;
