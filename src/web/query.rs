//! Parameters of addresses; one that cannot be read is named.

use std::future::{Ready, ready};
use std::ops::Deref;

use actix_web::dev::Payload;
use actix_web::error::QueryPayloadError;
use actix_web::{FromRequest, HttpRequest, web};
use serde::de::DeserializeOwned;

use super::error::{FieldError, WebError};
use crate::base::text;

/// Parameters that are looked at to find the one that is wrong.
const PARAMETERS_MAX: usize = 100;
/// Characters of a name that is told again.
const NAME_CHARS: usize = 64;

/// Extractor: the parameters of the address.
#[derive(Debug)]
pub struct Query<T>(T);

impl<T> Deref for Query<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: DeserializeOwned> FromRequest for Query<T> {
    type Error = WebError;
    type Future = Ready<Result<Self, WebError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(read(request.query_string()).map(Self))
    }
}

fn parse<T: DeserializeOwned>(query: &str) -> Result<T, String> {
    match web::Query::<T>::from_query(query) {
        Ok(parsed) => Ok(parsed.into_inner()),
        Err(QueryPayloadError::Deserialize(error)) => Err(error.to_string()),
        Err(_) => Err("it cannot be read".to_owned()),
    }
}

/// Reads the part of an address behind the question mark.
pub fn read<T: DeserializeOwned>(query: &str) -> Result<T, WebError> {
    parse(query).map_err(|all| {
        let Some((name, why)) = culprit::<T>(query) else {
            return WebError::bad_request("bad_query", all);
        };
        let detail = format!("`{name}`: {}", plain(&why));
        let errors = vec![FieldError { pointer: name, detail: detail.clone() }];
        WebError { errors, ..WebError::bad_request("bad_query", detail) }
    })
}

/// The parameter that cannot be read when it stands alone, and why. serde does not tell its name.
fn culprit<T: DeserializeOwned>(query: &str) -> Option<(String, String)> {
    let pairs: Vec<&str> = query.split('&').filter(|pair| !pair.is_empty()).collect();
    let key = |pair: &str| pair.split('=').next().unwrap_or_default().to_owned();
    pairs.iter().take(PARAMETERS_MAX).find_map(|pair| {
        let name = key(pair);
        let own: Vec<&str> = pairs.iter().copied().filter(|other| key(other) == name).collect();
        let why = parse::<T>(&own.join("&")).err()?;
        // What lacks is not the fault of what is there.
        if why.starts_with("missing field") {
            return None;
        }
        let known = parse::<Vec<(String, String)>>(pair).ok()?;
        let name = known.first().map(|(name, _)| text::clean(name, NAME_CHARS))?;
        Some((name, why))
    })
}

/// What the standard library says of a value, for people.
fn plain(why: &str) -> &str {
    match why {
        "invalid digit found in string" => "a whole number is needed",
        "cannot parse integer from empty string" => "a whole number is needed, not nothing",
        "number too large to fit in target type" => "the number is too large",
        "number too small to fit in target type" => "the number is too small",
        _ if why.starts_with("duplicate field") => "it is given more than once",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    struct Wanted {
        after: Option<u64>,
        limit: Option<u8>,
        q: Option<String>,
    }

    #[derive(Debug, serde::Deserialize)]
    #[expect(dead_code, reason = "only read from text")]
    struct Needed {
        first: u8,
        second: u8,
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        for (query, pointer, detail) in [
            ("after=-1", "after", "`after`: a whole number is needed"),
            ("q=x&after=1&limit=", "limit", "`limit`: a whole number is needed, not nothing"),
            ("limit=256&after=7", "limit", "`limit`: the number is too large"),
            ("q=a&q=b", "q", "`q`: it is given more than once"),
            ("%61fter=x", "after", "`after`: a whole number is needed"),
        ] {
            let error = read::<Wanted>(query).unwrap_err();
            assert_eq!(error.errors.first().unwrap().pointer, pointer, "{query}");
            assert_eq!((error.detail.as_str(), error.code), (detail, "bad_query"), "{query}");
        }
        let error = read::<Needed>("first=1&second=x").unwrap_err();
        assert_eq!(error.errors.first().unwrap().pointer, "second");
        assert_eq!(read::<Needed>("first=1").unwrap_err().detail, "missing field `second`");
    }

    #[test]
    fn what_nobody_asks_for_is_no_fault() {
        let wanted = read::<Wanted>("after=7&x=1&x=2&&q=%zz").unwrap();
        assert_eq!((wanted.after, wanted.q.as_deref()), (Some(7), Some("%zz")));
        assert!(read::<Wanted>("").unwrap().limit.is_none());
    }
}
