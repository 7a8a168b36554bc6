//! Forms of the settings of an application: fields from it, and it from fields.

use super::fields::{get, is_set, lines};
use super::{apdex_forms, privacy_forms};
use crate::base::time::Millis;
use crate::logic::application_check;
use crate::model::application::{
    Application, PageSource, PropertyRule, PropertyScope, UserTagRule,
};
use crate::web::error::{FieldError, WebError};
use crate::web::ui::applications::{TagRuleRow, TagRulesView};
use crate::web::ui::parts::{Field, Form};

/// Sections: address, title, what they are for.
pub const SECTIONS: &[(&str, &str, &str)] = &[
    ("general", "General", "Name, and whether beacons are taken."),
    (
        "detection",
        "Detection rules",
        "What comes in by the tag of the default application goes to the application of the first rule that fits. The tag of any other application stays with it.",
    ),
    ("tagging", "User tags", "How the agent finds out who the visitor is."),
    (
        "properties",
        "Properties",
        "What else the agent reads from the page, to search and split by.",
    ),
    ("apdex", "Apdex", "When an action is fast enough, and when it is too slow."),
    ("sessions", "Sessions", "When a session ends."),
    (
        "privacy",
        "Privacy",
        "What is masked before anything is written. It cannot be brought back later.",
    ),
    ("capture", "Capture", "What the agent records, and which visits are left out."),
    ("origins", "Allowed origins", "Pages from which beacons are taken."),
    ("snippet", "Snippet", "The line that brings the agent into your pages."),
    ("delete", "Delete", "Take this application away for good."),
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
        "apdex" => apdex_forms::fields(application),
        "sessions" => sessions(application),
        "privacy" => privacy_forms::privacy(application),
        "capture" => privacy_forms::capture(application),
        "origins" => origins(application),
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
    ]
}

fn origins(a: &Application) -> Vec<Field> {
    vec![
        Field::new("area", "allowed_origins", "Allowed origins", &a.allowed_origins.join("\n"))
            .help("One a line, as https://shop.example.com or *.example.com. Empty takes all."),
    ]
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

/// The rules of user tags.
#[must_use]
pub fn tag_rules(application: &Application) -> TagRulesView {
    let rows = application.user_tag_rules.iter().enumerate().map(|(place, rule)| TagRuleRow {
        number: place + 1,
        source: source_words(rule.source).to_owned(),
        expression: rule.expression.clone(),
        cleanup: rule.cleanup.clone(),
        key: place.to_string(),
        may_rise: place > 0,
        ..TagRuleRow::default()
    });
    rules_view(application, "tagging", rows.collect(), Vec::new())
}

/// The rules of properties.
#[must_use]
pub fn property_rules(application: &Application) -> TagRulesView {
    let rows = application.property_rules.iter().enumerate().map(|(place, rule)| TagRuleRow {
        number: place + 1,
        property: format!("{} ({})", rule.key, scope_words(rule.scope)),
        source: source_words(rule.source).to_owned(),
        expression: rule.expression.clone(),
        cleanup: rule.cleanup.clone(),
        key: place.to_string(),
        may_rise: place > 0,
    });
    let fields = vec![
        Field::new("text", "key", "Key", "")
            .help("As basket.value: letters, digits, dots, dashes and underscores.")
            .required(),
        Field::choice(
            "scope",
            "Of",
            "action",
            &[("action", "Each user action"), ("session", "The session; the last value wins")],
        ),
    ];
    TagRulesView {
        is_property: true,
        ..rules_view(application, "properties", rows.collect(), fields)
    }
}

fn rules_view(
    application: &Application,
    section: &str,
    rows: Vec<TagRuleRow>,
    mut fields: Vec<Field>,
) -> TagRulesView {
    let action = format!("/apps/{}/settings/{section}", application.id);
    fields.extend([
        Field::choice("source", "Where", "css_selector", SOURCES),
        Field::new("text", "expression", "Selector, path or name", "").required(),
        Field::new("text", "cleanup", "Part of it", "").help(
            "Regular expression whose first group is the value, as Welcome (.*). Empty takes all of it.",
        ),
        Field::new("text", "sample", "Try it with", "").help(
            "A text as the page has it, as Welcome Ryan. Only for the test; it is not stored.",
        ),
        revision(application),
    ]);
    let submit = "Add".to_owned();
    let form = Form { action: action.clone(), fields, submit, error: String::new() };
    TagRulesView {
        rows,
        revision: application.revision.to_string(),
        form,
        action,
        is_property: false,
        live: None,
    }
}

const fn scope_words(scope: PropertyScope) -> &'static str {
    match scope {
        PropertyScope::Action => "action",
        PropertyScope::Session => "session",
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
        }
        "origins" => a.allowed_origins = lines(sent, "allowed_origins"),
        "apdex" => a.apdex = apdex_forms::changed(sent)?,
        "sessions" => {
            a.session.idle = Millis::mins(whole(sent, "session/idle")?);
            a.session.duration_max = Millis::mins(whole(sent, "session/duration_max")?);
            a.session.actions_max = whole(sent, "session/actions_max")?;
            a.session.split_on_user_change = is_set(sent, "session/split_on_user_change");
        }
        "privacy" => privacy_forms::change_privacy(&mut a, sent),
        "capture" => privacy_forms::change_capture(&mut a, sent)?,
        "tagging" => change_tag_rules(&mut a, sent)?,
        "properties" => change_property_rules(&mut a, sent)?,
        _ => return Err(WebError::not_found("section")),
    }
    Ok(a)
}

/// Moves or removes a rule of a list; `false` when a new one is wanted.
fn rearrange<T>(rules: &mut Vec<T>, sent: &[(String, String)]) -> Result<bool, WebError> {
    match get(sent, "do") {
        "remove" => {
            let place: usize = whole(sent, "rule")?;
            if place < rules.len() {
                rules.remove(place);
            }
            Ok(true)
        }
        "up" => {
            let place: usize = whole(sent, "rule")?;
            if (1..rules.len()).contains(&place) {
                rules.swap(place - 1, place);
            }
            Ok(true)
        }
        _ => Ok(false),
    }
}

/// A rule as it was sent: where, what, and which part of it.
pub fn sent_rule(sent: &[(String, String)]) -> Result<(PageSource, String, String), WebError> {
    let expression = get(sent, "expression");
    if expression.is_empty() {
        return Err(fault("expression", "say where to look"));
    }
    if regex::Regex::new(get(sent, "cleanup")).is_err() {
        return Err(fault("cleanup", "this is not a regular expression"));
    }
    let source = match get(sent, "source") {
        "javascript_variable" => PageSource::JavascriptVariable,
        "meta_tag" => PageSource::MetaTag,
        "cookie" => PageSource::Cookie,
        "query_string" => PageSource::QueryString,
        _ => PageSource::CssSelector,
    };
    Ok((source, expression.to_owned(), get(sent, "cleanup").to_owned()))
}

fn change_tag_rules(a: &mut Application, sent: &[(String, String)]) -> Result<(), WebError> {
    if rearrange(&mut a.user_tag_rules, sent)? {
        return Ok(());
    }
    let (source, expression, cleanup) = sent_rule(sent)?;
    a.user_tag_rules.push(UserTagRule { source, expression, cleanup });
    Ok(())
}

fn change_property_rules(a: &mut Application, sent: &[(String, String)]) -> Result<(), WebError> {
    if rearrange(&mut a.property_rules, sent)? {
        return Ok(());
    }
    let (source, expression, cleanup) = sent_rule(sent)?;
    let key = get(sent, "key").to_owned();
    let scope = if get(sent, "scope") == "session" {
        PropertyScope::Session
    } else {
        PropertyScope::Action
    };
    a.property_rules.push(PropertyRule { key, scope, source, expression, cleanup });
    // Faults of a new rule belong beside the fields in which it was typed.
    let last = format!("/property_rules/{}/", a.property_rules.len() - 1);
    let faults = application_check::check_application(a);
    let own = faults
        .into_iter()
        .find_map(|(pointer, detail)| pointer.strip_prefix(&last).map(|name| fault(name, &detail)));
    own.map_or(Ok(()), Err)
}

/// A fault beside a field.
#[must_use]
pub fn fault(name: &str, detail: &str) -> WebError {
    WebError::invalid(vec![FieldError { pointer: format!("/{name}"), detail: detail.to_owned() }])
}

/// A whole number that was sent.
pub fn whole<T: std::str::FromStr>(sent: &[(String, String)], name: &str) -> Result<T, WebError> {
    get(sent, name).parse().map_err(|_| fault(name, "a whole number is needed, and not too large"))
}

#[cfg(test)]
#[path = "application_forms_tests.rs"]
mod tests;
