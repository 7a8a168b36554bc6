//! What can go wrong in the store; each names the thing.

use std::path::PathBuf;

/// A failure of the store.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file could not be read or written.
    #[error("cannot {what} `{}`", path.display())]
    Io {
        /// Verb, as `write`.
        what: &'static str,
        /// File or folder.
        path: PathBuf,
        /// Cause.
        source: std::io::Error,
    },
    /// redb refused.
    #[error("database `{}` failed", path.display())]
    Database {
        /// File.
        path: PathBuf,
        /// Cause.
        source: Box<redb::Error>,
    },
    /// A record is not what its version says.
    #[error("record of kind {kind} is damaged: {reason}")]
    Record {
        /// Record kind.
        kind: &'static str,
        /// What is wrong.
        reason: String,
    },
    /// The data folder was written by a newer release.
    #[error(
        "data folder has format {found}, this release knows up to {known}: install a newer release"
    )]
    Format {
        /// Version found.
        found: u32,
        /// Highest known.
        known: u32,
    },
    /// The store latched after an error and is being reopened.
    #[error("store does not take writes: {reason}")]
    Latched {
        /// Why.
        reason: String,
    },
    /// Too little space is left on the disk.
    #[error("disk of `{}` is full: {free_bytes} bytes left", path.display())]
    DiskFull {
        /// Data folder.
        path: PathBuf,
        /// Free bytes.
        free_bytes: u64,
    },
}

impl Error {
    pub(crate) fn io(
        what: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { what, path, source }
    }

    pub(crate) fn database<E: Into<redb::Error>>(
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(E) -> Self {
        let path = path.into();
        move |source| Self::Database { path, source: Box::new(source.into()) }
    }
}
