//! Tests of the test of rules.

use super::*;

fn fact(url: &str, tag: &str) -> PageFact {
    PageFact {
        at: Timestamp(0),
        clock_offset: 0,
        url: url.to_owned(),
        user_tag: tag.to_owned(),
        properties: Vec::new(),
    }
}

fn sent(source: &str, expression: &str, cleanup: &str, sample: &str) -> Vec<(String, String)> {
    [("source", source), ("expression", expression), ("cleanup", cleanup), ("sample", sample)]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec()
}

#[test]
fn a_clean_up_is_tried_on_the_text_that_was_typed() {
    let cases = [
        ("Welcome (.*)", "Welcome Ryan ", "“Welcome Ryan” gives “Ryan”.", true),
        ("", "Ryan", "“Ryan” gives “Ryan”.", true),
        ("[0-9]+", "id 42", "“id 42” gives “42”.", true),
        ("Hello (.*)", "Welcome Ryan", "“Welcome Ryan” gives nothing.", false),
    ];
    for (cleanup, sample, expected, is_good) in cases {
        let mut view = LiveView::default();
        attempt(&mut view, &sent("css_selector", ".user", cleanup, sample), &[]).unwrap();
        assert_eq!((view.verdict.as_str(), view.is_good), (expected, is_good));
    }
}

#[test]
fn parameters_are_looked_for_in_the_pages_that_were_here() {
    let pages = [fact("https://a.ex/?uid=<masked>&x=1", ""), fact("https://a.ex/?guid=1", "")];
    let mut view = LiveView::default();
    attempt(&mut view, &sent("query_string", "uid", "", ""), &pages).unwrap();
    assert!(view.verdict.starts_with("1 of the last 2 beacons"), "{}", view.verdict);
}

#[test]
fn who_may_not_see_unmasked_data_sees_no_query() {
    let pages = [fact("https://a.ex/p?uid=7", "ryan"), fact("https://a.ex/q", "")];
    let looking = Looking { now: Timestamp(0), zone: "UTC", sees_unmasked: false };
    let view = live(&pages, false, looking);
    assert_eq!(view.summary, "1 of the last 2 beacons told a user tag.");
    let row = view.rows.first().unwrap();
    assert_eq!((row.page.as_str(), row.found.len()), ("https://a.ex/p?masked", 1));
    assert!(live(&[], true, looking).rows.is_empty());
}

#[test]
fn the_line_for_the_console_quotes_what_was_typed() {
    let line = console(PageSource::CssSelector, "a[title=\"x\"]@title", "W (.*)");
    assert!(line.contains(r#"document.querySelector("a[title=\"x\"]")?.getAttribute("title")"#));
    assert!(line.contains(r#"new RegExp("W (.*)")"#));
}
