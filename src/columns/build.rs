//! From sessions and their rows to tables, and from tables to fewer tables.

use std::sync::Arc;

use ahash::AHashMap;
use arrow_array::StringArray;

use super::column::{Column, Kind, NONE, Numbers, narrow, time_code};
use super::tables::{ActionColumn, Part, SessionColumn, Table, ViewColumn};
use crate::base::time::{Day, Millis, Timestamp};
use crate::model::action::{UserAction, WebVitals};
use crate::model::session::{EndReason, Session};

/// A session with its rows.
#[derive(Debug, Clone, Copy)]
pub struct SessionRows<'a> {
    /// The session.
    pub session: &'a Session,
    /// Its user actions.
    pub actions: &'a [UserAction],
    /// Vitals by number of the action.
    pub vitals: &'a [(u32, WebVitals)],
}

/// One column while it grows.
enum Growing {
    Text { codes: Vec<u32>, known: AHashMap<Arc<str>, u32>, texts: Vec<Arc<str>> },
    Number { values: Vec<u32>, kind: Kind },
    Hash(Vec<u64>),
}

impl Growing {
    fn new(kind: Kind) -> Self {
        match kind {
            Kind::Text => {
                Self::Text { codes: Vec::new(), known: AHashMap::new(), texts: Vec::new() }
            }
            Kind::Hash => Self::Hash(Vec::new()),
            kind => Self::Number { values: Vec::new(), kind },
        }
    }

    fn text(&mut self, text: &str) {
        let code = self.code(text);
        if let Self::Text { codes, .. } = self {
            codes.push(code);
        }
    }

    /// The code of a text.
    fn code(&mut self, text: &str) -> u32 {
        let Self::Text { known, texts, .. } = self else { return NONE };
        if let Some(code) = known.get(text) {
            return *code;
        }
        let code = u32::try_from(texts.len()).unwrap_or(NONE);
        let text: Arc<str> = Arc::from(text);
        texts.push(Arc::clone(&text));
        known.insert(text, code);
        code
    }

    fn number(&mut self, value: u32) {
        if let Self::Number { values, .. } = self {
            values.push(value);
        }
    }

    fn hash(&mut self, value: u64) {
        if let Self::Hash(values) = self {
            values.push(value);
        }
    }

    fn finish(self) -> Column {
        let none: Vec<&str> = Vec::new();
        match self {
            Self::Text { codes, texts, .. } => Column {
                numbers: narrow(&codes, Kind::Text),
                kind: Kind::Text,
                texts: texts.iter().map(|text| Some(text.as_ref())).collect(),
            },
            Self::Number { values, kind } => {
                Column { numbers: narrow(&values, kind), kind, texts: StringArray::from(none) }
            }
            Self::Hash(values) => Column {
                numbers: Numbers::U64(values.into()),
                kind: Kind::Hash,
                texts: StringArray::from(none),
            },
        }
    }
}

/// A table while it grows.
struct GrowingTable {
    columns: Vec<Growing>,
    rows: usize,
}

impl GrowingTable {
    fn new(columns: &[(&str, Kind)]) -> Self {
        Self { columns: columns.iter().map(|(_, kind)| Growing::new(*kind)).collect(), rows: 0 }
    }

    fn text(&mut self, column: usize, text: &str) {
        if let Some(column) = self.columns.get_mut(column) {
            column.text(text);
        }
    }

    fn number(&mut self, column: usize, value: u32) {
        if let Some(column) = self.columns.get_mut(column) {
            column.number(value);
        }
    }

    fn hash(&mut self, column: usize, value: u64) {
        if let Some(column) = self.columns.get_mut(column) {
            column.hash(value);
        }
    }

    fn finish(self) -> Table {
        Table { columns: self.columns.into_iter().map(Growing::finish).collect(), rows: self.rows }
    }
}

const fn yes_no(is: bool) -> &'static str {
    if is { "yes" } else { "no" }
}

fn row(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(NONE)
}

/// Makes a part. Sessions must come in order of their ids.
pub(super) struct Builder {
    day: Day,
    sessions: GrowingTable,
    actions: GrowingTable,
    views: GrowingTable,
}

impl Builder {
    pub fn new(day: Day) -> Self {
        Self {
            day,
            sessions: GrowingTable::new(SessionColumn::ALL),
            actions: GrowingTable::new(ActionColumn::ALL),
            views: GrowingTable::new(ViewColumn::ALL),
        }
    }

    fn time(&self, at: Timestamp) -> u32 {
        time_code(at.0.saturating_sub(self.day.start().0))
    }

    /// Adds a session.
    pub fn add(&mut self, rows: SessionRows<'_>) {
        let session = row(self.sessions.rows);
        self.add_session(&rows);
        for action in rows.actions {
            let vitals = rows.vitals.iter().find(|(number, _)| *number == action.number);
            self.add_view(action, vitals.map(|(_, vitals)| vitals));
            self.add_action(session, action);
        }
    }

    fn add_session(&mut self, rows: &SessionRows<'_>) {
        use SessionColumn as C;
        let session = rows.session;
        let start = self.time(session.id.start());
        let first = row(self.actions.rows);
        let table = &mut self.sessions;
        for (column, value) in [
            (C::IdHigh, u64::try_from(session.id.0 >> 64).unwrap_or(0)),
            (C::IdLow, u64::try_from(session.id.0 & u128::from(u64::MAX)).unwrap_or(0)),
            (C::Person, session.person()),
        ] {
            table.hash(column as usize, value);
        }
        for (column, value) in [
            (C::FirstAction, first),
            (C::Actions, row(rows.actions.len())),
            (C::Start, start),
            (C::Duration, session.duration().0),
            (C::ActionCount, session.tally.actions),
            (C::ErrorCount, session.tally.errors()),
            (C::RageClicks, session.tally.rage_clicks),
        ] {
            table.number(column as usize, value);
        }
        let (client, place, environment) = (&session.client, &session.place, &session.environment);
        for (column, text) in [
            (C::UserType, session.kind.word()),
            (C::UserNew, yes_no(session.is_new_visitor)),
            (C::Live, yes_no(session.is_live())),
            (C::Bounce, yes_no(session.is_bounce())),
            (C::Counted, yes_no(session.usage_units > 0)),
            (C::End, session.end_reason.map_or("", EndReason::word)),
            (C::Experience, session.experience.word()),
            (C::Browser, &client.browser),
            (C::BrowserVersion, &client.browser_version),
            (C::Os, &client.os),
            (C::OsVersion, &client.os_version),
            (C::DeviceType, client.device_type.word()),
            (C::Country, &place.country),
            (C::Region, &place.region),
            (C::City, &place.city),
            (C::Connection, &environment.connection),
            (C::Language, &environment.language),
            (C::Entry, &session.entry_page),
            (C::Exit, &session.exit_page),
        ] {
            table.text(column as usize, text);
        }
        table.rows += 1;
    }

    fn add_action(&mut self, session: u32, action: &UserAction) {
        use ActionColumn as C;
        let start = self.time(action.started_at);
        let table = &mut self.actions;
        for (column, value) in [
            (C::Session, session),
            (C::Number, action.number),
            (C::Start, start),
            (C::Duration, action.duration.0),
            (C::Server, action.contributors.server.0),
            (C::Network, action.contributors.network.0),
            (C::VisuallyComplete, action.visually_complete.map_or(NONE, |complete| complete.0)),
            (C::Errors, action.error_count),
        ] {
            table.number(column as usize, value);
        }
        table.text(C::Application as usize, &action.application.to_string());
        for (column, text) in [
            (C::Type, action.kind.word()),
            (C::Apdex, action.zone.word()),
            (C::Name, &action.name),
            (C::Page, &action.page),
            (C::PageGroup, &action.page_group),
            (C::Release, &action.release),
        ] {
            table.text(column as usize, text);
        }
        table.rows += 1;
    }

    /// The figures of a page view, when there are any. Its action is the row that comes next.
    fn add_view(&mut self, action: &UserAction, vitals: Option<&WebVitals>) {
        use ViewColumn as C;
        let timings = &action.timings;
        let vital = |pick: fn(&WebVitals) -> Option<u32>| vitals.and_then(pick);
        let values = [
            (C::FirstByte, timings.response_start),
            (C::FirstContentfulPaint, timings.first_contentful_paint),
            (C::LoadEventEnd, timings.load_event_end),
            (C::SpeedIndex, action.speed_index.map(|Millis(index)| index)),
            (C::LargestContentfulPaint, vital(|vitals| vitals.largest_contentful_paint)),
            (C::InteractionToNextPaint, vital(|vitals| vitals.interaction_to_next_paint)),
            (C::CumulativeLayoutShift, vital(|vitals| vitals.cumulative_layout_shift)),
        ];
        if values.iter().all(|(_, value)| value.is_none()) {
            return;
        }
        self.views.number(C::Action as usize, row(self.actions.rows));
        for (column, value) in values {
            self.views.number(column as usize, value.unwrap_or(NONE));
        }
        self.views.rows += 1;
    }

    /// The part.
    pub fn finish(self) -> Part {
        Part::new(self.sessions.finish(), self.actions.finish(), self.views.finish())
    }
}

/// Copies rows of one part into a builder: its texts have other codes there.
struct Copier<'a> {
    part: &'a Part,
    /// Codes in the builder, by code in the part; by column. `NONE` for those not met yet.
    sessions: Vec<Vec<u32>>,
    actions: Vec<Vec<u32>>,
}

impl<'a> Copier<'a> {
    fn new(part: &'a Part) -> Self {
        let unknown = |table: &Table| {
            table.columns.iter().map(|column| vec![NONE; column.codes()]).collect::<Vec<_>>()
        };
        Self { part, sessions: unknown(&part.sessions), actions: unknown(&part.actions) }
    }

    fn copy(&mut self, from: usize, into: &mut Builder) {
        let part = self.part;
        let get = |column| part.session(column).map_or(0, |column| column.get(from) as usize);
        let (first, count) = (get(SessionColumn::FirstAction), get(SessionColumn::Actions));
        let (new_session, new_first) = (row(into.sessions.rows), row(into.actions.rows));
        copy_row(&part.sessions, from, &mut self.sessions, &mut into.sessions, |column| {
            (column == SessionColumn::FirstAction as usize).then_some(new_first)
        });
        for action in first..first + count {
            copy_row(&part.actions, action, &mut self.actions, &mut into.actions, |column| {
                (column == ActionColumn::Session as usize).then_some(new_session)
            });
        }
        self.copy_views(first, first + count, new_first, into);
    }

    fn copy_views(&self, first: usize, end: usize, new_first: u32, into: &mut Builder) {
        let Some(actions) = self.part.view(ViewColumn::Action) else { return };
        let (mut low, mut high) = (0, self.part.views.rows);
        while low < high {
            let middle = usize::midpoint(low, high);
            if (actions.get(middle) as usize) < first { low = middle + 1 } else { high = middle }
        }
        let mut view = low;
        while view < self.part.views.rows && (actions.get(view) as usize) < end {
            let action = new_first + (actions.get(view) - row(first));
            copy_row(&self.part.views, view, &mut [], &mut into.views, |column| {
                (column == ViewColumn::Action as usize).then_some(action)
            });
            view += 1;
        }
    }
}

fn copy_row(
    table: &Table,
    from: usize,
    codes: &mut [Vec<u32>],
    into: &mut GrowingTable,
    replaced: impl Fn(usize) -> Option<u32>,
) {
    for (at, (column, to)) in table.columns.iter().zip(&mut into.columns).enumerate() {
        match column.kind {
            Kind::Hash => to.hash(column.hash(from)),
            Kind::Text => {
                let old = column.get(from);
                let known = codes.get_mut(at).and_then(|codes| codes.get_mut(old as usize));
                let code = match known {
                    Some(code) if *code != NONE => *code,
                    Some(code) => {
                        *code = to.code(column.text(old));
                        *code
                    }
                    None => to.code(column.text(old)),
                };
                if let Growing::Text { codes, .. } = to {
                    codes.push(code);
                }
            }
            _ => to.number(replaced(at).unwrap_or_else(|| column.get(from))),
        }
    }
    into.rows += 1;
}

/// Parts of at most about `actions_max` actions of several others: the rows of their sessions that `is_kept` wants, in order
/// of the ids. One at a time, so that a large day needs no more memory than one of them.
pub(super) fn merge<E>(
    day: Day,
    parts: &[&Part],
    is_kept: impl Fn(usize, usize) -> bool,
    actions_max: usize,
    mut take: impl FnMut(Part) -> Result<(), E>,
) -> Result<(), E> {
    let mut order: Vec<(u128, usize, usize)> = Vec::new();
    for (number, part) in parts.iter().enumerate() {
        let kept = (0..part.sessions.rows).filter(|session| is_kept(number, *session));
        order.extend(kept.map(|session| (part.id(session), number, session)));
    }
    order.sort_unstable();
    let mut order = order.into_iter().peekable();
    while order.peek().is_some() {
        let mut copiers: Vec<Copier<'_>> = parts.iter().map(|part| Copier::new(part)).collect();
        let mut builder = Builder::new(day);
        while builder.actions.rows < actions_max
            && let Some((_, number, session)) = order.next()
        {
            if let Some(copier) = copiers.get_mut(number) {
                copier.copy(session, &mut builder);
            }
        }
        take(builder.finish())?;
    }
    Ok(())
}
