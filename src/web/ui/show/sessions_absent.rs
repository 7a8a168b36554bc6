//! What is not in the list of sessions, and why.

use actix_web::web::Data;

use super::sessions::count;
use super::sessions_parts::View;
use super::shell::plural;
use crate::base::time::{DAY_MILLIS, Timestamp};
use crate::logic::query_parser::print_term;
use crate::model::query::{Field, Term, Test, Value};
use crate::search::{Breadth, SearchAnswer};
use crate::web::auth::Identity;
use crate::web::error::WebError;
use crate::web::range;
use crate::web::state::WebState;
use crate::web::ui::frame::Link;
use crate::web::ui::sessions::{NothingFound, TermHelp};

/// Terms whose part in finding nothing is told.
const TERMS_TOLD: usize = 8;

/// What the list leaves out: robots and monitors, what is too old, what is masked, days that do not answer.
pub async fn excluded(
    view: &View,
    state: &Data<WebState>,
    identity: &Identity,
    answer: &SearchAnswer,
) -> Result<Vec<Link>, WebError> {
    let mut links = of_other_kinds(view, state).await?;
    let mut say = |text: &str| links.push(Link::new(text, ""));
    let days = state.services.config.data.retention_days;
    let kept_from = state.services.now().0.saturating_sub(i64::from(days) * DAY_MILLIS);
    if view.start < Timestamp(kept_from) {
        say(&format!("sessions older than {days} days are removed"));
    }
    if !identity.sees_unmasked() {
        say("addresses and error texts are masked for you");
    }
    if answer.breadth != Breadth::Near {
        say("few matches: words were also looked for inside of user tags and with a typo");
    }
    if !answer.missing_days.is_empty() {
        let missing = u64::try_from(answer.missing_days.len()).unwrap_or(u64::MAX);
        say(&format!("{} not searched: the index is being rebuilt", plural(missing, "day")));
    }
    Ok(links)
}

/// Sessions that the default term hides.
async fn of_other_kinds(view: &View, state: &Data<WebState>) -> Result<Vec<Link>, WebError> {
    let real = Value::Is("real".to_owned());
    if !view.filter.has_value(&Field::UserType, &real) {
        return Ok(Vec::new());
    }
    let mut links = Vec::new();
    for (kind, word) in [("robot", "robot session"), ("synthetic", "monitor session")] {
        let mut filter = view.filter.clone();
        filter.terms.retain(
            |term| !matches!(&term.test, Test::Values { field, .. } if *field == Field::UserType),
        );
        let filter = filter.with_value(&Field::UserType, Value::Is(kind.to_owned()));
        let hidden = count(state, view, filter.clone()).await?;
        if hidden > 0 {
            let text = format!("{} not shown", plural(hidden, word));
            links.push(Link::new(&text, &view.with(&filter)));
        }
    }
    Ok(links)
}

/// Why nothing is found: what each term hides, and what a longer range would show.
pub async fn nothing(view: &View, state: &Data<WebState>) -> Result<NothingFound, WebError> {
    if state.services.search.session_count() == 0 {
        return Ok(NothingFound {
            is_never: true,
            text:
                "Put the line of an application into its pages; sessions are here within seconds."
                    .to_owned(),
            terms: Vec::new(),
            ways: vec![Link::new("Applications", "/apps")],
        });
    }
    let mut terms = Vec::new();
    for (index, term) in view.filter.terms.iter().take(TERMS_TOLD).enumerate() {
        let filter = view.filter.without(index);
        let found = count(state, view, filter.clone()).await?;
        terms.push(TermHelp { term: print_term(term), count: found, href: view.with(&filter) });
    }
    let now = state.services.now();
    let days = state.services.config.data.retention_days;
    let from = format!("-{days}d");
    let mut ways = vec![Link::new("Show all sessions", "/sessions")];
    let mut elsewhere = format!("Data is kept for {days} days.");
    if let Some(start) = range::parse(&from, now) {
        let wide = View { start, end: now, ..view.clone() };
        let found = count(state, &wide, view.filter.clone()).await?;
        if found > 0 {
            let text = format!("{} in the last {days} days →", plural(found, "session"));
            ways.insert(0, Link::new(&text, &view.during(&from, "")));
            elsewhere = String::new();
        } else {
            elsewhere = format!("Nor in the last {days} days, for which data is kept.");
        }
    }
    let text = format!("{} {elsewhere}", sentence(view)).trim_end().to_owned();
    Ok(NothingFound { is_never: false, text, terms, ways })
}

/// What was looked for, in one sentence.
fn sentence(view: &View) -> String {
    let time = during(view);
    match person(view) {
        Some(name) => format!("No session of “{name}” {time}."),
        None => format!("No session fits the filter {time}."),
    }
}

/// The person that a filter asks for, when it asks for nothing else but the kind of user.
fn person(view: &View) -> Option<String> {
    let is_usual = |term: &&Term| matches!(&term.test, Test::Values { field, .. } if *field == Field::UserType);
    let mut terms = view.filter.terms.iter().filter(|term| !is_usual(term));
    let (only, None) = (terms.next()?, terms.next()) else {
        return None;
    };
    match &only.test {
        _ if only.is_negated => None,
        Test::Word(word) => Some(word.clone()),
        Test::Values { field: Field::User, values } => match values.as_slice() {
            [Value::Is(tag) | Value::StartsWith(tag) | Value::Contains(tag)] => Some(tag.clone()),
            _ => None,
        },
        _ => None,
    }
}

fn during(view: &View) -> String {
    let is_open = view.to.is_empty() || view.to == "now";
    let from = if view.from.is_empty() { "-24h" } else { view.from.as_str() };
    let back =
        from.strip_prefix('-').and_then(|back| back.split_at_checked(back.len().checked_sub(1)?));
    let unit = |unit: &str| match unit {
        "m" => Some("minute"),
        "h" => Some("hour"),
        "d" => Some("day"),
        "w" => Some("week"),
        _ => None,
    };
    match back.and_then(|(count, own)| Some((count.parse().ok()?, unit(own)?))) {
        Some((count, unit)) if is_open => format!("in the last {}", plural(count, unit)),
        _ => "in this time".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::logic::query_parser::parse;

    #[test]
    fn a_person_who_is_not_found_is_named_with_the_time() {
        for (query, from, to, expected) in [
            ("user.type:real anna.h", "", "", "No session of “anna.h” in the last 24 hours."),
            ("user:anna*", "-7d", "now", "No session of “anna” in the last 7 days."),
            ("user:anna errors>0", "-1h", "", "No session fits the filter in the last 1 hour."),
            ("-user:anna", "-30m", "", "No session fits the filter in the last 30 minutes."),
            (
                "anna",
                "2026-11-23T09:00:00Z",
                "2026-11-24T09:00:00Z",
                "No session of “anna” in this time.",
            ),
            ("anna", "-", "", "No session of “anna” in this time."),
        ] {
            let view = View {
                filter: parse(query),
                from: from.to_owned(),
                to: to.to_owned(),
                ..View::default()
            };
            assert_eq!(sentence(&view), expected, "{query}");
        }
    }
}
