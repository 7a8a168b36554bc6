// @ts-check
/**
 * Navigation timing, resources, long tasks.
 */
import { attempt, cut, observe, perf, round, settings } from "./core.js";
import { isOwn } from "./transport.js";

/** Entries not yet claimed by an action. @type {any[]} */
let seen = [];
/** @type {any[]} */
let tasks = [];
/** Told of every resource as it arrives. @type {((entry: any) => void)[]} */
export const onResource = [];

const take = (entries) => {
  for (const entry of entries) {
    if (isOwn(entry.name) || !/^http/.test(entry.name)) continue;
    seen.push(entry);
    for (const run of onResource) run(entry);
  }
  if (seen.length > 1000) seen = seen.slice(-1000);
};

/** @type {PerformanceObserver|undefined} */
let observer;

export function openTiming() {
  observer = observe("resource", take);
  observe("longtask", (entries) => (tasks = tasks.concat(entries).slice(-500)));
}

/** Takes what the browser has not handed over yet. */
export const drain = () => observer && take(observer.takeRecords());

/** @param {number} from @param {number} to @returns {number} milliseconds of long tasks */
export const longTasks = (from, to) =>
  round(
    tasks
      .filter((task) => task.startTime >= from - 1 && task.startTime < to)
      .reduce((sum, task) => sum + task.duration, 0),
  );

/** The entry of the document. @returns {any} */
export const navigation = () => perf.getEntriesByType("navigation")[0];

const KINDS = {
  script: "js",
  css: "css",
  link: "css",
  img: "img",
  image: "img",
  input: "img",
  xmlhttprequest: "xhr",
  fetch: "fetch",
  video: "media",
  audio: "media",
  track: "media",
  beacon: "beacon",
  iframe: "doc",
  frame: "doc",
  navigation: "doc",
};
/** @type {[string, RegExp][]} */
const ENDINGS = [
  ["font", /\.(woff2?|ttf|otf|eot)$/],
  ["img", /\.(png|jpe?g|gif|svg|webp|avif|ico)$/],
  ["js", /\.m?js$/],
  ["css", /\.css$/],
];

/** @param {any} entry @returns {string} */
function kindOf(entry) {
  const known = KINDS[entry.initiatorType];
  if (known && known !== "css") return known;
  const path = entry.name.split(/[?#]/)[0].toLowerCase();
  for (const [kind, ending] of ENDINGS) if (ending.test(path)) return kind;
  return known || "other";
}

/**
 * @param {any} entry
 * @param {number} origin start of the action
 * @param {any} [request] what we know of it from the call
 * @returns {any}
 */
function row(entry, origin, request) {
  const after = (value) => (value > entry.startTime ? round(value - entry.startTime) || undefined : undefined);
  const status = (request && request.status) || entry.responseStatus || 0;
  return {
    u: cut(entry.name, 2048),
    k: kindOf(entry),
    m: request && request.method,
    st: status || undefined,
    s: Math.max(0, round(entry.startTime - origin)),
    d: round(entry.duration),
    ds: after(entry.domainLookupStart),
    de: after(entry.domainLookupEnd),
    cs: after(entry.connectStart),
    ce: after(entry.connectEnd),
    qs: after(entry.requestStart),
    ps: after(entry.responseStart),
    tb: entry.transferSize || undefined,
    eb: entry.encodedBodySize || undefined,
    db: entry.decodedBodySize || undefined,
    p: entry.nextHopProtocol || undefined,
    rb: entry.renderBlockingStatus === "blocking" ? 1 : undefined,
    f: status >= 400 || (request && request.failed) ? 1 : undefined,
  };
}

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
  const matches = (request, entry) =>
    request.url === entry.name && Math.abs(entry.startTime - request.at) < 50 + (request.end - request.at || 0) / 2;
  /** @type {any[]} */
  const rows = [];
  const left = requests.slice();
  seen = seen.filter((entry) => {
    if (entry.startTime < from - 2 || entry.startTime > to) return entry.startTime > from - 2;
    const called = /^(fetch|xmlhttprequest)$/.test(entry.initiatorType);
    const index = called ? left.findIndex((request) => matches(request, entry)) : -1;
    if (called && index < 0 && others.some((request) => matches(request, entry))) return true;
    rows.push(row(entry, from, index < 0 ? undefined : left.splice(index, 1)[0]));
    return false;
  });
  // Calls the browser made no entry for.
  for (const { url, method, kind, status, failed, at, end } of left) {
    rows.push({
      u: cut(url, 2048),
      k: kind,
      m: method,
      st: status || undefined,
      s: Math.max(0, round(at - from)),
      d: round((end || to) - at),
      f: failed ? 1 : undefined,
    });
  }
  return choose(rows, Math.min(settings.resources, 100));
}

/**
 * @param {any[]} rows
 * @param {number} limit
 */
function choose(rows, limit) {
  const bytes = (row) => row.tb || row.db || 0;
  let kept = rows;
  if (rows.length > limit) {
    const must = (row) => (row.f ? 2 : row.rb || row.m ? 1 : 0);
    const slow = rows.slice().sort((a, b) => must(b) - must(a) || b.d - a.d);
    const large = rows.slice().sort((a, b) => bytes(b) - bytes(a));
    const set = new Set(slow.slice(0, limit * 0.7));
    for (const one of large.concat(slow)) if (set.size < limit) set.add(one);
    kept = [...set].slice(0, limit);
  }
  /** @type {Record<string, any>} */
  const sums = {};
  for (const one of rows) {
    if (kept.includes(one)) continue;
    const host = attempt(() => new URL(one.u).host) || "";
    const sum = (sums[host + one.k] = sums[host + one.k] || { h: host, k: one.k, c: 0, d: 0, b: 0 });
    sum.c++;
    sum.d += one.d;
    sum.b += one.tb || 0;
  }
  const rm = Object.values(sums).slice(0, 50);
  return {
    r: kept.length ? kept.slice().sort((a, b) => a.s - b.s) : undefined,
    rm: rm.length ? rm : undefined,
  };
}

const MARKS = {
  rs: "redirectStart",
  re: "redirectEnd",
  fs: "fetchStart",
  ds: "domainLookupStart",
  de: "domainLookupEnd",
  cs: "connectStart",
  ss: "secureConnectionStart",
  ce: "connectEnd",
  qs: "requestStart",
  ps: "responseStart",
  pe: "responseEnd",
  di: "domInteractive",
  ls: "domContentLoadedEventStart",
  le: "domContentLoadedEventEnd",
  dc: "domComplete",
  os: "loadEventStart",
  oe: "loadEventEnd",
};

/** @param {number} origin start of the action @returns {any} marks of the load */
export function marks(origin) {
  const entry = navigation();
  /** @type {Record<string, number>} */
  const found = {};
  if (!entry) return undefined;
  for (const key of Object.keys(MARKS)) {
    const value = entry[MARKS[key]];
    if (value > 0) found[key] = Math.max(0, round(value - origin));
  }
  for (const paint of perf.getEntriesByType("paint")) {
    found[paint.name === "first-paint" ? "fp" : "fcp"] = Math.max(0, round(paint.startTime - origin));
  }
  return found;
}

/** @param {number} origin @returns {any} the document as a row of the waterfall */
export function documentRow(origin) {
  const entry = navigation();
  return entry && { ...row(entry, origin), d: round(entry.responseEnd - entry.startTime) };
}

/** @param {string} url @returns {number} when it had arrived, 0 when unknown */
export const arrived = (url) => {
  const entry = seen.find((one) => one.name === url);
  return entry ? entry.responseEnd : 0;
};
