//! Settings of the install that are edited in the product.

use redb::ReadableTable;

use super::audit::{self, Author};
use super::database::Catalog;
use super::error::CatalogError;
use super::schema;

/// A setting of the install.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Setting {
    /// `yes` once the first-run wizard is through.
    SetUpDone,
    /// Secret key of keyed hashes; never shown.
    InstallKey,
}

impl Setting {
    /// All settings.
    pub const ALL: &'static [Self] = &[Self::SetUpDone, Self::InstallKey];

    /// Name in the file and the API.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::SetUpDone => "set_up_done",
            Self::InstallKey => "install_key",
        }
    }
}

impl Catalog {
    /// A setting as text; `None` when it was never set.
    pub fn setting(&self, setting: Setting) -> Result<Option<String>, CatalogError> {
        self.read(|txn| {
            let table = txn.open_table(schema::SETTING_BY_NAME)?;
            let value = table.get(setting.name().as_bytes())?;
            value
                .map(|v| {
                    String::from_utf8(v.value().to_vec())
                        .map_err(|_| CatalogError::Damaged("setting is not text"))
                })
                .transpose()
        })
    }

    /// Sets a setting.
    pub fn put_setting(
        &self,
        setting: Setting,
        value: &str,
        author: &Author,
    ) -> Result<(), CatalogError> {
        self.write(|txn| {
            txn.open_table(schema::SETTING_BY_NAME)?
                .insert(setting.name().as_bytes(), value.as_bytes())?;
            let detail = if setting == Setting::InstallKey { "" } else { value };
            audit::append(txn, author, "setting.update", setting.name(), detail)
        })
    }

    /// The secret key of this install for keyed hashes; `fresh` becomes it when there is none yet.
    pub fn install_key(&self, fresh: [u8; 32]) -> Result<[u8; 32], CatalogError> {
        self.write(|txn| {
            let mut table = txn.open_table(schema::SETTING_BY_NAME)?;
            let name = Setting::InstallKey.name().as_bytes();
            let known = table.get(name)?.map(|v| v.value().to_vec());
            if let Some(bytes) = known {
                return bytes
                    .try_into()
                    .map_err(|_| CatalogError::Damaged("install key is not 32 bytes long"));
            }
            table.insert(name, fresh.as_slice())?;
            Ok(fresh)
        })
    }
}
