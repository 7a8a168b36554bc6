//! User agents of today: browser, system, form of the device, and who is no person (dem-semantics 1.12, 17).

use super::*;
use crate::logic::ruleset::compile;
use crate::model::visitor::DeviceType::{Desktop, Other, Phone, Tablet, Unknown};

fn rules() -> Ruleset {
    let files = [
        ("bots.toml", include_str!("../../rules/bots.toml")),
        ("naming.toml", include_str!("../../rules/naming.toml")),
        ("user_agents.yaml", include_str!("../../rules/user_agents.yaml")),
        ("geo/countries.toml", include_str!("../../rules/geo/countries.toml")),
    ];
    compile(&files, &[]).unwrap()
}

const WINDOWS: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)";
const KIT: &str = "AppleWebKit/537.36 (KHTML, like Gecko)";
const APPLE_KIT: &str = "AppleWebKit/605.1.15 (KHTML, like Gecko)";

/// User agent, browser, system, form of the device.
const PEOPLE: &[(&str, &str, &str, DeviceType)] = &[
    (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/146.0.0.0 Safari/537.36",
        "Chrome",
        "Windows",
        Desktop,
    ),
    (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/146.0.0.0 Safari/537.36 Edg/146.0.0.0",
        "Edge",
        "Windows",
        Desktop,
    ),
    (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36 OPR/106.0.0.0",
        "Opera",
        "Windows",
        Desktop,
    ),
    (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0",
        "Firefox",
        "Windows",
        Desktop,
    ),
    (
        "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
        "Firefox",
        "Linux",
        Desktop,
    ),
    (
        "Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko",
        "Internet Explorer",
        "Windows",
        Desktop,
    ),
    (
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.1 Safari/605.1.15",
        "Safari",
        "macOS",
        Desktop,
    ),
    (
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/146.0.0.0 Safari/537.36",
        "Chrome",
        "macOS",
        Desktop,
    ),
    (
        "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
        "Chrome",
        "ChromeOS",
        Desktop,
    ),
    (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
        "Safari",
        "iOS",
        Phone,
    ),
    (
        "Mozilla/5.0 (iPad; CPU OS 17_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.2 Mobile/15E148 Safari/604.1",
        "Safari",
        "iOS",
        Tablet,
    ),
    (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/146.0.7103.91 Mobile/15E148 Safari/604.1",
        "Chrome",
        "iOS",
        Phone,
    ),
    (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/145.0 Mobile/15E148 Safari/605.1.15",
        "Firefox",
        "iOS",
        Phone,
    ),
    (
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/146.0.0.0 Mobile Safari/537.36",
        "Chrome",
        "Android",
        Phone,
    ),
    (
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/146.0.0.0 Safari/537.36",
        "Chrome",
        "Android",
        Tablet,
    ),
    (
        "Mozilla/5.0 (Linux; Android 14; SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/27.0 Chrome/125.0.0.0 Mobile Safari/537.36",
        "Samsung Internet",
        "Android",
        Phone,
    ),
    (
        "Mozilla/5.0 (Android 14; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0",
        "Firefox",
        "Android",
        Phone,
    ),
    (
        "Mozilla/5.0 (Linux; Android 14; Pixel 8; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/146.0.0.0 Mobile Safari/537.36",
        "Android WebView",
        "Android",
        Phone,
    ),
    (
        "Mozilla/5.0 (SMART-TV; Linux; Tizen 7.0) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/2.2 Chrome/94.0.0.0 TV Safari/537.36",
        "Samsung Internet",
        "Tizen",
        Other,
    ),
    ("", "", "", Unknown),
    ("\u{0}<script>", "", "", Unknown),
];

#[test]
fn browsers_systems_and_devices_are_told_apart() {
    let rules = rules();
    for (user_agent, browser, system, device_type) in PEOPLE.iter().copied() {
        let client = classify(&rules, user_agent);
        let told = (client.browser.as_str(), client.os.as_str(), client.device_type);
        assert_eq!(told, (browser, system, device_type), "{user_agent}");
        assert_eq!(client.robot, None, "{user_agent}");
        assert_eq!(session_kind(&rules, &client), SessionKind::RealUser, "{user_agent}");
    }
}

#[test]
fn versions_and_models_are_kept_where_they_mean_something() {
    let rules = rules();
    let chrome = classify(&rules, &format!("{WINDOWS} {KIT} Chrome/146.0.0.0 Safari/537.36"));
    assert!(chrome.browser_version.starts_with("146"), "{}", chrome.browser_version);
    assert_eq!(chrome.device, "");
    let phone = format!(
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) {APPLE_KIT} Version/18.1 Mobile/15E148 Safari/604.1"
    );
    let phone = classify(&rules, &phone);
    assert_eq!((phone.device.as_str(), phone.os_version.as_str()), ("iPhone", "18.1"));
    // Chrome calls every phone `K`: that is no model.
    let frozen =
        format!("Mozilla/5.0 (Linux; Android 10; K) {KIT} Chrome/146.0.0.0 Mobile Safari/537.36");
    assert_eq!(classify(&rules, &frozen).device, "");
}

#[test]
fn robots_and_monitors_are_no_real_users() {
    let rules = rules();
    for (user_agent, expected) in [
        (
            "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
            SessionKind::Robot,
        ),
        (
            "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
            SessionKind::Robot,
        ),
        (
            "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)",
            SessionKind::Robot,
        ),
        ("curl/8.5.0", SessionKind::Robot),
        ("python-requests/2.32", SessionKind::Robot),
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/146.0.0.0 Safari/537.36",
            SessionKind::Robot,
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 FootfallMonitor/1.0",
            SessionKind::Synthetic,
        ),
    ] {
        let client = classify(&rules, user_agent);
        assert_eq!(session_kind(&rules, &client), expected, "{user_agent} {:?}", client.robot);
    }
}

#[test]
fn a_user_agent_without_end_is_cut() {
    let endless = format!("{WINDOWS} {}", "Chrome/1 ".repeat(100_000));
    let client = classify(&rules(), &endless);
    assert!(client.browser.chars().count() <= limits::WORD_CHARS);
    assert!(client.browser_version.chars().count() <= limits::WORD_CHARS);
}
