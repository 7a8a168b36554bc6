//! The document of a page load as the first row of its waterfall, with the phases of its navigation.

use super::happenings::path_of;
use crate::model::action::{ActionKind, Resource, ResourceKind, Timings, UserAction};
use crate::web::charts::waterfall::Phase;
use crate::web::format;

/// The requests of an action, the document apart from the others.
pub struct Requests<'a> {
    /// The document; none when the action loaded none.
    pub document: Option<Resource>,
    /// All others, in order of start.
    pub others: Vec<&'a Resource>,
    /// Length of the longest of action and requests.
    pub scale: u32,
}

impl<'a> Requests<'a> {
    /// Takes the document out of the rows; where the agent sent no row for it, its timings make one.
    #[must_use]
    pub fn of(action: &UserAction, rows: &'a [Resource]) -> Self {
        let is_load = action.kind == ActionKind::PageLoad && !action.is_soft_navigation;
        let is_document = |row: &Resource| {
            is_load
                && row.kind == ResourceKind::Document
                && row.start == 0
                && path_of(&row.url) == path_of(&action.url)
        };
        let sent = rows.iter().position(is_document);
        let others = rows.iter().enumerate().filter(|(at, _)| Some(*at) != sent);
        let others: Vec<&Resource> = others.map(|(_, row)| row).collect();
        let document = match sent.and_then(|at| rows.get(at)) {
            Some(row) => Some(row.clone()),
            None if is_load => from_timings(action),
            None => None,
        };
        let end = |row: &Resource| row.start.saturating_add(row.duration);
        let ends = others.iter().map(|row| end(row)).chain(document.as_ref().map(end));
        let scale = action.duration.0.max(ends.max().unwrap_or(0)).max(1);
        Self { document, others, scale }
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.others.len() + usize::from(self.document.is_some())
    }
}

fn from_timings(action: &UserAction) -> Option<Resource> {
    let end = action.timings.response_end.or(action.timings.response_start)?;
    Some(Resource {
        url: action.url.clone(),
        kind: ResourceKind::Document,
        duration: end,
        ..Resource::default()
    })
}

/// A stretch of a navigation: name, start, end, class.
type Stretch = (&'static str, u32, u32, &'static str);

/// The parts of a navigation in order; those without length are left out.
fn stretches(timings: &Timings) -> Vec<Stretch> {
    let span = |name, from: Option<u32>, to: Option<u32>, class| {
        let (from, to) = (from?, to?);
        (to > from).then_some((name, from, to, class))
    };
    let tls = timings.secure_connection_start.filter(|at| *at > 0);
    [
        span("redirect", timings.redirect_start, timings.redirect_end, "phase-wait"),
        span("DNS", timings.domain_lookup_start, timings.domain_lookup_end, "phase-connect"),
        span("connect", timings.connect_start, tls.or(timings.connect_end), "phase-connect"),
        span("TLS", tls, timings.connect_end, "phase-connect"),
        span("server", timings.request_start, timings.response_start, "phase-server"),
        span("download", timings.response_start, timings.response_end, "phase-download"),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The bar of the document: what lies between its parts is waiting. Empty when nothing is known.
#[must_use]
pub fn phases(timings: &Timings, is_bad: bool) -> Vec<Phase> {
    let mut phases: Vec<Phase> = Vec::new();
    let mut at = 0;
    for (name, from, to, class) in stretches(timings) {
        if from > at {
            phases.push(Phase { start: at, length: from - at, class: "phase-wait" });
        }
        let class = if is_bad && name == "server" { "phase-failed" } else { class };
        phases.push(Phase { start: from, length: to - from, class });
        at = at.max(to);
    }
    phases
}

/// The parts in words: (name, duration), then the marks of the page.
#[must_use]
pub fn words(timings: &Timings) -> Vec<(&'static str, String)> {
    let duration = |millis: u32| format::duration(u64::from(millis));
    let parts =
        stretches(timings).into_iter().map(|(name, from, to, _)| (name, duration(to - from)));
    let processing = timings
        .dom_interactive
        .zip(timings.response_end)
        .filter(|(interactive, received)| interactive > received)
        .map(|(interactive, received)| ("building the page", duration(interactive - received)));
    let handlers = timings
        .load_event_end
        .zip(timings.load_event_start)
        .filter(|(end, start)| end > start)
        .map(|(end, start)| ("load handlers", duration(end - start)));
    parts.chain(processing).chain(handlers).collect()
}

#[cfg(test)]
#[path = "navigation_tests.rs"]
pub(in crate::web) mod tests;
