//! A million sessions of 30 days behind the real server: what people and programs ask, over HTTP on one connection
//! that stays open, beside what the same server takes for a health check.
//!
//! `cargo bench --profile dist --bench search`; `-- --only typo` measures the lines that hold the word. The folder is
//! made once a day (a few minutes) and kept below the target folder. Figures at p99: exact, prefix and one typo below
//! 5 ms, inside of a tag below 20 ms, type-ahead below 50 ms; pages below 100 ms at p95.

#![expect(clippy::unwrap_used, reason = "a bench fails by panicking")]
#![expect(clippy::disallowed_methods, reason = "a bench drives processes and measures time")]
#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

#[path = "keep_alive.rs"]
mod keep_alive;
#[path = "million.rs"]
mod million;
#[path = "../support/server_process.rs"]
mod server_process;

use std::path::Path;
use std::time::Instant;

use footfall::base::entropy::Entropy;
use keep_alive::{KeepAlive, encode};
use million::{USERS, tag};
use server_process::ServerProcess;

const ROUNDS: usize = 300;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let only = arguments.iter().skip_while(|a| *a != "--only").nth(1).cloned();
    let made = million::folder();
    if arguments.iter().any(|a| a == "--fill") {
        return;
    }
    println!(
        "search index           {} bytes a session",
        index_bytes(&made.folder) / million::SESSIONS
    );
    let mut server = ServerProcess::start(&made.folder);
    println!("ready after            {} ms", server.ready_after.as_millis());
    let mut bench = Bench {
        connection: KeepAlive::connect(server.admin, &made.token),
        process: server.child.id(),
        only: only.unwrap_or_default(),
        users: {
            let entropy = Entropy::seeded(7);
            (0..ROUNDS).map(|_| entropy.below(USERS)).collect()
        },
    };
    // The first look of the indexing thread at all days belongs to the start.
    std::thread::sleep(std::time::Duration::from_secs(3));
    bench.measure("ceiling: /healthz", ROUNDS, None, |_| "/healthz".to_owned());
    by_tag(&mut bench);
    by_other(&mut bench);
    type_ahead(&mut bench);
    pages(&mut bench);
    bench.measure("ceiling again: /healthz", ROUNDS, None, |_| "/healthz".to_owned());
    println!("server                 {}", memory(bench.process));
    server.stop();
}

/// Below which share of the answers a figure asks for which time, in milliseconds.
type Figure = Option<(usize, f64)>;
const FAST: Figure = Some((99, 5.0));
const INSIDE: Figure = Some((99, 20.0));
const TYPED: Figure = Some((99, 50.0));
const PAGE: Figure = Some((95, 100.0));

struct Bench {
    connection: KeepAlive,
    process: u32,
    only: String,
    users: Vec<u64>,
}

impl Bench {
    fn measure(&mut self, name: &str, rounds: usize, figure: Figure, ask: impl Fn(u64) -> String) {
        if !name.contains(&self.only) {
            return;
        }
        let (mut times, mut found) = (Vec::with_capacity(rounds), 0);
        let before = cpu_millis(self.process);
        for user in self.users.iter().copied().cycle().take(rounds) {
            let path = ask(user);
            let watch = Instant::now();
            let answer = self.connection.get(&path);
            times.push(watch.elapsed().as_secs_f64() * 1_000.0);
            found += answer.matches("\"started_at\":").count();
        }
        let cpu = (cpu_millis(self.process) - before) / float(rounds);
        times.sort_by(f64::total_cmp);
        let at = |share: usize| *times.get((rounds * share / 100).min(rounds - 1)).unwrap();
        let verdict = match figure {
            Some((share, limit)) if at(share) < limit => "ok",
            Some(_) => "TOO SLOW",
            None => "",
        };
        println!(
            "{name:<40} p50 {:>7.2}  p95 {:>7.2}  p99 {:>7.2} ms  CPU {cpu:>6.2} ms  rows {:>5.1}  {verdict}",
            at(50),
            at(95),
            at(99),
            float(found) / float(rounds),
        );
    }

    /// A search through the API.
    fn search(&mut self, name: &str, rounds: usize, figure: Figure, ask: impl Fn(u64) -> String) {
        self.measure(name, rounds, figure, |user| {
            format!("/api/v1/sessions?from=-30d&q={}", encode(&ask(user)))
        });
    }

    /// The same search with counts.
    fn count(&mut self, name: &str, rounds: usize, ask: impl Fn(u64) -> String) {
        self.measure(name, rounds, None, |user| {
            format!("/api/v1/sessions?from=-30d&counts=1&q={}", encode(&ask(user)))
        });
    }
}

/// The tag of a user without its end, in plain letters.
fn name(user: u64) -> String {
    tag(user).split('@').next().unwrap().replace('ü', "u")
}

fn last_name(user: u64) -> String {
    name(user).split('.').nth(1).unwrap().to_owned()
}

/// The text with a letter left out or two that changed places, after the first two letters.
fn typo(user: u64, text: &str, from: usize) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    let at = from + 2 + usize::try_from(user % 2).unwrap();
    if user.is_multiple_of(3) {
        chars.remove(at);
    } else {
        chars.swap(at, at + 1);
    }
    chars.into_iter().collect()
}

fn typo_in_last_name(user: u64, text: &str) -> String {
    typo(user, text, text.find('.').unwrap() + 1)
}

fn by_tag(bench: &mut Bench) {
    bench.search("user:tag, exact", ROUNDS, FAST, |u| format!("user:{}", tag(u)));
    bench.search("exact: tag as a word", ROUNDS, FAST, tag);
    bench.search("user:pre*", ROUNDS, FAST, |u| format!("user:{}*", name(u)));
    bench.search("user:pre* of many", ROUNDS, FAST, |u| {
        format!("user:{}*", name(u).chars().take(6).collect::<String>())
    });
    bench.search("prefix as a word", ROUNDS, FAST, |u| name(u).chars().take(9).collect());
    bench.search("prefix: first name", ROUNDS, FAST, |u| {
        name(u).split('.').next().unwrap().to_owned()
    });
    bench.search("one typo: last name", ROUNDS, FAST, |u| typo(u, &last_name(u), 0));
    bench.search("one typo: name and number", ROUNDS, FAST, |u| typo_in_last_name(u, &name(u)));
    bench.search("one typo: whole tag", ROUNDS, FAST, |u| {
        let whole = format!("{}@example.com", name(u));
        typo_in_last_name(u, &whole)
    });
    bench.search("inside, rare: user:*ueller12*", ROUNDS, INSIDE, |u| {
        format!("user:*{}*", name(u).chars().skip(7).collect::<String>())
    });
    bench.search("inside, common: user:*xample.c*", 100, INSIDE, |_| "user:*xample.c*".to_owned());
    bench.search("inside as a word", ROUNDS, INSIDE, |u| name(u).chars().skip(7).take(7).collect());
    bench.search("nothing found", ROUNDS, INSIDE, |u| format!("zqx{u}"));
    bench
        .search("nothing found, whole tag", ROUNDS, INSIDE, |u| format!("zqxj.wvk{u}@example.com"));
}

fn by_other(bench: &mut Bench) {
    bench.search("country, errors, duration", 100, None, |_| {
        "country:DK errors>0 duration>1m".to_owned()
    });
    bench.search("browser, user, errors", 100, None, |u| {
        format!("browser:firefox user:{}* errors>0", name(u).split('.').next().unwrap())
    });
    bench.search("error text", 100, None, |u| format!("error:\"chunk {} failed\"", u % 500));
    bench.search("everything, newest 50", 100, None, |_| String::new());
    bench.count("counts: exact tag", 100, |u| format!("user:{}", tag(u)));
    bench.count("counts: first name", 40, |u| name(u).split('.').next().unwrap().to_owned());
    bench.count("counts: country, errors", 40, |_| "country:DK errors>0".to_owned());
    bench.count("counts: everything", 20, |_| String::new());
}

fn type_ahead(bench: &mut Bench) {
    let typed = |bench: &mut Bench, name: &str, ask: fn(u64) -> String| {
        bench.measure(name, 100, TYPED, |user| {
            format!("/sessions/suggest?from=-30d&text={}", encode(&ask(user)))
        });
    };
    typed(bench, "type-ahead: one letter", |u| name(u).chars().take(1).collect());
    typed(bench, "type-ahead: two letters", |u| name(u).chars().take(2).collect());
    typed(bench, "type-ahead: two of a last name", |u| last_name(u).chars().take(2).collect());
    typed(bench, "type-ahead: last name", last_name);
    typed(bench, "type-ahead: name and number", name);
    typed(bench, "type-ahead: cl (action names)", |_| "cl".to_owned());
}

/// Pages of numbers: one pass over the sessions of the range and of the one before.
fn numbers(bench: &mut Bench) {
    bench.measure("page / (home)", 50, PAGE, |_| "/".to_owned());
    for (name, path) in [
        ("page /apps", "/apps"),
        ("page /apps, 7 days", "/apps?from=-7d"),
        ("page /apps, 30 days", "/apps?from=-30d"),
        ("page /apps/{id}", "/apps/a_0000001"),
        ("page /apps/{id}, 7 days", "/apps/a_0000001?from=-7d"),
        ("page /apps/{id}, 30 days", "/apps/a_0000001?from=-30d"),
        ("overview of the API", "/api/v1/applications/a_0000001/overview"),
    ] {
        bench.measure(name, 50, PAGE, |_| path.to_owned());
    }
}

fn pages(bench: &mut Bench) {
    let sessions = |bench: &mut Bench, name: &str, ask: &dyn Fn(u64) -> String| {
        bench.measure(name, 100, PAGE, |user| format!("/sessions?{}", ask(user)));
    };
    sessions(bench, "page /sessions", &|_| String::new());
    sessions(bench, "page /sessions, 30 days", &|_| "from=-30d".to_owned());
    sessions(bench, "page /sessions?q=user:", &|u| format!("q=user:{}", encode(&tag(u))));
    sessions(bench, "page /sessions?q=user:, 30 days", &|u| {
        format!("from=-30d&q=user:{}", encode(&tag(u)))
    });
    sessions(bench, "page /sessions?q=name, 30 days", &|u| {
        format!("from=-30d&q={}", encode(name(u).split('.').next().unwrap()))
    });
    numbers(bench);
    let list = bench.connection.get("/api/v1/sessions?from=-30d&limit=100&q=user:*");
    let ids: Vec<&str> =
        list.split(r#""id":""#).skip(1).map(|t| t.split('"').next().unwrap()).collect();
    let id = |user: u64| *ids.get(usize::try_from(user).unwrap() % ids.len()).unwrap();
    bench.measure("page /sessions/{id}", 100, PAGE, |u| format!("/sessions/{}", id(u)));
    let users: Vec<String> = (0..20)
        .filter_map(|n| {
            let path = format!("/sessions?from=-30d&q=user:{}", encode(&tag(n * 997)));
            let page = bench.connection.get(&path);
            let (_, rest) = page.split_once("href=\"/users/")?;
            Some(rest.split('"').next()?.to_owned())
        })
        .collect();
    let user = |u: u64| users.get(usize::try_from(u).unwrap() % users.len()).unwrap();
    bench.measure("page /users/{key}", 100, PAGE, |u| format!("/users/{}", user(u)));
}

#[expect(clippy::cast_precision_loss, reason = "figures are rounded anyway")]
const fn float(number: usize) -> f64 {
    number as f64
}

/// User and system time of a process.
fn cpu_millis(process: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    let after_name = stat.rsplit_once(')').unwrap().1;
    let ticks = after_name.split_whitespace().skip(11).take(2).map(|n| n.parse::<usize>().unwrap());
    float(ticks.sum::<usize>()) * 10.0
}

fn memory(process: u32) -> String {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let kept =
        status.lines().filter(|line| line.starts_with("RssAnon") || line.starts_with("VmRSS"));
    kept.map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect::<Vec<_>>()
        .join(", ")
}

fn index_bytes(folder: &Path) -> u64 {
    let days = std::fs::read_dir(folder.join("data/days")).unwrap();
    days.map(|day| {
        let files = std::fs::read_dir(day.unwrap().path().join("index")).unwrap();
        files.map(|file| file.unwrap().metadata().unwrap().len()).sum::<u64>()
    })
    .sum()
}
