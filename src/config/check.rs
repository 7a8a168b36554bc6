//! Cross-checks of the configuration: all problems, not the first.

use std::net::IpAddr;

use super::tree::Config;

/// Problems that keep the server from starting, each with the key and what to do.
#[must_use]
pub fn problems(config: &Config) -> Vec<String> {
    let mut problems = Vec::new();
    // Port 0 is any free one.
    if config.ingest.listen == config.admin.listen && config.ingest.listen.port() != 0 {
        problems.push("`ingest.listen` and `admin.listen` are the same: use two ports".to_owned());
    }
    if !config.admin.listen.ip().is_loopback() && !config.admin.insecure_http {
        problems.push(format!(
            "`admin.listen` is {}: passwords would cross the network in the clear. Listen on 127.0.0.1 behind a \
             proxy that does TLS, or set `admin.insecure_http = true`",
            config.admin.listen
        ));
    }
    for (key, url) in [
        ("ingest.public_url", &config.ingest.public_url),
        ("admin.public_url", &config.admin.public_url),
    ] {
        let is_http = url.starts_with("http://") || url.starts_with("https://");
        if !url.is_empty() && !is_http {
            problems.push(format!("`{key}` is `{url}`: expected http:// or https://"));
        }
    }
    for (key, proxies) in [
        ("ingest.trusted_proxies", &config.ingest.trusted_proxies),
        ("admin.trusted_proxies", &config.admin.trusted_proxies),
    ] {
        for proxy in proxies {
            if !is_network(proxy) {
                problems.push(format!(
                    "`{key}` has `{proxy}`: expected an address or a network as 10.0.0.0/8"
                ));
            }
        }
    }
    if config.data.retention_days == 0 {
        problems.push("`data.retention_days` is 0: keep at least 1 day".to_owned());
    }
    for (key, path) in [
        ("data.place_database", &config.data.place_database),
        ("data.rules_folder", &config.data.rules_folder),
    ] {
        if let Some(path) = path.as_ref().filter(|path| !path.exists()) {
            problems.push(format!("`{key}` is `{}`: no such file or folder", path.display()));
        }
    }
    problems
}

fn is_network(text: &str) -> bool {
    let (address, bits) = text.split_once('/').map_or((text, None), |(a, b)| (a, Some(b)));
    let Ok(address) = address.parse::<IpAddr>() else {
        return false;
    };
    let most = if address.is_ipv4() { 32 } else { 128 };
    bits.is_none_or(|bits| bits.parse::<u8>().is_ok_and(|bits| bits <= most))
}

#[cfg(test)]
#[path = "check_tests.rs"]
mod tests;
