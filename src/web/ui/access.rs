//! Signing in, and the own account.

use serde::Serialize;

use super::parts::Form;

/// The sign-in page.
#[derive(Debug, Clone, Default, Serialize)]
pub struct LoginPage {
    /// Name, password, and where to go then.
    pub form: Form,
}

/// A token of the own account.
#[derive(Debug, Clone, Default, Serialize)]
pub struct OwnToken {
    /// What it is for.
    pub name: String,
    /// Names of its permissions.
    pub permissions: String,
    /// When it ends.
    pub ends: String,
}

/// The own account.
#[derive(Debug, Clone, Default, Serialize)]
pub struct MePage {
    /// Name.
    pub name: String,
    /// Role in words.
    pub role: String,
    /// Whether unmasked data is shown.
    pub sees_unmasked: bool,
    /// Theme and time zone.
    pub preferences: Form,
    /// Whether single keys act.
    pub keys: Form,
    /// Password.
    pub password: Form,
    /// Tokens in the name of the account.
    pub tokens: Vec<OwnToken>,
    /// Whether the role may make tokens.
    pub may_make_tokens: bool,
}
