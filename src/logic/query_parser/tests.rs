//! Tests of the filter language.

use proptest::prelude::*;

use super::{parse, print};
use crate::base::limits::{QUERY_CHARS, QUERY_TERMS};
use crate::model::query::{Comparison, FIELDS, Field, FieldKind, Filter, Term, Test, Value};

fn values(field: Field, values: Vec<Value>) -> Test {
    Test::Values { field, values }
}

fn is(text: &str) -> Value {
    Value::Is(text.to_owned())
}

fn compare(field: Field, operator: Comparison, number: i64) -> Test {
    Test::Compare { field, operator, number }
}

fn check(cases: Vec<(&str, Test)>) {
    for (text, expected) in cases {
        let filter = parse(text);
        assert_eq!(filter.terms.len(), 1, "{text}");
        assert_eq!(filter.terms[0].test, expected, "{text}");
        assert!(!filter.terms[0].is_negated, "{text}");
        assert_eq!(filter.terms[0].source, text);
        let negated = parse(&format!("  -{text}"));
        assert_eq!(negated.terms[0].test, expected, "-{text}");
        assert!(negated.terms[0].is_negated, "-{text}");
        assert_eq!(negated.terms[0].offset, 2);
    }
}

#[test]
fn terms_become_tests() {
    let word = |text: &str| Test::Word(text.to_owned());
    let cases: Vec<(&str, Test)> = vec![
        ("ryan", word("ryan")),
        ("Ryan.Smith@x", word("Ryan.Smith@x")),
        ("\"add to cart\"", word("add to cart")),
        ("\"say \\\"hi\\\"\"", word("say \"hi\"")),
        ("ann*", word("ann")),
        ("12:30", word("12:30")),
        ("user:anna", values(Field::User, vec![is("anna")])),
        ("USER:Anna", values(Field::User, vec![is("Anna")])),
        ("user:anna*", values(Field::User, vec![Value::StartsWith("anna".to_owned())])),
        ("user:*ann*", values(Field::User, vec![Value::Contains("ann".to_owned())])),
        ("user:*", values(Field::User, vec![Value::Any])),
        ("user:none", values(Field::User, vec![Value::None])),
        ("user:ANY", values(Field::User, vec![Value::Any])),
        ("user:\"none\"", values(Field::User, vec![is("none")])),
        ("page:\"/a b\"*", values(Field::Page, vec![Value::StartsWith("/a b".to_owned())])),
        ("country:DK,SE,DK", values(Field::Country, vec![is("DK"), is("SE")])),
        ("city:\"New York\",Wien", values(Field::City, vec![is("New York"), is("Wien")])),
    ];
    check(cases);
}

#[test]
fn checked_values_become_tests() {
    let cases: Vec<(&str, Test)> = vec![
        ("user.type:real", values(Field::UserType, vec![is("real")])),
        ("user.type:Bot", values(Field::UserType, vec![is("robot")])),
        ("browser.type:mobile", values(Field::DeviceType, vec![is("phone")])),
        ("end:window-closed", values(Field::End, vec![is("window_closed")])),
        ("ux:none", values(Field::Experience, vec![Value::None])),
        ("live:true", values(Field::Live, vec![is("yes")])),
        ("bounce:no", values(Field::Bounce, vec![is("no")])),
    ];
    check(cases);
}

#[test]
fn numbers_become_comparisons() {
    let prop = |key: &str| Field::Property(key.to_owned());
    let cases: Vec<(&str, Test)> = vec![
        ("errors>0", compare(Field::Errors, Comparison::Greater, 0)),
        ("errors:>0", compare(Field::Errors, Comparison::Greater, 0)),
        ("actions>=10", compare(Field::Actions, Comparison::GreaterOrEqual, 10)),
        ("actions<=10", compare(Field::Actions, Comparison::LessOrEqual, 10)),
        ("rage:2", compare(Field::Rage, Comparison::Equal, 2)),
        ("errors:any", compare(Field::Errors, Comparison::Greater, 0)),
        ("errors:none", compare(Field::Errors, Comparison::Equal, 0)),
        ("duration>5m", compare(Field::Duration, Comparison::Greater, 300_000)),
        ("duration<1h30m", compare(Field::Duration, Comparison::Less, 5_400_000)),
        ("duration<500ms", compare(Field::Duration, Comparison::Less, 500)),
        ("duration>0", compare(Field::Duration, Comparison::Greater, 0)),
        ("prop.Basket>500", compare(prop("basket"), Comparison::Greater, 500)),
        ("prop.plan:gold", values(prop("plan"), vec![is("gold")])),
        ("prop.\"a b\":x", values(prop("a b"), vec![is("x")])),
    ];
    check(cases);
}

#[test]
fn wrong_terms_stay_with_place_and_expectation() {
    for (text, at, message, expected) in [
        ("brwser:x", 0, "there is no field `brwser`", "`browser`"),
        ("zzzzzz:x", 0, "there is no field", "quotes"),
        ("http://x", 0, "there is no field `http`", "quotes"),
        ("live:maybe", 5, "no value of `live`", "`yes` or `no`"),
        ("user.type:alien", 10, "no value of `user.type`", "one of real"),
        ("user.type:re*", 10, "no value of `user.type`", "one of real"),
        ("errors>x", 7, "no value of `errors`", "whole number"),
        ("errors:1,2", 9, "several numbers", "one whole number"),
        ("duration>5", 9, "no value of `duration`", "5m"),
        ("duration>5x", 9, "no value of `duration`", "5m"),
        ("browser>5", 8, "not a number", "`:`"),
        ("user:", 5, "a value is missing", "none"),
        ("user:a,", 7, "a value is missing", "none"),
        ("user:a*b", 5, "a star stands in the middle", "quotes"),
        ("user:*b", 5, "a star stands only in front", "ann*"),
        ("user:\"abc", 5, "a quote is not closed", "at its end"),
        ("user:\"abc\"d", 10, "text follows a closing quote", "space"),
        ("\"abc\"d", 5, "text follows a closing quote", "space"),
        ("-", 1, "stands alone", "a term after it"),
        ("--", 1, "nothing to search", "a letter or a digit"),
        ("session:abc", 8, "no value of `session`", "session id"),
    ] {
        let filter = parse(&format!("{text} ryan"));
        let filter = if text.contains("\"abc") && message.contains("closed") {
            parse(text)
        } else {
            assert_eq!(filter.terms.len(), 2, "{text}");
            assert!(!filter.is_valid());
            filter
        };
        let Test::Invalid(problem) = &filter.terms[0].test else {
            panic!("{text} is taken: {:?}", filter.terms[0].test);
        };
        assert_eq!(problem.at, at, "{text}: {problem}");
        assert!(problem.message.contains(message), "{text}: {problem}");
        assert!(problem.expected.contains(expected), "{text}: {problem}");
        assert_eq!(filter.terms[0].source, text);
    }
}

#[test]
fn too_much_is_said_and_not_searched() {
    let long = "a".repeat(QUERY_CHARS + 1);
    assert!(!parse(&long).is_valid());
    let many = "a ".repeat(QUERY_TERMS + 5);
    let filter = parse(&many);
    assert_eq!(filter.terms.len(), QUERY_TERMS + 1);
    assert_eq!(filter.problems().count(), 1);
    assert!(parse(&"a ".repeat(QUERY_TERMS)).is_valid());
    assert_eq!(parse("   "), Filter::default());
}

#[test]
fn every_field_has_its_own_names() {
    let mut seen = std::collections::HashSet::new();
    for info in FIELDS {
        for name in std::iter::once(&info.name).chain(info.aliases) {
            assert!(seen.insert(*name), "{name} is taken twice");
            assert_eq!(Field::by_name(name).as_ref(), Some(&info.field));
        }
    }
}

#[test]
fn facets_widen_a_term() {
    let filter = parse("country:DK").with_value(&Field::Country, is("SE"));
    assert_eq!(print(&filter), "country:DK,SE");
    assert!(filter.has_value(&Field::Country, &is("SE")));
    assert_eq!(print(&filter.with_value(&Field::Os, is("iOS"))), "country:DK,SE os:iOS");
    assert_eq!(print(&parse("a b c").without(1)), "a c");
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-zA-Z0-9._@/-]{1,12}",
        "[ -~]{1,12}",
        "\\PC{1,8}",
        Just("none".to_owned()),
        Just("ANY".to_owned()),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        text().prop_map(Value::Is),
        text().prop_map(Value::StartsWith),
        text().prop_map(Value::Contains),
        Just(Value::None),
        Just(Value::Any),
    ]
}

fn operator() -> impl Strategy<Value = Comparison> {
    prop::sample::select(vec![
        Comparison::Equal,
        Comparison::Greater,
        Comparison::GreaterOrEqual,
        Comparison::Less,
        Comparison::LessOrEqual,
    ])
}

fn some_values(field: Field) -> BoxedStrategy<Test> {
    prop::collection::vec(value(), 1..4)
        .prop_map(move |mut all| {
            let mut seen = Vec::new();
            all.retain(|value| {
                let is_new = !seen.contains(value);
                seen.push(value.clone());
                is_new
            });
            values(field.clone(), all)
        })
        .boxed()
}

fn test_of(field: Field) -> BoxedStrategy<Test> {
    match field.kind() {
        FieldKind::Text | FieldKind::Words => some_values(field),
        FieldKind::Property => {
            let same = field.clone();
            prop_oneof![
                some_values(field),
                (-5_000_i64..5_000).prop_map(move |n| compare(
                    same.clone(),
                    Comparison::Greater,
                    n
                )),
            ]
            .boxed()
        }
        FieldKind::Choice(choices) => prop::sample::select(choices)
            .prop_map(move |choice| values(field.clone(), vec![is(choice)]))
            .boxed(),
        FieldKind::YesNo => prop::bool::ANY
            .prop_map(move |yes| values(field.clone(), vec![is(if yes { "yes" } else { "no" })]))
            .boxed(),
        FieldKind::Number => (operator(), -10_i64..1_000_000)
            .prop_map(move |(operator, n)| compare(field.clone(), operator, n))
            .boxed(),
        FieldKind::Duration => (operator(), 0_i64..1_000_000_000)
            .prop_map(move |(operator, n)| compare(field.clone(), operator, n))
            .boxed(),
        FieldKind::Id => Just(Test::Word("id".to_owned())).boxed(),
    }
}

fn any_test() -> impl Strategy<Value = Test> {
    let word = text()
        .prop_filter("searchable", |text| !crate::base::fold::tokens(text).is_empty())
        .prop_map(Test::Word);
    let field = prop::sample::select(FIELDS).prop_flat_map(|info| test_of(info.field.clone()));
    let property = "[a-z0-9 .:\"_]{1,8}".prop_flat_map(|key| test_of(Field::Property(key)));
    prop_oneof![word, field, property]
}

proptest! {
    #[test]
    fn what_is_printed_parses_to_the_same_tree(
        terms in prop::collection::vec((any::<bool>(), any_test()), 0..6)
    ) {
        let tree = Filter {
            terms: terms
                .into_iter()
                .map(|(is_negated, test)| Term { is_negated, ..Term::new(test) })
                .collect(),
        };
        let text = print(&tree);
        let mut parsed = parse(&text);
        for term in &mut parsed.terms {
            term.source = String::new();
            term.offset = 0;
        }
        prop_assert_eq!(&parsed, &tree, "{}", text);
    }

    #[test]
    fn no_text_makes_the_parser_fail(text in "\\PC{0,200}") {
        let filter = parse(&text);
        prop_assert!(filter.terms.len() <= QUERY_TERMS + 1);
        for term in &filter.terms {
            prop_assert_eq!(text.get(term.offset..term.offset + term.source.len()), Some(term.source.as_str()));
        }
    }

    #[test]
    fn hostile_syntax_does_not_make_the_parser_fail(text in "[-a-c:.,<>=*\"\\\\ é]{0,60}") {
        let filter = parse(&text);
        let printed = print(&filter);
        if filter.is_valid() {
            prop_assert!(parse(&printed).is_valid(), "{} -> {}", text, printed);
        }
    }
}
