//! Sessions in another order than that of the index: the newest matches are read and sorted here.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use actix_web::web::Data;

use super::sessions::find;
use crate::base::limits;
use crate::model::session::Session;
use crate::search::{SearchAnswer, SearchRequest};
use crate::web::error::WebError;
use crate::web::state::WebState;

/// What sessions are sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OrderKey {
    /// Start: the order of the index.
    #[default]
    Start,
    /// Length.
    Duration,
    /// User actions.
    Actions,
    /// Errors.
    Errors,
    /// Rage clicks.
    Rage,
}

impl OrderKey {
    const ALL: [Self; 5] = [Self::Start, Self::Duration, Self::Actions, Self::Errors, Self::Rage];

    /// Name in addresses.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Duration => "duration",
            Self::Actions => "actions",
            Self::Errors => "errors",
            Self::Rage => "rage",
        }
    }

    fn of(self, session: &Session) -> i64 {
        match self {
            Self::Start => session.id.start().0,
            Self::Duration => i64::from(session.duration().0),
            Self::Actions => i64::from(session.tally.actions),
            Self::Errors => i64::from(session.tally.errors()),
            Self::Rage => i64::from(session.tally.rage_clicks),
        }
    }
}

/// An order: `-duration` for the longest first. Among equals the newest comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    /// By what.
    pub key: OrderKey,
    /// The lowest first.
    pub is_ascending: bool,
}

impl Default for Order {
    fn default() -> Self {
        Self { key: OrderKey::Start, is_ascending: false }
    }
}

impl Order {
    /// Whether the index answers in this order, however many there are.
    #[must_use]
    pub fn is_of_index(self) -> bool {
        self == Self::default()
    }

    fn compare(self, a: &Session, b: &Session) -> Ordering {
        let order = self.key.of(a).cmp(&self.key.of(b));
        let order = if self.is_ascending { order } else { order.reverse() };
        order.then_with(|| b.id.cmp(&a.id))
    }
}

impl fmt::Display for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", if self.is_ascending { "" } else { "-" }, self.key.name())
    }
}

impl FromStr for Order {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let name = text.strip_prefix('-').unwrap_or(text);
        let key = OrderKey::ALL.into_iter().find(|key| key.name() == name);
        let key = key.ok_or("`sort` is start, duration, actions, errors or rage, with - before it for the highest first")?;
        Ok(Self { key, is_ascending: name.len() == text.len() })
    }
}

/// A page of sorted sessions.
pub struct Ordered {
    /// Answer of the index: counts, but not the rows of this page.
    pub answer: SearchAnswer,
    /// Sessions of the page.
    pub sessions: Vec<Session>,
    /// Where the next page begins, as rows to skip; none on the last.
    pub next: Option<usize>,
    /// Whether all matches were sorted, or only the newest [`limits::SORTED_SESSIONS`].
    pub is_whole: bool,
}

/// Finds, sorts, and cuts a page out.
pub async fn find_ordered(
    state: &Data<WebState>,
    request: SearchRequest,
    order: Order,
    skip: usize,
) -> Result<Ordered, WebError> {
    let rows = request.limit;
    let wide = SearchRequest { limit: limits::SORTED_SESSIONS, after: None, ..request };
    let (answer, mut sessions) = find(state, wide).await?;
    sessions.sort_by(|a, b| order.compare(a, b));
    let end = skip.saturating_add(rows);
    let next = (sessions.len() > end).then_some(end);
    let sessions = sessions.into_iter().skip(skip).take(rows).collect();
    let is_whole = answer.next.is_none();
    Ok(Ordered { answer, sessions, next, is_whole })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_written_as_it_is_read() {
        for text in ["start", "-start", "duration", "-duration", "actions", "-errors", "-rage"] {
            assert_eq!(text.parse::<Order>().unwrap().to_string(), text);
        }
        for text in ["", "-", "--errors", "user", "Duration"] {
            assert!(text.parse::<Order>().is_err(), "{text}");
        }
        assert!("-start".parse::<Order>().unwrap().is_of_index());
    }
}
