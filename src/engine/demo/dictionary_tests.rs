//! Trains the dictionary of the record codec, and measures what an action costs on disk.
//!
//! It must help with sites that it never saw: it is trained on the demo's visits with all hosts, paths and file names
//! replaced, and measured on the demo's own.

use std::fmt::Write;

use super::dice::Dice;
use super::elsewhere::{rename, site};
use super::{Pace, Visit, Visitors};
use crate::base::id::{ApplicationId, SessionId};
use crate::base::time::{DAY_MILLIS, Timestamp};
use crate::model::action::{ActionResources, ApdexZone, Contributors, UserAction};
use crate::model::beacon::{BeaconAction, BeaconEventKind};
use crate::model::session::tests_support::sample;
use crate::model::session::{
    ApplicationVisit, EndReason, Experience, Session, SessionEvent, SessionEventKind, Tally,
};
use crate::model::visitor::{Client, DeviceType, Place};
use crate::store::codec::Encoder;

const NOW: Timestamp = Timestamp(1_764_000_000_000);
/// Bytes of the dictionary: larger ones gain little and cost cache.
const DICTIONARY_BYTES: usize = 48 * 1024;

fn user_action(
    visit: &Visit,
    number: u32,
    at: i64,
    action: &BeaconAction,
) -> (UserAction, ActionResources) {
    let page = action.url.splitn(4, '/').nth(3).unwrap_or_default();
    let page = format!("/{}", page.split('?').next().unwrap_or_default());
    let name = match (action.name.as_str(), action.input.caption.as_str()) {
        ("", "") => format!("loading of page {page}"),
        ("", caption) => format!("click on \"{caption}\" on page {page}"),
        (name, _) => name.to_owned(),
    };
    let resources =
        ActionResources { rows: action.resources.clone(), sums: action.resource_sums.clone() };
    let action = UserAction {
        number,
        application: ApplicationId::DEFAULT,
        kind: action.kind,
        name,
        page,
        page_group: String::new(),
        url: action.url.clone(),
        target_url: String::new(),
        request_url: action.request_url.clone(),
        title: action.title.clone(),
        started_at: Timestamp(visit.beacon.base.0 + at),
        duration: action.duration,
        visually_complete: action.visually_complete,
        speed_index: None,
        long_tasks: action.long_tasks,
        timings: action.timings,
        contributors: Contributors {
            server: action.duration,
            network: action.duration,
            frontend: action.duration,
        },
        zone: ApdexZone::Satisfied,
        is_soft_navigation: false,
        was_hidden: false,
        page_number: 0,
        parent: 0,
        errors: action.errors.clone(),
        error_count: u32::try_from(action.errors.len()).unwrap(),
        properties: action.properties.clone(),
        resource_count: u32::try_from(action.resources.len()).unwrap(),
        page_view: action.page_view,
        tab: visit.beacon.tab,
        release: visit.beacon.release.clone(),
    };
    (action, resources)
}

fn client(dice: &Dice) -> Client {
    let (browser, os, device, device_type) = *dice.pick(&[
        ("Chrome", "Windows", "Other", DeviceType::Desktop),
        ("Firefox", "Windows", "Other", DeviceType::Desktop),
        ("Edge", "Windows", "Other", DeviceType::Desktop),
        ("Safari", "Mac OS X", "Mac", DeviceType::Desktop),
        ("Chrome Mobile", "Android", "Generic Smartphone", DeviceType::Phone),
        ("Samsung Internet", "Android", "Generic Smartphone", DeviceType::Phone),
        ("Mobile Safari", "iOS", "iPhone", DeviceType::Phone),
        ("Mobile Safari", "iOS", "iPad", DeviceType::Tablet),
    ]);
    Client {
        browser: browser.to_owned(),
        browser_version: format!("{}.0.0", dice.between(17, 145)),
        os: os.to_owned(),
        os_version: dice.between(10, 18).to_string(),
        device: device.to_owned(),
        device_type,
        robot: None,
    }
}

fn session(dice: &Dice, visit: &Visit, action: &UserAction) -> Session {
    let started_at = visit.received_at;
    let country =
        *dice.pick(&["AT", "DE", "CH", "US", "GB", "FR", "IN", "BR", "IT", "ES", "PL", "NL"]);
    let n = dice.between(1, 40);
    let live = sample(SessionId::new(started_at, dice.id()), visit.beacon.visitor);
    Session {
        last_at: Timestamp(started_at.0 + i64::from(dice.between(0, 3_000_000))),
        end_reason: *dice.pick(&[None, Some(EndReason::Timeout), Some(EndReason::WindowClosed)]),
        user_tag: if dice.chance(500) {
            String::new()
        } else {
            format!("{:x}@mail.com", dice.word())
        },
        applications: vec![ApplicationVisit {
            application: ApplicationId::DEFAULT,
            action_count: n,
            first_at: started_at,
            last_at: started_at,
        }],
        tally: Tally {
            actions: n,
            satisfied: n,
            javascript_errors: dice.between(0, 2),
            events: dice.between(0, 9),
            ..Tally::default()
        },
        entry_page: action.page.clone(),
        exit_page: action.page.clone(),
        referrer: (*dice.pick(&[
            "",
            "https://www.google.com/",
            "https://www.bing.com/",
            "https://www.facebook.com/",
        ]))
        .to_owned(),
        client: client(dice),
        environment: visit.beacon.environment.clone(),
        place: Place { country: country.to_owned(), ..Place::default() },
        ip: Some(visit.ip),
        release: visit.beacon.release.clone(),
        last_zone: ApdexZone::Satisfied,
        experience: Experience::Satisfied,
        clock_offset: i64::from(dice.between(0, 2_000)) - 1_000,
        ..live
    }
}

/// Records of a beacon: (kind, action count, resource count, plain bytes, stored bytes).
fn records(
    encoder: &mut Encoder,
    dice: &Dice,
    visit: &Visit,
    mut each: impl FnMut(&'static str, usize, Vec<u8>, Vec<u8>),
) {
    let mut number = 0;
    for event in &visit.beacon.events {
        match &event.kind {
            BeaconEventKind::Action(action) => {
                number += 1;
                let (row, resources) = user_action(visit, number, event.at, action);
                let n = resources.rows.len();
                each(
                    "action",
                    n,
                    postcard::to_allocvec(&row).unwrap(),
                    encoder.encode(&row).unwrap(),
                );
                if n > 0 {
                    each(
                        "resources",
                        n,
                        postcard::to_allocvec(&resources).unwrap(),
                        encoder.encode(&resources).unwrap(),
                    );
                }
                if number == 1 && dice.chance(400) {
                    let row = session(dice, visit, &row);
                    each(
                        "session",
                        0,
                        postcard::to_allocvec(&row).unwrap(),
                        encoder.encode(&row).unwrap(),
                    );
                }
            }
            BeaconEventKind::Error(report) => {
                let kind = SessionEventKind::Error((**report).clone());
                let row = SessionEvent {
                    at: visit.received_at,
                    application: ApplicationId::DEFAULT,
                    kind,
                };
                each(
                    "event",
                    0,
                    postcard::to_allocvec(&row).unwrap(),
                    encoder.encode(&row).unwrap(),
                );
            }
            _ => {}
        }
    }
}

fn visits(seed: u64, n: usize) -> impl Iterator<Item = Visit> {
    let start = Timestamp(NOW.0 - 3 * DAY_MILLIS);
    Visitors::new(seed, start, NOW, Pace::Steady(2_000)).take(n)
}

#[test]
#[ignore = "writes assets/records.dict: scripts/train-dictionary runs it"]
fn train_dictionary() {
    let dice = Dice::new(99);
    let sites: Vec<_> = (0..400).map(|_| site(&dice)).collect();
    let mut encoder = Encoder::new().unwrap();
    let mut samples = Vec::new();
    for mut visit in visits(5, 6_000) {
        rename(&mut visit, dice.pick::<Vec<(String, String)>>(&sites));
        records(&mut encoder, &dice, &visit, |_, _, plain, _| {
            samples.push(plain);
        });
    }
    let dictionary = zstd::dict::from_samples(&samples, DICTIONARY_BYTES).unwrap();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/records.dict");
    std::fs::write(path, &dictionary).unwrap();
    println!("{} samples, dictionary {} bytes", samples.len(), dictionary.len());
}

#[test]
fn records_of_an_unknown_shop_are_small() {
    let dice = Dice::new(3);
    let mut encoder = Encoder::new().unwrap();
    let mut sums = std::collections::BTreeMap::<&str, (usize, usize, usize, usize)>::new();
    for visit in visits(6, 2_000) {
        records(&mut encoder, &dice, &visit, |kind, n, plain, stored| {
            let sum = sums.entry(kind).or_default();
            sum.0 += 1;
            sum.1 += n;
            sum.2 += plain.len();
            sum.3 += stored.len();
        });
    }
    let mut text = String::new();
    for (kind, (count, rows, plain, stored)) in &sums {
        writeln!(
            text,
            "{kind}: {count}, {} rows, {} bytes plain, {} stored each",
            rows / count,
            plain / count,
            stored / count
        )
        .unwrap();
    }
    println!("{text}");
    let (actions, ..) = sums["action"];
    let stored: usize = sums.values().map(|sum| sum.3).sum();
    println!("{} bytes per action", stored / actions);
    assert!(stored / actions <= 1_024, "{text}");
}
