//! The fields of the filter language: names, kinds, what they mean.

use serde::{Deserialize, Serialize};

/// Fields of sessions.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Field {
    /// `user`: user tag.
    User,
    /// `user.type`: real, robot or synthetic.
    UserType,
    /// `user.new`: first session of this browser.
    UserNew,
    /// `visitor`: id of the browser.
    Visitor,
    /// `session`: id of the session.
    Session,
    /// `app`: application by name or id.
    App,
    /// `browser`: browser family.
    Browser,
    /// `browser.version`: browser version.
    BrowserVersion,
    /// `os`: operating system.
    Os,
    /// `os.version`: version of the operating system.
    OsVersion,
    /// `device`: device model.
    Device,
    /// `device.type`: form of the device.
    DeviceType,
    /// `country`: two-letter country code.
    Country,
    /// `region`: region.
    Region,
    /// `city`: city.
    City,
    /// `isp`: internet provider.
    Isp,
    /// `ip`: masked address.
    Ip,
    /// `screen`: screen size, as 1920x1080.
    Screen,
    /// `language`: language, as de-AT.
    Language,
    /// `connection`: connection type, as 4g.
    Connection,
    /// `release`: release of the application.
    Release,
    /// `entry`: page of the first action.
    Entry,
    /// `exit`: page of the last action.
    Exit,
    /// `page`: any page of the session.
    Page,
    /// `action`: name of a user action, or words of it.
    Action,
    /// `error`: error message, or words of it.
    Error,
    /// `error.type`: kind of an error.
    ErrorType,
    /// `error.app`: application in which an error happened.
    ErrorApp,
    /// `referrer`: where the visitor came from.
    Referrer,
    /// `campaign`: campaign of the first page load.
    Campaign,
    /// `live`: still open.
    Live,
    /// `bounce`: at most one user action.
    Bounce,
    /// `end`: why it ended.
    End,
    /// `ux`: how the session felt.
    Experience,
    /// `duration`: from first to last action, as 5m.
    Duration,
    /// `actions`: number of user actions.
    Actions,
    /// `errors`: number of errors.
    Errors,
    /// `rage`: number of rage clicks.
    Rage,
    /// `counted`: counts toward the license.
    Counted,
    /// `prop.name`: a property of the session.
    Property(String),
}

/// What values a field takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// Any text, compared folded.
    Text,
    /// Long text: whole, or words that follow each other.
    Words,
    /// A whole id.
    Id,
    /// One of some words.
    Choice(&'static [&'static str]),
    /// `yes` or `no`.
    YesNo,
    /// A whole number.
    Number,
    /// A span of time.
    Duration,
    /// A property: text or number.
    Property,
}

/// One field as a person meets it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldInfo {
    /// Field.
    pub field: Field,
    /// Name that is printed.
    pub name: &'static str,
    /// Other names that are understood.
    pub aliases: &'static [&'static str],
    /// Kind of its values.
    pub kind: FieldKind,
    /// Group in lists of fields.
    pub group: &'static str,
    /// What it means, in a few words.
    pub help: &'static str,
}

/// All fields but properties, which are `prop.` and a key.
pub const FIELDS: &[FieldInfo] = &[
    FieldInfo {
        field: Field::User,
        name: "user",
        aliases: &["user.tag", "tag"],
        kind: FieldKind::Text,
        group: "User",
        help: "user tag",
    },
    FieldInfo {
        field: Field::UserType,
        name: "user.type",
        aliases: &["usertype"],
        kind: FieldKind::Choice(&["real", "robot", "synthetic"]),
        group: "User",
        help: "real, robot or synthetic",
    },
    FieldInfo {
        field: Field::UserNew,
        name: "user.new",
        aliases: &["new"],
        kind: FieldKind::YesNo,
        group: "User",
        help: "first session of this browser",
    },
    FieldInfo {
        field: Field::Visitor,
        name: "visitor",
        aliases: &["user.key"],
        kind: FieldKind::Id,
        group: "User",
        help: "id of the browser",
    },
    FieldInfo {
        field: Field::Session,
        name: "session",
        aliases: &["id"],
        kind: FieldKind::Id,
        group: "Session",
        help: "id of the session",
    },
    FieldInfo {
        field: Field::App,
        name: "app",
        aliases: &["application"],
        kind: FieldKind::Text,
        group: "Application",
        help: "application by name or id",
    },
    FieldInfo {
        field: Field::Browser,
        name: "browser",
        aliases: &["browser.family"],
        kind: FieldKind::Text,
        group: "Browser",
        help: "browser family",
    },
    FieldInfo {
        field: Field::BrowserVersion,
        name: "browser.version",
        aliases: &[],
        kind: FieldKind::Text,
        group: "Browser",
        help: "browser version",
    },
    FieldInfo {
        field: Field::Os,
        name: "os",
        aliases: &["os.family"],
        kind: FieldKind::Text,
        group: "System",
        help: "operating system",
    },
    FieldInfo {
        field: Field::OsVersion,
        name: "os.version",
        aliases: &[],
        kind: FieldKind::Text,
        group: "System",
        help: "version of the operating system",
    },
    FieldInfo {
        field: Field::Device,
        name: "device",
        aliases: &[],
        kind: FieldKind::Text,
        group: "System",
        help: "device model",
    },
    FieldInfo {
        field: Field::DeviceType,
        name: "device.type",
        aliases: &["browser.type"],
        kind: FieldKind::Choice(&["desktop", "phone", "tablet", "other", "unknown"]),
        group: "System",
        help: "form of the device",
    },
    FieldInfo {
        field: Field::Country,
        name: "country",
        aliases: &[],
        kind: FieldKind::Text,
        group: "Place",
        help: "two-letter country code",
    },
    FieldInfo {
        field: Field::Region,
        name: "region",
        aliases: &[],
        kind: FieldKind::Text,
        group: "Place",
        help: "region",
    },
    FieldInfo {
        field: Field::City,
        name: "city",
        aliases: &[],
        kind: FieldKind::Text,
        group: "Place",
        help: "city",
    },
    FieldInfo {
        field: Field::Isp,
        name: "isp",
        aliases: &["provider"],
        kind: FieldKind::Text,
        group: "Place",
        help: "internet provider",
    },
    FieldInfo {
        field: Field::Ip,
        name: "ip",
        aliases: &[],
        kind: FieldKind::Text,
        group: "Place",
        help: "masked address",
    },
    FieldInfo {
        field: Field::Screen,
        name: "screen",
        aliases: &[],
        kind: FieldKind::Text,
        group: "Browser",
        help: "screen size, as 1920x1080",
    },
    FieldInfo {
        field: Field::Language,
        name: "language",
        aliases: &["lang"],
        kind: FieldKind::Text,
        group: "Browser",
        help: "language, as de-AT",
    },
    FieldInfo {
        field: Field::Connection,
        name: "connection",
        aliases: &[],
        kind: FieldKind::Text,
        group: "Browser",
        help: "connection type, as 4g",
    },
    FieldInfo {
        field: Field::Release,
        name: "release",
        aliases: &["app.version", "version"],
        kind: FieldKind::Text,
        group: "Application",
        help: "release of the application",
    },
    FieldInfo {
        field: Field::Entry,
        name: "entry",
        aliases: &["entry.page"],
        kind: FieldKind::Text,
        group: "Page",
        help: "page of the first action",
    },
    FieldInfo {
        field: Field::Exit,
        name: "exit",
        aliases: &["exit.page"],
        kind: FieldKind::Text,
        group: "Page",
        help: "page of the last action",
    },
    FieldInfo {
        field: Field::Page,
        name: "page",
        aliases: &["path"],
        kind: FieldKind::Text,
        group: "Page",
        help: "any page of the session",
    },
    FieldInfo {
        field: Field::Action,
        name: "action",
        aliases: &["action.name"],
        kind: FieldKind::Words,
        group: "Action",
        help: "name of a user action, or words of it",
    },
    FieldInfo {
        field: Field::Error,
        name: "error",
        aliases: &["error.message"],
        kind: FieldKind::Words,
        group: "Session",
        help: "error message, or words of it",
    },
    FieldInfo {
        field: Field::ErrorType,
        name: "error.type",
        aliases: &[],
        kind: FieldKind::Choice(&["javascript", "request", "custom"]),
        group: "Session",
        help: "kind of an error",
    },
    FieldInfo {
        field: Field::ErrorApp,
        name: "error.app",
        aliases: &[],
        kind: FieldKind::Text,
        group: "Session",
        help: "application in which an error happened, by name or id",
    },
    FieldInfo {
        field: Field::Referrer,
        name: "referrer",
        aliases: &[],
        kind: FieldKind::Text,
        group: "Page",
        help: "where the visitor came from",
    },
    FieldInfo {
        field: Field::Campaign,
        name: "campaign",
        aliases: &["utm.campaign"],
        kind: FieldKind::Text,
        group: "Page",
        help: "campaign of the first page load",
    },
    FieldInfo {
        field: Field::Live,
        name: "live",
        aliases: &[],
        kind: FieldKind::YesNo,
        group: "Session",
        help: "still open",
    },
    FieldInfo {
        field: Field::Bounce,
        name: "bounce",
        aliases: &["bounced"],
        kind: FieldKind::YesNo,
        group: "Session",
        help: "at most one user action",
    },
    FieldInfo {
        field: Field::End,
        name: "end",
        aliases: &["end.reason"],
        kind: FieldKind::Choice(&[
            "timeout",
            "window_closed",
            "duration_limit",
            "action_limit",
            "end_call",
            "user_change",
            "evicted",
        ]),
        group: "Session",
        help: "why it ended",
    },
    FieldInfo {
        field: Field::Experience,
        name: "ux",
        aliases: &["experience"],
        kind: FieldKind::Choice(&["satisfied", "tolerated", "frustrated"]),
        group: "Session",
        help: "how the session felt",
    },
    FieldInfo {
        field: Field::Duration,
        name: "duration",
        aliases: &[],
        kind: FieldKind::Duration,
        group: "Session",
        help: "from first to last action, as 5m",
    },
    FieldInfo {
        field: Field::Actions,
        name: "actions",
        aliases: &["action.count"],
        kind: FieldKind::Number,
        group: "Session",
        help: "number of user actions",
    },
    FieldInfo {
        field: Field::Errors,
        name: "errors",
        aliases: &["error.count"],
        kind: FieldKind::Number,
        group: "Session",
        help: "number of errors",
    },
    FieldInfo {
        field: Field::Rage,
        name: "rage",
        aliases: &["rage.clicks"],
        kind: FieldKind::Number,
        group: "Session",
        help: "number of rage clicks",
    },
    FieldInfo {
        field: Field::Counted,
        name: "counted",
        aliases: &[],
        kind: FieldKind::YesNo,
        group: "Session",
        help: "counts toward the license",
    },
];

impl Field {
    /// What is known of the field; `None` for properties.
    #[must_use]
    pub fn info(&self) -> Option<&'static FieldInfo> {
        FIELDS.iter().find(|info| info.field == *self)
    }

    /// Kind of its values.
    #[must_use]
    pub fn kind(&self) -> FieldKind {
        self.info().map_or(FieldKind::Property, |info| info.kind)
    }

    /// The printed name: `browser.version`, `prop.basket`.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Property(key) => format!("prop.{key}"),
            other => other.info().map_or("", |info| info.name).to_owned(),
        }
    }

    /// The field of a name or alias, in any case.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        let lower = name.to_lowercase();
        if let Some(key) = lower.strip_prefix("prop.").or_else(|| lower.strip_prefix("property.")) {
            return (!key.is_empty()).then(|| Self::Property(key.to_owned()));
        }
        FIELDS
            .iter()
            .find(|info| info.name == lower || info.aliases.contains(&lower.as_str()))
            .map(|info| info.field.clone())
    }
}
