//! The read side of the store: sessions and their rows, counts, open state.

use serde::de::DeserializeOwned;

use super::codec::{self, Record};
use super::error::Error;
use super::keys::{self, OutcomeKey, UsageKey};
use super::schema::{self, Bytes, Table};
use super::write::Store;
use crate::base::id::{ActionRef, BeaconId, SessionId};
use crate::base::limits;
use crate::base::time::{Day, HOUR_MILLIS, MINUTE_MILLIS, Timestamp};
use crate::model::action::{ActionResources, UserAction, WebVitals};
use crate::model::session::{Session, SessionEvent};

/// Kind name of open-session rows.
pub const OPEN_SESSION: &str = "open_session";
/// Version of open-session rows.
pub const OPEN_SESSION_VERSION: u8 = 1;

impl Store {
    fn get(&self, day: Day, table: Bytes, key: &[u8]) -> Result<Option<Vec<u8>>, Error> {
        let Some(file) = self.day(day)? else {
            return Ok(None);
        };
        let read = file.read()?;
        let Some(table) = file.table(&read, table)? else {
            return Ok(None);
        };
        let value = table.get(key).map_err(Error::database(file.path()))?;
        Ok(value.map(|v| v.value().to_vec()))
    }

    fn scan<T>(
        &self,
        day: Day,
        table: Bytes,
        from: &[u8],
        mut each: impl FnMut(&[u8], &[u8]) -> Result<Option<T>, Error>,
        max: usize,
    ) -> Result<Vec<T>, Error> {
        let Some(file) = self.day(day)? else {
            return Ok(Vec::new());
        };
        let read = file.read()?;
        let Some(table) = file.table(&read, table)? else {
            return Ok(Vec::new());
        };
        let mut found = Vec::new();
        for row in table.range(from..).map_err(Error::database(file.path()))? {
            let (key, value) = row.map_err(Error::database(file.path()))?;
            match each(key.value(), value.value())? {
                Some(item) if found.len() < max => found.push(item),
                _ => break,
            }
        }
        Ok(found)
    }

    fn rows_of<R: Record>(&self, id: SessionId, table: Bytes) -> Result<Vec<(u32, R)>, Error> {
        let prefix = id.bytes();
        self.scan(
            id.start().day(),
            table,
            &prefix,
            |key, value| match keys::number_of(key).filter(|_| key.starts_with(&prefix)) {
                Some(number) => Ok(Some((number, codec::decode(value)?))),
                None => Ok(None),
            },
            limits::SESSION_ROWS,
        )
    }

    /// A session, live or ended.
    pub fn session(&self, id: SessionId) -> Result<Option<Session>, Error> {
        self.session_row(id)?.map(|value| codec::decode(&value)).transpose()
    }

    /// The row of a session, as [`super::codec::Encoder::encode`] wrote it.
    pub fn session_row(&self, id: SessionId) -> Result<Option<Vec<u8>>, Error> {
        self.get(id.start().day(), schema::SESSION_BY_ID, &id.bytes())
    }

    /// User actions of a session by number, without resources.
    pub fn actions(&self, id: SessionId) -> Result<Vec<UserAction>, Error> {
        let rows = self.rows_of(id, schema::ACTION_BY_SESSION)?;
        Ok(rows.into_iter().map(|(_, action)| action).collect())
    }

    /// Events of a session by number.
    pub fn events(&self, id: SessionId) -> Result<Vec<SessionEvent>, Error> {
        let rows = self.rows_of(id, schema::EVENT_BY_SESSION)?;
        Ok(rows.into_iter().map(|(_, event)| event).collect())
    }

    /// Resources of an action.
    pub fn action_resources(&self, action: ActionRef) -> Result<ActionResources, Error> {
        let key = keys::action(action);
        let value = self.get(action.session.start().day(), schema::RESOURCES_BY_ACTION, &key)?;
        value.map_or_else(|| Ok(ActionResources::default()), |value| codec::decode(&value))
    }

    /// Resources of all actions of a session, by number of the action.
    pub fn session_resources(&self, id: SessionId) -> Result<Vec<(u32, ActionResources)>, Error> {
        self.rows_of(id, schema::RESOURCES_BY_ACTION)
    }

    /// Web vitals of the page loads of a session, by number of the action.
    pub fn vitals(&self, id: SessionId) -> Result<Vec<(u32, WebVitals)>, Error> {
        self.rows_of(id, schema::VITALS_BY_ACTION)
    }

    /// Sessions that started on a day, in order of start, after `after`, at most `max`; live ones too.
    pub fn sessions_of_day(
        &self,
        day: Day,
        after: Option<SessionId>,
        max: usize,
    ) -> Result<Vec<Session>, Error> {
        let from = after.map_or([0; 16], |id| SessionId(id.0.saturating_add(1)).bytes());
        self.scan(
            day,
            schema::SESSION_BY_ID,
            &from,
            |_, value| codec::decode::<Session>(value).map(Some),
            max,
        )
    }

    /// The sessionizer's resting states in a day's folder, each with its row as [`super::codec::Encoder::encode_as`] wrote it.
    pub fn each_open_session<T: DeserializeOwned>(
        &self,
        day: Day,
        mut each: impl FnMut(T, &[u8]),
    ) -> Result<(), Error> {
        self.scan::<()>(
            day,
            schema::OPEN_SESSION_BY_VISITOR,
            &[],
            |_, value| {
                each(codec::decode_as(value, OPEN_SESSION, OPEN_SESSION_VERSION)?, value);
                Ok(Some(()))
            },
            usize::MAX,
        )
        .map(drop)
    }

    /// Beacon ids taken in the ten minutes before the newest checkpoint, oldest first, at most `max` of the newest.
    pub fn recent_beacons(&self, max: usize) -> Result<Vec<BeaconId>, Error> {
        let mut ids = Vec::new();
        for day in self.days()?.into_iter().rev().take(2) {
            if let Some(file) = self.day(day)? {
                file.beacons(max, &mut ids)?;
            }
        }
        ids.reverse();
        Ok(ids)
    }

    /// Counts of outcomes by minute in `from..to`.
    pub fn outcomes(
        &self,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<(OutcomeKey, u64)>, Error> {
        self.counters(from, to, Table::Outcome, MINUTE_MILLIS, OutcomeKey::parse, OutcomeKey::start)
    }

    /// License units by hour in `from..to`.
    pub fn usage(&self, from: Timestamp, to: Timestamp) -> Result<Vec<(UsageKey, u64)>, Error> {
        self.counters(from, to, Table::Usage, HOUR_MILLIS, UsageKey::parse, UsageKey::start)
    }

    fn counters<K>(
        &self,
        from: Timestamp,
        to: Timestamp,
        table: Table,
        step: i64,
        parse: fn(&[u8]) -> Option<K>,
        start: fn(K) -> Timestamp,
    ) -> Result<Vec<(K, u64)>, Error>
    where
        K: Copy,
    {
        let mut counts = Vec::new();
        let first = u32::try_from(from.0.div_euclid(step)).unwrap_or(0).to_be_bytes();
        for day in self.days()? {
            if day < from.day() || day > to.day() {
                continue;
            }
            counts.extend(self.scan(
                day,
                table.definition(),
                &first,
                |key, value| {
                    let count = value.try_into().map_or(0, u64::from_be_bytes);
                    Ok(parse(key).filter(|k| start(*k) < to).map(|k| (k, count)))
                },
                usize::MAX,
            )?);
        }
        Ok(counts)
    }

    /// Sessions changed after `sequence` on a day: what its search index still has to take.
    pub fn changed_since(
        &self,
        day: Day,
        sequence: u64,
        max: usize,
    ) -> Result<Vec<(u64, SessionId)>, Error> {
        match self.day(day)? {
            Some(file) => file.changed_since(sequence, max),
            None => Ok(Vec::new()),
        }
    }

    /// Forgets changes of a day up to `sequence`: the index holds them durably.
    pub fn forget_changes(&self, day: Day, sequence: u64) -> Result<(), Error> {
        match self.day(day)? {
            Some(file) => file.forget_changes(sequence),
            None => Ok(()),
        }
    }
}
