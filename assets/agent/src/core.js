// @ts-check
/**
 * What every part of the agent stands on: settings, clock, guarded calls, small helpers.
 * Names that end in `_` are shortened when the agent is built; keys of the wire and of the API never do.
 */

/**
 * @typedef {{s: "css"|"js"|"meta"|"cookie"|"query", x: string, c?: string}} Rule where in the page a value is found
 * @typedef {Rule & {k: string, t: 0|1}} PropertyRule
 * @typedef {{
 *   app?: string, url?: string, percent: number, tags: Rule[], props: PropertyRule[], resources: number,
 *   captions: number, idle: number, max: number, consent?: number, dnt?: number, cookieless?: number, drop: string[],
 *   skip: string[], off?: number, fetch: number
 * }} Settings
 */

// The server puts the application's settings in place of the text. `Object` keeps the bundler from folding it.
const given = /** @type {any} */ (Object)("__FOOTFALL_SETTINGS__");

/** What the server leaves out is at its default. @type {Settings} */
export const settings = { props: [], drop: [], skip: [], fetch: 1, ...given };

/** Whether a part is switched off: 1 script errors, 2 request errors, 4 vitals, 8 rage and dead clicks, 16 resources. */
export const off = (part) => /** @type {any} */ (settings.off) & part;

/** The script element that brought the agent; only known while the script runs. */
export const script = /** @type {HTMLScriptElement|null} */ (document.currentScript);

export const page = /** @type {any} */ (window);
export const doc = /** @type {any} */ (document);
export const perf = performance;
export const nav = /** @type {any} */ (navigator);

/** What the visitor's wish not to be tracked leads to: 0 nothing, 1 silence, 2 an anonymous visit. */
export const wish = nav.doNotTrack === "1" || nav.globalPrivacyControl ? settings.dnt || 0 : 0;

/** Milliseconds since the page began, monotonic. @returns {number} */
export const clock = () => perf.now();

/** Wall time of a moment of `clock`. @param {number} at @returns {number} */
export const epoch = (at) => Math.round(perf.timeOrigin + at);

/** @param {number} value @returns {number} whole and not negative */
export const round = (value) => Math.max(0, Math.round(value)) || 0;

/**
 * Runs a function and swallows what it throws: nothing of the agent may reach the page.
 * @template T
 * @param {() => T} run
 * @returns {T|undefined}
 */
export function attempt(run) {
  try {
    return run();
  } catch {}
}

/**
 * A function that never throws.
 * @param {Function} run
 * @returns {(...rest: any[]) => any}
 */
export const guard =
  (run) =>
  (...rest) =>
    attempt(() => run(...rest));

/**
 * Listens without ever throwing.
 * @param {EventTarget} target
 * @param {string} types separated by blanks
 * @param {(event: any) => void} run
 */
export const on = (target, types, run) =>
  types.split(" ").forEach((type) => target.addEventListener(type, guard(run), { capture: true, passive: true }));

/** Guarded timer. @param {Function} run @param {number} [delay] @returns {number} */
export const later = (run, delay) => window.setTimeout(guard(run), delay);

/** Guarded, every so often. @param {Function} run @param {number} delay */
export const every = (run, delay) => setInterval(guard(run), delay);

/**
 * Observes performance entries, the buffered ones included.
 * @param {string} type
 * @param {(list: any) => void} run
 * @param {any} [more] options
 * @returns {PerformanceObserver|undefined}
 */
export const observe = (type, run, more) =>
  attempt(() => {
    const observer = new PerformanceObserver(guard(run));
    observer.observe({ type, buffered: true, ...more });
    return observer;
  });

/** @param {number} bytes @returns {string} random hexadecimal digits */
export const hex = (bytes) => {
  const random = crypto.getRandomValues(new Uint8Array(bytes));
  return Array.from(random, (byte) => (byte + 256).toString(16).slice(1)).join("");
};

/** A number for a page view. @returns {number} */
export const random32 = () => parseInt(hex(4), 16);

/**
 * Text of anything, cut.
 * @param {any} value
 * @param {number} length
 * @returns {string}
 */
export const cut = (value, length) => (value == null ? "" : (attempt(() => String(value)) || "").slice(0, length));

/** @param {any} value @returns {any} nothing when empty: such keys are not sent */
export const some = (value) => value || undefined;

const dropped = settings.drop.length
  ? new RegExp("([?&#;](?:" + settings.drop.map((name) => name.replace(/\W/g, "\\$&")).join("|") + ")=)[^&#;]*", "gi")
  : /()^$/;

/** An address as it may be sent: values of dropped parameters are gone. @param {any} url @returns {string} */
export const clean = (url) => cut(cut(url, 9999).replace(dropped, "$1"), 2048);

/** @param {any} url @returns {string} absolute address */
export const absolute = (url) => attempt(() => new URL(url, doc.baseURI).href) || cut(url, 2048);

/** Address of the page. @returns {string} */
export const here = () => clean(location.href);

/** Whether the page can be seen. @returns {boolean} */
export const visible = () => doc.visibilityState === "visible";

/** A frame of a page of ours, or of another: it shares the tab of that page. */
export const framed = window.top !== window;

/** A navigation away from the page that was seen, and whether the page is gone. */
export const exit = { at_: -1e9, to_: 0, gone_: false };

/** Whether requests die now because the page does. @returns {boolean} */
export const dying = () => exit.gone_ || clock() - exit.at_ < 3000;

/** Where beacons go. */
export const beaconUrl = absolute(
  settings.url ||
    (attempt(() => new URL(/** @type {any} */ (script).src).origin) || location.origin) + "/beacon/" + settings.app,
);

/** Never recorded: the agent's own requests and those that the application leaves out. @param {string} url */
export const isOwn = (url) => url.startsWith(beaconUrl) || settings.skip.some((part) => url.includes(part));

/** Signs that the page answers: requests, route changes, scrolling. */
export const life = { count_: 0 };

/** Functions of the page that want to know: actions begin, actions end, the page is left, a session is too old. */
export const hooks = /** @type {Function[][]} */ ([[], [], [], []]);

/** @param {number} hook @param {...any} rest */
export const tell = (hook, ...rest) => hooks[hook].forEach((run) => attempt(() => run(...rest)));
