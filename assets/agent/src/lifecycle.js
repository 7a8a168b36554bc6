// @ts-check
/**
 * Tabs of one browser: who is there, who went, and how.
 */
import { attempt, clock, every, exit, framed, guard, hex, later, nav, on, page as window_, tell, visible } from "./core.js";
import { closeAll, restored, routeChange, touchPage } from "./actions.js";
import { ids, newTab, sameSite } from "./ids.js";
import { forget, look } from "./tags.js";
import { emit, flush, leave, release } from "./transport.js";

/** Pages of this browser that are open: page id to tab id. @type {Map<string, string>} */
const peers = new Map();
const page = hex(8);
const locks = nav.locks;
/** @type {BroadcastChannel|undefined} */
let channel;
/** Gives a Web Lock back. @type {(() => void)[]} */
let releases = [];
let shownAt = -1e9;
/** Tabs that said hello lately. @type {Record<string, number>} */
const hellos = {};
let moved = false;
let isReady = false;

/** @param {string} name @param {(got: boolean) => void} done */
function own(name, done) {
  if (!locks) return done(true);
  locks
    .request(name, { ifAvailable: true }, (lock) => {
      done(!!lock);
      return lock ? new Promise((resolve) => releases.push(/** @type {any} */ (resolve))) : undefined;
    })
    .catch(() => done(true));
}

/** Settles the tab id: another page that holds it is the one this tab was duplicated from. */
const settleTab = (again) =>
  own("ff-tab-" + ids.tab_, (got) => {
    if (got) return ready();
    // The page before this one may still be on its way out.
    if (again) return later(() => settleTab(false), 300);
    newTab();
    settleTab(true);
  });

function ready() {
  if (isReady) return;
  isReady = true;
  release();
  say("hello");
}

/** @param {string} kind @param {any} [more] */
const say = (kind, more) => attempt(() => channel && channel.postMessage({ kind, page, tab: ids.tab_, ...more }));

/** @param {string} other @param {string} tab */
function meet(other, tab) {
  hellos[tab] = clock();
  peers.set(other, tab);
}

/**
 * @param {string} other page
 * @param {number} to where it said it goes: 1 stays on this site
 */
function gone(other, to) {
  const tab = peers.get(other);
  if (!tab) return;
  peers.delete(other);
  if (to === 1) return;
  const at = clock();
  later(() => {
    const became = shownAt > at - 100;
    // Without a change here, one survivor is enough.
    if (!became && [...peers.keys()].some((one) => one < page)) return;
    later(
      () => {
        if (hellos[tab] > at || [...peers.values()].includes(tab)) return;
        emit(at, { k: "g", tab, vis: +became });
        flush();
      },
      became ? 0 : 1250,
    );
  }, 250);
}

/** Meets the other pages; a frame belongs to the page around it. */
export function join() {
  isReady = false;
  if (framed) return ready();
  channel = attempt(() => new BroadcastChannel("footfall"));
  if (channel)
    channel.onmessage = guard(({ data }) => {
      if (!data.page || data.page === page) return;
      if (data.kind === "bye") return gone(data.page, data.to);
      meet(data.page, data.tab);
      if (data.kind === "hello") say("here");
    });
  settleTab(true);
}

/** @param {any} event */
function onPageHide(event) {
  const vis = +visible();
  const to = clock() - exit.at_ < 30000 ? exit.to_ : 0;
  exit.gone_ = true;
  tell(2, true);
  closeAll();
  look();
  if (!framed) emit(clock(), { k: "q", ps: +event.persisted, vis, nav: to, pe: peers.size });
  say("bye", { to });
  leave(true);
  // Nothing may keep the page out of the back/forward cache.
  if (channel) channel.close();
  releases.forEach((run) => run());
  releases = [];
  channel = undefined;
  peers.clear();
}

/** @param {any} event */
function onPageShow(event) {
  if (!event.persisted) return;
  forget();
  exit.at_ = -1e9;
  exit.gone_ = false;
  join();
  restored(event.timeStamp);
}

/** Starts to listen. */
export function openLifecycle() {
  const navigation = window_.navigation;
  if (navigation) {
    on(navigation, "navigate", (event) => {
      const url = new URL(event.destination.url);
      if (event.destination.sameDocument || event.downloadRequest != null || !/^http/.test(url.protocol)) return;
      exit.at_ = clock();
      exit.to_ = sameSite(url.hostname) ? 1 : 2;
    });
    // The page stayed and changed its address.
    on(navigation, "currententrychange", () => {
      exit.at_ = -1e9;
      routeChange();
    });
  }
  on(window, "pagehide", onPageHide);
  on(window, "pageshow", onPageShow);
  // Not while it is captured: the vitals come first.
  window.addEventListener("visibilitychange", guard(() => {
    if (visible()) {
      shownAt = clock();
      if (isReady) release();
    } else {
      look();
      leave();
    }
  }));
  on(document, "pointermove pointerdown keydown scroll", () => (moved = true));
  every(() => visible() && look(), 5000);
  every(() => {
    if (!visible() || !moved) return;
    moved = false;
    touchPage();
    emit(clock(), { k: "h" });
  }, 60000);
}
