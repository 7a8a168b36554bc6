//! Personal data in texts: e-mail addresses, account and card numbers, addresses, UUIDs, long numbers.

use std::borrow::Cow;
use std::net::Ipv6Addr;
use std::sync::LazyLock;

use regex::Regex;

use crate::model::application::PrivacySettings;

/// What stands for masked data.
pub const MASKED: &str = "<masked>";
/// Digits from which a number is personal.
const LONG_NUMBER_DIGITS: usize = 5;
/// Masking can bring new borders; it is repeated until nothing changes, at most this often.
const ROUNDS_MAX: usize = 8;

static PERSONAL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let email = r"[A-Za-z0-9._+-]+(?:@|%40)[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+";
    let uuid = r"[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}";
    let iban = r"\b[A-Z]{2}[0-9]{2}(?: [A-Z0-9]{4}){2,7}(?: [A-Z0-9]{1,3})?\b";
    let iban_joined = r"(?i)\b[a-z]{2}[0-9]{2}[a-z0-9]{11,30}\b";
    let card = r"\b(?:[0-9](?:[ -]|%20|\+)?){12,18}[0-9]\b";
    let ipv4 = r"\b[0-9]{1,3}(?:\.[0-9]{1,3}){3}\b";
    let all = format!("(?-u:{email}|{uuid}|{iban}|(?:{iban_joined})|{card}|{ipv4})");
    Regex::new(&all).ok()
});

/// The text as it may be written under these settings.
#[must_use]
pub fn mask<'a>(text: &'a str, settings: &PrivacySettings) -> Cow<'a, str> {
    if settings.mask_personal_data { mask_personal(text) } else { Cow::Borrowed(text) }
}

/// Replaces personal data by `<masked>`.
#[must_use]
pub fn mask_personal(text: &str) -> Cow<'_, str> {
    if !is_suspicious(text) {
        return Cow::Borrowed(text);
    }
    let mut masked = Cow::Borrowed(text);
    for _ in 0..ROUNDS_MAX {
        let next = mask_once(&masked);
        if next == masked {
            break;
        }
        masked = Cow::Owned(next);
    }
    masked
}

/// A stack trace as it may be written: query values, fragments and user information of its URLs go.
#[must_use]
pub fn mask_stack(stack: String, settings: &PrivacySettings) -> String {
    let has_query = stack.contains("://") && stack.contains(['?', '#', '@']);
    let stack = if has_query { mask_stack_urls(&stack, settings) } else { stack };
    if settings.mask_personal_data { mask_personal(&stack).into_owned() } else { stack }
}

fn mask_stack_urls(stack: &str, settings: &PrivacySettings) -> String {
    let is_url = |c: char| !c.is_whitespace() && !matches!(c, '(' | ')' | '"' | '\'' | '<' | '>');
    let mut masked = String::with_capacity(stack.len());
    let mut rest = stack;
    while !rest.is_empty() {
        let (other, after) = run(rest, |c| !is_url(c));
        masked.push_str(other);
        let (word, after) = run(after, is_url);
        if word.contains("://") && word.contains(['?', '#', '@']) {
            masked.push_str(&mask_stack_url(word, settings));
        } else {
            masked.push_str(word);
        }
        rest = after;
    }
    masked
}

/// Firefox writes `function@https://...:line:column`; line and column stay.
fn mask_stack_url(word: &str, settings: &PrivacySettings) -> String {
    let start = word.find("http").unwrap_or(0);
    let (function, url) = word.split_at_checked(start).unwrap_or(("", word));
    let is_place = |c: char| c == ':' || c.is_ascii_digit();
    let bare = url.trim_end_matches(is_place);
    let place = url.get(bare.len()..).unwrap_or_default();
    let cut = place.find(':').unwrap_or(place.len());
    let (digits, place) = place.split_at_checked(cut).unwrap_or(("", place));
    let whole = url.get(..bare.len() + digits.len()).unwrap_or(bare);
    format!("{function}{}{place}", super::url::clean(whole, settings))
}

/// Cheap test that all personal data passes.
fn is_suspicious(text: &str) -> bool {
    let mut digits = 0;
    let mut colons = 0;
    for byte in text.bytes() {
        match byte {
            b'0'..=b'9' => digits += 1,
            b':' => colons += 1,
            b'@' => return true,
            _ => {}
        }
    }
    // Nearly all has a digit; IPv6 addresses need none.
    digits >= 1 || colons >= 7 || text.contains("::")
}

fn mask_once(text: &str) -> String {
    let replaced = match PERSONAL.as_ref() {
        Some(pattern) => pattern.replace_all(text, MASKED),
        None => Cow::Borrowed(text),
    };
    mask_numbers(&mask_ipv6(&replaced))
}

/// Splits off the longest start of `text` whose characters pass.
fn run(text: &str, pass: impl Fn(char) -> bool) -> (&str, &str) {
    let end = text.find(|c| !pass(c)).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

fn mask_ipv6(text: &str) -> Cow<'_, str> {
    if text.bytes().filter(|b| *b == b':').count() < 2 {
        return Cow::Borrowed(text);
    }
    let is_part = |c: char| c.is_ascii_hexdigit() || c == ':' || c == '.';
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let (other, after) = run(rest, |c| !is_part(c));
        masked.push_str(other);
        let (candidate, after) = run(after, is_part);
        let is_free = !other.ends_with(char::is_alphanumeric)
            && !after.starts_with(|c: char| c.is_ascii_alphanumeric());
        let trimmed = candidate.trim_end_matches('.');
        if is_free && trimmed.len() > 2 && trimmed.parse::<Ipv6Addr>().is_ok() {
            masked.push_str(MASKED);
            masked.push_str(candidate.get(trimmed.len()..).unwrap_or_default());
        } else {
            masked.push_str(candidate);
        }
        rest = after;
    }
    Cow::Owned(masked)
}

fn mask_numbers(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let (other, after) = run(rest, |c| !c.is_ascii_alphanumeric());
        masked.push_str(other);
        let (token, after) = run(after, |c| c.is_ascii_alphanumeric());
        let is_hex = token.len() >= LONG_NUMBER_DIGITS
            && token.bytes().all(|b| b.is_ascii_hexdigit())
            && token.bytes().any(|b| b.is_ascii_digit());
        if is_hex {
            masked.push_str(MASKED);
        } else {
            mask_digits(token, &mut masked);
        }
        rest = after;
    }
    masked
}

fn mask_digits(token: &str, masked: &mut String) {
    let mut rest = token;
    while !rest.is_empty() {
        let (letters, after) = run(rest, |c| !c.is_ascii_digit());
        masked.push_str(letters);
        let (digits, after) = run(after, |c| c.is_ascii_digit());
        masked.push_str(if digits.len() >= LONG_NUMBER_DIGITS { MASKED } else { digits });
        rest = after;
    }
}
