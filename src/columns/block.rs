//! A few thousand rows at a time: which of them pass, and their values.

use super::bits::Bits;
use super::column::Column;
use super::filter::{CodeTest, PartTests};
use super::tables::{ActionColumn, Part, ViewColumn};

/// Rows of a block: all that is kept of them fits the caches next to a core.
pub(super) const BLOCK: usize = 4_096;

/// Rows that passed so far. Actions that follow each other are read without a list.
#[derive(Debug, Default)]
pub(super) struct Block {
    /// Rows of actions; empty while they follow each other.
    rows: Vec<u32>,
    /// Rows of page views, when they are what is counted.
    views: Vec<u32>,
    /// Rows of sessions, once they were asked for.
    sessions: Vec<u32>,
    /// The first action while all that follow passed.
    first: Option<usize>,
    len: usize,
    has_sessions: bool,
    codes: Vec<u32>,
}

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Base {
    Actions,
    Views,
}

impl Base {
    pub const fn rows(self, part: &Part) -> usize {
        match self {
            Self::Actions => part.actions.rows,
            Self::Views => part.views.rows,
        }
    }
}

impl Block {
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Begins with the rows from `from` on.
    pub fn begin(&mut self, part: &Part, base: Base, from: usize) {
        self.len = BLOCK.min(base.rows(part).saturating_sub(from));
        self.has_sessions = false;
        self.first = (base == Base::Actions).then_some(from);
        self.rows.clear();
        self.views.clear();
        if base == Base::Views {
            let first = u32::try_from(from).unwrap_or(u32::MAX);
            self.views.extend((first..).take(self.len));
            self.rows.resize(self.len, 0);
            if let Some(column) = part.view(ViewColumn::Action) {
                column.read(from, &mut self.rows);
            }
        }
    }

    /// Keeps what passes the tests.
    pub fn filter(&mut self, part: &Part, tests: &PartTests) {
        for (column, test) in &tests.actions {
            if let Some(column) = part.action(*column) {
                let mut codes = std::mem::take(&mut self.codes);
                self.actions(column, &mut codes);
                match test {
                    CodeTest::OneOf(bits) => self.keep(&codes, |code| bits.has(code)),
                    other => self.keep(&codes, |code| other.holds(code)),
                }
                self.codes = codes;
            }
        }
        if let Some(bits) = &tests.sessions {
            self.keep_sessions(part, bits);
        }
    }

    fn keep_sessions(&mut self, part: &Part, bits: &Bits) {
        self.load_sessions(part);
        let sessions = std::mem::take(&mut self.sessions);
        self.codes.clone_from(&sessions);
        self.sessions = sessions;
        let codes = std::mem::take(&mut self.codes);
        self.keep(&codes, |session| bits.has(session));
        self.codes = codes;
    }

    fn load_sessions(&mut self, part: &Part) {
        if self.has_sessions {
            return;
        }
        let mut sessions = std::mem::take(&mut self.sessions);
        if let Some(column) = part.action(ActionColumn::Session) {
            self.actions(column, &mut sessions);
        }
        self.sessions = sessions;
        self.has_sessions = true;
    }

    /// Rows of the sessions, in order of the rows.
    pub fn sessions(&mut self, part: &Part) -> &[u32] {
        self.load_sessions(part);
        &self.sessions
    }

    /// Values of a column of actions.
    pub fn actions(&self, column: &Column, into: &mut Vec<u32>) {
        into.resize(self.len, 0);
        match self.first {
            Some(first) => column.read(first, into),
            None => column.gather(&self.rows, into),
        }
    }

    /// Values of a column of sessions.
    pub fn of_sessions(&mut self, part: &Part, column: &Column, into: &mut Vec<u32>) {
        self.load_sessions(part);
        into.resize(self.len, 0);
        column.gather(&self.sessions, into);
    }

    /// Values of a column of page views.
    pub fn of_views(&self, column: &Column, into: &mut Vec<u32>) {
        into.resize(self.len, 0);
        column.gather(&self.views, into);
    }

    /// Keeps the rows whose code passes.
    pub fn keep(&mut self, codes: &[u32], passes: impl Fn(u32) -> bool) {
        let Some(failing) = codes.iter().position(|code| !passes(*code)) else { return };
        if let Some(first) = self.first.take() {
            let first = u32::try_from(first).unwrap_or(u32::MAX);
            self.rows.clear();
            self.rows.extend((first..).take(self.len));
        }
        let mut kept = failing;
        for (at, code) in codes.iter().enumerate().skip(failing) {
            if passes(*code) {
                for list in [&mut self.rows, &mut self.views, &mut self.sessions] {
                    if let Some(value) = list.get(at).copied()
                        && let Some(slot) = list.get_mut(kept)
                    {
                        *slot = value;
                    }
                }
                kept += 1;
            }
        }
        self.len = kept;
        self.rows.truncate(kept);
        self.views.truncate(kept);
        if self.has_sessions {
            self.sessions.truncate(kept);
        }
    }
}
