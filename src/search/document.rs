//! A session as a document of the index.

use tantivy::TantivyDocument;

use super::fields::{FACETS, Fields};
use super::visit::{VisitFigures, add_figures};
use crate::base::fold::{fold, spelled_out, tokens};
use crate::base::id::SessionId;
use crate::base::text::cut;
use crate::model::query::Field;
use crate::model::session::{EndReason, Experience, Session};

/// Longest keyword, in bytes; longer values are found by their beginning.
pub(super) const KEYWORD_BYTES: usize = 256;
/// Different texts (pages, action names, messages) of a session that are indexed.
const TEXTS: usize = 500;
/// Words of one text that are indexed.
const TEXT_WORDS: usize = 512;

/// What the index needs to know of a session.
#[derive(Debug, Clone)]
pub struct SessionDocument {
    /// The session.
    pub session: Session,
    /// Pages visited.
    pub pages: Vec<String>,
    /// Names of its user actions.
    pub action_names: Vec<String>,
    /// Messages of its errors.
    pub error_messages: Vec<String>,
    /// What happened in each of its applications; those that are missing count no actions.
    pub visits: Vec<VisitFigures>,
    /// Sequence of the change that this document shows.
    pub sequence: u64,
}

/// The keyword of a field's value, given by the field's name.
pub(super) fn keyword(name: &str, value: &str) -> String {
    format!("{name}\0{}", cut(&fold(value), KEYWORD_BYTES))
}

/// The keyword that says that a field has a value.
pub(super) fn presence(name: &str) -> String {
    format!("?{name}")
}

/// The name of a field in keywords.
pub(super) fn keyword_name(field: &Field) -> String {
    match field {
        Field::Property(key) => format!("prop.{}", fold(key)),
        other => other.name(),
    }
}

/// Pieces of three letters, for finding the inside of a tag.
pub(super) fn grams(folded: &str) -> Vec<String> {
    let chars: Vec<char> = folded.chars().collect();
    chars.windows(3).map(|piece| piece.iter().collect()).collect()
}

fn lines(mut words: Vec<String>) -> String {
    words.truncate(TEXT_WORDS);
    words.join("\n")
}

const fn experience_number(experience: Experience) -> u64 {
    match experience {
        Experience::Satisfied => 0,
        Experience::Tolerated => 1,
        Experience::Frustrated => 2,
        Experience::Undefined => 3,
    }
}

const fn yes_no(is: bool) -> &'static str {
    if is { "yes" } else { "no" }
}

/// All single values of a session by field; empty ones say nothing.
fn attributes(session: &Session) -> Vec<(Field, String)> {
    let own = |text: &str| text.to_owned();
    let (client, place, environment) = (&session.client, &session.place, &session.environment);
    let mut all = vec![
        (Field::User, own(&session.user_tag)),
        (Field::UserType, own(session.kind.word())),
        (Field::UserNew, own(yes_no(session.is_new_visitor))),
        (Field::Visitor, session.visitor.to_string()),
        (Field::Browser, own(&client.browser)),
        (Field::BrowserVersion, own(&client.browser_version)),
        (Field::Os, own(&client.os)),
        (Field::OsVersion, own(&client.os_version)),
        (Field::Device, own(&client.device)),
        (Field::DeviceType, own(client.device_type.word())),
        (Field::Country, own(&place.country)),
        (Field::Region, own(&place.region)),
        (Field::City, own(&place.city)),
        (Field::Isp, own(&place.isp)),
        (Field::Ip, session.ip.map(|ip| ip.to_string()).unwrap_or_default()),
        (Field::Screen, own(&environment.screen)),
        (Field::Language, own(&environment.language)),
        (Field::Connection, own(&environment.connection)),
        (Field::Release, own(&session.release)),
        (Field::Entry, own(&session.entry_page)),
        (Field::Exit, own(&session.exit_page)),
        (Field::Referrer, own(&session.referrer)),
        (Field::Campaign, own(&session.campaign)),
        (Field::Live, own(yes_no(session.is_live()))),
        (Field::Bounce, own(yes_no(session.is_bounce()))),
        (Field::End, own(session.end_reason.map_or("", EndReason::word))),
        (Field::Experience, own(session.experience.word())),
        (Field::Counted, own(yes_no(session.usage_units > 0))),
    ];
    for visit in &session.applications {
        all.push((Field::App, visit.application.to_string()));
    }
    for (count, word) in [
        (session.tally.javascript_errors, "javascript"),
        (session.tally.request_errors, "request"),
        (session.tally.custom_errors, "custom"),
    ] {
        if count > 0 {
            all.push((Field::ErrorType, own(word)));
        }
    }
    for (key, value) in &session.properties {
        all.push((Field::Property(key.clone()), value.clone()));
    }
    all
}

fn distinct(texts: &[String]) -> Vec<&String> {
    let mut seen = ahash::AHashSet::new();
    texts.iter().filter(|text| !text.is_empty() && seen.insert(text.as_str())).take(TEXTS).collect()
}

/// The two halves of an id.
pub(super) fn halves(id: SessionId) -> (u64, u64) {
    let high = u64::try_from(id.0 >> 64).unwrap_or(0);
    let low = u64::try_from(id.0 & u128::from(u64::MAX)).unwrap_or(0);
    (high, low)
}

/// Makes the document.
pub(super) fn document(fields: &Fields, input: &SessionDocument) -> TantivyDocument {
    let session = &input.session;
    let mut document = TantivyDocument::default();
    add_numbers(&mut document, fields, input);
    add_figures(&mut document, fields, input);
    let mut keywords = ahash::AHashSet::new();
    let broken = input.visits.iter().filter(|visit| visit.has_errors());
    let broken = broken.map(|visit| (Field::ErrorApp, visit.application.to_string()));
    for (field, value) in attributes(session).into_iter().chain(broken) {
        if value.is_empty() {
            continue;
        }
        let name = keyword_name(&field);
        keywords.insert(presence(&name));
        keywords.insert(keyword(&name, &value));
        for ((_, facet), handle) in FACETS.iter().zip(&fields.facets) {
            if *facet == field {
                document.add_text(*handle, cut(&value, KEYWORD_BYTES));
            }
        }
    }
    for (field, texts, handle) in [
        (Field::Page, &input.pages, fields.page_words),
        (Field::Action, &input.action_names, fields.action_words),
        (Field::Error, &input.error_messages, fields.error_words),
    ] {
        let name = field.name();
        for text in distinct(texts) {
            keywords.insert(presence(&name));
            keywords.insert(keyword(&name, text));
            document.add_text(handle, lines(tokens(text)));
        }
    }
    if !session.user_tag.is_empty() {
        document.add_text(fields.user, &session.user_tag);
        for tag in std::iter::once(session.user_tag.clone()).chain(spelled_out(&session.user_tag)) {
            document.add_text(fields.user_words, lines(tokens(&tag)));
            document.add_text(fields.user_grams, lines(grams(&fold(&tag))));
        }
    }
    for keyword in keywords {
        document.add_text(fields.keyword, keyword);
    }
    document
}

fn add_numbers(document: &mut TantivyDocument, fields: &Fields, input: &SessionDocument) {
    let session = &input.session;
    let (high, low) = halves(session.id);
    document.add_bytes(fields.id, &session.id.bytes());
    document.add_u64(fields.high, high);
    document.add_u64(fields.low, low);
    document.add_u64(fields.sequence, input.sequence);
    let reach = if session.is_live() { session.last_at } else { session.id.start() };
    document.add_i64(fields.reach, reach.0);
    document.add_u64(fields.experience, experience_number(session.experience));
    document.add_u64(fields.person, session.person());
    document.add_i64(fields.duration, i64::from(session.duration().0));
    document.add_i64(fields.actions, i64::from(session.tally.actions));
    document.add_i64(fields.errors, i64::from(session.tally.errors()));
    document.add_i64(fields.rage, i64::from(session.tally.rage_clicks));
}
