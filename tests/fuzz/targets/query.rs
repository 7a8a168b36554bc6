//! The filter language: any text parses, and what is printed is a fixed point.

use footfall::base::limits::{QUERY_CHARS, QUERY_TERMS};
use footfall::logic::query_parser::{parse, print, print_term};
use footfall::model::query::{Filter, Test};

/// Runs the target.
pub fn run(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let filter = parse(&text);
    assert!(filter.terms.len() <= QUERY_TERMS + 1);
    let is_whole = text.chars().count() <= QUERY_CHARS;
    for term in &filter.terms {
        let end = term.offset + term.source.len();
        assert_eq!(text.get(term.offset..end), Some(term.source.as_str()));
        if let Test::Invalid(problem) = &term.test {
            assert!(text.is_char_boundary(problem.at), "{problem} of {text:?}");
        }
    }
    let printed = print(&filter);
    // A quote may make a text of the greatest length too long.
    if !is_whole || printed.chars().count() > QUERY_CHARS {
        return;
    }
    let again = parse(&printed);
    assert_eq!(bare(&again), bare(&filter), "{text:?} is printed as {printed:?}");
    assert_eq!(print(&again), printed);
    for index in 0..filter.terms.len() {
        let without = print(&filter.without(index));
        assert!(parse(&without).terms.len() <= filter.terms.len());
    }
}

/// Terms as they are searched; what cannot be searched is compared as it was typed.
fn bare(filter: &Filter) -> Vec<(bool, Option<Test>, String)> {
    let term = |term: &footfall::model::query::Term| match &term.test {
        Test::Invalid(_) => (term.is_negated, None, term.source.clone()),
        test => (term.is_negated, Some(test.clone()), print_term(term)),
    };
    filter.terms.iter().map(term).collect()
}
