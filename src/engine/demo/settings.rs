//! What a user would have set up before the first visitor came: applications, how they are told apart, accounts.

use crate::base::entropy::Entropy;
use crate::base::id::ApplicationId;
use crate::engine::access::{AccessError, NewAccount};
use crate::engine::services::Services;
use crate::model::account::Role;
use crate::model::application::{
    DetectionOperator, DetectionRule, DetectionTarget, PageSource, UserTagRule,
};
use crate::store::catalog::{Author, CatalogError};

/// Characters of a password that nobody confuses when typing.
const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
/// Groups of four characters: 80 random bits.
const GROUPS: usize = 4;

/// An account that was made, with the password that is shown once.
#[derive(Debug, Clone)]
pub struct MadeAccount {
    /// Name.
    pub name: &'static str,
    /// Password.
    pub password: String,
    /// What the account is for.
    pub duty: &'static str,
}

/// Names the default application after the shop, and tells its help pages apart from it.
pub fn applications(services: &Services, author: &Author) -> Result<(), CatalogError> {
    let catalog = &services.catalog;
    if let Some(mut shop) = catalog.application(ApplicationId::DEFAULT) {
        let seen = shop.revision;
        "Webshop".clone_into(&mut shop.name);
        shop.user_tag_rules = vec![UserTagRule {
            source: PageSource::CssSelector,
            expression: "#greeting".to_owned(),
            cleanup: "Welcome (.*)".to_owned(),
        }];
        catalog.put_application(shop, seen, author)?;
    }
    let help = catalog.add_application("Help center", author)?;
    let rule = |application, target, operator, pattern: &str| DetectionRule {
        application,
        target,
        operator,
        pattern: pattern.to_owned(),
    };
    let shop = ApplicationId::DEFAULT;
    let rules = [
        rule(
            help.id,
            DetectionTarget::Url,
            DetectionOperator::StartsWith,
            "https://www.webshop.example/help",
        ),
        rule(help.id, DetectionTarget::Url, DetectionOperator::Contains, "/shop/help"),
        rule(shop, DetectionTarget::Domain, DetectionOperator::Matches, "webshop.example"),
    ];
    catalog.put_detection_rules(&rules, author)
}

/// Makes an administrator, and a viewer who sees masked data.
pub fn accounts(services: &Services, author: &Author) -> Result<Vec<MadeAccount>, AccessError> {
    let mut made = Vec::new();
    for (name, role, sees_unmasked, duty) in [
        ("demo", Role::Admin, true, "sees and changes everything"),
        ("viewer", Role::Viewer, false, "sees masked data, changes nothing"),
    ] {
        let password = password(&services.entropy);
        let new =
            NewAccount { name: name.to_owned(), password: password.clone(), role, sees_unmasked };
        services.access.add_account(&services.catalog, &new, author)?;
        made.push(MadeAccount { name, password, duty });
    }
    Ok(made)
}

/// A password as `k7mq-9xwd-h3rt-bnc5`.
fn password(entropy: &Entropy) -> String {
    let mut bytes = [0; GROUPS * 4];
    entropy.fill(&mut bytes);
    let letters = bytes
        .map(|byte| LETTERS.get(usize::from(byte) % LETTERS.len()).map_or('a', |l| char::from(*l)));
    let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
    groups.join("-")
}
