//! Arguments, and which command they mean.

use std::path::PathBuf;

use anyhow::Context;
use clap::error::ErrorKind;
use clap::{Parser, Subcommand};

use super::{check, demo, health, log, reindex, serve, token, user};
use crate::config::{self, Config};

/// Done.
const DONE: u8 = 0;
/// Failed.
const FAILED: u8 = 1;
/// Wrong usage or configuration.
const USAGE: u8 = 64;

/// Digital experience monitoring in one binary.
#[derive(Debug, Parser)]
#[command(version, about, max_term_width = 100)]
struct Args {
    /// Configuration file (TOML). Every key also as `FOOTFALL_SECTION__KEY`.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Data folder, instead of `data.folder`.
    #[arg(long, global = true, value_name = "FOLDER")]
    data: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run everything: listeners, pipeline, search, UI.
    Serve,
    /// Show a shop with a simulated week of visitors, and live ones. Nothing is kept unless `--data` names a new folder.
    Demo(demo::DemoOptions),
    /// Print the effective configuration and its problems; exit 0 or 64.
    Check,
    /// Exit 0 when a running server is ready.
    Health,
    /// Manage accounts without the UI, while the server is stopped.
    #[command(subcommand)]
    User(user::UserCommand),
    /// Manage API tokens without the UI, while the server is stopped.
    #[command(subcommand)]
    Token(token::TokenCommand),
    /// Rebuild the search index and the columns from the records, while the server is stopped.
    Reindex,
}

/// What went wrong, and with which exit code.
pub(super) enum Failure {
    /// Configuration or arguments.
    Usage(anyhow::Error),
    /// The work itself.
    Work(anyhow::Error),
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::Work(error)
    }
}

/// Runs the command of the process's arguments; answers the exit code.
#[must_use]
pub fn run() -> u8 {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(e) => {
            let is_asked = matches!(e.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
            // Without a terminal there is nobody to tell.
            let _unseen = e.print();
            return if is_asked { DONE } else { USAGE };
        }
    };
    match execute(args) {
        Ok(()) => DONE,
        Err(Failure::Usage(e)) => {
            eprintln!("footfall: {e:#}");
            USAGE
        }
        Err(Failure::Work(e)) => {
            eprintln!("footfall: {e:#}");
            FAILED
        }
    }
}

fn execute(args: Args) -> Result<(), Failure> {
    let mut config = config::load(args.config.as_deref())
        .context("cannot load the configuration")
        .map_err(Failure::Usage)?;
    // Lives until the command is done.
    let mut _temporary = None;
    if let Command::Demo(_) = args.command {
        _temporary = demo::prepare(&mut config, args.data)?;
    } else if let Some(folder) = args.data {
        config.data.folder = folder;
    }
    if matches!(args.command, Command::Check) {
        return check::run(&config);
    }
    let problems = config::check::problems(&config);
    if !problems.is_empty() {
        return Err(Failure::Usage(anyhow::anyhow!(problems.join("\n"))));
    }
    log::start(&config.log).map_err(Failure::Usage)?;
    dispatch(args.command, config)
}

fn dispatch(command: Command, config: Config) -> Result<(), Failure> {
    match command {
        Command::Serve => serve::run(config)?,
        Command::Demo(options) => demo::run(&options, config)?,
        Command::Check => return check::run(&config),
        Command::Health => health::run(&config)?,
        Command::User(command) => user::run(command, &config)?,
        Command::Token(command) => token::run(command, &config)?,
        Command::Reindex => reindex::run(&config)?,
    }
    Ok(())
}
