//! Tests of loading rules.

use std::net::IpAddr;

use super::{load, load_geo};

#[test]
fn embedded_rules_and_places_load() {
    let rules = load(None).unwrap();
    assert!(rules.bots.find("curl/8.5.0").is_some());
    let geo = load_geo(None).unwrap();
    assert!(geo.build_date().starts_with("20"), "{}", geo.build_date());
    let places = [
        ("8.8.8.8", "US"),
        ("193.0.6.139", "NL"),
        ("2001:4860:4860::8888", "US"),
        ("2001:67c:2e8:22::c100:68b", "NL"),
        ("::ffff:8.8.8.8", "US"),
        ("10.1.2.3", ""),
        ("192.168.1.1", ""),
        ("100.64.0.1", ""),
        ("127.0.0.1", ""),
        ("::1", ""),
        ("fd00::1", ""),
        ("fe80::1", ""),
    ];
    for (address, country) in places {
        let place = geo.place(address.parse::<IpAddr>().unwrap());
        assert_eq!(place.country, country, "{address}");
    }
}

#[test]
fn a_folder_is_laid_over() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bots.toml");
    std::fs::write(&file, "[[bot]]\nid = \"curl\"\ndisabled = true\n").unwrap();
    std::fs::write(folder.path().join("README.md"), "notes").unwrap();
    let rules = load(Some(folder.path())).unwrap();
    assert!(rules.bots.find("curl/8.5.0").is_none());
    assert_ne!(rules.version, load(None).unwrap().version);

    std::fs::write(folder.path().join("robots.toml"), "").unwrap();
    let problem = load(Some(folder.path())).unwrap_err().to_string();
    assert!(problem.contains("robots.toml"), "{problem}");
}

#[test]
fn what_is_missing_or_broken_is_told_with_its_path() {
    let folder = tempfile::tempdir().unwrap();
    let nowhere = folder.path().join("nowhere");
    for problem in [
        load(Some(&nowhere)).unwrap_err().to_string(),
        load_geo(Some(&nowhere)).unwrap_err().to_string(),
    ] {
        assert!(problem.contains("nowhere"), "{problem}");
    }
    let broken = folder.path().join("broken.mmdb");
    std::fs::write(&broken, "no database").unwrap();
    let problem = load_geo(Some(&broken)).unwrap_err().to_string();
    assert!(problem.contains("broken.mmdb"), "{problem}");
}

#[test]
#[ignore = "prints measurements"]
fn measure() {
    let resident = || {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let line = status.lines().find(|l| l.starts_with("VmRSS")).unwrap_or_default();
        line.to_owned()
    };
    let clock = crate::base::clock::Clock::System;
    let start = clock.now();
    println!("start {}", resident());
    let rules = load(None).unwrap();
    println!("rules {:?} {}", clock.now().since(start), resident());
    let geo = load_geo(None).unwrap();
    println!("geo {:?} {} {}", clock.now().since(start), resident(), geo.build_date());
    rules.user_agents.warm();
    println!("warm {:?} {}", clock.now().since(start), resident());
    let agents: Vec<String> = (0..20_000)
        .map(|n| format!("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{n}.0.0.0 Safari/537.36"))
        .collect();
    let mobile: Vec<String> = (0..20_000)
        .map(|n| format!("Mozilla/5.0 (Linux; Android 13; SM-S911B) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{n}.0.0.0 Mobile Safari/537.36"))
        .collect();
    for list in [&agents, &mobile] {
        let start = clock.now();
        for agent in list {
            std::hint::black_box(crate::logic::classify::classify(&rules, agent));
        }
        println!("20000 in {:?} {}", clock.now().since(start), resident());
    }
}
