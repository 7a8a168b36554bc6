//! Sessions made up for tests.

use crate::base::id::{ApplicationId, SessionId, VisitorId};
use crate::base::time::{DAY_MILLIS, Timestamp};
use crate::model::action::ApdexZone;
use crate::model::session::{ApplicationVisit, EndReason, Experience, Session, SessionKind, Tally};
use crate::model::visitor::{Client, DeviceType, Environment, Place};
use crate::search::SessionDocument;

/// First day of the test range.
pub(super) const FIRST_DAY: i64 = 20_000;

/// The instant `millis` after the start of test day `day`.
pub(super) fn at(day: i64, millis: i64) -> Timestamp {
    Timestamp((FIRST_DAY + day) * DAY_MILLIS + millis)
}

/// An ended session of a person, ten seconds long.
pub(super) fn session(start: Timestamp, number: u128, tag: &str) -> SessionDocument {
    SessionDocument {
        session: Session {
            id: SessionId::new(start, number),
            visitor: VisitorId(number),
            part: 1,
            previous: None,
            kind: SessionKind::RealUser,
            started_at: start,
            last_at: Timestamp(start.0 + 10_000),
            received_at: Timestamp(start.0 + 10_000),
            end_reason: Some(EndReason::Timeout),
            user_tag: tag.to_owned(),
            applications: vec![ApplicationVisit {
                application: ApplicationId::DEFAULT,
                action_count: 3,
                first_at: start,
                last_at: start,
            }],
            tally: Tally { actions: 3, ..Tally::default() },
            entry_page: "/".to_owned(),
            exit_page: "/".to_owned(),
            referrer: String::new(),
            campaign: String::new(),
            client: Client {
                browser: "Firefox".to_owned(),
                browser_version: "144.0".to_owned(),
                os: "Linux".to_owned(),
                os_version: String::new(),
                device: String::new(),
                device_type: DeviceType::Desktop,
                robot: None,
            },
            environment: Environment::default(),
            place: Place { country: "AT".to_owned(), ..Place::default() },
            ip: None,
            release: String::new(),
            is_new_visitor: false,
            last_zone: ApdexZone::Satisfied,
            experience: Experience::Satisfied,
            properties: Vec::new(),
            usage_units: 1,
            clock_offset: 0,
            ruleset: 1,
            extensions: Vec::new(),
        },
        pages: vec!["/".to_owned()],
        action_names: vec!["loading of page /".to_owned()],
        error_messages: Vec::new(),
        visits: Vec::new(),
        sequence: 1,
    }
}
