//! Every setting by name: for the filter of `/settings` and for the search.

use super::words;
use crate::model::application::Application;
use crate::web::auth::Identity;
use crate::web::permission::Permission;
use crate::web::state::WebState;

/// Applications whose settings are listed one by one; all others are reached through their page.
const APPLICATIONS_MAX: usize = 20;

/// Name, effect, section of the application.
#[rustfmt::skip]
const OF_APPLICATIONS: &[(&str, &str, &str)] = &[
    ("Name", "how lists call the application", "general"),
    ("Take beacons", "when off, beacons are refused with a reason", "general"),
    ("Captured sessions", "percentage of sessions that are kept", "capture"),
    ("Allowed origins", "pages from which beacons are taken", "origins"),
    ("Requests kept whole", "how many requests of an action have a row of their own", "capture"),
    ("Detection rules", "which traffic belongs to the application", "detection"),
    ("User tag rules", "reads from the page who is signed in", "tagging"),
    ("Apdex thresholds", "until when an action satisfies, and is tolerated", "apdex"),
    ("Inactivity", "after which a session ends", "sessions"),
    ("Longest session", "after which the next part begins", "sessions"),
    ("Mask IP addresses", "cuts off their last part before storing", "privacy"),
    ("User tags", "kept, coded, or not kept", "privacy"),
    ("Mask captions", "names actions without the text of what was clicked", "privacy"),
    ("Mask personal data in texts", "e-mail addresses, card numbers and the like", "privacy"),
    ("Query parameters", "which parameters of addresses are kept", "privacy"),
    ("Consent", "nothing is stored or sent before the visitor agreed", "privacy"),
    ("Do Not Track", "what becomes of visitors who ask not to be tracked", "privacy"),
    ("Cookieless", "no cookie and no storage in the browser", "privacy"),
    ("Query parameters that never leave the page", "values that the agent drops", "privacy"),
    ("Property rules", "reads more from the page, to search and split by", "properties"),
    ("What is captured", "errors, web vitals, clicks, requests", "capture"),
    ("Exclusions", "visits left out by address, browser or robot", "capture"),
    ("Snippet", "the line for your pages, in five formats", "snippet"),
    ("Delete", "takes the application away", "delete"),
];

/// Name, effect, address, permission.
#[rustfmt::skip]
const OF_INSTALL: &[(&str, &str, &str, Option<Permission>)] = &[
    ("Users", "who may sign in", "/settings/users", Some(Permission::ReadAccounts)),
    ("Roles", "what people may do", "/settings/users", Some(Permission::ReadAccounts)),
    ("Unmasked data", "who may see it", "/settings/users", Some(Permission::ReadAccounts)),
    ("API tokens", "keys for programs", "/settings/tokens", Some(Permission::ReadTokens)),
    ("Audit log", "who changed what", "/settings/audit", Some(Permission::ReadAudit)),
    ("Theme", "light, dark, or as the system", "/me", None),
    ("Time zone", "in which you read times", "/me", None),
    ("Single keys", "switch shortcuts off", "/me", None),
    ("Password", "your own", "/me#password", None),
    ("API tokens of mine", "keys for programs that act for you", "/me#tokens", None),
];

/// A setting.
#[derive(Debug, Clone, Default)]
pub struct Setting {
    /// Name.
    pub name: String,
    /// What it does, in one line.
    pub effect: String,
    /// Of what: an application, or the server.
    pub place: String,
    /// Where it is changed.
    pub href: String,
}

fn fits(text: &str, words: &[String]) -> bool {
    let text = text.to_lowercase();
    words.iter().all(|word| text.contains(word.as_str()))
}

/// Settings that the role may see and that have every word; all of them without a word.
#[must_use]
pub fn find(state: &WebState, identity: &Identity, text: &str) -> Vec<Setting> {
    let words: Vec<String> = text.split_whitespace().take(8).map(str::to_lowercase).collect();
    let mut found: Vec<Setting> = OF_INSTALL
        .iter()
        .filter(|(.., needed)| needed.is_none_or(|permission| identity.can(permission)))
        .map(|(name, effect, href, needed)| Setting {
            name: (*name).to_owned(),
            effect: (*effect).to_owned(),
            place: if needed.is_some() { "Server" } else { "My account" }.to_owned(),
            href: (*href).to_owned(),
        })
        .collect();
    if identity.can(Permission::WriteApplications) {
        let applications = state.services.catalog.applications();
        found.extend(applications.iter().take(APPLICATIONS_MAX).flat_map(of_application));
    }
    found.retain(|setting| {
        fits(&format!("{} {} {}", setting.name, setting.effect, setting.place), &words)
    });
    found
}

fn of_application(application: &Application) -> Vec<Setting> {
    OF_APPLICATIONS
        .iter()
        .map(|(name, effect, section)| Setting {
            name: (*name).to_owned(),
            effect: (*effect).to_owned(),
            place: application.name.clone(),
            href: format!("/apps/{}/settings/{section}", application.id),
        })
        .collect()
}

/// The role of whoever asks, for the line that says what is not in the list.
#[must_use]
pub fn note(identity: &Identity) -> String {
    format!("Settings that the role {} may see", words::role(identity.role()))
}
