//! Bytes of every kind of record in the catalog are read for ever: `tests/golden/records/<kind>-v<version>.bin` with
//! what it says beside it. A layout that changes needs a new version and a new file; old files are never edited.
//!
//! `BLESS=1` writes files that are not there yet.

use std::fmt::Debug;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::audit::Row;
use super::codec::{VERSION, decode, encode};
use super::settings::Setting;
use crate::base::id::{AccountId, ApplicationId, TokenId};
use crate::base::time::Timestamp;
use crate::model::account::{Account, ApiToken, AuditEntry, Role, SignIn};
use crate::model::application::{
    Application, DetectionOperator, DetectionRule, DetectionTarget, PageSource, PlacePrivacy,
    UserTagPrivacy, UserTagRule,
};

const AT: Timestamp = Timestamp(1_795_000_000_000);

fn file(name: &str, end: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/records/{name}.{end}"))
}

#[expect(clippy::disallowed_methods, reason = "who runs the tests asks for new files")]
fn is_blessing() -> bool {
    std::env::var("BLESS").is_ok()
}

/// Text beside the bytes: written when it is asked for and missing.
fn check_text(name: &str, said: &serde_json::Value) {
    let path = file(name, "json");
    if is_blessing() && !path.exists() {
        std::fs::write(&path, serde_json::to_string_pretty(said).unwrap() + "\n").unwrap();
    }
    let text = std::fs::read_to_string(&path).unwrap();
    let expected: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(*said, expected, "{name} is read as something else: a new layout is a new version");
}

fn check<T: Serialize + DeserializeOwned + Debug>(kind: &str, sample: &T) {
    let name = format!("{kind}-v{VERSION}");
    let path = file(&name, "bin");
    if is_blessing() && !path.exists() {
        std::fs::write(&path, encode(sample).unwrap()).unwrap();
    }
    let bytes = std::fs::read(&path).unwrap_or_else(|_| {
        panic!("{name}.bin is missing: a new version needs its golden bytes, BLESS=1 makes them")
    });
    let record: T = decode(&bytes).unwrap();
    check_text(&name, &serde_json::to_value(&record).unwrap());
    assert_eq!(encode(&record).unwrap(), bytes, "{name} is written as other bytes");
}

fn application() -> Application {
    let mut application = Application::new(ApplicationId(7), "Shop", AT);
    application.capture_percent = 50;
    application.user_tag_rules = vec![UserTagRule {
        source: PageSource::CssSelector,
        expression: "#user".to_owned(),
        cleanup: "Welcome (.*)".to_owned(),
    }];
    application.allowed_origins = vec!["https://shop.example.com".to_owned()];
    application.privacy.query_allow = vec!["page".to_owned()];
    application.privacy.user_tag = UserTagPrivacy::Hash;
    application.privacy.place = PlacePrivacy::Country;
    application.revision = 3;
    application
}

fn account() -> Account {
    Account {
        id: AccountId(2),
        name: "ryan".to_owned(),
        role: Role::Editor,
        sees_unmasked: true,
        password_hash: "$argon2id$v=19$m=1$x".to_owned(),
        created_at: AT,
        failures: 1,
        failed_at: AT,
        theme: "dark".to_owned(),
        time_zone: "Europe/Vienna".to_owned(),
        revision: 4,
    }
}

#[test]
fn records_of_the_catalog_are_read_for_ever() {
    check("application", &application());
    check(
        "detection_rule",
        &DetectionRule {
            application: ApplicationId(7),
            target: DetectionTarget::Url,
            operator: DetectionOperator::StartsWith,
            pattern: "https://a.ex/shop/".to_owned(),
        },
    );
    check("account", &account());
    check("sign_in", &SignIn { account: AccountId(2), created_at: AT, used_at: AT });
    check(
        "token",
        &ApiToken {
            id: TokenId(5),
            name: "export".to_owned(),
            account: AccountId(2),
            scopes: vec!["sessions:read".to_owned()],
            secret_hash: [9; 32],
            created_at: AT,
            expires_at: Timestamp(AT.0 + 1),
        },
    );
    let entry = AuditEntry {
        at: AT,
        actor: "ryan".to_owned(),
        from: "203.0.113.0".to_owned(),
        action: "application.update".to_owned(),
        target: "a_0000007".to_owned(),
        detail: "Shop".to_owned(),
    };
    check("audit", &Row { entry, hash: [3; 32] });
}

#[test]
fn names_of_settings_stay() {
    let names: Vec<&str> = Setting::ALL.iter().map(|setting| setting.name()).collect();
    check_text("settings-v1", &serde_json::to_value(names).unwrap());
}
