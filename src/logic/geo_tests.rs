//! Tests of places.

use serde_json::json;

use super::{Row, countries, country_name, is_private};

#[test]
fn flat_and_nested_rows_are_understood() {
    let cases = [
        (json!({"country_code": "at"}), ["AT", "", "", ""]),
        (
            json!({"country": "DE", "region": "Hesse", "city": "Kassel"}),
            ["DE", "Hesse", "Kassel", ""],
        ),
        (
            json!({"country_code": "CH", "state1": "Bern", "city": "Thun", "isp": "Net"}),
            ["CH", "Bern", "Thun", "Net"],
        ),
        (
            json!({
                "country": {"iso_code": "AT", "geoname_id": 1, "names": {"de": "Österreich", "en": "Austria"}},
                "subdivisions": [{"iso_code": "4", "names": {"en": "Upper Austria"}}],
                "city": {"names": {"de": "Linz", "en": "Linz"}},
                "traits": {"isp": "Provider"},
            }),
            ["AT", "Upper Austria", "Linz", "Provider"],
        ),
        (json!({"registered_country": {"iso_code": "US"}}), ["US", "", "", ""]),
        (json!({"autonomous_system_organization": "AS"}), ["", "", "", "AS"]),
        (json!({"country_code": "<b>"}), ["", "", "", ""]),
    ];
    for (row, expected) in cases {
        let place = serde_json::from_value::<Row>(row.clone()).unwrap().place();
        let told = [&place.country, &place.region, &place.city, &place.isp];
        assert_eq!(told, expected.each_ref(), "{row}");
    }
}

#[test]
fn countries_have_names() {
    for (code, name) in [("AT", "Austria"), ("US", "United States"), ("ZW", "Zimbabwe")] {
        assert_eq!(country_name(code), name);
    }
    assert_eq!(country_name("??"), "??");
    assert!(countries().len() >= 249);
    assert!(countries().iter().all(|(code, name)| code.len() == 2 && !name.is_empty()));
}

#[test]
fn only_public_addresses_are_looked_up() {
    for address in ["8.8.8.8", "100.128.0.1", "172.32.0.1", "2606:4700::1"] {
        assert!(!is_private(address.parse().unwrap()), "{address}");
    }
    for address in ["172.16.0.1", "169.254.1.1", "0.0.0.0", "255.255.255.255", "::", "ff02::1"] {
        assert!(is_private(address.parse().unwrap()), "{address}");
    }
}
