//! The objects inside a beacon as they stand on the wire, and what they become.

use serde::Deserialize;

use super::lax::{Finish, List, Number, Text};
use crate::base::limits;
use crate::model::action::{Resource, ResourceKind, ResourceSum, Timings};
use crate::model::beacon::Input;
use crate::model::error_report::{ErrorKind, ErrorReport};

/// Furthest that an offset may lie from the base of its beacon: more is a broken clock.
const OFFSET_MILLIS_MAX: i64 = 31 * 86_400_000;

/// List of resources of an action.
pub type Resources<'a> = List<RawResource<'a>, Resource, { limits::ACTION_RESOURCES }>;
/// List of sums of an action.
pub type Sums<'a> = List<RawSum<'a>, ResourceSum, { limits::ACTION_RESOURCE_SUMS }>;
/// List of errors of an action.
pub type Errors<'a> = List<RawError<'a>, ErrorReport, { limits::ACTION_ERRORS }>;

/// An offset in milliseconds, clamped to what can be meant.
pub fn offset(number: Number) -> i64 {
    number.0.unwrap_or(0).clamp(-OFFSET_MILLIS_MAX, OFFSET_MILLIS_MAX)
}

/// Kind of a resource by its word on the wire.
pub fn resource_kind(word: &str) -> ResourceKind {
    match word {
        "doc" => ResourceKind::Document,
        "js" => ResourceKind::Script,
        "css" => ResourceKind::Stylesheet,
        "img" => ResourceKind::Image,
        "font" => ResourceKind::Font,
        "xhr" => ResourceKind::Xhr,
        "fetch" => ResourceKind::Fetch,
        "media" => ResourceKind::Media,
        "beacon" => ResourceKind::Beacon,
        _ => ResourceKind::Other,
    }
}

/// Kind of an error by its word on the wire.
pub fn error_kind(word: &str) -> ErrorKind {
    match word {
        "req" => ErrorKind::Request,
        "custom" => ErrorKind::Custom,
        _ => ErrorKind::Javascript,
    }
}

/// The input that began an action.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct RawInput<'a> {
    #[serde(borrow)]
    k: Text<'a>,
    #[serde(borrow)]
    c: Text<'a>,
    #[serde(borrow)]
    e: Text<'a>,
}

impl RawInput<'_> {
    /// Cleaned.
    pub fn finish(self) -> Input {
        Input {
            kind: self.k.line(limits::WORD_CHARS),
            caption: self.c.line(limits::CAPTION_CHARS),
            element: self.e.line(limits::WORD_CHARS),
        }
    }
}

/// W3C marks.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct RawTimings {
    rs: Number,
    re: Number,
    fs: Number,
    ds: Number,
    de: Number,
    cs: Number,
    ss: Number,
    ce: Number,
    qs: Number,
    ps: Number,
    pe: Number,
    di: Number,
    ls: Number,
    le: Number,
    dc: Number,
    os: Number,
    oe: Number,
    fp: Number,
    fcp: Number,
}

impl RawTimings {
    /// Clamped.
    pub fn finish(&self) -> Timings {
        let get = |number: Number| number.get(limits::ACTION_MILLIS);
        Timings {
            redirect_start: get(self.rs),
            redirect_end: get(self.re),
            fetch_start: get(self.fs),
            domain_lookup_start: get(self.ds),
            domain_lookup_end: get(self.de),
            connect_start: get(self.cs),
            secure_connection_start: get(self.ss),
            connect_end: get(self.ce),
            request_start: get(self.qs),
            response_start: get(self.ps),
            response_end: get(self.pe),
            dom_interactive: get(self.di),
            dom_content_loaded_event_start: get(self.ls),
            dom_content_loaded_event_end: get(self.le),
            dom_complete: get(self.dc),
            load_event_start: get(self.os),
            load_event_end: get(self.oe),
            first_paint: get(self.fp),
            first_contentful_paint: get(self.fcp),
        }
    }
}

/// A resource.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct RawResource<'a> {
    #[serde(borrow)]
    u: Text<'a>,
    #[serde(borrow)]
    k: Text<'a>,
    #[serde(borrow)]
    m: Text<'a>,
    #[serde(borrow)]
    p: Text<'a>,
    st: Number,
    s: Number,
    d: Number,
    ds: Number,
    de: Number,
    cs: Number,
    ce: Number,
    qs: Number,
    ps: Number,
    tb: Number,
    eb: Number,
    db: Number,
    rb: Number,
    f: Number,
}

impl Finish<Resource> for RawResource<'_> {
    fn finish(self) -> Option<Resource> {
        Some(Resource {
            kind: resource_kind(self.k.as_str()),
            url: self.u.line(limits::URL_CHARS),
            method: self.m.line(limits::WORD_CHARS),
            status: self.st.status(),
            start: self.s.millis(),
            duration: self.d.millis(),
            domain_lookup_start: self.ds.millis(),
            domain_lookup_end: self.de.millis(),
            connect_start: self.cs.millis(),
            connect_end: self.ce.millis(),
            request_start: self.qs.millis(),
            response_start: self.ps.millis(),
            transfer_bytes: self.tb.or_zero(u32::MAX),
            encoded_bytes: self.eb.or_zero(u32::MAX),
            decoded_bytes: self.db.or_zero(u32::MAX),
            protocol: self.p.line(limits::WORD_CHARS),
            is_render_blocking: self.rb.is_set(),
            is_failed: self.f.is_set(),
        })
    }
}

/// A sum of resources.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct RawSum<'a> {
    #[serde(borrow)]
    h: Text<'a>,
    #[serde(borrow)]
    k: Text<'a>,
    c: Number,
    d: Number,
    b: Number,
}

impl Finish<ResourceSum> for RawSum<'_> {
    fn finish(self) -> Option<ResourceSum> {
        Some(ResourceSum {
            kind: resource_kind(self.k.as_str()),
            host: self.h.line(limits::PROPERTY_KEY_CHARS * 4),
            count: self.c.or_zero(1_000_000),
            duration: self.d.or_zero(u32::MAX),
            transfer_bytes: self.b.or_zero(u32::MAX),
        })
    }
}

/// An error inside an action.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct RawError<'a> {
    /// Offset.
    pub at: Number,
    /// Kind.
    #[serde(borrow)]
    pub t: Text<'a>,
    /// Message.
    #[serde(borrow)]
    pub m: Text<'a>,
    /// Name.
    #[serde(borrow)]
    pub n: Text<'a>,
    /// Stack.
    #[serde(borrow)]
    pub s: Text<'a>,
    /// URL.
    #[serde(borrow)]
    pub u: Text<'a>,
    /// Method.
    #[serde(borrow)]
    pub me: Text<'a>,
    /// Status.
    pub st: Number,
    /// Line.
    pub l: Number,
    /// Column.
    pub c: Number,
    /// Count.
    pub x: Number,
}

impl Finish<ErrorReport> for RawError<'_> {
    fn finish(self) -> Option<ErrorReport> {
        Some(ErrorReport {
            kind: error_kind(self.t.as_str()),
            at: offset(self.at),
            message: self.m.line(limits::ERROR_MESSAGE_CHARS),
            name: self.n.line(limits::PROPERTY_VALUE_CHARS),
            stack: self.s.lines(limits::ERROR_STACK_BYTES),
            url: self.u.line(limits::URL_CHARS),
            method: self.me.line(limits::WORD_CHARS),
            status: self.st.status(),
            line: self.l.or_zero(u32::MAX),
            column: self.c.or_zero(u32::MAX),
            count: self.x.get(1_000_000).unwrap_or(1).max(1),
        })
    }
}
