//! Customers of the shop: the names under which they sign in. Not one of them belongs to a real person.

use super::dice::Dice;

/// Names of a country: a customer is one of the first with one of the last, and stays in that country.
struct Names {
    country: &'static str,
    first: &'static [&'static str],
    last: &'static [&'static str],
    /// What people there call themselves when they need no mail address.
    short: &'static [&'static str],
}

const fn names(
    country: &'static str,
    first: &'static [&'static str],
    last: &'static [&'static str],
    short: &'static [&'static str],
) -> Names {
    Names { country, first, last, short }
}

const NAMES: &[Names] = &[
    names(
        "AT",
        &[
            "lukas", "emma", "felix", "sophie", "paul", "laura", "david", "lena", "tobias",
            "julia", "käthe", "m",
        ],
        &[
            "gruber", "huber", "wagner", "pichler", "steiner", "moser", "mayer", "hofer",
            "leitner", "groß",
        ],
        &["lukas", "customer-1042", "customer-2077", "anni", "sissi"],
    ),
    names(
        "DE",
        &[
            "jürgen",
            "hannah",
            "maximilian",
            "jonas",
            "mia",
            "noah",
            "lea",
            "leon",
            "clara",
            "finn",
            "ida",
            "jörg",
        ],
        &[
            "müller", "schmidt", "fischer", "weber", "becker", "hoffmann", "schäfer", "köhler",
            "krüger", "bauer",
        ],
        &["jonas", "customer-3316", "customer-4581", "customer-5120", "kaffeetante"],
    ),
    names(
        "CH",
        &["urs", "luca", "noemi", "lara", "beat", "zoë", "reto", "chiara"],
        &["meier", "keller", "lefèvre", "bernasconi", "zürcher", "frei"],
        &["beat", "zoë"],
    ),
    names(
        "FR",
        &["pierre", "chloé", "hugo", "léa", "inès", "théo", "françois", "camille"],
        &["dubois", "martin", "bernard", "moreau", "lefèvre", "petit"],
        &["théo", "cafard"],
    ),
    names(
        "GB",
        &["oliver", "amelia", "harry", "isla", "george", "poppy", "alice", "bob"],
        &["smith", "jones", "taylor", "wilson", "evans", "campbell"],
        &["bob", "alice@example.com", "tea.drinker"],
    ),
    names(
        "NL",
        &["daan", "sanne", "bram", "fleur"],
        &["devries", "jansen", "bakker", "visser"],
        &["sanne"],
    ),
    names(
        "DK",
        &["søren", "freja", "anna", "mads"],
        &["nielsen", "jørgensen", "holm", "østergaard"],
        &["søren"],
    ),
    names(
        "SE",
        &["oskar", "astrid", "nils", "elsa"],
        &["lindström", "björk", "åkesson", "öberg"],
        &["nils"],
    ),
    names(
        "IT",
        &["marco", "giulia", "luca", "sofia"],
        &["rossi", "bianchi", "ferrari", "russo"],
        &["marco"],
    ),
    names(
        "ES",
        &["josé", "lucía", "íñigo", "martina"],
        &["garcía", "fernández", "muñoz", "ibáñez"],
        &["lucía"],
    ),
    names(
        "PL",
        &["łukasz", "agnieszka", "zofia", "jan"],
        &["wójcik", "kowalska", "nowak", "zając"],
        &["zofia"],
    ),
    names(
        "CZ",
        &["jan", "tereza", "jiří", "eliška"],
        &["novák", "dvořáková", "svoboda", "černá"],
        &["jiří"],
    ),
    names("HU", &["zsófia", "bence", "máté"], &["nagy", "szabó", "kovács"], &["bence"]),
    names(
        "US",
        &["ryan", "grace", "ethan", "olivia", "mason", "ava", "liam", "chloe"],
        &["miller", "brown", "davis", "johnson", "garcia", "anderson"],
        &["ryan", "grace"],
    ),
    names(
        "CA",
        &["logan", "maya", "étienne", "zoe"],
        &["tremblay", "roy", "macdonald", "singh"],
        &["maya"],
    ),
    names(
        "BR",
        &["joão", "beatriz", "thiago", "ana"],
        &["silva", "souza", "conceição", "araújo"],
        &["thiago"],
    ),
    names(
        "IN",
        &["priya", "arjun", "ananya", "rohan"],
        &["sharma", "patel", "iyer", "reddy"],
        &["rohan"],
    ),
    names(
        "JP",
        &["haruto", "yui", "ren", "sakura"],
        &["sato", "tanaka", "suzuki", "ito"],
        &["sakura"],
    ),
    names(
        "AU",
        &["jack", "isla", "matilda", "noah"],
        &["nguyen", "kelly", "walker", "murphy"],
        &["jack"],
    ),
    names("ZA", &["thabo", "lerato", "pieter"], &["dlamini", "nkosi", "vandermerwe"], &["thabo"]),
];

/// A user tag of somebody who lives in a country.
#[must_use]
pub fn user_tag(dice: &Dice, country: &str) -> String {
    let Some(names) = NAMES.iter().find(|names| names.country == country) else {
        return format!("customer-{}", dice.between(1_000, 9_999));
    };
    if dice.chance(120) {
        return (*dice.pick(names.short)).to_owned();
    }
    format!("{}.{}@example.com", dice.pick(names.first), dice.pick(names.last))
}
