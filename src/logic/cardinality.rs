//! How many different values a page may invent: names that become facets, words of the index and rows of lists are
//! counted by application and day, and beyond the limit they read `{other}` (security A.3).
//!
//! Anybody can send beacons. Without a bound, random page names and user tags would grow the dictionaries of a day
//! without end. What was seen is remembered as a keyed digest; a new start of the process begins to count anew.

use std::collections::BTreeMap;

use ahash::{AHashMap, AHashSet, RandomState};

use super::enrich::{Enriched, EnrichedPart};
use crate::base::id::ApplicationId;
use crate::base::limits;
use crate::base::time::Day;
use crate::model::action::UserAction;
use crate::model::error_report::ErrorReport;
use crate::model::session::{SessionEventKind, SessionInput};
use crate::model::visitor::Visit;

/// What a value reads that came after the limit of its kind.
pub const OTHER: &str = "{other}";

/// Kinds of values that are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ValueKind {
    /// Pages.
    Page,
    /// Groups of pages.
    PageGroup,
    /// Names of user actions.
    Action,
    /// User tags.
    UserTag,
    /// Messages of errors.
    Error,
    /// Keys of properties.
    Property,
    /// Releases.
    Release,
    /// Names of browsers, systems and devices, with their versions.
    Client,
    /// Screens, languages, time zones, connections, versions of the agent.
    Environment,
    /// Campaigns and referrers.
    Source,
}

impl ValueKind {
    /// All kinds.
    pub const ALL: [Self; 10] = [
        Self::Page,
        Self::PageGroup,
        Self::Action,
        Self::UserTag,
        Self::Error,
        Self::Property,
        Self::Release,
        Self::Client,
        Self::Environment,
        Self::Source,
    ];

    /// Name in metrics.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::PageGroup => "page_group",
            Self::Action => "action",
            Self::UserTag => "user_tag",
            Self::Error => "error",
            Self::Property => "property",
            Self::Release => "release",
            Self::Client => "client",
            Self::Environment => "environment",
            Self::Source => "source",
        }
    }

    /// Different values of one application and day.
    #[must_use]
    pub const fn limit(self) -> usize {
        match self {
            Self::Page => limits::DAY_PAGES,
            Self::PageGroup => limits::DAY_PAGE_GROUPS,
            Self::Action => limits::DAY_ACTION_NAMES,
            Self::UserTag => limits::DAY_USER_TAGS,
            Self::Error => limits::DAY_ERROR_MESSAGES,
            Self::Property => limits::DAY_PROPERTY_KEYS,
            Self::Release => limits::DAY_RELEASES,
            Self::Client => limits::DAY_CLIENT_WORDS,
            Self::Environment => limits::DAY_ENVIRONMENT_WORDS,
            Self::Source => limits::DAY_SOURCES,
        }
    }
}

/// Digests of the values of one application and day, by kind.
type Known = [AHashSet<u64>; ValueKind::ALL.len()];

/// The values of each day and application so far.
#[derive(Debug)]
pub struct Cardinality {
    days: BTreeMap<Day, AHashMap<ApplicationId, Known>>,
    keys: RandomState,
    /// How many values may still be remembered, of all kinds, applications and days together.
    room: usize,
    /// Values that became `{other}`, or were left out, since the last [`Cardinality::take_capped`].
    capped: AHashMap<(ApplicationId, ValueKind), u64>,
}

impl Default for Cardinality {
    fn default() -> Self {
        Self {
            days: BTreeMap::new(),
            keys: RandomState::default(),
            room: limits::DAY_VALUES,
            capped: AHashMap::new(),
        }
    }
}

impl Cardinality {
    /// Bounds the values of a beacon that came on `day` for `application`.
    pub fn limit(
        &mut self,
        day: Day,
        application: ApplicationId,
        release: &mut String,
        enriched: &mut Enriched,
    ) {
        if !self.days.contains_key(&day) {
            self.begin(day);
        }
        let mut scope = self.scope(day, application);
        scope.hold(ValueKind::Release, release);
        scope.visit(&mut enriched.visit);
        for part in &mut enriched.parts {
            let mut scope = self.scope(day, part.application);
            scope.part(part);
            if part.application != application {
                scope.hold(ValueKind::Release, release);
            }
        }
    }

    /// How many values were over a limit since the last call, by application and kind.
    pub fn take_capped(&mut self) -> Vec<((ApplicationId, ValueKind), u64)> {
        self.capped.drain().collect()
    }

    /// Forgets days that are over. A beacon may be taken in the minute after midnight that came in the one before.
    fn begin(&mut self, day: Day) {
        let room = &mut self.room;
        self.days.retain(|known, applications| {
            let stays = known.0.abs_diff(day.0) <= 1;
            if !stays {
                *room += applications.values().flatten().map(|values| values.len()).sum::<usize>();
            }
            stays
        });
    }

    fn scope(&mut self, day: Day, application: ApplicationId) -> Scope<'_> {
        let known = self.days.entry(day).or_default().entry(application).or_default();
        let Self { keys, room, capped, .. } = self;
        Scope { application, known, keys, room, capped }
    }
}

/// One application on one day.
struct Scope<'a> {
    application: ApplicationId,
    known: &'a mut Known,
    keys: &'a RandomState,
    room: &'a mut usize,
    capped: &'a mut AHashMap<(ApplicationId, ValueKind), u64>,
}

impl Scope<'_> {
    /// Whether a value is known or still has room.
    fn has_room(&mut self, kind: ValueKind, value: &str) -> bool {
        let digest = self.keys.hash_one(value);
        let Some(known) = self.known.get_mut(kind as usize) else {
            return false;
        };
        if known.contains(&digest) {
            return true;
        }
        if known.len() < kind.limit() && *self.room > 0 {
            known.insert(digest);
            *self.room -= 1;
            return true;
        }
        *self.capped.entry((self.application, kind)).or_default() += 1;
        false
    }

    fn hold(&mut self, kind: ValueKind, value: &mut String) {
        if !value.is_empty() && value != OTHER && !self.has_room(kind, value) {
            OTHER.clone_into(value);
        }
    }

    fn visit(&mut self, visit: &mut Visit) {
        let (client, environment) = (&mut visit.client, &mut visit.environment);
        for word in [
            &mut client.browser,
            &mut client.browser_version,
            &mut client.os,
            &mut client.os_version,
            &mut client.device,
        ] {
            self.hold(ValueKind::Client, word);
        }
        for word in [
            &mut environment.screen,
            &mut environment.viewport,
            &mut environment.language,
            &mut environment.time_zone,
            &mut environment.connection,
            &mut environment.agent_version,
        ] {
            self.hold(ValueKind::Environment, word);
        }
    }

    fn part(&mut self, part: &mut EnrichedPart) {
        self.hold(ValueKind::Source, &mut part.referrer);
        self.hold(ValueKind::Source, &mut part.campaign);
        for (_, input) in &mut part.inputs {
            match input {
                SessionInput::Action(action) => self.action(action),
                SessionInput::Event(event) => match &mut event.kind {
                    SessionEventKind::Error(report) => self.error(report),
                    SessionEventKind::RageClick { page, .. }
                    | SessionEventKind::DeadClick { page, .. } => self.hold(ValueKind::Page, page),
                    SessionEventKind::UserTag(tag) => self.hold(ValueKind::UserTag, tag),
                    SessionEventKind::PageEnd { .. } | SessionEventKind::EndCall => {}
                },
                SessionInput::Properties(properties) => self.properties(properties),
                SessionInput::PageEnd(_) | SessionInput::PeerGone { .. } | SessionInput::Alive => {}
            }
        }
    }

    fn action(&mut self, action: &mut UserAction) {
        self.hold(ValueKind::Page, &mut action.page);
        self.hold(ValueKind::PageGroup, &mut action.page_group);
        self.hold(ValueKind::Action, &mut action.name);
        self.hold(ValueKind::Release, &mut action.release);
        action.errors.iter_mut().for_each(|report| self.error(report));
        self.properties(&mut action.properties);
    }

    fn error(&mut self, report: &mut ErrorReport) {
        self.hold(ValueKind::Error, &mut report.message);
    }

    /// Keys become columns of lists; a value under a key that is nobody's would say nothing, so it is left out.
    fn properties(&mut self, properties: &mut Vec<(String, String)>) {
        properties.retain(|(key, _)| self.has_room(ValueKind::Property, key));
    }
}

#[cfg(test)]
#[path = "cardinality_tests.rs"]
mod tests;
