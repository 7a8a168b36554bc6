//! What is known of the browser and the person behind a session.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

/// Form of the device.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum DeviceType {
    /// Desktop or laptop.
    Desktop,
    /// Phone.
    Phone,
    /// Tablet.
    Tablet,
    /// Television, console, car and the like.
    Other,
    /// Cannot be told.
    #[default]
    Unknown,
}

impl DeviceType {
    /// The word that the filter language and answers have for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Desktop => "desktop",
            Self::Phone => "phone",
            Self::Tablet => "tablet",
            Self::Other => "other",
            Self::Unknown => "unknown",
        }
    }
}

/// Browser, operating system and device, told from the user agent.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Client {
    /// Browser family, as `Firefox`.
    pub browser: String,
    /// Browser version, as `144.0`.
    pub browser_version: String,
    /// Operating system family, as `Windows`.
    pub os: String,
    /// Operating system version.
    pub os_version: String,
    /// Device model, as `iPhone`.
    pub device: String,
    /// Form of the device.
    pub device_type: DeviceType,
    /// Whether it is a robot, and which.
    pub robot: Option<String>,
}

/// Where a visitor is, looked up from the masked address.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Place {
    /// ISO 3166-1 alpha-2 code, upper case; empty when unknown.
    pub country: String,
    /// Region.
    pub region: String,
    /// City.
    pub city: String,
    /// Internet provider.
    pub isp: String,
}

/// What the page tells of the visitor's machine.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Environment {
    /// Screen, as `1920x1080`.
    pub screen: String,
    /// Viewport, as `1440x900`.
    pub viewport: String,
    /// Language, as `de-AT`.
    pub language: String,
    /// Time zone, as `Europe/Vienna`.
    pub time_zone: String,
    /// Effective connection type, as `4g`.
    pub connection: String,
    /// Version of our agent.
    pub agent_version: String,
}

/// All that enriching adds to a beacon; nothing in here is unmasked.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Visit {
    /// Browser, OS, device, robot verdict.
    pub client: Client,
    /// Place.
    pub place: Place,
    /// Masked address; `None` when it is not kept.
    pub ip: Option<IpAddr>,
    /// Screen, language and so on.
    pub environment: Environment,
}
