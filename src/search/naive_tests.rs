//! Random filters on random sessions: the index finds what reading every session finds.

use super::fixture::{at, session};
use super::{Breadth, SearchIndex, SearchOptions, SearchRequest, SessionDocument};
use crate::base::entropy::Entropy;
use crate::base::fold::{fold, spelled_out, tokens};
use crate::base::id::{ApplicationId, SessionId};
use crate::model::query::{Comparison, Field, Filter, Term, Test, Value};
use crate::model::session::{EndReason, Experience};

const NAMES: &[&str] = &[
    "",
    "Ryan",
    "ryan.smith@x.org",
    "bryan",
    "Müller12",
    "mueller",
    "anna-b",
    "Ännchen",
    "b anna",
    "r",
    "smith",
    "12ryan",
];
const PAGES: &[&str] = &["/", "/cart", "/cart/pay", "/Über-uns", "/product/12"];
const ACTIONS: &[&str] = &["click on \"Buy\"", "loading of page /cart", "Add to cart", "pay"];
const ERRORS: &[&str] = &["TypeError: x", "404 not found", "cart failed"];
const BROWSERS: &[&str] = &["Firefox", "Chrome", "Safari", "Chrome Mobile"];
const CITIES: &[&str] = &["", "Wien", "Köln", "New York"];
const WORDS: &[&str] = &[
    "ryan",
    "r",
    "smith",
    "ryan smith",
    "mull",
    "12",
    "cart",
    "add to c",
    "uber",
    "found",
    "yan",
    "rayn",
    "muellr",
    "an",
    "x.org",
    "nna",
    "ann b",
    "ryan.smiht",
    "ryansmith",
    "muler12",
    "ana-b",
];

fn pick<'a>(entropy: &Entropy, from: &[&'a str]) -> &'a str {
    from[entropy.below(from.len() as u64) as usize]
}

fn some(entropy: &Entropy, from: &[&str], most: u64) -> Vec<String> {
    (0..entropy.below(most + 1)).map(|_| pick(entropy, from).to_owned()).collect()
}

fn random_session(entropy: &Entropy, start: i64, number: u128) -> SessionDocument {
    let mut it = session(at(0, start), number, pick(entropy, NAMES));
    let s = &mut it.session;
    s.client.browser = pick(entropy, BROWSERS).to_owned();
    s.place.city = pick(entropy, CITIES).to_owned();
    s.tally.actions = entropy.below(5) as u32;
    s.tally.request_errors = entropy.below(3) as u32;
    s.last_at = at(0, start + entropy.below(4) as i64 * 1_000);
    s.applications[0].application = ApplicationId(1 + entropy.below(3) as u32);
    if entropy.below(5) == 0 {
        s.end_reason = None;
        s.experience = Experience::Undefined;
        s.last_at = at(0, start + 86_400_000);
    } else if entropy.below(2) == 0 {
        s.end_reason = Some(EndReason::WindowClosed);
        s.experience = Experience::Frustrated;
    }
    if entropy.below(2) == 0 {
        s.properties = vec![("Basket".to_owned(), entropy.below(1_000).to_string())];
    }
    it.pages = some(entropy, PAGES, 3);
    it.action_names = some(entropy, ACTIONS, 3);
    it.error_messages = some(entropy, ERRORS, 2);
    it
}

fn random_value(entropy: &Entropy, from: &[&str]) -> Value {
    let whole = pick(entropy, from).to_owned();
    let chars: Vec<char> = whole.chars().collect();
    let begin = entropy.below(chars.len() as u64 + 1) as usize;
    let end = begin + entropy.below((chars.len() - begin) as u64 + 1) as usize;
    match entropy.below(6) {
        0 => Value::None,
        1 => Value::Any,
        2 => Value::StartsWith(chars[..end].iter().collect()),
        3 => Value::Contains(chars[begin..end].iter().collect()),
        _ => Value::Is(whole),
    }
}

fn random_term(entropy: &Entropy) -> Term {
    let operators = [
        Comparison::Equal,
        Comparison::Greater,
        Comparison::GreaterOrEqual,
        Comparison::Less,
        Comparison::LessOrEqual,
    ];
    let test = match entropy.below(4) {
        0 => Test::Word(pick(entropy, WORDS).to_owned()),
        1 => {
            let (field, below) = match entropy.below(4) {
                0 => (Field::Duration, 4_000),
                1 => (Field::Actions, 5),
                2 => (Field::Errors, 3),
                _ => (Field::Property("basket".to_owned()), 1_000),
            };
            Test::Compare {
                field,
                operator: operators[entropy.below(5) as usize],
                number: entropy.below(below) as i64,
            }
        }
        _ => {
            let (field, from): (Field, &[&str]) = match entropy.below(9) {
                0 => (Field::User, NAMES),
                1 => (Field::Browser, BROWSERS),
                2 => (Field::City, CITIES),
                3 => (Field::Page, PAGES),
                4 => (Field::Action, ACTIONS),
                5 => (Field::Error, ERRORS),
                6 => (Field::Live, &["yes", "no"]),
                7 => (Field::Bounce, &["yes", "no"]),
                _ => (Field::End, &["timeout", "window_closed"]),
            };
            let values = (0..=entropy.below(2)).map(|_| random_value(entropy, from)).collect();
            Test::Values { field, values }
        }
    };
    Term { is_negated: entropy.below(4) == 0, ..Term::new(test) }
}

fn texts(it: &SessionDocument, field: &Field) -> Vec<String> {
    let s = &it.session;
    let yes_no = |is: bool| vec![if is { "yes" } else { "no" }.to_owned()];
    let mut all = match field {
        Field::User => vec![s.user_tag.clone()],
        Field::Browser => vec![s.client.browser.clone()],
        Field::City => vec![s.place.city.clone()],
        Field::Page => it.pages.clone(),
        Field::Action => it.action_names.clone(),
        Field::Error => it.error_messages.clone(),
        Field::Live => yes_no(s.end_reason.is_none()),
        Field::Bounce => yes_no(s.tally.actions <= 1),
        Field::End => match s.end_reason {
            None => vec![],
            Some(EndReason::Timeout) => vec!["timeout".to_owned()],
            Some(_) => vec!["window_closed".to_owned()],
        },
        other => panic!("{other:?}"),
    };
    all.retain(|text| !text.is_empty());
    all
}

fn follows(haystack: &[String], needle: &[String], may_go_on: bool) -> bool {
    !needle.is_empty()
        && haystack.windows(needle.len()).any(|window| {
            window.iter().zip(needle).enumerate().all(|(n, (a, b))| {
                a == b || (may_go_on && n + 1 == needle.len() && a.starts_with(b.as_str()))
            })
        })
}

/// Whether the beginning of `token` is `word` but for one edit or one swap of neighbors.
fn nearly_begins(token: &str, word: &str) -> bool {
    let token: Vec<char> = token.chars().collect();
    let word: Vec<char> = word.chars().collect();
    (0..=token.len()).any(|end| within_one(&token[..end], &word))
}

fn within_one(a: &[char], b: &[char]) -> bool {
    let same = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (x, y) = (&a[same..], &b[same..]);
    match (x, y) {
        ([], []) => true,
        ([_, rest @ ..], [_, other @ ..]) if rest == other => true,
        ([_, rest @ ..], other) if rest == other => true,
        (rest, [_, other @ ..]) if rest == other => true,
        ([p, q, rest @ ..], [r, s, other @ ..]) => p == s && q == r && rest == other,
        _ => false,
    }
}

fn word_holds(it: &SessionDocument, word: &str, breadth: Breadth) -> bool {
    let wanted = tokens(word);
    let near = [Field::Page, Field::Action, Field::Error]
        .iter()
        .flat_map(|field| texts(it, field))
        .any(|text| follows(&tokens(&text), &wanted, true));
    let tag = &it.session.user_tag;
    let tags: Vec<String> = std::iter::once(tag.clone()).chain(spelled_out(tag)).collect();
    let words: Vec<String> = std::iter::once(word.to_owned()).chain(spelled_out(word)).collect();
    near || words.iter().any(|word| {
        tags.iter().any(|tag| tag_holds(tag, word, breadth)) || close_holds(tag, word, breadth) || {
            let all: Vec<String> = tags.iter().flat_map(|tag| tokens(tag)).collect();
            breadth >= Breadth::Typo && typo_holds(&all, &tokens(word))
        }
    })
}

fn tag_holds(tag: &str, word: &str, breadth: Breadth) -> bool {
    let folded = fold(word);
    let inside = folded.chars().count() >= 3 && fold(tag).contains(&folded);
    follows(&tokens(tag), &tokens(word), true) || (breadth >= Breadth::Inside && inside)
}

/// Whether the tag as it was given begins with the words but for one edit.
fn close_holds(tag: &str, word: &str, breadth: Breadth) -> bool {
    let folded = fold(word);
    let fits = tokens(word).len() > 1 && (4..=64).contains(&folded.chars().count());
    breadth >= Breadth::Close && fits && !tag.is_empty() && nearly_begins(&fold(tag), &folded)
}

fn typo_holds(of_tag: &[String], wanted: &[String]) -> bool {
    wanted.iter().any(|w| w.chars().count() >= 4)
        && wanted.iter().all(|w| {
            of_tag.iter().any(|token| {
                if w.chars().count() >= 4 {
                    nearly_begins(token, w)
                } else {
                    token.starts_with(w.as_str())
                }
            })
        })
}

fn value_holds(it: &SessionDocument, field: &Field, value: &Value) -> bool {
    let all = texts(it, field);
    let folded: Vec<String> = all.iter().map(|text| fold(text)).collect();
    match value {
        Value::Any => !all.is_empty(),
        Value::None => all.is_empty(),
        Value::StartsWith(text) => folded.iter().any(|own| own.starts_with(&fold(text))),
        Value::Contains(text) => folded.iter().any(|own| own.contains(&fold(text))),
        Value::Is(text) => {
            folded.contains(&fold(text))
                || (matches!(field, Field::Action | Field::Error)
                    && all.iter().any(|own| follows(&tokens(own), &tokens(text), false)))
        }
    }
}

fn holds(it: &SessionDocument, term: &Term, breadth: Breadth) -> bool {
    let result = match &term.test {
        Test::Word(word) => {
            let reach = if term.is_negated { Breadth::Near } else { breadth };
            word_holds(it, word, reach)
        }
        Test::Values { field, values } => values.iter().any(|value| value_holds(it, field, value)),
        Test::Compare { field, operator, number } => match field {
            Field::Duration => {
                operator.holds(&(it.session.last_at.0 - it.session.started_at.0), number)
            }
            Field::Actions => operator.holds(&i64::from(it.session.tally.actions), number),
            Field::Errors => operator.holds(&i64::from(it.session.tally.errors()), number),
            _ => it
                .session
                .properties
                .iter()
                .any(|(_, value)| operator.holds(&value.parse::<i64>().unwrap(), number)),
        },
        Test::Invalid(_) => false,
    };
    result != term.is_negated
}

fn naive(all: &[SessionDocument], request: &SearchRequest, breadth: Breadth) -> Vec<SessionId> {
    let mut found: Vec<SessionId> = all
        .iter()
        .filter(|it| {
            let s = &it.session;
            let start = s.id.start();
            start < request.to
                && (start >= request.from || (s.is_live() && s.last_at >= request.from))
                && request.allowed.as_ref().is_none_or(|allowed| {
                    s.applications.iter().any(|a| allowed.contains(&a.application))
                })
                && request.filter.terms.iter().all(|term| holds(it, term, breadth))
        })
        .map(|it| it.session.id)
        .collect();
    found.sort_by(|a, b| b.cmp(a));
    found
}

#[test]
fn the_index_finds_what_reading_everything_finds() {
    let entropy = Entropy::seeded(20_261_123);
    let folder = tempfile::tempdir().unwrap();
    let (index, _) = SearchIndex::open(folder.path(), SearchOptions::default()).unwrap();
    let mut all: Vec<SessionDocument> = Vec::new();
    for round in 0..6_u64 {
        let mut batch = Vec::new();
        for n in 0..40 {
            let start = entropy.below(4 * 86_400_000) as i64;
            batch.push(random_session(&entropy, start, u128::from(round * 100 + n)));
        }
        for _ in 0..10 {
            if let Some(at) = usize::try_from(entropy.below(all.len().max(1) as u64)).ok()
                && at < all.len()
            {
                let old = all.remove(at).session.id;
                let number = old.0 & ((1 << 80) - 1);
                let start = old.start().0 - super::fixture::at(0, 0).0;
                batch.push(random_session(&entropy, start, number));
            }
        }
        for it in &mut batch {
            it.sequence = round;
        }
        index.put(&batch).unwrap();
        index.commit(round).unwrap();
        all.extend(batch);
    }
    assert_eq!(index.session_count(), all.len() as u64);
    let mut matches = 0;
    for n in 0..1_500 {
        let filter =
            Filter { terms: (0..entropy.below(4)).map(|_| random_term(&entropy)).collect() };
        let from = entropy.below(4 * 86_400_000) as i64;
        let mut request = SearchRequest::new(filter, at(0, from), at(5, 0));
        if n % 3 == 0 {
            request.from = at(0, 0);
        }
        request.limit = 1_000;
        if n % 7 == 0 {
            request.allowed = Some(vec![ApplicationId(2)]);
        }
        let answer = index.search(&request).unwrap();
        let expected = naive(&all, &request, answer.breadth);
        assert_eq!(answer.rows, expected, "{:?}", request.filter);
        for breadth in [Breadth::Near, Breadth::Typo, Breadth::Inside, Breadth::Close] {
            let counted = index.count(&request, breadth).unwrap().total;
            let expected = naive(&all, &request, breadth).len() as u64;
            assert_eq!(counted, expected, "{breadth:?} {:?}", request.filter);
        }
        matches += expected.len();
    }
    assert!(matches > 10_000, "the filters are too narrow: {matches}");
}

/// People as type-ahead names them: folded tag, sessions, newest start; those that begin with the text first.
fn naive_people(
    all: &[SessionDocument],
    request: &SearchRequest,
    text: &str,
) -> Vec<(String, u64, i64)> {
    let in_range = naive(all, request, Breadth::Near);
    let tagged: Vec<&SessionDocument> = all
        .iter()
        .filter(|it| in_range.contains(&it.session.id) && !it.session.user_tag.is_empty())
        .collect();
    let folded = fold(text);
    let begins = |tag: &str| fold(tag).starts_with(&folded);
    let holds = |tag: &str, breadth: Breadth| {
        let own: Vec<String> = std::iter::once(tag.to_owned()).chain(spelled_out(tag)).collect();
        let asked: Vec<String> =
            std::iter::once(text.to_owned()).chain(spelled_out(text)).collect();
        own.iter().any(|own| asked.iter().any(|word| tag_holds(own, word, breadth)))
    };
    let named = |passes: &dyn Fn(&str) -> bool| {
        let mut people: Vec<(bool, String, u64, i64)> = Vec::new();
        for it in &tagged {
            let tag = &it.session.user_tag;
            if passes(tag) && !people.iter().any(|known| known.1 == fold(tag)) {
                let same = tagged.iter().filter(|other| fold(&other.session.user_tag) == fold(tag));
                let starts: Vec<i64> = same.map(|other| other.session.id.start().0).collect();
                let last = starts.iter().max().copied().unwrap();
                people.push((begins(tag), fold(tag), starts.len() as u64, last));
            }
        }
        people.sort_by(|a, b| b.0.cmp(&a.0).then(b.3.cmp(&a.3)).then(a.1.cmp(&b.1)));
        people
    };
    let mut people = named(&|tag| begins(tag) || holds(tag, Breadth::Near));
    if people.len() < request.limit {
        people = named(&|tag| begins(tag) || holds(tag, Breadth::Inside));
    }
    people.truncate(request.limit);
    people.into_iter().map(|(_, tag, sessions, last)| (tag, sessions, last)).collect()
}

#[test]
fn type_ahead_names_whom_reading_everything_names() {
    let entropy = Entropy::seeded(20_261_124);
    let folder = tempfile::tempdir().unwrap();
    let (index, _) = SearchIndex::open(folder.path(), SearchOptions::default()).unwrap();
    let mut all = Vec::new();
    for round in 0..4_u64 {
        let batch: Vec<SessionDocument> = (0..60)
            .map(|n| {
                let start = entropy.below(4 * 86_400_000) as i64;
                random_session(&entropy, start, u128::from(round * 100 + n))
            })
            .collect();
        index.put(&batch).unwrap();
        index.commit(round).unwrap();
        all.extend(batch);
    }
    let mut named = 0;
    for n in 0..400 {
        let from = if n % 2 == 0 { 0 } else { entropy.below(4 * 86_400_000) as i64 };
        let mut request = SearchRequest::new(Filter::default(), at(0, from), at(5, 0));
        request.limit = 1 + entropy.below(6) as usize;
        let text =
            pick(&entropy, &["r", "ry", "yan", "mü", "muel", "an", "smith", "12", "ann", "q"]);
        let found: Vec<(String, u64, i64)> = index
            .suggest_users(text, &request)
            .unwrap()
            .into_iter()
            .map(|user| (fold(&user.tag), user.sessions, user.last.0))
            .collect();
        assert_eq!(found, naive_people(&all, &request, text), "{text} {}", request.limit);
        named += found.len();
    }
    assert!(named > 800, "too few people: {named}");
}
