//! Trains the dictionary of an install from its own first thousand user actions, once, and keeps it if it helps.
//!
//! A dictionary outlives the records it was made of, so what belongs to one person is taken out of the samples first:
//! user tags, addresses, properties, referrers, texts of errors.

use super::services::Services;
use crate::base::time::Timestamp;
use crate::model::action::{ActionResources, UserAction};
use crate::model::session::Session;
use crate::store::codec::Encoder;
use crate::store::dictionary::Dictionary;
use crate::store::{Error, Store};

/// User actions from which a dictionary is trained.
const ACTIONS: usize = 1_000;
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

/// Records without what belongs to one person.
#[derive(Default)]
struct Samples {
    sessions: Vec<Session>,
    actions: Vec<UserAction>,
    resources: Vec<ActionResources>,
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
    let samples = collect(store)?;
    if samples.actions.len() < ACTIONS {
        return Ok(None);
    }
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
    let size = |dictionary: &'static Dictionary| -> Result<usize, Error> {
        let mut encoder = Encoder::new()?;
        encoder.follow(Some(dictionary))?;
        let mut sum = 0;
        for (_, bytes) in plain.iter().enumerate().filter(|(n, _)| is_held_out(*n)) {
            sum += encoder.packed_bytes(bytes)?;
        }
        Ok(sum)
    };
    let (before, after) = (size(Dictionary::shipped())?, size(Dictionary::learn(&trained)?)?);
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
                samples.actions.extend(store.actions(session.id)?.into_iter().map(without_person));
                let resources = store.session_resources(session.id)?;
                samples.resources.extend(resources.into_iter().map(|(_, rows)| rows));
                samples.sessions.push(nobody(session));
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

impl Samples {
    /// All of them as they are packed, kinds mixed: what is held out then has some of each.
    fn plain(&self) -> Vec<Vec<u8>> {
        let mut all = Vec::new();
        let count = self.sessions.len().max(self.actions.len()).max(self.resources.len());
        for n in 0..count {
            all.extend(self.actions.get(n).map(postcard::to_allocvec));
            all.extend(self.resources.get(n).map(postcard::to_allocvec));
            all.extend(self.sessions.get(n).map(postcard::to_allocvec));
        }
        all.into_iter().flatten().collect()
    }
}
