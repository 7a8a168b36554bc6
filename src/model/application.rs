//! An application: what is monitored as one unit, and its settings.

use serde::{Deserialize, Serialize};

use crate::base::id::ApplicationId;
use crate::base::time::{Millis, Timestamp};

/// What kind of thing an application is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ApplicationKind {
    /// A web application: our agent runs in its pages.
    #[default]
    Web,
    /// A mobile application.
    Mobile,
    /// A thick client or device.
    Custom,
}

/// Apdex thresholds of one action kind: satisfied up to the first, tolerating up to the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ApdexThreshold {
    /// Satisfied up to and including this duration.
    #[schema(value_type = u32)]
    pub satisfied: Millis,
    /// Tolerating up to and including this duration; frustrated above.
    #[schema(value_type = u32)]
    pub tolerating: Millis,
}

impl Default for ApdexThreshold {
    fn default() -> Self {
        Self { satisfied: Millis::secs(3), tolerating: Millis::secs(15) }
    }
}

/// Apdex thresholds for each action kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ApdexSettings {
    /// Page loads.
    pub load: ApdexThreshold,
    /// XHR actions.
    pub xhr: ApdexThreshold,
    /// Custom actions.
    pub custom: ApdexThreshold,
}

/// When a session ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct SessionRules {
    /// Idle time after which a session is over (default 35 min).
    #[schema(value_type = u32)]
    pub idle: Millis,
    /// Longest session (default 8 h).
    #[schema(value_type = u32)]
    pub duration_max: Millis,
    /// User actions of one part; the next one opens the next part (default 200).
    pub actions_max: u32,
    /// Whether a different person signing in begins a new session (default yes).
    pub split_on_user_change: bool,
}

impl Default for SessionRules {
    fn default() -> Self {
        Self {
            idle: Millis::mins(35),
            duration_max: Millis::hours(8),
            actions_max: 200,
            split_on_user_change: true,
        }
    }
}

/// Where the agent reads a user tag from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PageSource {
    /// Text of the first element that matches a CSS selector; `selector@name` reads an attribute.
    CssSelector,
    /// A JavaScript variable by path, as in `app.user.name`.
    JavascriptVariable,
    /// Content of a `meta` element by name.
    MetaTag,
    /// A cookie by name.
    Cookie,
    /// A query string parameter by name.
    QueryString,
}

/// A rule by which the agent reads the user tag from the page. Rules are tried in order; the first value wins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct UserTagRule {
    /// Where to look.
    pub source: PageSource,
    /// Selector, path or name.
    pub expression: String,
    /// Regular expression whose first group is the tag, as in `Welcome (.*)`; empty takes all of it.
    pub cleanup: String,
}

/// What happens to user tags before they are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum UserTagPrivacy {
    /// Kept as given.
    #[default]
    Keep,
    /// Replaced by a keyed hash: still one person, no longer a name.
    Hash,
    /// Not kept.
    Drop,
}

/// How much of the place is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PlacePrivacy {
    /// As exact as the database is.
    #[default]
    Full,
    /// Country only.
    Country,
    /// Not kept.
    None,
}

/// Privacy settings of an application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PrivacySettings {
    /// Mask the last octet of IPv4 and the last 80 bits of IPv6 (default yes).
    pub mask_ip: bool,
    /// Replace e-mail addresses, cards, IBANs, UUIDs, IP addresses and long numbers in URLs and texts (default no).
    pub mask_personal_data: bool,
    /// Names of query parameters whose values are kept; all others read `<masked>` (default none).
    pub query_allow: Vec<String>,
    /// Replace captions in action names by element names (default no).
    pub mask_captions: bool,
    /// User tags.
    pub user_tag: UserTagPrivacy,
    /// Place.
    pub place: PlacePrivacy,
}

impl Default for PrivacySettings {
    fn default() -> Self {
        Self {
            mask_ip: true,
            mask_personal_data: false,
            query_allow: Vec::new(),
            mask_captions: false,
            user_tag: UserTagPrivacy::Keep,
            place: PlacePrivacy::Full,
        }
    }
}

/// What is monitored as one unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Application {
    /// Id, also in the address of its agent.
    #[schema(value_type = String)]
    pub id: ApplicationId,
    /// Unique name, 1 to 100 characters.
    pub name: String,
    /// Kind.
    pub kind: ApplicationKind,
    /// When it was made.
    #[schema(value_type = String)]
    pub created_at: Timestamp,
    /// Whether beacons are taken (default yes).
    pub enabled: bool,
    /// Percent of sessions that are captured, whole sessions (default 100).
    pub capture_percent: u8,
    /// Apdex thresholds.
    pub apdex: ApdexSettings,
    /// When a session ends.
    pub session: SessionRules,
    /// How the agent finds the user tag; at most 20.
    pub user_tag_rules: Vec<UserTagRule>,
    /// Origins from which beacons are taken; empty takes all. `https://shop.example.com`, or `*.example.com`.
    pub allowed_origins: Vec<String>,
    /// Privacy.
    pub privacy: PrivacySettings,
    /// Resources of an action that are kept whole (default 30, at most 100).
    pub resources_max: u8,
    /// Increases with every change: the `ETag` of this application.
    pub revision: u32,
}

impl Application {
    /// A new application with default settings.
    #[must_use]
    pub fn new(id: ApplicationId, name: &str, now: Timestamp) -> Self {
        Self {
            id,
            name: name.to_owned(),
            kind: ApplicationKind::Web,
            created_at: now,
            enabled: true,
            capture_percent: 100,
            apdex: ApdexSettings::default(),
            session: SessionRules::default(),
            user_tag_rules: Vec::new(),
            allowed_origins: Vec::new(),
            privacy: PrivacySettings::default(),
            resources_max: 30,
            revision: 1,
        }
    }
}

/// What a detection rule looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DetectionTarget {
    /// The host name.
    #[default]
    Domain,
    /// `scheme://host:port/path?query`, without default port and fragment.
    Url,
}

/// How a detection rule compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DetectionOperator {
    /// Is the pattern.
    Equals,
    /// Starts with the pattern.
    StartsWith,
    /// Ends with the pattern.
    EndsWith,
    /// Contains the pattern.
    Contains,
    /// Is the domain or one of its subdomains (domain only).
    #[default]
    Matches,
}

/// One rule of the ordered list that gives traffic to applications; the first match wins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct DetectionRule {
    /// Where matching traffic goes.
    #[schema(value_type = String)]
    pub application: ApplicationId,
    /// What is looked at.
    pub target: DetectionTarget,
    /// How it is compared.
    pub operator: DetectionOperator,
    /// What it is compared with; letter case does not matter.
    pub pattern: String,
}
