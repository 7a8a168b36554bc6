//! Trains the dictionary of an install from its own first thousand user actions, once, and keeps it if it helps.
//!
//! A dictionary outlives the records it was made of, so what may belong to one person is taken out of the samples first:
//! user tags, addresses, properties, referrers, texts of errors, and every page, name, title and URL that only a few
//! visitors have.

use ahash::{AHashMap, AHashSet};

use super::services::Services;
use crate::base::id::VisitorId;
use crate::base::time::Timestamp;
use crate::model::action::{ActionResources, UserAction};
use crate::model::session::Session;
use crate::store::dictionary::{SHIPPED_BYTES, packed_bytes};
use crate::store::{Error, Store};

/// User actions from which a dictionary is trained.
const ACTIONS: usize = 1_000;
/// Visitors that must be among them, and that must have a text in common, so that it is nobody's own.
const VISITORS: usize = 20;
const SHARED_BY: usize = 5;
/// Bytes of all samples: training takes about a second for a megabyte.
const SAMPLE_BYTES: usize = 4 * 1024 * 1024;
/// Bytes of a dictionary: larger ones gain little and cost cache.
const DICTIONARY_BYTES: usize = 48 * 1024;
/// One record of so many is kept from training, to measure by.
const HELD_OUT: usize = 5;
/// Records must take at most this many percent of what they take now.
const WORTH_PERCENT: usize = 97;
/// Sessions read at once.
const PAGE: usize = 100;

/// Records without what belongs to one person, each with its visitor.
#[derive(Default)]
struct Samples {
    sessions: Vec<(VisitorId, Session)>,
    actions: Vec<(VisitorId, UserAction)>,
    resources: Vec<(VisitorId, ActionResources)>,
}

/// The job: what it did, in words; `None` when there was nothing to do.
pub fn run(services: &Services, _now: Timestamp) -> Result<Option<String>, String> {
    train(&services.store).map_err(|error| error.to_string())
}

/// Trains a dictionary if there is none, there are enough records, and it is worth it.
pub fn train(store: &Store) -> Result<Option<String>, Error> {
    if store.trained().is_some() {
        return Ok(None);
    }
    let mut samples = collect(store)?;
    if samples.actions.len() < ACTIONS || samples.visitors() < VISITORS {
        return Ok(None);
    }
    samples.keep_shared_texts();
    let plain = samples.plain();
    let is_held_out = |n: usize| n.is_multiple_of(HELD_OUT);
    let mut used = 0;
    let learned: Vec<&Vec<u8>> = plain
        .iter()
        .enumerate()
        .filter(|(n, _)| !is_held_out(*n))
        .map(|(_, bytes)| bytes)
        .take_while(|bytes| {
            used += bytes.len();
            used <= SAMPLE_BYTES
        })
        .collect();
    let trained = zstd::dict::from_samples(&learned, DICTIONARY_BYTES).map_err(|source| {
        Error::Record { kind: "dictionary", reason: format!("cannot be trained: {source}") }
    })?;
    let held_out = || plain.iter().enumerate().filter(|(n, _)| is_held_out(*n)).map(|(_, b)| &**b);
    let before = packed_bytes(SHIPPED_BYTES, held_out())?;
    let after = packed_bytes(&trained, held_out())?;
    if after * 100 > before * WORTH_PERCENT {
        return Ok(None);
    }
    store.keep_dictionary(&trained)?;
    let saved = 100 - after * 100 / before.max(1);
    Ok(Some(format!("records take {saved} % less from now on")))
}

/// The first records of the store.
fn collect(store: &Store) -> Result<Samples, Error> {
    let mut samples = Samples::default();
    for day in store.days()? {
        let mut after = None;
        loop {
            let sessions = store.sessions_of_day(day, after, PAGE)?;
            let Some(last) = sessions.last() else { break };
            after = Some(last.id);
            for session in sessions {
                if samples.actions.len() >= ACTIONS {
                    return Ok(samples);
                }
                let visitor = session.visitor;
                let actions = store.actions(session.id)?.into_iter().map(without_person);
                samples.actions.extend(actions.map(|action| (visitor, action)));
                let resources = store.session_resources(session.id)?.into_iter();
                samples.resources.extend(resources.map(|(_, rows)| (visitor, rows)));
                samples.sessions.push((visitor, nobody(session)));
            }
        }
    }
    Ok(samples)
}

fn nobody(session: Session) -> Session {
    Session {
        user_tag: String::new(),
        ip: None,
        properties: Vec::new(),
        referrer: String::new(),
        extensions: Vec::new(),
        ..session
    }
}

fn without_person(action: UserAction) -> UserAction {
    UserAction { properties: Vec::new(), errors: Vec::new(), ..action }
}

/// Texts of a record that a page makes: they may be the same for all visitors, or one visitor's own.
trait PageTexts {
    fn each_text(&mut self, of: &mut dyn FnMut(&mut String));
}

impl PageTexts for Session {
    fn each_text(&mut self, of: &mut dyn FnMut(&mut String)) {
        for text in [&mut self.entry_page, &mut self.exit_page, &mut self.campaign] {
            of(text);
        }
    }
}

impl PageTexts for UserAction {
    fn each_text(&mut self, of: &mut dyn FnMut(&mut String)) {
        let Self { name, page, url, request_url, title, .. } = self;
        for text in [name, page, url, request_url, title] {
            of(text);
        }
    }
}

impl PageTexts for ActionResources {
    fn each_text(&mut self, of: &mut dyn FnMut(&mut String)) {
        self.rows.iter_mut().for_each(|row| of(&mut row.url));
        self.sums.iter_mut().for_each(|sum| of(&mut sum.host));
    }
}

impl Samples {
    fn visitors(&self) -> usize {
        self.sessions.iter().map(|(visitor, _)| visitor).collect::<AHashSet<_>>().len()
    }

    fn each_text(&mut self, of: &mut dyn FnMut(VisitorId, &mut String)) {
        for (visitor, session) in &mut self.sessions {
            session.each_text(&mut |text| of(*visitor, text));
        }
        for (visitor, action) in &mut self.actions {
            action.each_text(&mut |text| of(*visitor, text));
        }
        for (visitor, rows) in &mut self.resources {
            rows.each_text(&mut |text| of(*visitor, text));
        }
    }

    /// Empties every text that fewer than [`SHARED_BY`] visitors have.
    fn keep_shared_texts(&mut self) {
        let mut had_by: AHashMap<String, AHashSet<VisitorId>> = AHashMap::new();
        self.each_text(&mut |visitor, text| {
            let visitors = had_by.entry(text.clone()).or_default();
            if visitors.len() < SHARED_BY {
                visitors.insert(visitor);
            }
        });
        self.each_text(&mut |_, text| {
            if had_by.get(text).is_none_or(|visitors| visitors.len() < SHARED_BY) {
                text.clear();
            }
        });
    }

    /// All of them as they are packed, kinds mixed: what is held out then has some of each.
    fn plain(&self) -> Vec<Vec<u8>> {
        let mut all = Vec::new();
        let count = self.sessions.len().max(self.actions.len()).max(self.resources.len());
        for n in 0..count {
            all.extend(self.actions.get(n).map(|(_, action)| postcard::to_allocvec(action)));
            all.extend(self.resources.get(n).map(|(_, rows)| postcard::to_allocvec(rows)));
            all.extend(self.sessions.get(n).map(|(_, session)| postcard::to_allocvec(session)));
        }
        all.into_iter().flatten().collect()
    }
}
