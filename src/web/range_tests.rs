//! Tests of time ranges.

use super::{parse, range};
use crate::base::time::Timestamp;

#[test]
fn ends_of_ranges_are_understood() {
    let now = Timestamp(1_795_000_000_000);
    let cases = [
        ("now", Some(now.0)),
        ("-24h", Some(now.0 - 86_400_000)),
        ("-7d", Some(now.0 - 604_800_000)),
        ("-30m", Some(now.0 - 1_800_000)),
        ("-2w", Some(now.0 - 1_209_600_000)),
        ("1700000000000", Some(1_700_000_000_000)),
        ("2023-11-14T22:13:20Z", Some(1_700_000_000_000)),
        ("2023-11-14T23:13:20+01:00", Some(1_700_000_000_000)),
        ("-", None),
        ("-h", None),
        ("-1y", None),
        ("-5é", None),
        ("yesterday", None),
        ("", None),
    ];
    for (text, expected) in cases {
        assert_eq!(parse(text, now).map(|t| t.0), expected, "{text}");
    }
}

#[test]
fn a_range_runs_forward() {
    let now = Timestamp(1_795_000_000_000);
    assert!(range(Some("now"), Some("-1h"), now).is_err());
    assert_eq!(range(None, None, now).unwrap(), (Timestamp(now.0 - 86_400_000), now));
}
