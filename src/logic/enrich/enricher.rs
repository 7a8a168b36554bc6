//! The enricher: decoded beacon in, inputs of the sessionizer out.

use std::net::IpAddr;
use std::sync::Arc;

use super::action::{Frame, mask_error, mask_properties, mask_vitals, masked};
use super::applications::Applications;
use super::cache::ClientCache;
use super::captured;
use super::clock::Clock;
use super::enriched::{Enriched, EnrichedPart, RequestFacts};
use crate::base::id::ApplicationId;
use crate::base::limits;
use crate::base::text::clean;
use crate::base::time::Timestamp;
use crate::logic::address::{Address, percent_decode};
use crate::logic::classify;
use crate::logic::geo::{self, GeoDatabase};
use crate::logic::privacy::{ip, tag, url};
use crate::logic::ruleset::Ruleset;
use crate::model::action::ActionKind;
use crate::model::application::{Application, PlacePrivacy, PrivacySettings};
use crate::model::beacon::{Beacon, BeaconAction, BeaconEvent, BeaconEventKind};
use crate::model::session::{SessionEvent, SessionEventKind, SessionInput, SessionKind};
use crate::model::visitor::{Client, Place, Visit};

/// Turns beacons into masked, named and timed inputs. Made anew when rules or the place database change.
#[derive(Debug, Clone)]
pub struct Enricher {
    rules: Arc<Ruleset>,
    geo: Option<Arc<GeoDatabase>>,
    tag_key: [u8; 32],
}

/// Events of one application while they are collected.
struct Collecting {
    part: EnrichedPart,
    application: Arc<Application>,
    has_entry: bool,
}

impl Enricher {
    /// With these rules and this place database; `tag_key` keys the hashes of user tags and stays the same.
    #[must_use]
    pub const fn new(
        rules: Arc<Ruleset>,
        geo: Option<Arc<GeoDatabase>>,
        tag_key: [u8; 32],
    ) -> Self {
        Self { rules, geo, tag_key }
    }

    /// The rules in use.
    #[must_use]
    pub const fn rules(&self) -> &Arc<Ruleset> {
        &self.rules
    }

    /// Enriches one beacon.
    #[must_use]
    pub fn enrich(
        &self,
        mut beacon: Beacon,
        request: &RequestFacts<'_>,
        applications: &Applications,
        cache: &mut ClientCache,
    ) -> Enriched {
        let mut clock = Clock::new(&beacon, request.received_at);
        let mut events = std::mem::take(&mut beacon.events);
        events.sort_by_key(|event| event.at);
        let has_events = !events.is_empty();
        let mut current = first_application(&events, request.application, applications);
        let mut collected: Vec<Collecting> = Vec::with_capacity(1);
        for event in events {
            let at = clock.correct(event.at);
            if let Some(page) = page_url(&event.kind) {
                current = applications.resolve(request.application, page);
            }
            if let Some(slot) = slot(&mut collected, current, applications) {
                self.take(slot, &beacon, at, event.kind);
            }
        }
        let client = cache.classify(&self.rules, request.user_agent);
        let (client, kind) = self.kind(client, beacon.is_automated);
        let visit = self.visit(beacon, client, request.ip, &collected);
        Enriched {
            visit,
            kind,
            clock_offset: clock.offset,
            clamped: clock.clamped,
            is_too_old: has_events && !clock.has_young,
            ruleset: self.rules.version,
            parts: collected.into_iter().map(|slot| slot.part).collect(),
        }
    }

    fn kind(&self, mut client: Client, is_automated: bool) -> (Client, SessionKind) {
        if is_automated && client.robot.is_none() {
            client.robot = Some(classify::AUTOMATED.to_owned());
        }
        let kind = classify::session_kind(&self.rules, &client);
        (client, kind)
    }

    /// The strictest settings of all applications of the beacon hold.
    fn visit(
        &self,
        beacon: Beacon,
        client: Client,
        address: Option<IpAddr>,
        collected: &[Collecting],
    ) -> Visit {
        let privacy = || collected.iter().map(|slot| &slot.application.privacy);
        let is_masked = collected.is_empty() || privacy().any(|settings| settings.mask_ip);
        let has = |wanted| privacy().any(|settings| settings.place == wanted);
        let limit = if has(PlacePrivacy::None) {
            PlacePrivacy::None
        } else if has(PlacePrivacy::Country) {
            PlacePrivacy::Country
        } else {
            PlacePrivacy::Full
        };
        let kept =
            if is_masked { address.map(ip::mask) } else { address.map(|ip| ip.to_canonical()) };
        let place = match (&self.geo, kept) {
            (Some(geo), Some(ip)) if limit != PlacePrivacy::None => geo.place(ip),
            _ => Place::default(),
        };
        Visit { client, place: geo::limit(place, limit), ip: kept, environment: beacon.environment }
    }

    fn take(&self, slot: &mut Collecting, beacon: &Beacon, at: Timestamp, kind: BeaconEventKind) {
        let application = slot.application.id;
        let privacy = &slot.application.privacy;
        if !captured::wants(&slot.application.capture, &kind) {
            return;
        }
        let event = |kind| SessionInput::Event(SessionEvent { at, application, kind });
        let input = match kind {
            BeaconEventKind::Action(raw) => {
                self.take_action(slot, beacon, at, *raw);
                return;
            }
            BeaconEventKind::Vitals { page_view, vitals } => {
                slot.part.vitals.push((page_view, mask_vitals(*vitals, privacy)));
                return;
            }
            BeaconEventKind::Error(report) => {
                event(SessionEventKind::Error(mask_error(*report, privacy)))
            }
            BeaconEventKind::UserTag(raw) => {
                let kept = if raw.is_empty() {
                    None
                } else {
                    tag::mask(&raw, privacy.user_tag, &self.tag_key)
                };
                let Some(kept) = kept else { return };
                event(SessionEventKind::UserTag(kept))
            }
            BeaconEventKind::Properties(pairs) => {
                SessionInput::Properties(mask_properties(pairs, privacy))
            }
            BeaconEventKind::RageClick { target, url: raw, count } => {
                let (target, page) = clicked(target, &raw, privacy);
                event(SessionEventKind::RageClick { target, page, count })
            }
            BeaconEventKind::DeadClick { target, url: raw } => {
                let (target, page) = clicked(target, &raw, privacy);
                event(SessionEventKind::DeadClick { target, page })
            }
            BeaconEventKind::EndSession => event(SessionEventKind::EndCall),
            BeaconEventKind::PageEnd(end) => SessionInput::PageEnd(end),
            BeaconEventKind::PeerGone { tab, became_visible } => {
                SessionInput::PeerGone { tab, became_visible }
            }
            BeaconEventKind::Alive => SessionInput::Alive,
        };
        slot.part.inputs.push((at, input));
    }

    fn take_action(
        &self,
        slot: &mut Collecting,
        beacon: &Beacon,
        at: Timestamp,
        mut raw: BeaconAction,
    ) {
        captured::strip(&slot.application.capture, &mut raw);
        if raw.kind == ActionKind::PageLoad && !slot.has_entry {
            slot.has_entry = true;
            slot.part.campaign = campaign(&raw, &slot.application);
            if !raw.referrer.is_empty() {
                slot.part.referrer = url::clean(&raw.referrer, &slot.application.privacy);
            }
        }
        let frame = Frame {
            application: &slot.application,
            naming: &self.rules.naming,
            tab: beacon.tab,
            release: &beacon.release,
        };
        let (action, resources) = frame.action(raw, at);
        if !(resources.rows.is_empty() && resources.sums.is_empty()) {
            slot.part.resources.push((slot.part.inputs.len(), resources));
        }
        slot.part.inputs.push((at, SessionInput::Action(Box::new(action))));
    }
}

/// Caption and page of a click, without personal data.
fn clicked(target: String, raw: &str, privacy: &PrivacySettings) -> (String, String) {
    let target = if privacy.mask_captions { String::new() } else { masked(target, privacy) };
    (target, url::page(&url::clean(raw, privacy)))
}

/// The page on which an event happened, if it says so.
fn page_url(kind: &BeaconEventKind) -> Option<&str> {
    let page = match kind {
        BeaconEventKind::Action(action) => action.url.as_str(),
        BeaconEventKind::RageClick { url, .. } | BeaconEventKind::DeadClick { url, .. } => {
            url.as_str()
        }
        _ => "",
    };
    (!page.is_empty()).then_some(page)
}

/// Events before the first page belong where the first page does.
fn first_application(
    events: &[BeaconEvent],
    addressed: ApplicationId,
    applications: &Applications,
) -> ApplicationId {
    let page = events.iter().find_map(|event| page_url(&event.kind));
    page.map_or(addressed, |page| applications.resolve(addressed, page))
}

/// Where events of an application are collected; `None` when it is switched off.
fn slot<'a>(
    collected: &'a mut Vec<Collecting>,
    id: ApplicationId,
    applications: &Applications,
) -> Option<&'a mut Collecting> {
    let known = collected.iter().position(|slot| slot.part.application == id);
    if let Some(position) = known {
        return collected.get_mut(position);
    }
    let application = match applications.get(id) {
        Some(application) if !application.enabled => return None,
        Some(application) => Arc::clone(application),
        None => Arc::new(Application::new(id, "", Timestamp(0))),
    };
    collected.push(Collecting { part: EnrichedPart::new(id), application, has_entry: false });
    collected.last_mut()
}

fn campaign(action: &BeaconAction, application: &Application) -> String {
    let raw = Address::parse(&action.url).parameter("utm_campaign").unwrap_or_default();
    if raw.is_empty() {
        return String::new();
    }
    masked(clean(&percent_decode(raw), limits::WORD_CHARS), &application.privacy)
}
