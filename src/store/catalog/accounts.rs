//! Accounts and their sign-ins.

use redb::{ReadableTable, ReadableTableMetadata, WriteTransaction};

use super::applications::check_revision;
use super::audit::{self, Author};
use super::codec;
use super::database::{Catalog, next_id};
use super::error::CatalogError;
use super::schema;
use crate::base::id::AccountId;
use crate::base::time::Timestamp;
use crate::model::account::{Account, ApiToken, Role, SignIn};
use crate::model::segment::Segment;

/// Accounts of one install.
const ACCOUNTS: usize = 1_000;
/// Sign-ins of one account at a time; the oldest ends when there are more.
const SIGN_INS: usize = 20;

fn find(txn: &WriteTransaction, id: AccountId) -> Result<Account, CatalogError> {
    let table = txn.open_table(schema::ACCOUNT_BY_ID)?;
    let row = table.get(u64::from(id.0))?.ok_or(CatalogError::NotFound("account"))?;
    codec::decode(row.value())
}

fn insert(txn: &WriteTransaction, account: &Account) -> Result<(), CatalogError> {
    let mut table = txn.open_table(schema::ACCOUNT_BY_ID)?;
    table.insert(u64::from(account.id.0), codec::encode(account)?.as_slice())?;
    Ok(())
}

fn all(txn: &WriteTransaction) -> Result<Vec<Account>, CatalogError> {
    let table = txn.open_table(schema::ACCOUNT_BY_ID)?;
    table.iter()?.map(|row| codec::decode(row?.1.value())).collect()
}

fn is_same_name(a: &str, b: &str) -> bool {
    a.to_lowercase() == b.to_lowercase()
}

fn has_other_admin(accounts: &[Account], id: AccountId) -> bool {
    accounts.iter().any(|a| a.id != id && a.role == Role::Admin)
}

/// Ends sign-ins of an account, all but the one whose hash is `keep`.
fn end_sign_ins_of(
    txn: &WriteTransaction,
    id: AccountId,
    keep: Option<&[u8; 32]>,
) -> Result<(), CatalogError> {
    let mut table = txn.open_table(schema::SIGN_IN_BY_HASH)?;
    table.retain(|hash, row| {
        keep.is_some_and(|k| k.as_slice() == hash)
            || codec::decode::<SignIn>(row).is_ok_and(|s| s.account != id)
    })?;
    Ok(())
}

impl Catalog {
    /// All accounts by id.
    pub fn accounts(&self) -> Result<Vec<Account>, CatalogError> {
        self.read(|txn| {
            let table = txn.open_table(schema::ACCOUNT_BY_ID)?;
            table.iter()?.map(|row| codec::decode(row?.1.value())).collect()
        })
    }

    /// Whether there is any account; without one, only the set-up page answers.
    pub fn has_accounts(&self) -> Result<bool, CatalogError> {
        self.read(|txn| Ok(!txn.open_table(schema::ACCOUNT_BY_ID)?.is_empty()?))
    }

    /// One account.
    pub fn account(&self, id: AccountId) -> Result<Option<Account>, CatalogError> {
        self.read(|txn| {
            let table = txn.open_table(schema::ACCOUNT_BY_ID)?;
            let row = table.get(u64::from(id.0))?;
            row.map(|row| codec::decode(row.value())).transpose()
        })
    }

    /// The account with a name, letter case aside.
    pub fn account_by_name(&self, name: &str) -> Result<Option<Account>, CatalogError> {
        Ok(self.accounts()?.into_iter().find(|a| is_same_name(&a.name, name)))
    }

    /// Adds an account; id, revision and time of making are given here. With `only_first`, it must be the first one.
    pub fn add_account(
        &self,
        mut account: Account,
        only_first: bool,
        author: &Author,
    ) -> Result<Account, CatalogError> {
        self.write(|txn| {
            let accounts = all(txn)?;
            if only_first && !accounts.is_empty() {
                return Err(CatalogError::Forbidden("the set-up is already done"));
            }
            if accounts.len() >= ACCOUNTS {
                return Err(CatalogError::Full { what: "accounts", limit: ACCOUNTS });
            }
            if accounts.iter().any(|a| is_same_name(&a.name, &account.name)) {
                return Err(CatalogError::NameTaken(account.name.clone()));
            }
            let number = next_id(txn, "account", 0)?;
            account.id = AccountId(
                u32::try_from(number).map_err(|_| CatalogError::Damaged("ids are used up"))?,
            );
            account.created_at = author.at;
            account.revision = 1;
            insert(txn, &account)?;
            let detail = format!("{} as {:?}", account.name, account.role).to_lowercase();
            audit::append(txn, author, "account.create", &account.id.to_string(), &detail)?;
            Ok(account)
        })
    }

    /// Changes an account. When its password, role or rights change, its sign-ins end, all but the one with hash `keep`.
    pub fn put_account(
        &self,
        mut account: Account,
        expected: u32,
        keep: Option<&[u8; 32]>,
        author: &Author,
    ) -> Result<Account, CatalogError> {
        self.write(|txn| {
            let before = find(txn, account.id)?;
            check_revision(expected, before.revision)?;
            let accounts = all(txn)?;
            if accounts.iter().any(|a| a.id != account.id && is_same_name(&a.name, &account.name)) {
                return Err(CatalogError::NameTaken(account.name.clone()));
            }
            let loses_admin = before.role == Role::Admin && account.role != Role::Admin;
            if loses_admin && !has_other_admin(&accounts, account.id) {
                return Err(CatalogError::Forbidden("there must be at least one administrator"));
            }
            account.revision = before.revision.saturating_add(1);
            account.created_at = before.created_at;
            insert(txn, &account)?;
            let mut changed = Vec::new();
            for (what, is_changed) in [
                ("name", before.name != account.name),
                ("role", before.role != account.role),
                ("unmasked", before.sees_unmasked != account.sees_unmasked),
                ("password", before.password_hash != account.password_hash),
                ("theme", before.theme != account.theme),
                ("time zone", before.time_zone != account.time_zone),
            ] {
                if is_changed {
                    changed.push(what);
                }
            }
            if changed.iter().any(|c| matches!(*c, "role" | "unmasked" | "password")) {
                end_sign_ins_of(txn, account.id, keep)?;
            }
            let id = account.id.to_string();
            audit::append(txn, author, "account.update", &id, &changed.join(", "))?;
            Ok(account)
        })
    }

    /// Removes an account with its sign-ins, tokens and private segments.
    pub fn remove_account(
        &self,
        id: AccountId,
        expected: u32,
        author: &Author,
    ) -> Result<(), CatalogError> {
        self.write(|txn| {
            let before = find(txn, id)?;
            check_revision(expected, before.revision)?;
            if before.role == Role::Admin && !has_other_admin(&all(txn)?, id) {
                return Err(CatalogError::Forbidden("there must be at least one administrator"));
            }
            txn.open_table(schema::ACCOUNT_BY_ID)?.remove(u64::from(id.0))?;
            end_sign_ins_of(txn, id, None)?;
            txn.open_table(schema::TOKEN_BY_ID)?
                .retain(|_, row| codec::decode::<ApiToken>(row).is_ok_and(|t| t.account != id))?;
            // What was shared with others stays; an administrator can remove it.
            txn.open_table(schema::SEGMENT_BY_ID)?.retain(|_, row| {
                codec::decode::<Segment>(row).is_ok_and(|s| s.is_shared || s.owner != id)
            })?;
            audit::append(txn, author, "account.remove", &id.to_string(), &before.name)
        })
    }

    /// Counts a failed sign-in.
    pub fn record_failure(&self, id: AccountId, now: Timestamp) -> Result<(), CatalogError> {
        self.write(|txn| {
            let mut account = find(txn, id)?;
            account.failures = account.failures.saturating_add(1);
            account.failed_at = now;
            insert(txn, &account)
        })
    }

    /// Forgets failed sign-ins, so that nothing has to be waited for.
    pub fn unlock_account(&self, id: AccountId, author: &Author) -> Result<(), CatalogError> {
        self.write(|txn| {
            let mut account = find(txn, id)?;
            account.failures = 0;
            insert(txn, &account)?;
            audit::append(txn, author, "account.unlock", &id.to_string(), &account.name)
        })
    }

    /// Begins a sign-in under the hash of its secret; forgets failures.
    pub fn begin_sign_in(
        &self,
        hash: &[u8; 32],
        id: AccountId,
        author: &Author,
    ) -> Result<(), CatalogError> {
        self.write(|txn| {
            let mut account = find(txn, id)?;
            if account.failures > 0 {
                account.failures = 0;
                insert(txn, &account)?;
            }
            let sign_in = SignIn { account: id, created_at: author.at, used_at: author.at };
            let mut table = txn.open_table(schema::SIGN_IN_BY_HASH)?;
            let mut own = Vec::new();
            for row in table.iter()? {
                let (key, value) = row?;
                let other: SignIn = codec::decode(value.value())?;
                if other.account == id {
                    own.push((other.used_at, key.value().to_vec()));
                }
            }
            own.sort();
            let surplus = (own.len() + 1).saturating_sub(SIGN_INS);
            for (_, key) in own.iter().take(surplus) {
                table.remove(key.as_slice())?;
            }
            table.insert(hash.as_slice(), codec::encode(&sign_in)?.as_slice())?;
            drop(table);
            audit::append(txn, author, "sign_in", &id.to_string(), &account.name)
        })
    }

    /// A sign-in by the hash of its secret.
    pub fn sign_in(&self, hash: &[u8; 32]) -> Result<Option<SignIn>, CatalogError> {
        self.read(|txn| {
            let table = txn.open_table(schema::SIGN_IN_BY_HASH)?;
            let row = table.get(hash.as_slice())?;
            row.map(|row| codec::decode(row.value())).transpose()
        })
    }

    /// Notes that a sign-in is in use.
    pub fn touch_sign_in(&self, hash: &[u8; 32], now: Timestamp) -> Result<(), CatalogError> {
        self.write(|txn| {
            let mut table = txn.open_table(schema::SIGN_IN_BY_HASH)?;
            let known = match table.get(hash.as_slice())? {
                Some(row) => Some(codec::decode::<SignIn>(row.value())?),
                None => None,
            };
            if let Some(mut sign_in) = known {
                sign_in.used_at = now;
                table.insert(hash.as_slice(), codec::encode(&sign_in)?.as_slice())?;
            }
            Ok(())
        })
    }

    /// Ends one sign-in.
    pub fn end_sign_in(&self, hash: &[u8; 32], author: &Author) -> Result<(), CatalogError> {
        self.write(|txn| {
            let gone = txn.open_table(schema::SIGN_IN_BY_HASH)?.remove(hash.as_slice())?.is_some();
            if gone { audit::append(txn, author, "sign_out", &author.actor, "") } else { Ok(()) }
        })
    }

    /// Removes sign-ins that began or were last used before the given times.
    pub fn drop_old_sign_ins(
        &self,
        began_before: Timestamp,
        used_before: Timestamp,
    ) -> Result<(), CatalogError> {
        self.write(|txn| {
            txn.open_table(schema::SIGN_IN_BY_HASH)?.retain(|_, row| {
                codec::decode::<SignIn>(row)
                    .is_ok_and(|s| s.created_at >= began_before && s.used_at >= used_before)
            })?;
            Ok(())
        })
    }
}
