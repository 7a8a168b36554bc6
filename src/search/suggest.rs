//! Type-ahead: people and values that begin like what is typed.

use std::time::Duration;

use ahash::AHashMap;
use tantivy::columnar::StrColumn;
use tantivy::{DocId, SegmentReader};

use super::budget::Budget;
use super::compile::Compiler;
use super::document::keyword;
use super::fields::USER_COLUMN;
use super::index::{SearchError, SearchIndex};
use super::request::{Breadth, SearchRequest, Suggestions, UserSuggestion, ValueSuggestion};
use super::run::{Plan, Sink};
use crate::base::fold::fold;
use crate::base::id::SessionId;
use crate::base::time::Timestamp;
use crate::model::query::{Field, Filter, Term, Test, Value};

/// How long type-ahead looks for people; older days are left out then.
const USERS_TIME: Duration = Duration::from_millis(30);
/// Values of one field and day that are looked at.
const VALUES_WALKED: usize = 200;
/// Fields whose values are suggested.
const VALUE_FIELDS: &[Field] = &[
    Field::Browser,
    Field::Os,
    Field::Device,
    Field::DeviceType,
    Field::Country,
    Field::City,
    Field::Isp,
    Field::Release,
    Field::Page,
    Field::Action,
    Field::ErrorType,
    Field::Campaign,
    Field::Language,
    Field::End,
];

#[derive(Default)]
struct Users {
    found: AHashMap<String, (u64, Timestamp)>,
    column: Option<StrColumn>,
    ords: AHashMap<u64, (u64, Timestamp)>,
}

impl Sink for Users {
    fn begin(&mut self, reader: &SegmentReader) -> tantivy::Result<()> {
        self.column = reader.fast_fields().str(USER_COLUMN)?;
        Ok(())
    }

    fn take(&mut self, doc: DocId, id: SessionId) {
        if let Some(ord) = self.column.as_ref().and_then(|c| c.ords().first(doc)) {
            let entry = self.ords.entry(ord).or_default();
            entry.0 += 1;
            entry.1 = entry.1.max(id.start());
        }
    }

    fn end(&mut self) -> tantivy::Result<()> {
        let mut text = String::new();
        if let Some(column) = self.column.take() {
            for (ord, (sessions, last)) in self.ords.drain() {
                text.clear();
                if column.ord_to_str(ord, &mut text)? {
                    let entry = self.found.entry(text.clone()).or_default();
                    entry.0 += sessions;
                    entry.1 = entry.1.max(last);
                }
            }
        }
        Ok(())
    }
}

impl SearchIndex {
    /// What could be meant by `text`: people first at the beginnings of words, then anywhere; and values of fields.
    /// Range, visible applications and `limit` (for each list) come from the request; its filter is not used.
    pub fn suggest(&self, text: &str, request: &SearchRequest) -> Result<Suggestions, SearchError> {
        Ok(Suggestions {
            users: self.suggest_users(text, request)?,
            values: self.suggest_values(None, text, request)?,
        })
    }

    /// User tags that hold `text`.
    pub fn suggest_users(
        &self,
        text: &str,
        request: &SearchRequest,
    ) -> Result<Vec<UserSuggestion>, SearchError> {
        let mut users = Users::default();
        let budget = Budget::new(USERS_TIME);
        for breadth in [Breadth::Near, Breadth::Inside] {
            users.found.clear();
            let mut timed = request.clone();
            timed.budget = budget.clone();
            let compiler = Compiler::new(&self.layout.fields, &timed, breadth);
            let mut query = compiler.user_word(text);
            if let Some(allowed) = &request.allowed {
                query = super::compile::both(query, compiler.applications(allowed));
            }
            let plan = Plan::of(&compiler, query, request);
            for day in plan.days(self) {
                match self.walk_day(&day, &plan, &budget, &mut users) {
                    Err(SearchError::Stopped) => break,
                    other => other?,
                }
            }
            if users.found.len() >= request.limit {
                break;
            }
        }
        let folded = fold(text.trim());
        let mut found: Vec<(bool, UserSuggestion)> = users
            .found
            .into_iter()
            .map(|(tag, (sessions, last))| {
                let begins = fold(&tag).starts_with(&folded);
                let user = UserSuggestion { tag, sessions, last };
                (begins, user)
            })
            .collect();
        found.sort_unstable_by(|(a_begins, a), (b_begins, b)| {
            b_begins.cmp(a_begins).then_with(|| b.last.cmp(&a.last)).then_with(|| a.tag.cmp(&b.tag))
        });
        found.truncate(request.limit);
        Ok(found.into_iter().map(|(_, user)| user).collect())
    }

    /// Values of a field (or of the fields worth it) that begin with `text`, most frequent first.
    pub fn suggest_values(
        &self,
        field: Option<&Field>,
        text: &str,
        request: &SearchRequest,
    ) -> Result<Vec<ValueSuggestion>, SearchError> {
        let mut rough: AHashMap<(Field, String), u64> = AHashMap::new();
        let fields = field.map_or(VALUE_FIELDS, std::slice::from_ref);
        let days = self.days_between(request.from.day(), request.to.day());
        for day in days {
            let Ok(searcher) = day.searcher() else {
                continue;
            };
            for field in fields {
                for reader in searcher.segment_readers() {
                    if request.budget.is_over() {
                        return Err(SearchError::Stopped);
                    }
                    self.values_of(reader, field, text, &mut rough)
                        .map_err(|error| SearchError::of(day.day, &error))?;
                }
            }
        }
        let mut rough: Vec<((Field, String), u64)> = rough.into_iter().collect();
        rough.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        rough.truncate(request.limit);
        let mut exact = Vec::with_capacity(rough.len());
        for ((field, value), estimate) in rough {
            let sessions = self.sessions_with(&field, &value, estimate, request);
            if sessions > 0 {
                exact.push(ValueSuggestion { field, value, sessions });
            }
        }
        Ok(exact)
    }

    fn values_of(
        &self,
        reader: &SegmentReader,
        field: &Field,
        text: &str,
        found: &mut AHashMap<(Field, String), u64>,
    ) -> tantivy::Result<()> {
        let name = super::document::keyword_name(field);
        let start = keyword(&name, "");
        let prefix = keyword(&name, text);
        let inverted = reader.inverted_index(self.layout.fields.keyword)?;
        let mut stream = inverted.terms().range().ge(prefix.as_bytes()).into_stream()?;
        for _ in 0..VALUES_WALKED {
            if !stream.advance() || !stream.key().starts_with(prefix.as_bytes()) {
                break;
            }
            let value = stream.key().strip_prefix(start.as_bytes()).unwrap_or_default();
            let value = String::from_utf8_lossy(value).into_owned();
            *found.entry((field.clone(), value)).or_default() += u64::from(stream.value().doc_freq);
        }
        Ok(())
    }

    /// Sessions of the request's range with a value; the estimate when time runs out and nothing is hidden.
    fn sessions_with(
        &self,
        field: &Field,
        value: &str,
        estimate: u64,
        request: &SearchRequest,
    ) -> u64 {
        let mut exact = request.clone();
        exact.filter = Filter {
            terms: vec![Term::new(Test::Values {
                field: field.clone(),
                values: vec![Value::Is(value.to_owned())],
            })],
        };
        exact.want_facets = false;
        if request.allowed.is_none() && estimate > 100_000 {
            return estimate;
        }
        self.count(&exact, Breadth::Near).map_or(0, |counts| counts.total)
    }
}
