//! Applications and the ordered list of detection rules.

use std::sync::Arc;

use redb::{ReadableTable, ReadableTableMetadata};

use super::audit::{self, Author};
use super::codec;
use super::database::{Catalog, next_id};
use super::error::CatalogError;
use super::schema;
use crate::base::id::ApplicationId;
use crate::base::limits;
use crate::model::application::{Application, DetectionRule};

impl Catalog {
    /// All applications by id, without I/O.
    #[must_use]
    pub fn applications(&self) -> Arc<Vec<Application>> {
        self.applications.load_full()
    }

    /// One application, without I/O.
    #[must_use]
    pub fn application(&self, id: ApplicationId) -> Option<Application> {
        self.applications.load().iter().find(|a| a.id == id).cloned()
    }

    /// Adds an application with default settings.
    pub fn add_application(
        &self,
        name: &str,
        author: &Author,
    ) -> Result<Application, CatalogError> {
        self.write_and_refresh(|txn| {
            let mut table = txn.open_table(schema::APPLICATION_BY_ID)?;
            let count = table.len()?;
            if count >= limits::APPLICATIONS as u64 {
                return Err(CatalogError::Full {
                    what: "applications",
                    limit: limits::APPLICATIONS,
                });
            }
            self.refuse_taken_name(name, None)?;
            let number = next_id(txn, "application", u64::from(ApplicationId::DEFAULT.0))?;
            let id = ApplicationId(
                u32::try_from(number).map_err(|_| CatalogError::Damaged("ids are used up"))?,
            );
            let application = Application::new(id, name, author.at);
            table.insert(number, codec::encode(&application)?.as_slice())?;
            audit::append(txn, author, "application.create", &id.to_string(), name)?;
            Ok(application)
        })
    }

    /// Replaces an application; `expected` is the revision that the writer had seen.
    pub fn put_application(
        &self,
        mut application: Application,
        expected: u32,
        author: &Author,
    ) -> Result<Application, CatalogError> {
        self.write_and_refresh(|txn| {
            let mut table = txn.open_table(schema::APPLICATION_BY_ID)?;
            let key = u64::from(application.id.0);
            let before: Application = match table.get(key)? {
                Some(row) => codec::decode(row.value())?,
                None => return Err(CatalogError::NotFound("application")),
            };
            check_revision(expected, before.revision)?;
            self.refuse_taken_name(&application.name, Some(application.id))?;
            application.revision = before.revision.saturating_add(1);
            application.created_at = before.created_at;
            table.insert(key, codec::encode(&application)?.as_slice())?;
            let id = application.id.to_string();
            let detail = format!("{}: {}", application.name, changes(&before, &application));
            audit::append(txn, author, "application.update", &id, &detail)?;
            Ok(application)
        })
    }

    /// Removes an application and its detection rules; what it has recorded stays until its time is over.
    pub fn remove_application(
        &self,
        id: ApplicationId,
        expected: u32,
        author: &Author,
    ) -> Result<(), CatalogError> {
        if id == ApplicationId::DEFAULT {
            return Err(CatalogError::Forbidden(
                "the default application takes what no rule claims and cannot be removed",
            ));
        }
        self.write_and_refresh(|txn| {
            let mut table = txn.open_table(schema::APPLICATION_BY_ID)?;
            let before: Application = match table.get(u64::from(id.0))? {
                Some(row) => codec::decode(row.value())?,
                None => return Err(CatalogError::NotFound("application")),
            };
            check_revision(expected, before.revision)?;
            table.remove(u64::from(id.0))?;
            let rules = self.detection_rules.load();
            let left: Vec<&DetectionRule> = rules.iter().filter(|r| r.application != id).collect();
            write_rules(txn, &left)?;
            audit::append(txn, author, "application.remove", &id.to_string(), &before.name)
        })
    }

    /// Detection rules in their order, without I/O.
    #[must_use]
    pub fn detection_rules(&self) -> Arc<Vec<DetectionRule>> {
        self.detection_rules.load_full()
    }

    /// Replaces the whole list of detection rules.
    pub fn put_detection_rules(
        &self,
        rules: &[DetectionRule],
        author: &Author,
    ) -> Result<(), CatalogError> {
        if rules.len() > limits::DETECTION_RULES {
            return Err(CatalogError::Full {
                what: "detection rules",
                limit: limits::DETECTION_RULES,
            });
        }
        self.write_and_refresh(|txn| {
            let applications = self.applications.load();
            if rules.iter().any(|r| applications.iter().all(|a| a.id != r.application)) {
                return Err(CatalogError::NotFound("application"));
            }
            write_rules(txn, &rules.iter().collect::<Vec<_>>())?;
            let detail = format!("{} rules", rules.len());
            audit::append(txn, author, "detection_rules.update", "", &detail)
        })
    }

    fn refuse_taken_name(
        &self,
        name: &str,
        except: Option<ApplicationId>,
    ) -> Result<(), CatalogError> {
        let folded = name.to_lowercase();
        let is_taken = self
            .applications
            .load()
            .iter()
            .any(|a| Some(a.id) != except && a.name.to_lowercase() == folded);
        if is_taken { Err(CatalogError::NameTaken(name.to_owned())) } else { Ok(()) }
    }
}

/// Names of the settings that differ, as `privacy.mask_ip, capture_percent`; their values may be personal.
fn changes(before: &Application, after: &Application) -> String {
    let as_json = |a: &Application| serde_json::to_value(a).unwrap_or_default();
    let (before, after) = (as_json(before), as_json(after));
    let mut names = Vec::new();
    for (name, value) in after.as_object().into_iter().flatten() {
        let old = before.get(name);
        match (value.as_object(), old.and_then(serde_json::Value::as_object)) {
            (Some(new), Some(old)) => names.extend(
                new.iter()
                    .filter(|(key, value)| old.get(*key) != Some(value))
                    .map(|(key, _)| format!("{name}.{key}")),
            ),
            _ if name != "revision" && old != Some(value) => names.push(name.clone()),
            _ => {}
        }
    }
    if names.is_empty() { "nothing changed".to_owned() } else { names.join(", ") }
}

/// Refuses a write by somebody who had seen another revision.
pub(super) fn check_revision(expected: u32, found: u32) -> Result<(), CatalogError> {
    if expected == found { Ok(()) } else { Err(CatalogError::Conflict { expected, found }) }
}

fn write_rules(txn: &redb::WriteTransaction, rules: &[&DetectionRule]) -> Result<(), CatalogError> {
    let mut table = txn.open_table(schema::DETECTION_RULE_BY_PLACE)?;
    table.retain(|_, _| false)?;
    for (place, rule) in (0u64..).zip(rules) {
        table.insert(place, codec::encode(rule)?.as_slice())?;
    }
    Ok(())
}
