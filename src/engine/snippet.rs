//! The agent with the settings of an application: one immutable body for each revision.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use ahash::AHashMap;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde::Serialize;
use sha2::{Digest, Sha384};

use crate::base::id::ApplicationId;
use crate::model::application::{
    Application, CaptureSettings, DoNotTrack, PageSource, PropertyScope,
};
use crate::store::catalog::{Catalog, CatalogError};

static AGENT: &str = include_str!("../../assets/agent/dist/agent.js");
/// Where the agent expects its settings.
const PLACE: &str = "\"__FOOTFALL_SETTINGS__\"";
/// Stands there instead when the settings are in the page: in `data-settings` of the script element.
const FROM_ELEMENT: &str = "(function(s){try{return JSON.parse(s.dataset.settings)}catch(e){return{}}})(document.currentScript)";
/// Versions kept in memory, beside those in the catalog.
const EARLIER_MAX: usize = 8;
/// In the name of the file, for people who read addresses.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Settings as the agent reads them. What is at its default is left out: the agent has the same defaults.
#[derive(Serialize)]
struct Settings<'a> {
    app: String,
    url: &'a str,
    percent: u8,
    tags: Vec<PageRule<'a>>,
    resources: u8,
    captions: u8,
    idle: u32,
    max: u32,
    #[serde(skip_serializing_if = "is_zero")]
    consent: u8,
    #[serde(skip_serializing_if = "is_zero")]
    dnt: u8,
    #[serde(skip_serializing_if = "is_zero")]
    cookieless: u8,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    drop: &'a [String],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    props: Vec<PropertyRule<'a>>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    skip: &'a [String],
    #[serde(skip_serializing_if = "is_zero")]
    off: u8,
    #[serde(skip_serializing_if = "is_one")]
    fetch: u8,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
const fn is_zero(value: &u8) -> bool {
    *value == 0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
const fn is_one(value: &u8) -> bool {
    *value == 1
}

#[derive(Serialize)]
struct PageRule<'a> {
    s: &'static str,
    x: &'a str,
    c: &'a str,
}

#[derive(Serialize)]
struct PropertyRule<'a> {
    k: &'a str,
    #[serde(flatten)]
    rule: PageRule<'a>,
    t: u8,
}

fn page_rule<'a>(source: PageSource, expression: &'a str, cleanup: &'a str) -> PageRule<'a> {
    let s = match source {
        PageSource::CssSelector => "css",
        PageSource::JavascriptVariable => "js",
        PageSource::MetaTag => "meta",
        PageSource::Cookie => "cookie",
        PageSource::QueryString => "query",
    };
    PageRule { s, x: expression, c: cleanup }
}

/// Bits of what is switched off, in the order of the agent.
fn switched_off(capture: &CaptureSettings) -> u8 {
    let switches = [
        capture.javascript_errors,
        capture.request_errors,
        capture.web_vitals,
        capture.clicks,
        capture.resources,
    ];
    (0..).zip(switches).fold(0, |bits, (place, is_on)| bits | (u8::from(!is_on) << place))
}

/// A tag file, ready to be sent.
#[derive(Debug, Clone)]
pub struct Tag {
    /// As it is.
    pub plain: Bytes,
    /// gzip.
    pub gzip: Bytes,
    /// brotli.
    pub brotli: Bytes,
    /// Digest of the plain form, in quotes.
    pub etag: String,
}

/// Tag files by application and revision, bounded by the number of applications; versions of the agent.
#[derive(Debug, Default)]
pub struct Snippets {
    tags: Mutex<AHashMap<ApplicationId, (u32, Arc<Tag>)>>,
    code: OnceLock<Code>,
    /// Earlier versions that were asked for.
    earlier: Mutex<AHashMap<String, Arc<Tag>>>,
}

/// The agent without settings: it reads them from its script element.
#[derive(Debug)]
pub struct Code {
    /// The file.
    pub tag: Arc<Tag>,
    /// Name of the file: version and digest, without `.js`.
    pub name: String,
    /// Value of the `integrity` attribute.
    pub integrity: String,
}

impl Snippets {
    /// The tag file of an application, if it was built before.
    #[must_use]
    pub fn known_tag(&self, application: &Application) -> Option<Arc<Tag>> {
        let tags = self.tags.lock().unwrap_or_else(PoisonError::into_inner);
        let known = tags.get(&application.id);
        known.filter(|(revision, _)| *revision == application.revision).map(|(_, tag)| tag.clone())
    }

    /// The tag file of an application. Compressing it takes a while, so others do not wait for it.
    #[must_use]
    pub fn tag(&self, application: &Application, public_url: &str) -> Arc<Tag> {
        if let Some(tag) = self.known_tag(application) {
            return tag;
        }
        let tag = Arc::new(pack(with_settings(application, public_url)));
        let mut tags = self.tags.lock().unwrap_or_else(PoisonError::into_inner);
        tags.insert(application.id, (application.revision, Arc::clone(&tag)));
        tag
    }

    /// The agent without settings, built at the first call.
    #[must_use]
    pub fn code(&self) -> &Code {
        self.code.get_or_init(|| {
            let plain = AGENT.replacen(PLACE, FROM_ELEMENT, 1);
            let digest = blake3::hash(plain.as_bytes()).to_hex();
            let name = format!("{VERSION}-{}", digest.get(..16).unwrap_or_default());
            let sha = Sha384::digest(plain.as_bytes());
            let integrity = format!("sha384-{}", STANDARD.encode(sha));
            Code { tag: Arc::new(pack(plain)), name, integrity }
        })
    }
}

impl Snippets {
    /// The file of a name as `1.0.0-0123456789abcdef.js`: this version, or an earlier one that was handed out. What
    /// is asked for once is kept, so that pages which name it live on after an upgrade.
    pub fn file(&self, catalog: &Catalog, file: &str) -> Result<Option<Arc<Tag>>, CatalogError> {
        let Some(name) = file.strip_suffix(".js") else {
            return Ok(None);
        };
        let code = self.code();
        let lock = || self.earlier.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(tag) = lock().get(name) {
            return Ok(Some(Arc::clone(tag)));
        }
        let tag = if name == code.name {
            let text = std::str::from_utf8(&code.tag.plain).unwrap_or_default();
            catalog.keep_agent_code(name, text)?;
            Arc::clone(&code.tag)
        } else {
            match catalog.agent_code(name)? {
                Some(text) => Arc::new(pack(text)),
                None => return Ok(None),
            }
        };
        let mut earlier = lock();
        if earlier.len() < EARLIER_MAX {
            earlier.insert(name.to_owned(), Arc::clone(&tag));
        }
        Ok(Some(tag))
    }
}

/// The settings of an application as the agent reads them, as JSON.
#[must_use]
pub fn settings_json(application: &Application, public_url: &str) -> String {
    let a = application;
    let url = public_url.trim_end_matches('/');
    let beacon_url = if url.is_empty() { String::new() } else { format!("{url}/beacon/{}", a.id) };
    let tags = a.user_tag_rules.iter();
    let props = a.property_rules.iter();
    script_json(&Settings {
        app: a.id.to_string(),
        url: &beacon_url,
        percent: a.capture_percent,
        tags: tags.map(|r| page_rule(r.source, &r.expression, &r.cleanup)).collect(),
        resources: a.capture.resources_max,
        captions: u8::from(!a.privacy.mask_captions),
        idle: a.session.idle.0,
        max: a.session.duration_max.0,
        consent: u8::from(a.privacy.opt_in),
        dnt: match a.privacy.do_not_track {
            DoNotTrack::Ignore => 0,
            DoNotTrack::Nothing => 1,
            DoNotTrack::Anonymous => 2,
        },
        cookieless: u8::from(a.privacy.cookieless),
        drop: &a.privacy.query_drop,
        props: props
            .map(|r| PropertyRule {
                k: &r.key,
                rule: page_rule(r.source, &r.expression, &r.cleanup),
                t: u8::from(r.scope == PropertyScope::Session),
            })
            .collect(),
        skip: &a.capture.request_skip,
        off: switched_off(&a.capture),
        fetch: u8::from(a.capture.follow_async),
    })
}

/// The agent with the settings of an application in it.
#[must_use]
pub fn with_settings(application: &Application, public_url: &str) -> String {
    AGENT.replacen(PLACE, &settings_json(application, public_url), 1)
}

fn pack(plain: String) -> Tag {
    let digest = blake3::hash(plain.as_bytes()).to_hex();
    Tag {
        etag: format!("\"{}\"", digest.get(..16).unwrap_or_default()),
        gzip: gzip(plain.as_bytes()),
        brotli: brotli(plain.as_bytes()),
        plain: Bytes::from(plain),
    }
}

/// JSON that may stand inside a script: nothing in it ends the element or a line.
fn script_json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value)
        .unwrap_or_else(|_| "{}".to_owned())
        .replace('<', "\\u003c")
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029")
}

fn gzip(plain: &[u8]) -> Bytes {
    use std::io::Write;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    let written = encoder.write_all(plain).and_then(|()| encoder.finish());
    // Writing to memory does not fail; an empty form would only be served plain.
    written.map(Bytes::from).unwrap_or_default()
}

/// With the largest quality and window that every decoder takes (RFC 7932): it is done once for a revision.
fn brotli(plain: &[u8]) -> Bytes {
    let mut out = Vec::new();
    let params = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 24, ..Default::default() };
    match brotli::BrotliCompress(&mut &*plain, &mut out, &params) {
        Ok(_) => Bytes::from(out),
        Err(_) => Bytes::new(),
    }
}

#[cfg(test)]
#[path = "snippet_tests.rs"]
mod tests;
