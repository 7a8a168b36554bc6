//! User agent to browser, operating system, device and robot verdict.

use super::ruleset::{Bot, Ruleset};
use crate::base::limits;
use crate::base::text;
use crate::model::session::SessionKind;
use crate::model::visitor::{Client, DeviceType};

/// Name of a robot that only `navigator.webdriver` gave away.
pub const AUTOMATED: &str = "Automated browser";

/// Names of uap-core, and what people call them.
const BROWSERS: [(&str, &str); 40] = [
    ("Android", "Android Browser"),
    ("Brave Mobile", "Brave"),
    ("Chrome Mobile", "Chrome"),
    ("Chrome Mobile iOS", "Chrome"),
    ("Chrome Mobile WebView", "Android WebView"),
    ("DuckDuckGo Mobile", "DuckDuckGo"),
    ("Ecosia Android", "Ecosia"),
    ("Ecosia iOS", "Ecosia"),
    ("Edge Mobile", "Edge"),
    ("Edge WebView2", "Edge WebView"),
    ("Facebook", "Facebook app"),
    ("Facebook Messenger", "Facebook Messenger app"),
    ("Firefox iOS", "Firefox"),
    ("Firefox Mobile", "Firefox"),
    ("Firefox (Shiretoko)", "Firefox"),
    ("Firefox Alpha", "Firefox"),
    ("Firefox Beta", "Firefox"),
    ("Google", "Google app"),
    ("HeadlessChrome", "Chrome Headless"),
    ("IE", "Internet Explorer"),
    ("IE Large Screen", "Internet Explorer"),
    ("IE Mobile", "Internet Explorer"),
    ("Instagram", "Instagram app"),
    ("LinkedIn", "LinkedIn app"),
    ("Line", "LINE app"),
    ("MiuiBrowser", "Mi Browser"),
    ("Mobile Safari", "Safari"),
    ("Mobile Safari UI/WKWebView", "iOS WebView"),
    ("Opera Mobile", "Opera"),
    ("Opera Tablet", "Opera"),
    ("Opera Touch", "Opera"),
    ("Other", ""),
    ("Pinterest", "Pinterest app"),
    ("QQ Browser Mobile", "QQ Browser"),
    ("Snapchat", "Snapchat app"),
    ("TikTok", "TikTok app"),
    ("Twitter", "X app"),
    ("Vivaldi Mobile", "Vivaldi"),
    ("WeChat", "WeChat app"),
    ("YandexSearch", "Yandex app"),
];

/// Words of devices that are neither desktop nor phone nor tablet.
const OTHER_DEVICES: [&str; 21] = [
    "SmartTV",
    "SMART-TV",
    "Smart TV",
    "HbbTV",
    "GoogleTV",
    "Android TV",
    "AndroidTV",
    "AppleTV",
    "Apple TV",
    "BRAVIA",
    "Web0S",
    "WebOS; Linux",
    "Roku",
    "CrKey",
    "PlayStation",
    "Xbox",
    "Nintendo",
    "OculusBrowser",
    "QtCarBrowser",
    "VIDAA",
    "; AFT",
];

/// Words of tablets.
const TABLETS: [&str; 8] =
    ["iPad", "Tablet", "Kindle", "Silk/", "PlayBook", "Nexus 7", "Nexus 9", "Nexus 10"];

/// Words of phones.
const PHONES: [&str; 9] = [
    "iPhone",
    "iPod",
    "Windows Phone",
    "BlackBerry",
    "BB10",
    "KAIOS",
    "Opera Mini",
    "Mobile",
    "Phone",
];

/// Words of desktops.
const DESKTOPS: [&str; 5] = ["Windows NT", "Macintosh", "X11", "CrOS", "Linux x86_64"];

/// Tells browser, operating system, device, and whether it is a robot.
#[must_use]
pub fn classify(rules: &Ruleset, user_agent: &str) -> Client {
    let user_agent = text::clean(user_agent, limits::USER_AGENT_CHARS);
    let (browser, browser_version) = rules.user_agents.browser(&user_agent).unwrap_or_default();
    let (os, os_version) = rules.user_agents.system(&user_agent).unwrap_or_default();
    let (os, has_version) = system(&os);
    let browser = browser_name(&browser);
    let device_type = device_type(&user_agent);
    Client {
        device: device(rules, &user_agent, device_type),
        robot: rules.bots.find(&user_agent).map(|bot| bot.name.clone()),
        browser_version: if browser.is_empty() { String::new() } else { word(&browser_version) },
        browser,
        os_version: if has_version { word(&os_version) } else { String::new() },
        os: word(os),
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

fn word(text: &str) -> String {
    text::clean(text, limits::WORD_CHARS)
}

fn browser_name(family: &str) -> String {
    let known = BROWSERS.iter().find(|(name, _)| *name == family);
    word(known.map_or(family, |(_, name)| name))
}

/// Name of an operating system, and whether its version means something.
fn system(family: &str) -> (&str, bool) {
    match family {
        "Other" => ("", false),
        "Mac OS X" | "Mac OS" => ("macOS", true),
        "Chrome OS" => ("ChromeOS", true),
        "Ubuntu" | "Debian" | "Fedora" | "CentOS" | "Red Hat" | "SUSE" | "Arch Linux"
        | "Linux Mint" | "Mint" | "Gentoo" | "Slackware" | "Kubuntu" | "Mandriva" | "Puppy"
        | "PCLinuxOS" | "Linux" => ("Linux", false),
        other => (other, true),
    }
}

fn has_any(user_agent: &str, words: &[&str]) -> bool {
    words.iter().any(|word| user_agent.contains(word))
}

fn device_type(user_agent: &str) -> DeviceType {
    if has_any(user_agent, &OTHER_DEVICES) || is_television(user_agent) {
        DeviceType::Other
    } else if user_agent.contains("Windows NT") {
        DeviceType::Desktop
    } else if has_any(user_agent, &TABLETS) {
        DeviceType::Tablet
    } else if has_any(user_agent, &PHONES) {
        DeviceType::Phone
    } else if user_agent.contains("Android") {
        DeviceType::Tablet
    } else if has_any(user_agent, &DESKTOPS) {
        DeviceType::Desktop
    } else {
        DeviceType::Unknown
    }
}

fn is_television(user_agent: &str) -> bool {
    user_agent.contains("Tizen") && user_agent.contains("TV")
        || user_agent.contains("Android") && user_agent.contains(" TV")
}

/// The model; only where models differ, since the patterns of devices are slow to compile.
fn device(rules: &Ruleset, user_agent: &str, device_type: DeviceType) -> String {
    // Frozen user agents of Chrome call every model `K`.
    let is_frozen = user_agent.contains("; K)");
    if matches!(device_type, DeviceType::Desktop | DeviceType::Unknown) || is_frozen {
        return String::new();
    }
    let is_apple = |model: &&str| user_agent.contains(*model) && device_type != DeviceType::Other;
    if let Some(model) = ["iPad", "iPod", "iPhone"].into_iter().find(is_apple) {
        return model.to_owned();
    }
    rules.user_agents.device(user_agent).map(|model| known_model(&model)).unwrap_or_default()
}

/// Names that stand for any model say nothing.
fn known_model(model: &str) -> String {
    let is_generic = ["", "Other", "K", "Spider"].contains(&model) || model.starts_with("Generic");
    if is_generic { String::new() } else { word(model) }
}

#[cfg(test)]
#[path = "classify_tests.rs"]
mod tests;
