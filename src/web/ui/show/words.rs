//! Words for what the model knows by name.

use crate::logic::apdex::Rating;
use crate::logic::metering::Explanation;
use crate::model::account::Role;
use crate::model::action::{ActionKind, ApdexZone, ResourceKind};
use crate::model::session::{EndReason, Experience, PageEndKind, Session};
use crate::model::visitor::DeviceType;
use crate::web::ui::parts::Chip;

/// How a session felt.
#[must_use]
pub fn experience(session: &Session) -> Chip {
    match session.experience {
        Experience::Satisfied => Chip::of("good", "Satisfied"),
        Experience::Tolerated => Chip::of("fair", "Tolerated"),
        Experience::Frustrated => Chip::of("bad", "Frustrated"),
        Experience::Undefined => Chip::plain("Live"),
    }
}

/// The zone of an action.
#[must_use]
pub fn zone(zone: ApdexZone) -> Chip {
    match zone {
        ApdexZone::Satisfied => Chip::of("good", "Satisfied"),
        ApdexZone::Tolerating => Chip::of("fair", "Tolerating"),
        ApdexZone::Frustrated => Chip::of("bad", "Frustrated"),
        ApdexZone::Unknown => Chip::plain("No duration"),
    }
}

/// What people call a score.
#[must_use]
pub const fn rating(rating: Rating) -> &'static str {
    match rating {
        Rating::Excellent => "excellent",
        Rating::Good => "good",
        Rating::Fair => "fair",
        Rating::Poor => "poor",
        Rating::Unacceptable => "unacceptable",
    }
}

/// CSS class that fills a shape with the color of a zone.
#[must_use]
pub const fn zone_fill(zone: ApdexZone) -> &'static str {
    match zone {
        ApdexZone::Satisfied => "fill-good",
        ApdexZone::Tolerating => "fill-fair",
        ApdexZone::Frustrated => "fill-bad",
        ApdexZone::Unknown => "fill-none",
    }
}

/// Why a session ended.
#[must_use]
pub const fn ended_by(reason: Option<EndReason>) -> &'static str {
    match reason {
        None => "still live",
        Some(EndReason::Timeout) => "inactivity",
        Some(EndReason::WindowClosed) => "browser window closed",
        Some(EndReason::DurationLimit) => "duration limit",
        Some(EndReason::ActionLimit) => "action limit; the next part goes on",
        Some(EndReason::EndCall) => "endSession() call",
        Some(EndReason::UserChange) => "another person signed in",
        Some(EndReason::Evicted) => "server was full",
    }
}

/// Why a session ended, in a sentence.
#[must_use]
pub const fn ended_by_why(reason: Option<EndReason>) -> &'static str {
    match reason {
        None => "it goes on until one of the end rules holds",
        Some(EndReason::Timeout) => "no action and no sign of life came for the idle time",
        Some(EndReason::WindowClosed) => {
            "the last page of the browser was closed, and no other followed"
        }
        Some(EndReason::DurationLimit) => {
            "it was as long as a session can be; what follows is a new one"
        }
        Some(EndReason::ActionLimit) => "it had as many actions as a session can have",
        Some(EndReason::EndCall) => "the page called endSession()",
        Some(EndReason::UserChange) => "the page said another user tag than before",
        Some(EndReason::Evicted) => {
            "too many sessions were open at once: the one idle for longest was closed"
        }
    }
}

/// Whether and why a session counts.
#[must_use]
pub const fn license(explanation: Explanation) -> &'static str {
    match explanation {
        Explanation::Counted => "counts as 1 session",
        Explanation::Synthetic => "not counted: a monitor",
        Explanation::Robot => "not counted: a robot",
        Explanation::LaterPart => "not counted again: a later part of a session",
        Explanation::Bounce => "not counted: a bounce, at most one user action",
    }
}

/// Form of a device.
#[must_use]
pub const fn device(device: DeviceType) -> &'static str {
    match device {
        DeviceType::Desktop => "Desktop",
        DeviceType::Phone => "Phone",
        DeviceType::Tablet => "Tablet",
        DeviceType::Other => "Other device",
        DeviceType::Unknown => "",
    }
}

/// Icon of an action.
#[must_use]
pub const fn action_icon(kind: ActionKind) -> &'static str {
    match kind {
        ActionKind::PageLoad => "file",
        ActionKind::Xhr => "mouse-pointer",
        ActionKind::Custom => "code",
    }
}

/// Kind of an action.
#[must_use]
pub const fn action_kind(kind: ActionKind) -> &'static str {
    match kind {
        ActionKind::PageLoad => "load",
        ActionKind::Xhr => "XHR",
        ActionKind::Custom => "custom",
    }
}

/// Kind of a resource.
#[must_use]
pub const fn resource(kind: ResourceKind) -> &'static str {
    match kind {
        ResourceKind::Document => "document",
        ResourceKind::Script => "script",
        ResourceKind::Stylesheet => "style",
        ResourceKind::Image => "image",
        ResourceKind::Font => "font",
        ResourceKind::Xhr => "XHR",
        ResourceKind::Fetch => "fetch",
        ResourceKind::Media => "media",
        ResourceKind::Beacon => "beacon",
        ResourceKind::Other => "other",
    }
}

/// How a page was left.
#[must_use]
pub const fn page_end(how: PageEndKind) -> &'static str {
    match how {
        PageEndKind::Navigated => "Went to another page",
        PageEndKind::LeftSite => "Left the site",
        PageEndKind::TabClosed => "Closed a tab",
        PageEndKind::WindowClosed => "Closed the browser window",
        PageEndKind::Closed => "Closed the page",
    }
}

/// What an element shows or brings, by the lower-case name of the element.
#[must_use]
pub fn element(name: &str) -> &'static str {
    match name {
        "img" | "image" | "picture" => "Image",
        "script" => "Script",
        "link" => "Style sheet",
        "video" | "audio" | "source" | "track" => "Media",
        "iframe" | "frame" => "Frame",
        _ => "Part of the page",
    }
}

/// Name of a role.
#[must_use]
pub const fn role(role: Role) -> &'static str {
    match role {
        Role::Viewer => "Viewer",
        Role::Analyst => "Analyst",
        Role::Editor => "Editor",
        Role::Admin => "Administrator",
    }
}
