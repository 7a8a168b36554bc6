//! What stands out in a waterfall: findings with their thresholds (dem-semantics 2.8), and whose request it is.

use crate::model::action::{Resource, ResourceKind};

/// Milliseconds from request to first byte above which a server is slow.
pub const SLOW_SERVER: u32 = 1_000;
/// Bytes from which text is worth compressing: less fits into one packet.
pub const COMPRESSIBLE_BYTES: u32 = 860;
/// Bytes above which an image is large.
pub const LARGE_IMAGE_BYTES: u32 = 100_000;
/// Hosts above which they are many: each costs a lookup and a connection.
pub const HOSTS: usize = 8;

/// Something that stands out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Finding {
    /// The request failed.
    Failed,
    /// The server took long to answer.
    SlowServer,
    /// It held up rendering.
    Blocking,
    /// Text that came as long as it is.
    Uncompressed,
    /// A file that could come from the cache and did not.
    Uncached,
    /// A large image.
    LargeImage,
    /// A request to another site.
    ThirdParty,
    /// A request to a host other than the page's, when there are many.
    ManyHosts,
}

impl Finding {
    /// All findings, the worst first.
    pub const ALL: [Self; 8] = [
        Self::Failed,
        Self::SlowServer,
        Self::Blocking,
        Self::Uncompressed,
        Self::Uncached,
        Self::LargeImage,
        Self::ManyHosts,
        Self::ThirdParty,
    ];

    /// Name in addresses and in the API.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::SlowServer => "slow_server",
            Self::Blocking => "blocking",
            Self::Uncompressed => "uncompressed",
            Self::Uncached => "uncached",
            Self::LargeImage => "large_image",
            Self::ThirdParty => "third_party",
            Self::ManyHosts => "many_hosts",
        }
    }

    /// The finding with a name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|finding| finding.name() == name)
    }

    /// Places of the rows to which it applies; none when it is below its threshold as a whole. `page` is the address
    /// of the page.
    #[must_use]
    pub fn rows(self, rows: &[Resource], page: &str) -> Vec<usize> {
        let is_one = |row: &Resource| self.applies(row, page);
        let found: Vec<usize> = rows
            .iter()
            .enumerate()
            .filter(|(_, row)| is_one(row))
            .map(|(place, _)| place)
            .collect();
        let is_enough = match self {
            // The field counts caching as poor when less than half came from the cache.
            Self::Uncached => found.len() * 2 > rows.iter().filter(|row| is_static(row)).count(),
            Self::ManyHosts => hosts(rows).len() > HOSTS,
            _ => true,
        };
        if is_enough { found } else { Vec::new() }
    }

    fn applies(self, row: &Resource, page: &str) -> bool {
        let is_known = row.encoded_bytes > 0;
        match self {
            Self::Failed => row.is_failed || row.status >= 400,
            Self::SlowServer => row.response_start.saturating_sub(row.request_start) > SLOW_SERVER,
            Self::Blocking => row.is_render_blocking,
            Self::Uncompressed => {
                is_text(row)
                    && row.encoded_bytes > COMPRESSIBLE_BYTES
                    && row.encoded_bytes == row.decoded_bytes
            }
            // Told from the cache by a transfer shorter than the body (dem-semantics 2.8).
            Self::Uncached => is_static(row) && is_known && row.transfer_bytes >= row.encoded_bytes,
            Self::LargeImage => {
                row.kind == ResourceKind::Image && row.encoded_bytes > LARGE_IMAGE_BYTES
            }
            Self::ThirdParty => is_third_party(&row.url, page),
            Self::ManyHosts => host(&row.url) != host(page),
        }
    }
}

fn is_static(row: &Resource) -> bool {
    use ResourceKind::{Font, Image, Script, Stylesheet};
    matches!(row.kind, Script | Stylesheet | Image | Font)
}

fn is_text(row: &Resource) -> bool {
    use ResourceKind::{Document, Fetch, Script, Stylesheet, Xhr};
    matches!(row.kind, Document | Script | Stylesheet | Xhr | Fetch)
}

/// Host of an address, without port and lower-cased by the browser; empty when there is none.
#[must_use]
pub fn host(url: &str) -> &str {
    let Some((_, rest)) = url.split_once("://") else {
        return "";
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

/// Different hosts of some rows.
#[must_use]
pub fn hosts(rows: &[Resource]) -> Vec<&str> {
    let mut hosts: Vec<&str> =
        rows.iter().map(|row| host(&row.url)).filter(|host| !host.is_empty()).collect();
    hosts.sort_unstable();
    hosts.dedup();
    hosts
}

/// Whether an address belongs to another site than the page.
#[must_use]
pub fn is_third_party(url: &str, page: &str) -> bool {
    let (host, page) = (host(url), host(page));
    !host.is_empty() && !page.is_empty() && site(host) != site(page)
}

/// The part of a host that one owner has: two names, or three where the second is a short one below a country, as in
/// `shop.example.co.uk`. Addresses are their own site.
fn site(host: &str) -> &str {
    let is_address = host.starts_with('[') || host.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    if is_address {
        return host;
    }
    let mut dots = host.rmatch_indices('.').map(|(at, _)| at);
    let (Some(last), Some(second)) = (dots.next(), dots.next()) else {
        return host;
    };
    let is_short = host.len() - last - 1 == 2 && last - second - 1 <= 3;
    let begin = if is_short { dots.next().map(|at| at + 1) } else { Some(second + 1) };
    begin.and_then(|begin| host.get(begin..)).unwrap_or(host)
}

#[cfg(test)]
#[path = "waterfall_tests.rs"]
mod tests;
