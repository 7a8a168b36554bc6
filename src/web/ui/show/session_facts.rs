//! Cards of facts about a session: user, device, session, properties, privacy.

use std::net::IpAddr;

use super::session::Whole;
use super::session_rows::{browser, place, user};
use super::shell::plural;
use super::words;
use crate::logic::metering;
use crate::model::session::Session;
use crate::web::state::WebState;
use crate::web::ui::parts::{Fact, Shown, add_fact};
use crate::web::ui::session::FactCard;
use crate::web::{format, mask};

/// The cards of facts beside the list.
#[must_use]
pub fn cards(whole: &Whole, state: &WebState, sees_unmasked: bool, zone: &str) -> Vec<FactCard> {
    let session = &whole.session;
    let applications = state.services.catalog.applications();
    let is_ip_masked = session.applications.iter().any(|visit| {
        let known = applications.iter().find(|a| a.id == visit.application);
        known.is_some_and(|application| application.privacy.mask_ip)
    });
    vec![
        FactCard { title: "User", id: "card-user", facts: user_facts(session, state), empty: "" },
        FactCard {
            title: "Device and place",
            id: "card-device",
            facts: device_facts(session, sees_unmasked, is_ip_masked),
            empty: "",
        },
        FactCard {
            title: "Session",
            id: "card-session",
            facts: session_facts(session, sees_unmasked, zone),
            empty: "",
        },
        FactCard {
            title: "Properties",
            id: "card-properties",
            facts: properties(&session.properties),
            empty: "None were sent.",
        },
        FactCard {
            title: "Privacy",
            id: "card-privacy",
            facts: privacy_facts(sees_unmasked),
            empty: "",
        },
    ]
}

fn user_facts(session: &Session, state: &WebState) -> Vec<Fact> {
    let mut facts = Vec::new();
    add_fact(&mut facts, "User tag", user(session, &state.user_keys));
    add_fact(&mut facts, "Browser ID", Shown::code(&session.visitor.to_string()));
    let seen =
        if session.is_new_visitor { "first session of this browser" } else { "was here before" };
    add_fact(&mut facts, "Visitor", Shown::open(seen));
    add_fact(&mut facts, "Robot", Shown::open(session.client.robot.as_deref().unwrap_or_default()));
    facts
}

fn device_facts(session: &Session, sees_unmasked: bool, is_ip_masked: bool) -> Vec<Fact> {
    let (client, environment) = (&session.client, &session.environment);
    let joined = |parts: [&str; 2]| {
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
    };
    let mut facts = Vec::new();
    let kind = words::device(client.device_type);
    let device = if client.device == kind { "" } else { client.device.as_str() };
    add_fact(&mut facts, "Device", Shown::open(&joined([kind, device])));
    let screen = if environment.viewport.is_empty() || environment.viewport == environment.screen {
        environment.screen.clone()
    } else {
        format!("{}, page {}", environment.screen, environment.viewport)
    };
    add_fact(&mut facts, "Screen", Shown::open(&screen.replace('x', " × ")));
    let full = format!("{} {}", client.browser, client.browser_version);
    let shown = if client.browser_version.is_empty() { browser(client) } else { full };
    add_fact(&mut facts, "Browser", Shown::open(&shown));
    add_fact(
        &mut facts,
        "System",
        Shown::open(format!("{} {}", client.os, client.os_version).trim()),
    );
    add_fact(&mut facts, "Language", Shown::open(&environment.language));
    add_fact(&mut facts, "Place", Shown::open(&place(&session.place)));
    add_fact(&mut facts, "Time zone", Shown::open(&environment.time_zone));
    let ip = match session.ip {
        None => Shown::default(),
        Some(_) if !sees_unmasked => Shown::masked("", "needs the permission “see unmasked data”"),
        Some(ip) if is_ip_masked => {
            Shown::masked(&masked_address(ip), "its last part was masked before storing")
        }
        Some(ip) => Shown::code(&ip.to_string()),
    };
    add_fact(&mut facts, "IP address", ip);
    let network = joined([session.place.isp.as_str(), environment.connection.as_str()]);
    add_fact(&mut facts, "Network", Shown::open(&network));
    facts
}

fn session_facts(session: &Session, sees_unmasked: bool, zone: &str) -> Vec<Fact> {
    let mut facts = Vec::new();
    let explanation = metering::explain(session, metering::Contract::default());
    let license =
        if session.is_live() { "decided when it ends" } else { words::license(explanation) };
    add_fact(&mut facts, "Entry", Shown::open(&session.entry_page));
    add_fact(&mut facts, "Exit", Shown::open(&session.exit_page));
    add_fact(&mut facts, "Referrer", Shown::open(&mask::url(&session.referrer, sees_unmasked)));
    add_fact(&mut facts, "Campaign", Shown::open(&session.campaign));
    add_fact(&mut facts, "Ended by", Shown::open(words::ended_by(session.end_reason)));
    add_fact(&mut facts, "That is", Shown::open(words::ended_by_why(session.end_reason)));
    add_fact(&mut facts, "License", Shown::open(license));
    add_fact(&mut facts, "Last beacon", Shown::open(&format::full_time(session.received_at, zone)));
    add_fact(&mut facts, "Session ID", Shown::code(&session.id.to_string()));
    let tally = &session.tally;
    for (count, words) in [
        (tally.dropped, "came too late or beyond a limit, not kept"),
        (tally.lost, "lost in the browser"),
        (tally.clamped, "with a corrected clock"),
    ] {
        if count > 0 {
            let text = format!("{} {words}", plural(u64::from(count), "event"));
            add_fact(&mut facts, "Not complete", Shown::open(&text));
        }
    }
    facts
}

fn privacy_facts(sees_unmasked: bool) -> Vec<Fact> {
    let mut facts = Vec::new();
    add_fact(
        &mut facts,
        "Before storing",
        Shown::open("addresses, queries of URLs and texts are masked as the application is set"),
    );
    let role = if sees_unmasked {
        "everything that was stored"
    } else {
        "addresses, error texts and queries of URLs are hidden"
    };
    add_fact(&mut facts, "For you", Shown::open(role));
    facts
}

/// Properties as facts.
#[must_use]
pub fn properties(properties: &[(String, String)]) -> Vec<Fact> {
    let mut facts = Vec::new();
    for (key, value) in properties {
        add_fact(&mut facts, key, Shown::open(value));
    }
    facts
}

/// An address with dots in place of what was masked: the last octet of IPv4, the last 80 bits of IPv6.
fn masked_address(ip: IpAddr) -> String {
    match ip {
        IpAddr::V4(ip) => {
            let [a, b, c, _] = ip.octets();
            format!("{a}.{b}.{c}.•")
        }
        IpAddr::V6(ip) => {
            let [a, b, c, ..] = ip.segments();
            format!("{a:x}:{b:x}:{c:x}:•")
        }
    }
}
