//! Who may come in: set-up, sign-in, sign-ins in use, tokens.

use std::io::Write;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use subtle::ConstantTimeEq;

use super::password::{self, PasswordFault, Passwords};
use super::throttle::{Throttle, wait_left};
use crate::base::entropy::Entropy;
use crate::base::id::{AccountId, TokenId};
use crate::base::time::{DAY_MILLIS, HOUR_MILLIS, MINUTE_MILLIS, Timestamp};
use crate::model::account::{Account, ApiToken, Role, SignIn};
use crate::store::catalog::{Author, Catalog, CatalogError};

/// A sign-in that nobody uses ends after this.
pub const SIGN_IN_IDLE_MILLIS: i64 = 60 * MINUTE_MILLIS;
/// Every sign-in ends after this.
pub const SIGN_IN_MILLIS: i64 = 12 * HOUR_MILLIS;
/// Longest life of a token.
pub const TOKEN_DAYS_MAX: i64 = 400;
/// Longest name of an account or token.
pub const NAME_CHARS: usize = 64;
/// File in the data folder that holds the set-up token until it is used.
const SET_UP_FILE: &str = "setup-token";

/// Why somebody does not get in.
#[derive(Debug, thiserror::Error)]
pub enum AccessError {
    /// Name or password is wrong; nobody is told which.
    #[error("the name or the password is wrong")]
    Wrong,
    /// Too many tries.
    #[error("too many tries, wait a moment")]
    Wait {
        /// Milliseconds to wait.
        millis: i64,
    },
    /// The server is busy with other sign-ins.
    #[error("too many people sign in at this moment, try again")]
    Busy,
    /// The set-up token is wrong or was used.
    #[error("the set-up token is wrong")]
    WrongSetUpToken,
    /// The set-up was done.
    #[error("the set-up is already done")]
    SetUpDone,
    /// The name of an account or token cannot be used.
    #[error("a name has 1 to 64 characters and no control characters")]
    BadName,
    /// The password cannot be used.
    #[error(transparent)]
    Password(#[from] PasswordFault),
    /// The life of a token is out of bounds.
    #[error("a token lives 1 to 400 days")]
    BadExpiry,
    /// The catalog failed or refused.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
}

/// What is asked to make an account.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// Name.
    pub name: String,
    /// Password.
    pub password: String,
    /// Role.
    pub role: Role,
    /// May see unmasked data.
    pub sees_unmasked: bool,
}

/// Somebody came in.
#[derive(Debug)]
pub struct SignedIn {
    /// Who.
    pub account: Account,
    /// Secret for the cookie; only its hash is kept.
    pub secret: String,
}

/// Sign-in, set-up and their throttles.
#[derive(Debug, Default)]
pub struct Access {
    /// Hashes of passwords.
    pub passwords: Passwords,
    throttle: Mutex<Throttle>,
    set_up: Mutex<Option<SetUp>>,
}

#[derive(Debug)]
struct SetUp {
    hash: [u8; 32],
    file: Option<PathBuf>,
}

impl Access {
    /// Nobody has come yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// When there is no account yet: makes the one-time set-up token, writes it to a file that only its owner reads,
    /// and returns it so that it can be shown. A token that waits from an earlier start stays valid.
    pub fn prepare_set_up(
        &self,
        catalog: &Catalog,
        entropy: &Entropy,
        folder: Option<&Path>,
    ) -> Result<Option<String>, AccessError> {
        let file = folder.map(|f| f.join(SET_UP_FILE));
        if catalog.has_accounts()? {
            if let Some(file) = &file {
                let _ = std::fs::remove_file(file);
            }
            return Ok(None);
        }
        let waiting = file
            .as_ref()
            .and_then(|f| std::fs::read_to_string(f).ok())
            .map(|text| text.trim().to_owned())
            .filter(|text| text.len() >= 26 && text.len() <= 64);
        let token = waiting.unwrap_or_else(|| secret_text(entropy));
        if let Some(file) = &file {
            write_private(file, &token).map_err(CatalogError::Folder)?;
        }
        let hash = hash_of(&token);
        *self.set_up.lock().unwrap_or_else(PoisonError::into_inner) = Some(SetUp { hash, file });
        Ok(Some(token))
    }

    /// Whether a set-up token is the right one; counts as a try of the address.
    pub fn check_set_up_token(
        &self,
        token: &str,
        ip: IpAddr,
        now: Timestamp,
    ) -> Result<(), AccessError> {
        self.count_try(ip, now)?;
        let guard = self.set_up.lock().unwrap_or_else(PoisonError::into_inner);
        let set_up = guard.as_ref().ok_or(AccessError::SetUpDone)?;
        if bool::from(hash_of(token.trim()).ct_eq(&set_up.hash)) {
            Ok(())
        } else {
            Err(AccessError::WrongSetUpToken)
        }
    }

    /// The first account, an administrator who sees unmasked data; works once. Blocks for the hash.
    pub fn set_up(
        &self,
        catalog: &Catalog,
        entropy: &Entropy,
        token: &str,
        (name, password): (&str, &str),
        ip: IpAddr,
        author: &Author,
    ) -> Result<SignedIn, AccessError> {
        if catalog.has_accounts()? {
            return Err(AccessError::SetUpDone);
        }
        self.check_set_up_token(token, ip, author.at)?;
        let new = NewAccount {
            name: name.to_owned(),
            password: password.to_owned(),
            role: Role::Admin,
            sees_unmasked: true,
        };
        let account = self.make_account(&new)?;
        let account = catalog.add_account(account, true, author).map_err(|error| match error {
            CatalogError::Forbidden(_) => AccessError::SetUpDone,
            other => other.into(),
        })?;
        let used = self.set_up.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(file) = used.and_then(|s| s.file) {
            let _ = std::fs::remove_file(file);
        }
        begin(catalog, entropy, account, author)
    }

    /// Adds an account. Blocks for the hash.
    pub fn add_account(
        &self,
        catalog: &Catalog,
        new: &NewAccount,
        author: &Author,
    ) -> Result<Account, AccessError> {
        let account = self.make_account(new)?;
        Ok(catalog.add_account(account, false, author)?)
    }

    /// Gives an account another password; its sign-ins end, all but `keep`. Blocks for the hash.
    pub fn set_password(
        &self,
        catalog: &Catalog,
        mut account: Account,
        password: &str,
        keep: Option<&[u8; 32]>,
        author: &Author,
    ) -> Result<Account, AccessError> {
        password::check(password, &account.name)?;
        account.password_hash = self.passwords.hash(password)?;
        account.failures = 0;
        let expected = account.revision;
        Ok(catalog.put_account(account, expected, keep, author)?)
    }

    /// Signs in by name and password. Blocks for the hash; known and unknown names take the same time.
    pub fn sign_in(
        &self,
        catalog: &Catalog,
        entropy: &Entropy,
        (name, password): (&str, &str),
        ip: IpAddr,
        author: &Author,
    ) -> Result<SignedIn, AccessError> {
        let now = author.at;
        self.count_try(ip, now)?;
        let folded: String = name.trim().chars().take(NAME_CHARS + 1).collect();
        let folded = folded.to_lowercase();
        let account = catalog.account_by_name(&folded)?;
        let wait = account.as_ref().map_or_else(
            || self.throttle().wait_for_name(&folded, now),
            |a| wait_left(a.failures, a.failed_at, now),
        );
        if wait > 0 {
            return Err(AccessError::Wait { millis: wait });
        }
        let password: String = password.chars().take(password::PASSWORD_CHARS_MAX + 1).collect();
        let hash = account.as_ref().map(|a| a.password_hash.as_str());
        let fits = self.passwords.verify(&password, hash).ok_or(AccessError::Busy)?;
        match account {
            Some(account) if fits => begin(catalog, entropy, account, author),
            Some(account) => {
                catalog.record_failure(account.id, now)?;
                Err(AccessError::Wrong)
            }
            None => {
                self.throttle().fail_name(&folded, now);
                Err(AccessError::Wrong)
            }
        }
    }

    fn make_account(&self, new: &NewAccount) -> Result<Account, AccessError> {
        let name = check_name(&new.name)?;
        password::check(&new.password, &name)?;
        Ok(Account {
            id: AccountId(0),
            name,
            role: new.role,
            sees_unmasked: new.sees_unmasked,
            password_hash: self.passwords.hash(&new.password)?,
            created_at: Timestamp(0),
            failures: 0,
            failed_at: Timestamp(0),
            theme: String::new(),
            time_zone: String::new(),
            revision: 0,
        })
    }

    fn count_try(&self, ip: IpAddr, now: Timestamp) -> Result<(), AccessError> {
        self.throttle().count(ip, now).map_err(|millis| AccessError::Wait { millis })
    }

    fn throttle(&self) -> std::sync::MutexGuard<'_, Throttle> {
        self.throttle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Cleans and checks the name of an account or token.
pub fn check_name(name: &str) -> Result<String, AccessError> {
    let name = name.trim();
    let length = name.chars().count();
    let is_good = (1..=NAME_CHARS).contains(&length) && !name.chars().any(char::is_control);
    if is_good { Ok(name.to_owned()) } else { Err(AccessError::BadName) }
}

fn begin(
    catalog: &Catalog,
    entropy: &Entropy,
    account: Account,
    author: &Author,
) -> Result<SignedIn, AccessError> {
    let secret = secret_text(entropy);
    let author = Author { actor: account.name.clone(), ..author.clone() };
    catalog.begin_sign_in(&hash_of(&secret), account.id, &author)?;
    Ok(SignedIn { account, secret })
}

/// A sign-in in use.
#[derive(Debug, Clone)]
pub struct ActiveSignIn {
    /// Who.
    pub account: Account,
    /// Hash of the secret.
    pub hash: [u8; 32],
    /// Whether its last use should be noted anew.
    pub is_stale: bool,
}

/// The sign-in behind a secret from a cookie, if it is still good.
pub fn resolve_sign_in(
    catalog: &Catalog,
    secret: &str,
    now: Timestamp,
) -> Result<Option<ActiveSignIn>, CatalogError> {
    let hash = hash_of(secret);
    let Some(sign_in) = catalog.sign_in(&hash)? else {
        return Ok(None);
    };
    if !is_good(&sign_in, now) {
        return Ok(None);
    }
    let is_stale = now.0.saturating_sub(sign_in.used_at.0) >= MINUTE_MILLIS;
    Ok(catalog.account(sign_in.account)?.map(|account| ActiveSignIn { account, hash, is_stale }))
}

fn is_good(sign_in: &SignIn, now: Timestamp) -> bool {
    now.0.saturating_sub(sign_in.created_at.0) < SIGN_IN_MILLIS
        && now.0.saturating_sub(sign_in.used_at.0) < SIGN_IN_IDLE_MILLIS
}

/// Makes a token: the record without id, and what comes after `footfall_<id>_` in its text.
pub fn make_token(
    entropy: &Entropy,
    name: &str,
    account: AccountId,
    scopes: Vec<String>,
    days: i64,
    now: Timestamp,
) -> Result<(ApiToken, String), AccessError> {
    if !(1..=TOKEN_DAYS_MAX).contains(&days) {
        return Err(AccessError::BadExpiry);
    }
    let secret = secret_text(entropy);
    let token = ApiToken {
        id: TokenId(0),
        name: check_name(name)?,
        account,
        scopes,
        secret_hash: hash_of(&secret),
        created_at: now,
        expires_at: Timestamp(now.0.saturating_add(days * DAY_MILLIS)),
    };
    Ok((token, secret))
}

/// The text of a token, shown once.
#[must_use]
pub fn token_text(id: TokenId, secret: &str) -> String {
    format!("footfall_{id}_{secret}")
}

/// The token behind its text, if it is still good, and the account that made it.
pub fn resolve_token(
    catalog: &Catalog,
    text: &str,
    now: Timestamp,
) -> Result<Option<(ApiToken, Account)>, CatalogError> {
    let parts = text.strip_prefix("footfall_").and_then(|rest| rest.rsplit_once('_'));
    let Some((id, secret)) = parts else {
        return Ok(None);
    };
    let Ok(id) = id.parse::<TokenId>() else {
        return Ok(None);
    };
    let Some(token) = catalog.token(id)? else {
        return Ok(None);
    };
    let fits = bool::from(hash_of(secret).ct_eq(&token.secret_hash));
    if !fits || now >= token.expires_at {
        return Ok(None);
    }
    Ok(catalog.account(token.account)?.map(|account| (token, account)))
}

/// Hash under which secrets are kept: they are random, so a fast hash will do.
#[must_use]
pub fn hash_of(secret: &str) -> [u8; 32] {
    *blake3::hash(secret.as_bytes()).as_bytes()
}

/// 256 random bits as hexadecimal digits.
fn secret_text(entropy: &Entropy) -> String {
    format!("{:032x}{:032x}", entropy.next_u128(), entropy.next_u128())
}

fn write_private(path: &Path, token: &str) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    let _ = std::fs::remove_file(path);
    let mut file =
        std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    writeln!(file, "{token}")
}
