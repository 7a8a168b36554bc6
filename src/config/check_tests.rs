//! A configuration that cannot work is refused before anything starts.

use super::*;
use crate::config::tree::{AdminConfig, DataConfig, IngestConfig};

#[test]
fn the_default_has_no_problem() {
    assert!(problems(&Config::default()).is_empty());
}

#[test]
fn all_problems_are_told_at_once() {
    let config = Config {
        data: DataConfig {
            retention_days: 0,
            place_database: Some("/nowhere.mmdb".into()),
            ..DataConfig::default()
        },
        ingest: IngestConfig {
            listen: "0.0.0.0:8300".parse().unwrap(),
            public_url: "rum.example.com".into(),
            trusted_proxies: vec!["10.0.0.0/33".into(), "::1/128".into()],
            ..IngestConfig::default()
        },
        admin: AdminConfig { listen: "0.0.0.0:8300".parse().unwrap(), ..AdminConfig::default() },
        ..Config::default()
    };
    let all = problems(&config).join("\n");
    for part in ["same", "in the clear", "rum.example.com", "10.0.0.0/33", "retention", "/nowhere"]
    {
        assert!(all.contains(part), "{part} is missing in {all}");
    }
    assert!(!all.contains("::1/128"));
}
