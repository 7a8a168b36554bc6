// @ts-check
/**
 * Beacons: batches while the page lives, `sendBeacon` when it goes, retries of what was not taken.
 */
import { attempt, beaconUrl, clock, cut, epoch, guard, hex, later, nav, script, VERSION } from "./core.js";
import { ids, tabGet, tabSet } from "./ids.js";

/** @typedef {{id: string, e: any[], [key: string]: any}} Beacon */

const nativeFetch = window.fetch;
const nativeBeacon = nav.sendBeacon;
const sameOrigin = new URL(beaconUrl).origin === location.origin;

/** At most this many characters of what could not be sent are kept; the budget of an exit as well. */
const KEEP = 60000;
/** Kept beacons in the storage of the tab. */
const STORE = "ff_q";

/** @type {any[]} */
let queue = [];
/** @type {Beacon[]} */
let unsent = [];
let lost = 0;
let timer = 0;
let last = 0;
let held = true;
/** @type {Beacon|undefined} */
let flying;
let failures = 0;
let pause = 0;
let stored = false;

/** Called before a batch is closed, to add what is found now. @type {(() => void)[]} */
export const beforeFlush = [];

/**
 * Puts an event into the next beacon.
 * @param {number} at by `clock`
 * @param {any} event
 */
export function emit(at, event) {
  // Before the ids are known nothing is lost.
  if (ids.session && !ids.sampled) return;
  if (queue.length >= 180) lost++;
  else queue.push({ at: epoch(at), ...event });
  schedule();
}

function schedule() {
  if (!held && !timer) timer = later(flush, Math.max(250, last + 2000 - clock()));
}

/** Lets beacons go: ids are settled. */
export function release() {
  held = false;
  if (queue.length || unsent.length) schedule();
}

/**
 * JSON also where an old library teaches arrays to write themselves as text.
 * @param {any} value
 * @returns {string}
 */
function json(value) {
  const list = /** @type {any} */ (Array.prototype);
  const taught = list.toJSON;
  if (taught) delete list.toJSON;
  const text = JSON.stringify(value);
  if (taught) list.toJSON = taught;
  return text;
}

/** @param {Beacon} beacon @returns {string} */
const body = (beacon) => json({ ...beacon, s: epoch(clock()) });

/** Closes the batch. */
export function pack() {
  for (const run of beforeFlush) run();
  clearTimeout(timer);
  timer = 0;
  while (queue.length) {
    const events = queue;
    queue = [];
    let text = "";
    // Too much for one request: the newer half goes into the next.
    while ((text = json(events)).length > KEEP - 2000 && events.length > 1) {
      queue.unshift(...events.splice(events.length >> 1));
    }
    if (text.length > KEEP - 2000) {
      lost++;
      continue;
    }
    const base = events[0].at;
    events.forEach((event) => (event.at -= base));
    const connection = /** @type {any} */ (nav).connection;
    unsent.push({
      v: 1,
      id: hex(16),
      vi: ids.visitor,
      bs: ids.session,
      tab: ids.tab,
      b: base,
      s: 0,
      av: VERSION,
      scr: screen.width + "x" + screen.height,
      vp: innerWidth + "x" + innerHeight,
      lang: nav.language,
      tz: attempt(() => Intl.DateTimeFormat().resolvedOptions().timeZone),
      conn: connection && connection.effectiveType,
      rel: release_,
      ret: ids.returning,
      lost: lost || undefined,
      wd: nav.webdriver ? 1 : undefined,
      e: events,
    });
    lost = 0;
  }
  let size = 0;
  unsent = unsent
    .reverse()
    .filter((beacon) => {
      size += json(beacon).length;
      if (size <= KEEP || beacon === flying) return true;
      lost += beacon.e.length;
      return false;
    })
    .reverse();
}

const release_ = cut((script && script.dataset.release) || "", 64) || undefined;

/** Closes the batch and sends what waits. */
export function flush() {
  if (held) return;
  pack();
  next();
}

/** @param {string} text @returns {Promise<any>} */
async function compressed(text) {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Response(stream).arrayBuffer();
}

/** @param {Beacon} beacon @returns {Promise<Response>} */
async function post(beacon) {
  const text = body(beacon);
  /** @type {any} */
  const init = { method: "POST", body: text, credentials: "omit", priority: "low" };
  // Elsewhere the header would cost a preflight.
  if (sameOrigin && text.length > 1024 && window.CompressionStream) {
    const small = await compressed(text).catch(() => 0);
    if (small) {
      init.body = small;
      init.headers = { "Content-Type": "text/plain", "Content-Encoding": "gzip" };
    }
  }
  return nativeFetch.call(window, beaconUrl, init);
}

function next() {
  if (flying || clock() < pause || !unsent.length) return;
  const beacon = (flying = unsent[0]);
  last = clock();
  post(beacon).then(
    guard((answer) => {
      const status = answer.status;
      settle(beacon, status < 500 && status !== 429, answer.headers.get("Retry-After"));
      if (status >= 400 && status < 500 && status !== 429) lost += beacon.e.length;
    }),
    guard(() => settle(beacon, false)),
  );
}

/**
 * @param {Beacon} beacon
 * @param {boolean} done taken, or refused for good
 * @param {string|null} [after] seconds
 */
function settle(beacon, done, after) {
  if (flying === beacon) flying = undefined;
  if (done) {
    unsent = unsent.filter((other) => other !== beacon);
    failures = 0;
    if (stored) keep();
    next();
    return;
  }
  failures++;
  const delay = Math.min(+(after || 0) * 1000 || 1000 * 2 ** failures * (0.75 + Math.random() / 2), 120000);
  pause = clock() + delay;
  keep();
  later(next, delay + 5);
}

/** Leaves what waits to the next page of this tab. */
function keep() {
  stored = unsent.length > 0;
  tabSet(STORE, stored ? json(unsent) : "");
}

/** Takes over what an earlier page of this tab left. */
export function adopt() {
  const kept = attempt(() => JSON.parse(tabGet(STORE))) || [];
  tabSet(STORE, "");
  unsent.unshift(...kept.filter((beacon) => beacon && beacon.id && beacon.e));
}

/**
 * The page is hidden or goes: everything out, without waiting.
 * @param {boolean} going the page ends, so requests in flight die
 */
export function leave(going) {
  pack();
  if (held && !going) return;
  const failing = failures > 0;
  let room = KEEP;
  /** @type {Beacon[]} */
  const rest = [];
  for (const beacon of unsent) {
    if (beacon === flying && !going) {
      rest.push(beacon);
      continue;
    }
    const text = body(beacon);
    room -= text.length * 1.05;
    const sent = room > 0 && attempt(() => nativeBeacon.call(nav, beaconUrl, text));
    // With a server that did not answer, the copy for the next page stays; the same id makes it harmless.
    if (!sent || failing) rest.push(beacon);
  }
  unsent = rest;
  if (going) flying = undefined;
  if (stored || rest.length) keep();
}

/** @param {string} url @returns {boolean} a request of the agent itself */
export const isOwn = (url) => url.startsWith(beaconUrl);

