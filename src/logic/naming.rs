//! Names of user actions: `loading of page /x`, `click on "Buy" on page /x` (dem-semantics 2.5).

use std::borrow::Cow;

use regex::Regex;

use super::privacy::text;
use crate::base::limits;
use crate::base::text::cut;
use crate::model::action::ActionKind;
use crate::model::application::PrivacySettings;
use crate::model::beacon::BeaconAction;

/// One replacement in a segment of a path.
#[derive(Debug, Clone)]
pub struct CleanRule {
    /// Id in the rule file.
    pub id: String,
    /// What is replaced.
    pub pattern: Regex,
    /// Expressions that the segment must match as well.
    pub also: Vec<Regex>,
    /// What replaces it.
    pub replacement: String,
}

impl CleanRule {
    /// Applies the rule to one segment.
    #[must_use]
    pub fn apply<'a>(&self, segment: &'a str) -> Cow<'a, str> {
        if self.also.iter().all(|expression| expression.is_match(segment)) {
            self.pattern.replace_all(segment, self.replacement.as_str())
        } else {
            Cow::Borrowed(segment)
        }
    }
}

/// Rules that make names group.
#[derive(Debug, Clone, Default)]
pub struct Naming {
    rules: Vec<CleanRule>,
}

impl Naming {
    /// With these rules, in this order.
    #[must_use]
    pub const fn new(rules: Vec<CleanRule>) -> Self {
        Self { rules }
    }

    /// Replaces numbers, UUIDs and hashes in a path by `*`.
    #[must_use]
    pub fn group<'a>(&self, path: &'a str) -> Cow<'a, str> {
        if !is_worth_a_look(path) {
            return Cow::Borrowed(path);
        }
        let mut grouped = String::with_capacity(path.len());
        for (number, segment) in path.split('/').enumerate() {
            if number > 0 {
                grouped.push('/');
            }
            grouped.push_str(&self.group_segment(segment));
            if grouped.len() > limits::URL_CHARS {
                grouped.truncate(cut(&grouped, limits::URL_CHARS).len());
                break;
            }
        }
        Cow::Owned(grouped)
    }

    fn group_segment<'a>(&self, segment: &'a str) -> Cow<'a, str> {
        let mut grouped = Cow::Borrowed(segment);
        for rule in &self.rules {
            if !is_worth_a_look(&grouped) {
                break;
            }
            // A replacement may be longer than what it replaces: rule after rule would grow without end.
            if let Cow::Owned(mut next) = rule.apply(&grouped) {
                next.truncate(cut(&next, limits::URL_CHARS).len());
                grouped = Cow::Owned(next);
            }
        }
        grouped
    }

    /// Whether the rule of this id changes the segment.
    #[must_use]
    pub fn changes(&self, id: &str, segment: &str) -> bool {
        let rule = self.rules.iter().find(|rule| rule.id == id);
        rule.is_some_and(|rule| rule.apply(segment) != segment)
    }

    /// The name of an action on `page`; `request_page` is the path of its request, empty when there is none.
    #[must_use]
    pub fn name(
        &self,
        action: &BeaconAction,
        page: &str,
        request_page: &str,
        privacy: &PrivacySettings,
    ) -> String {
        let name = if action.name.is_empty() {
            self.default_name(action, page, request_page, privacy)
        } else {
            text::mask(&action.name, privacy).into_owned()
        };
        match name.char_indices().nth(limits::ACTION_NAME_CHARS) {
            Some((end, _)) => name.get(..end).unwrap_or_default().to_owned(),
            None => name,
        }
    }

    fn default_name(
        &self,
        action: &BeaconAction,
        page: &str,
        request_page: &str,
        privacy: &PrivacySettings,
    ) -> String {
        let page = self.group(page);
        let input = &action.input;
        if !input.kind.is_empty() && action.kind != ActionKind::PageLoad {
            let element = if input.element.is_empty() { "element" } else { &input.element };
            if privacy.mask_captions {
                return format!("{} on {element}", input.kind);
            }
            if input.caption.is_empty() {
                return format!("{} on {element} on page {page}", input.kind);
            }
            let caption = text::mask(&input.caption, privacy);
            return format!("{} on \"{caption}\" on page {page}", input.kind);
        }
        match action.kind {
            ActionKind::PageLoad => format!("loading of page {page}"),
            ActionKind::Xhr if action.is_soft_navigation => format!("loading of page {page}"),
            ActionKind::Xhr if !request_page.is_empty() => {
                format!("request of {} on page {page}", self.group(request_page))
            }
            ActionKind::Xhr => format!("request on page {page}"),
            ActionKind::Custom => format!("custom action on page {page}"),
        }
    }
}

/// All that is replaced has a digit or an `@` in it.
fn is_worth_a_look(text: &str) -> bool {
    text.bytes().any(|b| b.is_ascii_digit() || b == b'@')
}

#[cfg(test)]
#[path = "naming_tests.rs"]
mod tests;
