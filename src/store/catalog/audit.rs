//! The audit log: append-only, each line carries the hash of the one before it.

use redb::{ReadableTable, WriteTransaction};
use serde::{Deserialize, Serialize};

use super::codec;
use super::database::Catalog;
use super::error::CatalogError;
use super::schema;
use crate::base::limits;
use crate::base::text;
use crate::base::time::Timestamp;
use crate::model::account::AuditEntry;

/// Characters of the text fields of an audit line.
const TEXT_CHARS: usize = 1_000;

/// Who writes, when, from where: every write to the catalog names its author and leaves one audit line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Author {
    /// When.
    pub at: Timestamp,
    /// Account or token name, `setup` or `command line`.
    pub actor: String,
    /// Masked address; empty on the command line.
    pub from: String,
}

impl Author {
    /// The person at the command line.
    #[must_use]
    pub fn command_line(at: Timestamp) -> Self {
        Self { at, actor: "command line".to_owned(), from: String::new() }
    }
}

/// One line of the audit log with its number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditLine {
    /// Number, from 1.
    pub number: u64,
    /// What happened.
    pub entry: AuditEntry,
}

/// What checking the chain of the audit log found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuditCheck {
    /// All lines are as they were written.
    Intact {
        /// How many there are.
        lines: u64,
    },
    /// The chain breaks.
    Broken {
        /// The first line that does not fit.
        number: u64,
    },
}

/// A line as it is stored, with the hash over it and all before it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Row {
    pub(super) entry: AuditEntry,
    pub(super) hash: [u8; 32],
}

fn chain(previous: &[u8; 32], number: u64, entry: &AuditEntry) -> Result<[u8; 32], CatalogError> {
    let mut hasher = blake3::Hasher::new();
    hasher.update(previous);
    hasher.update(&number.to_be_bytes());
    hasher.update(&codec::encode(entry)?);
    Ok(*hasher.finalize().as_bytes())
}

/// Appends one line inside the transaction of the write that it tells of.
pub(super) fn append(
    txn: &WriteTransaction,
    author: &Author,
    action: &str,
    target: &str,
    detail: &str,
) -> Result<(), CatalogError> {
    let mut table = txn.open_table(schema::AUDIT_BY_NUMBER)?;
    let last = match table.last()? {
        Some((number, row)) => Some((number.value(), codec::decode::<Row>(row.value())?.hash)),
        None => None,
    };
    let (number, previous) = last.map_or((1, [0; 32]), |(n, hash)| (n + 1, hash));
    let entry = AuditEntry {
        at: author.at,
        actor: text::clean(&author.actor, TEXT_CHARS),
        from: text::clean(&author.from, TEXT_CHARS),
        action: action.to_owned(),
        target: text::clean(target, TEXT_CHARS),
        detail: text::clean(detail, TEXT_CHARS),
    };
    let hash = chain(&previous, number, &entry)?;
    table.insert(number, codec::encode(&Row { entry, hash })?.as_slice())?;
    Ok(())
}

impl Catalog {
    /// Lines below a number that have every word, newest first. At most [`limits::AUDIT_SCAN`] lines are read: the
    /// number at which reading stopped tells where to go on.
    pub fn find_audit(
        &self,
        before: Option<u64>,
        words: &[String],
        limit: usize,
    ) -> Result<(Vec<AuditLine>, Option<u64>), CatalogError> {
        self.read(|txn| {
            let table = txn.open_table(schema::AUDIT_BY_NUMBER)?;
            let mut lines = Vec::new();
            let all = table.range(..before.unwrap_or(u64::MAX))?.rev();
            for (seen, row) in all.enumerate() {
                let (number, value) = row?;
                if lines.len() == limit || seen == limits::AUDIT_SCAN {
                    return Ok((lines, Some(number.value() + 1)));
                }
                let entry = codec::decode::<Row>(value.value())?.entry;
                let parts =
                    [&entry.actor, &entry.action, &entry.target, &entry.detail, &entry.from];
                let text = parts.map(|part| part.to_lowercase()).join(" ");
                if words.iter().all(|word| text.contains(word.as_str())) {
                    lines.push(AuditLine { number: number.value(), entry });
                }
            }
            Ok((lines, None))
        })
    }

    /// Checks that no line was changed, left out or put in.
    pub fn verify_audit(&self) -> Result<AuditCheck, CatalogError> {
        self.read(|txn| {
            let table = txn.open_table(schema::AUDIT_BY_NUMBER)?;
            let mut previous = [0; 32];
            let mut lines = 0;
            for row in table.iter()? {
                let (number, value) = row?;
                lines += 1;
                let row: Row = match codec::decode(value.value()) {
                    Ok(row) => row,
                    Err(_) => {
                        return Ok(AuditCheck::Broken { number: number.value() });
                    }
                };
                let hash = chain(&previous, lines, &row.entry)?;
                if number.value() != lines || hash != row.hash {
                    return Ok(AuditCheck::Broken { number: number.value() });
                }
                previous = hash;
            }
            Ok(AuditCheck::Intact { lines })
        })
    }
}
