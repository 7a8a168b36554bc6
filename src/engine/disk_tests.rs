//! Tests of the look at the data folder.

use super::*;

#[test]
fn folders_are_counted_with_what_is_in_them() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("days")).unwrap();
    std::fs::write(folder.path().join("days/a"), vec![1_u8; 40_000]).unwrap();
    std::fs::write(folder.path().join("b"), vec![1_u8; 10_000]).unwrap();
    assert!((50_000..80_000).contains(&used_bytes(folder.path())));
    assert_eq!(used_bytes(&folder.path().join("none")), 0);
    assert!(written_at(&folder.path().join("b")).is_some());
    assert_eq!(written_at(&folder.path().join("none")), None);
}
