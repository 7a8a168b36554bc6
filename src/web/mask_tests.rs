//! Tests of masking.

use serde_json::json;

use super::{ip, json as mask_json, text, url};

#[test]
fn addresses_keep_their_path_only() {
    let cases = [
        ("https://a.example/x", "https://a.example/x"),
        ("https://a.example/x?q=secret", "https://a.example/x?masked"),
        ("https://a.example/x#secret", "https://a.example/x?masked"),
        ("", ""),
    ];
    for (address, expected) in cases {
        assert_eq!(url(address, false), expected);
        assert_eq!(url(address, true), address);
    }
}

#[test]
fn texts_and_ips_read_masked() {
    assert_eq!(text("secret", false), "masked");
    assert_eq!(text("", false), "");
    assert_eq!(text("secret", true), "secret");
    assert_eq!(ip("192.0.2.0".parse().ok(), false), "masked");
    assert_eq!(ip("192.0.2.0".parse().ok(), true), "192.0.2.0");
    assert_eq!(ip(None, false), "");
}

#[test]
fn answers_are_masked_at_every_depth() {
    let open = json!({"ip": "192.0.2.0", "user_tag": "ryan", "actions": [
        {"url": "https://a/x?y=1", "errors": [{"message": "boom", "stack": "", "kind": "javascript"}]}]});
    let mut masked = open.clone();
    mask_json(&mut masked, false);
    let expected = json!({"ip": {"masked": true}, "user_tag": "ryan", "actions": [
        {"url": "https://a/x?masked", "errors": [{"message": {"masked": true}, "stack": "", "kind": "javascript"}]}]});
    assert_eq!(masked, expected);
    let mut kept = open.clone();
    mask_json(&mut kept, true);
    assert_eq!(kept, open);
}
