// @ts-check
/**
 * Navigation timing, resources, long tasks.
 */
import { clean, isOwn, observe, off, perf, round, settings, some } from "./core.js";

/**
 * What the browser handed over, as it gave it: taking one apart costs more than all that is done with it, so that waits
 * until somebody asks, or until so many wait that it would be felt. @type {any[]}
 */
let fresh = [];
/** Entries not yet claimed by an action, with what is needed of all of them. @type {any[]} */
let seen = [];
/** @type {any[]} */
let tasks = [];
/** Answers whose body is still coming: their entries say when it was there. @type {Set<{url_: string, at_: number, done_: (end?: number) => void}>} */
export const bodies = new Set();

/** @param {any[]} [more] entries not handed over yet */
const read = (more = []) => {
  for (const entry_ of [...fresh.splice(0).flatMap((list) => list.getEntries()), ...more]) {
    const one = { entry_, name_: entry_.name, start_: entry_.startTime, end_: entry_.responseEnd };
    if (!one.name_.startsWith("http") || isOwn(one.name_)) continue;
    seen.push(one);
    for (const body of bodies) {
      if (body.url_ !== one.name_ || one.start_ < body.at_ - 5) continue;
      bodies.delete(body);
      body.done_(one.end_);
      break;
    }
  }
  if (seen.length > 1500) seen = seen.slice(-1000);
};

/** @type {PerformanceObserver|undefined} */
let observer;

export function openTiming() {
  observer = observe("resource", (list) => {
    if (fresh.push(list) > 99 || bodies.size) read();
  });
  observe("longtask", (list) => (tasks = tasks.concat(list.getEntries()).slice(-500)));
}

/** Reads all there is, also what the browser has not handed over yet. */
const drain = () => read(observer && observer.takeRecords());

/** @param {number} from @param {number} to @returns {number} milliseconds of long tasks */
export const longTasks = (from, to) =>
  round(tasks.reduce((sum, { startTime, duration }) => sum + (startTime > from - 1 && startTime < to ? duration : 0), 0));

/** The entry of the document. @returns {any} */
export const navigation = () => perf.getEntriesByType("navigation")[0] || {};

/** Kinds by what asked for them, and by how the address ends; the first that fits counts. */
const KINDS = {
  xhr: /^x/,
  fetch: /^fe/,
  beacon: /^be/,
  doc: /^(i?frame|nav)/,
  media: /^(vi|au|tr)/,
  font: /\.(woff2?|[ot]tf|eot)$/,
  img: /^(im|in)|\.(png|jpe?g|gif|svg|webp|avif|ico)$/,
  js: /^sc|\.m?js$/,
  css: /^link|^css|\.css$/,
};

/** Kinds that were found for the resources of one action. @type {Record<string, string>} */
let kinds = {};

/** @param {any} entry @returns {string} */
function kindOf({ initiatorType, name }) {
  const text = initiatorType + name.split("?")[0].split("#")[0].slice(-6);
  return (kinds[text] = kinds[text] || Object.keys(KINDS).find((kind) => KINDS[kind].test(text)) || "other");
}

/** The marks by their keys on the wire; resources have the first six. */
const MARKS = {
  ds: "domainLookupStart",
  de: "domainLookupEnd",
  cs: "connectStart",
  ce: "connectEnd",
  qs: "requestStart",
  ps: "responseStart",
  rs: "redirectStart",
  re: "redirectEnd",
  fs: "fetchStart",
  ss: "secureConnectionStart",
  pe: "responseEnd",
  di: "domInteractive",
  ls: "domContentLoadedEventStart",
  le: "domContentLoadedEventEnd",
  dc: "domComplete",
  os: "loadEventStart",
  oe: "loadEventEnd",
};

/** @param {any} entry @param {number} origin @param {number} count of marks @returns {any} */
function pick(entry, origin, count) {
  const found = {};
  for (const key of Object.keys(MARKS).slice(0, count)) {
    const value = entry[MARKS[key]];
    if (value > 0) found[key] = round(value - origin);
  }
  return found;
}

/**
 * @param {any} entry
 * @param {number} origin start of the action
 * @param {any} [request] what we know of it from the call
 * @returns {any}
 */
const row = (entry, origin, request = {}) => ({
  u: clean(entry.name),
  k: kindOf(entry),
  m: some(request.method_),
  st: some(request.status_ || entry.responseStatus),
  s: round(entry.startTime - origin),
  d: round(entry.duration),
  ...pick(entry, entry.startTime, 6),
  tb: some(entry.transferSize),
  eb: some(entry.encodedBodySize),
  db: some(entry.decodedBodySize),
  p: some(entry.nextHopProtocol),
  rb: some(+(entry.renderBlockingStatus === "blocking")),
  f: some(+(request.failed_ || entry.responseStatus > 399)),
});

/** @param {any} request @param {any} entry @returns {boolean} */
const matches = (request, entry) =>
  request.url_ === entry.name_ &&
  Math.abs(entry.start_ - request.at_) < 50 + (request.end_ - request.at_ || 0) / 2;

/**
 * Those of the highest rank; sorting all the objects would take longer than all else.
 * @param {any[]} list
 * @param {number} count
 * @param {(one: any) => number} rank
 */
const top = (list, count, rank) => {
  const least = Float64Array.from(list, rank).sort()[list.length - count] || 0;
  // What is as low as the least comes last: it may be many.
  return [...list.filter((one) => rank(one) > least), ...list.filter((one) => rank(one) === least)].slice(0, count);
};

/**
 * The resources of an action: what matters is kept whole, the rest is summed by host and kind.
 * @param {number} from
 * @param {number} to
 * @param {any[]} requests requests of this action
 * @param {any[]} others requests of other actions
 * @returns {{r?: any[], rm?: any[]}}
 */
export function resources(from, to, requests, others) {
  drain();
  kinds = {};
  /** @type {any[]} */
  const found = [];
  const add = (entry, call) =>
    found.push({
      entry_: entry,
      call_: call,
      length_: entry.duration,
      size_: entry.transferSize || 0,
      must_:
        (call && call.failed_) || entry.responseStatus > 399 ? 2 : +!!(call || entry.renderBlockingStatus === "blocking"),
    });
  const left = requests.slice();
  seen = seen.filter((entry) => {
    if (entry.start_ < from - 2) return false;
    if (entry.start_ > to) return true;
    const called = (left[0] || others[0]) && /^(fe|x)/.test(entry.entry_.initiatorType);
    const index = called ? left.findIndex((request) => matches(request, entry)) : -1;
    if (called && index < 0 && others.some((request) => matches(request, entry))) return true;
    add(entry.entry_, index < 0 ? undefined : left.splice(index, 1)[0]);
    return false;
  });
  // Calls the browser made no entry for.
  for (const one of left) {
    add(
      {
        name: one.url_,
        initiatorType: one.kind_,
        startTime: one.at_,
        duration: (one.end_ || to) - one.at_,
      },
      one,
    );
  }
  if (off(16)) return {};
  const limit = Math.min(settings.resources, 100);
  const slow = top(found, (limit * 0.7) | 0, (one) => one.must_ * 1e9 + one.length_);
  const rest = found.filter((one) => !slow.includes(one));
  const kept = [...slow, ...top(rest, limit - slow.length, (one) => one.size_)];
  /** @type {Record<string, any>} */
  const sums = {};
  for (const one of rest) {
    if (kept.includes(one)) continue;
    const entry = one.entry_;
    const h = entry.name.split("/")[2];
    const k = kindOf(entry);
    const sum = (sums[h + k] = sums[h + k] || { h, k, c: 0, d: 0, b: 0 });
    sum.c++;
    sum.d += round(one.length_);
    sum.b += one.size_;
  }
  const rm = Object.values(sums).slice(0, 50);
  return {
    r: some(kept.length && kept.map((one) => row(one.entry_, from, one.call_)).sort((a, b) => a.s - b.s)),
    rm: some(rm[0] && rm),
  };
}

/** @param {number} origin start of the action @returns {any} marks of the load */
export function marks(origin) {
  const found = pick(navigation(), origin, 17);
  for (const { name, startTime } of perf.getEntriesByType("paint"))
    found[name === "first-paint" ? "fp" : "fcp"] = round(startTime - origin);
  return found;
}

/** @param {number} origin start of the action @returns {any} the document as a row of the waterfall */
export function documentRow(origin) {
  const entry = navigation();
  return entry.name ? [{ ...row(entry, origin), d: round(entry.responseEnd - entry.startTime) }] : [];
}


/** The last resource of an address. @param {string} url @returns {any} */
export const arrivalOf = (url) => perf.getEntriesByName(url, "resource").pop();

/** When resources had arrived, by address. @returns {Map<string, number>} */
export const arrivals = () => {
  drain();
  return new Map(seen.map((one) => [one.name_, one.end_]));
};
