//! Forms of what is captured and what is masked, with a sample before and after.

use super::fields::{get, is_set, lines};
use crate::logic::exclusion::{browser_text, parse_browser};
use crate::logic::privacy::{ip, tag, text, url};
use crate::model::application::{
    Application, DoNotTrack, PlacePrivacy, PrivacySettings, UserTagPrivacy,
};
use crate::web::error::WebError;
use crate::web::ui::applications::SampleRow;
use crate::web::ui::parts::Field;

/// The fields of privacy.
#[must_use]
pub fn privacy(a: &Application) -> Vec<Field> {
    let p = &a.privacy;
    let mut fields = masking(p);
    fields.extend(consent(p));
    fields
}

fn masking(p: &PrivacySettings) -> Vec<Field> {
    let tag = match p.user_tag {
        UserTagPrivacy::Keep => "keep",
        UserTagPrivacy::Hash => "hash",
        UserTagPrivacy::Drop => "drop",
    };
    let place = match p.place {
        PlacePrivacy::Full => "full",
        PlacePrivacy::Country => "country",
        PlacePrivacy::None => "none",
    };
    vec![
        Field::check("privacy/mask_ip", "Mask IP addresses", p.mask_ip)
            .help("The last part of IPv4, the last 80 bits of IPv6. On by default."),
        Field::choice(
            "privacy/user_tag",
            "User tags",
            tag,
            &[("keep", "Keep"), ("hash", "Replace by a code"), ("drop", "Do not keep")],
        )
        .help(
            "With a code, the sessions of one person still belong together, but no name is stored.",
        ),
        Field::choice(
            "privacy/place",
            "Place",
            place,
            &[("full", "As exact as known"), ("country", "Country only"), ("none", "Do not keep")],
        ),
        Field::check("privacy/mask_captions", "Mask captions of clicked elements", p.mask_captions)
            .help("Actions are named by the kind of element then."),
        Field::check(
            "privacy/mask_personal_data",
            "Mask e-mail addresses, card numbers and the like in addresses and texts",
            p.mask_personal_data,
        ),
        Field::new(
            "area",
            "privacy/query_allow",
            "Query parameters that are kept",
            &p.query_allow.join("\n"),
        )
        .help("One name a line. The values of all others read <masked>."),
        Field::new(
            "area",
            "privacy/query_drop",
            "Query parameters that never leave the page",
            &p.query_drop.join("\n"),
        )
        .help("One name a line, as token or email. The agent drops their values before anything is sent; wins over the list above."),
    ]
}

fn consent(p: &PrivacySettings) -> Vec<Field> {
    let wish = match p.do_not_track {
        DoNotTrack::Ignore => "ignore",
        DoNotTrack::Nothing => "nothing",
        DoNotTrack::Anonymous => "anonymous",
    };
    vec![
        Field::check("privacy/opt_in", "Wait for consent", p.opt_in).help(
            "Nothing is stored in the browser and nothing sent before the page calls footfall.enable(). Off by default.",
        ),
        Field::choice(
            "privacy/do_not_track",
            "Do Not Track and Global Privacy Control",
            wish,
            &[
                ("ignore", "Not looked at"),
                ("nothing", "Capture nothing"),
                ("anonymous", "Capture without storage, user tag and properties"),
            ],
        ),
        Field::check("privacy/cookieless", "Without cookies and storage", p.cookieless).help(
            "A visitor is known as long as the page lives: every page is a session of its own. Off by default.",
        ),
    ]
}

/// The privacy settings as they were sent.
pub fn change_privacy(a: &mut Application, sent: &[(String, String)]) {
    let p = &mut a.privacy;
    p.mask_ip = is_set(sent, "privacy/mask_ip");
    p.mask_captions = is_set(sent, "privacy/mask_captions");
    p.mask_personal_data = is_set(sent, "privacy/mask_personal_data");
    p.query_allow = lines(sent, "privacy/query_allow");
    p.query_drop = lines(sent, "privacy/query_drop");
    p.opt_in = is_set(sent, "privacy/opt_in");
    p.cookieless = is_set(sent, "privacy/cookieless");
    p.user_tag = match get(sent, "privacy/user_tag") {
        "hash" => UserTagPrivacy::Hash,
        "drop" => UserTagPrivacy::Drop,
        _ => UserTagPrivacy::Keep,
    };
    p.place = match get(sent, "privacy/place") {
        "country" => PlacePrivacy::Country,
        "none" => PlacePrivacy::None,
        _ => PlacePrivacy::Full,
    };
    p.do_not_track = match get(sent, "privacy/do_not_track") {
        "nothing" => DoNotTrack::Nothing,
        "anonymous" => DoNotTrack::Anonymous,
        _ => DoNotTrack::Ignore,
    };
}

/// A made-up visit as it comes and as it is written under these settings, by the functions that beacons go through.
#[must_use]
pub fn samples(p: &PrivacySettings) -> Vec<SampleRow> {
    // Documentation addresses and names (RFC 5737, RFC 2606); the key of the hash is not the one of the install.
    let row = |what: &'static str, before: &str, after: String| SampleRow {
        what,
        before: before.to_owned(),
        after,
    };
    let address = "203.0.113.77";
    let kept = address.parse().map(ip::mask).map_or_else(|_| String::new(), |ip| ip.to_string());
    let page =
        "https://shop.example.com/account/12345?page=2&token=f81d4fae&email=anna@example.com";
    let message = "no basket for anna@example.com, card 4111 1111 1111 1111";
    let tag = "anna.holm@example.com";
    let caption = "click on \"Buy now\" on page /basket";
    vec![
        row("IP address", address, if p.mask_ip { kept } else { address.to_owned() }),
        row("Page", page, url::clean(page, p)),
        row("Error message", message, text::mask(message, p).into_owned()),
        row(
            "User tag",
            tag,
            tag::mask(tag, p.user_tag, &[0; 32]).unwrap_or_else(|| "not kept".to_owned()),
        ),
        row(
            "User action",
            caption,
            if p.mask_captions { "click on BUTTON on page /basket" } else { caption }.to_owned(),
        ),
        row(
            "Place",
            "Denmark, Central Jutland, Aarhus",
            match p.place {
                PlacePrivacy::Full => "as exact as the database is",
                PlacePrivacy::Country => "Denmark",
                PlacePrivacy::None => "not kept",
            }
            .to_owned(),
        ),
    ]
}

/// The fields of what is captured.
#[must_use]
pub fn capture(a: &Application) -> Vec<Field> {
    let c = &a.capture;
    let browsers: Vec<String> = a.exclusions.browsers.iter().map(browser_text).collect();
    vec![
        Field::new(
            "number",
            "capture_percent",
            "Captured sessions",
            &a.capture_percent.to_string(),
        )
        .unit("%")
        .help("Whole sessions are captured or left out. Default 100."),
        Field::check("capture/javascript_errors", "JavaScript errors", c.javascript_errors),
        Field::check("capture/request_errors", "Failed requests, images, scripts and styles", c.request_errors),
        Field::check("capture/web_vitals", "Web vitals", c.web_vitals)
            .help("Largest contentful paint, interaction to next paint, layout shift."),
        Field::check("capture/clicks", "Rage clicks and dead clicks", c.clicks),
        Field::check("capture/resources", "Requests of actions, for the waterfall", c.resources),
        Field::new(
            "number",
            "capture/resources_max",
            "Requests of an action kept whole",
            &c.resources_max.to_string(),
        )
        .help("The rest is counted by host and kind. Default 30, at most 100."),
        Field::check(
            "capture/follow_async",
            "Requests and timers after an input belong to its action",
            c.follow_async,
        )
        .help("On by default: an action ends when what it set off has ended."),
        Field::new(
            "area",
            "capture/request_skip",
            "Requests that are never recorded",
            &c.request_skip.join("\n"),
        )
        .help("One part of an address a line, as /heartbeat."),
        Field::check("exclusions/robots", "Leave out robots", a.exclusions.robots)
            .help("Off by default: robots are captured and told apart from people."),
        Field::new("area", "exclusions/browsers", "Browsers that are left out", &browsers.join("\n"))
            .help("One a line, as Internet Explorer, Safari <= 12, Chrome = 150 or Firefox >= 140."),
        Field::new(
            "area",
            "exclusions/addresses",
            "Visitors' addresses that are left out",
            &a.exclusions.addresses.join("\n"),
        )
        .help("One a line, as 192.0.2.7, 192.0.2.0/24 or 192.0.2.1-192.0.2.9. Compared before masking, never written."),
    ]
}

/// What is captured as it was sent.
pub fn change_capture(a: &mut Application, sent: &[(String, String)]) -> Result<(), WebError> {
    a.capture_percent = super::application_forms::whole(sent, "capture_percent")?;
    let c = &mut a.capture;
    c.javascript_errors = is_set(sent, "capture/javascript_errors");
    c.request_errors = is_set(sent, "capture/request_errors");
    c.web_vitals = is_set(sent, "capture/web_vitals");
    c.clicks = is_set(sent, "capture/clicks");
    c.resources = is_set(sent, "capture/resources");
    c.resources_max = super::application_forms::whole(sent, "capture/resources_max")?;
    c.follow_async = is_set(sent, "capture/follow_async");
    c.request_skip = lines(sent, "capture/request_skip");
    a.exclusions.robots = is_set(sent, "exclusions/robots");
    a.exclusions.addresses = lines(sent, "exclusions/addresses");
    a.exclusions.browsers = lines(sent, "exclusions/browsers")
        .iter()
        .map(|line| {
            parse_browser(line).ok_or_else(|| {
                let detail =
                    format!("{line}: as Safari, Safari <= 12, Safari = 12 or Safari >= 12");
                super::application_forms::fault("exclusions/browsers", &detail)
            })
        })
        .collect::<Result<_, _>>()?;
    Ok(())
}
