//! The parts of a URL, without judging it: what comes from pages is often not a valid one.

/// A URL in parts, without fragment and user information.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Address<'a> {
    /// Scheme without `://`; empty for relative URLs.
    pub scheme: &'a str,
    /// Host as written, with brackets for IPv6; empty for relative URLs.
    pub host: &'a str,
    /// Port as written, empty when there is none.
    pub port: &'a str,
    /// Path as written.
    pub path: &'a str,
    /// What follows the question mark.
    pub query: Option<&'a str>,
}

impl<'a> Address<'a> {
    /// Splits a URL.
    #[must_use]
    pub fn parse(url: &'a str) -> Self {
        let url = url.split_once('#').map_or(url, |(before, _)| before);
        let (rest, query) = match url.split_once('?') {
            Some((before, query)) => (before, Some(query)),
            None => (url, None),
        };
        let (scheme, rest) = match rest.split_once("://") {
            Some((scheme, after)) if is_scheme(scheme) => (scheme, Some(after)),
            _ => ("", rest.strip_prefix("//")),
        };
        let Some(after) = rest else {
            let path = url.split_once('?').map_or(url, |(before, _)| before);
            return Self { path, query, ..Self::default() };
        };
        let cut = after.find(['/', '\\']).unwrap_or(after.len());
        let (authority, path) = after.split_at_checked(cut).unwrap_or((after, ""));
        let authority = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
        let (host, port) = split_port(authority);
        Self { scheme, host, port, path, query }
    }

    /// The port, unless it is the default one of the scheme.
    #[must_use]
    pub fn odd_port(&self) -> Option<&'a str> {
        let is_any = |of: [&str; 2]| of.iter().any(|s| s.eq_ignore_ascii_case(self.scheme));
        let is_default = match self.port {
            "" => true,
            "80" => is_any(["http", "ws"]),
            "443" => is_any(["https", "wss"]),
            _ => false,
        };
        (!is_default).then_some(self.port)
    }

    /// The value of a query parameter, as written.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&'a str> {
        self.query?
            .split('&')
            .find_map(|pair| pair.split_once('=').filter(|(key, _)| *key == name))
            .map(|(_, value)| value)
    }
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
}

fn split_port(authority: &str) -> (&str, &str) {
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => {
            // An IPv6 address without brackets has no port.
            if host.contains(':') && !host.ends_with(']') { (authority, "") } else { (host, port) }
        }
        _ => (authority, ""),
    }
}

/// Undoes percent-encoding and `+`, as in a query value; what is not valid stays.
#[must_use]
pub fn percent_decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    loop {
        match rest {
            [] => break,
            [b'%', high, low, tail @ ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                bytes.push(hex_digit(*high) * 16 + hex_digit(*low));
                rest = tail;
            }
            [byte, tail @ ..] => {
                bytes.push(if *byte == b'+' { b' ' } else { *byte });
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

const fn hex_digit(byte: u8) -> u8 {
    match byte {
        b'0'..=b'9' => byte - b'0',
        b'a'..=b'f' => byte - b'a' + 10,
        b'A'..=b'F' => byte - b'A' + 10,
        _ => 0,
    }
}

#[cfg(test)]
#[path = "address_tests.rs"]
mod tests;
