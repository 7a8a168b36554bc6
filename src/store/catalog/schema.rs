//! Every table of the catalog: name, key, value.

use redb::TableDefinition;

/// Application by id.
pub const APPLICATION_BY_ID: TableDefinition<u64, &[u8]> =
    TableDefinition::new("application_by_id");
/// Detection rule by place in the ordered list.
pub const DETECTION_RULE_BY_PLACE: TableDefinition<u64, &[u8]> =
    TableDefinition::new("detection_rule_by_place");
/// Account by id.
pub const ACCOUNT_BY_ID: TableDefinition<u64, &[u8]> = TableDefinition::new("account_by_id");
/// Sign-in by BLAKE3 of the secret in the cookie.
pub const SIGN_IN_BY_HASH: TableDefinition<&[u8], &[u8]> = TableDefinition::new("sign_in_by_hash");
/// API token by id.
pub const TOKEN_BY_ID: TableDefinition<u64, &[u8]> = TableDefinition::new("token_by_id");
/// Saved segment by id.
pub const SEGMENT_BY_ID: TableDefinition<u64, &[u8]> = TableDefinition::new("segment_by_id");
/// Audit line by number, from 1; only ever appended.
pub const AUDIT_BY_NUMBER: TableDefinition<u64, &[u8]> = TableDefinition::new("audit_by_number");
/// Setting by name, as bytes.
pub const SETTING_BY_NAME: TableDefinition<&[u8], &[u8]> = TableDefinition::new("setting_by_name");
/// Last number given out, by kind of thing, so that no id is ever given twice.
pub const LAST_ID_BY_KIND: TableDefinition<&[u8], u64> = TableDefinition::new("last_id_by_kind");
/// Code of the agent by version and digest, as text.
pub const AGENT_BY_NAME: TableDefinition<&[u8], &[u8]> = TableDefinition::new("agent_by_name");
