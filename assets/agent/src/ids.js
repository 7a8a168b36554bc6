// @ts-check
/**
 * Visitor, browser session and tab, and where they are kept.
 * `ff_v` (13 months) and `ff_s` (until the browser closes) are cookies on the widest domain that takes them; `ff_c` says
 * that the visitor agreed, `ff_n` that the visitor shall not be known again.
 */
import { attempt, guard, hex, page, settings, tell, wish } from "./core.js";

/** @type {Record<string, string>} */
let memory = {};
const storeless = settings.cookieless || wish > 1;
const host = location.hostname;
const labels = /[\d:\]]$/.test(host) ? [] : host.split(".");
/** Domains that may take cookies, the host alone first, wider and wider; not even asked when nothing is kept. */
const wides = storeless ? [] : ["", ...labels.slice(1).map((_, index) => labels.slice(index).join("."))];
/** @type {string|undefined} the widest domain that takes cookies; empty for the host alone; undefined without cookies */
let domain;

/** All cookies while the ids are made: a browser asks another process for them. @type {any} */
let jar;

const allCookies = () => "; " + (attempt(() => document.cookie) || "");

/** @param {string} name @returns {string} */
export const cookie = (name) => ((jar || allCookies()).split("; " + name + "=")[1] || "").split(";")[0];

/**
 * @param {string} name
 * @param {string} value
 * @param {string} wide domain
 * @param {number} [seconds]
 */
const write = (name, value, wide, seconds) => {
  document.cookie =
    name +
    "=" +
    value +
    "; path=/; SameSite=Lax" +
    (wide && "; domain=" + wide) +
    (location.protocol === "https:" ? "; Secure" : "") +
    (seconds == null ? "" : "; max-age=" + seconds);
};

/** Another page of this browser may ask at the same time. */
const mark = "ff_" + hex(2);

/** Asks with a cookie for each domain. @param {any} value @param {number} seconds */
const probe = (value, seconds) => wides.forEach((wide, index) => attempt(() => write(mark + index, value, wide, seconds)));

/** @param {"local"|"session"} kind @returns {any} storage of the browser or the tab */
const storage = (kind) => (storeless ? undefined : page[kind + "Storage"]);

/** @param {string} name @returns {string} */
export const load = (name) =>
  (!storeless && cookie(name)) || memory[name] || (domain == null && attempt(() => storage("local").getItem(name))) || "";

/**
 * @param {string} name
 * @param {string} value
 * @param {number} [seconds]
 */
export function save(name, value, seconds) {
  settle();
  memory[name] = value;
  if (!storeless && ids.on_)
    attempt(() => (domain == null ? storage("local").setItem(name, value) : write(name, value, domain, seconds)));
}

/** @param {string} name @returns {string} kept for the life of the tab */
export const tabGet = (name) => attempt(() => storage("session").getItem(name)) || "";

/** @param {string} name @param {string} value */
export const tabSet = (name, value) => ids.on_ && attempt(() => storage("session").setItem(name, value));

/** Takes everything out of the browser again. */
export function erase() {
  settle();
  memory = {};
  for (const letter of "vscntqz") {
    const name = "ff_" + letter;
    attempt(() => write(name, "", domain || "", 0));
    attempt(() => storage("local").removeItem(name));
    attempt(() => storage("session").removeItem(name));
  }
}

/** The ids of now; nothing is sent while `on_` is not set. */
export const ids = { visitor_: "", returning_: 0, session_: "", tab_: "", sampled_: true, on_: 0 };

let started = 0;
let active = 0;
let written = 0;

/** Whole sessions are in or out: the id decides. */
const draw = () => (ids.sampled_ = parseInt(ids.session_.slice(0, 6), 16) % 100 < settings.percent);

function keep() {
  written = active;
  save("ff_s", ids.session_ + "." + started + "." + active);
}

/** Begins another browser session. */
export function renew() {
  ids.session_ = hex(8);
  started = active = Date.now();
  draw();
  keep();
}

/**
 * The visitor is here: keeps the session alive, or begins another one when the last is too old.
 * @param {() => void} [before] called before the id changes
 */
export function touch(before) {
  settle();
  const now = Date.now();
  const old = ids.session_;
  if (!ids.on_ || (now - active < 1000 && old)) return;
  const [, id, first, last] = /^([0-9a-f]{16})\.(\d+)\.(\d+)$/.exec(load("ff_s")) || [];
  const over = !(now - Math.max(+last, id === old ? active : 0) < settings.idle && now - +first < settings.max);
  if (old && before && (over || id !== old)) before();
  if (over) {
    if (old) tell(3, old, true);
    return renew();
  }
  ids.session_ = id;
  draw();
  started = +first;
  active = now;
  if (now - written > 15000) keep();
}

/** Keeps the visitor for another 13 months, or only until the browser closes. */
export const keepVisitor = () => save("ff_v", ids.visitor_, load("ff_n") ? undefined : 34128000);

/** What waits for the ids. @type {any} */
let waits;

/**
 * Reads or makes the ids. The page does not wait while the browser looks for its cookies, where the browser can tell later.
 * @param {Function[]} then
 */
export function openIds(then) {
  waits = then;
  probe(1, 9);
  const run = guard(settle);
  (!storeless && attempt(() => page.cookieStore.getAll().then(run, run))) || settle();
}

/** The ids are needed now. @param {any} [list] cookies as the browser told them */
export function settle(list) {
  const then = waits;
  if (!then) return;
  waits = 0;
  jar = list && list.map ? "; " + list.map((one) => one.name + "=" + one.value).join("; ") : storeless || allCookies();
  domain = wides.filter((_, index) => cookie(mark + index)).pop();
  probe("", 0);
  if (!ids.on_) return (jar = 0);
  const kept = load("ff_v");
  ids.returning_ = +/^[0-9a-f]{32}$/.test(kept);
  ids.visitor_ = ids.returning_ ? kept : hex(16);
  keepVisitor();
  ids.session_ = "";
  touch();
  jar = 0;
  ids.tab_ = tabGet("ff_t");
  if (!ids.tab_) newTab();
  then.forEach(attempt);
}

/** A tab id of its own. */
export function newTab() {
  ids.tab_ = hex(8);
  tabSet("ff_t", ids.tab_);
}

/** @param {string} other host name @returns {boolean} whether it belongs to this site */
export const sameSite = (other) => other === host || (!!domain && ("." + other).endsWith("." + domain));
