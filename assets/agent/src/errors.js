// @ts-check
/**
 * What broke: exceptions, rejections, resources, policy violations.
 */
import { absolute, cut, on } from "./core.js";
import { attach } from "./actions.js";
import { isOwn } from "./transport.js";

/** At most so many of one page. */
let left = 100;

/**
 * @param {any} error an Error, something thrown, or an object with the fields of one
 * @param {any} [at] where the browser saw it
 * @param {any} [action]
 */
export function report(error, at, action) {
  if (left-- <= 0) return;
  const has = error && typeof error === "object";
  const where = at || error || {};
  const message = cut((has && error.message) || (has ? (at && at.message) || error : error), 1000);
  if (/ResizeObserver loop/.test(message)) return;
  attach(
    {
      t: "js",
      m: message,
      n: (has && cut(error.name, 64)) || undefined,
      s: (has && cut(error.stack, 4000)) || undefined,
      u: cut(where.filename || where.fileName || where.file, 2048) || undefined,
      l: +(where.lineno || where.line) || undefined,
      c: +(where.colno || where.column) || undefined,
    },
    action,
  );
}

/**
 * @param {any} url
 * @param {string} message
 */
function broken(url, message) {
  const address = absolute(url);
  if (!isOwn(address) && left-- > 0) attach({ t: "req", m: cut(message, 1000), u: cut(address, 2048), me: "GET" });
}

/** Starts to listen. */
export function openErrors() {
  on(
    window,
    "error",
    (event) => {
      const node = event.target;
      if (event instanceof ErrorEvent) {
        report(event.error == null ? event.message : event.error, event);
      } else if (node && node.nodeName) {
        const url = node.currentSrc || node.src || node.href;
        if (url) broken(url, "Failed to load " + node.nodeName.toLowerCase());
      }
    },
    true,
  );
  on(window, "unhandledrejection", (event) => report(event.reason, {}));
  on(document, "securitypolicyviolation", (event) => {
    if (event.disposition !== "report") {
      const blocked = event.blockedURI;
      broken(/^\w+$/.test(blocked) ? location.href : blocked, "CSP " + event.effectiveDirective + " blocked " + blocked);
    }
  });
}
