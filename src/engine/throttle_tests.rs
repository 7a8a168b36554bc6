//! Tests of the throttle.

use super::{Throttle, delay_after, wait_left};
use crate::base::time::Timestamp;

#[test]
fn delay_grows_with_failures_and_has_an_end() {
    let cases = [
        (0, 0),
        (1, 1_000),
        (2, 1_000),
        (3, 3_000),
        (8, 3_000),
        (9, 5_000),
        (24, 5_000),
        (25, 10_000),
        (99, 10_000),
        (100, 30_000),
        (u32::MAX, 30_000),
    ];
    for (failures, delay) in cases {
        assert_eq!(delay_after(failures), delay, "{failures}");
    }
}

#[test]
fn wait_runs_down_and_a_clock_set_back_does_not_lock_out() {
    let at = Timestamp(100_000);
    assert_eq!(wait_left(3, at, Timestamp(101_000)), 2_000);
    assert_eq!(wait_left(3, at, Timestamp(103_000)), 0);
    assert_eq!(wait_left(3, at, Timestamp(50_000)), 0);
}

#[test]
fn an_address_has_twenty_tries_a_minute() {
    let mut throttle = Throttle::default();
    let ip = "203.0.113.7".parse().unwrap();
    for _ in 0..20 {
        assert_eq!(throttle.count(ip, Timestamp(1_000)), Ok(()));
    }
    assert_eq!(throttle.count(ip, Timestamp(11_000)), Err(50_000));
    assert_eq!(throttle.count("203.0.113.8".parse().unwrap(), Timestamp(11_000)), Ok(()));
    assert_eq!(throttle.count(ip, Timestamp(61_000)), Ok(()));
}

#[test]
fn addresses_of_one_household_count_together() {
    let mut throttle = Throttle::default();
    for n in 0..20 {
        let ip = format!("2001:db8::{n:x}").parse().unwrap();
        assert_eq!(throttle.count(ip, Timestamp(0)), Ok(()));
    }
    assert!(throttle.count("2001:db8::ffff".parse().unwrap(), Timestamp(0)).is_err());
    assert!(throttle.count("2001:db8:0:1::1".parse().unwrap(), Timestamp(0)).is_ok());
}
