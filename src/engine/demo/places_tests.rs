//! Proof that visitors come from where their table says.

use std::net::{IpAddr, Ipv4Addr};

use super::PLACES;
use crate::engine::rules;

#[test]
fn every_network_lies_in_its_country() {
    let database = rules::country_database().unwrap();
    let mut wrong = Vec::new();
    for place in PLACES {
        for (a, b) in place.networks {
            for c in (0..=255).step_by(5) {
                let found = database.place(IpAddr::V4(Ipv4Addr::new(*a, *b, c, 77))).country;
                if found != place.country {
                    wrong.push(format!("{}: {a}.{b}.{c} is {found}", place.country));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
