//! What an application does not capture is dropped here as well: browsers keep tags for days, and some pages carry a copy
//! of the agent that never asks for settings.

use crate::model::application::CaptureSettings;
use crate::model::beacon::{BeaconAction, BeaconEventKind};
use crate::model::error_report::{ErrorKind, ErrorReport};

/// Whether an event is captured.
pub fn wants(capture: &CaptureSettings, kind: &BeaconEventKind) -> bool {
    match kind {
        BeaconEventKind::Error(report) => wants_error(capture, report),
        BeaconEventKind::Vitals { .. } => capture.web_vitals,
        BeaconEventKind::RageClick { .. } | BeaconEventKind::DeadClick { .. } => capture.clicks,
        _ => true,
    }
}

/// Takes out of an action what is not captured.
pub fn strip(capture: &CaptureSettings, action: &mut BeaconAction) {
    action.errors.retain(|report| wants_error(capture, report));
    if capture.resources {
        action.resources.retain(|row| !is_skipped(capture, &row.url));
    } else {
        action.resources.clear();
        action.resource_sums.clear();
    }
}

fn wants_error(capture: &CaptureSettings, report: &ErrorReport) -> bool {
    match report.kind {
        ErrorKind::Javascript => capture.javascript_errors,
        ErrorKind::Request => capture.request_errors && !is_skipped(capture, &report.url),
        ErrorKind::Custom => true,
    }
}

fn is_skipped(capture: &CaptureSettings, url: &str) -> bool {
    capture.request_skip.iter().any(|part| url.contains(part.as_str()))
}

#[cfg(test)]
#[path = "captured_tests.rs"]
mod tests;
