//! What must hold in every world.

use std::collections::{BTreeMap, BTreeSet};

use footfall::model::session::EndReason;

use super::driver::Found;
use super::reference::Row;
use super::world::{What, World};

/// Every action is in exactly one session or counted as dropped; numbers have no holes.
pub fn conservation(world: &World, found: &Found) {
    let sent: BTreeSet<String> = world
        .deliveries
        .iter()
        .flat_map(|beacon| {
            beacon.items.iter().filter_map(|item| match item.what {
                What::Action { id, .. } => Some(format!("{}:{id}", beacon.visitor)),
                _ => None,
            })
        })
        .collect();
    let kept: BTreeSet<&String> = found.actions.iter().map(|(_, _, name)| name).collect();
    assert_eq!(kept.len(), found.actions.len(), "no action is placed twice");
    assert_eq!(sent.len(), kept.len() + found.dropped_actions as usize);
    let mut numbers: BTreeMap<_, Vec<u32>> = BTreeMap::new();
    for (session, number, _) in &found.actions {
        numbers.entry(*session).or_default().push(*number);
    }
    assert_eq!(numbers.len(), found.sessions.len());
    for (session, mut numbers) in numbers {
        numbers.sort_unstable();
        let count = found.sessions[&session].tally.actions;
        assert_eq!(numbers, (1..=count).collect::<Vec<_>>());
    }
    let events: BTreeSet<_> = found.events.iter().collect();
    assert_eq!(events.len(), found.events.len(), "no event number is given twice");
}

/// Sessions stay inside their limits and end once.
pub fn limits(world: &World, found: &Found) {
    let distinct: BTreeSet<_> = found.ended.iter().collect();
    assert_eq!(distinct.len(), found.ended.len(), "a session ends once");
    assert_eq!(distinct.len(), found.sessions.len());
    for session in found.sessions.values() {
        assert!(session.end_reason.is_some());
        assert!(session.duration() <= world.rules.duration_max);
        assert!(session.last_at.0 - session.started_at.0 >= 0);
        assert!((1..=world.rules.actions_max).contains(&session.tally.actions));
        assert_eq!(session.is_bounce(), session.tally.actions == 1);
        let counts = session.part == 1 && !session.is_bounce();
        assert_eq!(session.usage_units, u32::from(counts));
        assert_eq!(session.part > 1, session.previous.is_some());
        if session.end_reason == Some(EndReason::ActionLimit) {
            assert_eq!(session.tally.actions, world.rules.actions_max);
        }
    }
}

/// What is compared between two runs: everything but ids and numbers.
pub fn digest(found: &Found) -> Vec<Row> {
    let mut names: BTreeMap<_, Vec<String>> = BTreeMap::new();
    for (session, _, name) in &found.actions {
        names.entry(*session).or_default().push(name.clone());
    }
    let mut rows: Vec<Row> = found
        .sessions
        .values()
        .map(|session| {
            let mut actions = names.remove(&session.id).unwrap_or_default();
            actions.sort_by_key(|name| order(name));
            Row {
                actions,
                reason: session.end_reason.unwrap(),
                started_at: session.started_at.0,
                last_at: session.last_at.0,
                entry: session.entry_page.clone(),
                exit: session.exit_page.clone(),
                user_tag: session.user_tag.clone(),
                part: session.part,
            }
        })
        .collect();
    rows.sort_by_key(|row| order(&row.actions[0]));
    rows
}

/// Both runs gave the same sessions; a failure shows the first that differs.
pub fn same(found: &[Row], expected: &[Row]) {
    for (found, expected) in found.iter().zip(expected) {
        assert_eq!(found, expected);
    }
    assert_eq!(found.len(), expected.len());
}

/// Order of an action by visitor and number.
pub fn order(name: &str) -> Option<(u32, u32)> {
    let (visitor, id) = name.split_once(':')?;
    Some((visitor.parse().ok()?, id.parse().ok()?))
}
