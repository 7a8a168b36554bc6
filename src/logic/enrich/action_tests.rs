//! Tests: see the module.

use super::{Frame, mask_vitals};
use crate::base::id::ApplicationId;
use crate::base::time::{Millis, Timestamp};
use crate::logic::naming::Naming;
use crate::model::action::WebVitals;
use crate::model::application::{Application, PrivacySettings};
use crate::model::beacon::BeaconAction;

#[test]
fn what_the_page_measured_and_named_is_kept_and_masked() {
    let mut application = Application::new(ApplicationId::DEFAULT, "shop", Timestamp(0));
    application.privacy.mask_personal_data = true;
    let naming = Naming::default();
    let frame = Frame { application: &application, naming: &naming, tab: 1, release: "" };
    let raw = BeaconAction {
        url: "https://shop.example.com/start".to_owned(),
        target_url: "https://shop.example.com/user/anna@example.com".to_owned(),
        page: "cart of anna@example.com".to_owned(),
        page_group: "cart".to_owned(),
        speed_index: Some(Millis(210)),
        was_hidden: true,
        page_number: 3,
        parent: 2,
        ..BeaconAction::default()
    };
    let (action, _) = frame.action(raw, Timestamp(5));
    assert!(action.page.starts_with("cart of") && !action.page.contains("anna"), "{}", action.page);
    assert!(!action.target_url.contains("anna"), "{}", action.target_url);
    assert_eq!(action.page_group, "cart");
    assert_eq!(action.speed_index, Some(Millis(210)));
    assert_eq!((action.was_hidden, action.page_number, action.parent), (true, 3, 2));
}

#[test]
fn a_page_without_a_name_is_its_path() {
    let application = Application::new(ApplicationId::DEFAULT, "shop", Timestamp(0));
    let naming = Naming::default();
    let frame = Frame { application: &application, naming: &naming, tab: 1, release: "" };
    let url = "https://shop.example.com/start?a=1".to_owned();
    let (action, _) = frame.action(BeaconAction { url, ..BeaconAction::default() }, Timestamp(5));
    assert_eq!((action.page.as_str(), action.page_group.as_str()), ("/start", "/start"));
}

#[test]
fn scripts_in_vitals_are_masked() {
    let vitals = WebVitals {
        inp_script: "https://shop.example.com/u/anna@example.com/a.js".to_owned(),
        inp_function: "hello anna@example.com".to_owned(),
        ..WebVitals::default()
    };
    let privacy = PrivacySettings { mask_personal_data: true, ..PrivacySettings::default() };
    let masked = mask_vitals(vitals, &privacy);
    assert!(!masked.inp_script.contains("anna"), "{}", masked.inp_script);
    assert!(!masked.inp_function.contains("anna"), "{}", masked.inp_function);
}
