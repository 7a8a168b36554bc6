//! Opening, reading and writing the file; reopening it after an error.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use arc_swap::ArcSwap;
use redb::backends::InMemoryBackend;
use redb::{
    Database, Durability, ReadTransaction, ReadableDatabase, ReadableTable, WriteTransaction,
};

use super::codec;
use super::error::CatalogError;
use super::schema;
use crate::base::id::ApplicationId;
use crate::base::time::Timestamp;
use crate::model::application::{Application, DetectionRule};
use crate::store::fresh;

/// The default of redb is 1 GiB.
const CACHE_BYTES: usize = 8 * 1024 * 1024;

/// Settings, applications, accounts, tokens and audit log of one install.
pub struct Catalog {
    /// `None` for a moment while the file is reopened.
    database: RwLock<Option<Database>>,
    path: Option<PathBuf>,
    /// One writer at a time, held until the snapshots below fit what was committed.
    pub(super) writing: Mutex<()>,
    pub(super) applications: ArcSwap<Vec<Application>>,
    pub(super) detection_rules: ArcSwap<Vec<DetectionRule>>,
    generation: AtomicU64,
}

impl std::fmt::Debug for Catalog {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Catalog").field("path", &self.path).finish_non_exhaustive()
    }
}

impl Catalog {
    /// Opens `catalog.redb` in a folder, makes it when it is not there.
    pub fn open(folder: &Path, now: Timestamp) -> Result<Self, CatalogError> {
        std::fs::create_dir_all(folder).map_err(CatalogError::Folder)?;
        let path = folder.join("catalog.redb");
        let database = open_file(&path)?;
        Self::start(database, Some(path), now)
    }

    /// A catalog that lives in memory only: for tests.
    pub fn in_memory(now: Timestamp) -> Result<Self, CatalogError> {
        let database = Database::builder()
            .set_cache_size(CACHE_BYTES)
            .create_with_backend(InMemoryBackend::new())?;
        Self::start(database, None, now)
    }

    fn start(
        database: Database,
        path: Option<PathBuf>,
        now: Timestamp,
    ) -> Result<Self, CatalogError> {
        let catalog = Self {
            database: RwLock::new(Some(database)),
            path,
            writing: Mutex::new(()),
            applications: ArcSwap::from_pointee(Vec::new()),
            detection_rules: ArcSwap::from_pointee(Vec::new()),
            generation: AtomicU64::new(1),
        };
        catalog.write(|txn| {
            txn.open_table(schema::DETECTION_RULE_BY_PLACE)?;
            txn.open_table(schema::ACCOUNT_BY_ID)?;
            txn.open_table(schema::SIGN_IN_BY_HASH)?;
            txn.open_table(schema::TOKEN_BY_ID)?;
            txn.open_table(schema::SEGMENT_BY_ID)?;
            txn.open_table(schema::AUDIT_BY_NUMBER)?;
            txn.open_table(schema::SETTING_BY_NAME)?;
            txn.open_table(schema::LAST_ID_BY_KIND)?;
            txn.open_table(schema::AGENT_BY_NAME)?;
            let mut table = txn.open_table(schema::APPLICATION_BY_ID)?;
            let default = u64::from(ApplicationId::DEFAULT.0);
            if table.get(default)?.is_none() {
                let application =
                    Application::new(ApplicationId::DEFAULT, "My web application", now);
                table.insert(default, codec::encode(&application)?.as_slice())?;
            }
            Ok(())
        })?;
        catalog.refresh()?;
        Ok(catalog)
    }

    /// Increases whenever applications or detection rules change.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }

    /// Reads in one transaction.
    pub(super) fn read<T>(
        &self,
        work: impl FnOnce(&ReadTransaction) -> Result<T, CatalogError>,
    ) -> Result<T, CatalogError> {
        let result = {
            let guard = self.database.read().unwrap_or_else(PoisonError::into_inner);
            let database = guard.as_ref().ok_or_else(closed)?;
            database.begin_read().map_err(CatalogError::from).and_then(|txn| work(&txn))
        };
        self.heal(result)
    }

    /// Writes in one durable transaction; an error changes nothing.
    pub(super) fn write<T>(
        &self,
        work: impl FnOnce(&WriteTransaction) -> Result<T, CatalogError>,
    ) -> Result<T, CatalogError> {
        let result = {
            let guard = self.database.read().unwrap_or_else(PoisonError::into_inner);
            guard.as_ref().ok_or_else(closed).and_then(|database| {
                let mut txn = database.begin_write()?;
                txn.set_durability(Durability::Immediate)?;
                txn.set_quick_repair(true);
                let value = work(&txn)?;
                txn.commit()?;
                Ok(value)
            })
        };
        self.heal(result)
    }

    /// Writes, then replaces the snapshots of applications and detection rules.
    pub(super) fn write_and_refresh<T>(
        &self,
        work: impl FnOnce(&WriteTransaction) -> Result<T, CatalogError>,
    ) -> Result<T, CatalogError> {
        let _writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let value = self.write(work)?;
        self.refresh()?;
        Ok(value)
    }

    fn refresh(&self) -> Result<(), CatalogError> {
        let (applications, rules) = self.read(|txn| {
            let mut applications: Vec<Application> = Vec::new();
            for row in txn.open_table(schema::APPLICATION_BY_ID)?.iter()? {
                applications.push(codec::decode(row?.1.value())?);
            }
            let mut rules: Vec<DetectionRule> = Vec::new();
            for row in txn.open_table(schema::DETECTION_RULE_BY_PLACE)?.iter()? {
                rules.push(codec::decode(row?.1.value())?);
            }
            Ok((applications, rules))
        })?;
        self.applications.store(Arc::new(applications));
        self.detection_rules.store(Arc::new(rules));
        self.generation.fetch_add(1, Ordering::AcqRel);
        Ok(())
    }

    /// After an I/O error the handle of redb is of no use any more: close the file and open it again.
    fn heal<T>(&self, result: Result<T, CatalogError>) -> Result<T, CatalogError> {
        if let Err(error) = &result
            && error.is_latched()
            && let Some(path) = &self.path
        {
            let mut guard = self.database.write().unwrap_or_else(PoisonError::into_inner);
            *guard = None;
            *guard = open_file(path).ok();
        }
        result
    }
}

fn open_file(path: &Path) -> Result<Database, CatalogError> {
    Ok(fresh::open(path, CACHE_BYTES)?)
}

fn closed() -> CatalogError {
    CatalogError::Storage(Box::new(redb::Error::DatabaseClosed))
}

/// Gives out the next number of a kind of thing.
pub(super) fn next_id(
    txn: &WriteTransaction,
    kind: &str,
    taken_so_far: u64,
) -> Result<u64, CatalogError> {
    let mut table = txn.open_table(schema::LAST_ID_BY_KIND)?;
    let last = table.get(kind.as_bytes())?.map_or(taken_so_far, |v| v.value());
    let next = last.saturating_add(1);
    table.insert(kind.as_bytes(), next)?;
    Ok(next)
}
