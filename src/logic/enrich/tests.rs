//! Tests of enriching: the vectors of dem-semantics 16 that are decided between a beacon and the sessionizer.

use std::net::IpAddr;
use std::sync::Arc;

use super::*;
use crate::base::id::{ApplicationId, BeaconId, VisitorId};
use crate::base::time::{Millis, Timestamp};
use crate::logic::geo::GeoDatabase;
use crate::logic::ruleset::{Ruleset, compile};
use crate::model::action::{
    ActionKind, ApdexZone, Contributors, Resource, ResourceKind, Timings, UserAction,
};
use crate::model::application::{
    Application, DetectionOperator, DetectionRule, DetectionTarget, PlacePrivacy, UserTagPrivacy,
};
use crate::model::beacon::{Beacon, BeaconAction, BeaconEvent, BeaconEventKind, Input};
use crate::model::error_report::{ErrorKind, ErrorReport};
use crate::model::session::{SessionEventKind, SessionInput, SessionKind};
use crate::model::visitor::Environment;

const NOW: i64 = 1_795_000_000_000;
const SHOP: ApplicationId = ApplicationId(7);
const PERSON: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";

fn rules() -> Arc<Ruleset> {
    let files = [
        ("bots.toml", include_str!("../../../rules/bots.toml")),
        ("naming.toml", include_str!("../../../rules/naming.toml")),
        ("user_agents.yaml", include_str!("../../../rules/user_agents.yaml")),
        ("geo/countries.toml", include_str!("../../../rules/geo/countries.toml")),
    ];
    Arc::new(compile(&files, &[]).unwrap())
}

fn shop() -> Application {
    Application::new(SHOP, "Shop", Timestamp(0))
}

/// A beacon that was sent by a clock that is right, 100 ms before it comes.
fn beacon(events: Vec<(i64, BeaconEventKind)>) -> Beacon {
    Beacon {
        id: BeaconId(1),
        visitor: VisitorId(2),
        browser_session: 3,
        tab: 4,
        base: Timestamp(NOW - 10_000),
        sent_at: Timestamp(NOW),
        environment: Environment::default(),
        release: "1.2".to_owned(),
        is_returning: true,
        lost: 0,
        is_automated: false,
        events: events.into_iter().map(|(at, kind)| BeaconEvent { at, kind }).collect(),
    }
}

fn facts(application: ApplicationId) -> RequestFacts<'static> {
    RequestFacts {
        received_at: Timestamp(NOW),
        ip: Some(IpAddr::from([203, 0, 113, 77])),
        user_agent: PERSON,
        application,
    }
}

fn enrich_with(enricher: &Enricher, beacon: Beacon, application: Application) -> Enriched {
    let id = application.id;
    let applications = Applications::new([application], &[]);
    enricher.enrich(beacon, &facts(id), &applications, &mut ClientCache::default())
}

fn enrich(beacon: Beacon, application: Application) -> Enriched {
    enrich_with(&Enricher::new(rules(), None, [7; 32]), beacon, application)
}

fn load() -> BeaconAction {
    BeaconAction {
        kind: ActionKind::PageLoad,
        url: "https://shop.example/x".to_owned(),
        duration: Millis(500),
        ..BeaconAction::default()
    }
}

fn action(raw: BeaconAction, application: Application) -> UserAction {
    let kind = BeaconEventKind::Action(Box::new(raw));
    let mut enriched = enrich(beacon(vec![(0, kind)]), application);
    match enriched.parts.remove(0).inputs.remove(0).1 {
        SessionInput::Action(action) => *action,
        other => panic!("{other:?} is no action"),
    }
}

#[test]
fn t2_and_t5_the_key_metric_decides_the_zone() {
    for (complete, duration, expected) in [
        (Some(3_000), 9_000, ApdexZone::Satisfied),
        (Some(3_001), 100, ApdexZone::Tolerating),
        (Some(15_000), 100, ApdexZone::Tolerating),
        (Some(15_001), 100, ApdexZone::Frustrated),
        (None, 2_000, ApdexZone::Satisfied),
        (None, 3_001, ApdexZone::Tolerating),
    ] {
        let raw = BeaconAction {
            visually_complete: complete.map(Millis),
            duration: Millis(duration),
            ..load()
        };
        assert_eq!(action(raw, shop()).zone, expected, "{complete:?} {duration}");
    }
    let custom = BeaconAction {
        kind: ActionKind::Custom,
        visually_complete: Some(Millis(1)),
        duration: Millis(3_001),
        ..load()
    };
    assert_eq!(action(custom, shop()).zone, ApdexZone::Tolerating);
}

#[test]
fn t2_thresholds_are_those_of_the_application_and_the_kind() {
    let mut application = shop();
    application.apdex.load.tolerating = Millis(12_000);
    application.apdex.xhr.satisfied = Millis(2_500);
    for (kind, duration, expected) in [
        (ActionKind::PageLoad, 12_000, ApdexZone::Tolerating),
        (ActionKind::PageLoad, 12_001, ApdexZone::Frustrated),
        (ActionKind::Xhr, 2_500, ApdexZone::Satisfied),
        (ActionKind::Xhr, 2_501, ApdexZone::Tolerating),
    ] {
        let raw = BeaconAction { kind, duration: Millis(duration), ..load() };
        assert_eq!(action(raw, application.clone()).zone, expected, "{kind:?} {duration}");
    }
}

#[test]
fn t3_a_fast_load_with_a_404_frustrates() {
    let not_found = ErrorReport {
        kind: ErrorKind::Request,
        url: "https://shop.example/logo.png".to_owned(),
        status: 404,
        count: 1,
        ..ErrorReport::default()
    };
    let with_error = action(BeaconAction { errors: vec![not_found], ..load() }, shop());
    assert_eq!((with_error.zone, with_error.error_count), (ApdexZone::Frustrated, 1));
    assert_eq!(action(load(), shop()).zone, ApdexZone::Satisfied);
}

#[test]
fn t13_contributors_are_500_300_and_1700() {
    let timings = Timings {
        request_start: Some(100),
        response_start: Some(600),
        response_end: Some(800),
        ..Timings::default()
    };
    let found = contributors(&BeaconAction { duration: Millis(2_500), timings, ..load() });
    let expected =
        Contributors { server: Millis(500), network: Millis(300), frontend: Millis(1_700) };
    assert_eq!(found, expected);
}

#[test]
fn t13_contributors_always_sum_up_to_the_duration() {
    let marks = [None, Some(0), Some(100), Some(900), Some(u32::MAX)];
    for duration in [0, 50, 800, 180_000] {
        for request_start in marks {
            for response_start in marks {
                for response_end in marks {
                    let timings =
                        Timings { request_start, response_start, response_end, ..load().timings };
                    let raw = BeaconAction { duration: Millis(duration), timings, ..load() };
                    let found = contributors(&raw);
                    let sum = found.server.0 + found.network.0 + found.frontend.0;
                    assert_eq!(sum, duration, "{timings:?}");
                }
            }
        }
    }
}

#[test]
fn t13_contributors_of_an_xhr_action_are_those_of_its_request() {
    let row = |url: &str, response_start| Resource {
        url: url.to_owned(),
        kind: ResourceKind::Fetch,
        start: 50,
        duration: 400,
        request_start: 10,
        response_start,
        ..Resource::default()
    };
    let raw = BeaconAction {
        kind: ActionKind::Xhr,
        duration: Millis(1_000),
        request_url: "/b".to_owned(),
        resources: vec![row("/a", 20), row("/b", 310)],
        ..BeaconAction::default()
    };
    // Sent at 60, answered at 360, received at 450.
    let expected =
        Contributors { server: Millis(300), network: Millis(150), frontend: Millis(550) };
    assert_eq!(contributors(&raw), expected);
}

#[test]
fn t23_addresses_are_masked_and_places_are_of_the_masked_address() {
    let packed = include_bytes!("../../../rules/geo/country.mmdb.zst");
    let places = GeoDatabase::from_bytes(zstd::decode_all(packed.as_slice()).unwrap()).unwrap();
    let places = Arc::new(places);
    let enricher = Enricher::new(rules(), Some(Arc::clone(&places)), [7; 32]);
    let mut open = shop();
    open.privacy.mask_ip = false;
    let mut country_only = shop();
    country_only.privacy.place = PlacePrivacy::Country;
    let mut nowhere = shop();
    nowhere.privacy.place = PlacePrivacy::None;
    for (given, application, kept) in [
        ("8.8.8.77", shop(), "8.8.8.0"),
        ("2001:4860:1:2:3:4:5:6", shop(), "2001:4860:1::"),
        ("::ffff:8.8.8.77", shop(), "8.8.8.0"),
        ("8.8.8.77", open, "8.8.8.77"),
        ("8.8.8.77", country_only, "8.8.8.0"),
        ("8.8.8.77", nowhere, "8.8.8.0"),
    ] {
        let applications = Applications::new([application.clone()], &[]);
        let facts = RequestFacts { ip: Some(given.parse().unwrap()), ..facts(SHOP) };
        let sent = beacon(vec![(0, BeaconEventKind::Action(Box::new(load())))]);
        let found = enricher.enrich(sent, &facts, &applications, &mut ClientCache::default());
        let kept: IpAddr = kept.parse().unwrap();
        assert_eq!(found.visit.ip, Some(kept), "{given}");
        let expected = if application.privacy.place == PlacePrivacy::None {
            String::new()
        } else {
            places.place(kept).country
        };
        assert_eq!(found.visit.place.country, expected, "{given}");
    }
}

#[test]
fn t24_and_t25_personal_data_in_urls_and_captions_is_masked() {
    let mut strict = shop();
    strict.privacy.mask_personal_data = true;
    strict.privacy.mask_captions = true;
    let raw = BeaconAction {
        kind: ActionKind::Xhr,
        input: Input {
            kind: "click".to_owned(),
            caption: "Search".to_owned(),
            element: "INPUT".to_owned(),
        },
        url: "https://shop.example/user/john.doe@example.com/profile?country=Austria".to_owned(),
        title: "Profile of john.doe@example.com".to_owned(),
        ..BeaconAction::default()
    };
    let found = action(raw, strict);
    assert_eq!(found.url, "https://shop.example/user/<masked>/profile?country=<masked>");
    assert_eq!(found.page, "/user/<masked>/profile");
    assert_eq!(found.name, "click on INPUT");
    assert!(!format!("{found:?}").contains("john"), "{found:?}");
}

#[test]
fn t27_and_t28_pages_go_to_the_application_of_the_first_rule() {
    let rule = |application, target, operator, pattern: &str| DetectionRule {
        application: ApplicationId(application),
        target,
        operator,
        pattern: pattern.to_owned(),
    };
    let list = [
        rule(7, DetectionTarget::Url, DetectionOperator::StartsWith, "https://a.ex/shop/"),
        rule(8, DetectionTarget::Domain, DetectionOperator::Equals, "a.ex"),
    ];
    let all = [1, 7, 8].map(|id| Application::new(ApplicationId(id), "", Timestamp(0)));
    let applications = Applications::new(all, &list);
    for (url, addressed, expected) in [
        ("https://a.ex:443/shop/x#f", 1, 7),
        ("https://a.ex/about", 1, 8),
        ("https://b.ex/", 1, 1),
        ("https://a.ex/shop/x", 8, 8),
    ] {
        let raw = BeaconAction { url: url.to_owned(), ..load() };
        let sent = beacon(vec![(0, BeaconEventKind::Action(Box::new(raw)))]);
        let found = Enricher::new(rules(), None, [7; 32]).enrich(
            sent,
            &facts(ApplicationId(addressed)),
            &applications,
            &mut ClientCache::default(),
        );
        let parts: Vec<_> = found.parts.iter().map(|part| part.application.0).collect();
        assert_eq!(parts, [expected], "{url} to {addressed}");
    }
}

#[test]
fn one_beacon_may_belong_to_two_applications() {
    let rule = DetectionRule {
        application: SHOP,
        target: DetectionTarget::Url,
        operator: DetectionOperator::Contains,
        pattern: "/shop/".to_owned(),
    };
    let all = [Application::new(ApplicationId::DEFAULT, "", Timestamp(0)), shop()];
    let applications = Applications::new(all, &[rule]);
    let page = |url: &str| {
        BeaconEventKind::Action(Box::new(BeaconAction { url: url.to_owned(), ..load() }))
    };
    let sent = beacon(vec![
        (0, BeaconEventKind::UserTag("ryan".to_owned())),
        (10, page("https://a.ex/shop/1")),
        (20, page("https://a.ex/about")),
        (30, BeaconEventKind::Alive),
    ]);
    let found = Enricher::new(rules(), None, [7; 32]).enrich(
        sent,
        &facts(ApplicationId::DEFAULT),
        &applications,
        &mut ClientCache::default(),
    );
    let parts: Vec<_> =
        found.parts.iter().map(|part| (part.application, part.inputs.len())).collect();
    assert_eq!(parts, [(SHOP, 2), (ApplicationId::DEFAULT, 2)]);
}

#[test]
fn user_tags_follow_the_setting_before_anything_is_written() {
    for (setting, expected) in [
        (UserTagPrivacy::Keep, vec!["ryan"]),
        (UserTagPrivacy::Drop, vec![]),
        (UserTagPrivacy::Hash, vec!["#"]),
    ] {
        let mut application = shop();
        application.privacy.user_tag = setting;
        let sent = beacon(vec![(0, BeaconEventKind::UserTag("ryan".to_owned()))]);
        let found = enrich(sent, application);
        let tags: Vec<String> = found
            .parts
            .into_iter()
            .flat_map(|part| part.inputs)
            .filter_map(|(_, input)| match input {
                SessionInput::Event(event) => match event.kind {
                    SessionEventKind::UserTag(tag) => Some(tag),
                    _ => None,
                },
                _ => None,
            })
            .collect();
        assert_eq!(tags.len(), expected.len(), "{setting:?}");
        let is_as_expected =
            tags.iter().zip(&expected).all(|(tag, wanted)| tag.starts_with(wanted));
        assert!(
            is_as_expected
                && (setting == UserTagPrivacy::Keep || !format!("{tags:?}").contains("ryan"))
        );
    }
}

#[test]
fn rage_clicks_keep_where_and_what() {
    let rage = || BeaconEventKind::RageClick {
        target: "Buy".to_owned(),
        url: "https://shop.example/cart?mail=a@b.ex".to_owned(),
        count: 4,
    };
    let mut masked = shop();
    masked.privacy.mask_captions = true;
    for (application, expected) in [(shop(), "Buy"), (masked, "")] {
        let found = enrich(beacon(vec![(0, rage())]), application);
        let SessionInput::Event(event) = &found.parts[0].inputs[0].1 else { panic!() };
        let wanted = SessionEventKind::RageClick {
            target: expected.to_owned(),
            page: "/cart".to_owned(),
            count: 4,
        };
        assert_eq!(event.kind, wanted);
    }
}

#[test]
fn wrong_client_clocks_are_corrected_by_the_time_of_sending() {
    let hour = 3_600_000;
    for skew in [-26 * hour, -hour, 0, hour, 400 * 24 * hour] {
        let mut sent = beacon(vec![(4_000, BeaconEventKind::Alive)]);
        sent.base = Timestamp(sent.base.0 + skew);
        sent.sent_at = Timestamp(sent.sent_at.0 + skew);
        let found = enrich(sent, shop());
        assert_eq!(found.parts[0].inputs[0].0, Timestamp(NOW - 6_000), "{skew}");
        assert_eq!((found.clock_offset, found.clamped, found.is_too_old), (-skew, 0, false));
    }
}

#[test]
fn times_out_of_this_world_are_clamped_and_old_beacons_told() {
    let day = 86_400_000;
    for (at, corrected, is_too_old) in [
        (11_000, NOW, false),
        (i64::MAX, NOW, false),
        (-2 * day, NOW - day, true),
        (i64::MIN, NOW - day, true),
    ] {
        let found = enrich(beacon(vec![(at, BeaconEventKind::Alive)]), shop());
        assert_eq!(found.parts[0].inputs[0].0, Timestamp(corrected), "{at}");
        assert_eq!((found.clamped, found.is_too_old), (1, is_too_old), "{at}");
    }
}

#[test]
fn machines_are_told_by_user_agent_or_by_the_browser_itself() {
    for (user_agent, is_automated, expected) in [
        (PERSON, false, SessionKind::RealUser),
        (PERSON, true, SessionKind::Robot),
        ("Googlebot/2.1", false, SessionKind::Robot),
        ("Mozilla/5.0 (X11; Linux x86_64) FootfallMonitor/1.0", true, SessionKind::Synthetic),
    ] {
        let mut sent = beacon(vec![(0, BeaconEventKind::Alive)]);
        sent.is_automated = is_automated;
        let facts = RequestFacts { user_agent, ..facts(SHOP) };
        let applications = Applications::new([shop()], &[]);
        let found = Enricher::new(rules(), None, [7; 32]).enrich(
            sent,
            &facts,
            &applications,
            &mut ClientCache::default(),
        );
        assert_eq!(found.kind, expected, "{user_agent} {is_automated}");
    }
}

#[test]
fn the_rows_that_explain_a_slow_page_are_kept_whole() {
    let row = |n: u32, duration: u32, bytes: u32| Resource {
        url: format!("https://cdn.example/{n}.js"),
        kind: ResourceKind::Script,
        start: n,
        duration,
        transfer_bytes: bytes,
        ..Resource::default()
    };
    let mut rows: Vec<Resource> = (0..60).map(|n| row(n, 10, 10)).collect();
    rows[59].is_failed = true;
    rows[58].is_render_blocking = true;
    rows[57].duration = 9_000;
    rows[56].transfer_bytes = 9_000_000;
    let (kept, count) = limit_resources(rows, Vec::new(), 4);
    let starts: Vec<u32> = kept.rows.iter().map(|row| row.start).collect();
    assert_eq!((starts.as_slice(), count), ([56, 57, 58, 59].as_slice(), 60));
    assert_eq!(kept.sums.len(), 1);
    assert_eq!((kept.sums[0].host.as_str(), kept.sums[0].count), ("cdn.example", 56));
}
