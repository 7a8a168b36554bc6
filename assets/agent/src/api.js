// @ts-check
/**
 * What pages may call: `window.footfall`.
 */
import { clock, cut, epoch, guard, perf, here } from "./core.js";
import { attach, begin, close, current, find, finishSession } from "./actions.js";
import { renew } from "./ids.js";
import { report } from "./errors.js";
import { forget, identify } from "./tags.js";
import { emit } from "./transport.js";

/**
 * Pairs as text. Takes plain objects and the groups `{javaLong, date, shortString, javaDouble}`.
 * @param {any[]} groups
 * @returns {Record<string, string>}
 */
function pairs(groups) {
  /** @type {Record<string, string>} */
  const found = {};
  let count = 0;
  const add = (object) => {
    for (const key of Object.keys(object || {})) {
      let value = object[key];
      if (/^(javaLong|date|shortString|javaDouble)$/.test(key) && value && typeof value === "object") {
        add(value);
        continue;
      }
      if (value && typeof value === "object" && "value" in value) value = value.value;
      if (value instanceof Date) value = value.toISOString();
      if (value != null && count++ < 50) found[cut(key, 64)] = cut(value, 512);
    }
  };
  groups.forEach(add);
  return found;
}

/** @param {number|undefined} time wall time @returns {number} by our clock */
const moment = (time) => (time && time > 0 ? Math.min(time - perf.timeOrigin, clock()) : clock());

const api = {
  /**
   * Opens a custom action.
   * @param {string} name
   * @param {string} [type] ignored
   * @param {number} [startTime] wall time in milliseconds, at most an hour ago
   * @param {string} [sourceUrl] the page's address when missing
   * @returns {number} its id; 0 when none was opened
   */
  enterAction(name, type, startTime, sourceUrl) {
    const at = moment(startTime);
    if (!name || clock() - at > 3600000) return 0;
    return begin("custom", at, { name: cut(name, 256), url: sourceUrl ? cut(sourceUrl, 2048) : here() }).id;
  },
  /**
   * Closes an action.
   * @param {number} id
   * @param {number} [stopTime] wall time in milliseconds
   */
  leaveAction(id, stopTime) {
    const action = find(id);
    if (action) {
      action.end = Math.max(action.at, moment(stopTime));
      action.pending = 0;
      close(action);
    }
  },
  /**
   * Names the current action, or the one given.
   * @param {string} name
   * @param {number} [id]
   * @returns {number} 0 done, 1 no such action, 2 not a name, 3 not an id
   */
  actionName(name, id) {
    if (!name || typeof name !== "string") return 2;
    if (id != null && !(id > 0)) return 3;
    const action = id ? find(id) : current();
    if (action) action.name = cut(name, 256);
    return action ? 0 : 1;
  },
  /**
   * Properties of an action: keys and values.
   * @param {number} id
   * @param {...any} groups
   */
  addActionProperties(id, ...groups) {
    const action = find(id) || current();
    if (action) Object.assign(action.properties, pairs(groups));
  },
  /**
   * Properties of the session: keys and values.
   * @param {...any} groups
   */
  sendSessionProperties(...groups) {
    const pr = pairs(groups);
    if (Object.keys(pr).length) emit(clock(), { k: "p", pr });
  },
  /**
   * Says who the visitor is.
   * @param {string} tag
   */
  identifyUser: identify,
  /** Ends the session; what follows is another one. */
  endSession() {
    finishSession(renew);
    forget();
  },
  /**
   * Reports an error.
   * @param {Error|string|{message: string, file?: string, line?: number, column?: number, stack?: string}} error
   * @param {number} [id] action
   */
  reportError(error, id) {
    report(error, undefined, id && find(id));
  },
  /**
   * Reports an error of the page's own kind.
   * @param {string} key
   * @param {string} value
   * @param {string} [hint]
   * @param {number|boolean} [parent] action
   */
  reportCustomError(key, value, hint, parent) {
    attach(
      { t: "custom", m: cut(key, 256), n: cut(value, 256), s: cut(hint, 1000) || undefined },
      typeof parent === "number" ? find(parent) : undefined,
    );
  },
  /** Wall time of the agent. @returns {number} */
  now: () => epoch(clock()),
};

/** Hands the calls to the page, each guarded. */
export function openApi() {
  const page = /** @type {any} */ (window);
  /** @type {any} */
  const calls = {};
  for (const name in api) calls[name] = guard(api[name]);
  page.footfall = calls;
  page.dtrum = page.dtrum || calls;
}
