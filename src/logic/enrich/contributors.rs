//! Server, network and frontend time of an action (dem-semantics 2.2).

use crate::base::time::Millis;
use crate::model::action::{Contributors, ResourceKind};
use crate::model::beacon::BeaconAction;

/// Marks of the request that an action is about, after its start.
#[derive(Debug, Clone, Copy)]
struct Request {
    sent: u32,
    answered: u32,
    received: u32,
}

/// Splits the duration of an action; the three always sum up to it.
#[must_use]
pub fn contributors(action: &BeaconAction) -> Contributors {
    let duration = action.duration.0;
    let Some(request) = of_timings(action).or_else(|| of_resources(action)) else {
        return Contributors { frontend: action.duration, ..Contributors::default() };
    };
    let server = request.answered.saturating_sub(request.sent).min(duration);
    let response = request.received.saturating_sub(request.answered);
    let network = request.sent.saturating_add(response).min(duration - server);
    Contributors {
        server: Millis(server),
        network: Millis(network),
        frontend: Millis(duration - server - network),
    }
}

fn of_timings(action: &BeaconAction) -> Option<Request> {
    let timings = &action.timings;
    let request = Request {
        sent: timings.request_start?,
        answered: timings.response_start?,
        received: timings.response_end.or(timings.response_start)?,
    };
    is_ordered(&request).then_some(request)
}

/// The first request of an XHR action: the one it names, or else the first XHR or fetch.
fn of_resources(action: &BeaconAction) -> Option<Request> {
    let is_request = |kind| matches!(kind, ResourceKind::Xhr | ResourceKind::Fetch);
    let mut requests = action.resources.iter().filter(|row| is_request(row.kind));
    let named = requests.clone().find(|row| row.url == action.request_url);
    let row = named.or_else(|| requests.next())?;
    let end = row.start.saturating_add(row.duration);
    let request = if row.response_start == 0 {
        // The browser hides the marks of requests to other origins: all of it counts as network.
        Request { sent: row.start, answered: row.start, received: end }
    } else {
        Request {
            sent: row.start.saturating_add(row.request_start),
            answered: row.start.saturating_add(row.response_start),
            received: end,
        }
    };
    is_ordered(&request).then_some(request)
}

const fn is_ordered(request: &Request) -> bool {
    request.sent <= request.answered && request.answered <= request.received
}
