//! `footfall token`: API tokens without the UI.

use std::io::Write;

use anyhow::anyhow;
use clap::Subcommand;

use super::user::open_catalog;
use crate::base::clock::Clock;
use crate::base::entropy::Entropy;
use crate::base::id::TokenId;
use crate::config::Config;
use crate::engine::access::{make_token, token_text};
use crate::store::catalog::Author;

/// What to do with tokens.
#[derive(Debug, Subcommand)]
pub(super) enum TokenCommand {
    /// Add a token and print it; it is shown only now.
    Add {
        /// What it is for.
        name: String,
        /// Account in whose name it acts.
        #[arg(long)]
        account: String,
        /// Scopes, as `sessions:read`; may be repeated.
        #[arg(long = "scope", required = true)]
        scopes: Vec<String>,
        /// Days until it ends, at most 400.
        #[arg(long, default_value_t = 90)]
        days: i64,
    },
    /// List tokens, without their secrets.
    List,
    /// Remove a token.
    Remove {
        /// Id, as `t_…`.
        id: TokenId,
    },
}

/// Runs one command.
pub(super) fn run(command: TokenCommand, config: &Config) -> anyhow::Result<()> {
    let catalog = open_catalog(config)?;
    let now = Clock::System.now();
    let author = Author::command_line(now);
    let mut out = std::io::stdout().lock();
    match command {
        TokenCommand::Add { name, account, scopes, days } => {
            let owner = catalog
                .account_by_name(&account)?
                .ok_or_else(|| anyhow!("there is no account `{account}`"))?;
            let (token, secret) = make_token(&Entropy::System, &name, owner.id, scopes, days, now)?;
            let token = catalog.add_token(token, &author)?;
            writeln!(out, "{}", token_text(token.id, &secret))?;
        }
        TokenCommand::List => {
            for token in catalog.tokens()? {
                let (scopes, ends) = (token.scopes.join(" "), token.expires_at.rfc3339());
                writeln!(out, "{} {:<24} {ends} {scopes}", token.id, token.name)?;
            }
        }
        TokenCommand::Remove { id } => {
            catalog.remove_token(id, &author)?;
            eprintln!("removed {id}");
        }
    }
    Ok(())
}
