//! Hostile input through the sockets of the real binary: no 5xx, no growing memory, one outcome for each beacon, and
//! nothing of it comes out as markup.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::server_process::{ServerProcess, ask, get};

/// What is sent and how the answer may begin; several for one that may also close the connection.
type Case = (&'static str, Vec<u8>, &'static [u16]);

fn post(path: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {}\r\n{headers}\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

fn plain(method_and_path: &str) -> Vec<u8> {
    format!("{method_and_path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").into_bytes()
}

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

fn bomb() -> Vec<u8> {
    let body = [br#"{"v":1,"id":""#.as_slice(), &vec![b'a'; 40_000_000]].concat();
    let packed = gzip(&body);
    assert!(packed.len() < 64 * 1024, "a bomb fits into a beacon");
    post(BEACON, "Content-Encoding: gzip\r\n", &packed)
}

const BEACON: &str = "/beacon/a_0000001";

/// Sends raw bytes; the status of the answer, 0 when there is none.
fn send(address: SocketAddr, request: &[u8]) -> u16 {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    // The server may answer and close before it has read everything.
    let _cut = stream.write_all(request);
    let _cut = stream.shutdown(Shutdown::Write);
    let mut answer = Vec::new();
    let _reset = stream.read_to_end(&mut answer);
    let line = String::from_utf8_lossy(answer.get(..12).unwrap_or_default()).into_owned();
    line.strip_prefix("HTTP/1.1 ").and_then(|status| status.parse().ok()).unwrap_or(0)
}

fn beacons() -> Vec<Case> {
    let deep = "[".repeat(20_000);
    let endless = [
        b"POST /beacon/a_0000001 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
            .to_vec(),
        b"4000\r\n"
            .iter()
            .copied()
            .chain([b'a'; 0x4000])
            .chain(*b"\r\n")
            .collect::<Vec<u8>>()
            .repeat(8),
    ]
    .concat();
    vec![
        ("too large", post(BEACON, "", &[b'a'; 70_000]), &[413]),
        ("chunks without end", endless, &[413, 0]),
        ("a bomb", bomb(), &[413]),
        (
            "cut gzip",
            post(BEACON, "Content-Encoding: gzip\r\n", gzip(b"{}").get(..12).unwrap()),
            &[400],
        ),
        ("no deflate", post(BEACON, "Content-Encoding: deflate\r\n", b"\xff\xff\xff"), &[400]),
        ("a coding we do not take", post(BEACON, "Content-Encoding: br\r\n", b"x"), &[415]),
        (
            "two codings",
            post(BEACON, "Content-Encoding: gzip\r\nContent-Encoding: gzip\r\n", &gzip(b"{}")),
            &[415],
        ),
        ("a list of codings", post(BEACON, "Content-Encoding: gzip, gzip\r\n", b"x"), &[415]),
        ("nothing", post(BEACON, "", b""), &[400]),
        ("no UTF-8", post(BEACON, "", b"{\"v\":1,\"id\":\"\xff\xfe\"}"), &[400]),
        ("deep", post(BEACON, "", deep.as_bytes()), &[400]),
        ("another application", post("/beacon/a_9999999", "", b"{}"), &[404]),
        ("no application", post("/beacon/%00", "", b"{}"), &[404]),
        ("a name with line breaks", post("/beacon/a%0d%0aX:1", "", b"{}"), &[404]),
        ("a path that climbs", post("/beacon/../../etc/passwd", "", b"{}"), &[404]),
        ("a length that lies", post(BEACON, "Content-Length: 5\r\n", b"{}"), &[400]),
    ]
}

fn requests() -> Vec<Case> {
    let long = format!("GET /api/v1/sessions?q={} HTTP/1.1\r\nHost: x\r\n\r\n", "a".repeat(50_000));
    let header = format!("GET / HTTP/1.1\r\nHost: x\r\nX: {}\r\n\r\n", "a".repeat(300_000));
    let headers = format!("GET / HTTP/1.1\r\nHost: x\r\n{}\r\n", "X: a\r\n".repeat(500));
    vec![
        ("an unknown method", plain("FOO /"), &[400, 404, 405]),
        ("a traversal", plain("GET /assets/..%2f..%2fetc%2fpasswd"), &[400, 404]),
        ("a traversal without coding", plain("GET /assets/../../etc/passwd"), &[400, 404]),
        ("NUL in a path", plain("GET /sessions/%00"), &[303, 400, 404]),
        ("markup in a path", plain("GET /sessions/<script>alert(1)</script>"), &[303, 400, 404]),
        ("a long filter", long.into_bytes(), &[400, 401, 414, 431]),
        ("a long header", header.into_bytes(), &[400, 431, 0]),
        ("many headers", headers.into_bytes(), &[400, 431, 0]),
        ("no HTTP", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc".to_vec(), &[400, 0]),
        (
            "JSON that is none",
            post("/api/v1/sign-in", "Content-Type: application/json\r\n", b"{"),
            &[400],
        ),
        (
            "JSON without end",
            post("/api/v1/sign-in", "Content-Type: application/json\r\n", &[b'['; 400_000]),
            &[400, 413],
        ),
    ]
}

/// Queries of somebody who is signed in.
const QUERIES: [&str; 14] = [
    "/api/v1/sessions?q=%00",
    "/api/v1/sessions?q=((((((((((((((((((((((",
    "/api/v1/sessions?q=user:%22",
    "/api/v1/sessions?q=duration%3E99999999999999999999999",
    "/api/v1/sessions?q=*%20*%20*%20*%20*a*b*c*d*e*f*",
    "/api/v1/sessions?after=%ff%fe",
    "/api/v1/sessions?after=9999999999999999999999",
    "/api/v1/sessions?limit=-1",
    "/api/v1/sessions?limit=99999999999999999999",
    "/api/v1/sessions?from=now&to=1970",
    "/api/v1/sessions?from=-99999999999999d",
    "/api/v1/sessions/s_zzzzzzzzzzzzzzzzzzzzzzzzzz",
    "/sessions?q=%3Cscript%3Ealert(1)%3C/script%3E",
    "/sessions/suggest?text=%00%ff",
];

fn signed_in(server: &ServerProcess, cookie: &str, path: &str) -> String {
    ask(
        server.admin,
        &format!(
            "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nCookie: {cookie}\r\n\r\n"
        ),
    )
}

fn resident(server: &ServerProcess) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.child.id())).unwrap();
    let line = status.lines().find(|line| line.starts_with("RssAnon:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1_024
}

/// Counter of the outcomes of all beacons.
fn told(server: &ServerProcess) -> u64 {
    get(server.admin, "/metrics")
        .lines()
        .filter(|line| line.starts_with("footfall_beacons_total{"))
        .map(|line| line.rsplit_once(' ').unwrap().1.parse::<u64>().unwrap())
        .sum()
}

#[test]
fn hostile_requests_get_clear_answers() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = ServerProcess::start(folder.path());
    let cookie = server.set_up(folder.path());
    let before = told(&server);
    for (what, request, allowed) in beacons() {
        let status = send(server.ingest, &request);
        assert!(allowed.contains(&status), "{what}: {status}");
    }
    // Two never get to the collector: the path and the length make no sense.
    let told = told(&server) - before;
    assert_eq!(told, beacons().len() as u64 - 2, "each beacon has one outcome");
    for (what, request, allowed) in requests() {
        let status = send(server.admin, &request);
        assert!(allowed.contains(&status), "{what}: {status}");
        let status = send(server.ingest, &request);
        assert!(status < 500, "{what}, sent to the other listener: {status}");
    }
    for path in QUERIES {
        let answer = signed_in(&server, &cookie, path);
        assert!(
            answer.starts_with("HTTP/1.1 2") || answer.starts_with("HTTP/1.1 4"),
            "{path}: {answer}"
        );
        assert!(!answer.contains("<script>alert"), "{path}");
    }
    assert!(get(server.admin, "/readyz").starts_with("HTTP/1.1 200"), "it goes on");
    server.stop();
}

#[test]
fn bombs_do_not_grow_the_memory() {
    let folder = tempfile::tempdir().unwrap();
    let server = ServerProcess::start(folder.path());
    let bomb = bomb();
    let round = |count: usize| {
        for _ in 0..count {
            assert_eq!(send(server.ingest, &bomb), 413);
        }
        resident(&server)
    };
    let first = round(100);
    let last = round(900);
    assert!(last < first + 16, "{first} MB became {last} MB");
}

#[test]
fn what_a_page_sent_is_text_when_it_is_shown() {
    const EVIL: &str = "<script>alert(1)</script><img src=x onerror=alert(2)>\\\"'&";
    let folder = tempfile::tempdir().unwrap();
    let server = ServerProcess::start(folder.path());
    let cookie = server.set_up(folder.path());
    let body = evil(EVIL);
    assert_eq!(
        send(
            server.ingest,
            &post(BEACON, "User-Agent: <script>alert(1)</script>\r\n", body.as_bytes())
        ),
        204
    );
    let mut rows = String::new();
    for _ in 0..100 {
        rows = signed_in(&server, &cookie, "/api/v1/sessions?q=user.type:*");
        if rows.contains("s_") {
            break;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    let at = rows.find("\"s_").unwrap_or_else(|| panic!("no session: {rows}"));
    let id = rows.get(at + 1..at + 29).unwrap();
    let session = format!("/sessions/{id}");
    for path in
        ["/sessions?q=user.type:*", &session, &format!("{session}/actions/1"), "/apps", "/health"]
    {
        let page = signed_in(&server, &cookie, path);
        assert!(!page.starts_with("HTTP/1.1 5"), "{path}: {page}");
        assert!(!page.contains("<script>alert") && !page.contains("<img src=x"), "{path}: {page}");
    }
}

fn evil(text: &str) -> String {
    let now =
        std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis();
    format!(
        r#"{{"v":1,"id":"{:032x}","vi":"{:032x}","bs":"00000000000000aa","tab":"00000000000000ab","b":{now},"s":{now},"av":"{text}","scr":"{text}","lang":"{text}","tz":"{text}","rel":"{text}","e":[{{"at":-900,"k":"a","t":"load","n":"{text}","u":"https://x.example/{text}","ti":"{text}","rf":"{text}","d":900,"pv":1,"r":[{{"u":"https://x.example/{text}","k":"js","s":1,"d":2,"p":"{text}","m":"{text}"}}],"er":[{{"at":1,"t":"js","m":"{text}","n":"{text}","s":"{text}","u":"{text}"}}],"pr":{{"{text}":"{text}"}}}},{{"at":-500,"k":"u","v":"{text}"}},{{"at":-400,"k":"r","c":"{text}","u":"{text}","x":4}},{{"at":-300,"k":"p","pr":{{"{text}":"{text}"}}}},{{"at":-200,"k":"e","t":"custom","m":"{text}","s":"{text}"}}]}}"#,
        7, 8
    )
}
