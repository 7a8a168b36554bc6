//! Passwords: argon2id hashes, at most four at once, and what a password must be like.

use std::collections::BTreeSet;
use std::sync::{Condvar, Mutex, PoisonError};

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};

/// Memory of one hash in KiB: the advice of OWASP.
const MEMORY_KIB: u32 = 19_456;
/// Passes over the memory.
const PASSES: u32 = 2;
/// Hashes at once: bounds a flood of sign-ins to 76 MiB.
const SLOTS: usize = 4;
/// Requests that may wait for a slot; more are turned away.
const WAITING_MAX: usize = 64;
/// Shortest password, without a second factor (NIST 800-63B-4).
pub const PASSWORD_CHARS_MIN: usize = 15;
/// Longest password.
pub const PASSWORD_CHARS_MAX: usize = 256;
/// A hash of nothing in particular with the same parameters: unknown names take as long as known ones.
const DUMMY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$Zm9vdGZhbGxkdW1teQ$5Fk2EXOVbZ1ZYxJv9Zy1vG2R6W0VvCq3vUu8wJ3w6pA";

/// Why a password cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordFault {
    /// Too short.
    #[error("the password needs at least 15 characters; several words do well")]
    TooShort,
    /// Too long.
    #[error("the password may have at most 256 characters")]
    TooLong,
    /// Easy to guess.
    #[error("the password is too easy to guess")]
    TooEasy,
    /// The hash could not be made.
    #[error("the password could not be processed, try again")]
    Failed,
}

/// Makes and checks hashes; only so many at once.
#[derive(Debug, Default)]
pub struct Passwords {
    /// Running and waiting.
    load: Mutex<(usize, usize)>,
    freed: Condvar,
}

struct Slot<'a>(&'a Passwords);

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        self.0.load.lock().unwrap_or_else(PoisonError::into_inner).0 -= 1;
        self.0.freed.notify_one();
    }
}

impl Passwords {
    fn slot(&self) -> Option<Slot<'_>> {
        let mut load = self.load.lock().unwrap_or_else(PoisonError::into_inner);
        if load.0 >= SLOTS {
            if load.1 >= WAITING_MAX {
                return None;
            }
            load.1 += 1;
            while load.0 >= SLOTS {
                load = self.freed.wait(load).unwrap_or_else(PoisonError::into_inner);
            }
            load.1 -= 1;
        }
        load.0 += 1;
        Some(Slot(self))
    }

    /// Hashes a password to a PHC string. Takes a tenth of a second: never call it on a web worker.
    pub fn hash(&self, password: &str) -> Result<String, PasswordFault> {
        let _slot = self.slot().ok_or(PasswordFault::Failed)?;
        let argon2 = argon2()?;
        let hash = argon2.hash_password(password.as_bytes()).map_err(|_| PasswordFault::Failed)?;
        Ok(hash.to_string())
    }

    /// Checks a password against a hash, or against none at all in the same time; `None` when too many wait.
    #[must_use]
    pub fn verify(&self, password: &str, hash: Option<&str>) -> Option<bool> {
        let _slot = self.slot()?;
        let parsed = PasswordHash::new(hash.unwrap_or(DUMMY)).ok()?;
        let fits = argon2().ok()?.verify_password(password.as_bytes(), &parsed).is_ok();
        Some(fits && hash.is_some())
    }
}

fn argon2() -> Result<Argon2<'static>, PasswordFault> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).map_err(|_| PasswordFault::Failed)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Whether a password is good enough for an account with this name.
pub fn check(password: &str, name: &str) -> Result<(), PasswordFault> {
    let length = password.chars().count();
    if length < PASSWORD_CHARS_MIN {
        return Err(PasswordFault::TooShort);
    }
    if length > PASSWORD_CHARS_MAX {
        return Err(PasswordFault::TooLong);
    }
    let folded = password.to_lowercase();
    let distinct: BTreeSet<char> = folded.chars().collect();
    let name = name.to_lowercase();
    let rest = if name.is_empty() { folded.clone() } else { folded.replace(&name, "") };
    if distinct.len() < 6 || rest.chars().count() < 5 || is_run(&folded) {
        return Err(PasswordFault::TooEasy);
    }
    Ok(())
}

/// Like `abcdefghijklmnop` or `12345678901234567`: most characters follow the one before.
fn is_run(folded: &str) -> bool {
    let codes: Vec<u32> = folded.chars().map(u32::from).collect();
    let steps =
        codes.windows(2).filter(|pair| matches!(pair, [a, b] if a.abs_diff(*b) <= 1)).count();
    steps * 4 > codes.len() * 3
}

#[cfg(test)]
#[path = "password_tests.rs"]
mod tests;
