//! User actions with their timings: page loads, clicks that fetch, and what the page reports itself.

use super::dice::{Dice, percent};
use super::pages::{Click, ORIGIN, Page};
use super::resources;
use crate::base::time::Millis;
use crate::model::action::{ActionKind, Timings};
use crate::model::beacon::{BeaconAction, Input};

/// How fast a visitor's machine and line are.
#[derive(Debug, Clone, Copy)]
pub struct Link {
    /// Round trip to the shop in milliseconds.
    pub round_trip: u32,
    /// Throughput.
    pub bytes_per_milli: u32,
    /// How long scripts and layout take, in percent of a good desktop.
    pub work: u32,
    /// Protocol of the requests.
    pub protocol: &'static str,
    /// Effective connection type as the browser tells it; empty when it does not.
    pub connection: &'static str,
}

/// What makes one load slower than another.
#[derive(Debug, Clone, Copy)]
pub struct Load<'a> {
    /// Page.
    pub page: &'static Page,
    /// Part of the URL from `?`.
    pub query: &'a str,
    /// Referrer.
    pub referrer: &'a str,
    /// First load of a session: connections are new and caches cold.
    pub is_first: bool,
    /// Time of the server in percent of what is usual.
    pub strain: u32,
    /// Page view in the browser.
    pub page_view: u32,
}

/// A page load.
#[must_use]
pub fn load(dice: &Dice, link: &Link, load: &Load<'_>) -> BeaconAction {
    let timings = navigation(dice, link, load);
    let (rows, sums) = resources::waterfall(dice, load.page, link, &timings, load.is_first);
    let end = timings.load_event_end.unwrap_or(0);
    let painted = timings.first_contentful_paint.unwrap_or(0);
    let long_tasks = if dice.chance(450) { percent(dice.tail(110), link.work) } else { 0 };
    BeaconAction {
        kind: ActionKind::PageLoad,
        url: format!("{ORIGIN}{}{}", load.page.path, load.query),
        title: load.page.title.to_owned(),
        referrer: load.referrer.to_owned(),
        duration: Millis(end),
        visually_complete: Some(Millis(painted + (end - painted.min(end)) * 2 / 3)),
        speed_index: Some(Millis(painted + (end - painted.min(end)) / 4)),
        long_tasks: Millis(long_tasks),
        timings,
        page_view: load.page_view,
        resources: rows,
        resource_sums: sums,
        ..BeaconAction::default()
    }
}

fn navigation(dice: &Dice, link: &Link, load: &Load<'_>) -> Timings {
    let rtt = link.round_trip;
    let fetch_start = dice.between(1, 6);
    let is_new = load.is_first || dice.chance(60);
    let lookup_end = fetch_start + if is_new { dice.tail(14) } else { 0 };
    let tls = lookup_end + if is_new { dice.tail(rtt) } else { 0 };
    let connect_end = tls + if is_new { dice.tail(rtt) + 3 } else { 0 };
    let request_start = connect_end + dice.between(0, 3);
    let response_start = request_start + rtt + percent(dice.tail(load.page.server), load.strain);
    let response_end = response_start + dice.tail(14 + 24_000 / link.bytes_per_milli.max(1));
    let cold = if load.is_first { 190 } else { 100 };
    let first_paint = response_end + percent(percent(dice.tail(90), link.work), cold);
    let first_contentful_paint = first_paint + dice.between(0, 24);
    let dom_interactive = response_end + percent(dice.tail(160), link.work);
    let content_loaded = dom_interactive + dice.between(1, 9);
    let content_loaded_end = content_loaded + percent(dice.tail(34), link.work);
    let fetching = percent(dice.tail(280) + 900_000 / link.bytes_per_milli.max(1), cold);
    let dom_complete = content_loaded_end + percent(fetching, link.work);
    let load_start = dom_complete + dice.between(0, 2);
    Timings {
        redirect_start: None,
        redirect_end: None,
        fetch_start: Some(fetch_start),
        domain_lookup_start: Some(fetch_start),
        domain_lookup_end: Some(lookup_end),
        connect_start: Some(lookup_end),
        secure_connection_start: Some(tls),
        connect_end: Some(connect_end),
        request_start: Some(request_start),
        response_start: Some(response_start),
        response_end: Some(response_end),
        dom_interactive: Some(dom_interactive),
        dom_content_loaded_event_start: Some(content_loaded),
        dom_content_loaded_event_end: Some(content_loaded_end),
        dom_complete: Some(dom_complete),
        load_event_start: Some(load_start),
        load_event_end: Some(load_start + percent(dice.tail(12), link.work)),
        first_paint: Some(first_paint),
        first_contentful_paint: Some(first_contentful_paint),
    }
}

/// A click that fetches; `status` is the answer.
#[must_use]
pub fn click(
    dice: &Dice,
    link: &Link,
    page: &Page,
    click: &Click,
    strain: u32,
    status: u16,
) -> BeaconAction {
    let span = link.round_trip + percent(dice.tail(click.server), strain) + dice.between(2, 20);
    let request_url = format!("{ORIGIN}{}", click.request);
    let row = resources::request(dice, link, request_url.clone(), click.method, status, span);
    let end = span + percent(dice.tail(18), link.work);
    let timings = Timings {
        fetch_start: Some(row.start),
        request_start: Some(row.start + row.request_start),
        response_start: Some(row.start + row.response_start),
        response_end: Some(row.start + row.duration),
        ..Timings::default()
    };
    BeaconAction {
        kind: ActionKind::Xhr,
        input: Input {
            kind: "click".to_owned(),
            caption: click.caption.to_owned(),
            element: click.element.to_owned(),
        },
        url: format!("{ORIGIN}{}", page.path),
        request_url,
        title: page.title.to_owned(),
        duration: Millis(end),
        visually_complete: Some(Millis(end.saturating_sub(dice.between(0, 8)))),
        timings,
        resources: vec![row],
        ..BeaconAction::default()
    }
}

/// What the shop's script reports through the API.
#[must_use]
pub fn custom(
    dice: &Dice,
    page: &Page,
    name: &str,
    properties: Vec<(String, String)>,
) -> BeaconAction {
    BeaconAction {
        kind: ActionKind::Custom,
        name: name.to_owned(),
        url: format!("{ORIGIN}{}", page.path),
        title: page.title.to_owned(),
        duration: Millis(dice.between(4, 380)),
        properties,
        ..BeaconAction::default()
    }
}
