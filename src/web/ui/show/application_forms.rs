//! Forms of the settings of an application: fields from it, and it from fields.

use super::fields::{get, is_set, lines};
use crate::base::time::Millis;
use crate::model::application::{
    ApdexThreshold, Application, PageSource, PlacePrivacy, UserTagPrivacy, UserTagRule,
};
use crate::web::error::{FieldError, WebError};
use crate::web::ui::applications::{TagRuleRow, TagRulesView};
use crate::web::ui::parts::{Field, Form};

/// Sections: address, title, what they are for.
pub const SECTIONS: &[(&str, &str, &str)] = &[
    ("general", "General", "Name, and which beacons are taken."),
    (
        "detection",
        "Detection rules",
        "What comes in by the tag of the default application goes to the application of the first rule that fits. The tag of any other application stays with it.",
    ),
    ("tagging", "User tags", "How the agent finds out who the visitor is."),
    ("apdex", "Apdex", "When an action is fast enough, and when it is too slow."),
    ("sessions", "Sessions", "When a session ends."),
    (
        "privacy",
        "Privacy",
        "What is masked before anything is written. It cannot be brought back later.",
    ),
    ("snippet", "Snippet", "The line that brings the agent into your pages."),
];

const SOURCES: &[(&str, &str)] = &[
    ("css_selector", "Text of an element (CSS selector, selector@attribute)"),
    ("javascript_variable", "JavaScript variable"),
    ("meta_tag", "Meta element"),
    ("cookie", "Cookie"),
    ("query_string", "Query parameter"),
];

/// The form of a section; none where there is nothing to fill in.
#[must_use]
pub fn form(section: &str, application: &Application) -> Option<Form> {
    let mut fields = match section {
        "general" => general(application),
        "apdex" => apdex(application),
        "sessions" => sessions(application),
        "privacy" => privacy(application),
        _ => return None,
    };
    fields.push(revision(application));
    Some(Form {
        action: format!("/apps/{}/settings/{section}", application.id),
        fields,
        submit: "Save".to_owned(),
        error: String::new(),
    })
}

/// Adds an origin to the list of allowed ones that a form shows: whoever looks at it saves it.
pub fn propose_origin(form: &mut Form, origin: &str) {
    let is_origin = origin.starts_with("http") && !origin.contains(char::is_whitespace);
    let field = form.fields.iter_mut().find(|field| field.name == "allowed_origins");
    if let Some(field) = field.filter(|_| is_origin && origin.len() <= 300)
        && !field.value.lines().any(|line| line == origin)
    {
        let all = [field.value.as_str(), origin].join("\n");
        all.trim().clone_into(&mut field.value);
        field.help = format!("{origin} is filled in. Save to allow it. {}", field.help);
    }
}

fn revision(application: &Application) -> Field {
    Field::new("hidden", "revision", "", &application.revision.to_string())
}

fn general(a: &Application) -> Vec<Field> {
    vec![
        Field::new("text", "name", "Name", &a.name).required(),
        Field::check("enabled", "Take beacons", a.enabled)
            .help("When off, beacons are refused with a reason that the health page shows."),
        Field::new(
            "number",
            "capture_percent",
            "Captured sessions",
            &a.capture_percent.to_string(),
        )
        .unit("%")
        .help("Whole sessions are captured or left out. Default 100."),
        Field::new("area", "allowed_origins", "Allowed origins", &a.allowed_origins.join("\n"))
            .help("One a line, as https://shop.example.com or *.example.com. Empty takes all."),
        Field::new(
            "number",
            "capture/resources_max",
            "Requests of an action kept whole",
            &a.capture.resources_max.to_string(),
        )
        .help("The rest is counted by host and kind. Default 30, at most 100."),
    ]
}

/// Seconds with at most three decimals.
fn seconds(span: Millis) -> String {
    let text = format!("{}.{:03}", span.0 / 1_000, span.0 % 1_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn apdex(a: &Application) -> Vec<Field> {
    let pair = |key: &str, label: &str, threshold: ApdexThreshold| {
        [
            Field::new(
                "number",
                &format!("apdex/{key}/satisfied"),
                &format!("{label}: satisfied up to"),
                &seconds(threshold.satisfied),
            )
            .unit("s"),
            Field::new(
                "number",
                &format!("apdex/{key}/tolerating"),
                &format!("{label}: tolerated up to"),
                &seconds(threshold.tolerating),
            )
            .unit("s"),
        ]
    };
    let mut fields = Vec::new();
    fields.extend(pair("load", "Page loads", a.apdex.load));
    fields.extend(pair("xhr", "XHR actions", a.apdex.xhr));
    fields.extend(pair("custom", "Custom actions", a.apdex.custom));
    if let Some(last) = fields.last_mut() {
        "Slower is frustrating, and so is every action with an error. Defaults 3 s and 15 s."
            .clone_into(&mut last.help);
    }
    fields
}

fn sessions(a: &Application) -> Vec<Field> {
    let minutes = |span: Millis| (span.0 / 60_000).to_string();
    vec![
        Field::new("number", "session/idle", "Ends after inactivity of", &minutes(a.session.idle))
            .unit("min")
            .help("Default 35, 1 to 120."),
        Field::new(
            "number",
            "session/duration_max",
            "Longest session",
            &minutes(a.session.duration_max),
        )
        .unit("min")
        .help("Default 480, 5 to 1440."),
        Field::new(
            "number",
            "session/actions_max",
            "User actions of one part",
            &a.session.actions_max.to_string(),
        )
        .help("The next action opens the next part. Default 200."),
        Field::check(
            "session/split_on_user_change",
            "Another person signing in begins a new session",
            a.session.split_on_user_change,
        ),
    ]
}

fn privacy(a: &Application) -> Vec<Field> {
    let p = &a.privacy;
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
    ]
}

/// The rules of user tags.
#[must_use]
pub fn tag_rules(application: &Application) -> TagRulesView {
    let action = format!("/apps/{}/settings/tagging", application.id);
    let rows = application.user_tag_rules.iter().enumerate().map(|(place, rule)| TagRuleRow {
        number: place + 1,
        source: source_words(rule.source).to_owned(),
        expression: rule.expression.clone(),
        cleanup: rule.cleanup.clone(),
        key: place.to_string(),
    });
    TagRulesView {
        rows: rows.collect(),
        revision: application.revision.to_string(),
        form: Form {
            action: action.clone(),
            fields: vec![
                Field::choice("source", "Where", "css_selector", SOURCES),
                Field::new("text", "expression", "Selector, path or name", "").required(),
                Field::new("text", "cleanup", "Part of it", "").help(
                    "Regular expression whose first group is the tag, as Welcome (.*). Empty takes all of it.",
                ),
                revision(application),
            ],
            submit: "Add".to_owned(),
            error: String::new(),
        },
        action,
    }
}

fn source_words(source: PageSource) -> &'static str {
    match source {
        PageSource::CssSelector => "Text of an element",
        PageSource::JavascriptVariable => "JavaScript variable",
        PageSource::MetaTag => "Meta element",
        PageSource::Cookie => "Cookie",
        PageSource::QueryString => "Query parameter",
    }
}

/// The application with the fields of a section as they were sent.
pub fn changed(
    section: &str,
    before: &Application,
    sent: &[(String, String)],
) -> Result<Application, WebError> {
    let mut a = before.clone();
    match section {
        "general" => {
            get(sent, "name").clone_into(&mut a.name);
            a.enabled = is_set(sent, "enabled");
            a.capture_percent = whole(sent, "capture_percent")?;
            a.allowed_origins = lines(sent, "allowed_origins");
            a.capture.resources_max = whole(sent, "capture/resources_max")?;
        }
        "apdex" => {
            a.apdex.load = threshold(sent, "load")?;
            a.apdex.xhr = threshold(sent, "xhr")?;
            a.apdex.custom = threshold(sent, "custom")?;
        }
        "sessions" => {
            a.session.idle = Millis::mins(whole(sent, "session/idle")?);
            a.session.duration_max = Millis::mins(whole(sent, "session/duration_max")?);
            a.session.actions_max = whole(sent, "session/actions_max")?;
            a.session.split_on_user_change = is_set(sent, "session/split_on_user_change");
        }
        "privacy" => change_privacy(&mut a, sent),
        "tagging" => change_tag_rules(&mut a, sent)?,
        _ => return Err(WebError::not_found("section")),
    }
    Ok(a)
}

fn change_privacy(a: &mut Application, sent: &[(String, String)]) {
    let p = &mut a.privacy;
    p.mask_ip = is_set(sent, "privacy/mask_ip");
    p.mask_captions = is_set(sent, "privacy/mask_captions");
    p.mask_personal_data = is_set(sent, "privacy/mask_personal_data");
    p.query_allow = lines(sent, "privacy/query_allow");
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
}

fn change_tag_rules(a: &mut Application, sent: &[(String, String)]) -> Result<(), WebError> {
    if get(sent, "do") == "remove" {
        let place: usize = whole(sent, "rule")?;
        if place < a.user_tag_rules.len() {
            a.user_tag_rules.remove(place);
        }
        return Ok(());
    }
    let expression = get(sent, "expression");
    if expression.is_empty() {
        return Err(fault("expression", "say where to look"));
    }
    if regex::Regex::new(get(sent, "cleanup")).is_err() {
        return Err(fault("cleanup", "this is not a regular expression"));
    }
    a.user_tag_rules.push(UserTagRule {
        source: match get(sent, "source") {
            "javascript_variable" => PageSource::JavascriptVariable,
            "meta_tag" => PageSource::MetaTag,
            "cookie" => PageSource::Cookie,
            "query_string" => PageSource::QueryString,
            _ => PageSource::CssSelector,
        },
        expression: expression.to_owned(),
        cleanup: get(sent, "cleanup").to_owned(),
    });
    Ok(())
}

fn fault(name: &str, detail: &str) -> WebError {
    WebError::invalid(vec![FieldError { pointer: format!("/{name}"), detail: detail.to_owned() }])
}

fn whole<T: std::str::FromStr>(sent: &[(String, String)], name: &str) -> Result<T, WebError> {
    get(sent, name).parse().map_err(|_| fault(name, "a whole number is needed, and not too large"))
}

fn threshold(sent: &[(String, String)], kind: &str) -> Result<ApdexThreshold, WebError> {
    Ok(ApdexThreshold {
        satisfied: span(sent, &format!("apdex/{kind}/satisfied"))?,
        tolerating: span(sent, &format!("apdex/{kind}/tolerating"))?,
    })
}

/// Seconds with decimals as a span.
fn span(sent: &[(String, String)], name: &str) -> Result<Millis, WebError> {
    let typed = get(sent, name).replace(',', ".");
    let (whole, part) = typed.split_once('.').unwrap_or((typed.as_str(), ""));
    let part: String = part.chars().chain("000".chars()).take(3).collect();
    let millis = |text: &str| text.parse::<u32>().ok();
    millis(whole)
        .zip(millis(&part))
        .and_then(|(whole, part)| whole.checked_mul(1_000)?.checked_add(part))
        .map(Millis)
        .ok_or_else(|| fault(name, "seconds are needed, as 3 or 2.5"))
}

#[cfg(test)]
#[path = "application_forms_tests.rs"]
mod tests;
