// @ts-check
/**
 * Visitor, browser session and tab, and where they are kept.
 * `ff_v` (13 months) and `ff_s` (until the browser closes) are cookies on the widest domain that takes them.
 */
import { attempt, hex, nav, settings } from "./core.js";

/** @type {Record<string, string>} */
const memory = {};

/** @param {string} name @returns {string} */
export function cookie(name) {
  const found = ("; " + (attempt(() => document.cookie) || "")).split("; " + name + "=")[1];
  return found ? found.split(";")[0] : "";
}

/**
 * @param {string} name
 * @param {string} value
 * @param {string} domain
 * @param {number} [seconds]
 */
function setCookie(name, value, domain, seconds) {
  document.cookie =
    name +
    "=" +
    value +
    "; path=/; SameSite=Lax" +
    (domain && "; domain=" + domain) +
    (location.protocol === "https:" ? "; Secure" : "") +
    (seconds == null ? "" : "; max-age=" + seconds);
}

/** @param {string} domain @returns {boolean} whether the browser keeps a cookie there */
const takes = (domain) =>
  !!attempt(() => {
    setCookie("ff_p", "1", domain);
    const kept = cookie("ff_p") === "1";
    setCookie("ff_p", "", domain, 0);
    return kept;
  });

const host = location.hostname;

/** The widest domain that takes cookies; empty for the host alone; undefined without cookies. */
export const domain = (() => {
  const labels = host.split(".");
  if (!/[\d:\]]$/.test(host)) {
    for (let first = labels.length - 2; first >= 0; first--) {
      const wide = labels.slice(first).join(".");
      if (takes(wide)) return wide;
    }
  }
  return takes("") ? "" : undefined;
})();

/** @param {string} name @returns {string} */
const load = (name) =>
  (domain != null && cookie(name)) || memory[name] || attempt(() => localStorage.getItem(name)) || "";

/**
 * @param {string} name
 * @param {string} value
 * @param {number} [seconds]
 */
function save(name, value, seconds) {
  memory[name] = value;
  attempt(() => (domain == null ? localStorage.setItem(name, value) : setCookie(name, value, domain, seconds)));
}

/** @param {string} name @returns {string} kept for the life of the tab */
export const tabGet = (name) => attempt(() => sessionStorage.getItem(name)) || "";

/**
 * @param {string} name
 * @param {string} value empty removes
 */
export const tabSet = (name, value) =>
  attempt(() => (value ? sessionStorage.setItem(name, value) : sessionStorage.removeItem(name)));

/** The ids of now. */
export const ids = { visitor: "", returning: 0, session: "", tab: "", sampled: false };

let started = 0;
let active = 0;
let written = 0;

/** Whole sessions are in or out: the id decides. */
function draw() {
  ids.sampled = parseInt(ids.session.slice(0, 6), 16) % 100 < settings.percent;
}

function write() {
  written = active;
  save("ff_s", ids.session + "." + started.toString(36) + "." + active.toString(36));
}

/** Begins another browser session. */
export function renew() {
  ids.session = hex(8);
  started = active = Date.now();
  draw();
  write();
}

/**
 * The visitor is here: keeps the session alive, or begins another one when the last is too old.
 * @param {() => void} [before] called before the id changes
 */
export function touch(before) {
  const now = Date.now();
  if (now - active < 1000 && ids.session) return;
  const kept = /^([0-9a-f]{16})\.(\w+)\.(\w+)$/.exec(load("ff_s"));
  const last = kept ? Math.max(parseInt(kept[3], 36), kept[1] === ids.session ? active : 0) : 0;
  const first = kept ? parseInt(kept[2], 36) : 0;
  if (!kept || now - last > settings.idle || now - first > settings.max) {
    if (ids.session && before) before();
    renew();
    return;
  }
  if (kept[1] !== ids.session) {
    if (ids.session && before) before();
    ids.session = kept[1];
    draw();
  }
  started = first;
  active = now;
  if (now - written > 15000) write();
}

/** Reads or makes the ids. */
export function openIds() {
  const kept = load("ff_v");
  ids.returning = /^[0-9a-f]{32}$/.test(kept) ? 1 : 0;
  ids.visitor = ids.returning ? kept : hex(16);
  save("ff_v", ids.visitor, 34128000);
  touch();
  ids.tab = tabGet("ff_t") || newTab();
}

/** A tab id of its own. @returns {string} */
export function newTab() {
  ids.tab = hex(8);
  tabSet("ff_t", ids.tab);
  return ids.tab;
}

/** @param {string} other host name @returns {boolean} whether it belongs to this site */
export const sameSite = (other) => other === host || (!!domain && ("." + other).endsWith("." + domain));

/** Web Locks where there are any. */
export const locks = nav.locks;
