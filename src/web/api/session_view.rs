//! A session as the API shows it.

use std::net::IpAddr;

use serde::Serialize;
use utoipa::ToSchema;

use crate::base::id::{ApplicationId, SessionId, VisitorId};
use crate::base::time::{Millis, Timestamp};
use crate::logic::waterfall::Finding;
use crate::model::action::{ActionResources, UserAction, WebVitals};
use crate::model::error_report::ErrorReport;
use crate::model::session::{
    ApplicationVisit, EndReason, Experience, PageEndKind, Session, SessionEvent, SessionEventKind,
    SessionKind, Tally,
};
use crate::model::visitor::{Client, Environment, Place};

/// A session.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionView {
    /// Id.
    #[schema(value_type = String)]
    pub id: SessionId,
    /// Browser.
    #[schema(value_type = String)]
    pub visitor: VisitorId,
    /// Who it is; empty when anonymous.
    pub user_tag: String,
    /// Kind.
    pub kind: SessionKind,
    /// Start of the first action.
    #[schema(value_type = String)]
    pub started_at: Timestamp,
    /// End of the last action.
    #[schema(value_type = String)]
    pub last_at: Timestamp,
    /// Milliseconds between them.
    #[schema(value_type = u32)]
    pub duration: Millis,
    /// Still open.
    pub is_live: bool,
    /// At most one user action.
    pub is_bounce: bool,
    /// Why it ended; null while live.
    pub end_reason: Option<EndReason>,
    /// How it felt.
    pub experience: Experience,
    /// Part, from 1.
    pub part: u32,
    /// The part before this one.
    #[schema(value_type = Option<String>)]
    pub previous: Option<SessionId>,
    /// Applications, in order of visit.
    pub applications: Vec<ApplicationVisit>,
    /// Counts.
    pub tally: Tally,
    /// Page of the first action.
    pub entry_page: String,
    /// Page of the last action.
    pub exit_page: String,
    /// Referrer of the first page load.
    pub referrer: String,
    /// Campaign of the first page load.
    pub campaign: String,
    /// Browser, OS, device.
    pub client: Client,
    /// Screen, language and so on.
    pub environment: Environment,
    /// Place.
    pub place: Place,
    /// Masked address; `{"masked": true}` for whom it is not.
    #[schema(value_type = Option<String>)]
    pub ip: Option<IpAddr>,
    /// Release of the application.
    pub release: String,
    /// First session of this browser.
    pub is_new_visitor: bool,
    /// License units.
    pub usage_units: u32,
    /// Properties, the last value of each key.
    pub properties: Vec<(String, String)>,
}

impl From<Session> for SessionView {
    fn from(session: Session) -> Self {
        Self {
            duration: session.duration(),
            is_live: session.is_live(),
            is_bounce: session.is_bounce(),
            id: session.id,
            visitor: session.visitor,
            user_tag: session.user_tag,
            kind: session.kind,
            started_at: session.started_at,
            last_at: session.last_at,
            end_reason: session.end_reason,
            experience: session.experience,
            part: session.part,
            previous: session.previous,
            applications: session.applications,
            tally: session.tally,
            entry_page: session.entry_page,
            exit_page: session.exit_page,
            referrer: session.referrer,
            campaign: session.campaign,
            client: session.client,
            environment: session.environment,
            place: session.place,
            ip: session.ip,
            release: session.release,
            is_new_visitor: session.is_new_visitor,
            usage_units: session.usage_units,
            properties: session.properties,
        }
    }
}

/// An event of a session that is not a user action.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventView {
    /// When.
    #[schema(value_type = String)]
    pub at: Timestamp,
    /// Application.
    #[schema(value_type = String)]
    pub application: ApplicationId,
    /// `error`, `rage_click`, `dead_click`, `user_tag`, `page_end` or `end_call`.
    pub kind: &'static str,
    /// The error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<ErrorReport>,
    /// What was clicked, or the user tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Page of a rage or dead click.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// Clicks of a rage click.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<u32>,
    /// How a page was left.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub how: Option<PageEndKind>,
}

impl From<SessionEvent> for EventView {
    fn from(event: SessionEvent) -> Self {
        let mut view = Self {
            at: event.at,
            application: event.application,
            kind: "end_call",
            error: None,
            text: None,
            page: None,
            count: None,
            how: None,
        };
        match event.kind {
            SessionEventKind::Error(error) => {
                view.kind = "error";
                view.error = Some(error);
            }
            SessionEventKind::RageClick { target, page, count } => {
                view.kind = "rage_click";
                view.text = Some(target);
                view.page = Some(page);
                view.count = Some(count);
            }
            SessionEventKind::DeadClick { target, page } => {
                view.kind = "dead_click";
                view.text = Some(target);
                view.page = Some(page);
            }
            SessionEventKind::UserTag(tag) => {
                view.kind = "user_tag";
                view.text = Some(tag);
            }
            SessionEventKind::PageEnd { how } => {
                view.kind = "page_end";
                view.how = Some(how);
            }
            SessionEventKind::EndCall => {}
        }
        view
    }
}

/// A session with all that happened in it.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionDetail {
    /// The session.
    pub session: SessionView,
    /// User actions in order.
    pub actions: Vec<UserAction>,
    /// Other events in order.
    pub events: Vec<EventView>,
}

/// One action with its resources and vitals.
#[derive(Debug, Serialize, ToSchema)]
pub struct Waterfall {
    /// The action.
    pub action: UserAction,
    /// Its resources.
    pub resources: ActionResources,
    /// Its web vitals, for page loads.
    pub vitals: Option<WebVitals>,
    /// What stands out.
    pub findings: Vec<FindingView>,
}

/// Something that stands out in a waterfall.
#[derive(Debug, Serialize, ToSchema)]
pub struct FindingView {
    /// `failed`, `slow_server`, `blocking`, `uncompressed`, `uncached`, `large_image`, `many_hosts`, `third_party`.
    pub name: &'static str,
    /// Places of its rows in `resources.rows`, from 0.
    pub rows: Vec<usize>,
}

/// The findings of an action.
#[must_use]
pub fn findings(action: &UserAction, resources: &ActionResources) -> Vec<FindingView> {
    Finding::ALL
        .into_iter()
        .map(|finding| FindingView {
            name: finding.name(),
            rows: finding.rows(&resources.rows, &action.url),
        })
        .filter(|finding| !finding.rows.is_empty())
        .collect()
}
