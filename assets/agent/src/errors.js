// @ts-check
/**
 * What broke: exceptions, rejections, resources, policy violations.
 */
import { absolute, clean, cut, isOwn, off, on, some } from "./core.js";
import { attach } from "./actions.js";

/** At most so many of one page. */
let left = 100;

/**
 * @param {any} error an Error, something thrown, or an object with the fields of one
 * @param {any} [at] where the browser saw it
 * @param {any} [action]
 */
export function report(error, at, action) {
  const has = error && typeof error === "object";
  const where = at || error || {};
  const message = cut((has && error.message) || (has ? where.message || error : error), 1000);
  if (off(1) || /ResizeObserver loop/.test(message) || left-- < 1) return;
  attach(
    {
      t: "js",
      m: message,
      n: some(has && cut(error.name, 64)),
      s: some(has && cut(error.stack, 4000)),
      u: some(clean(where.filename || where.fileName || where.file)),
      l: some(+(where.lineno || where.line)),
      c: some(+(where.colno || where.column)),
    },
    action,
  );
}

/**
 * A request that failed.
 * @param {any} url
 * @param {any} message
 * @param {number} [st] status
 * @param {any} [action]
 * @param {string} [me] method
 */
export function failed(url, message, st, action, me = "GET") {
  const u = absolute(url);
  if (!off(2) && !isOwn(u) && left-- > 0) attach({ t: "req", m: cut(message, 1000), u: clean(u), me, st: some(st) }, action);
}

/** Starts to listen. */
export function openErrors() {
  on(window, "error", (event) => {
    const node = event.target;
    if (event instanceof ErrorEvent) report(event.error == null ? event.message : event.error, event);
    else if (node && node.localName) {
      const url = node.currentSrc || node.src || node.href;
      if (url) failed(url, "Failed to load " + node.localName);
    }
  });
  on(window, "unhandledrejection", (event) => report(event.reason, {}));
  on(document, "securitypolicyviolation", (event) => {
    const blocked = event.blockedURI;
    if (event.disposition !== "report")
      failed(/^\w+$/.test(blocked) ? location.href : blocked, "CSP " + event.effectiveDirective + " blocked " + clean(blocked));
  });
}
