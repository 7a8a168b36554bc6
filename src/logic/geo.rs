//! Address to place, from a loaded MMDB database.

use std::collections::HashMap;
use std::fmt;
use std::io::Read;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::LazyLock;

use maxminddb::Reader;
use serde::Deserialize;
use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, Visitor};

use crate::base::text;
use crate::model::application::PlacePrivacy;
use crate::model::visitor::Place;

/// Largest database that is unpacked.
const DATABASE_BYTES: u64 = 512 * 1024 * 1024;
const NAME_CHARS: usize = 100;

/// A database that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum GeoProblem {
    /// The compressed file is broken.
    #[error("the place database cannot be unpacked: {0}")]
    Compression(#[from] std::io::Error),
    /// It is larger than is believed.
    #[error("the place database is larger than {DATABASE_BYTES} bytes")]
    TooLarge,
    /// It is no MMDB file.
    #[error("the place database cannot be read: {0}")]
    Format(#[from] maxminddb::MaxMindDbError),
}

/// A database of places in memory, with fields of MaxMind's layout or of flat ones.
pub struct GeoDatabase {
    reader: Reader<Vec<u8>>,
}

impl fmt::Debug for GeoDatabase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GeoDatabase").field("kind", &self.kind()).finish_non_exhaustive()
    }
}

impl GeoDatabase {
    /// From the bytes of an `.mmdb` file, or of one compressed with zstd.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, GeoProblem> {
        const ZSTD_MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
        let bytes = if bytes.starts_with(&ZSTD_MAGIC) { unpack(&bytes)? } else { bytes };
        Ok(Self { reader: Reader::from_source(bytes)? })
    }

    /// Type of the database as it says itself.
    #[must_use]
    pub fn kind(&self) -> &str {
        &self.reader.metadata().database_type
    }

    /// Seconds since 1970 at which it was built.
    #[must_use]
    pub fn built_at(&self) -> u64 {
        self.reader.metadata().build_epoch
    }

    /// The day it was built, as `2026-06-17`; empty when it does not tell.
    #[must_use]
    pub fn build_date(&self) -> String {
        let seconds = i64::try_from(self.built_at()).unwrap_or_default();
        match jiff::Timestamp::from_second(seconds) {
            Ok(built) if seconds > 0 => built.strftime("%Y-%m-%d").to_string(),
            _ => String::new(),
        }
    }

    /// The place of an address; empty when it is not known or not public.
    #[must_use]
    pub fn place(&self, ip: IpAddr) -> Place {
        let ip = ip.to_canonical();
        if is_private(ip) {
            return Place::default();
        }
        let row = self.reader.lookup(ip).and_then(|found| found.decode::<Row>());
        row.ok().flatten().map(Row::place).unwrap_or_default()
    }
}

/// What of a place may be kept.
#[must_use]
pub fn limit(place: Place, privacy: PlacePrivacy) -> Place {
    match privacy {
        PlacePrivacy::Full => place,
        PlacePrivacy::Country => Place { country: place.country, ..Place::default() },
        PlacePrivacy::None => Place::default(),
    }
}

fn unpack(bytes: &[u8]) -> Result<Vec<u8>, GeoProblem> {
    let mut unpacked = Vec::new();
    let reader = zstd::stream::read::Decoder::new(bytes)?;
    let count = reader.take(DATABASE_BYTES + 1).read_to_end(&mut unpacked)?;
    if u64::try_from(count).unwrap_or(u64::MAX) > DATABASE_BYTES {
        return Err(GeoProblem::TooLarge);
    }
    Ok(unpacked)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Row {
    country_code: Named,
    country: Named,
    registered_country: Named,
    city: Named,
    state1: Named,
    region: Named,
    subdivisions: Vec<Named>,
    traits: Traits,
    isp: Named,
    autonomous_system_organization: Named,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Traits {
    isp: Named,
    autonomous_system_organization: Named,
}

impl Row {
    fn place(self) -> Place {
        let first = |texts: [String; 3]| {
            let found = texts.into_iter().find(|text| !text.is_empty());
            found.map(|text| text::clean(&text, NAME_CHARS)).unwrap_or_default()
        };
        let codes = [self.country_code.code(), self.country.code(), self.registered_country.code()];
        let country = codes.into_iter().find(|code| is_code(code)).unwrap_or_default();
        let subdivision = self.subdivisions.into_iter().next().unwrap_or_default();
        let isp = if self.traits.isp.is_empty() { self.isp } else { self.traits.isp };
        Place {
            country: country.to_ascii_uppercase(),
            region: first([subdivision.name, self.state1.name, self.region.name]),
            city: first([self.city.name, String::new(), String::new()]),
            isp: first([
                isp.name,
                self.traits.autonomous_system_organization.name,
                self.autonomous_system_organization.name,
            ]),
        }
    }
}

fn is_code(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|b| b.is_ascii_alphabetic())
}

/// A text, or MaxMind's object with `iso_code` and `names`.
#[derive(Debug, Default)]
struct Named {
    code: String,
    name: String,
}

impl Named {
    fn code(&self) -> String {
        if self.code.is_empty() { self.name.clone() } else { self.code.clone() }
    }

    const fn is_empty(&self) -> bool {
        self.code.is_empty() && self.name.is_empty()
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Names {
    en: String,
}

struct NamedVisitor;

impl<'de> Visitor<'de> for NamedVisitor {
    type Value = Named;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text or an object with names")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Named, E> {
        Ok(Named { code: String::new(), name: text.to_owned() })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Named, A::Error> {
        let mut named = Named::default();
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "iso_code" => named.code = map.next_value()?,
                "names" => named.name = map.next_value::<Names>()?.en,
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(named)
    }
}

impl<'de> Deserialize<'de> for Named {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NamedVisitor)
    }
}

fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            let [first, second, ..] = v4.octets();
            v4.is_private()
                || v4.is_loopback()
                || v4.is_link_local()
                || v4.is_multicast()
                || v4.is_documentation()
                || first == 0
                || first >= 240
                || first == 100 && (64..128).contains(&second)
        }
        IpAddr::V6(v6) => is_private_v6(v6),
    }
}

fn is_private_v6(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    address.is_loopback()
        || address.is_unspecified()
        || address.is_multicast()
        || address.is_unique_local()
        || address.is_unicast_link_local()
        || first == 0x2001 && second == 0x0db8
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Countries {
    country: HashMap<String, String>,
}

static COUNTRIES: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    let file = include_str!("../../rules/geo/countries.toml");
    toml::from_str::<Countries>(file).map(|file| file.country).unwrap_or_default()
});

/// English name of a country by its ISO 3166-1 alpha-2 code; the code itself when there is no such country.
#[must_use]
pub fn country_name(code: &str) -> &str {
    COUNTRIES.get(code).map_or(code, String::as_str)
}

/// All countries, code and English name, in order of their names.
#[must_use]
pub fn countries() -> Vec<(&'static str, &'static str)> {
    let mut all: Vec<_> =
        COUNTRIES.iter().map(|(code, name)| (code.as_str(), name.as_str())).collect();
    all.sort_unstable_by_key(|(_, name)| *name);
    all
}

#[cfg(test)]
#[path = "geo_tests.rs"]
mod tests;
