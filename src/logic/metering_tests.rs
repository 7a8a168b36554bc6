//! Tests of license counting: T17 to T19 of dem-semantics 16.

use super::*;
use crate::base::id::{ApplicationId, SessionId, VisitorId};
use crate::model::action::ApdexZone;
use crate::model::session::{EndReason, Experience, Tally};
use crate::model::visitor::{Client, Environment, Place};

/// A session with visits of (application, actions, first minute, last minute).
fn session(kind: SessionKind, part: u32, visits: &[(u32, u32, i64, i64)]) -> Session {
    let actions = visits.iter().map(|(_, actions, ..)| actions).sum();
    Session {
        id: SessionId(1),
        visitor: VisitorId(1),
        part,
        previous: None,
        kind,
        started_at: Timestamp(0),
        last_at: Timestamp(0),
        received_at: Timestamp(0),
        end_reason: Some(EndReason::Timeout),
        user_tag: String::new(),
        applications: visits
            .iter()
            .map(|(id, action_count, first, last)| ApplicationVisit {
                application: ApplicationId(*id),
                action_count: *action_count,
                first_at: Timestamp(first * 60_000),
                last_at: Timestamp(last * 60_000),
            })
            .collect(),
        tally: Tally { actions, ..Tally::default() },
        entry_page: String::new(),
        exit_page: String::new(),
        referrer: String::new(),
        campaign: String::new(),
        client: Client::default(),
        environment: Environment::default(),
        place: Place::default(),
        ip: None,
        release: String::new(),
        is_new_visitor: false,
        last_zone: ApdexZone::Unknown,
        experience: Experience::Undefined,
        properties: Vec::new(),
        usage_units: 0,
        clock_offset: 0,
        ruleset: 0,
        extensions: Vec::new(),
    }
}

#[test]
fn units_follow_the_contract() {
    use Explanation::{Bounce, Counted, LaterPart, Robot, Synthetic};
    use SessionKind::RealUser;
    let (simple, hourly) = (Contract::PerSession, Contract::PerApplicationHour);
    for (kind, part, visits, contract, reason, expected) in [
        (RealUser, 1, &[(1, 1, 0, 1)][..], simple, Bounce, 0),
        (RealUser, 1, &[(1, 1, 0, 1)], hourly, Bounce, 0),
        (RealUser, 1, &[(1, 2, 0, 1)], simple, Counted, 1),
        (RealUser, 1, &[(1, 3, 0, 9), (2, 1, 4, 4)], simple, Counted, 1),
        (RealUser, 1, &[(1, 3, 0, 9), (2, 1, 4, 4)], hourly, Counted, 1),
        (RealUser, 1, &[(1, 3, 0, 9), (2, 2, 4, 8)], hourly, Counted, 2),
        (RealUser, 1, &[(1, 1, 0, 0), (2, 1, 4, 4)], simple, Counted, 1),
        (RealUser, 1, &[(1, 1, 0, 0), (2, 1, 4, 4)], hourly, Bounce, 0),
        (RealUser, 1, &[(1, 90, 0, 240)], simple, Counted, 1),
        (RealUser, 1, &[(1, 90, 0, 240)], hourly, Counted, 4),
        (RealUser, 1, &[(1, 90, 0, 241)], hourly, Counted, 5),
        (RealUser, 2, &[(1, 50, 0, 20)], simple, LaterPart, 0),
        (RealUser, 2, &[(1, 50, 0, 20)], hourly, LaterPart, 0),
        (SessionKind::Robot, 1, &[(1, 50, 0, 20)], simple, Robot, 0),
        (SessionKind::Synthetic, 1, &[(1, 50, 0, 20)], simple, Synthetic, 0),
    ] {
        let session = session(kind, part, visits);
        assert_eq!(explain(&session, contract), reason, "{visits:?} {contract:?}");
        assert_eq!(units(&session, contract), expected, "{visits:?} {contract:?}");
    }
}
