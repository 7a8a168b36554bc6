//! Words for outcomes of beacons.

use crate::model::outcome::Outcome;

/// An outcome, its band, its words, what it means and what to do.
type Words = (Outcome, &'static str, &'static str, &'static str);

#[rustfmt::skip]
const OUTCOMES: &[Words] = &[
    (Outcome::Accepted, "good", "stored", "On disk."),
    (Outcome::Duplicate, "good", "seen before", "Sent again by the browser; nothing is lost or double."),
    (Outcome::Sampled, "good", "sampled out", "The session is not in the captured percentage. See settings, Capture."),
    (Outcome::Malformed, "bad", "malformed", "Not a beacon of our agent."),
    (Outcome::UnknownVersion, "bad", "unknown version", "Sent by an agent of another version. Let browsers load the tag anew."),
    (Outcome::TooLarge, "bad", "too large", "More than a beacon may carry."),
    (Outcome::TooManyEvents, "bad", "too many events", "More events than a beacon may carry."),
    (Outcome::UnsupportedEncoding, "bad", "unsupported encoding", "A proxy on the way may have changed it."),
    (Outcome::BadEncoding, "bad", "broken encoding", "A proxy on the way may have changed it."),
    (Outcome::UnknownApplication, "bad", "unknown application", "The id in the tag is not known here. Copy the line anew."),
    (Outcome::Disabled, "fair", "switched off", "The application takes no beacons. See settings, General."),
    (Outcome::ForbiddenOrigin, "bad", "origin not allowed", "The page comes from an origin that is not listed. See settings, Allowed origins."),
    (Outcome::AddressRate, "fair", "too fast for one address", "Browsers send it again later. Is a proxy in front? Then name it as trusted."),
    (Outcome::ApplicationRate, "fair", "too fast for the application", "Browsers send it again later. Raise the rate in the configuration."),
    (Outcome::QueueFull, "fair", "server busy", "Browsers send it again later."),
    (Outcome::StoreUnavailable, "bad", "no room to store", "Browsers send it again later. Check the disk of the server."),
    (Outcome::Stopping, "fair", "server stopping", "Browsers send it again later."),
    (Outcome::Incomplete, "fair", "incomplete", "The connection broke off."),
    (Outcome::TooOld, "fair", "too old", "Older than a day; the clock of the device may be wrong."),
    (Outcome::ExcludedAddress, "good", "address excluded", "Dropped because of the visitor's address. See settings, Capture."),
    (Outcome::ExcludedBrowser, "good", "browser excluded", "Dropped because of the visitor's browser. See settings, Capture."),
    (Outcome::ExcludedRobot, "good", "robot excluded", "Dropped because robots are not wanted here. See settings, Capture."),
];

/// Band, words, and what an outcome means.
#[must_use]
pub fn outcome(outcome: Outcome) -> (&'static str, &'static str, &'static str) {
    OUTCOMES
        .iter()
        .find(|(own, ..)| *own == outcome)
        .map_or(("", "", ""), |(_, band, label, text)| (*band, *label, *text))
}

#[cfg(test)]
#[path = "outcomes_tests.rs"]
mod tests;
