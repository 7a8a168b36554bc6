//! The rule files that are in the binary, and the operator's over them.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rust_embed::RustEmbed;

use crate::base::limits;
use crate::logic::geo::{GeoDatabase, GeoProblem};
use crate::logic::ruleset::{RuleProblem, Ruleset, compile};

#[derive(RustEmbed)]
#[folder = "rules/"]
struct Embedded;

/// Compiles the embedded rules with overlays (path inside the rules folder, text) laid over them.
pub fn ruleset(overlays: &[(String, String)]) -> Result<Arc<Ruleset>, RuleProblem> {
    let texts: Vec<(String, String)> = Embedded::iter().filter_map(|name| text(&name)).collect();
    compile(&borrowed(&texts), &borrowed(overlays)).map(Arc::new)
}

/// The embedded country database.
pub fn country_database() -> Result<Arc<GeoDatabase>, GeoProblem> {
    let file = Embedded::get("geo/country.mmdb.zst");
    let bytes = file.map(|file| file.data.into_owned()).unwrap_or_default();
    GeoDatabase::from_bytes(bytes).map(Arc::new)
}

fn text(name: &str) -> Option<(String, String)> {
    let path = Path::new(name);
    let is_text =
        path.extension().is_some_and(|extension| extension == "toml" || extension == "yaml");
    let file = is_text.then(|| Embedded::get(name))??;
    let text = String::from_utf8(file.data.into_owned()).ok()?;
    Some((name.to_owned(), text))
}

fn borrowed(files: &[(String, String)]) -> Vec<(&str, &str)> {
    files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect()
}

/// Why rules cannot be loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// A file cannot be read.
    #[error("cannot read `{}`: {source}", path.display())]
    Read {
        /// File or folder.
        path: PathBuf,
        /// Cause.
        source: io::Error,
    },
    /// A rule file is wrong.
    #[error("rule file {0}")]
    Rule(#[from] RuleProblem),
    /// The place database is wrong.
    #[error("`{}`: {source}", path.display())]
    Geo {
        /// File.
        path: PathBuf,
        /// Cause.
        source: GeoProblem,
    },
}

/// The embedded rules with those of the folder laid over them.
pub fn load(overlay_folder: Option<&Path>) -> Result<Arc<Ruleset>, LoadError> {
    let overlays = match overlay_folder {
        Some(folder) => read_overlays(folder, "")?,
        None => Vec::new(),
    };
    Ok(ruleset(&overlays)?)
}

/// The place database of the file, plain or compressed with zstd, or else the embedded one.
pub fn load_geo(path: Option<&Path>) -> Result<Arc<GeoDatabase>, LoadError> {
    let Some(path) = path else {
        let path = PathBuf::from("geo/country.mmdb.zst");
        return country_database().map_err(|source| LoadError::Geo { path, source });
    };
    let bytes = read(path, limits::GEO_FILE_BYTES)?;
    let geo = GeoDatabase::from_bytes(bytes);
    geo.map(Arc::new).map_err(|source| LoadError::Geo { path: path.into(), source })
}

/// All rule files of a folder and of its folder `geo`.
fn read_overlays(folder: &Path, prefix: &str) -> Result<Vec<(String, String)>, LoadError> {
    let failed = |source| LoadError::Read { path: folder.into(), source };
    let mut overlays = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
            continue;
        };
        if prefix.is_empty() && name == "geo" && path.is_dir() {
            overlays.extend(read_overlays(&path, "geo/")?);
        } else if path.extension().is_some_and(|e| e == "toml" || e == "yaml" || e == "yml") {
            let bytes = read(&path, limits::RULE_FILE_BYTES)?;
            let text = String::from_utf8(bytes).map_err(|_| LoadError::Read {
                path: path.clone(),
                source: io::Error::other("it is not UTF-8 text"),
            })?;
            overlays.push((format!("{prefix}{name}"), text));
        }
    }
    overlays.sort();
    Ok(overlays)
}

fn read(path: &Path, bytes_max: usize) -> Result<Vec<u8>, LoadError> {
    let failed = |source| LoadError::Read { path: path.into(), source };
    let file = File::open(path).map_err(failed)?;
    let mut bytes = Vec::new();
    let limit = u64::try_from(bytes_max).unwrap_or(u64::MAX).saturating_add(1);
    file.take(limit).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() > bytes_max {
        return Err(failed(io::Error::other(format!("it is larger than {bytes_max} bytes"))));
    }
    Ok(bytes)
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
