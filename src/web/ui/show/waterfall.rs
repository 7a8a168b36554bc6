//! `/sessions/{session}/actions/{number}/waterfall`: what the time of one action went into.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};

use super::happenings::path_of;
use super::navigation::{self, Requests};
use super::session::load;
use super::vitals::vitals;
use super::waterfall_rows::{self, Drawing};
use super::waterfall_view::{WaterfallQuery, WaterfallView};
use super::{shell, words};
use crate::model::action::{ActionResources, Resource, ResourceKind, UserAction, WebVitals};
use crate::web::auth::Identity;
use crate::web::charts::waterfall::{self, Line, Phase};
use crate::web::error::WebError;
use crate::web::query::Query;
use crate::web::state::WebState;
use crate::web::ui::frame::Section;
use crate::web::ui::parts::Chip;
use crate::web::ui::session::WaterfallRow;
use crate::web::{format, mask};

/// `GET /sessions/{session}/actions/{number}/waterfall`
pub async fn page(
    state: Data<WebState>,
    identity: Identity,
    path: Path<(String, u32)>,
    query: Query<WaterfallQuery>,
) -> Result<HttpResponse, WebError> {
    let (id, number) = path.into_inner();
    let whole = load(&state, &id).await?;
    let action = whole.actions.iter().find(|action| action.number == number);
    let action = action.ok_or_else(|| WebError::not_found("action"))?;
    let none = ActionResources::default();
    let resources = whole.resources.iter().find(|(own, _)| *own == number);
    let resources = resources.map_or(&none, |(_, resources)| resources);
    let zone = shell::zone(&identity);
    let requests = Requests::of(action, &resources.rows);
    let drawing = Drawing {
        marks: marks(action, &whole.vitals, number),
        rows: requests.document.iter().chain(requests.others.iter().copied()).cloned().collect(),
        has_document: requests.document.is_some(),
        scale: requests.scale,
        action,
        view: WaterfallView::of(&query),
        path: format!("/sessions/{}/actions/{number}/waterfall", whole.session.id),
        sees_unmasked: identity.sees_unmasked(),
    };
    let tag = &whole.session.user_tag;
    let who = if tag.is_empty() { "Anonymous" } else { tag.as_str() };
    let mut page = drawing.page();
    page.chips = chips(action, &whole.vitals);
    page.facts = format!("{} · {who}", format::full_time(action.started_at, &zone));
    page.session = format!("/sessions/{}#a{number}", whole.session.id);
    page.sums = sums(resources);
    if drawing.has_document {
        page.navigation = navigation::words(&action.timings);
    }
    let now = state.services.now();
    let frame = shell::frame(&identity, Section::Sessions, "Waterfall", now);
    let frame = shell::below(frame, "Sessions", "/sessions");
    let frame = shell::below(frame, who, &format!("/sessions/{}", whole.session.id));
    shell::page("pages/waterfall.html", &frame, &page)
}

fn chips(action: &UserAction, found: &[(u32, WebVitals)]) -> Vec<Chip> {
    let mut chips = vec![
        words::zone(action.zone),
        Chip::plain(&format::duration(u64::from(action.duration.0))),
    ];
    if let Some((_, found)) = found.iter().find(|(own, _)| *own == action.number) {
        chips.extend(vitals(found, false).into_iter().map(|vital| Chip {
            text: format!("{} {}", vital.name, vital.chip.text),
            ..vital.chip
        }));
    }
    chips
}

fn marks(
    action: &UserAction,
    vitals: &[(u32, WebVitals)],
    number: u32,
) -> Vec<(Line, &'static str, String)> {
    let lcp = vitals
        .iter()
        .find(|(own, _)| *own == number)
        .and_then(|(_, found)| found.largest_contentful_paint);
    let points = [
        (action.timings.first_paint, "first paint"),
        (action.timings.first_contentful_paint, "first contentful paint"),
        (lcp, "LCP"),
        (action.timings.dom_interactive, "DOM interactive"),
        (action.timings.load_event_end, "load"),
    ];
    let mut marks: Vec<(Line, &'static str, String)> = points
        .into_iter()
        .filter_map(|(at, name)| at.map(|at| (at, name)))
        .map(|(at, name)| {
            let text = format!("{name} {}", format::duration(u64::from(at)));
            (Line { at, class: "waterfall-line" }, "key-none", text)
        })
        .collect();
    let at = action.duration.0;
    let text = format!("end {}", format::duration(u64::from(at)));
    marks.push((Line { at, class: "waterfall-end" }, "phase-server", text));
    marks
}

/// The rows of an action, the document first; at most `max`.
#[must_use]
pub fn request_rows(
    requests: &Requests<'_>,
    action: &UserAction,
    max: usize,
    lines: &[Line],
    height: u32,
    sees_unmasked: bool,
) -> Vec<WaterfallRow> {
    let scale = requests.scale;
    let document = requests.document.iter().map(|row| {
        let made = request_row(row, lines, scale, height, sees_unmasked);
        let phases = navigation::phases(&action.timings, row.is_failed || row.status >= 400);
        if phases.is_empty() {
            return made;
        }
        let label = format!("{}, {}", made.name, made.duration);
        WaterfallRow { bar: waterfall::row(&phases, lines, scale, height, &label), ..made }
    });
    let others = requests.others.iter();
    let others = others.map(|row| request_row(row, lines, scale, height, sees_unmasked));
    document.chain(others).take(max).collect()
}

/// One request as a row: its phases on the scale of the action.
#[must_use]
pub fn request_row(
    row: &Resource,
    lines: &[Line],
    scale: u32,
    height: u32,
    sees_unmasked: bool,
) -> WaterfallRow {
    let path = path_of(&row.url);
    let name = match row.kind {
        ResourceKind::Xhr | ResourceKind::Fetch if !row.method.is_empty() => {
            format!("{} {path}", row.method)
        }
        ResourceKind::Document => path.to_owned(),
        _ => path.rsplit('/').find(|part| !part.is_empty()).unwrap_or(path).to_owned(),
    };
    let is_bad = row.is_failed || row.status >= 400;
    let status = match row.status {
        0 if row.is_failed => Chip::of("bad", "failed"),
        0 => Chip::default(),
        status if is_bad => Chip::of("bad", &status.to_string()),
        status => Chip::plain(&status.to_string()),
    };
    let size = match (row.transfer_bytes, row.decoded_bytes) {
        (0, 0) => String::new(),
        (0, _) => "cached".to_owned(),
        (bytes, _) => format::bytes(u64::from(bytes)),
    };
    let duration = format::duration(u64::from(row.duration));
    let phases = phases(row, is_bad);
    let label = format!(
        "{name}: {duration} from {} on{}",
        format::duration(u64::from(row.start)),
        waterfall_rows::in_words(&phases)
    );
    WaterfallRow {
        title: mask::url(&row.url, sees_unmasked).into_owned(),
        kind: words::resource(row.kind),
        status,
        size,
        start: format::duration(u64::from(row.start)),
        duration,
        bar: waterfall::row(&phases, lines, scale, height, &label),
        note: row.protocol.clone(),
        name,
        ..WaterfallRow::default()
    }
}

/// Phases of a request. Without details the whole is one bar: the browser hides them for other hosts.
fn phases(row: &Resource, is_bad: bool) -> Vec<Phase> {
    let server = if is_bad { "phase-failed" } else { "phase-server" };
    if row.response_start == 0 || row.response_start > row.duration {
        return vec![Phase { start: row.start, length: row.duration, class: server }];
    }
    let at = |offset: u32| row.start.saturating_add(offset);
    let mut phases = Vec::new();
    let mut add = |from: u32, to: u32, class| {
        if to > from {
            phases.push(Phase { start: at(from), length: to - from, class });
        }
    };
    let connect_start = if row.domain_lookup_end > row.domain_lookup_start {
        row.domain_lookup_start
    } else {
        row.connect_start
    };
    let connect_end = row.connect_end.max(row.domain_lookup_end);
    if connect_end > connect_start {
        add(0, connect_start, "phase-wait");
        add(connect_start, connect_end, "phase-connect");
        add(connect_end, row.request_start, "phase-wait");
    } else {
        add(0, row.request_start, "phase-wait");
    }
    add(row.request_start, row.response_start, server);
    add(row.response_start, row.duration, "phase-download");
    phases
}

fn sums(resources: &ActionResources) -> Vec<Vec<String>> {
    resources
        .sums
        .iter()
        .map(|sum| {
            vec![
                sum.host.clone(),
                words::resource(sum.kind).to_owned(),
                format::number(u64::from(sum.count)),
                format::duration(u64::from(sum.duration)),
                format::bytes(u64::from(sum.transfer_bytes)),
            ]
        })
        .collect()
}
