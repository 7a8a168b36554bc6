//! Body of a beacon: decoded within its limits, the same after encoding, enriched and sessionized without a panic.

use std::sync::OnceLock;

use footfall::base::id::ApplicationId;
use footfall::base::limits;
use footfall::base::time::Timestamp;
use footfall::engine::rules;
use footfall::logic::enrich::{Applications, ClientCache, Enricher, RequestFacts};
use footfall::logic::sessionizer::{self, InputContext};
use footfall::model::application::Application;
use footfall::model::beacon::{Beacon, BeaconAction, BeaconEventKind};
use footfall::model::error_report::ErrorReport;
use footfall::model::outcome::Outcome;
use footfall::wire::beacon::{decode, encode};

const NOW: Timestamp = Timestamp(1_795_000_005_000);
const REFUSALS: [Outcome; 4] =
    [Outcome::Malformed, Outcome::UnknownVersion, Outcome::TooLarge, Outcome::TooManyEvents];

/// Runs the target.
pub fn run(body: &[u8]) {
    let beacon = match decode(body) {
        Ok(beacon) => beacon,
        Err(outcome) => {
            assert!(REFUSALS.contains(&outcome), "{outcome:?} is no outcome of decoding");
            return;
        }
    };
    is_bounded(&beacon);
    let written = encode(&beacon);
    // Defaults are written out: many empty objects become longer than a body may be.
    if written.len() <= limits::BEACON_INFLATED_BYTES {
        assert_eq!(decode(&written).as_ref(), Ok(&beacon), "{}", String::from_utf8_lossy(&written));
    }
    follow(beacon);
}

fn at_most(text: &str, chars: usize) {
    assert!(text.chars().count() <= chars, "{} characters, not {chars}", text.chars().count());
    assert!(!text.chars().any(char::is_control), "control characters in {text:?}");
}

fn are_properties(pairs: &[(String, String)]) {
    assert!(pairs.len() <= limits::EVENT_PROPERTIES);
    for (key, value) in pairs {
        assert!(!key.is_empty());
        at_most(key, limits::PROPERTY_KEY_CHARS);
        at_most(value, limits::PROPERTY_VALUE_CHARS);
    }
}

fn is_error(report: &ErrorReport) {
    at_most(&report.message, limits::ERROR_MESSAGE_CHARS);
    at_most(&report.url, limits::URL_CHARS);
    assert!(report.stack.len() <= limits::ERROR_STACK_BYTES);
    assert!(report.count > 0);
}

fn is_action(action: &BeaconAction) {
    at_most(&action.name, limits::ACTION_NAME_CHARS);
    at_most(&action.input.caption, limits::CAPTION_CHARS);
    for url in [&action.url, &action.request_url, &action.referrer] {
        at_most(url, limits::URL_CHARS);
    }
    assert!(action.duration.0 <= limits::ACTION_MILLIS);
    assert!(action.resources.len() <= limits::ACTION_RESOURCES);
    assert!(action.resource_sums.len() <= limits::ACTION_RESOURCE_SUMS);
    assert!(action.errors.len() <= limits::ACTION_ERRORS);
    action.resources.iter().for_each(|row| at_most(&row.url, limits::URL_CHARS));
    action.errors.iter().for_each(is_error);
    are_properties(&action.properties);
}

fn is_bounded(beacon: &Beacon) {
    assert!(beacon.events.len() <= limits::BEACON_EVENTS);
    let environment = &beacon.environment;
    for word in [&environment.screen, &environment.language, &environment.time_zone] {
        at_most(word, limits::WORD_CHARS);
    }
    at_most(&beacon.release, limits::WORD_CHARS);
    for event in &beacon.events {
        match &event.kind {
            BeaconEventKind::Action(action) => is_action(action),
            BeaconEventKind::Error(report) => is_error(report),
            BeaconEventKind::UserTag(tag) => at_most(tag, limits::USER_TAG_CHARS),
            BeaconEventKind::Properties(pairs) => are_properties(pairs),
            BeaconEventKind::RageClick { target, url, .. } => {
                at_most(target, limits::CAPTION_CHARS);
                at_most(url, limits::URL_CHARS);
            }
            _ => {}
        }
    }
}

fn enricher() -> &'static Enricher {
    static ENRICHER: OnceLock<Enricher> = OnceLock::new();
    ENRICHER.get_or_init(|| {
        Enricher::new(rules::ruleset(&[]).expect("the embedded rules are right"), None, [7; 32])
    })
}

/// Enriches and sessionizes.
fn follow(beacon: Beacon) {
    let applications =
        Applications::new([Application::new(ApplicationId::DEFAULT, "Shop", Timestamp(0))], &[]);
    let facts = RequestFacts {
        received_at: NOW,
        ip: Some([192, 0, 2, 77].into()),
        user_agent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        application: ApplicationId::DEFAULT,
    };
    let (visitor, browser_session, tab) = (beacon.visitor, beacon.browser_session, beacon.tab);
    let (release, lost) = (beacon.release.clone(), beacon.lost);
    let enriched = enricher().enrich(beacon, &facts, &applications, &mut ClientCache::default());
    let rules = Application::new(ApplicationId::DEFAULT, "", NOW).session;
    let mut open = None;
    for part in enriched.parts {
        let context = InputContext {
            now: NOW,
            visitor,
            browser_session,
            tab,
            application: part.application,
            visit: &enriched.visit,
            release: &release,
            referrer: &part.referrer,
            campaign: &part.campaign,
            is_new_visitor: true,
            kind: enriched.kind,
            clock_offset: enriched.clock_offset,
            lost,
            clamped: enriched.clamped,
            ruleset: enriched.ruleset,
            random: 7,
            rules: &rules,
        };
        let applied = sessionizer::apply(open.take(), part.inputs, &context);
        for placed in &applied.actions {
            at_most(&placed.action.name, limits::ACTION_NAME_CHARS);
            assert!(placed.action.started_at <= NOW);
        }
        open = applied.open;
    }
    if let Some(open) = open {
        let end = sessionizer::deadline(&open, &rules);
        let _ended = sessionizer::expire(open, end, &rules);
    }
}
