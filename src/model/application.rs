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

/// What becomes of visitors whose browser asks not to be tracked (Do Not Track, Global Privacy Control).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DoNotTrack {
    /// The wish is not looked at.
    #[default]
    Ignore,
    /// Nothing is captured.
    Nothing,
    /// Captured without storage in the browser, user tag and properties.
    Anonymous,
}

/// Privacy settings of an application.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own on a page")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PrivacySettings {
    /// Mask the last octet of IPv4 and the last 80 bits of IPv6 (default yes).
    pub mask_ip: bool,
    /// Replace e-mail addresses, cards, IBANs, UUIDs, IP addresses and long numbers in URLs and texts (default no).
    pub mask_personal_data: bool,
    /// Names of query parameters whose values are kept; all others read `<masked>` (default none).
    pub query_allow: Vec<String>,
    /// Names of query parameters whose values are dropped in the page already; wins over `query_allow` (default none).
    pub query_drop: Vec<String>,
    /// Replace captions in action names by element names (default no).
    pub mask_captions: bool,
    /// User tags.
    pub user_tag: UserTagPrivacy,
    /// Place.
    pub place: PlacePrivacy,
    /// Nothing is stored in the browser and nothing sent before the page tells of consent (default no).
    pub opt_in: bool,
    /// Do Not Track and Global Privacy Control (default ignored).
    pub do_not_track: DoNotTrack,
    /// No cookie and no storage: a visitor is known as long as the page lives (default no).
    pub cookieless: bool,
}

impl Default for PrivacySettings {
    fn default() -> Self {
        Self {
            mask_ip: true,
            mask_personal_data: false,
            query_allow: Vec::new(),
            query_drop: Vec::new(),
            mask_captions: false,
            user_tag: UserTagPrivacy::Keep,
            place: PlacePrivacy::Full,
            opt_in: false,
            do_not_track: DoNotTrack::Ignore,
            cookieless: false,
        }
    }
}

/// What a property belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PropertyScope {
    /// Each user action.
    #[default]
    Action,
    /// The whole session; the last value wins.
    Session,
}

/// A rule by which the agent reads a property from the page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PropertyRule {
    /// Key, 1 to 64 of `a-z`, `A-Z`, `0-9`, `.`, `_` and `-`.
    pub key: String,
    /// What it belongs to.
    pub scope: PropertyScope,
    /// Where to look.
    pub source: PageSource,
    /// Selector, path or name.
    pub expression: String,
    /// Regular expression whose first group is the value; empty takes all of it.
    pub cleanup: String,
}

/// What the agent captures.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own on a page")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CaptureSettings {
    /// JavaScript errors (default yes).
    pub javascript_errors: bool,
    /// Failed requests, images, scripts and styles (default yes).
    pub request_errors: bool,
    /// Largest contentful paint, interaction to next paint, layout shift (default yes).
    pub web_vitals: bool,
    /// Rage clicks and dead clicks (default yes).
    pub clicks: bool,
    /// Resources of actions, for the waterfall (default yes).
    pub resources: bool,
    /// Resources of an action that are kept whole (default 30, at most 100).
    pub resources_max: u8,
    /// Whether requests and timers after an input belong to its action (default yes).
    pub follow_async: bool,
    /// Parts of addresses of requests that are never recorded; at most 50.
    pub request_skip: Vec<String>,
}

impl Default for CaptureSettings {
    fn default() -> Self {
        Self {
            javascript_errors: true,
            request_errors: true,
            web_vitals: true,
            clicks: true,
            resources: true,
            resources_max: 30,
            follow_async: true,
            request_skip: Vec::new(),
        }
    }
}

/// Which versions of a browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BrowserVersions {
    /// All of them.
    #[default]
    All,
    /// This one and older ones.
    UpTo,
    /// This one.
    Exactly,
    /// This one and newer ones.
    From,
}

/// A browser whose visits are not wanted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct BrowserExclusion {
    /// Family, as `Internet Explorer`; letter case does not matter.
    pub browser: String,
    /// Which versions.
    pub versions: BrowserVersions,
    /// Major version; not looked at for all versions.
    pub version: u32,
}

/// Visits that are dropped when they arrive: nothing of them is written.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Exclusions {
    /// Browsers; at most 50.
    pub browsers: Vec<BrowserExclusion>,
    /// Robots (default no: they are captured, and told apart).
    pub robots: bool,
    /// Addresses of visitors: `192.0.2.7`, `192.0.2.0/24`, `192.0.2.1-192.0.2.9`, also IPv6; at most 100.
    pub addresses: Vec<String>,
}

impl Exclusions {
    /// Whether nothing is excluded.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.browsers.is_empty() && !self.robots && self.addresses.is_empty()
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
    /// How the agent finds properties; at most 50.
    pub property_rules: Vec<PropertyRule>,
    /// What is captured.
    pub capture: CaptureSettings,
    /// What is dropped.
    pub exclusions: Exclusions,
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
            property_rules: Vec::new(),
            capture: CaptureSettings::default(),
            exclusions: Exclusions::default(),
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
