//! Detection rules: which traffic belongs to which application.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};

use super::application_settings::{blank, draw};
use super::applications::create;
use super::fields::{self, Sent, get};
use super::shell::{encode, plural};
use crate::base::id::ApplicationId;
use crate::base::text;
use crate::engine::observed::Domain;
use crate::logic::detection::Detector;
use crate::model::application::{Application, DetectionOperator, DetectionRule, DetectionTarget};
use crate::web::api::applications as api;
use crate::web::api::detection_rules;
use crate::web::auth::Identity;
use crate::web::error::WebError;
use crate::web::format;
use crate::web::gate::see_other;
use crate::web::state::WebState;
use crate::web::ui::applications::{DomainRow, RuleRow, RulesView};
use crate::web::ui::parts::{Field, Form};

/// Domains that are listed.
const DOMAINS: usize = 20;
/// Rules that are listed behind the one that wins.
const OTHERS: usize = 5;

const TARGETS: &[(&str, &str)] = &[("domain", "Domain"), ("url", "Address")];
const OPERATORS: &[(&str, &str)] = &[
    ("matches", "is or is below (domains)"),
    ("equals", "is"),
    ("starts_with", "starts with"),
    ("ends_with", "ends with"),
    ("contains", "contains"),
];

/// The rules as a page shows them, with the check of an address.
#[must_use]
pub fn view(state: &WebState, application: &Application, check: &str) -> RulesView {
    let rules = state.services.catalog.detection_rules();
    let applications = state.services.catalog.applications();
    let name_of = |rule: &DetectionRule| {
        let found = applications.iter().find(|a| a.id == rule.application);
        found.map_or_else(|| rule.application.to_string(), |a| a.name.clone())
    };
    let revision = detection_rules::revision(&rules);
    let (verdict, others) = verdict(&rules, text::cut(check, 4_096), &name_of);
    let rows = rules.iter().enumerate().map(|(place, rule)| RuleRow {
        number: place + 1,
        text: words(rule),
        application: name_of(rule),
        is_own: rule.application == application.id,
        key: format!("{revision}.{place}"),
        may_rise: place > 0,
        may_sink: place + 1 < rules.len(),
    });
    RulesView {
        rows: rows.collect(),
        action: format!("/apps/{}/rules", application.id),
        address: check.to_owned(),
        verdict,
        others,
        form: new_form(application, revision),
        domains: domains(state, application),
        adopt: format!("/apps/{}/domains", application.id),
    }
}

/// Which rule wins, and which fit as well but come later.
fn verdict(
    rules: &[DetectionRule],
    check: &str,
    name_of: &dyn Fn(&DetectionRule) -> String,
) -> (String, Vec<String>) {
    if check.trim().is_empty() {
        return (String::new(), Vec::new());
    }
    let found = Detector::new(rules).explain(check.trim());
    let mut fitting = found.matching.iter().filter_map(|place| Some((place, rules.get(*place)?)));
    let verdict = match fitting.next() {
        Some((place, rule)) => {
            format!("Rule {} wins and gives it to {}: {}.", place + 1, name_of(rule), words(rule))
        }
        None => "No rule fits: it stays with the default application.".to_owned(),
    };
    let late = fitting.map(|(place, rule)| {
        format!("Rule {} would fit as well: {}, {}.", place + 1, words(rule), name_of(rule))
    });
    (verdict, late.take(OTHERS).collect())
}

/// Domains from which pages of an application came since the start of the server, and who gets them by a rule.
#[must_use]
pub fn domains(state: &WebState, application: &Application) -> Vec<DomainRow> {
    let services = &state.services;
    let (rules, now) = (services.catalog.detection_rules(), services.now());
    let detector = Detector::new(&rules);
    let seen = services.observed.domains(application.id).into_iter().take(DOMAINS);
    let row = |domain: Domain| {
        let owner = detector.find(&format!("https://{}/", domain.host));
        let owner = owner.and_then(|id| services.catalog.application(id));
        DomainRow {
            note: format!(
                "{}, last {}",
                plural(domain.count, "beacon"),
                format::ago(domain.last_at, now)
            ),
            host: domain.host,
            application: owner.map_or_else(String::new, |owner| owner.name),
        }
    };
    seen.map(row).collect()
}

/// `POST /apps/{application}/domains`: makes an application of a domain that was seen, with its rule.
pub async fn adopt(
    state: Data<WebState>,
    identity: Identity,
    id: Path<String>,
    sent: Sent,
) -> Result<HttpResponse, WebError> {
    let application = api::find(&state, &id)?;
    let host = get(&sent, "host").to_owned();
    let seen = state.services.observed.domains(application.id);
    if seen.iter().all(|domain| domain.host != host) {
        return Err(WebError::not_found("domain"));
    }
    let wanted = [("name".to_owned(), host.clone()), ("domain".to_owned(), host)];
    match create(&state, &identity, &wanted).await {
        Ok(made) => Ok(see_other(&format!("/apps/{}/settings/detection?saved=1", made.id))),
        Err(error) if error.status.is_client_error() => {
            let mut page = blank(&state, &identity, &application, "detection")?;
            let mut rules = view(&state, &application, "");
            rules.form.error.clone_from(&error.detail);
            page.rules = Some(rules);
            draw(&state, &identity, &page, error.status)
        }
        Err(error) => Err(error),
    }
}

fn new_form(application: &Application, revision: u32) -> Form {
    Form {
        action: format!("/apps/{}/rules", application.id),
        fields: vec![
            Field::choice("target", "Look at", "domain", TARGETS),
            Field::choice("operator", "It", "matches", OPERATORS),
            Field::new("text", "pattern", "Pattern", "")
                .help("Letter case does not matter.")
                .required(),
            Field::new("hidden", "rule", "", &format!("{revision}.0")),
        ],
        submit: "Add at the end".to_owned(),
        error: String::new(),
    }
}

fn words(rule: &DetectionRule) -> String {
    let target = match rule.target {
        DetectionTarget::Domain => "Domain",
        DetectionTarget::Url => "Address",
    };
    let operator = match rule.operator {
        DetectionOperator::Equals => "is",
        DetectionOperator::StartsWith => "starts with",
        DetectionOperator::EndsWith => "ends with",
        DetectionOperator::Contains => "contains",
        DetectionOperator::Matches => "is or is below",
    };
    format!("{target} {operator} {}", rule.pattern)
}

/// `POST /apps/{application}/rules`: adds, moves or removes one.
pub async fn change(
    state: Data<WebState>,
    identity: Identity,
    id: Path<String>,
    sent: Sent,
) -> Result<HttpResponse, WebError> {
    let application = api::find(&state, &id)?;
    let known = state.services.catalog.detection_rules();
    let mut rules: Vec<DetectionRule> = known.as_ref().clone();
    let (revision, place) = get(&sent, "rule").split_once('.').unwrap_or_default();
    let expected = revision.parse().unwrap_or(0);
    let place: usize = place.parse().unwrap_or(usize::MAX);
    let done = match get(&sent, "do") {
        "up" if place > 0 && place < rules.len() => {
            rules.swap(place - 1, place);
            Ok(())
        }
        "down" if place < rules.len().saturating_sub(1) => {
            rules.swap(place, place + 1);
            Ok(())
        }
        "remove" if place < rules.len() => {
            rules.remove(place);
            Ok(())
        }
        "" => {
            rules.push(from_form(&application, &sent));
            Ok(())
        }
        _ => Err(WebError::bad_request("bad_form", "there is no such rule")),
    };
    let stored = match done {
        Ok(()) => detection_rules::store(&state, &identity, rules, expected).await,
        Err(error) => Err(error),
    };
    match stored {
        Ok(()) => Ok(see_other(&format!(
            "/apps/{}/settings/detection?saved=1",
            encode(&application.id.to_string())
        ))),
        Err(error) if error.status.is_client_error() => {
            let mut page = blank(&state, &identity, &application, "detection")?;
            let mut rules = view(&state, &application, "");
            fields::put_back(&mut rules.form, &sent, &error);
            page.rules = Some(rules);
            draw(&state, &identity, &page, error.status)
        }
        Err(error) => Err(error),
    }
}

fn from_form(application: &Application, sent: &[(String, String)]) -> DetectionRule {
    DetectionRule {
        application: application.id,
        target: if get(sent, "target") == "url" {
            DetectionTarget::Url
        } else {
            DetectionTarget::Domain
        },
        operator: match get(sent, "operator") {
            "equals" => DetectionOperator::Equals,
            "starts_with" => DetectionOperator::StartsWith,
            "ends_with" => DetectionOperator::EndsWith,
            "contains" => DetectionOperator::Contains,
            _ => DetectionOperator::Matches,
        },
        pattern: get(sent, "pattern").to_owned(),
    }
}

/// How many of all detection rules lead to an application: the list below it shows those of the others as well.
#[must_use]
pub fn leading_here(application: ApplicationId, rules: &[DetectionRule]) -> String {
    let own = rules.iter().filter(|rule| rule.application == application).count() as u64;
    match (own, rules.len() as u64) {
        (_, 0) => "no detection rule".to_owned(),
        (0, _) if application == ApplicationId::DEFAULT => {
            "gets what no detection rule claims".to_owned()
        }
        (0, 1) => "the only detection rule leads elsewhere".to_owned(),
        (0, all) => format!("none of {} leads here", plural(all, "detection rule")),
        (1, 1) => "the only detection rule leads here".to_owned(),
        (1, all) => format!("1 of {} leads here", plural(all, "detection rule")),
        (own, all) => format!("{own} of {} lead here", plural(all, "detection rule")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::application::{DetectionOperator, DetectionTarget};

    #[test]
    fn rules_of_others_are_not_nothing() {
        let rules = |targets: &[u32]| -> Vec<DetectionRule> {
            let rule = |target: &u32| DetectionRule {
                application: ApplicationId(*target),
                target: DetectionTarget::Domain,
                operator: DetectionOperator::Matches,
                pattern: "example.com".to_owned(),
            };
            targets.iter().map(rule).collect()
        };
        for (application, targets, expected) in [
            (1, &[][..], "no detection rule"),
            (1, &[2], "gets what no detection rule claims"),
            (1, &[1, 2], "1 of 2 detection rules leads here"),
            (2, &[1], "the only detection rule leads elsewhere"),
            (2, &[1, 3], "none of 2 detection rules leads here"),
            (2, &[2], "the only detection rule leads here"),
            (2, &[2, 1, 2], "2 of 3 detection rules lead here"),
        ] {
            let told = leading_here(ApplicationId(application), &rules(targets));
            assert_eq!(told, expected, "{application} {targets:?}");
        }
    }
}
