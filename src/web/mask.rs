//! What a role may not see: replaced on the server, and read as "masked".

use std::borrow::Cow;
use std::net::IpAddr;

use serde_json::{Value, json};

/// The word in pages.
pub const MASKED: &str = "masked";
/// Keys whose values are masked whole.
const WHOLE: &[&str] = &["ip", "message", "stack"];
/// Keys of addresses whose query is masked.
const ADDRESSES: &[&str] = &["url", "request_url", "referrer", "lcp_url"];

/// A text that only some may see.
#[must_use]
pub fn text(text: &str, sees_unmasked: bool) -> &str {
    if sees_unmasked || text.is_empty() { text } else { MASKED }
}

/// An address of the web: without permission the query and fragment are masked.
#[must_use]
pub fn url(url: &str, sees_unmasked: bool) -> Cow<'_, str> {
    match url.find(['?', '#']) {
        Some(end) if !sees_unmasked => {
            Cow::Owned(format!("{}?{MASKED}", url.get(..end).unwrap_or_default()))
        }
        _ => Cow::Borrowed(url),
    }
}

/// An IP address; empty when none is kept.
#[must_use]
pub fn ip(ip: Option<IpAddr>, sees_unmasked: bool) -> String {
    match ip {
        None => String::new(),
        Some(ip) if sees_unmasked => ip.to_string(),
        Some(_) => MASKED.to_owned(),
    }
}

/// Masks whatever needs it in an answer of the API: masked values are `{"masked": true}`.
pub fn json(value: &mut Value, sees_unmasked: bool) {
    if sees_unmasked {
        return;
    }
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| json(item, false)),
        Value::Object(fields) => {
            for (key, field) in fields.iter_mut() {
                let is_empty = field.is_null() || field.as_str() == Some("");
                if WHOLE.contains(&key.as_str()) && !is_empty {
                    *field = json!({ "masked": true });
                } else if let (true, Value::String(address)) =
                    (ADDRESSES.contains(&key.as_str()), &mut *field)
                {
                    *address = url(address, false).into_owned();
                } else {
                    json(field, false);
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
#[path = "mask_tests.rs"]
mod tests;
