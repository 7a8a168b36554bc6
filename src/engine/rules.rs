//! The rule files that are in the binary, and the operator's over them.

use std::sync::Arc;

use rust_embed::RustEmbed;

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
    let path = std::path::Path::new(name);
    let is_text = path.extension().is_some_and(|extension| extension == "toml" || extension == "yaml");
    let file = is_text.then(|| Embedded::get(name))??;
    let text = String::from_utf8(file.data.into_owned()).ok()?;
    Some((name.to_owned(), text))
}

fn borrowed(files: &[(String, String)]) -> Vec<(&str, &str)> {
    files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect()
}
