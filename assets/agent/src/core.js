// @ts-check
/**
 * What every part of the agent stands on: settings, clock, guarded calls, small helpers.
 */

/**
 * @typedef {{s: "css"|"js"|"meta"|"cookie"|"query", x: string, c?: string}} TagRule
 * @typedef {{
 *   app: string, url: string, percent: number, tags: TagRule[],
 *   resources: number, captions: number, idle: number, max: number
 * }} Settings
 */

// The server puts the application's settings in place of the text. `Object` keeps the bundler from folding it.
const given = Object("__FOOTFALL_SETTINGS__");

/** @type {Settings} */
export const settings = {
  app: "",
  url: "",
  percent: 100,
  tags: [],
  resources: 30,
  captions: 1,
  idle: 2100000,
  max: 28800000,
  ...(given.app ? given : {}),
};

/** Version of the agent, sent with every beacon. */
export const VERSION = "1.0.0";

/** The script element that brought the agent; only known while the script runs. */
export const script = /** @type {HTMLScriptElement|null} */ (document.currentScript);

export const perf = performance;
export const nav = navigator;

/** Milliseconds since the page began, monotonic. @returns {number} */
export const clock = () => perf.now();

/** Wall time of a moment of `clock`. @param {number} at @returns {number} */
export const epoch = (at) => Math.round(perf.timeOrigin + at);

/** @param {number} value @returns {number} */
export const round = (value) => Math.round(value) || 0;

/**
 * Runs a function and swallows what it throws: nothing of the agent may reach the page.
 * @template T
 * @param {() => T} run
 * @returns {T|undefined}
 */
export function attempt(run) {
  try {
    return run();
  } catch {
    return undefined;
  }
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
 * @param {boolean} [capture]
 */
export function on(target, types, run, capture) {
  for (const type of types.split(" ")) {
    target.addEventListener(type, guard(run), { capture: !!capture, passive: true });
  }
}

/**
 * Guarded timer.
 * @param {Function} run
 * @param {number} delay
 * @returns {number}
 */
export const later = (run, delay) => window.setTimeout(guard(run), delay);

/**
 * Observes performance entries, the buffered ones included.
 * @param {string} type
 * @param {(entries: any[]) => void} run
 * @returns {PerformanceObserver|undefined}
 */
export function observe(type, run) {
  return attempt(() => {
    const observer = new PerformanceObserver(guard((list) => run(list.getEntries())));
    observer.observe({ type, buffered: true });
    return observer;
  });
}

/** @param {number} bytes @returns {string} random hexadecimal digits */
export function hex(bytes) {
  const random = new Uint8Array(bytes);
  if (attempt(() => crypto.getRandomValues(random)) === undefined) {
    random.forEach((_, index) => (random[index] = Math.random() * 256));
  }
  return Array.from(random, (byte) => (byte + 256).toString(16).slice(1)).join("");
}

/** A number for a page view. @returns {number} */
export const random32 = () => parseInt(hex(4), 16);

/**
 * Text of anything, cut.
 * @param {any} value
 * @param {number} length
 * @returns {string}
 */
export const cut = (value, length) =>
  value == null ? "" : (attempt(() => String(value)) || "").slice(0, length);

/** Address of the page, cut. @returns {string} */
export const here = () => cut(location.href, 2048);

/** @param {any} url @returns {string} absolute address */
export const absolute = (url) => attempt(() => new URL(url, document.baseURI).href) || cut(url, 2048);

/** Whether the page can be seen. @returns {boolean} */
export const visible = () => document.visibilityState === "visible";

/** A frame of a page of ours, or of another: it shares the tab of that page. */
export const framed = window.top !== window;

/** A navigation away from the page that was seen, and whether the page is gone. */
export const exit = { at: -1e9, to: 0, gone: false };

/** Whether requests die now because the page does. @returns {boolean} */
export const dying = () => exit.gone || clock() - exit.at < 3000;

/** Where beacons go. */
export const beaconUrl = absolute(
  settings.url ||
    (attempt(() => new URL(/** @type {any} */ (script).src).origin) || location.origin) + "/beacon/" + settings.app,
);
