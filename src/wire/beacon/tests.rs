//! Tests: see the module.

use std::fs;
use std::path::Path;

use proptest::prelude::*;

use super::{decode, encode};
use crate::base::limits;
use crate::model::action::ActionKind;
use crate::model::beacon::{Beacon, BeaconEventKind, Navigation};
use crate::model::error_report::ErrorKind;
use crate::model::outcome::Outcome;
use crate::wire::inflate::inflate;

fn golden(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/beacons");
    fs::read(folder.join(name)).unwrap()
}

fn decoded(name: &str) -> Beacon {
    decode(&golden(&format!("v1/{name}.json"))).unwrap()
}

#[test]
fn a_page_load_is_read_whole() {
    let beacon = decoded("load");
    assert_eq!(beacon.visitor.0, 0xffee_ddcc_bbaa_9988_7766_5544_3322_1100);
    assert_eq!(beacon.tab, 0xfedc_ba98_7654_3210);
    assert_eq!(beacon.environment.time_zone, "Europe/Vienna");
    assert!(beacon.is_returning && !beacon.is_automated);
    let BeaconEventKind::Action(action) = &beacon.events[0].kind else { panic!() };
    assert_eq!(action.kind, ActionKind::PageLoad);
    assert_eq!(action.timings.response_start, Some(600));
    assert_eq!(action.timings.first_contentful_paint, Some(950));
    assert_eq!(action.timings.redirect_start, None);
    assert_eq!(action.resources.len(), 9);
    assert_eq!(action.resources[0].transfer_bytes, 12_000);
}

#[test]
fn inputs_properties_and_errors_are_read() {
    let beacon = decoded("click");
    let BeaconEventKind::Action(action) = &beacon.events[0].kind else { panic!() };
    assert_eq!(action.input.caption, "Buy");
    assert_eq!(action.resources[0].status, 201);
    let expected = [("cart", "3 items"), ("vip", "true")];
    assert_eq!(action.properties, expected.map(|(k, v)| (k.to_owned(), v.to_owned())));
    let errors = decoded("errors").events;
    let BeaconEventKind::Error(report) = &errors[0].kind else { panic!() };
    assert_eq!((report.line, report.column, report.count), (10, 15, 2));
    assert!(report.stack.contains('\n'));
    let BeaconEventKind::Error(report) = &errors[1].kind else { panic!() };
    assert_eq!((report.kind, report.status, report.count), (ErrorKind::Request, 404, 1));
}

#[test]
fn all_other_kinds_are_read() {
    let beacon = decoded("life");
    assert_eq!((beacon.lost, beacon.is_automated, beacon.events.len()), (3, true, 7));
    let BeaconEventKind::Vitals { page_view, vitals } = &beacon.events[0].kind else { panic!() };
    assert_eq!((*page_view, vitals.cumulative_layout_shift), (77, Some(35)));
    let BeaconEventKind::PageEnd(end) = beacon.events[4].kind else { panic!() };
    assert_eq!((end.was_visible, end.navigation, end.peers), (true, Navigation::SameSite, 2));
    assert_eq!(
        beacon.events[5].kind,
        BeaconEventKind::PeerGone { tab: 0xaa, became_visible: true }
    );
}

#[test]
fn all_that_is_measured_is_read() {
    let beacon = decoded("measured");
    let BeaconEventKind::Action(action) = &beacon.events[0].kind else { panic!() };
    assert_eq!((action.page_number, action.parent, action.was_hidden), (4711, 4710, true));
    assert_eq!(action.speed_index.map(|span| span.0), Some(210));
    assert_eq!(action.target_url, "https://shop.example.com/cart?mail=anna@example.com");
    assert_eq!(action.page_group, "cart");
    let BeaconEventKind::Vitals { vitals, .. } = &beacon.events[1].kind else { panic!() };
    let lcp = [
        vitals.lcp_time_to_first_byte,
        vitals.lcp_load_delay,
        vitals.lcp_load_duration,
        vitals.lcp_render_delay,
    ];
    assert_eq!(lcp, [200, 300, 900, 400].map(Some));
    let inp = [vitals.inp_input_delay, vitals.inp_processing, vitals.inp_presentation_delay];
    assert_eq!(inp, [20, 60, 40].map(Some));
    assert_eq!((vitals.inp_event.as_str(), vitals.inp_script_duration), ("pointerup", Some(55)));
    assert_eq!(vitals.inp_function, "BUTTON.onclick");
    assert_eq!((vitals.cls_largest_shift, vitals.cls_largest_shift_at), (Some(30), Some(2100)));
    let url = "https://shop.example.com/cart".to_owned();
    assert_eq!(beacon.events[2].kind, BeaconEventKind::DeadClick { target: "Pay".to_owned(), url });
}

#[test]
fn unknown_kinds_and_keys_are_skipped() {
    let beacon = decoded("future");
    assert_eq!(beacon.events.len(), 1);
    assert_eq!(beacon.events[0].kind, BeaconEventKind::Alive);
}

#[test]
fn wrong_types_count_as_absent() {
    let beacon = decoded("wrong_types");
    let BeaconEventKind::Action(action) = &beacon.events[0].kind else { panic!() };
    assert_eq!((action.duration.0, action.resources.len(), action.url.as_str()), (0, 0, "7"));
}

#[test]
fn hostile_beacons_get_their_outcome() {
    let cases = [
        ("empty.json", Outcome::Malformed),
        ("null.json", Outcome::Malformed),
        ("array.json", Outcome::Malformed),
        ("truncated.json", Outcome::Malformed),
        ("deep_list.json", Outcome::Malformed),
        ("lone_surrogate.json", Outcome::Malformed),
        ("giant_number.json", Outcome::Malformed),
        ("duplicate_keys.json", Outcome::Malformed),
        ("bad_utf8.json", Outcome::Malformed),
        ("nul_bytes.json", Outcome::Malformed),
        ("no_visitor.json", Outcome::Malformed),
        ("many_events.json", Outcome::TooManyEvents),
        ("version_2.json", Outcome::UnknownVersion),
        ("bomb.json.gz", Outcome::TooLarge),
        ("nested.json.gz", Outcome::UnsupportedEncoding),
    ];
    for (name, outcome) in cases {
        let bytes = golden(&format!("hostile/{name}"));
        let result = inflate("", &bytes).and_then(|body| decode(&body));
        assert_eq!(result, Err(outcome), "{name}");
    }
    let bytes = golden("hostile/multi_member.json.gz");
    assert!(inflate("gzip", &bytes).and_then(|body| decode(&body)).is_ok());
}

#[test]
fn the_corpus_never_panics_and_survives_encoding() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/beacons");
    for kind in ["v1", "hostile"] {
        for entry in fs::read_dir(folder.join(kind)).unwrap() {
            let bytes = fs::read(entry.unwrap().path()).unwrap();
            let body = inflate("", &bytes);
            if let Ok(beacon) = body.and_then(|body| decode(&body)) {
                assert_eq!(decode(&encode(&beacon)).as_ref(), Ok(&beacon));
            }
        }
    }
}

#[test]
fn long_texts_are_cut_and_lists_end_at_their_limits() {
    let resources = vec!["{\"u\":\"/x\",\"k\":\"img\"}"; 150].join(",");
    let properties: Vec<String> = (0..80).map(|n| format!("\"k{n}\":{n}")).collect();
    let body = format!(
        "{{\"v\":1,\"id\":\"{:032}\",\"vi\":\"{:032}\",\"b\":1,\"s\":2,\"rel\":\"{}\",\"e\":[{{\"k\":\"a\",\"t\":\"load\",\
         \"u\":\"{}\",\"d\":999999999,\"r\":[{resources}],\"pr\":{{{}}}}}]}}",
        1,
        2,
        "r".repeat(100),
        "ü".repeat(3_000),
        properties.join(",")
    );
    let beacon = decode(body.as_bytes()).unwrap();
    assert_eq!(beacon.release.len(), limits::WORD_CHARS);
    let BeaconEventKind::Action(action) = &beacon.events[0].kind else { panic!() };
    assert_eq!(action.url.chars().count(), limits::URL_CHARS);
    assert_eq!(action.resources.len(), limits::ACTION_RESOURCES);
    assert_eq!(action.properties.len(), limits::EVENT_PROPERTIES);
    assert_eq!(action.duration.0, limits::ACTION_MILLIS);
}

/// Hand-made JSON near the truth: keys of the protocol with values of any type.
fn near_json() -> impl Strategy<Value = String> {
    let value = prop_oneof![
        any::<i64>().prop_map(|n| n.to_string()),
        any::<f64>().prop_filter("finite", |n| n.is_finite()).prop_map(|n| n.to_string()),
        ".{0,20}".prop_map(|text| serde_json::to_string(&text).unwrap()),
        Just("null".to_owned()),
        Just("[{\"u\":\"/a\",\"s\":3},5]".to_owned()),
        Just("{\"k\":\"click\",\"c\":\"Buy\",\"rs\":4}".to_owned()),
    ];
    let key = prop::sample::select(vec![
        "at", "t", "n", "i", "u", "ru", "ti", "rf", "d", "vc", "lt", "tm", "soft", "pv", "r", "rm",
        "er", "pr", "m", "s", "me", "st", "l", "c", "x", "lcp", "v", "ps", "vis", "nav", "pe",
        "tab",
    ]);
    let kind = prop::sample::select(vec!["a", "e", "v", "u", "p", "r", "x", "h", "q", "g", "?"]);
    let event = (kind, prop::collection::btree_map(key, value, 0..12)).prop_map(|(kind, map)| {
        let rest: Vec<String> =
            map.iter().map(|(key, value)| format!(",\"{key}\":{value}")).collect();
        let rest = rest.concat();
        let rest = if kind == "a" && !map.contains_key("t") {
            format!("{rest},\"t\":\"xhr\"")
        } else {
            rest
        };
        format!("{{\"k\":\"{kind}\"{rest}}}")
    });
    (prop::collection::vec(event, 0..6), any::<i64>(), any::<u64>()).prop_map(|(events, b, s)| {
        format!(
            "{{\"v\":1,\"id\":\"{:032x}\",\"vi\":\"{:032x}\",\"b\":{b},\"s\":{s},\"e\":[{}]}}",
            7,
            9,
            events.join(",")
        )
    })
}

proptest! {
    #[test]
    fn what_was_decoded_survives_encoding(body in near_json()) {
        let beacon = decode(body.as_bytes()).unwrap();
        prop_assert_eq!(decode(&encode(&beacon)), Ok(beacon));
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = decode(&bytes);
    }

    #[test]
    fn damaged_beacons_never_panic(position in 0_usize..3_000, byte in any::<u8>()) {
        let mut bytes = golden("v1/typical.json");
        let position = position % bytes.len();
        bytes[position] = byte;
        let _ = decode(&bytes);
    }
}
