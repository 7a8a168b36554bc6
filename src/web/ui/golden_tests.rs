//! Pages drawn from sample data are what they were: `tests/golden/html`, written anew with `BLESS=1`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::samples;
use crate::web::templates::Templates;

fn folder(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Names of the files of a folder, without their extension.
fn names(path: &str) -> BTreeSet<String> {
    let files = std::fs::read_dir(folder(path)).unwrap();
    let names = files.map(|file| file.unwrap().path().file_stem().unwrap().to_owned());
    names.map(|name| name.to_str().unwrap().to_owned()).collect()
}

/// The beginning of what is different.
fn first_difference(golden: &str, html: &str) -> String {
    let same = golden.chars().zip(html.chars()).take_while(|(old, new)| old == new).count();
    let part =
        |text: &str| text.chars().skip(same.saturating_sub(40)).take(120).collect::<String>();
    format!("was `{}`, is `{}`", part(golden), part(html))
}

#[test]
#[expect(clippy::disallowed_methods, reason = "asked by whoever runs the test")]
fn pages_are_as_they_were() {
    let folder = folder("tests/golden/html");
    let templates = Templates::load("/static/digest").unwrap();
    let is_blessing = std::env::var("BLESS").is_ok();
    let mut differing = Vec::new();
    for sample in samples::all() {
        let html = (sample.draw)(&templates, "").unwrap();
        let path = folder.join(format!("{}.html", sample.name));
        if is_blessing {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(&path, &html).unwrap();
        }
        let golden = std::fs::read_to_string(&path).unwrap_or_default();
        if golden != html {
            differing.push(format!("{}: {}", sample.name, first_difference(&golden, &html)));
        }
    }
    assert!(differing.is_empty(), "drawn differently: BLESS=1 if it is meant. {differing:#?}");
}

#[test]
fn every_golden_page_has_a_sample_and_every_template_a_golden_page() {
    let samples: BTreeSet<String> =
        samples::all().iter().map(|sample| sample.name.to_owned()).collect();
    let golden = names("tests/golden/html");
    assert_eq!(golden.difference(&samples).collect::<Vec<_>>(), Vec::<&String>::new());
    assert_eq!(samples.difference(&golden).collect::<Vec<_>>(), Vec::<&String>::new());
    let drawn: BTreeSet<&str> = samples::all().iter().map(|sample| sample.template).collect();
    for template in names("assets/templates/pages") {
        let path = format!("pages/{template}.html");
        assert!(drawn.contains(path.as_str()), "no sample draws {path}");
    }
}
