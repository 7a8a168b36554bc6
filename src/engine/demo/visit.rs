//! One visit to the shop, from the first page to the last: the beacons that its browser sends.

use std::net::IpAddr;

use super::actions::{self, Link, Load};
use super::browsers::{Browser, Machine};
use super::dice::Dice;
use super::faults;
use super::pages::{self, Click, ORIGIN, Page};
use super::vitals::vitals;
use crate::base::id::{BeaconId, VisitorId};
use crate::base::time::Timestamp;
use crate::model::beacon::{
    Beacon, BeaconAction, BeaconEvent, BeaconEventKind, Navigation, PageEnd,
};
use crate::model::visitor::Environment;

/// A beacon as it reaches the server.
#[derive(Debug, Clone, PartialEq)]
pub struct Visit {
    /// When it is received.
    pub received_at: Timestamp,
    /// Address of the visitor.
    pub ip: IpAddr,
    /// The `User-Agent` header.
    pub user_agent: &'static str,
    /// What the agent sends.
    pub beacon: Beacon,
}

/// What is known of the browser that comes.
#[derive(Debug, Clone)]
pub struct Guest {
    /// Browser id.
    pub visitor: VisitorId,
    /// Address.
    pub ip: IpAddr,
    /// Browser.
    pub browser: &'static Browser,
    /// Machine and line.
    pub link: Link,
    /// Screen, language and so on.
    pub environment: Environment,
    /// Who it is, when the visitor has an account.
    pub user_tag: Option<String>,
    /// Signed in by an earlier visit.
    pub is_signed_in: bool,
    /// Was here before.
    pub is_returning: bool,
    /// Client clock minus ours.
    pub clock_error: i64,
    /// Time of servers and scripts there, in percent of what is usual.
    pub slowness: u32,
}

/// State of the shop when the visit begins.
#[derive(Debug, Clone, Copy)]
pub struct Shop {
    /// Release.
    pub release: &'static str,
    /// Whether that release has the broken checkout.
    pub is_broken: bool,
}

/// One in so many of the things that a visitor does; sessions have at most this many actions.
const ACTIONS_MAX: u32 = 40;

/// Plays a visit; answers its beacons in order of time.
#[must_use]
pub fn play(dice: &Dice, guest: &mut Guest, shop: Shop, start: Timestamp) -> Vec<Visit> {
    let mut play = Play {
        dice,
        shop,
        now: start.0,
        left: length(dice, guest),
        browser_session: dice.bits(),
        tab: dice.bits(),
        is_first: true,
        has_told_tag: false,
        visits: Vec::new(),
        guest,
    };
    play.run();
    play.guest.is_returning = true;
    play.visits
}

fn length(dice: &Dice, guest: &Guest) -> u32 {
    let bounce = if guest.is_signed_in { 180 } else { 330 };
    if guest.browser.machine == Machine::Robot {
        return dice.between(1, 3);
    }
    if dice.chance(bounce) {
        return 1;
    }
    let mut length = 2;
    while length < ACTIONS_MAX && !dice.chance(125) {
        length += 1;
    }
    length
}

struct Play<'a> {
    dice: &'a Dice,
    guest: &'a mut Guest,
    shop: Shop,
    now: i64,
    left: u32,
    browser_session: u64,
    tab: u64,
    is_first: bool,
    has_told_tag: bool,
    visits: Vec<Visit>,
}

/// Events of one page view; times are after its start.
struct View {
    page: &'static Page,
    start: i64,
    number: u32,
    at: i64,
    events: Vec<BeaconEvent>,
    is_touched: bool,
}

impl View {
    fn push(&mut self, at: i64, kind: BeaconEventKind) {
        self.events.push(BeaconEvent { at, kind });
    }
}

impl Play<'_> {
    fn run(&mut self) {
        let dice = self.dice;
        let (entry, _) = *dice.weigh(pages::ENTRIES, |entry| entry.1);
        let (referrer, _) = *dice.weigh(pages::REFERRERS, |referrer| referrer.1);
        let mut referrer = referrer.to_owned();
        let mut query = String::new();
        if dice.chance(if referrer.is_empty() { 160 } else { 260 }) {
            let (campaign, _) = *dice.weigh(pages::CAMPAIGNS, |campaign| campaign.1);
            query = format!("?utm_source=mail&utm_campaign={campaign}");
        }
        let mut page = pages::page(entry);
        loop {
            let next = self.view(page, &query, &referrer);
            referrer = format!("{ORIGIN}{}", page.path);
            query.clear();
            match next {
                Some(next) => page = next,
                None => return,
            }
        }
    }

    /// Looks at a page; answers the next one.
    fn view(&mut self, page: &'static Page, query: &str, referrer: &str) -> Option<&'static Page> {
        let dice = self.dice;
        let number = dice.word();
        let mut view =
            View { page, start: self.now, number, at: 0, events: Vec::new(), is_touched: false };
        let load = Load {
            page,
            query,
            referrer,
            is_first: self.is_first,
            strain: self.strain(page),
            page_view: number,
        };
        let mut action = actions::load(dice, &self.guest.link, &load);
        self.is_first = false;
        self.left -= 1;
        let end = i64::from(action.duration.0);
        let faulty = if self.guest.link.work > 200 { 34 } else { 18 };
        if dice.chance(if self.shop.is_broken { faulty * 3 } else { faulty }) {
            let at = i64::from(dice.between(60, action.duration.0.max(61)));
            action.errors.push(faults::script_error(dice, self.guest.browser.engine, at));
        }
        let timings = action.timings;
        self.tell_tag(&mut view);
        view.push(0, BeaconEventKind::Action(Box::new(action)));
        if page.path == "/payment/finish" {
            self.order_placed(&mut view, end + 4);
        }
        view.at = end + i64::from(dice.between(150, 900));
        self.send(&mut view);
        view.at += i64::from(dice.between(900, 6_000));
        let next = self.use_page(&mut view);
        if self.guest.browser.machine == Machine::Robot {
            self.now = view.start + view.at;
            return next;
        }
        let told = vitals(
            dice,
            self.guest.browser.engine,
            &self.guest.link,
            page,
            &timings,
            view.is_touched,
        );
        view.push(view.at, BeaconEventKind::Vitals { page_view: number, vitals: Box::new(told) });
        self.leave(&mut view, next.is_some());
        self.now = view.start + view.at + i64::from(dice.between(20, 160));
        next
    }

    fn strain(&self, page: &Page) -> u32 {
        let release = if self.shop.is_broken && page.path == "/checkout" { 330 } else { 100 };
        let search = if page.path == "/search" && self.guest.slowness > 150 { 420 } else { 100 };
        release * search / 100 * self.guest.slowness / 100
    }

    fn tell_tag(&mut self, view: &mut View) {
        let is_due = self.guest.is_signed_in && !self.has_told_tag;
        if let Some(tag) = self.guest.user_tag.clone().filter(|_| is_due) {
            view.push(0, BeaconEventKind::UserTag(tag));
            self.has_told_tag = true;
        }
    }

    fn order_placed(&mut self, view: &mut View, at: i64) {
        let dice = self.dice;
        let number = dice.between(70_000, 99_999).to_string();
        let value = format!("{}.{:02}", dice.between(9, 180), dice.between(0, 99));
        let pairs = vec![
            ("order".to_owned(), number),
            ("order value".to_owned(), value),
            (
                "payment".to_owned(),
                (*dice.pick(&["card", "card", "paypal", "invoice", "klarna"])).to_owned(),
            ),
        ];
        if self.left > 0 {
            self.left -= 1;
            let action = actions::custom(dice, view.page, "order placed", pairs.clone());
            view.push(at, BeaconEventKind::Action(Box::new(action)));
        }
        view.push(at, BeaconEventKind::Properties(pairs));
    }

    /// Does something on a page; answers where to go next.
    fn use_page(&mut self, view: &mut View) -> Option<&'static Page> {
        let dice = self.dice;
        while self.left > 0 && dice.chance(view.page.eagerness) {
            let click = dice.pick(view.page.clicks);
            self.click(view, click, 200, 100);
            self.pause(view);
        }
        if dice.chance(12) {
            let report = faults::script_error(dice, self.guest.browser.engine, 0);
            view.push(view.at, BeaconEventKind::Error(Box::new(report)));
        }
        self.pause(view);
        if self.left == 0 {
            return None;
        }
        match view.page.path {
            "/login" => self.sign_in(view),
            "/checkout" => return self.check_out(view),
            _ => {}
        }
        if self.left == 0 {
            return None;
        }
        let is_logged_out = self.guest.user_tag.is_some() && !self.guest.is_signed_in;
        if is_logged_out && view.page.path != "/login" && dice.chance(300) {
            return Some(pages::page("/login"));
        }
        if self.guest.is_signed_in && self.left == 1 && dice.chance(120) {
            self.sign_out(view);
            return None;
        }
        Some(pages::page(dice.weigh(view.page.next, |next| next.1).0))
    }

    fn pause(&self, view: &mut View) {
        let typical = if self.guest.browser.machine == Machine::Robot { 700 } else { 9_000 };
        view.at += i64::from(self.dice.tail(typical));
        if self.dice.chance(30) {
            view.at += i64::from(self.dice.between(60_000, 420_000));
        }
    }

    fn click(&mut self, view: &mut View, click: &Click, status: u16, strain: u32) {
        let dice = self.dice;
        let strain = strain * self.guest.slowness / 100;
        let status =
            if status == 200 && dice.chance(8) { *dice.pick(&[500, 502, 404, 0]) } else { status };
        let mut action = actions::click(dice, &self.guest.link, view.page, click, strain, status);
        action.page_view = view.number;
        if status == 0 || status >= 400 {
            let at = i64::from(action.duration.0) - 1;
            action.errors.push(faults::request_error(
                &action.request_url,
                click.method,
                status,
                at,
            ));
        }
        self.finish(view, action);
    }

    fn finish(&mut self, view: &mut View, action: BeaconAction) {
        let end = view.at + i64::from(action.duration.0);
        view.push(view.at, BeaconEventKind::Action(Box::new(action)));
        view.at = end + 1;
        view.is_touched = true;
        self.left = self.left.saturating_sub(1);
    }

    fn sign_in(&mut self, view: &mut View) {
        const SIGN_IN: Click = Click {
            caption: "Sign in",
            element: "BUTTON",
            method: "POST",
            request: "/api/session",
            server: 340,
        };
        let Some(tag) = self.guest.user_tag.clone() else {
            return;
        };
        if self.dice.chance(90) {
            self.click(view, &SIGN_IN, 401, 100);
            self.pause(view);
        }
        if self.left == 0 {
            return;
        }
        self.click(view, &SIGN_IN, 200, 100);
        view.push(view.at, BeaconEventKind::UserTag(tag));
        self.guest.is_signed_in = true;
        self.has_told_tag = true;
    }

    fn sign_out(&mut self, view: &mut View) {
        const SIGN_OUT: Click = Click {
            caption: "Sign out",
            element: "A",
            method: "DELETE",
            request: "/api/session",
            server: 120,
        };
        self.click(view, &SIGN_OUT, 200, 100);
        view.push(view.at, BeaconEventKind::EndSession);
        self.guest.is_signed_in = false;
    }

    /// The payment, which the bad release breaks for some.
    fn check_out(&mut self, view: &mut View) -> Option<&'static Page> {
        const PAY: Click = Click {
            caption: "Pay now",
            element: "BUTTON",
            method: "POST",
            request: "/api/orders",
            server: 620,
        };
        let dice = self.dice;
        let next = dice.weigh(view.page.next, |next| next.1).0;
        if next != "/payment/finish" {
            return Some(pages::page(next));
        }
        let strain = if self.shop.is_broken { 380 } else { 100 };
        let mut failures = 0;
        while self.left > 0 {
            let odds = if failures > 0 { 550 } else { 150 };
            if !(self.shop.is_broken && dice.chance(odds)) {
                self.click(view, &PAY, 200, strain);
                return (self.left > 0).then(|| pages::page("/payment/finish"));
            }
            failures += 1;
            self.click(view, &PAY, 500, strain);
            let report = faults::payment_error(self.guest.browser.engine, 0);
            view.push(view.at, BeaconEventKind::Error(Box::new(report)));
            if dice.chance(450) {
                view.push(
                    view.at + 400,
                    BeaconEventKind::RageClick {
                        target: PAY.caption.to_owned(),
                        url: format!("{ORIGIN}{}", view.page.path),
                        count: dice.between(3, 9),
                    },
                );
                view.at += 1_900;
            }
            if failures == 1 && dice.chance(200) {
                let report = faults::custom_error("payment failed", "gateway timeout", 0);
                view.push(view.at, BeaconEventKind::Error(Box::new(report)));
            }
            self.pause(view);
            if dice.chance(350) {
                break;
            }
        }
        if self.left == 0 || dice.chance(600) { None } else { Some(pages::page("/help")) }
    }

    fn leave(&mut self, view: &mut View, goes_on: bool) {
        let dice = self.dice;
        let navigation = if goes_on {
            Navigation::SameSite
        } else if dice.chance(220) {
            Navigation::OtherSite
        } else {
            Navigation::None
        };
        // A phone that is put away says nothing more: such sessions time out.
        let is_quiet = match self.guest.browser.machine {
            Machine::Phone | Machine::Tablet => 550,
            _ => 180,
        };
        if goes_on || !dice.chance(is_quiet) {
            let end = PageEnd {
                is_persisted: goes_on && dice.chance(250),
                was_visible: goes_on || dice.chance(850),
                navigation,
                peers: 0,
            };
            view.push(view.at, BeaconEventKind::PageEnd(end));
        }
        self.send(view);
    }

    /// Sends what a view has gathered.
    fn send(&mut self, view: &mut View) {
        let dice = self.dice;
        let guest = &*self.guest;
        let sent = view.start + view.at;
        let delay = i64::from(guest.link.round_trip / 2 + dice.between(3, 60));
        self.visits.push(Visit {
            received_at: Timestamp(sent + delay),
            ip: guest.ip,
            user_agent: guest.browser.user_agent,
            beacon: Beacon {
                id: BeaconId(dice.id()),
                visitor: guest.visitor,
                browser_session: self.browser_session,
                tab: self.tab,
                base: Timestamp(view.start + guest.clock_error),
                sent_at: Timestamp(sent + guest.clock_error),
                environment: guest.environment.clone(),
                release: self.shop.release.to_owned(),
                is_returning: guest.is_returning,
                lost: 0,
                is_automated: guest.browser.user_agent.contains("HeadlessChrome"),
                events: std::mem::take(&mut view.events),
            },
        });
    }
}
