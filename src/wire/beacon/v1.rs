//! Version 1: JSON with short keys. Unknown keys are ignored and unknown kinds of events are skipped.

use serde::Deserialize;

use super::fields::{self, Errors, RawError, RawInput, RawTimings, Resources, Sums};
use super::lax::{Finish, List, Number, Object, Properties, Text};
use crate::base::id::{BeaconId, VisitorId};
use crate::base::limits;
use crate::base::time::{Millis, Timestamp};
use crate::model::action::{ActionKind, WebVitals};
use crate::model::beacon::{
    Beacon, BeaconAction, BeaconEvent, BeaconEventKind, Navigation, PageEnd,
};
use crate::model::outcome::Outcome;
use crate::model::visitor::Environment;

const VERSION: i64 = 1;
/// 9999-12-31: later client times are broken clocks, and sums with them must not overflow.
const TIME_MAX: i64 = 253_402_300_799_999;

/// Decodes the inflated body of a beacon.
pub fn decode(body: &[u8]) -> Result<Beacon, Outcome> {
    if body.len() > limits::BEACON_INFLATED_BYTES {
        return Err(Outcome::TooLarge);
    }
    match serde_json::from_slice::<Object<RawBeacon<'_>>>(body) {
        Ok(Object(Some(raw))) => finish(raw),
        Ok(Object(None)) => Err(Outcome::Malformed),
        Err(_) => Err(refusal(body)),
    }
}

/// Tells a beacon of another version from one that is broken.
fn refusal(body: &[u8]) -> Outcome {
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Versioned {
        v: Number,
    }
    match serde_json::from_slice::<Versioned>(body) {
        Ok(Versioned { v: Number(Some(version)) }) if version != VERSION => Outcome::UnknownVersion,
        _ => Outcome::Malformed,
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct RawBeacon<'a> {
    v: Number,
    #[serde(borrow)]
    id: Text<'a>,
    #[serde(borrow)]
    vi: Text<'a>,
    #[serde(borrow)]
    bs: Text<'a>,
    #[serde(borrow)]
    tab: Text<'a>,
    b: Number,
    s: Number,
    #[serde(borrow)]
    av: Text<'a>,
    #[serde(borrow)]
    scr: Text<'a>,
    #[serde(borrow)]
    vp: Text<'a>,
    #[serde(borrow)]
    lang: Text<'a>,
    #[serde(borrow)]
    tz: Text<'a>,
    #[serde(borrow)]
    conn: Text<'a>,
    #[serde(borrow)]
    rel: Text<'a>,
    ret: Number,
    lost: Number,
    wd: Number,
    #[serde(borrow)]
    e: List<RawEvent<'a>, BeaconEvent, { limits::BEACON_EVENTS }>,
}

fn finish(raw: RawBeacon<'_>) -> Result<Beacon, Outcome> {
    match raw.v.0 {
        Some(VERSION) => {}
        Some(_) => return Err(Outcome::UnknownVersion),
        None => return Err(Outcome::Malformed),
    }
    if raw.e.has_more {
        return Err(Outcome::TooManyEvents);
    }
    let time = |number: Number| number.0.map(|n| Timestamp(n.clamp(0, TIME_MAX)));
    let word = |text: Text<'_>| text.line(limits::WORD_CHARS);
    Ok(Beacon {
        id: BeaconId(raw.id.hex(32).ok_or(Outcome::Malformed)?),
        visitor: VisitorId(raw.vi.hex(32).ok_or(Outcome::Malformed)?),
        browser_session: short_hex(&raw.bs),
        tab: short_hex(&raw.tab),
        base: time(raw.b).ok_or(Outcome::Malformed)?,
        sent_at: time(raw.s).ok_or(Outcome::Malformed)?,
        environment: Environment {
            screen: word(raw.scr),
            viewport: word(raw.vp),
            language: word(raw.lang),
            time_zone: word(raw.tz),
            connection: word(raw.conn),
            agent_version: word(raw.av),
        },
        release: word(raw.rel),
        is_returning: raw.ret.is_set(),
        lost: raw.lost.or_zero(1_000_000),
        is_automated: raw.wd.is_set(),
        events: raw.e.items,
    })
}

fn short_hex(text: &Text<'_>) -> u64 {
    text.hex(16).and_then(|n| u64::try_from(n).ok()).unwrap_or(0)
}

/// All keys of all kinds of events: `c` and `v` mean different things in different kinds.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct RawEvent<'a> {
    at: Number,
    #[serde(borrow)]
    k: Text<'a>,
    #[serde(borrow)]
    t: Text<'a>,
    #[serde(borrow)]
    n: Text<'a>,
    #[serde(borrow)]
    i: Object<RawInput<'a>>,
    #[serde(borrow)]
    u: Text<'a>,
    #[serde(borrow)]
    ru: Text<'a>,
    #[serde(borrow)]
    ti: Text<'a>,
    #[serde(borrow)]
    rf: Text<'a>,
    d: Number,
    vc: Number,
    lt: Number,
    tm: Object<RawTimings>,
    #[serde(borrow)]
    nu: Text<'a>,
    #[serde(borrow)]
    pg: Text<'a>,
    #[serde(borrow)]
    gg: Text<'a>,
    si: Number,
    hd: Number,
    id: Number,
    pa: Number,
    soft: Number,
    pv: Number,
    #[serde(borrow)]
    r: Resources<'a>,
    #[serde(borrow)]
    rm: Sums<'a>,
    #[serde(borrow)]
    er: Errors<'a>,
    pr: Properties,
    #[serde(borrow)]
    m: Text<'a>,
    #[serde(borrow)]
    s: Text<'a>,
    #[serde(borrow)]
    me: Text<'a>,
    st: Number,
    l: Number,
    #[serde(borrow)]
    c: Text<'a>,
    x: Number,
    lcp: Number,
    inp: Number,
    cls: Number,
    #[serde(borrow)]
    le: Text<'a>,
    #[serde(borrow)]
    lu: Text<'a>,
    #[serde(borrow)]
    ie: Text<'a>,
    #[serde(borrow)]
    ce: Text<'a>,
    ld: Number,
    lr: Number,
    lw: Number,
    #[serde(borrow)]
    it: Text<'a>,
    ip: Number,
    iw: Number,
    #[serde(borrow)]
    is: Text<'a>,
    #[serde(borrow, rename = "if")]
    function: Text<'a>,
    il: Number,
    cv: Number,
    ct: Number,
    #[serde(borrow)]
    v: Text<'a>,
    ps: Number,
    vis: Number,
    nav: Number,
    pe: Number,
    #[serde(borrow)]
    tab: Text<'a>,
}

impl Finish<BeaconEvent> for RawEvent<'_> {
    fn finish(self) -> Option<BeaconEvent> {
        let at = fields::offset(self.at);
        let kind = match self.k.as_str() {
            "a" => self.action()?,
            "e" => self.error()?,
            "v" => self.vitals(),
            "u" => BeaconEventKind::UserTag(self.v.line(limits::USER_TAG_CHARS)),
            "p" => BeaconEventKind::Properties(self.pr.0),
            "r" => BeaconEventKind::RageClick {
                target: self.c.line(limits::CAPTION_CHARS),
                url: self.u.line(limits::URL_CHARS),
                count: self.x.or_zero(1_000_000),
            },
            "d" => BeaconEventKind::DeadClick {
                target: self.c.line(limits::CAPTION_CHARS),
                url: self.u.line(limits::URL_CHARS),
            },
            "x" => BeaconEventKind::EndSession,
            "h" => BeaconEventKind::Alive,
            "q" => self.page_end(),
            "g" => BeaconEventKind::PeerGone {
                tab: short_hex(&self.tab),
                became_visible: self.vis.is_set(),
            },
            _ => return None,
        };
        Some(BeaconEvent { at, kind })
    }
}

impl RawEvent<'_> {
    fn action(self) -> Option<BeaconEventKind> {
        let kind = match self.t.as_str() {
            "load" => ActionKind::PageLoad,
            "xhr" => ActionKind::Xhr,
            "custom" => ActionKind::Custom,
            _ => return None,
        };
        let url = |text: Text<'_>| text.line(limits::URL_CHARS);
        Some(BeaconEventKind::Action(Box::new(BeaconAction {
            kind,
            name: self.n.line(limits::ACTION_NAME_CHARS),
            input: self.i.0.map(RawInput::finish).unwrap_or_default(),
            url: url(self.u),
            target_url: url(self.nu),
            page: self.pg.line(limits::ACTION_NAME_CHARS),
            page_group: self.gg.line(limits::ACTION_NAME_CHARS),
            request_url: url(self.ru),
            title: self.ti.line(limits::ACTION_NAME_CHARS),
            referrer: url(self.rf),
            duration: Millis(self.d.millis()),
            visually_complete: self.vc.get(limits::ACTION_MILLIS).map(Millis),
            speed_index: self.si.get(limits::ACTION_MILLIS).map(Millis),
            long_tasks: Millis(self.lt.millis()),
            timings: self.tm.0.map(|raw| raw.finish()).unwrap_or_default(),
            is_soft_navigation: self.soft.is_set(),
            was_hidden: self.hd.is_set(),
            page_number: self.id.or_zero(u32::MAX),
            parent: self.pa.or_zero(u32::MAX),
            page_view: self.pv.or_zero(u32::MAX),
            resources: self.r.items,
            resource_sums: self.rm.items,
            errors: self.er.items,
            properties: self.pr.0,
        })))
    }

    fn error(self) -> Option<BeaconEventKind> {
        let raw = RawError {
            at: self.at,
            t: self.t,
            m: self.m,
            n: self.n,
            s: self.s,
            u: self.u,
            me: self.me,
            st: self.st,
            l: self.l,
            c: Number(self.c.as_str().parse().ok()),
            x: self.x,
        };
        raw.finish().map(|report| BeaconEventKind::Error(Box::new(report)))
    }

    fn vitals(self) -> BeaconEventKind {
        let millis = |number: Number| number.get(limits::ACTION_MILLIS);
        let vitals = WebVitals {
            largest_contentful_paint: self.lcp.get(limits::ACTION_MILLIS),
            interaction_to_next_paint: self.inp.get(limits::ACTION_MILLIS),
            cumulative_layout_shift: self.cls.get(1_000_000),
            lcp_element: self.le.line(limits::ACTION_NAME_CHARS),
            lcp_url: self.lu.line(limits::URL_CHARS),
            inp_element: self.ie.line(limits::ACTION_NAME_CHARS),
            cls_element: self.ce.line(limits::ACTION_NAME_CHARS),
            lcp_time_to_first_byte: millis(self.lt),
            lcp_load_delay: millis(self.ld),
            lcp_load_duration: millis(self.lr),
            lcp_render_delay: millis(self.lw),
            inp_event: self.it.line(limits::WORD_CHARS),
            inp_input_delay: millis(self.id),
            inp_processing: millis(self.ip),
            inp_presentation_delay: millis(self.iw),
            inp_script: self.is.line(limits::URL_CHARS),
            inp_function: self.function.line(limits::ACTION_NAME_CHARS),
            inp_script_duration: millis(self.il),
            cls_largest_shift: self.cv.get(1_000_000),
            cls_largest_shift_at: self.ct.get(u32::MAX),
        };
        BeaconEventKind::Vitals { page_view: self.pv.or_zero(u32::MAX), vitals: Box::new(vitals) }
    }

    fn page_end(&self) -> BeaconEventKind {
        BeaconEventKind::PageEnd(PageEnd {
            is_persisted: self.ps.is_set(),
            was_visible: self.vis.is_set(),
            navigation: match self.nav.0 {
                Some(1) => Navigation::SameSite,
                Some(2) => Navigation::OtherSite,
                _ => Navigation::None,
            },
            peers: self.pe.or_zero(10_000),
        })
    }
}
