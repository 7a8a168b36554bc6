//! The stream of visitors: who arrives when, in order of what the server receives.

use std::cmp::Reverse;
use std::collections::{BTreeMap, VecDeque};
use std::net::{IpAddr, Ipv4Addr};

use super::actions::Link;
use super::browsers::{self, Browser, Machine};
use super::dice::Dice;
use super::people;
use super::places::{self, PLACES, Place};
use super::visit::{self, Guest, Shop, Visit};
use crate::base::id::VisitorId;
use crate::base::time::{DAY_MILLIS, HOUR_MILLIS, MINUTE_MILLIS, Timestamp};
use crate::model::visitor::Environment;

/// Guests that may come back.
const GUESTS: usize = 2_000;
/// The bad release went live this long before the present.
const BROKEN_FOR: i64 = 11 * HOUR_MILLIS;

/// How many visits begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// Visits begin this many milliseconds apart on average over a day, more often by day than by night.
    DayAndNight(u32),
    /// Visits begin this many milliseconds apart on average, at any hour.
    Steady(u32),
}

/// An endless stream of beacons in order of their receipt.
#[derive(Debug)]
pub struct Visitors {
    dice: Dice,
    pace: Pace,
    present: Timestamp,
    next_arrival: Timestamp,
    pending: BTreeMap<(Timestamp, u64), Visit>,
    count: u64,
    away: VecDeque<(Guest, &'static Place)>,
    busy: BTreeMap<Reverse<(Timestamp, u64)>, (Guest, &'static Place)>,
}

impl Visitors {
    /// Visitors of a seed, from `start` on; `present` is when the demo is shown: the bad release lies before it.
    #[must_use]
    pub fn new(seed: u64, start: Timestamp, present: Timestamp, pace: Pace) -> Self {
        Self {
            dice: Dice::new(seed),
            pace,
            present,
            next_arrival: start,
            pending: BTreeMap::new(),
            count: 0,
            away: VecDeque::new(),
            busy: BTreeMap::new(),
        }
    }

    /// Changes how many visits begin from now on.
    pub fn set_pace(&mut self, pace: Pace) {
        self.pace = pace;
    }

    /// The next beacon, if it is received before `end`; visits that begin at or after it are not decided yet.
    pub fn next_before(&mut self, end: Timestamp) -> Option<Visit> {
        while self.next_arrival < end
            && self.pending.first_key_value().is_none_or(|((at, _), _)| *at >= self.next_arrival)
        {
            self.arrive();
        }
        let is_due = self.pending.first_key_value().is_some_and(|((at, _), _)| *at < end);
        is_due.then(|| self.pending.pop_first()).flatten().map(|(_, visit)| visit)
    }

    /// The shop as it is at a time.
    fn shop(&self, at: Timestamp) -> Shop {
        let age = self.present.0 - at.0;
        let (release, is_broken) = match age {
            _ if age <= BROKEN_FOR => ("4.12.0", true),
            _ if age <= 5 * DAY_MILLIS => ("4.11.2", false),
            _ => ("4.11.1", false),
        };
        Shop { release, is_broken }
    }

    fn arrive(&mut self) {
        let at = self.next_arrival;
        let hour = u32::try_from(at.0.rem_euclid(DAY_MILLIS) / HOUR_MILLIS).unwrap_or(0);
        let mean = match self.pace {
            Pace::Steady(mean) => mean,
            Pace::DayAndNight(mean) => mean.saturating_mul(51) / places::liveliness(hour).max(1),
        };
        self.next_arrival = Timestamp(at.0 + i64::from(self.dice.wait(mean).max(1)));
        self.come_home(at);
        let returning = if self.dice.chance(420) { self.away.pop_front() } else { None };
        let (mut guest, place) = returning.unwrap_or_else(|| self.newcomer(hour));
        if guest.is_returning && self.dice.chance(500) {
            guest.is_signed_in = false;
        }
        let shop = self.shop(at);
        let visits = visit::play(&self.dice, &mut guest, shop, at);
        // Back at the earliest when the session is over for sure.
        let last = visits.last().map_or(at, |visit| visit.received_at);
        let free = Timestamp(
            last.0 + 40 * MINUTE_MILLIS + i64::from(self.dice.between(0, 72 * 3_600)) * 1_000,
        );
        for visit in visits {
            self.count += 1;
            self.pending.insert((visit.received_at, self.count), visit);
        }
        if guest.browser.machine != Machine::Robot {
            self.busy.insert(Reverse((free, self.count)), (guest, place));
        }
    }

    /// Guests whose time has come may visit again.
    fn come_home(&mut self, now: Timestamp) {
        while let Some(entry) = self.busy.last_entry() {
            let Reverse((free, _)) = *entry.key();
            if free > now {
                break;
            }
            self.away.push_back(entry.remove());
        }
        while self.away.len() > GUESTS {
            self.away.pop_front();
        }
    }

    fn newcomer(&self, hour: u32) -> (Guest, &'static Place) {
        let dice = &self.dice;
        let place = dice.weigh(PLACES, |place| place.weight * place.liveliness(hour));
        let is_robot = dice.chance(45);
        let browser = if is_robot {
            dice.weigh(browsers::ROBOTS, |browser| browser.weight)
        } else {
            dice.weigh(browsers::PEOPLE, |browser| browser.weight)
        };
        let place = if is_robot { dice.pick(ROBOT_PLACES).resolve() } else { place };
        let link = link(dice, browser, place);
        let (screen, viewport) = *dice.pick(browser.machine.screens());
        let has_account = !is_robot && dice.chance(480);
        let guest = Guest {
            visitor: VisitorId(dice.id()),
            ip: address(dice, place),
            browser,
            link,
            environment: Environment {
                screen: screen.to_owned(),
                viewport: viewport.to_owned(),
                language: if is_robot { "en-US" } else { dice.pick(place.languages) }.to_owned(),
                time_zone: if is_robot { "UTC" } else { place.time_zone }.to_owned(),
                connection: link.connection.to_owned(),
                agent_version: "0.1.0".to_owned(),
            },
            user_tag: has_account.then(|| people::user_tag(dice, place.country)),
            is_signed_in: has_account && dice.chance(720),
            is_returning: has_account && dice.chance(500),
            clock_error: clock_error(dice),
            slowness: place.slowness(),
        };
        (guest, place)
    }
}

impl Iterator for Visitors {
    type Item = Visit;

    fn next(&mut self) -> Option<Visit> {
        while self.pending.first_key_value().is_none_or(|((at, _), _)| *at >= self.next_arrival) {
            self.arrive();
        }
        self.pending.pop_first().map(|(_, visit)| visit)
    }
}

struct Home(&'static str);

impl Home {
    fn resolve(&self) -> &'static Place {
        PLACES.iter().find(|place| place.country == self.0).unwrap_or(&FIRST)
    }
}

static FIRST: Place = places::HOME;
const ROBOT_PLACES: &[Home] = &[Home("US"), Home("US"), Home("US"), Home("DE"), Home("NL")];

fn address(dice: &Dice, place: &Place) -> IpAddr {
    let (a, b) = *dice.pick(place.networks);
    let [c, d] = [dice.between(0, 255), dice.between(1, 254)].map(|n| u8::try_from(n).unwrap_or(1));
    IpAddr::V4(Ipv4Addr::new(a, b, c, d))
}

fn clock_error(dice: &Dice) -> i64 {
    let size = match dice.between(0, 99) {
        0 => i64::from(dice.between(3_600, 14_400)) * 1_000,
        1..=4 => i64::from(dice.between(60, 900)) * 1_000,
        _ => i64::from(dice.between(0, 900)),
    };
    if dice.chance(500) { -size } else { size }
}

fn link(dice: &Dice, browser: &Browser, place: &Place) -> Link {
    let slow = place.slowness();
    let (wireless, bytes_per_milli, work) = match browser.machine {
        Machine::Desktop => (4, dice.between(2_500, 12_000), dice.between(80, 180)),
        Machine::Tablet => (12, dice.between(1_500, 5_000), dice.between(120, 240)),
        Machine::Phone => (28, dice.between(500, 3_500), dice.between(130, 340)),
        Machine::Robot => (2, 8_000, 100),
    };
    let is_bad =
        browser.machine == Machine::Phone && dice.chance(if slow > 150 { 220 } else { 40 });
    let connection = match (browser.engine, is_bad) {
        (browsers::Engine::Blink, true) => "3g",
        (browsers::Engine::Blink, false) => "4g",
        _ => "",
    };
    let round_trip = place.round_trip + wireless + if is_bad { 260 } else { 0 };
    let bytes = if is_bad { 140 } else { bytes_per_milli * 100 / slow };
    Link {
        round_trip,
        bytes_per_milli: bytes.max(40),
        work,
        protocol: if dice.chance(300) { "h3" } else { "h2" },
        connection,
    }
}
