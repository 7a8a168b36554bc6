//! Type-ahead: people and values that begin like what is typed.

use std::sync::Arc;
use std::time::Duration;

use ahash::AHashMap;
use tantivy::{DocId, SegmentReader};

use super::budget::Budget;
use super::columns::Columns;
use super::compile::{Compiler, both};
use super::document::keyword;
use super::index::{SearchError, SearchIndex};
use super::request::{Breadth, SearchRequest, Suggestions, UserSuggestion, ValueSuggestion};
use super::run::{Plan, Sink, start_of};
use crate::base::fold::fold;
use crate::base::time::Timestamp;
use crate::model::query::Field;

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

/// The people of the newest sessions: folded tag to start of the newest session and tag as it was given there.
#[derive(Default)]
struct Users {
    /// People of a segment that are read: more would not be shown.
    read: usize,
    found: AHashMap<String, (Timestamp, String)>,
    columns: Option<Arc<Columns>>,
    /// Newest start by number of the tag.
    ords: AHashMap<u64, u64>,
}

impl Sink for Users {
    fn begin(&mut self, columns: &Arc<Columns>) -> tantivy::Result<()> {
        self.columns = Some(Arc::clone(columns));
        Ok(())
    }

    fn take(&mut self, docs: &[DocId], highs: &[u64]) -> tantivy::Result<()> {
        let Some(columns) = &self.columns else {
            return Ok(());
        };
        let Some(column) = columns.user()? else {
            return Ok(());
        };
        for (doc, high) in docs.iter().zip(highs) {
            if let Some(ord) = column.ords().first(*doc) {
                let newest = self.ords.entry(ord).or_default();
                *newest = (*newest).max(*high);
            }
        }
        Ok(())
    }

    fn end(&mut self) -> tantivy::Result<()> {
        let Some(columns) = self.columns.take() else {
            return Ok(());
        };
        let mut newest: Vec<(u64, u64)> =
            self.ords.drain().map(|(ord, high)| (high, ord)).collect();
        newest.sort_unstable_by(|a, b| b.cmp(a));
        newest.truncate(self.read);
        let mut text = String::new();
        if let Some(column) = columns.user()? {
            for (high, ord) in newest {
                text.clear();
                if column.ord_to_str(ord, &mut text)? {
                    let last = start_of(high);
                    let known = self.found.entry(fold(&text)).or_default();
                    if known.1.is_empty() || known.0 < last {
                        *known = (last, text.clone());
                    }
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

    /// People whose tag holds `text`, each with its newest spelling: those whose tag begins with it first, the one
    /// seen last before others. Older days are not looked at once there are enough.
    pub fn suggest_users(
        &self,
        text: &str,
        request: &SearchRequest,
    ) -> Result<Vec<UserSuggestion>, SearchError> {
        let mut timed = request.clone();
        timed.budget = Budget::new(USERS_TIME);
        let mut compiler = Compiler::new(&self.layout.fields, &timed, Breadth::Near);
        let folded = fold(text.trim());
        // One person may be spelled in several ways.
        let spellings = request.limit.saturating_mul(2);
        let mut users = Users { read: spellings, ..Users::default() };
        self.newest_users(&compiler, compiler.user_beginning(text), &timed, &mut users)?;
        for breadth in [Breadth::Near, Breadth::Inside] {
            if users.found.len() >= request.limit {
                break;
            }
            compiler.breadth = breadth;
            // Those found already may be the newest of these, too.
            users.read = spellings.saturating_add(users.found.len());
            self.newest_users(&compiler, compiler.user_word(text), &timed, &mut users)?;
        }
        let mut found: Vec<(bool, Timestamp, String)> = users
            .found
            .into_iter()
            .map(|(own, (last, tag))| (own.starts_with(&folded), last, tag))
            .collect();
        found.sort_unstable_by(|a, b| {
            b.0.cmp(&a.0).then_with(|| b.1.cmp(&a.1)).then_with(|| a.2.cmp(&b.2))
        });
        found.truncate(request.limit);
        found
            .into_iter()
            .map(|(_, last, tag)| {
                let sessions = self.sessions_with(&Field::User, &tag, request)?;
                Ok(UserSuggestion { tag, sessions, last })
            })
            .collect()
    }

    /// Adds the people of a query, newest day first, until there are enough or the time is used up.
    fn newest_users(
        &self,
        compiler: &Compiler<'_>,
        query: Box<dyn tantivy::query::Query>,
        request: &SearchRequest,
        users: &mut Users,
    ) -> Result<(), SearchError> {
        let query = match &request.allowed {
            Some(allowed) => both(query, compiler.applications(allowed)),
            None => query,
        };
        let plan = Plan::of(compiler, query, request);
        for day in plan.days(self) {
            match self.walk_day(&day, &plan, &request.budget, users) {
                Err(SearchError::Stopped) => return Ok(()),
                other => other?,
            }
            if users.found.len() >= request.limit {
                return Ok(());
            }
        }
        Ok(())
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
        for ((field, value), _) in rough {
            let sessions = self.sessions_with(&field, &value, request)?;
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

    /// Sessions of the request's range with exactly this value.
    fn sessions_with(
        &self,
        field: &Field,
        value: &str,
        request: &SearchRequest,
    ) -> Result<u64, SearchError> {
        let mut bare = request.clone();
        bare.want_facets = false;
        let compiler = Compiler::new(&self.layout.fields, &bare, Breadth::Near);
        let mut query = compiler.value_itself(field, value);
        if let Some(allowed) = &bare.allowed {
            query = both(query, compiler.applications(allowed));
        }
        let plan = Plan::of(&compiler, query, &bare);
        self.count_plan(&plan, &bare).map(|counts| counts.total)
    }
}
