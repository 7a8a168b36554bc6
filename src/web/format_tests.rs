//! Tests of number and time formats.

use super::*;

#[test]
fn counts_read_as_people_write_them() {
    for (value, text) in [
        (0, "0"),
        (3_412, "3,412"),
        (99_999, "99,999"),
        (124_400, "124\u{202f}k"),
        (1_200_000, "1.2\u{202f}M"),
        (1_234_000_000, "1,234\u{202f}M"),
    ] {
        assert_eq!(number(value), text);
    }
}

#[test]
fn durations_lose_digits_as_they_grow() {
    for (millis, text) in [
        (0, "0\u{202f}ms"),
        (412, "412\u{202f}ms"),
        (2_349, "2.3\u{202f}s"),
        (9_950, "10\u{202f}s"),
        (42_000, "42\u{202f}s"),
        (59_700, "1m 00s"),
        (252_000, "4m 12s"),
        (3_840_000, "1h 04m"),
        (266_400_000, "3d 2h"),
    ] {
        assert_eq!(duration(millis), text);
    }
}

#[test]
fn shares_are_never_rounded_to_nothing() {
    for (part, whole, text) in [
        (0, 10, "0%"),
        (1, 100_000, "<0.1%"),
        (4, 100, "4.0%"),
        (31, 100, "31%"),
        (1, 0, "–"),
        (999, 1_000, "100%"),
    ] {
        assert_eq!(percent(part, whole), text);
    }
}

#[test]
fn sizes_use_thousands() {
    for (value, text) in
        [(12, "12\u{202f}B"), (412_300, "412\u{202f}kB"), (1_449_000, "1.4\u{202f}MB")]
    {
        assert_eq!(bytes(value), text);
    }
}

#[test]
fn offsets_and_ages_read_like_a_clock() {
    assert_eq!(offset(255_900), "4:15");
    assert_eq!(offset(3_729_000), "1:02:09");
    let now = Timestamp(10 * DAY_MILLIS);
    for (before, text) in [
        (0, "just now"),
        (26 * MINUTE_MILLIS, "26\u{202f}min ago"),
        (30 * HOUR_MILLIS, "yesterday"),
        (4 * DAY_MILLIS, "4\u{202f}days ago"),
    ] {
        assert_eq!(ago(Timestamp(now.0 - before), now), text);
    }
}

#[test]
fn long_paths_keep_both_ends() {
    assert_eq!(middle("/short", 20), "/short");
    assert_eq!(middle("/category/very/long/path/item", 11), "/cate…/item");
}
