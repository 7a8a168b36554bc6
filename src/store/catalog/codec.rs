//! Record bytes: `version | compression | postcard`.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::CatalogError;

/// Version of all records of the catalog so far.
pub(super) const VERSION: u8 = 1;
/// The rest is not compressed: records of the catalog are few.
const PLAIN: u8 = 0;

/// Encodes a record.
pub fn encode<T: Serialize>(record: &T) -> Result<Vec<u8>, CatalogError> {
    postcard::to_extend(record, vec![VERSION, PLAIN])
        .map_err(|_| CatalogError::Damaged("cannot be encoded"))
}

/// Decodes a record.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, CatalogError> {
    match bytes {
        [VERSION, PLAIN, rest @ ..] => {
            postcard::from_bytes(rest).map_err(|_| CatalogError::Damaged("does not decode"))
        }
        _ => Err(CatalogError::Damaged("unknown version")),
    }
}
