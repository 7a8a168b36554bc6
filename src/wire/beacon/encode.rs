//! Writes a beacon as the agent would: for the demo's visitors and for tests.

use crate::model::action::{ActionKind, Resource, ResourceKind, ResourceSum, Timings, WebVitals};
use crate::model::beacon::{
    Beacon, BeaconAction, BeaconEvent, BeaconEventKind, Navigation, PageEnd,
};
use crate::model::error_report::{ErrorKind, ErrorReport};

/// Encodes a beacon as JSON of the newest version; what is empty or zero is left out.
#[must_use]
pub fn encode(beacon: &Beacon) -> Vec<u8> {
    let mut out = Json { bytes: Vec::with_capacity(2_048) };
    out.object(|o| {
        o.number("v", 1);
        o.text("id", &format!("{:032x}", beacon.id.0));
        o.text("vi", &format!("{:032x}", beacon.visitor.0));
        o.text("bs", &format!("{:016x}", beacon.browser_session));
        o.text("tab", &format!("{:016x}", beacon.tab));
        o.number("b", beacon.base.0);
        o.number("s", beacon.sent_at.0);
        let environment = &beacon.environment;
        o.text("av", &environment.agent_version);
        o.text("scr", &environment.screen);
        o.text("vp", &environment.viewport);
        o.text("lang", &environment.language);
        o.text("tz", &environment.time_zone);
        o.text("conn", &environment.connection);
        o.text("rel", &beacon.release);
        o.flag("ret", beacon.is_returning);
        o.count("lost", beacon.lost);
        o.flag("wd", beacon.is_automated);
        o.list("e", &beacon.events, event);
    });
    out.bytes
}

fn event(o: &mut Json, event: &BeaconEvent) {
    o.number("at", event.at);
    match &event.kind {
        BeaconEventKind::Action(value) => action(o, value),
        BeaconEventKind::Error(report) => {
            o.text("k", "e");
            error(o, report);
        }
        BeaconEventKind::Vitals { page_view, vitals: value } => {
            o.text("k", "v");
            o.count("pv", *page_view);
            vitals(o, value);
        }
        BeaconEventKind::UserTag(tag) => {
            o.text("k", "u");
            o.text("v", tag);
        }
        BeaconEventKind::Properties(pairs) => {
            o.text("k", "p");
            properties(o, pairs);
        }
        BeaconEventKind::RageClick { target, url, count } => {
            o.text("k", "r");
            o.text("c", target);
            o.text("u", url);
            o.count("x", *count);
        }
        BeaconEventKind::DeadClick { target, url } => {
            o.text("k", "d");
            o.text("c", target);
            o.text("u", url);
        }
        BeaconEventKind::EndSession => o.text("k", "x"),
        BeaconEventKind::PageEnd(end) => page_end(o, *end),
        BeaconEventKind::PeerGone { tab, became_visible } => {
            o.text("k", "g");
            o.text("tab", &format!("{tab:016x}"));
            o.flag("vis", *became_visible);
        }
        BeaconEventKind::Alive => o.text("k", "h"),
    }
}

fn action(o: &mut Json, action: &BeaconAction) {
    o.text("k", "a");
    let kind = match action.kind {
        ActionKind::PageLoad => "load",
        ActionKind::Xhr => "xhr",
        ActionKind::Custom => "custom",
    };
    o.text("t", kind);
    o.text("n", &action.name);
    let input = &action.input;
    if !(input.kind.is_empty() && input.caption.is_empty() && input.element.is_empty()) {
        o.key("i");
        o.object(|o| {
            o.text("k", &input.kind);
            o.text("c", &input.caption);
            o.text("e", &input.element);
        });
    }
    o.text("u", &action.url);
    o.text("nu", &action.target_url);
    o.text("pg", &action.page);
    o.text("gg", &action.page_group);
    o.count("id", action.page_number);
    o.count("pa", action.parent);
    o.flag("hd", action.was_hidden);
    o.text("ru", &action.request_url);
    o.text("ti", &action.title);
    o.text("rf", &action.referrer);
    o.count("d", action.duration.0);
    o.option("vc", action.visually_complete.map(|span| span.0));
    o.option("si", action.speed_index.map(|span| span.0));
    o.count("lt", action.long_tasks.0);
    if action.timings != Timings::default() {
        o.key("tm");
        o.object(|o| timings(o, &action.timings));
    }
    o.flag("soft", action.is_soft_navigation);
    o.count("pv", action.page_view);
    o.list("r", &action.resources, resource);
    o.list("rm", &action.resource_sums, sum);
    o.list("er", &action.errors, |o, report| {
        o.number("at", report.at);
        error(o, report);
    });
    properties(o, &action.properties);
}

fn timings(o: &mut Json, t: &Timings) {
    o.option("rs", t.redirect_start);
    o.option("re", t.redirect_end);
    o.option("fs", t.fetch_start);
    o.option("ds", t.domain_lookup_start);
    o.option("de", t.domain_lookup_end);
    o.option("cs", t.connect_start);
    o.option("ss", t.secure_connection_start);
    o.option("ce", t.connect_end);
    o.option("qs", t.request_start);
    o.option("ps", t.response_start);
    o.option("pe", t.response_end);
    o.option("di", t.dom_interactive);
    o.option("ls", t.dom_content_loaded_event_start);
    o.option("le", t.dom_content_loaded_event_end);
    o.option("dc", t.dom_complete);
    o.option("os", t.load_event_start);
    o.option("oe", t.load_event_end);
    o.option("fp", t.first_paint);
    o.option("fcp", t.first_contentful_paint);
}

fn resource(o: &mut Json, r: &Resource) {
    o.text("u", &r.url);
    o.text("k", kind(r.kind));
    o.text("m", &r.method);
    o.count("st", u32::from(r.status));
    o.number("s", i64::from(r.start));
    o.number("d", i64::from(r.duration));
    o.count("ds", r.domain_lookup_start);
    o.count("de", r.domain_lookup_end);
    o.count("cs", r.connect_start);
    o.count("ce", r.connect_end);
    o.count("qs", r.request_start);
    o.count("ps", r.response_start);
    o.count("tb", r.transfer_bytes);
    o.count("eb", r.encoded_bytes);
    o.count("db", r.decoded_bytes);
    o.text("p", &r.protocol);
    o.flag("rb", r.is_render_blocking);
    o.flag("f", r.is_failed);
}

fn sum(o: &mut Json, sum: &ResourceSum) {
    o.text("h", &sum.host);
    o.text("k", kind(sum.kind));
    o.count("c", sum.count);
    o.count("d", sum.duration);
    o.count("b", sum.transfer_bytes);
}

fn error(o: &mut Json, report: &ErrorReport) {
    let kind = match report.kind {
        ErrorKind::Javascript => "js",
        ErrorKind::Request => "req",
        ErrorKind::Custom => "custom",
    };
    o.text("t", kind);
    o.text("m", &report.message);
    o.text("n", &report.name);
    o.text("s", &report.stack);
    o.text("u", &report.url);
    o.text("me", &report.method);
    o.count("st", u32::from(report.status));
    o.count("l", report.line);
    o.count("c", report.column);
    o.number("x", i64::from(report.count));
}

fn vitals(o: &mut Json, vitals: &WebVitals) {
    o.option("lcp", vitals.largest_contentful_paint);
    o.option("inp", vitals.interaction_to_next_paint);
    o.option("cls", vitals.cumulative_layout_shift);
    o.text("le", &vitals.lcp_element);
    o.text("lu", &vitals.lcp_url);
    o.text("ie", &vitals.inp_element);
    o.text("ce", &vitals.cls_element);
    o.option("lt", vitals.lcp_time_to_first_byte);
    o.option("ld", vitals.lcp_load_delay);
    o.option("lr", vitals.lcp_load_duration);
    o.option("lw", vitals.lcp_render_delay);
    o.text("it", &vitals.inp_event);
    o.option("id", vitals.inp_input_delay);
    o.option("ip", vitals.inp_processing);
    o.option("iw", vitals.inp_presentation_delay);
    o.text("is", &vitals.inp_script);
    o.text("if", &vitals.inp_function);
    o.option("il", vitals.inp_script_duration);
    o.option("cv", vitals.cls_largest_shift);
    o.option("ct", vitals.cls_largest_shift_at);
}

fn page_end(o: &mut Json, end: PageEnd) {
    o.text("k", "q");
    o.flag("ps", end.is_persisted);
    o.flag("vis", end.was_visible);
    let navigation = match end.navigation {
        Navigation::None => 0,
        Navigation::SameSite => 1,
        Navigation::OtherSite => 2,
    };
    o.count("nav", navigation);
    o.count("pe", end.peers);
}

fn properties(o: &mut Json, pairs: &[(String, String)]) {
    if pairs.is_empty() {
        return;
    }
    o.key("pr");
    o.object(|o| {
        for (key, value) in pairs {
            o.string_key(key);
            o.string(value);
        }
    });
}

const fn kind(kind: ResourceKind) -> &'static str {
    match kind {
        ResourceKind::Document => "doc",
        ResourceKind::Script => "js",
        ResourceKind::Stylesheet => "css",
        ResourceKind::Image => "img",
        ResourceKind::Font => "font",
        ResourceKind::Xhr => "xhr",
        ResourceKind::Fetch => "fetch",
        ResourceKind::Media => "media",
        ResourceKind::Beacon => "beacon",
        ResourceKind::Other => "other",
    }
}

struct Json {
    bytes: Vec<u8>,
}

impl Json {
    fn object(&mut self, fill: impl FnOnce(&mut Self)) {
        self.bytes.push(b'{');
        fill(self);
        self.bytes.push(b'}');
    }

    fn key(&mut self, key: &str) {
        self.string_key(key);
    }

    fn string_key(&mut self, key: &str) {
        if !matches!(self.bytes.last(), Some(b'{' | b'[')) {
            self.bytes.push(b',');
        }
        self.string(key);
        self.bytes.push(b':');
    }

    fn string(&mut self, text: &str) {
        // Writing a string into memory cannot fail; an empty one keeps the JSON whole if it ever did.
        let quoted = serde_json::to_vec(text).unwrap_or_else(|_| b"\"\"".to_vec());
        self.bytes.extend_from_slice(&quoted);
    }

    fn text(&mut self, key: &str, text: &str) {
        if !text.is_empty() {
            self.key(key);
            self.string(text);
        }
    }

    fn number(&mut self, key: &str, number: i64) {
        self.key(key);
        self.bytes.extend_from_slice(number.to_string().as_bytes());
    }

    fn option(&mut self, key: &str, number: Option<u32>) {
        if let Some(number) = number {
            self.number(key, i64::from(number));
        }
    }

    fn count(&mut self, key: &str, count: u32) {
        if count != 0 {
            self.number(key, i64::from(count));
        }
    }

    fn flag(&mut self, key: &str, value: bool) {
        self.count(key, u32::from(value));
    }

    fn list<T>(&mut self, key: &str, items: &[T], write: impl Fn(&mut Self, &T)) {
        if items.is_empty() {
            return;
        }
        self.key(key);
        self.bytes.push(b'[');
        for item in items {
            if self.bytes.last() != Some(&b'[') {
                self.bytes.push(b',');
            }
            self.object(|o| write(o, item));
        }
        self.bytes.push(b']');
    }
}
