//! `footfall user`: accounts without the UI.

use std::io::{BufRead, Write};

use anyhow::{Context, anyhow};
use clap::{Subcommand, ValueEnum};

use crate::base::clock::Clock;
use crate::config::Config;
use crate::engine::access::{Access, NewAccount};
use crate::model::account::{Account, Role};
use crate::store::catalog::{Author, Catalog};

/// What to do with accounts.
#[derive(Debug, Subcommand)]
pub(super) enum UserCommand {
    /// Add an account; the password is read from standard input.
    Add {
        /// Name for signing in.
        name: String,
        /// Role.
        #[arg(long, value_enum, default_value_t = RoleName::Viewer)]
        role: RoleName,
        /// May see unmasked data.
        #[arg(long)]
        sees_unmasked: bool,
    },
    /// List accounts.
    List {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Set another password, read from standard input; all sign-ins of the account end.
    Password {
        /// Name.
        name: String,
    },
    /// Forget failed sign-ins of an account.
    Unlock {
        /// Name.
        name: String,
    },
}

/// Roles on the command line.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum RoleName {
    /// Sees masked data.
    Viewer,
    /// Also exports.
    Analyst,
    /// Also changes applications.
    Editor,
    /// Everything.
    Admin,
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::Viewer => Self::Viewer,
            RoleName::Analyst => Self::Analyst,
            RoleName::Editor => Self::Editor,
            RoleName::Admin => Self::Admin,
        }
    }
}

/// Opens the catalog of a server that does not run.
pub(super) fn open_catalog(config: &Config) -> anyhow::Result<Catalog> {
    let folder = &config.data.folder;
    Catalog::open(folder, Clock::System.now()).with_context(|| {
        format!("cannot open the catalog in `{}`: is the server running?", folder.display())
    })
}

/// Runs one command.
pub(super) fn run(command: UserCommand, config: &Config) -> anyhow::Result<()> {
    let catalog = open_catalog(config)?;
    let access = Access::new();
    let author = Author::command_line(Clock::System.now());
    match command {
        UserCommand::Add { name, role, sees_unmasked } => {
            let password = read_password()?;
            let new = NewAccount { name, password, role: role.into(), sees_unmasked };
            let account = access.add_account(&catalog, &new, &author)?;
            eprintln!("added `{}`", account.name);
        }
        UserCommand::List { json } => list(&catalog.accounts()?, json)?,
        UserCommand::Password { name } => {
            let account = find(&catalog, &name)?;
            let password = read_password()?;
            access.set_password(&catalog, account, &password, None, &author)?;
            eprintln!("password of `{name}` set");
        }
        UserCommand::Unlock { name } => {
            let account = find(&catalog, &name)?;
            catalog.unlock_account(account.id, &author)?;
            eprintln!("`{name}` may try again");
        }
    }
    Ok(())
}

fn find(catalog: &Catalog, name: &str) -> anyhow::Result<Account> {
    catalog.account_by_name(name)?.ok_or_else(|| anyhow!("there is no account `{name}`"))
}

fn read_password() -> anyhow::Result<String> {
    eprint!("password: ");
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).context("cannot read the password")?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

fn list(accounts: &[Account], json: bool) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    for account in accounts {
        if json {
            let row = serde_json::json!({
                "id": account.id.to_string(),
                "name": account.name,
                "role": account.role,
                "sees_unmasked": account.sees_unmasked,
                "created_at": account.created_at.rfc3339(),
            });
            writeln!(out, "{row}")?;
        } else {
            let unmasked = if account.sees_unmasked { "unmasked" } else { "" };
            writeln!(out, "{:<24} {:<8?} {unmasked}", account.name, account.role)?;
        }
    }
    Ok(())
}
