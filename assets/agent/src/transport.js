// @ts-check
/**
 * Beacons: batches while the page lives, `sendBeacon` when it goes, retries of what was not taken.
 * A hidden page sends nothing but what it has when it is hidden.
 */
import { attempt, beaconUrl, clock, cut, epoch, guard, hex, later, nav, page, script, some, visible } from "./core.js";
import { ids, settle as settleIds, tabGet, tabSet } from "./ids.js";

/** @typedef {{id: string, e: any[], [key: string]: any}} Beacon */

const nativeFetch = window.fetch;
const nativeBeacon = nav.sendBeacon;

/** At most this many characters of what could not be sent are kept; the budget of an exit as well. */
const KEEP = 60000;

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
/** When something happened last that people wait for. */
let busyAt = 0;

/** The visitor does something: beacons may follow each other faster. */
export const busy = () => (busyAt = clock());

/**
 * Puts an event into the next beacon.
 * @param {number} at by `clock`
 * @param {any} event
 */
export function emit(at, event) {
  if (!ids.on_ || !ids.sampled_) return;
  if (queue.length < 180) queue.push({ at: epoch(at), ...event });
  else lost++;
  schedule();
}

function schedule() {
  const now = clock();
  const gap = now - busyAt < 5000 ? 2000 : 5000;
  if (!held && !timer) timer = later(flush, Math.max(250, last + gap - now));
}

/** Lets beacons go: ids are settled, or the page can be seen again. */
export function release() {
  held = false;
  if (queue.length || unsent.length) schedule();
}

/** Forgets what waits: the visitor does not agree any more. */
export function discard() {
  queue = [];
  unsent = [];
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

const fixed = {
  v: 1,
  av: "1.0.0",
  lang: nav.language,
  tz: "",
  rel: some(cut(script && script.dataset.release, 64)),
  wd: some(+nav.webdriver),
};

/** `Intl` takes longer to tell the time zone than all else: once a tab, and when the page has nothing to do. */
export function openZone() {
  const ask = () =>
    tabSet("ff_z", (fixed.tz = page.Temporal ? page.Temporal.Now.timeZoneId() : Intl.DateTimeFormat().resolvedOptions().timeZone));
  fixed.tz = tabGet("ff_z");
  if (!fixed.tz) (page.requestIdleCallback || later)(guard(ask));
}

/** Closes the batch. */
export function pack() {
  clearTimeout(timer);
  timer = 0;
  settleIds();
  if (!ids.sampled_) queue = [];
  while (queue.length) {
    const e = queue;
    queue = [];
    let size = 0;
    // Too much for one request: the newer half goes into the next.
    while ((size = json(e).length) > KEEP - 2000 && e.length > 1) queue.unshift(...e.splice(e.length >> 1));
    if (size > KEEP - 2000) {
      lost++;
      continue;
    }
    const b = e[0].at;
    for (const event of e) event.at -= b;
    unsent.push({
      ...fixed,
      id: hex(16),
      vi: ids.visitor_,
      bs: ids.session_,
      tab: ids.tab_,
      b,
      s: 0,
      scr: screen.width + "x" + screen.height,
      vp: innerWidth + "x" + innerHeight,
      conn: nav.connection && nav.connection.effectiveType,
      ret: ids.returning_,
      lost: some(lost),
      e,
    });
    lost = 0;
  }
  while (unsent[1] && json(unsent).length > KEEP) lost += unsent.splice(unsent[0] === flying ? 1 : 0, 1)[0].e.length;
}

/** Closes the batch and sends what waits. */
export function flush() {
  if (held) return;
  pack();
  next();
}

/** @param {Beacon} beacon @returns {Promise<Response>} */
async function post(beacon) {
  const text = body(beacon);
  /** @type {any} */
  const init = { method: "POST", body: text, credentials: "omit", priority: "low" };
  // Elsewhere the header would cost a preflight.
  if (beaconUrl.startsWith(location.origin + "/") && text.length > 1024 && page.CompressionStream) {
    try {
      const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
      init.body = await new Response(stream).arrayBuffer();
      init.headers = { "Content-Type": "text/plain", "Content-Encoding": "gzip" };
    } catch {}
  }
  return nativeFetch.call(window, beaconUrl, init);
}

function next() {
  if (flying || !visible() || clock() < pause || !unsent.length) return;
  const beacon = (flying = unsent[0]);
  last = clock();
  post(beacon).then(
    guard((answer) => {
      const status = answer.status;
      const again = status > 499 || status === 429;
      if (status > 399 && !again) lost += beacon.e.length;
      settle(beacon, !again, answer.headers.get("Retry-After"));
    }),
    guard(() => settle(beacon)),
  );
}

/**
 * @param {Beacon} beacon
 * @param {boolean} [done] taken, or refused for good
 * @param {string|null} [after] seconds
 */
function settle(beacon, done, after) {
  if (flying === beacon) flying = undefined;
  if (done) {
    unsent = unsent.filter((other) => other !== beacon);
    failures = 0;
    if (stored) keep();
    return next();
  }
  failures++;
  const delay = Math.min(+(after || 0) * 1000 || 1000 * 2 ** failures * (0.75 + Math.random() / 2), 120000);
  pause = clock() + delay;
  keep();
  later(next, delay + 5);
}

/** Leaves what waits to the next page of this tab. */
function keep() {
  stored = !!unsent[0];
  tabSet("ff_q", stored ? json(unsent) : "");
}

/** Takes over what an earlier page of this tab left. */
export function adopt() {
  const kept = attempt(() => JSON.parse(tabGet("ff_q"))) || [];
  if (kept.length) tabSet("ff_q", "");
  unsent.unshift(...kept.filter((beacon) => beacon && beacon.id && beacon.e));
}

/**
 * The page is hidden or goes: everything out, without waiting.
 * @param {boolean} [going] the page ends, so requests in flight die
 */
export function leave(going) {
  pack();
  if (held && !going) return;
  const failing = failures > 0;
  let room = KEEP;
  unsent = unsent.filter((beacon) => {
    if (beacon === flying && !going) return true;
    const text = body(beacon);
    room -= text.length * 1.05;
    // With a server that did not answer, the copy for the next page stays; the same id makes it harmless.
    return !(room > 0 && attempt(() => nativeBeacon.call(nav, beaconUrl, text))) || failing;
  });
  if (going) flying = undefined;
  if (stored || unsent[0]) keep();
}
