//! The settings tree: plain values with defaults. Its docs are the reference.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// The whole configuration.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where data lies.
    pub data: DataConfig,
    /// The listener for beacons and the agent.
    pub ingest: IngestConfig,
    /// The listener for the UI and the API.
    pub admin: AdminConfig,
    /// Rates above which beacons are refused.
    pub rates: RatesConfig,
    /// Log lines.
    pub log: LogConfig,
}

/// `[data]`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DataConfig {
    /// Data folder (default `footfall-data` in the working folder).
    pub folder: PathBuf,
    /// Days that sessions are kept (default 35).
    pub retention_days: u16,
    /// Free disk space in MiB below which beacons are refused (default 512).
    pub free_mib_min: u32,
    /// A better place database (`.mmdb`), instead of the embedded country database.
    pub place_database: Option<PathBuf>,
    /// A folder with rule files that are laid over the embedded ones.
    pub rules_folder: Option<PathBuf>,
}

impl Default for DataConfig {
    fn default() -> Self {
        Self {
            folder: PathBuf::from("footfall-data"),
            retention_days: 35,
            free_mib_min: 512,
            place_database: None,
            rules_folder: None,
        }
    }
}

/// `[ingest]`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct IngestConfig {
    /// Address to listen on (default `0.0.0.0:8301`).
    pub listen: SocketAddr,
    /// Address under which browsers reach this listener, as `https://rum.example.com`; empty: as the page's snippet says.
    pub public_url: String,
    /// Addresses or networks of proxies whose `X-Forwarded-For` is believed (default none).
    pub trusted_proxies: Vec<String>,
    /// Seconds that browsers may keep the agent (default 3600).
    pub agent_max_age: u32,
    /// Worker threads (default: one for each core, at most 4).
    pub workers: Option<u8>,
}

impl Default for IngestConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), 8301),
            public_url: String::new(),
            trusted_proxies: Vec::new(),
            agent_max_age: 3_600,
            workers: None,
        }
    }
}

/// `[admin]`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AdminConfig {
    /// Address to listen on (default `127.0.0.1:8300`).
    pub listen: SocketAddr,
    /// Address under which people reach the UI, as `https://footfall.example.com`; empty: as their browser says.
    pub public_url: String,
    /// Allows plain HTTP on an address that is not loopback: only behind a proxy that does TLS (default no).
    pub insecure_http: bool,
    /// Addresses or networks of proxies whose `X-Forwarded-For` is believed (default none).
    pub trusted_proxies: Vec<String>,
}

impl Default for AdminConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8300),
            public_url: String::new(),
            insecure_http: false,
            trusted_proxies: Vec::new(),
        }
    }
}

/// `[rates]`: token buckets, beacons per second and burst; 0 switches a bucket off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RatesConfig {
    /// Beacons per second of one address (IPv6: of one /64) (default 50).
    pub address: u32,
    /// Burst of one address (default 300).
    pub address_burst: u32,
    /// Beacons per second of one application (default 2000).
    pub application: u32,
    /// Burst of one application (default 8000).
    pub application_burst: u32,
}

impl Default for RatesConfig {
    fn default() -> Self {
        Self { address: 50, address_burst: 300, application: 2_000, application_burst: 8_000 }
    }
}

/// `[log]`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LogConfig {
    /// `error`, `warn`, `info`, `debug` or a filter as `footfall=debug,warn` (default `info`).
    pub level: String,
    /// `text` or `json` (default `text`).
    pub format: LogFormat,
}

impl Default for LogConfig {
    fn default() -> Self {
        Self { level: "info".to_owned(), format: LogFormat::Text }
    }
}

/// Form of log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}
