//! The real binary on a folder of its own, driven over HTTP.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A start that takes longer will never end.
const START_MAX: Duration = Duration::from_secs(45);

/// A running server.
pub struct ServerProcess {
    pub child: Child,
    pub ingest: SocketAddr,
    pub admin: SocketAddr,
    /// From the start of the process to its first answer that it is ready.
    pub ready_after: Duration,
}

impl ServerProcess {
    /// Starts the process on the data folder `folder/data`; it logs to `folder/log`.
    pub fn spawn(folder: &Path) -> Child {
        Command::new(env!("CARGO_BIN_EXE_footfall"))
            .arg("serve")
            .env("FOOTFALL_DATA__FOLDER", folder.join("data"))
            .env("FOOTFALL_DATA__FREE_MIB_MIN", "1")
            .env("FOOTFALL_INGEST__LISTEN", "127.0.0.1:0")
            .env("FOOTFALL_ADMIN__LISTEN", "127.0.0.1:0")
            .env("FOOTFALL_RATES__ADDRESS", "0")
            .env("FOOTFALL_RATES__APPLICATION", "0")
            .stdout(Stdio::null())
            .stderr(std::fs::File::create(folder.join("log")).unwrap())
            .spawn()
            .unwrap()
    }

    /// Starts the server and waits until it is ready.
    pub fn start(folder: &Path) -> Self {
        let started = Instant::now();
        let child = Self::spawn(folder);
        let log = folder.join("log");
        let nowhere = SocketAddr::from(([127, 0, 0, 1], 0));
        let mut server =
            Self { child, ingest: nowhere, admin: nowhere, ready_after: Duration::ZERO };
        while !get(server.admin, "/readyz").starts_with("HTTP/1.1 200") {
            std::thread::sleep(Duration::from_millis(5));
            let said = std::fs::read_to_string(&log).unwrap();
            let is_over = server.child.try_wait().unwrap().is_some();
            assert!(!is_over, "the server ended: {said}");
            assert!(started.elapsed() < START_MAX, "the server is not ready: {said}");
            if let Some((admin, ingest)) = address(&said, "admin").zip(address(&said, "ingest")) {
                (server.admin, server.ingest) = (admin, ingest);
            }
        }
        server.ready_after = started.elapsed();
        server
    }

    /// Makes the first account; gives its cookie.
    pub fn set_up(&self, folder: &Path) -> String {
        let token = std::fs::read_to_string(folder.join("data/setup-token")).unwrap();
        let token = token.trim();
        let body =
            format!(r#"{{"token":"{token}","name":"tester","password":"correct horse battery"}}"#);
        let answer = post(self.admin, "/api/v1/set-up", &body);
        assert!(answer.starts_with("HTTP/1.1 2"), "{answer}");
        cookie(&answer)
    }

    /// Asks the server to end and waits until it did.
    pub fn stop(&mut self) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").arg(id).status().unwrap().success());
        assert!(self.child.wait().unwrap().success(), "it ends without an error");
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _ended = self.child.wait();
    }
}

/// An address that the server says in its log.
fn address(log: &str, of: &str) -> Option<SocketAddr> {
    let (_, rest) = log.split_once(&format!("{of}="))?;
    rest.split_whitespace().next()?.parse().ok()
}

/// The whole answer to a GET; empty when there is none.
pub fn get(address: SocketAddr, path: &str) -> String {
    ask(address, &format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
}

/// The whole answer to a POST of JSON; empty when there is none.
pub fn post(address: SocketAddr, path: &str, body: &str) -> String {
    let length = body.len();
    ask(
        address,
        &format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        ),
    )
}

/// The whole answer to a request that closes its connection; empty when there is none.
pub fn ask(address: SocketAddr, request: &str) -> String {
    let Ok(mut stream) = TcpStream::connect(address) else {
        return String::new();
    };
    let mut answer = Vec::new();
    let done = stream.write_all(request.as_bytes()).and_then(|()| stream.read_to_end(&mut answer));
    if done.is_ok() { String::from_utf8_lossy(&answer).into_owned() } else { String::new() }
}

/// The cookie that an answer sets, as `name=value`.
fn cookie(answer: &str) -> String {
    let line = answer.lines().find(|line| line.to_ascii_lowercase().starts_with("set-cookie:"));
    let value = line.unwrap().split_once(':').unwrap().1;
    value.split(';').next().unwrap().trim().to_owned()
}
