//! Configuration is read whole, or refused with the name of what is wrong.

use super::*;

fn check(text: &str, variables: &[(&str, &str)]) -> Result<Config, String> {
    let variables: Vec<_> =
        variables.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    merge(Path::new("footfall.toml"), text, &variables).map_err(|e| e.to_string())
}

#[test]
fn nothing_at_all_is_the_default() {
    assert_eq!(check("", &[]).unwrap(), Config::default());
}

#[test]
fn the_environment_lies_over_the_file() {
    let config = check(
        "[ingest]\nlisten = \"127.0.0.1:1\"\n[rates]\naddress = 7\n",
        &[
            ("FOOTFALL_INGEST__LISTEN", "127.0.0.1:2"),
            ("FOOTFALL_DATA__RETENTION_DAYS", "7"),
            ("FOOTFALL_INGEST__TRUSTED_PROXIES", "[\"10.0.0.0/8\"]"),
            ("FOOTFALL_ADMIN__INSECURE_HTTP", "true"),
        ],
    )
    .unwrap();
    assert_eq!(config.ingest.listen.port(), 2);
    assert_eq!(config.rates.address, 7);
    assert_eq!(config.data.retention_days, 7);
    assert_eq!(config.ingest.trusted_proxies, ["10.0.0.0/8"]);
    assert!(config.admin.insecure_http);
}

#[test]
fn errors_name_the_key_and_the_line() {
    for (text, variable, expected) in [
        ("[ingest]\nlisen = 1\n", None, "unknown field `lisen`"),
        ("[ingest]\nlisten = \"x\"\n", None, "line 2"),
        ("[nothing]\n", None, "unknown field `nothing`"),
        ("", Some(("FOOTFALL_RATES__ADDRESS", "many")), "`FOOTFALL_RATES__ADDRESS`"),
        ("", Some(("FOOTFALL_RATES__ADRESS", "1")), "unknown field `adress`"),
    ] {
        let error = check(text, variable.as_slice()).unwrap_err();
        assert!(error.contains(expected), "{error}");
    }
}
