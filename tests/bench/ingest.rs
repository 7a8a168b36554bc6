//! Durable ingest over HTTP: the real server, 64 connections, 2 KB beacons; beacons for each second of its CPU time,
//! slice by slice, beside a server of the same kind that only reads the body.
//!
//! `cargo bench --bench ingest` takes a million actions, `-- --actions 10000000` more. Figures: 16,000 beacons for a
//! CPU-second, an eighth of the server that only reads, flat from the first slice to the last, below 200 MB; ready again
//! within 2 s of a `kill -9` with 1 GB of data.

#![expect(clippy::unwrap_used, reason = "a bench fails by panicking")]
#![expect(clippy::disallowed_methods, reason = "a bench drives processes and measures time")]
#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

#[path = "sample.rs"]
mod sample;
#[path = "../support/server_process.rs"]
mod server_process;

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, ErrorKind};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use actix_web::rt::net::TcpStream;
use actix_web::{App, HttpResponse, HttpServer, web};
use footfall::base::entropy::Entropy;
use footfall::wire::beacon::encode;
use futures_util::future::join_all;
use sample::{BASE, BEACON, SENT, SESSION, VISITOR, beacon};
use server_process::{ServerProcess, get};

const CONNECTIONS: usize = 64;
const CLIENT_THREADS: usize = 2;
const ACTIONS_OF_BEACON: u64 = 2;
const BEACONS_OF_VISITOR: u64 = 8;
const SLICES: u64 = 10;
const USER_AGENTS: [&str; 4] = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/146.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.1 Safari/605.1.15",
    "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/146.0.0.0 Mobile Safari/537.36",
];
const PAGES: [&str; 6] = ["/", "/cart", "/checkout", "/product/4711", "/search", "/account"];

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if arguments.iter().any(|a| a == "--only-read") {
        only_read();
        return;
    }
    let wanted = arguments.iter().skip_while(|a| *a != "--actions").nth(1);
    let actions: u64 = wanted.map_or(1_000_000, |n| n.parse().expect("--actions takes a number"));

    let empty = Command::new(std::env::current_exe().unwrap())
        .arg("--only-read")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut empty = Ended(empty);
    let mut line = String::new();
    BufReader::new(empty.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let ceiling = drive(&mut empty.0, line.trim().parse().unwrap(), 200_000, &AtomicU64::new(0));
    drop(empty);
    println!("only reads the body    {ceiling}");

    let folder = tempfile::tempdir().unwrap();
    let mut server = ServerProcess::start(folder.path());
    server.set_up(folder.path());
    std::thread::sleep(Duration::from_secs(3));
    println!("ready after            {} ms", server.ready_after.as_millis());
    let process = server.child.id();
    println!("empty process          {} MB resident", memory(process, "VmRSS:"));
    let next = AtomicU64::new(0);
    let beacons = (actions / ACTIONS_OF_BEACON / SLICES).max(1);
    let mut worst = f64::MAX;
    for slice in 1..=SLICES {
        let done = drive(&mut server.child, server.ingest, beacons, &next);
        worst = worst.min(done.to_answer);
        let until = slice * beacons * ACTIONS_OF_BEACON;
        println!("to {until:>11} actions {done}, {} MB peak", memory(process, "VmHWM:"));
    }
    println!("threads                {}", threads(process));
    let share = worst / ceiling.to_answer * 100.0;
    println!("worst slice            {share:.1} % of the server that only reads");
    let taken = get(server.admin, "/metrics");
    let taken = taken.lines().find(|line| line.contains("accepted")).unwrap_or_default();
    println!("counted by the server  {taken}");
    server.child.kill().unwrap();
    server.child.wait().unwrap();
    let bytes = size(folder.path());
    let mut server = ServerProcess::start(folder.path());
    println!(
        "reopened after kill    {} ms with {} MB",
        server.ready_after.as_millis(),
        bytes / 1_000_000
    );
    server.stop();
    println!(
        "on disk                {} bytes an action",
        bytes / (beacons * SLICES * ACTIONS_OF_BEACON)
    );
}

/// A process that does not outlive the bench.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        let _ended = self.0.kill();
        let _ended = self.0.wait();
    }
}

/// The ceiling: the same server, threads and settings, a handler that reads the body and forgets it.
fn only_read() {
    actix_web::rt::System::new().block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        println!("{}", listener.local_addr().unwrap());
        let app = || {
            App::new().route(
                "/beacon/{application}",
                web::post().to(|_body: web::Bytes| async { HttpResponse::NoContent().finish() }),
            )
        };
        HttpServer::new(app).workers(2).listen(listener).unwrap().run().await.unwrap();
    });
}

struct Done {
    beacons: u64,
    /// Until the answer: without the index, which follows in its own time.
    to_answer: f64,
    /// All that the process did.
    in_all: f64,
    wall: Duration,
    p99: Duration,
}

impl std::fmt::Display for Done {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let each_second = float(self.beacons) / self.wall.as_secs_f64();
        write!(
            f,
            "{:>7.0} beacons per CPU-second, {:>6.0} with the index, {each_second:>6.0} per second, p99 {:.1} ms",
            self.to_answer,
            self.in_all,
            self.p99.as_secs_f64() * 1_000.0
        )
    }
}

/// Sends beacons over all connections and measures the server's CPU time.
fn drive(server: &mut Child, address: SocketAddr, beacons: u64, next: &AtomicU64) -> Done {
    let end = next.load(Ordering::SeqCst) + beacons;
    let template = Arc::new(Template::new());
    let before = (cpu_seconds(server.id()), answer_seconds(server.id()));
    let started = Instant::now();
    let mut waits = Vec::new();
    std::thread::scope(|scope| {
        let senders: Vec<_> = (0..CLIENT_THREADS)
            .map(|_| scope.spawn(|| send_all(address, end, next, &template)))
            .collect();
        for sender in senders {
            waits.extend(sender.join().unwrap());
        }
    });
    let wall = started.elapsed();
    assert!(server.try_wait().unwrap().is_none(), "the server ended");
    // What the beacons still cost after their answers belongs to them, too.
    std::thread::sleep(Duration::from_millis(1_500));
    let in_all = float(beacons) / (cpu_seconds(server.id()) - before.0);
    let to_answer = float(beacons) / (answer_seconds(server.id()) - before.1);
    waits.sort_unstable();
    next.store(end, Ordering::SeqCst);
    let p99 = waits.get(waits.len() * 99 / 100).copied().unwrap_or_default();
    Done { beacons, to_answer, in_all, wall, p99: Duration::from_micros(p99) }
}

/// Sends over this thread's share of the connections. Few threads with many connections, so that the server is not
/// charged for waking one thread for each answer.
fn send_all(address: SocketAddr, end: u64, next: &AtomicU64, template: &Template) -> Vec<u64> {
    actix_web::rt::System::new().block_on(async {
        let connections =
            (0..CONNECTIONS / CLIENT_THREADS).map(|_| send(address, end, next, template));
        join_all(connections).await.into_iter().flatten().collect()
    })
}

async fn send(address: SocketAddr, end: u64, next: &AtomicU64, template: &Template) -> Vec<u64> {
    let stream = TcpStream::connect(address).await.unwrap();
    stream.set_nodelay(true).unwrap();
    let mut waits = Vec::new();
    let mut answer = [0; 4_096];
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= end {
            return waits;
        }
        let request = template.request(number);
        let started = Instant::now();
        stream.writable().await.unwrap();
        assert_eq!(stream.try_write(&request).unwrap(), request.len());
        let read = loop {
            stream.readable().await.unwrap();
            match stream.try_read(&mut answer) {
                Err(e) if e.kind() == ErrorKind::WouldBlock => {}
                read => break read.unwrap(),
            }
        };
        waits.push(u64::try_from(started.elapsed().as_micros()).unwrap());
        let head = answer.get(..read).unwrap_or_default();
        assert!(head.starts_with(b"HTTP/1.1 204"), "{}", String::from_utf8_lossy(head));
    }
}

/// Requests, made once; numbers and times are written over for each beacon.
struct Template {
    requests: Vec<Vec<u8>>,
}

impl Template {
    fn new() -> Self {
        let bodies = PAGES.iter().map(|page| encode(&beacon(page)));
        let requests = bodies
            .zip(USER_AGENTS.iter().cycle())
            .map(|(body, agent)| {
                let length = body.len();
                assert!((1_900..2_200).contains(&length), "a beacon has {length} bytes");
                let head = format!(
                    "POST /beacon/a_0000001 HTTP/1.1\r\nHost: rum.example.com\r\n\
                     User-Agent: {agent}\r\nOrigin: https://shop.example.com\r\n\
                     Content-Type: text/plain;charset=UTF-8\r\nAccept: */*\r\n\
                     Content-Length: {length}\r\n\r\n"
                );
                [head.into_bytes(), body].concat()
            })
            .collect();
        Self { requests }
    }

    fn request(&self, number: u64) -> Vec<u8> {
        let index = usize::try_from(number).unwrap() % self.requests.len();
        let mut request = self.requests.get(index).unwrap().clone();
        // Connections take turns among visitors who are there at the same time.
        let (block, place) = (number / 4_096 / BEACONS_OF_VISITOR, number % 4_096);
        let visitor = u128::from(block * 4_096 + place) + 1;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis();
        put(
            &mut request,
            &format!("{BEACON:032x}"),
            &format!("{:032x}", Entropy::seeded(number).next_u128()),
        );
        put(&mut request, &format!("{VISITOR:032x}"), &format!("{visitor:032x}"));
        put(&mut request, &format!("{SESSION:016x}"), &format!("{visitor:016x}"));
        put(&mut request, &BASE.to_string(), &(now - 9_000).to_string());
        put(&mut request, &SENT.to_string(), &now.to_string());
        request
    }
}

fn put(request: &mut [u8], old: &str, new: &str) {
    let at = request.windows(old.len()).position(|part| part == old.as_bytes()).unwrap();
    request.get_mut(at..at + old.len()).unwrap().copy_from_slice(new.as_bytes());
}

#[expect(clippy::cast_precision_loss, reason = "figures are rounded anyway")]
const fn float(number: u64) -> f64 {
    number as f64
}

fn cpu_seconds(process: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    float(ticks(&stat)) / 100.0
}

/// User and system time of a `stat` file, in hundredths of a second.
fn ticks(stat: &str) -> u64 {
    let after_name = stat.rsplit_once(')').unwrap().1;
    after_name.split_whitespace().skip(11).take(2).map(|n| n.parse::<u64>().unwrap()).sum()
}

/// CPU time by thread name, in hundredths of a second.
fn by_thread(process: u32) -> BTreeMap<String, u64> {
    let mut all = BTreeMap::<String, u64>::new();
    for entry in std::fs::read_dir(format!("/proc/{process}/task")).unwrap() {
        let folder = entry.unwrap().path();
        // A thread may end while its files are read.
        let name = std::fs::read_to_string(folder.join("comm"));
        let stat = std::fs::read_to_string(folder.join("stat"));
        if let (Ok(name), Ok(stat)) = (name, stat) {
            *all.entry(name.trim().to_owned()).or_default() += ticks(&stat);
        }
    }
    all
}

/// CPU time of the threads that bring a beacon from the socket to the disk and its answer back.
fn answer_seconds(process: u32) -> f64 {
    let is_on_the_way = |name: &str| {
        ["actix", "pipeline", "checkpoint"].iter().any(|start| name.starts_with(start))
    };
    let all = by_thread(process);
    float(all.iter().filter(|(name, _)| is_on_the_way(name)).map(|(_, n)| n).sum()) / 100.0
}

fn threads(process: u32) -> String {
    let all = by_thread(process);
    let parts = all.iter().filter(|(_, n)| **n > 5);
    parts
        .map(|(name, n)| format!("{name} {:.1} s", float(*n) / 100.0))
        .collect::<Vec<_>>()
        .join(", ")
}

fn memory(process: u32, field: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with(field)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1_024
}

fn size(folder: &Path) -> u64 {
    let mut sum = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let about = entry.metadata().unwrap();
        sum += if about.is_dir() { size(&entry.path()) } else { about.len() };
    }
    sum
}
