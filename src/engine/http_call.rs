//! One request to a listener of this machine, and the status of its answer: for health checks and simulated browsers.

use std::io::{self, Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

/// Time for connecting, and for the answer.
const WAIT: Duration = Duration::from_secs(5);

/// A request; its headers must not have line breaks in them.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    /// Method.
    pub method: &'a str,
    /// Path.
    pub path: &'a str,
    /// Headers, without `Host` and what belongs to the connection.
    pub headers: &'a [(&'a str, &'a str)],
    /// Body; empty for none.
    pub body: &'a [u8],
}

impl Call<'_> {
    /// Sends the request and answers the status; a listener on all addresses is asked on loopback.
    pub fn send(&self, listener: SocketAddr) -> io::Result<u16> {
        let mut address = listener;
        if address.ip().is_unspecified() {
            address = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), address.port());
        }
        let mut stream = TcpStream::connect_timeout(&address, WAIT)?;
        stream.set_read_timeout(Some(WAIT))?;
        stream.set_write_timeout(Some(WAIT))?;
        stream.write_all(&self.bytes(address)?)?;
        let mut head = [0; 64];
        let read = stream.read(&mut head)?;
        status(head.get(..read).unwrap_or_default())
            .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "that is not HTTP"))
    }

    fn bytes(&self, host: SocketAddr) -> io::Result<Vec<u8>> {
        let Self { method, path, headers, body } = self;
        let mut bytes = Vec::with_capacity(512 + body.len());
        write!(bytes, "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n")?;
        for (name, value) in *headers {
            write!(bytes, "{name}: {value}\r\n")?;
        }
        if !body.is_empty() {
            write!(bytes, "Content-Length: {}\r\n", body.len())?;
        }
        bytes.extend_from_slice(b"\r\n");
        bytes.extend_from_slice(body);
        Ok(bytes)
    }
}

/// The status in the first line of an answer.
fn status(head: &[u8]) -> Option<u16> {
    let line = head.strip_prefix(b"HTTP/1.1 ")?;
    std::str::from_utf8(line.get(..3)?).ok()?.parse().ok()
}

#[cfg(test)]
#[path = "http_call_tests.rs"]
mod tests;
