//! Parts of the health page: refused beacons, refused origins, versions of the agent, the server.

use std::collections::BTreeMap;

use super::outcomes;
use super::shell::{address, plural};
use crate::base::time::Timestamp;
use crate::engine::disk::DiskState;
use crate::engine::outcomes::Refusal;
use crate::logic::cardinality::{OTHER, ValueKind};
use crate::model::application::Application;
use crate::model::outcome::Outcome;
use crate::model::session::Session;
use crate::web::format;
use crate::web::ui::applications::{OriginRow, RefusalRow};
use crate::web::ui::parts::{Chip, Fact, Shown, add_fact};

/// Refused beacons that are listed.
pub const REFUSALS: usize = 25;
/// Origins that are listed.
const ORIGINS: usize = 10;
/// Versions that are listed.
const VERSIONS: usize = 10;

/// The last refused beacons of an application; those without a known application may be its own.
#[must_use]
pub fn refusals(
    recent: &[Refusal],
    application: &Application,
    now: Timestamp,
    zone: &str,
) -> Vec<RefusalRow> {
    let is_own = |refusal: &&Refusal| {
        refusal.application.is_none() || refusal.application == Some(application.id)
    };
    recent
        .iter()
        .filter(is_own)
        .take(REFUSALS)
        .map(|refusal| {
            let (band, label, text) = outcomes::outcome(refusal.outcome);
            let application =
                if refusal.application.is_some() { application.name.as_str() } else { "none" };
            RefusalRow {
                at: format::list_time(refusal.at, now, zone),
                at_full: format::full_time(refusal.at, zone),
                application: application.to_owned(),
                origin: refusal.origin.clone(),
                chip: Chip { title: refusal.outcome.name().to_owned(), ..Chip::of(band, label) },
                text,
            }
        })
        .collect()
}

/// Origins whose beacons an application refuses, the most frequent first, with the way to allow them.
#[must_use]
pub fn origins(
    recent: &[Refusal],
    application: &Application,
    may_edit: bool,
    now: Timestamp,
) -> Vec<OriginRow> {
    let mut found: BTreeMap<&str, (u64, Timestamp)> = BTreeMap::new();
    for refusal in recent {
        let is_own = refusal.application == Some(application.id);
        if is_own && refusal.outcome == Outcome::ForbiddenOrigin && !refusal.origin.is_empty() {
            let seen = found.entry(&refusal.origin).or_insert((0, refusal.at));
            seen.0 += 1;
            seen.1 = seen.1.max(refusal.at);
        }
    }
    let mut found: Vec<(&str, (u64, Timestamp))> = found.into_iter().collect();
    found.sort_by_key(|(_, (count, _))| std::cmp::Reverse(*count));
    let settings = format!("/apps/{}/settings/origins", application.id);
    found
        .into_iter()
        .take(ORIGINS)
        .map(|(origin, (count, last))| OriginRow {
            origin: origin.to_owned(),
            note: format!("{}, last {}", plural(count, "beacon"), format::ago(last, now)),
            href: if may_edit { address(&settings, &[("allow", origin)]) } else { String::new() },
        })
        .collect()
}

/// Versions of the agent in sessions, the most frequent first.
#[must_use]
pub fn agents(sessions: &[Session]) -> Vec<(String, String)> {
    let mut found: BTreeMap<&str, u64> = BTreeMap::new();
    for session in sessions {
        *found.entry(session.environment.agent_version.as_str()).or_default() += 1;
    }
    let mut found: Vec<(&str, u64)> = found.into_iter().collect();
    found.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    found
        .into_iter()
        .take(VERSIONS)
        .map(|(version, count)| {
            let version = if version.is_empty() { "not told" } else { version };
            (version.to_owned(), plural(count, "session"))
        })
        .collect()
}

/// How the server stands.
#[must_use]
pub fn server(disk: &DiskState, now: Timestamp) -> Vec<Fact> {
    let mut facts = Vec::new();
    add_fact(&mut facts, "Data folder", Shown::open(&format::bytes(disk.used_bytes)));
    add_fact(&mut facts, "Free space", Shown::open(&format::bytes(disk.free_bytes)));
    let written =
        disk.checkpoint_at.map_or_else(|| "none yet".to_owned(), |at| format::ago(at, now));
    let staged = match disk.staged_bytes {
        0 => String::new(),
        bytes => format!(", {} in the journal since", format::bytes(bytes)),
    };
    add_fact(&mut facts, "Last checkpoint", Shown::open(&format!("{written}{staged}")));
    let waiting = u64::try_from(disk.waiting).unwrap_or(u64::MAX);
    let index = match waiting {
        0 => "up to date".to_owned(),
        1 => "1 session waits to be indexed".to_owned(),
        count => format!("{} sessions wait to be indexed", format::number(count)),
    };
    add_fact(&mut facts, "Search index", Shown::open(&index));
    facts
}

/// Names and tags that were over the limit of a day since the start; nothing when there were none.
pub fn add_capped(facts: &mut Vec<Fact>, capped: &[(ValueKind, u64)]) {
    let words: Vec<String> = capped
        .iter()
        .filter(|(_, count)| *count > 0)
        .map(|(kind, count)| format!("{} {}", format::number(*count), capped_word(*kind)))
        .collect();
    if !words.is_empty() {
        let text = format!("{} read {OTHER}: too many different ones in a day", words.join(", "));
        add_fact(facts, "Over the limit", Shown::open(&text));
    }
}

const fn capped_word(kind: ValueKind) -> &'static str {
    match kind {
        ValueKind::Page => "pages",
        ValueKind::PageGroup => "groups of pages",
        ValueKind::Action => "names of actions",
        ValueKind::UserTag => "user tags",
        ValueKind::Error => "error messages",
        ValueKind::Property => "properties (left out)",
        ValueKind::Release => "releases",
        ValueKind::Client => "browsers or systems",
        ValueKind::Environment => "screens or languages",
        ValueKind::Source => "referrers or campaigns",
    }
}

#[cfg(test)]
#[path = "health_parts_tests.rs"]
mod tests;
