//! Rules of user tags and properties against what pages told lately.
//!
//! The server never has the raw text of a page: the agent applies the rule in the browser. So three things are shown
//! that are true: what the clean-up makes of a text that is typed in; what the newest pages told with the rules that
//! are in force, as it is stored; and a line for the console of a page, that reads there what the rule would read.

use super::fields::get;
use crate::base::time::Timestamp;
use crate::engine::observed::PageFact;
use crate::logic::address::Address;
use crate::model::application::PageSource;
use crate::web::error::WebError;
use crate::web::format;
use crate::web::mask;
use crate::web::ui::applications::{LiveView, ToldRow};

/// Pages that are listed.
const ROWS: usize = 10;
/// Characters of the text that is tried.
const SAMPLE_CHARS: usize = 2_048;

/// Who looks, when and how.
#[derive(Debug, Clone, Copy)]
pub struct Looking<'a> {
    /// Now.
    pub now: Timestamp,
    /// Time zone.
    pub zone: &'a str,
    /// Whether unmasked data may be seen.
    pub sees_unmasked: bool,
}

/// What the newest pages told.
#[must_use]
pub fn live(pages: &[PageFact], is_property: bool, looking: Looking<'_>) -> LiveView {
    let told: Vec<&PageFact> = pages.iter().filter(|page| has(page, is_property)).collect();
    let what = if is_property { "properties" } else { "a user tag" };
    let summary = if pages.is_empty() {
        "No beacon told of a page since the server started.".to_owned()
    } else {
        format!("{} of the last {} beacons told {what}.", told.len(), pages.len())
    };
    let rows = told.iter().take(ROWS).map(|page| row(page, is_property, looking));
    LiveView { summary, rows: rows.collect(), ..LiveView::default() }
}

fn has(page: &PageFact, is_property: bool) -> bool {
    if is_property { !page.properties.is_empty() } else { !page.user_tag.is_empty() }
}

fn row(page: &PageFact, is_property: bool, looking: Looking<'_>) -> ToldRow {
    let found = if is_property {
        page.properties.iter().map(|(key, value)| format!("{key} = {value}")).collect()
    } else {
        vec![page.user_tag.clone()]
    };
    ToldRow {
        at: format::list_time(page.at, looking.now, looking.zone),
        at_full: format::full_time(page.at, looking.zone),
        page: mask::url(&page.url, looking.sees_unmasked).into_owned(),
        found,
    }
}

/// Tries a rule that is not stored yet.
pub fn attempt(
    view: &mut LiveView,
    sent: &[(String, String)],
    pages: &[PageFact],
) -> Result<(), WebError> {
    let (source, expression, cleanup) = super::application_forms::sent_rule(sent)?;
    view.console = console(source, &expression, &cleanup);
    let sample: String = get(sent, "sample").chars().take(SAMPLE_CHARS).collect();
    let mut verdict = String::new();
    if !sample.is_empty() {
        let value = clean_up(&sample, &cleanup);
        view.is_good = !value.is_empty();
        verdict = if value.is_empty() {
            format!("“{sample}” gives nothing.")
        } else {
            format!("“{sample}” gives “{value}”.")
        };
    }
    if source == PageSource::QueryString {
        // Values are masked, names are not: this much can be told of pages that were here.
        let with = pages.iter().filter(|page| has_parameter(&page.url, &expression)).count();
        view.is_good = view.is_good || with > 0;
        verdict = format!(
            "{verdict} {with} of the last {} beacons came from an address with the parameter {expression}.",
            pages.len()
        );
    }
    if verdict.is_empty() {
        "Type a text to try the clean-up, or run the line below on one of your pages."
            .clone_into(&mut verdict);
    }
    verdict.trim().clone_into(&mut view.verdict);
    Ok(())
}

fn has_parameter(url: &str, name: &str) -> bool {
    let query = Address::parse(url).query.unwrap_or_default();
    query.split('&').any(|pair| pair.split('=').next() == Some(name))
}

/// What the agent makes of a text: the first group, or all that matched; trimmed.
fn clean_up(text: &str, cleanup: &str) -> String {
    if cleanup.is_empty() {
        return text.trim().to_owned();
    }
    let found = regex::Regex::new(cleanup).ok().and_then(|pattern| {
        let groups = pattern.captures(text)?;
        groups.get(1).or_else(|| groups.get(0)).map(|group| group.as_str().trim().to_owned())
    });
    found.unwrap_or_default()
}

/// JavaScript that shows what a rule reads in the page in whose console it runs.
fn console(source: PageSource, expression: &str, cleanup: &str) -> String {
    let quoted = |text: &str| serde_json::to_string(text).unwrap_or_default();
    let read = match source {
        PageSource::CssSelector => match expression.rsplit_once('@') {
            Some((selector, name)) => format!(
                "document.querySelector({})?.getAttribute({})",
                quoted(selector),
                quoted(name)
            ),
            None => format!("document.querySelector({})?.textContent", quoted(expression)),
        },
        PageSource::JavascriptVariable => {
            format!("{}.split(\".\").reduce((o, k) => o?.[k], window)", quoted(expression))
        }
        PageSource::MetaTag => format!(
            "document.querySelector(\"meta[name=\" + CSS.escape({}) + \"]\")?.content",
            quoted(expression)
        ),
        PageSource::Cookie => format!(
            "document.cookie.split(\"; \").find(c => c.startsWith({0} + \"=\"))?.slice({0}.length + 1)",
            quoted(expression)
        ),
        PageSource::QueryString => {
            format!("new URLSearchParams(location.search).get({})", quoted(expression))
        }
    };
    if cleanup.is_empty() {
        return read;
    }
    format!(
        "(m => m && (m[1] ?? m[0]))(String({read} ?? \"\").match(new RegExp({})))",
        quoted(cleanup)
    )
}

#[cfg(test)]
#[path = "rule_test_tests.rs"]
mod tests;
