//! `footfall health`: asks a running server whether it is ready.

use anyhow::{Context, bail};

use crate::config::Config;
use crate::engine::http_call::Call;

/// Fails unless `/readyz` answers 200.
pub(super) fn run(config: &Config) -> anyhow::Result<()> {
    let address = config.admin.listen;
    let call = Call { method: "GET", path: "/readyz", headers: &[], body: &[] };
    let status = call.send(address).with_context(|| format!("no server answers on {address}"))?;
    if status != 200 {
        bail!("the server is not ready: status {status}");
    }
    Ok(())
}
