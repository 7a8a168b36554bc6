//! One action of a beacon to a user action, masked and named.

use super::contributors::contributors;
use super::resources::limit_resources;
use crate::base::time::Timestamp;
use crate::logic::apdex;
use crate::logic::naming::Naming;
use crate::logic::privacy::{text, url};
use crate::model::action::{ActionResources, UserAction, WebVitals};
use crate::model::application::{Application, PrivacySettings};
use crate::model::beacon::BeaconAction;
use crate::model::error_report::ErrorReport;

/// What the actions of one beacon have in common.
#[derive(Debug, Clone, Copy)]
pub struct Frame<'a> {
    /// Application.
    pub application: &'a Application,
    /// Rules for names.
    pub naming: &'a Naming,
    /// Tab.
    pub tab: u64,
    /// Release.
    pub release: &'a str,
}

impl Frame<'_> {
    /// Makes the user action and its resources.
    pub fn action(
        &self,
        raw: BeaconAction,
        started_at: Timestamp,
    ) -> (UserAction, ActionResources) {
        let privacy = &self.application.privacy;
        let page_url = url::clean(&raw.url, privacy);
        let page =
            if raw.page.is_empty() { url::page(&page_url) } else { text_mask(&raw.page, privacy) };
        let page_group = if raw.page_group.is_empty() {
            self.naming.group(&page).into_owned()
        } else {
            text_mask(&raw.page_group, privacy)
        };
        let request_url = clean_if_any(&raw.request_url, privacy);
        let request_page =
            if request_url.is_empty() { String::new() } else { url::page(&request_url) };
        let name = self.naming.name(&raw, &page, &request_page, privacy);
        let contributors = contributors(&raw);
        let metric = apdex::key_metric(raw.kind, raw.visually_complete, Some(raw.duration));
        let threshold = apdex::threshold(&self.application.apdex, raw.kind);
        let zone = apdex::zone(metric, !raw.errors.is_empty(), threshold);
        let error_count = raw.errors.iter().fold(0, |sum: u32, e| sum.saturating_add(e.count));
        let rows_max = usize::from(self.application.capture.resources_max);
        let (mut resources, resource_count) =
            limit_resources(raw.resources, raw.resource_sums, rows_max);
        for row in &mut resources.rows {
            row.url = url::clean(&row.url, privacy);
        }
        let action = UserAction {
            number: 0,
            application: self.application.id,
            kind: raw.kind,
            name,
            page,
            page_group,
            url: page_url,
            target_url: clean_if_any(&raw.target_url, privacy),
            request_url,
            title: masked(raw.title, privacy),
            started_at,
            duration: raw.duration,
            visually_complete: raw.visually_complete,
            speed_index: raw.speed_index,
            long_tasks: raw.long_tasks,
            timings: raw.timings,
            contributors,
            zone,
            is_soft_navigation: raw.is_soft_navigation,
            was_hidden: raw.was_hidden,
            page_number: raw.page_number,
            parent: raw.parent,
            errors: raw.errors.into_iter().map(|e| mask_error(e, privacy)).collect(),
            error_count,
            properties: mask_properties(raw.properties, privacy),
            resource_count,
            page_view: raw.page_view,
            tab: self.tab,
            release: self.release.to_owned(),
        };
        (action, resources)
    }
}

fn text_mask(raw: &str, privacy: &PrivacySettings) -> String {
    masked(raw.to_owned(), privacy)
}

fn clean_if_any(raw: &str, privacy: &PrivacySettings) -> String {
    if raw.is_empty() { String::new() } else { url::clean(raw, privacy) }
}

/// A text without personal data; the same text, not a copy, when nothing is masked.
pub fn masked(text: String, privacy: &PrivacySettings) -> String {
    if privacy.mask_personal_data { text::mask_personal(&text).into_owned() } else { text }
}

/// An error without personal data.
pub fn mask_error(report: ErrorReport, privacy: &PrivacySettings) -> ErrorReport {
    ErrorReport {
        message: masked(report.message, privacy),
        name: masked(report.name, privacy),
        stack: text::mask_stack(report.stack, privacy),
        url: clean_if_any(&report.url, privacy),
        ..report
    }
}

/// Properties without personal data in their values.
pub fn mask_properties(
    pairs: Vec<(String, String)>,
    privacy: &PrivacySettings,
) -> Vec<(String, String)> {
    pairs.into_iter().map(|(key, value)| (key, masked(value, privacy))).collect()
}

/// Vitals with a clean URL.
pub fn mask_vitals(vitals: WebVitals, privacy: &PrivacySettings) -> WebVitals {
    WebVitals {
        lcp_url: clean_if_any(&vitals.lcp_url, privacy),
        lcp_element: masked(vitals.lcp_element, privacy),
        inp_element: masked(vitals.inp_element, privacy),
        cls_element: masked(vitals.cls_element, privacy),
        inp_script: clean_if_any(&vitals.inp_script, privacy),
        inp_function: masked(vitals.inp_function, privacy),
        ..vitals
    }
}

#[cfg(test)]
#[path = "action_tests.rs"]
mod tests;
