//! What can go wrong in the catalog.

/// An error of the catalog.
#[derive(Debug, thiserror::Error)]
pub enum CatalogError {
    /// The file cannot be opened, read or written.
    #[error("the catalog file failed")]
    Storage(#[source] Box<redb::Error>),
    /// A record does not decode.
    #[error("a record of the catalog is damaged: {0}")]
    Damaged(&'static str),
    /// The file cannot be made.
    #[error("the catalog folder cannot be used")]
    Folder(#[source] std::io::Error),
    /// What should be changed is not there.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// Somebody else changed it meanwhile.
    #[error("it was changed meanwhile: revision {found} instead of {expected}")]
    Conflict {
        /// Revision the writer had seen.
        expected: u32,
        /// Revision that is stored.
        found: u32,
    },
    /// The name is taken.
    #[error("the name `{0}` is taken")]
    NameTaken(String),
    /// It may not be done.
    #[error("{0}")]
    Forbidden(&'static str),
    /// A limit is reached.
    #[error("at most {limit} {what} are possible")]
    Full {
        /// Of what.
        what: &'static str,
        /// How many.
        limit: usize,
    },
}

impl CatalogError {
    /// Whether the database handle can no longer be used.
    #[must_use]
    pub fn is_latched(&self) -> bool {
        matches!(self, Self::Storage(e)
            if matches!(**e, redb::Error::Io(_) | redb::Error::PreviousIo | redb::Error::Backend(_)
                | redb::Error::LockPoisoned(_) | redb::Error::DatabaseClosed))
    }
}

macro_rules! from_redb {
    ($($kind:ident),+) => {
        $(impl From<redb::$kind> for CatalogError {
            fn from(error: redb::$kind) -> Self {
                Self::Storage(Box::new(error.into()))
            }
        })+
    };
}

from_redb!(
    StorageError,
    DatabaseError,
    TransactionError,
    TableError,
    CommitError,
    SetDurabilityError
);
