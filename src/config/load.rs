//! File and environment into the settings tree. Errors name the file or variable, the key and what was expected.

use std::path::{Path, PathBuf};

use toml::{Table, Value};

use super::tree::Config;

/// Prefix of environment variables: `FOOTFALL_INGEST__LISTEN`.
const PREFIX: &str = "FOOTFALL_";

/// Why the configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file cannot be read.
    #[error("cannot read configuration `{}`", path.display())]
    Read {
        /// File.
        path: PathBuf,
        /// Cause.
        source: std::io::Error,
    },
    /// The file is not what it should be.
    #[error("configuration `{}`: {reason}", path.display())]
    File {
        /// File.
        path: PathBuf,
        /// Line, key, value, expectation.
        reason: String,
    },
    /// An environment variable is not what it should be.
    #[error("environment variable `{name}`: {reason}")]
    Variable {
        /// Name.
        name: String,
        /// What was expected.
        reason: String,
    },
}

/// Loads the file, if there is one, and lays the environment over it.
pub fn load(path: Option<&Path>) -> Result<Config, Error> {
    let text = match path {
        Some(path) => std::fs::read_to_string(path)
            .map_err(|source| Error::Read { path: path.to_owned(), source })?,
        None => String::new(),
    };
    let variables: Vec<(String, String)> = std::env::vars()
        .filter(|(name, _)| name.starts_with(PREFIX) && name.contains("__"))
        .collect();
    merge(path.unwrap_or(Path::new("-")), &text, &variables)
}

fn merge(path: &Path, text: &str, variables: &[(String, String)]) -> Result<Config, Error> {
    let in_file = |e: toml::de::Error| Error::File {
        path: path.to_owned(),
        reason: e.to_string().trim().to_owned(),
    };
    // The file alone first, so that its errors carry its lines.
    let _: Config = toml::from_str(text).map_err(in_file)?;
    let mut table: Table = toml::from_str(text).map_err(in_file)?;
    for (name, value) in variables {
        let wrong =
            |reason: &str| Error::Variable { name: name.clone(), reason: reason.to_owned() };
        let key = name.strip_prefix(PREFIX).unwrap_or_default().to_ascii_lowercase();
        let (section, key) =
            key.split_once("__").ok_or_else(|| wrong("expected FOOTFALL_SECTION__KEY"))?;
        let section = table
            .entry(section.to_owned())
            .or_insert_with(|| Value::Table(Table::new()))
            .as_table_mut()
            .ok_or_else(|| wrong("no such section"))?;
        section.insert(key.to_owned(), parse(value));
        let _: Config = Value::Table(table.clone())
            .try_into()
            .map_err(|e: toml::de::Error| wrong(e.to_string().trim()))?;
    }
    Value::Table(table).try_into().map_err(in_file)
}

/// A value as TOML would read it; anything else is a string.
fn parse(text: &str) -> Value {
    format!("x = {text}")
        .parse::<Table>()
        .ok()
        .and_then(|mut table| table.remove("x"))
        .unwrap_or_else(|| Value::String(text.to_owned()))
}

#[cfg(test)]
#[path = "load_tests.rs"]
mod tests;
