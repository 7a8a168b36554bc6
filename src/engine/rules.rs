//! The rule files that are in the binary, and the operator's over them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rust_embed::RustEmbed;

use crate::logic::geo::{GeoDatabase, GeoProblem};
use crate::logic::ruleset::{RuleProblem, Ruleset, compile};

#[derive(RustEmbed)]
#[folder = "rules/"]
struct Embedded;

/// Bytes of one rule file of the operator.
const RULE_FILE_BYTES: u64 = 4 * 1024 * 1024;
/// Bytes of a place database of the operator.
const PLACE_DATABASE_BYTES: u64 = 256 * 1024 * 1024;

/// Why rules or places cannot be loaded.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file cannot be read.
    #[error("cannot read `{}`: {reason}", path.display())]
    Read {
        /// File or folder.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// A rule is wrong.
    #[error(transparent)]
    Rule(#[from] RuleProblem),
    /// A place database is wrong.
    #[error(transparent)]
    Geo(#[from] GeoProblem),
}

/// The rules with the operator's folder, if there is one, laid over the embedded ones.
pub fn load(folder: Option<&Path>) -> Result<Arc<Ruleset>, Error> {
    let mut overlays = Vec::new();
    for file in folder.map(list).transpose()?.unwrap_or_default() {
        let bytes = read(&file, RULE_FILE_BYTES)?;
        let text = String::from_utf8(bytes).map_err(|_| Error::Read {
            path: file.clone(),
            reason: "not UTF-8".to_owned(),
        })?;
        let name = file
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        overlays.push((name, text));
    }
    Ok(ruleset(&overlays)?)
}

/// The operator's place database, or the embedded one.
pub fn load_places(path: Option<&Path>) -> Result<Arc<GeoDatabase>, Error> {
    match path {
        Some(path) => {
            let database = GeoDatabase::from_bytes(read(path, PLACE_DATABASE_BYTES)?)?;
            Ok(Arc::new(database))
        }
        None => Ok(country_database()?),
    }
}

fn list(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let failed = |e: std::io::Error| Error::Read {
        path: folder.to_owned(),
        reason: e.to_string(),
    };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.extension().is_some_and(|e| e == "toml" || e == "yaml") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn read(path: &Path, bytes_max: u64) -> Result<Vec<u8>, Error> {
    let failed = |reason: String| Error::Read {
        path: path.to_owned(),
        reason,
    };
    let size = std::fs::metadata(path)
        .map_err(|e| failed(e.to_string()))?
        .len();
    if size > bytes_max {
        return Err(failed(format!(
            "{size} bytes, at most {bytes_max} are taken"
        )));
    }
    std::fs::read(path).map_err(|e| failed(e.to_string()))
}

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
    let is_text = path
        .extension()
        .is_some_and(|extension| extension == "toml" || extension == "yaml");
    let file = is_text.then(|| Embedded::get(name))??;
    let text = String::from_utf8(file.data.into_owned()).ok()?;
    Some((name.to_owned(), text))
}

fn borrowed(files: &[(String, String)]) -> Vec<(&str, &str)> {
    files
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect()
}
