//! Signing in, and the own account.

use serde::Serialize;

use super::parts::Form;
use super::settings::TokensView;

/// The sign-in page.
#[derive(Debug, Clone, Default, Serialize)]
pub struct LoginPage {
    /// Name, password, and where to go then.
    pub form: Form,
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
    pub tokens: TokensView,
    /// Where those of everybody are; empty when the role does not see them.
    pub all_tokens: &'static str,
}
