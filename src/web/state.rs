//! What every handler can reach.

use std::sync::Arc;

use super::client_ip::Network;
use crate::engine::services::Services;

/// State of both web applications.
#[derive(Clone)]
pub struct WebState {
    /// The services of the process.
    pub services: Arc<Services>,
    /// Proxies in front of the admin listener whose word counts.
    pub admin_proxies: Vec<Network>,
    /// Proxies in front of the ingest listener whose word counts.
    pub ingest_proxies: Vec<Network>,
}

impl WebState {
    /// State on top of the services.
    #[must_use]
    pub fn new(services: Arc<Services>) -> Self {
        let parse = |list: &[String]| list.iter().filter_map(|p| Network::parse(p)).collect();
        Self {
            admin_proxies: parse(&services.config.admin.trusted_proxies),
            ingest_proxies: parse(&services.config.ingest.trusted_proxies),
            services,
        }
    }
}
