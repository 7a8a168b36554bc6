// @ts-check
/**
 * Tabs of one browser: who is there, who went, and how.
 */
import { attempt, clock, exit, framed, guard, hex, later, on, visible } from "./core.js";
import { closeAll, restored, routeChange, touchPage } from "./actions.js";
import { ids, locks, newTab, sameSite } from "./ids.js";
import { forget, lookForUser } from "./tags.js";
import { emit, flush, leave, release } from "./transport.js";

/** Pages of this browser that are open: page id to tab id. @type {Map<string, string>} */
const peers = new Map();
const page = hex(8);
/** @type {BroadcastChannel|undefined} */
let channel;
/** Gives a Web Lock back. @type {(() => void)[]} */
let releases = [];
/** @type {AbortController|undefined} */
let abort;
let shownAt = -1e9;
/** Tabs that said hello lately. @type {Record<string, number>} */
const hellos = {};
let busy = false;

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
function settleTab(again) {
  own("ff-tab-" + ids.tab, (got) => {
    if (got) return ready();
    // The page before this one may still be on its way out.
    if (again) return later(() => settleTab(false), 300);
    newTab();
    settleTab(true);
  });
}

let isReady = false;
function ready() {
  if (isReady) return;
  isReady = true;
  release();
  say("hello");
}

/** @param {string} kind @param {any} [more] */
const say = (kind, more) =>
  attempt(() => channel && channel.postMessage({ kind, page, tab: ids.tab, ...more }));

/** @param {string} other @param {string} tab */
function meet(other, tab) {
  hellos[tab] = clock();
  if (peers.has(other)) return;
  peers.set(other, tab);
  // Its lock comes free when it dies without a word.
  if (locks && abort) {
    locks
      .request("ff-page-" + other, { signal: abort.signal, mode: "shared" }, guard(() => gone(other, 0)))
      .catch(() => 0);
  }
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
    const tell = () => {
      if (!(hellos[tab] > at) && ![...peers.values()].includes(tab)) {
        emit(at, { k: "g", tab, vis: became ? 1 : 0 });
        flush();
      }
    };
    if (became) tell();
    else later(tell, 1250);
  }, 250);
}

function openChannel() {
  abort = attempt(() => new AbortController());
  channel = attempt(() => new BroadcastChannel("footfall"));
  own("ff-page-" + page, () => 0);
  if (!channel) return;
  channel.onmessage = guard(({ data }) => {
    if (!data || !data.page || data.page === page) return;
    if (data.kind === "bye") return gone(data.page, data.to);
    meet(data.page, data.tab);
    if (data.kind === "hello") say("here");
  });
}

/** @param {any} event */
function onPageHide(event) {
  const wasVisible = visible();
  const to = clock() - exit.at < 30000 ? exit.to : 0;
  exit.gone = true;
  closeAll();
  lookForUser();
  if (!framed) emit(clock(), { k: "q", ps: event.persisted ? 1 : 0, vis: wasVisible ? 1 : 0, nav: to, pe: peers.size });
  say("bye", { to });
  leave(true);
  // Nothing may keep the page out of the back/forward cache.
  if (channel) channel.close();
  if (abort) abort.abort();
  releases.forEach((run) => run());
  releases = [];
  channel = abort = undefined;
  peers.clear();
}

/** @param {any} event */
function onPageShow(event) {
  if (!event.persisted) return;
  forget();
  exit.at = -1e9;
  exit.gone = false;
  join();
  restored(event.timeStamp || clock());
}

/** Meets the other pages; a frame belongs to the page around it. */
function join() {
  isReady = false;
  if (framed) return ready();
  openChannel();
  settleTab(true);
}

/** Starts to listen. */
export function openLifecycle() {
  join();
  const navigation = /** @type {any} */ (window).navigation;
  if (navigation) {
    on(navigation, "navigate", (event) => {
      const url = new URL(event.destination.url);
      if (event.destination.sameDocument || event.downloadRequest != null || !/^http/.test(url.protocol)) return;
      exit.at = clock();
      exit.to = sameSite(url.hostname) ? 1 : 2;
    });
    // The page stayed and changed its address.
    on(navigation, "currententrychange", () => {
      exit.at = -1e9;
      routeChange();
    });
  }
  on(window, "pagehide", onPageHide);
  on(window, "pageshow", onPageShow);
  on(document, "visibilitychange", () => {
    if (visible()) shownAt = clock();
  });
  // On the window: the vitals listen on the document and come first.
  on(window, "visibilitychange", () => {
    if (!visible()) {
      lookForUser();
      leave(false);
    }
  });
  on(document, "pointermove pointerdown keydown scroll", () => (busy = true), true);
  setInterval(
    guard(() => {
      if (visible()) lookForUser();
    }),
    5000,
  );
  setInterval(
    guard(() => {
      if (!visible() || !busy) return;
      busy = false;
      touchPage();
      emit(clock(), { k: "h" });
    }),
    60000,
  );
}
