//! The fate of a beacon: every one gets exactly one outcome.

use serde::{Deserialize, Serialize};

macro_rules! outcomes {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $text:literal, $status:literal;)+) => {
        /// What became of a beacon.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
        #[serde(rename_all = "snake_case")]
        #[repr(u8)]
        pub enum Outcome { $($(#[$doc])* $name = $code,)+ }

        impl Outcome {
            /// All outcomes.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// Name in metrics, API and pages.
            #[must_use]
            pub const fn name(self) -> &'static str { match self { $(Self::$name => $text,)+ } }

            /// HTTP status of the answer.
            #[must_use]
            pub const fn status(self) -> u16 { match self { $(Self::$name => $status,)+ } }

            /// The outcome with this code, as stored.
            #[must_use]
            pub const fn from_code(code: u8) -> Option<Self> {
                match code { $($code => Some(Self::$name),)+ _ => None }
            }
        }
    };
}

outcomes! {
    /// On disk.
    Accepted = 0, "accepted", 204;
    /// Seen before: a resend of a beacon that is on disk.
    Duplicate = 1, "duplicate", 204;
    /// The session is not in the captured percentage.
    Sampled = 2, "sampled", 204;
    /// Body is not JSON of a known version.
    Malformed = 3, "malformed", 400;
    /// Version of the beacon is not known.
    UnknownVersion = 4, "unknown_version", 400;
    /// Body is too large on the wire or after inflating.
    TooLarge = 5, "too_large", 413;
    /// More events than a beacon may carry.
    TooManyEvents = 6, "too_many_events", 413;
    /// Content encoding is neither gzip, deflate nor identity, or more than one.
    UnsupportedEncoding = 7, "unsupported_encoding", 415;
    /// Compressed body is broken.
    BadEncoding = 8, "bad_encoding", 400;
    /// No such application.
    UnknownApplication = 9, "unknown_application", 404;
    /// Application is switched off.
    Disabled = 10, "disabled", 403;
    /// Origin is not allowed for this application.
    ForbiddenOrigin = 11, "forbidden_origin", 403;
    /// Too many beacons from this address.
    AddressRate = 12, "address_rate", 429;
    /// Too many beacons for this application.
    ApplicationRate = 13, "application_rate", 429;
    /// The pipeline is behind.
    QueueFull = 14, "queue_full", 503;
    /// The store does not take writes.
    StoreUnavailable = 15, "store_unavailable", 503;
    /// The server is stopping.
    Stopping = 16, "stopping", 503;
    /// The body did not arrive in time or broke off.
    Incomplete = 17, "incomplete", 400;
    /// All events are older than what is believed.
    TooOld = 18, "too_old", 400;
    /// The address of the visitor is excluded for this application.
    ExcludedAddress = 19, "excluded_address", 204;
    /// The browser is excluded for this application.
    ExcludedBrowser = 20, "excluded_browser", 204;
    /// Robots are excluded for this application.
    ExcludedRobot = 21, "excluded_robot", 204;
}
