//! Versions of the agent that were handed out under a name that never changes: pages ask for them for years.

use redb::ReadableTableMetadata;

use super::database::Catalog;
use super::error::CatalogError;
use super::schema;

/// Versions that are kept: one for each release that served somebody, for decades.
const VERSIONS_MAX: u64 = 200;

impl Catalog {
    /// The code of a version; `None` when it was never kept.
    pub fn agent_code(&self, name: &str) -> Result<Option<String>, CatalogError> {
        self.read(|txn| {
            let table = txn.open_table(schema::AGENT_BY_NAME)?;
            let value = table.get(name.as_bytes())?;
            value
                .map(|v| {
                    String::from_utf8(v.value().to_vec())
                        .map_err(|_| CatalogError::Damaged("agent is not text"))
                })
                .transpose()
        })
    }

    /// Keeps the code of a version; does nothing when it is kept already.
    pub fn keep_agent_code(&self, name: &str, code: &str) -> Result<(), CatalogError> {
        if self.agent_code(name)?.is_some() {
            return Ok(());
        }
        self.write(|txn| {
            let mut table = txn.open_table(schema::AGENT_BY_NAME)?;
            if table.len()? >= VERSIONS_MAX {
                let limit = usize::try_from(VERSIONS_MAX).unwrap_or(usize::MAX);
                return Err(CatalogError::Full { what: "versions of the agent", limit });
            }
            table.insert(name.as_bytes(), code.as_bytes())?;
            Ok(())
        })
    }
}
