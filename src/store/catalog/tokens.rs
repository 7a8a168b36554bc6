//! API tokens.

use redb::ReadableTable;

use super::audit::{self, Author};
use super::codec;
use super::database::{Catalog, next_id};
use super::error::CatalogError;
use super::schema;
use crate::base::id::TokenId;
use crate::model::account::ApiToken;

/// Tokens of one install.
const TOKENS: usize = 1_000;
/// Tokens of one account: nobody uses up those of all.
const TOKENS_OF_ACCOUNT: usize = 100;

impl Catalog {
    /// All tokens by id.
    pub fn tokens(&self) -> Result<Vec<ApiToken>, CatalogError> {
        self.read(|txn| {
            let table = txn.open_table(schema::TOKEN_BY_ID)?;
            table.iter()?.map(|row| codec::decode(row?.1.value())).collect()
        })
    }

    /// One token.
    pub fn token(&self, id: TokenId) -> Result<Option<ApiToken>, CatalogError> {
        self.read(|txn| {
            let table = txn.open_table(schema::TOKEN_BY_ID)?;
            let row = table.get(u64::from(id.0))?;
            row.map(|row| codec::decode(row.value())).transpose()
        })
    }

    /// Adds a token; its id and time of making are given here.
    pub fn add_token(
        &self,
        mut token: ApiToken,
        author: &Author,
    ) -> Result<ApiToken, CatalogError> {
        self.write(|txn| {
            let mut table = txn.open_table(schema::TOKEN_BY_ID)?;
            let (mut all, mut own) = (0, 0);
            for row in table.iter()? {
                let other: ApiToken = codec::decode(row?.1.value())?;
                all += 1;
                own += usize::from(other.account == token.account);
            }
            if all >= TOKENS {
                return Err(CatalogError::Full { what: "tokens", limit: TOKENS });
            }
            if own >= TOKENS_OF_ACCOUNT {
                let what = "tokens of one account";
                return Err(CatalogError::Full { what, limit: TOKENS_OF_ACCOUNT });
            }
            let number = next_id(txn, "token", 0)?;
            token.id = TokenId(
                u32::try_from(number).map_err(|_| CatalogError::Damaged("ids are used up"))?,
            );
            token.created_at = author.at;
            table.insert(number, codec::encode(&token)?.as_slice())?;
            let detail = format!("{}: {}", token.name, token.scopes.join(" "));
            audit::append(txn, author, "token.create", &token.id.to_string(), &detail)?;
            Ok(token)
        })
    }

    /// Removes a token.
    pub fn remove_token(&self, id: TokenId, author: &Author) -> Result<(), CatalogError> {
        self.write(|txn| {
            let gone = match txn.open_table(schema::TOKEN_BY_ID)?.remove(u64::from(id.0))? {
                Some(row) => codec::decode::<ApiToken>(row.value())?,
                None => return Err(CatalogError::NotFound("token")),
            };
            audit::append(txn, author, "token.remove", &id.to_string(), &gone.name)
        })
    }
}
