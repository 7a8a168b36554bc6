//! The tables of a day and their columns. Names are those in the files.

use super::column::{Column, Kind};

macro_rules! columns {
    ($(#[$doc:meta])* $table:ident { $($(#[$about:meta])* $column:ident = $name:literal: $kind:ident,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $table { $($(#[$about])* $column,)* }

        impl $table {
            /// All of them with their names and kinds, in order.
            pub(super) const ALL: &[(&'static str, Kind)] = &[$(($name, Kind::$kind),)*];

            /// Its name in files and answers.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$column => $name,)* }
            }
        }
    };
}

columns! {
    /// Columns of sessions, in order of their ids.
    SessionColumn {
        /// Upper half of the id: start of the session and some random bits.
        IdHigh = "id_high": Hash,
        /// Lower half of the id.
        IdLow = "id_low": Hash,
        /// The person, as a hash: by user tag, or by browser when there is none.
        Person = "person": Hash,
        /// Row of its first action; its actions follow each other.
        FirstAction = "first_action": Number,
        /// Rows of actions.
        Actions = "actions": Number,
        /// Start, by the id.
        Start = "start": Time,
        /// Length, milliseconds.
        Duration = "duration": Number,
        /// User actions, as the session counts them.
        ActionCount = "action_count": Number,
        /// Errors.
        ErrorCount = "error_count": Number,
        /// Rage clicks.
        RageClicks = "rage_clicks": Number,
        /// `real`, `robot`, `synthetic`.
        UserType = "user_type": Text,
        /// First session of the browser: `yes` or `no`.
        UserNew = "user_new": Text,
        /// Still open.
        Live = "live": Text,
        /// At most one user action.
        Bounce = "bounce": Text,
        /// Counts toward the license.
        Counted = "counted": Text,
        /// Why it ended.
        End = "end": Text,
        /// How it felt.
        Experience = "experience": Text,
        /// Browser family.
        Browser = "browser": Text,
        /// Browser version.
        BrowserVersion = "browser_version": Text,
        /// Operating system.
        Os = "os": Text,
        /// Its version.
        OsVersion = "os_version": Text,
        /// Form of the device.
        DeviceType = "device_type": Text,
        /// Country code.
        Country = "country": Text,
        /// Region.
        Region = "region": Text,
        /// City.
        City = "city": Text,
        /// Connection type.
        Connection = "connection": Text,
        /// Language.
        Language = "language": Text,
        /// Page of the first action.
        Entry = "entry": Text,
        /// Page of the last action.
        Exit = "exit": Text,
    }
}

columns! {
    /// Columns of user actions, by session.
    ActionColumn {
        /// Row of the session.
        Session = "session": Number,
        /// Number in the session.
        Number = "number": Number,
        /// Start.
        Start = "start": Time,
        /// Duration, milliseconds.
        Duration = "duration": Number,
        /// Server time, milliseconds.
        Server = "server": Number,
        /// Network time, milliseconds. Frontend time is the rest of the duration.
        Network = "network": Number,
        /// Visually complete, milliseconds after the start.
        VisuallyComplete = "visually_complete": Optional,
        /// Errors during the action.
        Errors = "errors": Number,
        /// Application, by id.
        Application = "application": Text,
        /// `page_load`, `xhr`, `custom`.
        Type = "type": Text,
        /// Apdex zone: `satisfied`, `tolerating`, `frustrated`, `unknown`.
        Apdex = "apdex": Text,
        /// Name.
        Name = "name": Text,
        /// Page.
        Page = "page": Text,
        /// Group of the page.
        PageGroup = "page_group": Text,
        /// Release of the application.
        Release = "release": Text,
    }
}

columns! {
    /// Columns of page views: loads, and route changes with figures of their own.
    ViewColumn {
        /// Row of the action.
        Action = "action": Number,
        /// First byte, milliseconds after the start.
        FirstByte = "first_byte": Optional,
        /// First contentful paint.
        FirstContentfulPaint = "first_contentful_paint": Optional,
        /// End of the handlers of the load.
        LoadEventEnd = "load_event_end": Optional,
        /// Speed index.
        SpeedIndex = "speed_index": Optional,
        /// Largest contentful paint, milliseconds.
        LargestContentfulPaint = "largest_contentful_paint": Optional,
        /// Interaction to next paint, milliseconds.
        InteractionToNextPaint = "interaction_to_next_paint": Optional,
        /// Cumulative layout shift, in thousandths.
        CumulativeLayoutShift = "cumulative_layout_shift": Optional,
    }
}

/// Columns of the same length.
#[derive(Debug, Clone, Default)]
pub(super) struct Table {
    pub columns: Vec<Column>,
    pub rows: usize,
}

/// The tables of a day, or of a part of it.
#[derive(Debug, Clone, Default)]
pub(super) struct Part {
    pub sessions: Table,
    pub actions: Table,
    pub views: Table,
    /// Codes of the earliest and the latest start of an action.
    pub span: Option<(u32, u32)>,
}

impl Part {
    /// A part with the span of its actions.
    pub fn new(sessions: Table, actions: Table, views: Table) -> Self {
        let mut part = Self { sessions, actions, views, span: None };
        let mut starts = vec![0; part.actions.rows];
        if let Some(column) = part.action(ActionColumn::Start) {
            column.read(0, &mut starts);
            part.span = starts.iter().min().copied().zip(starts.iter().max().copied());
        }
        part
    }

    pub fn session(&self, column: SessionColumn) -> Option<&Column> {
        self.sessions.columns.get(column as usize)
    }

    pub fn action(&self, column: ActionColumn) -> Option<&Column> {
        self.actions.columns.get(column as usize)
    }

    pub fn view(&self, column: ViewColumn) -> Option<&Column> {
        self.views.columns.get(column as usize)
    }

    /// The id of a session.
    pub fn id(&self, row: usize) -> u128 {
        let half = |column| self.session(column).map_or(0, |column| column.hash(row));
        u128::from(half(SessionColumn::IdHigh)) << 64 | u128::from(half(SessionColumn::IdLow))
    }

    /// The row of a session, by its id.
    pub fn find(&self, id: u128) -> Option<usize> {
        let (mut low, mut high) = (0, self.sessions.rows);
        while low < high {
            let middle = usize::midpoint(low, high);
            if self.id(middle) < id { low = middle + 1 } else { high = middle }
        }
        (low < self.sessions.rows && self.id(low) == id).then_some(low)
    }
}
