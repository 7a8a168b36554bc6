//! URLs: query values, fragments, user information and session ids go; personal data too, if so set.

use std::borrow::Cow;

use super::text::{self, MASKED};
use crate::base::limits;
use crate::base::text::clean as clean_text;
use crate::logic::address::Address;
use crate::model::application::PrivacySettings;

/// Parameters that carry session ids of web servers; they go, name and all (dem-semantics 2.5).
const SESSION_PARAMETERS: [&str; 4] = ["jsessionid", "phpsessid", "cfid", "cftoken"];
/// Schemes of URLs that are data or commands.
const OPAQUE: [&str; 7] = ["data", "blob", "javascript", "vbscript", "about", "mailto", "tel"];
/// Longest query word without a value that is believed to be a flag, not data.
const FLAG_CHARS: usize = 24;

/// The URL as it may be written.
#[must_use]
pub fn clean(url: &str, settings: &PrivacySettings) -> String {
    let is_plain = url.len() <= limits::URL_CHARS && url.bytes().all(|b| (0x21..0x7f).contains(&b));
    let tidy =
        if is_plain { Cow::Borrowed(url) } else { Cow::Owned(clean_text(url, limits::URL_CHARS)) };
    if let Some(opaque) = clean_opaque(tidy.trim()) {
        return opaque;
    }
    let address = Address::parse(tidy.trim());
    let mut cleaned = String::with_capacity(tidy.len() + 16);
    push_origin(&mut cleaned, &address, settings);
    let path = without_session_ids(address.path);
    cleaned.push_str(&text::mask(&path, settings));
    push_query(&mut cleaned, address.query, settings);
    if cleaned.len() > limits::URL_CHARS {
        cleaned = cleaned.chars().take(limits::URL_CHARS).collect();
    }
    // A query that was empty may leave a blank at the end of the path.
    cleaned.truncate(cleaned.trim_end().len());
    cleaned
}

/// The page of an already cleaned URL: its path, `/` when that is empty.
#[must_use]
pub fn page(cleaned: &str) -> String {
    let path = Address::parse(cleaned).path;
    if path.is_empty() { "/".to_owned() } else { path.to_owned() }
}

/// URLs that are data, not places: only the kind stays.
fn clean_opaque(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once(':')?;
    let known = OPAQUE.iter().find(|known| known.eq_ignore_ascii_case(scheme))?;
    if *known != "data" {
        return Some(format!("{known}:"));
    }
    let kind = rest.split([';', ',']).next().unwrap_or_default();
    let is_kind = kind.len() <= limits::WORD_CHARS
        && kind.bytes().all(|b| b.is_ascii_alphabetic() || matches!(b, b'/' | b'-' | b'+' | b'.'));
    Some(format!("data:{}", if is_kind { kind } else { "" }))
}

/// Most URLs are written in small letters already.
fn lower(text: &str) -> Cow<'_, str> {
    if text.bytes().any(|b| b.is_ascii_uppercase()) {
        Cow::Owned(text.to_ascii_lowercase())
    } else {
        Cow::Borrowed(text)
    }
}

fn push_origin(cleaned: &mut String, address: &Address<'_>, settings: &PrivacySettings) {
    if !address.scheme.is_empty() {
        cleaned.push_str(&lower(address.scheme));
        cleaned.push(':');
    }
    if address.host.is_empty() && address.scheme.is_empty() {
        return;
    }
    cleaned.push_str("//");
    let host = lower(address.host);
    if settings.mask_personal_data && host.starts_with('[') {
        cleaned.push_str(MASKED);
    } else {
        cleaned.push_str(&text::mask(&host, settings));
    }
    if let Some(port) = address.odd_port() {
        cleaned.push(':');
        cleaned.push_str(port);
    }
}

fn is_session_parameter(pair: &str) -> bool {
    let name = pair.split('=').next().unwrap_or_default();
    SESSION_PARAMETERS.iter().any(|known| known.eq_ignore_ascii_case(name))
}

fn without_session_ids(path: &str) -> Cow<'_, str> {
    if !path.contains(';') {
        return Cow::Borrowed(path);
    }
    let mut kept = String::with_capacity(path.len());
    for (number, segment) in path.split('/').enumerate() {
        if number > 0 {
            kept.push('/');
        }
        let mut parts = segment.split(';');
        kept.push_str(parts.next().unwrap_or_default());
        for part in parts.filter(|part| !is_session_parameter(part)) {
            kept.push(';');
            kept.push_str(part);
        }
    }
    Cow::Owned(kept)
}

fn push_query(cleaned: &mut String, query: Option<&str>, settings: &PrivacySettings) {
    let pairs = query.unwrap_or_default().split('&').filter(|pair| !pair.is_empty());
    let mut separator = '?';
    for pair in pairs.filter(|pair| !is_session_parameter(pair)) {
        cleaned.push(separator);
        separator = '&';
        match pair.split_once('=') {
            Some((name, value)) => {
                cleaned.push_str(&text::mask(name, settings));
                cleaned.push('=');
                let has = |list: &[String]| list.iter().any(|own| own == name);
                if has(&settings.query_allow) && !has(&settings.query_drop) {
                    cleaned.push_str(&text::mask(value, settings));
                } else if !value.is_empty() {
                    cleaned.push_str(MASKED);
                }
            }
            None if is_flag(pair) => cleaned.push_str(pair),
            None => cleaned.push_str(MASKED),
        }
    }
}

/// A bare word is a flag; anything else may be data.
fn is_flag(pair: &str) -> bool {
    pair.len() <= FLAG_CHARS
        && pair.bytes().all(|b| b.is_ascii_alphabetic() || matches!(b, b'_' | b'-'))
}
