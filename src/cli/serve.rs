//! `footfall serve`: everything.

use std::net::SocketAddr;

use crate::app::Process;
use crate::base::clock::Clock;
use crate::config::Config;
use crate::engine::services::Services;

/// Runs until a signal.
pub(super) fn run(config: Config) -> anyhow::Result<()> {
    Process::open(config, Clock::System)?.serve(greet)
}

/// Says where the UI is and, before there is an account, how to begin.
pub(super) fn greet(services: &Services, admin: SocketAddr, ingest: SocketAddr) {
    let public = &services.config.admin.public_url;
    let url = if public.is_empty() { format!("http://{admin}") } else { public.clone() };
    tracing::info!(%admin, %ingest, folder = %services.store.folder().display(), "ready");
    match services.access.prepare_set_up(
        &services.catalog,
        &services.entropy,
        Some(services.store.folder()),
    ) {
        Ok(Some(token)) => eprintln!(
            "\n  Footfall is running. Open {url}/setup and enter this one-time set-up token:\n\n      {token}\n"
        ),
        Ok(None) => eprintln!("\n  Footfall is running at {url}\n"),
        Err(e) => tracing::error!(error = %e, "cannot prepare the set-up token"),
    }
}
