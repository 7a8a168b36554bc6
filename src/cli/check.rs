//! `footfall check`: the effective configuration and its problems.

use super::args::Failure;
use crate::config::{self, Config};
use crate::engine::rules;

/// Prints the configuration; fails with all problems.
pub(super) fn run(config: &Config) -> Result<(), Failure> {
    use std::io::Write;
    let text = toml::to_string_pretty(config).map_err(|e| Failure::Work(e.into()))?;
    std::io::stdout().write_all(text.as_bytes()).map_err(|e| Failure::Work(e.into()))?;
    let mut problems = config::check::problems(config);
    if problems.is_empty() {
        if let Err(e) = rules::load(config.data.rules_folder.as_deref()) {
            problems.push(format!("rules: {e}"));
        }
        if let Err(e) = rules::load_geo(config.data.place_database.as_deref()) {
            problems.push(format!("place database: {e}"));
        }
    }
    if problems.is_empty() {
        eprintln!("\nno problems found");
        return Ok(());
    }
    Err(Failure::Usage(anyhow::anyhow!(problems.join("\n"))))
}
