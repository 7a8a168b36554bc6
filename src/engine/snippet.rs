//! The agent with the settings of an application: one immutable body for each revision.

use std::sync::{Arc, Mutex, PoisonError};

use ahash::AHashMap;
use bytes::Bytes;
use serde::Serialize;

use crate::base::id::ApplicationId;
use crate::model::application::{Application, PageSource};

static AGENT: &str = include_str!("../../assets/agent/dist/agent.js");
/// Where the agent expects its settings.
const PLACE: &str = "\"__FOOTFALL_SETTINGS__\"";

#[derive(Serialize)]
struct Settings<'a> {
    app: String,
    url: &'a str,
    percent: u8,
    tags: Vec<TagRule<'a>>,
    resources: u8,
    captions: u8,
    idle: u32,
    max: u32,
}

#[derive(Serialize)]
struct TagRule<'a> {
    s: &'static str,
    x: &'a str,
    c: &'a str,
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

/// Tag files by application and revision; bounded by the number of applications.
#[derive(Debug, Default)]
pub struct Snippets {
    tags: Mutex<AHashMap<ApplicationId, (u32, Arc<Tag>)>>,
}

impl Snippets {
    /// The tag file of an application.
    #[must_use]
    pub fn tag(&self, application: &Application, public_url: &str) -> Arc<Tag> {
        let mut tags = self.tags.lock().unwrap_or_else(PoisonError::into_inner);
        match tags.get(&application.id) {
            Some((revision, tag)) if *revision == application.revision => Arc::clone(tag),
            _ => {
                let tag = Arc::new(build(application, public_url));
                tags.insert(application.id, (application.revision, Arc::clone(&tag)));
                tag
            }
        }
    }
}

fn build(application: &Application, public_url: &str) -> Tag {
    let url = public_url.trim_end_matches('/');
    let beacon_url =
        if url.is_empty() { String::new() } else { format!("{url}/beacon/{}", application.id) };
    let settings = Settings {
        app: application.id.to_string(),
        url: &beacon_url,
        percent: application.capture_percent,
        tags: application
            .user_tag_rules
            .iter()
            .map(|rule| TagRule {
                s: match rule.source {
                    PageSource::CssSelector => "css",
                    PageSource::JavascriptVariable => "js",
                    PageSource::MetaTag => "meta",
                    PageSource::Cookie => "cookie",
                    PageSource::QueryString => "query",
                },
                x: &rule.expression,
                c: &rule.cleanup,
            })
            .collect(),
        resources: application.resources_max,
        captions: u8::from(!application.privacy.mask_captions),
        idle: application.session.idle.0,
        max: application.session.duration_max.0,
    };
    let plain = AGENT.replacen(PLACE, &script_json(&settings), 1);
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

fn brotli(plain: &[u8]) -> Bytes {
    let mut out = Vec::new();
    let params = brotli::enc::BrotliEncoderParams { quality: 9, lgwin: 18, ..Default::default() };
    match brotli::BrotliCompress(&mut &*plain, &mut out, &params) {
        Ok(_) => Bytes::from(out),
        Err(_) => Bytes::new(),
    }
}

#[cfg(test)]
#[path = "snippet_tests.rs"]
mod tests;
