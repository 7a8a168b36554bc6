//! Worlds: what visitors do, and which of it arrives when.

use footfall::base::entropy::Entropy;
use footfall::base::time::Millis;
use footfall::model::application::SessionRules;

/// One thing a visitor did, with corrected times.
#[derive(Debug, Clone)]
pub struct Item {
    pub at: i64,
    pub what: What,
}

/// Kinds of things.
#[derive(Debug, Clone)]
pub enum What {
    Action {
        id: u32,
        duration: u32,
    },
    Tag(&'static str),
    EndCall,
    Rage,
    Alive,
    /// The last page goes without a sign of a navigation.
    Close,
}

/// One beacon as it arrives.
#[derive(Debug, Clone)]
pub struct Delivery {
    pub visitor: u32,
    pub id: u32,
    pub received_at: i64,
    pub browser_session: u64,
    pub tab: u64,
    pub items: Vec<Item>,
    /// Nothing that was done after this may arrive before it.
    pub is_cut: bool,
}

/// All that arrives, in order of arrival. Duplicates are in it.
#[derive(Debug, Clone)]
pub struct World {
    pub rules: SessionRules,
    pub deliveries: Vec<Delivery>,
}

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
/// How late a beacon may be without changing anything.
const DELAY_MAX: i64 = 25 * SECOND;
/// The tab that is closed last: nothing else comes from it.
const LAST_TAB: u64 = 99;
const START: i64 = 1_790_000_000_000;

impl World {
    /// The world of a seed.
    pub fn new(seed: u64) -> Self {
        let entropy = Entropy::seeded(seed);
        // Parts are filled in order of arrival, so worlds with small parts are orderly.
        let has_small_parts = entropy.below(4) == 0;
        let rules = SessionRules {
            duration_max: Millis::mins(if entropy.below(2) == 0 { 480 } else { 90 }),
            actions_max: if has_small_parts { 7 } else { 200 },
            split_on_user_change: entropy.below(5) != 0,
            ..SessionRules::default()
        };
        let mut deliveries = Vec::new();
        for visitor in 0..5 {
            let mut person = Person::new(&entropy, visitor, has_small_parts);
            for _ in 0..entropy.below(80) {
                person.step();
            }
            deliveries.append(&mut person.deliveries);
        }
        let mut world = Self { rules, deliveries };
        world.sort();
        world
    }

    fn sort(&mut self) {
        self.deliveries.sort_by_key(|beacon| (beacon.received_at, beacon.visitor, beacon.id));
    }

    /// The same beacons in another order, inside the grace: what is not a cut moves freely between the cuts around it.
    pub fn shuffled(&self, seed: u64) -> Self {
        let mut world = self.clone();
        if world.rules.actions_max < 200 {
            return world;
        }
        let entropy = Entropy::seeded(seed);
        let cuts: Vec<(u32, i64)> = self
            .deliveries
            .iter()
            .filter(|beacon| beacon.is_cut)
            .map(|beacon| (beacon.visitor, beacon.received_at))
            .collect();
        for beacon in world.deliveries.iter_mut().filter(|beacon| !beacon.is_cut) {
            let moved = beacon.received_at + i64::try_from(entropy.below(10_000)).unwrap();
            let next = cuts
                .iter()
                .filter(|(visitor, at)| *visitor == beacon.visitor && *at >= beacon.received_at)
                .map(|(_, at)| *at)
                .min();
            beacon.received_at =
                next.map_or(moved, |next| moved.min(next - 1)).max(beacon.received_at);
        }
        world.sort();
        world
    }

    /// The same beacons with wild times of arrival: nothing holds but that all is accounted for.
    pub fn in_chaos(mut self, seed: u64) -> Self {
        let entropy = Entropy::seeded(seed);
        for beacon in &mut self.deliveries {
            if entropy.below(3) == 0 {
                beacon.received_at += i64::try_from(entropy.below(7_200_000)).unwrap();
            }
            if entropy.below(10) == 0 {
                beacon.browser_session ^= entropy.below(3);
            }
        }
        self.sort();
        self
    }
}

/// One visitor's doings.
struct Person<'a> {
    entropy: &'a Entropy,
    visitor: u32,
    is_orderly: bool,
    now: i64,
    /// When something was last done that arrives.
    heard: i64,
    /// When the last action arrived.
    heard_action: i64,
    next: u32,
    browser_session: u64,
    tag: usize,
    /// Nothing may arrive before this.
    barrier: i64,
    deliveries: Vec<Delivery>,
}

impl<'a> Person<'a> {
    fn new(entropy: &'a Entropy, visitor: u32, is_orderly: bool) -> Self {
        Self {
            entropy,
            visitor,
            is_orderly,
            now: START + i64::try_from(entropy.below(3_600_000)).unwrap(),
            heard: 0,
            heard_action: 0,
            next: 0,
            browser_session: 1,
            tag: 0,
            barrier: 0,
            deliveries: Vec::new(),
        }
    }

    fn between(&self, low: i64, high: i64) -> i64 {
        low + i64::try_from(self.entropy.below(u64::try_from(high - low).unwrap())).unwrap()
    }

    fn step(&mut self) {
        // Never near the idle time: whether 35 minutes have passed depends on delays there.
        self.now += match self.entropy.below(20) {
            0 => self.between(40 * MINUTE, 90 * MINUTE),
            1..=3 => self.between(5 * MINUTE, 20 * MINUTE),
            _ => self.between(8 * SECOND, MINUTE),
        };
        if (30 * MINUTE..40 * MINUTE).contains(&(self.now - self.heard)) {
            self.now = self.heard + 40 * MINUTE;
        }
        if self.entropy.below(30) == 0 {
            self.browser_session += 1;
            self.barrier_now();
        }
        let start = self.now;
        let duration = u32::try_from(self.between(50, 5_000)).unwrap();
        let inside = start + i64::from(duration) / 2;
        let action = Item { at: start, what: What::Action { id: self.next, duration } };
        let (items, is_cut) = match self.entropy.below(25) {
            0 => (vec![Item { at: start, what: What::Alive }], false),
            1 => (vec![action, Item { at: inside, what: What::Rage }], false),
            2 => (vec![action, Item { at: inside, what: What::EndCall }], true),
            3 | 4 => {
                self.tag = usize::try_from(self.entropy.below(3)).unwrap();
                let who = ["ryan", "anna", "zoë"][self.tag];
                (vec![Item { at: inside, what: What::Tag(who) }, action], true)
            }
            5 => (vec![Item { at: start, what: What::Close }], true),
            _ => (vec![action], false),
        };
        self.now += i64::from(duration);
        self.next += 1;
        self.deliver(items, is_cut);
    }

    fn barrier_now(&mut self) {
        let latest = self.deliveries.iter().map(|beacon| beacon.received_at).max();
        // A late beacon of the old browser is told by its id; the first of the new one opens the border.
        self.barrier = self.barrier.max(latest.unwrap_or(0));
    }

    fn deliver(&mut self, mut items: Vec<Item>, is_cut: bool) {
        if self.entropy.below(25) == 0 {
            return; // lost for good
        }
        let is_close = matches!(items[0].what, What::Close);
        self.heard = self.now;
        let latency = self.between(5, 400);
        let delay = if self.is_orderly || self.entropy.below(4) > 0 {
            0
        } else {
            self.between(0, DELAY_MAX)
        };
        // The offset of a clock is measured with the last sending, so a correction is wrong by its latency, and any
        // error of the clock itself cancels out.
        let skew = self.between(-2 * 86_400_000, 2 * 86_400_000);
        let sent_by_client = self.now + delay + skew;
        let mut received_at = self.now + delay + latency;
        let offset = received_at - sent_by_client;
        for item in &mut items {
            let by_client = item.at + skew;
            item.at = (by_client + offset).min(received_at);
        }
        received_at = received_at.max(self.barrier + 1);
        if is_close {
            // What closes a session that was not heard of yet is not known to close it.
            received_at = received_at.max(self.heard_action + 1);
        }
        if items.iter().any(|item| matches!(item.what, What::Action { .. })) {
            self.heard_action = received_at;
        }
        let beacon = Delivery {
            visitor: self.visitor,
            id: self.next,
            received_at,
            browser_session: self.browser_session,
            tab: if is_close { LAST_TAB } else { 1 + self.entropy.below(3) },
            items,
            is_cut,
        };
        if is_cut {
            // Signs of how a page was left are collected for 5 s.
            self.barrier = received_at + if is_close { 6 * SECOND } else { 0 };
        }
        if self.entropy.below(10) == 0 {
            let mut again = beacon.clone();
            again.received_at += self.between(1, 100_000);
            self.deliveries.push(again);
        }
        self.deliveries.push(beacon);
    }
}
