//! The naive sessionizer: collect all, sort, cut by the rules. Written without a look at the real one.

use std::collections::{BTreeMap, BTreeSet};

use footfall::model::session::EndReason;

use super::oracles::order;
use super::world::{What, World};

/// A session, as far as it is compared.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    pub actions: Vec<String>,
    pub reason: EndReason,
    pub started_at: i64,
    pub last_at: i64,
    pub entry: String,
    pub exit: String,
    pub user_tag: String,
    pub part: u32,
}

#[derive(Clone)]
struct Fact {
    key: (i64, u8),
    start: i64,
    end: i64,
    browser: u64,
    what: What,
}

/// One visitor's session in the making.
#[derive(Default)]
struct Draft {
    actions: Vec<(i64, i64, String)>,
    tag: String,
    active: Option<i64>,
    browser: u64,
    part: u32,
}

/// The sessions of a world.
pub fn sessions(world: &World) -> Vec<Row> {
    let mut facts: BTreeMap<u32, Vec<Fact>> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for beacon in &world.deliveries {
        if !seen.insert((beacon.visitor, beacon.id)) {
            continue;
        }
        let tag = beacon.items.iter().find(|item| matches!(item.what, What::Tag(_)));
        for item in &beacon.items {
            let (end, key) = match item.what {
                // The page on which somebody signs in is that person's.
                What::Action { duration, .. } => {
                    (item.at + i64::from(duration), (tag.map_or(item.at, |tag| tag.at), 1))
                }
                What::Tag(_) => (item.at, (item.at, 0)),
                What::EndCall | What::Close => (item.at, (item.at, 2)),
                What::Rage | What::Alive => (item.at, (item.at, 1)),
            };
            facts.entry(beacon.visitor).or_default().push(Fact {
                key,
                start: item.at,
                end,
                browser: beacon.browser_session,
                what: item.what.clone(),
            });
        }
    }
    let mut rows = Vec::new();
    for (visitor, mut facts) in facts {
        facts.sort_by_key(|fact| fact.key);
        cut(world, visitor, &facts, &mut rows);
    }
    rows.sort_by_key(|row| order(&row.actions[0]));
    rows
}

fn cut(world: &World, visitor: u32, facts: &[Fact], rows: &mut Vec<Row>) {
    let rules = &world.rules;
    let mut draft = Draft { part: 1, ..Draft::default() };
    for fact in facts {
        let is_action = matches!(fact.what, What::Action { .. });
        let first = draft.actions.first().map_or(fact.start, |action| action.0);
        let last = draft.actions.iter().map(|action| action.1).max().unwrap_or(fact.end);
        if draft.active.is_some_and(|active| fact.start - active > i64::from(rules.idle.0)) {
            draft = draft.end(EndReason::Timeout, rows);
        } else if draft.active.is_some() && draft.browser != fact.browser {
            draft = draft.end(EndReason::WindowClosed, rows);
        } else if fact.end.max(last) - first.min(fact.start) > i64::from(rules.duration_max.0)
            && !draft.actions.is_empty()
        {
            let tag = draft.tag.clone();
            draft = draft.end(EndReason::DurationLimit, rows);
            draft.tag = tag;
        } else if is_action && draft.actions.len() >= rules.actions_max as usize {
            let (tag, part) = (draft.tag.clone(), draft.part + 1);
            draft = draft.end(EndReason::ActionLimit, rows);
            (draft.tag, draft.part) = (tag, part);
        }
        if let What::Tag(who) = fact.what {
            let is_other = !draft.tag.is_empty() && draft.tag != who;
            if is_other && rules.split_on_user_change && !draft.actions.is_empty() {
                draft = draft.end(EndReason::UserChange, rows);
            }
            who.clone_into(&mut draft.tag);
        }
        let begins = matches!(fact.what, What::Action { .. } | What::Tag(_) | What::Rage);
        if begins || draft.active.is_some() {
            draft.active = Some(draft.active.map_or(fact.end, |active| active.max(fact.end)));
            draft.browser = fact.browser;
        }
        match fact.what {
            What::Action { id, .. } => {
                draft.actions.push((fact.start, fact.end, format!("{visitor}:{id}")));
            }
            What::EndCall => draft = draft.end(EndReason::EndCall, rows),
            What::Close => draft = draft.end(EndReason::WindowClosed, rows),
            _ => {}
        }
    }
    draft.end(EndReason::Timeout, rows);
}

impl Draft {
    /// Closes it, if anything was done in it, and gives an empty one.
    fn end(mut self, reason: EndReason, rows: &mut Vec<Row>) -> Self {
        self.actions.sort();
        if let (Some(first), Some(last)) = (self.actions.first(), self.actions.last()) {
            rows.push(Row {
                reason,
                started_at: first.0,
                last_at: self.actions.iter().map(|action| action.1).max().unwrap(),
                entry: format!("/{}", first.2),
                exit: format!("/{}", last.2),
                user_tag: self.tag,
                part: self.part,
                actions: self.actions.into_iter().map(|action| action.2).collect(),
            });
        }
        Self { part: 1, ..Self::default() }
    }
}
