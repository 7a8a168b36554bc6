//! `footfall health`: asks a running server whether it is ready.

use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context, bail};

use crate::config::Config;

/// Time for the whole question.
const WAIT: Duration = Duration::from_secs(5);

/// Fails unless `/readyz` answers 200.
pub(super) fn run(config: &Config) -> anyhow::Result<()> {
    let mut address = config.admin.listen;
    if address.ip().is_unspecified() {
        address = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), address.port());
    }
    let mut stream = TcpStream::connect_timeout(&address, WAIT)
        .with_context(|| format!("no server answers on {address}"))?;
    stream.set_read_timeout(Some(WAIT))?;
    write!(stream, "GET /readyz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut head = [0; 64];
    let read = stream.read(&mut head).context("the server does not answer")?;
    let line = String::from_utf8_lossy(head.get(..read).unwrap_or_default()).into_owned();
    let status = line.split_whitespace().nth(1).unwrap_or_default();
    if status != "200" {
        bail!("the server is not ready: status {status}");
    }
    Ok(())
}
