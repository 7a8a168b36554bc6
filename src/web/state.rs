//! What every handler can reach.

use std::sync::Arc;

use super::client_ip::Network;
use super::ui::show::user_key::UserKeys;
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
    /// Keys of users in addresses.
    pub user_keys: UserKeys,
}

impl WebState {
    /// State on top of the services.
    #[must_use]
    pub fn new(services: Arc<Services>) -> Self {
        let parse = |list: &[String]| list.iter().filter_map(|p| Network::parse(p)).collect();
        let mut fresh = [0; 32];
        services.entropy.fill(&mut fresh);
        let install_key = services.catalog.install_key(fresh).unwrap_or(fresh);
        Self {
            user_keys: UserKeys::new(&install_key),
            admin_proxies: parse(&services.config.admin.trusted_proxies),
            ingest_proxies: parse(&services.config.ingest.trusted_proxies),
            services,
        }
    }
}
