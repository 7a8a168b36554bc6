//! Tests of keys of users.

use super::*;

#[test]
fn a_key_leads_back_to_its_tag_and_does_not_show_it() {
    let keys = UserKeys::new(&[7; 32]);
    for tag in ["ryan", "مستخدم@example.com", "", "a"] {
        let key = keys.key(tag);
        assert_eq!(keys.tag(&key).as_deref(), Some(tag));
        assert_eq!(key, keys.key(tag));
        assert!(tag.is_empty() || !key.contains(tag));
    }
}

#[test]
fn foreign_and_changed_keys_open_nothing() {
    let keys = UserKeys::new(&[7; 32]);
    let mut key = keys.key("ryan");
    assert_eq!(UserKeys::new(&[8; 32]).tag(&key), None);
    key.replace_range(0..1, if key.starts_with('0') { "1" } else { "0" });
    for wrong in [key.as_str(), "", "zz", "é0", "00112233"] {
        assert_eq!(keys.tag(wrong), None, "{wrong}");
    }
}
