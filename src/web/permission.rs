//! Permissions: what a route needs, what a role has, what a token may be given.

use crate::model::account::Role;

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $role:ident;)+) => {
        /// One thing that an account or token may do.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Permission { $($(#[$doc])* $name,)+ }

        impl Permission {
            /// All permissions.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// Name as scope of a token, in the API and in pages.
            #[must_use]
            pub const fn name(self) -> &'static str { match self { $(Self::$name => $text,)+ } }

            /// The lowest role that has it.
            #[must_use]
            pub const fn role(self) -> Role { match self { $(Self::$name => Role::$role,)+ } }
        }
    };
}

permissions! {
    /// See applications and their health.
    ReadApplications = "applications:read", Viewer;
    /// See sessions, masked unless the account sees unmasked data.
    ReadSessions = "sessions:read", Viewer;
    /// Take lists out as CSV or NDJSON.
    ExportSessions = "sessions:export", Analyst;
    /// Keep segments of sessions under a name, for oneself or for all.
    WriteSegments = "segments:write", Analyst;
    /// Change applications.
    WriteApplications = "applications:write", Editor;
    /// See detection rules.
    ReadRules = "rules:read", Viewer;
    /// Change detection rules.
    WriteRules = "rules:write", Editor;
    /// See accounts.
    ReadAccounts = "accounts:read", Admin;
    /// Change accounts.
    WriteAccounts = "accounts:write", Admin;
    /// See tokens.
    ReadTokens = "tokens:read", Admin;
    /// Make and remove tokens.
    WriteTokens = "tokens:write", Admin;
    /// Read the audit log.
    ReadAudit = "audit:read", Admin;
    /// See unmasked data: given to single accounts, never by role.
    ReadUnmasked = "unmasked:read", Admin;
}

impl Permission {
    /// The permission with a name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|p| p.name() == name)
    }

    const fn bit(self) -> u32 {
        1 << (self as u32)
    }
}

/// A set of permissions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Permissions(u32);

impl Permissions {
    /// What an account may do.
    #[must_use]
    pub fn of(role: Role, sees_unmasked: bool) -> Self {
        Self::collect(Permission::ALL.iter().copied().filter(|p| match p {
            Permission::ReadUnmasked => sees_unmasked,
            other => role >= other.role(),
        }))
    }

    /// A set of the given ones.
    pub fn collect(permissions: impl IntoIterator<Item = Permission>) -> Self {
        Self(permissions.into_iter().fold(0, |bits, p| bits | p.bit()))
    }

    /// What is in both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Whether it is in the set.
    #[must_use]
    pub const fn has(self, permission: Permission) -> bool {
        self.0 & permission.bit() != 0
    }

    /// Names, in fixed order.
    #[must_use]
    pub fn names(self) -> Vec<&'static str> {
        Permission::ALL.iter().filter(|p| self.has(**p)).map(|p| p.name()).collect()
    }
}

/// Who may use a route at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody.
    Public,
    /// Anybody, and only as long as there is no account.
    SetUp,
    /// Everybody who is signed in with a cookie: what concerns oneself.
    SelfOnly,
    /// Everybody who is signed in, by cookie or token.
    SignedIn,
    /// Those with a permission.
    Needs(Permission),
}
