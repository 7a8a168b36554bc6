//! Pages drawn from sample data are what they were: `tests/golden/html`, written anew with `BLESS=1`.

use std::path::Path;

use super::samples;
use crate::web::templates::Templates;

/// Samples with a golden page.
const PAGES: &[&str] = &[
    "home",
    "home_first",
    "applications",
    "applications_empty",
    "overview",
    "overview_never",
    "overview_range",
];

#[test]
#[expect(clippy::disallowed_methods, reason = "asked by whoever runs the test")]
fn pages_are_as_they_were() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/html");
    let templates = Templates::load("/static/digest").unwrap();
    let is_blessing = std::env::var("BLESS").is_ok();
    for name in PAGES {
        let sample = samples::all().into_iter().find(|sample| sample.name == *name).unwrap();
        let html = (sample.draw)(&templates, "").unwrap();
        let path = folder.join(format!("{name}.html"));
        if is_blessing {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(&path, &html).unwrap();
        }
        let golden = std::fs::read_to_string(&path).unwrap_or_default();
        let differing = golden.lines().zip(html.lines()).find(|(old, new)| old != new);
        assert!(
            golden == html,
            "{name} is drawn differently: BLESS=1 if it is meant. First: {differing:?}"
        );
    }
}
