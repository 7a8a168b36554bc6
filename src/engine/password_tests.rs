//! Tests of passwords.

use super::{PasswordFault, Passwords, check};

#[test]
fn passwords_are_judged() {
    let cases: &[(&str, &str, Result<(), PasswordFault>)] = &[
        ("short", "ann", Err(PasswordFault::TooShort)),
        ("correct horse battery", "ann", Ok(())),
        ("aaaaaaaaaaaaaaaaaaaa", "ann", Err(PasswordFault::TooEasy)),
        ("12345678901234567890", "ann", Err(PasswordFault::TooEasy)),
        ("abcdefghijklmnopqrst", "ann", Err(PasswordFault::TooEasy)),
        ("administrator-1", "administrator", Err(PasswordFault::TooEasy)),
        ("äöüßäöüßäöüß-hallo", "ann", Ok(())),
    ];
    for (password, name, expected) in cases {
        assert_eq!(check(password, name), *expected, "{password}");
    }
    assert_eq!(check(&"xyz ".repeat(80), "ann"), Err(PasswordFault::TooLong));
}

#[test]
fn a_hash_fits_its_password_only() {
    let passwords = Passwords::default();
    let hash = passwords.hash("correct horse battery").unwrap();
    assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
    assert_eq!(passwords.verify("correct horse battery", Some(&hash)), Some(true));
    assert_eq!(passwords.verify("correct horse", Some(&hash)), Some(false));
    assert_eq!(passwords.verify("correct horse battery", None), Some(false));
}
