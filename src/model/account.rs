//! People with an account in this product, their roles, tokens and what they did.

use serde::{Deserialize, Serialize};

use crate::base::id::{AccountId, TokenId};
use crate::base::time::Timestamp;

/// What an account may do; each role includes the ones before it.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Default,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Sees masked data.
    #[default]
    Viewer,
    /// Also keeps searches, exports.
    Analyst,
    /// Also changes applications and rules.
    Editor,
    /// Also accounts, tokens, audit.
    Admin,
}

/// A person with an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Id.
    pub id: AccountId,
    /// Unique name for signing in, 1 to 64 characters.
    pub name: String,
    /// Role.
    pub role: Role,
    /// May see unmasked data.
    pub sees_unmasked: bool,
    /// argon2id, PHC string.
    pub password_hash: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// Failed sign-ins in a row.
    pub failures: u32,
    /// When the last of them was.
    pub failed_at: Timestamp,
    /// Theme: empty follows the system, `light`, `dark`.
    pub theme: String,
    /// IANA time zone in which pages show times; empty uses the server's.
    pub time_zone: String,
    /// Increases with every change: the `ETag`.
    pub revision: u32,
}

/// A sign-in: the cookie holds the secret, the store its hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignIn {
    /// Whose.
    pub account: AccountId,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub used_at: Timestamp,
}

/// A key for programs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiToken {
    /// Id.
    pub id: TokenId,
    /// What it is for.
    pub name: String,
    /// Who made it.
    pub account: AccountId,
    /// Scopes, as `sessions:read`.
    pub scopes: Vec<String>,
    /// BLAKE3 of the secret.
    pub secret_hash: [u8; 32],
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// One line of the audit log: who wrote what, when, from where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// When.
    pub at: Timestamp,
    /// Account or token name; `setup` or `command line` before there is one.
    pub actor: String,
    /// Masked address.
    pub from: String,
    /// Verb and thing, as `application.update`.
    pub action: String,
    /// Which one.
    pub target: String,
    /// What changed, without secrets.
    pub detail: String,
}
