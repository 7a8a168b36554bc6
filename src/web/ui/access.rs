//! Signing in, and the own account.

use serde::Serialize;

use super::parts::Form;

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
    /// Password.
    pub password: Form,
}
