//! User actions: something the visitor did, or the page did for them.

use serde::{Deserialize, Serialize};

use super::error_report::ErrorReport;
use crate::base::id::ApplicationId;
use crate::base::time::{Millis, Timestamp};

/// Kind of user action. XHR includes fetch and route changes.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum ActionKind {
    /// Loading of a page.
    #[default]
    PageLoad,
    /// Work after an input or route change.
    Xhr,
    /// Reported by the page through the API.
    Custom,
}

impl ActionKind {
    /// The word that the filter language and answers have for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::PageLoad => "page_load",
            Self::Xhr => "xhr",
            Self::Custom => "custom",
        }
    }
}

/// Where an action lies against its Apdex thresholds.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum ApdexZone {
    /// Fast enough.
    Satisfied,
    /// Slow, but borne.
    Tolerating,
    /// Too slow, or failed.
    Frustrated,
    /// No duration known.
    #[default]
    Unknown,
}

impl ApdexZone {
    /// The word that the filter language and answers have for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Satisfied => "satisfied",
            Self::Tolerating => "tolerating",
            Self::Frustrated => "frustrated",
            Self::Unknown => "unknown",
        }
    }
}

/// Navigation Timing and Resource Timing marks, milliseconds after the start of the action; names are the W3C's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Timings {
    /// Start of redirects.
    pub redirect_start: Option<u32>,
    /// End of redirects.
    pub redirect_end: Option<u32>,
    /// The browser is ready to fetch.
    pub fetch_start: Option<u32>,
    /// Start of the DNS lookup.
    pub domain_lookup_start: Option<u32>,
    /// End of the DNS lookup.
    pub domain_lookup_end: Option<u32>,
    /// Start of the connection.
    pub connect_start: Option<u32>,
    /// Start of TLS.
    pub secure_connection_start: Option<u32>,
    /// Connection stands.
    pub connect_end: Option<u32>,
    /// Request is sent.
    pub request_start: Option<u32>,
    /// First byte of the answer.
    pub response_start: Option<u32>,
    /// Last byte of the answer.
    pub response_end: Option<u32>,
    /// Document is interactive.
    pub dom_interactive: Option<u32>,
    /// Start of `DOMContentLoaded` handlers.
    pub dom_content_loaded_event_start: Option<u32>,
    /// End of `DOMContentLoaded` handlers.
    pub dom_content_loaded_event_end: Option<u32>,
    /// Document is complete.
    pub dom_complete: Option<u32>,
    /// Start of `load` handlers.
    pub load_event_start: Option<u32>,
    /// End of `load` handlers.
    pub load_event_end: Option<u32>,
    /// First paint.
    pub first_paint: Option<u32>,
    /// First contentful paint.
    pub first_contentful_paint: Option<u32>,
}

/// Core Web Vitals of one page view, with what caused them. They are final only when the page is left.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, utoipa::ToSchema)]
pub struct WebVitals {
    /// Largest Contentful Paint, milliseconds.
    pub largest_contentful_paint: Option<u32>,
    /// Interaction to Next Paint, milliseconds.
    pub interaction_to_next_paint: Option<u32>,
    /// Cumulative Layout Shift, in thousandths.
    pub cumulative_layout_shift: Option<u32>,
    /// Selector of the largest element.
    pub lcp_element: String,
    /// URL of the largest element.
    pub lcp_url: String,
    /// Selector of the slowest interaction's target.
    pub inp_element: String,
    /// Selector of the element that shifted most.
    pub cls_element: String,
    /// First part of LCP: until the first byte of the document, milliseconds.
    pub lcp_time_to_first_byte: Option<u32>,
    /// Second part: until the resource of the element was asked for.
    pub lcp_load_delay: Option<u32>,
    /// Third part: until it had arrived.
    pub lcp_load_duration: Option<u32>,
    /// Last part: until it was painted.
    pub lcp_render_delay: Option<u32>,
    /// What the slowest interaction was, as `pointerup`.
    pub inp_event: String,
    /// First part of INP: until its handlers began, milliseconds.
    pub inp_input_delay: Option<u32>,
    /// Second part: until its handlers were through.
    pub inp_processing: Option<u32>,
    /// Last part: until the next paint.
    pub inp_presentation_delay: Option<u32>,
    /// URL of the script that took longest in it.
    pub inp_script: String,
    /// Function or handler in that script.
    pub inp_function: String,
    /// How long that script took, milliseconds.
    pub inp_script_duration: Option<u32>,
    /// The largest single shift, in thousandths.
    pub cls_largest_shift: Option<u32>,
    /// When it happened, milliseconds after the page began.
    pub cls_largest_shift_at: Option<u32>,
}

/// Server, network and frontend time; their sum is the duration of the action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Contributors {
    /// `response_start - request_start`.
    #[schema(value_type = u32)]
    pub server: Millis,
    /// `request_start + (response_end - response_start)`.
    #[schema(value_type = u32)]
    pub network: Millis,
    /// The rest.
    #[schema(value_type = u32)]
    pub frontend: Millis,
}

/// What fetched a resource.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum ResourceKind {
    /// A document or frame.
    Document,
    /// A script.
    Script,
    /// A style sheet.
    Stylesheet,
    /// An image.
    Image,
    /// A font.
    Font,
    /// XHR.
    Xhr,
    /// Fetch.
    Fetch,
    /// Sound or video.
    Media,
    /// `sendBeacon`.
    Beacon,
    /// Something else.
    #[default]
    Other,
}

/// One row of the waterfall: milliseconds after the start of its action.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Resource {
    /// Address, masked.
    pub url: String,
    /// What it is.
    pub kind: ResourceKind,
    /// HTTP method of XHR and fetch.
    pub method: String,
    /// HTTP status; 0 when the browser does not tell.
    pub status: u16,
    /// Start.
    pub start: u32,
    /// Duration.
    pub duration: u32,
    /// Start of the DNS lookup, after `start`.
    pub domain_lookup_start: u32,
    /// End of the DNS lookup.
    pub domain_lookup_end: u32,
    /// Start of the connection.
    pub connect_start: u32,
    /// Connection stands.
    pub connect_end: u32,
    /// Request is sent.
    pub request_start: u32,
    /// First byte.
    pub response_start: u32,
    /// Bytes over the wire; 0 when cached or hidden from us.
    pub transfer_bytes: u32,
    /// Bytes of the body, still compressed.
    pub encoded_bytes: u32,
    /// Bytes of the body, unpacked.
    pub decoded_bytes: u32,
    /// `h2`, `http/1.1`, ...
    pub protocol: String,
    /// Whether it blocked rendering.
    pub is_render_blocking: bool,
    /// Whether it failed.
    pub is_failed: bool,
}

/// Counts and sums of the resources of one host and kind that are not kept whole.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ResourceSum {
    /// Host name.
    pub host: String,
    /// What they are.
    pub kind: ResourceKind,
    /// How many.
    pub count: u32,
    /// Sum of durations, milliseconds.
    pub duration: u32,
    /// Sum of bytes over the wire.
    pub transfer_bytes: u32,
}

/// A user action as it is stored. Resources and vitals are rows of their own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct UserAction {
    /// Number in its session, from 1, in order of arrival.
    pub number: u32,
    /// Application.
    #[schema(value_type = String)]
    pub application: ApplicationId,
    /// Kind.
    pub kind: ActionKind,
    /// Name: `loading of page /x`, `click on "Buy" on page /x`, or as the page gave it.
    pub name: String,
    /// Page on which it happened: as the page names itself, else the path of the URL, cleaned.
    pub page: String,
    /// Group of the page: as the page says, else the page with numbers and ids replaced.
    pub page_group: String,
    /// URL of the page, masked.
    pub url: String,
    /// URL to which a route change led, masked; empty when it stayed.
    pub target_url: String,
    /// URL of the request that made it, masked; empty for page loads.
    pub request_url: String,
    /// Title of the page.
    pub title: String,
    /// Start, by corrected client clock.
    #[schema(value_type = String)]
    pub started_at: Timestamp,
    /// From start to end.
    #[schema(value_type = u32)]
    pub duration: Millis,
    /// Visually complete, after the start.
    #[schema(value_type = Option<u32>)]
    pub visually_complete: Option<Millis>,
    /// Speed index: mean time at which the parts of the window were painted; loads and route changes.
    #[schema(value_type = Option<u32>)]
    pub speed_index: Option<Millis>,
    /// Sum of long tasks' time.
    #[schema(value_type = u32)]
    pub long_tasks: Millis,
    /// W3C marks.
    pub timings: Timings,
    /// Server, network, frontend.
    pub contributors: Contributors,
    /// Apdex zone.
    pub zone: ApdexZone,
    /// Whether it is a route change without a document load.
    pub is_soft_navigation: bool,
    /// Whether the page could not be seen when it began: browsers slow such pages down.
    pub was_hidden: bool,
    /// Number that the page gave it; 0 from agents without numbers.
    pub page_number: u32,
    /// `page_number` of the custom action around it; 0 when it stands alone.
    pub parent: u32,
    /// Errors during the action, at most `limits::ACTION_ERRORS`.
    pub errors: Vec<ErrorReport>,
    /// How many errors there were, kept or not.
    pub error_count: u32,
    /// Properties.
    pub properties: Vec<(String, String)>,
    /// Resources: all of them, kept whole or not.
    pub resource_count: u32,
    /// Page view in the browser: joins later vitals to the load.
    pub page_view: u32,
    /// Tab of the browser.
    pub tab: u64,
    /// Release of the application, as the page said.
    pub release: String,
}

/// The resources of one action.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ActionResources {
    /// Kept whole, in order of start.
    pub rows: Vec<Resource>,
    /// The rest, by host and kind.
    pub sums: Vec<ResourceSum>,
}

/// Sample values for tests of all rooms.
#[cfg(test)]
pub mod tests_support {
    use super::{ActionKind, ApdexZone, Contributors, Timings, UserAction};
    use crate::base::id::ApplicationId;
    use crate::base::time::{Millis, Timestamp};

    /// A satisfied page load without a name.
    #[must_use]
    pub fn sample(application: ApplicationId, started_at: Timestamp) -> UserAction {
        UserAction {
            number: 0,
            application,
            kind: ActionKind::PageLoad,
            name: String::new(),
            page: String::new(),
            page_group: String::new(),
            url: String::new(),
            target_url: String::new(),
            request_url: String::new(),
            title: String::new(),
            started_at,
            duration: Millis(5),
            visually_complete: None,
            speed_index: None,
            long_tasks: Millis(0),
            timings: Timings::default(),
            contributors: Contributors::default(),
            zone: ApdexZone::Satisfied,
            is_soft_navigation: false,
            was_hidden: false,
            page_number: 0,
            parent: 0,
            errors: Vec::new(),
            error_count: 0,
            properties: Vec::new(),
            resource_count: 0,
            page_view: 0,
            tab: 1,
            release: String::new(),
        }
    }
}
