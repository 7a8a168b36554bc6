//! A page that is not there offers to look for what was meant.

use super::{StatusCode, last_part};

#[test]
fn the_last_part_of_the_address_is_offered() {
    for (status, path, words) in [
        (404, "/sessions/s_123", "s_123"),
        (404, "/help/first-steps/", "first steps"),
        (404, "/", ""),
        (404, "/a/%3Cscript", ""),
        (403, "/settings/users", ""),
    ] {
        assert_eq!(last_part(StatusCode::from_u16(status).unwrap(), path), words, "{path}");
    }
}
