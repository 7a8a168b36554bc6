//! The sample pages of sessions and users, byte for byte: `tests/golden/html/<sample>.html` holds what stands in
//! `<main>`. A change shows up as a difference to be looked at; `BLESS=1` writes the files anew.

use std::path::Path;

use super::samples;
use crate::web::assets::Assets;
use crate::web::templates::Templates;

/// The content of a page; addresses of assets without their digest.
fn content(html: &str, base: &str) -> String {
    let (_, rest) = html.split_once("<main").expect("a page has content");
    let (main, _) = rest.split_once("</main>").expect("content ends");
    format!("<main{main}</main>\n").replace(base, "/static")
}

#[test]
#[expect(clippy::disallowed_methods, reason = "asked by whoever runs the test")]
fn pages_of_sessions_and_users_look_as_they_did() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/html");
    let base = Assets::load().base();
    let templates = Templates::load(&base).unwrap();
    let is_blessing = std::env::var("BLESS").is_ok();
    let mut seen = 0;
    for sample in samples::sessions_pages() {
        let html = (sample.draw)(&templates, "").unwrap();
        let drawn = content(&html, &base);
        let file = folder.join(format!("{}.html", sample.name));
        if is_blessing {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(&file, &drawn).unwrap();
        }
        let expected = std::fs::read_to_string(&file).unwrap_or_default();
        assert!(
            drawn == expected,
            "{}: the page differs from {}; BLESS=1 writes it anew",
            sample.name,
            file.display()
        );
        seen += 1;
    }
    assert!(seen > 10, "{seen}");
}
