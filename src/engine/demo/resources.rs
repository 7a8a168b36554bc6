//! The waterfall of a page load: what the shop's pages fetch, from where, and how long it takes.

use super::actions::Link;
use super::dice::{Dice, percent};
use super::pages::{ASSETS, Page};
use crate::model::action::{Resource, ResourceKind, ResourceSum, Timings};

/// Resources kept whole for one load.
const KEPT: usize = 30;

struct Asset {
    name: &'static str,
    kind: ResourceKind,
    bytes: u32,
    is_blocking: bool,
}

const fn asset(name: &'static str, kind: ResourceKind, bytes: u32, is_blocking: bool) -> Asset {
    Asset { name, kind, bytes, is_blocking }
}

const OWN: &[Asset] = &[
    asset("app.6c1f09.css", ResourceKind::Stylesheet, 24_310, true),
    asset("theme.b81e44.css", ResourceKind::Stylesheet, 8_120, true),
    asset("vendor.90aa12.js", ResourceKind::Script, 142_880, true),
    asset("app.3f7d5e.js", ResourceKind::Script, 88_410, false),
    asset("basket.11c0d2.js", ResourceKind::Script, 21_730, false),
    asset("inter-latin-400.woff2", ResourceKind::Font, 23_664, false),
    asset("inter-latin-600.woff2", ResourceKind::Font, 24_448, false),
    asset("logo.svg", ResourceKind::Image, 3_180, false),
    asset("icons.svg", ResourceKind::Image, 11_020, false),
];

const FOREIGN: &[(&str, ResourceKind, u32)] = &[
    ("https://tags.metrics.example/t.js", ResourceKind::Script, 31_200),
    ("https://consent.example/v3/banner.js", ResourceKind::Script, 44_900),
    ("https://widgets.reviews.example/stars.js", ResourceKind::Script, 18_300),
    ("https://pay.example/sdk/v2/elements.js", ResourceKind::Script, 61_700),
];

const FETCHED: &[&str] = &["/api/session", "/api/basket", "/api/recommendations?slot=top"];

const IMAGES: &[&str] = &[
    "sidamo-natural-500.webp",
    "yirgacheffe-washed-500.webp",
    "house-espresso-1000.webp",
    "decaf-swiss-water-250.webp",
    "huila-pink-bourbon-250.webp",
    "monsooned-malabar-500.webp",
    "antigua-bourbon-500.webp",
    "kenya-aa-nyeri-250.webp",
    "grinder-c40.webp",
    "v60-set.webp",
    "aeropress-go.webp",
    "moka-pot-6.webp",
    "cupping-spoons.webp",
    "gift-box.webp",
    "roastery-vienna.webp",
    "subscription-banner.webp",
    "black-friday-hero.avif",
    "autumn-blend.webp",
    "barista-course.webp",
    "espresso-cups-6.webp",
    "milk-jug-600.webp",
    "filters-100.webp",
];

/// What a load fetched: rows in order of start, and sums of what is not kept.
#[must_use]
pub fn waterfall(
    dice: &Dice,
    page: &Page,
    link: &Link,
    timings: &Timings,
    is_first: bool,
) -> (Vec<Resource>, Vec<ResourceSum>) {
    let from = timings.response_start.unwrap_or(0) + 5;
    let until = timings.dom_complete.unwrap_or(0).max(from + 20);
    let mut draw = Draw { dice, link, from, until, is_first, rows: Vec::with_capacity(KEPT + 4) };
    for own in OWN {
        let start = from + dice.between(1, 18) + if own.is_blocking { 0 } else { 20 };
        let row = draw.row(format!("{ASSETS}/{}", own.name), own.kind, own.bytes, start);
        draw.rows.push(Resource { is_render_blocking: own.is_blocking, ..row });
    }
    let foreign = if page.path == "/checkout" { 4 } else { 3 };
    for (url, kind, bytes) in FOREIGN.iter().take(foreign) {
        let start = draw.somewhere();
        let row = draw.row((*url).to_owned(), *kind, *bytes, start);
        draw.rows.push(row);
    }
    for path in FETCHED.iter().take(1 + usize::try_from(dice.between(0, 2)).unwrap_or(0)) {
        let start = draw.somewhere();
        let bytes = dice.between(300, 9_000);
        let url = format!("{}{path}", super::pages::ORIGIN);
        let row = draw.row(url, ResourceKind::Fetch, bytes, start);
        draw.rows.push(Resource { method: "GET".to_owned(), status: 200, ..row });
    }
    let (fewest, most) = page.images;
    for _ in 0..dice.between(fewest, most) {
        let start = draw.somewhere();
        let bytes = dice.between(4_000, 90_000);
        let url = format!("{ASSETS}/img/{}", dice.pick(IMAGES));
        if draw.rows.iter().all(|row| row.url != url) {
            let row = draw.row(url, ResourceKind::Image, bytes, start);
            draw.rows.push(row);
        }
    }
    let mut rows = draw.rows;
    rows.sort_by_key(|row| row.start);
    let rest = rows.split_off(rows.len().min(KEPT));
    (rows, sums(&rest))
}

/// The one request of a click.
#[must_use]
pub fn request(
    dice: &Dice,
    link: &Link,
    url: String,
    method: &str,
    status: u16,
    span: u32,
) -> Resource {
    let start = dice.between(2, 9);
    let first_byte = start + span.saturating_sub(start).saturating_sub(dice.between(1, 12));
    let bytes = dice.between(180, 14_000);
    Resource {
        url,
        kind: ResourceKind::Fetch,
        method: method.to_owned(),
        status,
        start,
        duration: span.saturating_sub(start),
        request_start: 1,
        response_start: first_byte.saturating_sub(start),
        transfer_bytes: bytes + 300,
        encoded_bytes: bytes,
        decoded_bytes: percent(bytes, 340),
        protocol: link.protocol.to_owned(),
        is_failed: status >= 400,
        ..Resource::default()
    }
}

fn sums(rows: &[Resource]) -> Vec<ResourceSum> {
    let mut sums: Vec<ResourceSum> = Vec::new();
    for row in rows {
        let host = row.url.split('/').nth(2).unwrap_or_default();
        let known = sums.iter_mut().find(|sum| sum.host == host && sum.kind == row.kind);
        if let Some(sum) = known {
            sum.count += 1;
            sum.duration += row.duration;
            sum.transfer_bytes += row.transfer_bytes;
        } else {
            sums.push(ResourceSum {
                host: host.to_owned(),
                kind: row.kind,
                count: 1,
                duration: row.duration,
                transfer_bytes: row.transfer_bytes,
            });
        }
    }
    sums
}

struct Draw<'a> {
    dice: &'a Dice,
    link: &'a Link,
    from: u32,
    until: u32,
    is_first: bool,
    rows: Vec<Resource>,
}

impl Draw<'_> {
    fn somewhere(&self) -> u32 {
        let last = self.from + (self.until - self.from) * 2 / 3;
        self.dice.between(self.from + 30.min(last - self.from), last)
    }

    fn row(&self, url: String, kind: ResourceKind, bytes: u32, start: u32) -> Resource {
        let plain = Resource {
            url,
            kind,
            start,
            encoded_bytes: bytes,
            decoded_bytes: match kind {
                ResourceKind::Script | ResourceKind::Stylesheet => percent(bytes, 340),
                _ => bytes,
            },
            protocol: self.link.protocol.to_owned(),
            ..Resource::default()
        };
        let is_cached = !self.is_first && kind != ResourceKind::Fetch && self.dice.chance(860);
        if is_cached {
            return Resource { duration: self.dice.between(0, 6), ..plain };
        }
        let queued = self.dice.between(0, 24);
        let first_byte = queued + self.dice.tail(self.link.round_trip + 9);
        let transfer = bytes / self.link.bytes_per_milli.max(1) + 1;
        let most = self.until.saturating_sub(start).max(8);
        Resource {
            duration: (first_byte + transfer).min(most),
            request_start: queued.min(most),
            response_start: first_byte.min(most),
            transfer_bytes: bytes + 300,
            ..plain
        }
    }
}
