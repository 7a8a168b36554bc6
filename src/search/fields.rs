//! The schema of a day's index.

use tantivy::schema::{
    BytesOptions, Field, IndexRecordOption, NumericOptions, Schema, TextFieldIndexing, TextOptions,
};

use super::lines::LINES;

/// Columns that are counted for facets, with the field of the filter language each stands for.
pub(super) const FACETS: &[(&str, crate::model::query::Field)] = {
    use crate::model::query::Field as F;
    &[
        ("f_app", F::App),
        ("f_kind", F::UserType),
        ("f_experience", F::Experience),
        ("f_browser", F::Browser),
        ("f_os", F::Os),
        ("f_device", F::DeviceType),
        ("f_country", F::Country),
        ("f_release", F::Release),
        ("f_entry", F::Entry),
        ("f_end", F::End),
        ("f_error", F::ErrorType),
    ]
};

/// Name of the column with the user tag as it was given.
pub(super) const USER_COLUMN: &str = "f_user";
/// Name of the column with the upper half of the session id.
pub(super) const HIGH_COLUMN: &str = "high";
/// Name of the column with the lower half of the session id.
pub(super) const LOW_COLUMN: &str = "low";
/// Name of the column with the time up to which a session is live.
pub(super) const REACH_COLUMN: &str = "reach";
/// Name of the column with the number of the experience.
pub(super) const EXPERIENCE_COLUMN: &str = "experience";
/// Name of the column with a hash of the person.
pub(super) const PERSON_COLUMN: &str = "person";
/// Name of the column with the sequence of the change.
pub(super) const SEQUENCE_COLUMN: &str = "sequence";

/// Name of the column with the page of the last action.
pub(super) const EXIT_COLUMN: &str = "f_exit";
/// Name of the column with the length of the session, milliseconds.
pub(super) const DURATION_COLUMN: &str = "duration";
/// Name of the column with the flags of a session; `document::flags` packs them.
pub(super) const FLAGS_COLUMN: &str = "flags";
/// Columns with one value for each application of a session, all in the same order: its number, then packed counts.
pub(super) const VISIT_COLUMN: &str = "visit";
/// Loads, XHR and custom actions of a visit.
pub(super) const VISIT_ACTIONS_COLUMN: &str = "visit_actions";
/// Satisfied, tolerating and frustrated actions of a visit.
pub(super) const VISIT_ZONES_COLUMN: &str = "visit_zones";
/// JavaScript, request and custom errors of a visit.
pub(super) const VISIT_ERRORS_COLUMN: &str = "visit_errors";
/// Durations of loads, each with the place of its application among the visits.
pub(super) const LOADS_COLUMN: &str = "loads";

/// Handles of the fields.
#[derive(Debug, Clone)]
pub(super) struct Fields {
    /// Session id, big-endian.
    pub id: Field,
    /// `name\0value` for every attribute, folded; `?name` where there is any value.
    pub keyword: Field,
    /// Three-letter pieces of the folded user tag, with positions.
    pub user_grams: Field,
    /// Words of the user tag.
    pub user_words: Field,
    /// Words of action names.
    pub action_words: Field,
    /// Words of error messages.
    pub error_words: Field,
    /// Words of pages.
    pub page_words: Field,
    pub high: Field,
    pub low: Field,
    pub sequence: Field,
    pub reach: Field,
    pub experience: Field,
    pub person: Field,
    pub duration: Field,
    pub actions: Field,
    pub errors: Field,
    pub rage: Field,
    pub user: Field,
    /// In the order of `FACETS`.
    pub facets: Vec<Field>,
    pub exit: Field,
    pub flags: Field,
    pub visit: Field,
    pub visit_actions: Field,
    pub visit_zones: Field,
    pub visit_errors: Field,
    pub loads: Field,
}

fn indexed(tokenizer: &str, record: IndexRecordOption) -> TextOptions {
    TextOptions::default().set_indexing_options(
        TextFieldIndexing::default()
            .set_tokenizer(tokenizer)
            .set_fieldnorms(false)
            .set_index_option(record),
    )
}

/// The schema and its handles. Any change makes old indexes rebuild themselves.
pub(super) fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let words = indexed(LINES, IndexRecordOption::WithFreqsAndPositions);
    let fast = NumericOptions::default().set_fast();
    let column = TextOptions::default().set_fast("raw");
    let fields = Fields {
        id: builder.add_bytes_field("id", BytesOptions::default().set_indexed()),
        keyword: builder.add_text_field("keyword", indexed("raw", IndexRecordOption::Basic)),
        user_grams: builder.add_text_field("user_grams", words.clone()),
        user_words: builder.add_text_field("user_words", words.clone()),
        action_words: builder.add_text_field("action_words", words.clone()),
        error_words: builder.add_text_field("error_words", words.clone()),
        page_words: builder.add_text_field("page_words", words),
        high: builder.add_u64_field(HIGH_COLUMN, fast.clone()),
        low: builder.add_u64_field(LOW_COLUMN, fast.clone()),
        sequence: builder.add_u64_field(SEQUENCE_COLUMN, fast.clone()),
        reach: builder.add_i64_field(REACH_COLUMN, fast.clone()),
        experience: builder.add_u64_field(EXPERIENCE_COLUMN, fast.clone()),
        person: builder.add_u64_field(PERSON_COLUMN, fast.clone()),
        duration: builder.add_i64_field(DURATION_COLUMN, fast.clone()),
        actions: builder.add_i64_field("actions", fast.clone()),
        errors: builder.add_i64_field("errors", fast.clone()),
        rage: builder.add_i64_field("rage", fast.clone()),
        user: builder.add_text_field(USER_COLUMN, column.clone()),
        facets: FACETS
            .iter()
            .map(|(name, _)| builder.add_text_field(name, column.clone()))
            .collect(),
        exit: builder.add_text_field(EXIT_COLUMN, column),
        flags: builder.add_u64_field(FLAGS_COLUMN, fast.clone()),
        visit: builder.add_u64_field(VISIT_COLUMN, fast.clone()),
        visit_actions: builder.add_u64_field(VISIT_ACTIONS_COLUMN, fast.clone()),
        visit_zones: builder.add_u64_field(VISIT_ZONES_COLUMN, fast.clone()),
        visit_errors: builder.add_u64_field(VISIT_ERRORS_COLUMN, fast.clone()),
        loads: builder.add_u64_field(LOADS_COLUMN, fast),
    };
    (builder.build(), fields)
}
