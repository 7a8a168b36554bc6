//! Tests of lists.

use serde_json::json;

use super::{csv_head, csv_rows};

#[test]
fn cells_are_quoted_and_cannot_be_formulas() {
    let cases = [
        ("plain", "plain"),
        ("=1+1", "\"'=1+1\""),
        ("+49", "\"'+49\""),
        ("-1", "\"'-1\""),
        ("@sum", "\"'@sum\""),
        ("\tx", "\"'\tx\""),
        ("a,b", "\"a,b\""),
        ("a\"b", "\"a\"\"b\""),
        ("a\nb", "\"a\nb\""),
    ];
    for (text, expected) in cases {
        let out = csv_rows(&[json!({"v": text})], &["v"]);
        assert_eq!(out, format!("{expected}\r\n"), "{text:?}");
    }
}

#[test]
fn nested_masked_and_missing_values_have_their_cells() {
    let row = json!({"a": {"b": 1}, "ip": {"masked": true}, "n": -3, "l": [1, 2]});
    let columns = ["a/b", "ip", "n", "none", "l"];
    assert_eq!(csv_head(&columns), "a.b,ip,n,none,l\r\n");
    assert_eq!(csv_rows(&[row], &columns), "1,masked,-3,,\"[1,2]\"\r\n");
}
