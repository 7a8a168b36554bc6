//! Buckets let the burst and then the rate through, and never grow without bound.

use super::*;

#[test]
fn the_burst_then_the_rate_is_let_through() {
    let buckets = Buckets::new(10, 30);
    let mut passed = 0;
    for ms in 0..10_000 {
        for _ in 0..5 {
            if buckets.take("a", Timestamp(ms)).is_ok() {
                passed += 1;
            }
        }
    }
    assert!((128..=131).contains(&passed), "{passed}");
    assert!(buckets.take("b", Timestamp(10_000)).is_ok(), "others are not touched");
}

#[test]
fn the_wait_is_told_in_seconds() {
    let buckets = Buckets::new(1, 1);
    assert_eq!(buckets.take(1, Timestamp(0)), Ok(()));
    assert_eq!(buckets.take(1, Timestamp(0)), Err(1));
    assert_eq!(buckets.take(1, Timestamp(1_000)), Ok(()));
}

#[test]
fn a_rate_of_zero_is_no_limit() {
    let buckets = Buckets::new(0, 0);
    assert!((0..100_000).all(|_| buckets.take(1, Timestamp(0)).is_ok()));
}

#[test]
fn keys_are_bounded_and_full_buckets_make_room() {
    let buckets = Buckets::new(1, 2);
    for key in 0..100_000_u32 {
        let _ = buckets.take(key, Timestamp(0));
    }
    assert!(buckets.by_key.lock().unwrap().len() <= KEYS_MAX + 1);
    assert!(buckets.take(200_000, Timestamp(5_000)).is_ok());
    assert!(buckets.by_key.lock().unwrap().len() <= 2, "all others were full again");
}

#[test]
fn addresses_of_one_house_share_a_bucket() {
    let key = |text: &str| address_key(text.parse().unwrap());
    assert_eq!(key("2001:db8::1"), key("2001:db8::ffff:2"));
    assert_ne!(key("2001:db8::1"), key("2001:db8:0:1::1"));
    assert_ne!(key("192.0.2.1"), key("192.0.2.2"));
    assert_eq!(key("::ffff:192.0.2.1"), key("192.0.2.1"));
}
