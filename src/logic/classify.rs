//! User agent to browser, operating system, device and robot verdict.

use super::ruleset::{Bot, Ruleset};
use crate::base::limits;
use crate::base::text;
use crate::model::session::SessionKind;
use crate::model::visitor::{Client, DeviceType};

/// Name of a robot that only `navigator.webdriver` gave away.
pub const AUTOMATED: &str = "Automated browser";

/// Tells browser, operating system, device, and whether it is a robot.
#[must_use]
pub fn classify(rules: &Ruleset, user_agent: &str) -> Client {
    let user_agent = text::clean(user_agent, limits::USER_AGENT_CHARS);
    let (browser, browser_version) = rules.user_agents.browser(&user_agent).unwrap_or_default();
    let (os, os_version) = rules.user_agents.system(&user_agent).unwrap_or_default();
    let device_type = device_type(&os, &user_agent);
    Client {
        device: device(rules, &user_agent, &os, device_type),
        robot: rules.bots.find(&user_agent).map(|bot| bot.name.clone()),
        browser: known(browser),
        browser_version,
        os: known(os),
        os_version,
        device_type,
    }
}

/// Person, robot or monitor.
#[must_use]
pub fn session_kind(rules: &Ruleset, client: &Client) -> SessionKind {
    match &client.robot {
        None => SessionKind::RealUser,
        Some(name) if rules.bots.named(name).is_some_and(Bot::is_synthetic) => {
            SessionKind::Synthetic
        }
        Some(_) => SessionKind::Robot,
    }
}

/// uap-core says `Other` when it does not know.
fn known(family: String) -> String {
    if family == "Other" { String::new() } else { family }
}

fn device_type(os: &str, user_agent: &str) -> DeviceType {
    let has = |word: &str| user_agent.contains(word);
    if ["TV", "PlayStation", "Xbox", "Nintendo", "; AFT"].iter().any(|word| has(word)) {
        return DeviceType::Other;
    }
    match os {
        "iOS" if has("iPad") => DeviceType::Tablet,
        "iOS" | "Windows Phone" | "BlackBerry OS" | "KaiOS" | "Firefox OS" | "Symbian OS" => {
            DeviceType::Phone
        }
        "Android" | "HarmonyOS" | "OpenHarmony" | "Tizen" if has("Mobile") || has("Phone") => {
            DeviceType::Phone
        }
        "Android" | "HarmonyOS" | "OpenHarmony" | "Tizen" => DeviceType::Tablet,
        "Windows" | "Mac OS X" | "Linux" | "Ubuntu" | "Fedora" | "Debian" | "Chrome OS"
        | "FreeBSD" | "OpenBSD" | "NetBSD" | "Red Hat" | "Linux Mint" | "SUSE" | "Solaris" => {
            DeviceType::Desktop
        }
        _ => DeviceType::Unknown,
    }
}

/// The model; only where models differ, since the patterns of devices are slow to compile.
fn device(rules: &Ruleset, user_agent: &str, os: &str, device_type: DeviceType) -> String {
    match (os, device_type) {
        (_, DeviceType::Desktop | DeviceType::Unknown) => String::new(),
        ("iOS", _) => {
            let model = ["iPad", "iPod", "iPhone"].into_iter().find(|word| user_agent.contains(word));
            model.unwrap_or_default().to_owned()
        }
        _ => rules.user_agents.device(user_agent).map(known_model).unwrap_or_default(),
    }
}

/// Names that stand for any model say nothing.
fn known_model(model: String) -> String {
    let is_generic = model == "Other" || model == "K" || model == "Spider" || model.starts_with("Generic");
    if is_generic { String::new() } else { model }
}

#[cfg(test)]
#[path = "classify_tests.rs"]
mod tests;
