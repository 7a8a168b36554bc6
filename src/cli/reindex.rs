//! `footfall reindex`: rebuilds the search index and the columns from the records.

use anyhow::Context;
use indicatif::{ProgressBar, ProgressStyle};

use crate::columns::ColumnStore;
use crate::config::Config;
use crate::engine::indexing;
use crate::search::{SearchIndex, SearchOptions};
use crate::store::{Store, StoreOptions};

/// Rebuilds all days.
pub(super) fn run(config: &Config) -> anyhow::Result<()> {
    let folder = &config.data.folder;
    let (store, _) = Store::open(folder, StoreOptions::default()).with_context(|| {
        format!("cannot open the store in `{}`: is a server running?", folder.display())
    })?;
    let (search, _) = SearchIndex::open(folder, SearchOptions::default())
        .context("cannot open the search index")?;
    let columns = ColumnStore::new(folder);
    let bar = ProgressBar::new_spinner();
    bar.set_style(ProgressStyle::with_template("{spinner} {pos} sessions, {msg}")?);
    let sessions = indexing::reindex(&store, &search, &columns, |day, done| {
        bar.set_message(day.to_string());
        bar.set_position(u64::try_from(done).unwrap_or(u64::MAX));
    })
    .context("cannot rebuild the index")?;
    bar.finish_and_clear();
    eprintln!("{sessions} sessions indexed");
    Ok(())
}
