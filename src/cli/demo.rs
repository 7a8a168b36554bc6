//! `footfall demo`: a shop, a simulated week, live visitors, and nothing left behind.

use std::fs::DirBuilder;
use std::io::{ErrorKind, IsTerminal};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use std::os::unix::fs::DirBuilderExt;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, bail};
use indicatif::{ProgressBar, ProgressStyle};

use crate::app::Process;
use crate::base::clock::Clock;
use crate::base::entropy::Entropy;
use crate::config::Config;
use crate::engine::demo::fill::Plan;
use crate::engine::demo::settings::{self, MadeAccount};
use crate::engine::demo::show::News;
use crate::store::catalog::Author;

/// Ports that are tried after the usual one.
const PORTS: u16 = 50;
/// Free disk space in MiB that a demo wants at most: it writes some tens of it.
const FREE_MIB: u32 = 128;

/// Options of the demo.
#[derive(Debug, clap::Args)]
pub(super) struct DemoOptions {
    /// Decides who comes and what happens to them: the same seed, the same visitors.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Visits of a simulated day.
    #[arg(long, default_value_t = 700, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=20_000))]
    visits_per_day: u32,
}

/// A folder that is removed in the end.
#[derive(Debug)]
pub(super) struct TemporaryFolder(PathBuf);

impl TemporaryFolder {
    fn make() -> anyhow::Result<Self> {
        let name = format!("footfall-demo-{:08x}", Entropy::System.next_u64() >> 32);
        let folder = std::env::temp_dir().join(name);
        let made = DirBuilder::new().mode(0o700).create(&folder);
        made.with_context(|| format!("cannot make the folder `{}`", folder.display()))?;
        Ok(Self(folder))
    }
}

impl Drop for TemporaryFolder {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            eprintln!("footfall: `{}` is left behind: {error}", self.0.display());
        }
    }
}

/// Makes a configuration one for a demo: a folder of its own, listeners that are free and on this machine only, and
/// the word of simulated proxies counts.
pub(super) fn prepare(
    config: &mut Config,
    folder: Option<PathBuf>,
) -> anyhow::Result<Option<TemporaryFolder>> {
    let usual = Config::default();
    let temporary = if folder.is_none() { Some(TemporaryFolder::make()?) } else { None };
    if let Some(folder) = folder.or_else(|| temporary.as_ref().map(|t| t.0.clone())) {
        config.data.folder = folder;
    }
    config.data.free_mib_min = config.data.free_mib_min.min(FREE_MIB);
    if config.log == usual.log {
        "warn".clone_into(&mut config.log.level);
    }
    let home = IpAddr::V4(Ipv4Addr::LOCALHOST);
    config.admin.listen = free(SocketAddr::new(home, config.admin.listen.port()), None)?;
    let ingest = SocketAddr::new(home, config.ingest.listen.port());
    config.ingest.listen = free(ingest, Some(config.admin.listen))?;
    config.ingest.public_url.clear();
    config.admin.public_url.clear();
    config.ingest.trusted_proxies = vec![home.to_string()];
    Ok(temporary)
}

/// The address, or one with a higher port when another process is there.
fn free(wanted: SocketAddr, except: Option<SocketAddr>) -> anyhow::Result<SocketAddr> {
    for port in wanted.port()..=wanted.port().saturating_add(PORTS) {
        let address = SocketAddr::new(wanted.ip(), port);
        if Some(address) == except {
            continue;
        }
        match TcpListener::bind(address) {
            Ok(_) => return Ok(address),
            Err(error) if error.kind() == ErrorKind::AddrInUse => {}
            Err(error) => return Err(error).with_context(|| format!("cannot listen on {address}")),
        }
    }
    bail!("ports {} to {} are all taken", wanted.port(), wanted.port().saturating_add(PORTS))
}

/// Runs until a signal.
pub(super) fn run(options: &DemoOptions, config: Config) -> anyhow::Result<()> {
    let clock = Clock::System;
    let process = Process::open(config, clock.clone())?;
    let services = &process.services;
    let folder = services.store.folder().display().to_string();
    if services.catalog.has_accounts()? {
        bail!(
            "there is data in `{folder}`: name a new folder, or look at it with `footfall serve --data {folder}`"
        );
    }
    let author = Author::command_line(clock.now());
    settings::applications(services, &author).context("cannot make the applications")?;
    let accounts = settings::accounts(services, &author).context("cannot make the accounts")?;
    let plan =
        Plan { seed: options.seed, visits_per_day: options.visits_per_day, present: clock.now() };
    let bar = progress_bar();
    process.demo(
        plan,
        move |news| tell(&bar, news),
        |services, admin, ingest| {
            let folder = services.store.folder().display();
            tracing::info!(%admin, %ingest, %folder, "listening");
            greet(&accounts, admin, ingest);
        },
    )
}

fn greet(accounts: &[MadeAccount], admin: SocketAddr, ingest: SocketAddr) {
    eprintln!(
        "\n  Footfall     http://localhost:{}\n  The shop     http://localhost:{}/shop/\n",
        admin.port(),
        ingest.port()
    );
    for MadeAccount { name, password, duty } in accounts {
        eprintln!("  sign in as   {name:<8} {password}   {duty}");
    }
    eprintln!();
}

fn progress_bar() -> ProgressBar {
    let bar = ProgressBar::new(1_000);
    if let Ok(style) = ProgressStyle::with_template("  {msg:<28} {bar:40} {percent:>3} %") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}

fn tell(bar: &ProgressBar, news: News) {
    match news {
        News::Filling(filled) => {
            bar.set_message("simulating a week");
            bar.set_position(u64::from(filled.per_mille));
        }
        News::Indexing { done, of } => {
            bar.set_message("making it searchable");
            bar.set_position(done * 1_000 / of.max(1));
        }
        News::Live(filled) => {
            bar.finish_and_clear();
            let took = bar.elapsed().as_secs_f32();
            let rest = if std::io::stderr().is_terminal() { " Ctrl-C ends the demo." } else { "" };
            eprintln!(
                "  {} sessions of {} beacons in {took:.1} s; visitors are live now.{rest}\n",
                filled.sessions, filled.beacons
            );
        }
        News::Failed => bar.abandon_with_message("the demo failed: Ctrl-C tells why"),
    }
}
