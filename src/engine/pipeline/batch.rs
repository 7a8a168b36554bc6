//! The pure step of the pipeline: envelopes and time in, rows to write out. No I/O, no clock; a simulation drives it.

use super::queue::Envelope;
use super::state::{Held, State};
use crate::base::entropy::Entropy;
use crate::base::id::{ActionRef, ApplicationId, SessionId, VisitorId};
use crate::base::limits;
use crate::base::time::{HOUR_MILLIS, MINUTE_MILLIS, Timestamp};
use crate::logic::enrich::EnrichedPart;
use crate::logic::sessionizer::{self, Applied, InputContext, RestingSession};
use crate::model::action::ActionResources;
use crate::model::application::SessionRules;
use crate::model::outcome::Outcome;
use crate::model::session::Session;
use crate::store::codec::Encoder;
use crate::store::keys::{self, OutcomeKey, UsageKey};
use crate::store::reads::{OPEN_SESSION, OPEN_SESSION_VERSION};
use crate::store::schema::Table;
use crate::store::{Changes, Error, Row};

/// Session rules of an application.
pub type RulesOf<'a> = &'a dyn Fn(ApplicationId) -> SessionRules;

/// One batch in the making.
pub struct Batch<'a> {
    state: &'a mut State,
    encoder: &'a mut Encoder,
    entropy: &'a Entropy,
    rules: RulesOf<'a>,
    now: Timestamp,
    changes: Changes,
}

impl<'a> Batch<'a> {
    /// Begins a batch at `now`.
    pub fn new(
        state: &'a mut State,
        encoder: &'a mut Encoder,
        entropy: &'a Entropy,
        rules: RulesOf<'a>,
        now: Timestamp,
    ) -> Self {
        let changes = Changes { at: now, ..Changes::default() };
        Self { state, encoder, entropy, rules, now, changes }
    }

    /// Applies a beacon; its outcome holds once the batch is durable.
    pub fn take(&mut self, mut envelope: Envelope) -> Result<Outcome, Error> {
        let mut outcome = Outcome::Accepted;
        let application = envelope.application;
        if self.state.seen.take(envelope.beacon, envelope.received_at) {
            outcome = Outcome::Duplicate;
        } else {
            self.changes.beacons.push(envelope.beacon);
            let day = envelope.received_at.day();
            let (release, enriched) = (&mut envelope.release, &mut envelope.enriched);
            self.state.cardinality.limit(day, application, release, enriched);
            self.apply(envelope)?;
        }
        self.count(application, outcome, 1);
        Ok(outcome)
    }

    /// Counts outcomes that were decided before the pipeline.
    pub fn count(&mut self, application: ApplicationId, outcome: Outcome, n: u64) {
        let minute = u32::try_from(self.now.0 / MINUTE_MILLIS).unwrap_or(0);
        self.state.count(OutcomeKey { minute, application, outcome }, n);
    }

    /// Ends sessions whose time has come, at most `max`.
    pub fn expire(&mut self, max: usize) -> Result<usize, Error> {
        let mut n = 0;
        while n < max {
            let Some(visitor) = self.state.due(self.now) else {
                break;
            };
            let Some(held) = self.state.release(visitor)? else {
                break;
            };
            let rules = (self.rules)(held.open.application());
            let applied = sessionizer::expire(held.open, self.now, &rules);
            self.keep(visitor, held.stored, applied, &[], &rules)?;
            n += 1;
        }
        Ok(n)
    }

    fn apply(&mut self, mut envelope: Envelope) -> Result<(), Error> {
        let parts = std::mem::take(&mut envelope.enriched.parts);
        for (index, part) in parts.into_iter().enumerate() {
            let is_first = index == 0;
            self.apply_part(&envelope, part, is_first)?;
        }
        while self.state.open_count() > limits::OPEN_SESSIONS {
            let Some(visitor) = self.state.first_to_end() else {
                break;
            };
            let Some(held) = self.state.release(visitor)? else {
                break;
            };
            let rules = (self.rules)(held.open.application());
            let applied = sessionizer::evict(held.open, self.now);
            self.keep(visitor, held.stored, applied, &[], &rules)?;
        }
        Ok(())
    }

    fn apply_part(
        &mut self,
        envelope: &Envelope,
        mut part: EnrichedPart,
        is_first: bool,
    ) -> Result<(), Error> {
        let rules = (self.rules)(part.application);
        let visitor = envelope.visitor;
        let (open, stored) = match self.state.release(visitor)? {
            Some(Held { open, stored, .. }) => (Some(open), stored),
            None => (None, None),
        };
        let context = InputContext {
            now: envelope.received_at,
            visitor,
            browser_session: envelope.browser_session,
            tab: envelope.tab,
            application: part.application,
            visit: &envelope.enriched.visit,
            release: &envelope.release,
            referrer: &part.referrer,
            campaign: &part.campaign,
            is_new_visitor: envelope.is_new_visitor,
            kind: envelope.enriched.kind,
            clock_offset: envelope.enriched.clock_offset,
            lost: if is_first { envelope.lost } else { 0 },
            clamped: if is_first { envelope.enriched.clamped } else { 0 },
            ruleset: envelope.enriched.ruleset,
            random: self.entropy.next_u128(),
            rules: &rules,
        };
        let applied = sessionizer::apply(open, std::mem::take(&mut part.inputs), &context);
        for (page_view, vitals) in std::mem::take(&mut part.vitals) {
            let action =
                applied.open.as_ref().and_then(|o| sessionizer::action_of_page_view(o, page_view));
            if let Some(action) = action {
                let value = self.encoder.encode(&vitals)?;
                self.put(action.session, Table::Vitals, keys::action(action), value);
            }
        }
        self.keep(visitor, stored, applied, &part.resources, &rules)
    }

    /// Turns what the sessionizer changed into rows, and holds the visitor's state.
    fn keep(
        &mut self,
        visitor: VisitorId,
        stored: Option<crate::base::time::Day>,
        applied: Applied,
        resources: &[(usize, ActionResources)],
        rules: &SessionRules,
    ) -> Result<(), Error> {
        for session in applied.ended.iter().chain(&applied.amended) {
            self.put_session(session)?;
            self.book(session);
        }
        for placed in &applied.actions {
            let action = ActionRef { session: placed.session, number: placed.action.number };
            let value = self.encoder.encode(&*placed.action)?;
            self.put(action.session, Table::Action, keys::action(action), value);
            let of_action = resources.iter().find(|(input, _)| *input == placed.input);
            if let Some((_, rows)) = of_action.filter(|(_, r)| !r.rows.is_empty()) {
                let value = self.encoder.encode(rows)?;
                self.put(action.session, Table::Resources, keys::action(action), value);
            }
        }
        for (session, number, event) in &applied.events {
            let value = self.encoder.encode(event)?;
            self.put(*session, Table::Event, keys::numbered(*session, *number), value);
        }
        match (applied.open, stored) {
            (Some(open), stored) => self.state.hold(open, stored, rules),
            (None, Some(day)) => self.state.orphans.push((visitor, day)),
            (None, None) => {}
        }
        Ok(())
    }

    fn book(&mut self, session: &Session) {
        let application =
            session.applications.first().map_or(ApplicationId::DEFAULT, |v| v.application);
        let hour = u32::try_from(session.started_at.0 / HOUR_MILLIS).unwrap_or(0);
        let oldest = u32::try_from(self.now.0 / HOUR_MILLIS - 2).unwrap_or(0);
        // Counters of hours long past are no longer in memory: what ends now is booked where it is.
        let key = UsageKey { hour: hour.max(oldest), application };
        self.state.book(session.id, session.usage_units, key, self.now);
    }

    fn put(&mut self, session: SessionId, table: Table, key: Vec<u8>, value: Vec<u8>) {
        let day = session.start().day();
        self.changes.rows.push(Row { day, table, key, value: Some(value) });
    }

    /// Writes a session; gives the position of its row.
    fn put_session(&mut self, session: &Session) -> Result<usize, Error> {
        let value = self.encoder.encode(session)?;
        self.put(session.id, Table::Session, keys::session(session.id), value);
        Ok(self.changes.rows.len() - 1)
    }

    /// Finishes the batch: rows of changed states and counters.
    pub fn finish(mut self) -> Result<Changes, Error> {
        let today = self.now.day();
        // Removals first: a visitor may be gone and back in one batch.
        for (visitor, day) in std::mem::take(&mut self.state.orphans) {
            let key = keys::visitor(visitor);
            self.changes.rows.push(Row { day, table: Table::OpenSession, key, value: None });
        }
        for (visitor, held) in self.state.take_awake() {
            let (resting, live) = held.open.rest();
            let live = live.map(|session| self.put_session(&session)).transpose()?;
            let row = self.encoder.encode_as::<RestingSession>(
                &resting,
                OPEN_SESSION,
                OPEN_SESSION_VERSION,
                false,
            )?;
            let key = keys::visitor(visitor);
            if let Some(day) = held.stored.filter(|day| *day != today) {
                let key = key.clone();
                self.changes.rows.push(Row { day, table: Table::OpenSession, key, value: None });
            }
            let live = live.and_then(|row| self.changes.rows.get(row)?.value.as_deref());
            self.state.pack(visitor, (&row, live), today, held.deadline);
            let row = Row { day: today, table: Table::OpenSession, key, value: Some(row) };
            self.changes.rows.push(row);
        }
        for key in std::mem::take(&mut self.state.dirty_outcomes) {
            let value = Some(self.state.outcome(key).to_be_bytes().to_vec());
            let (day, key) = (key.start().day(), key.bytes());
            self.changes.rows.push(Row { day, table: Table::Outcome, key, value });
        }
        for key in std::mem::take(&mut self.state.dirty_usage) {
            let value = Some(self.state.usage(key).to_be_bytes().to_vec());
            let (day, key) = (key.start().day(), key.bytes());
            self.changes.rows.push(Row { day, table: Table::Usage, key, value });
        }
        Ok(self.changes)
    }
}
