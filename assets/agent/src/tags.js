// @ts-check
/**
 * Who it is, and what else is known: by call or by the rules of the application.
 */
import { attempt, clock, cut, doc, page, settings, wish } from "./core.js";
import { cookie, ids } from "./ids.js";
import { emit } from "./transport.js";

let sent = "";
let ruled = "";
/** Session properties as they were sent last. @type {Record<string, string>} */
let known = {};

/** Sends a user tag unless it was sent already. @param {any} value */
export function identify(value) {
  const tag = cut(value, 256).trim();
  if (!tag || tag === sent || wish || !ids.on_) return;
  sent = tag;
  emit(clock(), { k: "u", v: tag });
}

/** Another session or page view has to be told again. */
export function forget() {
  sent = ruled = "";
  known = {};
}

/** @type {Record<string, (expression: string) => any>} */
const SOURCES = {
  css(expression) {
    const [, selector, attribute] = /** @type {any} */ (/^(.*?)(?:@([\w-]+))?$/.exec(expression));
    const node = doc.querySelector(selector);
    return attribute ? node.getAttribute(attribute) : node.textContent;
  },
  js: (expression) => expression.split(".").reduce((value, key) => value[key], page),
  meta: (expression) =>
    [...doc.querySelectorAll("meta")].find((node) =>
      [node.name, node.getAttribute("property")].includes(expression),
    ).content,
  cookie: (expression) => decodeURIComponent(cookie(expression)),
  query: (expression) => new URLSearchParams(location.search).get(expression),
};

/**
 * What a rule finds in the page.
 * @param {import("./core.js").Rule} rule
 * @returns {string} empty when it finds nothing
 */
export function evaluate({ s, x, c }) {
  const value = cut(
    attempt(() => SOURCES[s](x)),
    1000,
  ).trim();
  const found = value && c ? attempt(() => new RegExp(c).exec(value)) : [value];
  return found ? (found[1] == null ? found[0] : found[1]) : "";
}

/**
 * Looks for what the rules tell of the session: the first that finds a user tag counts. Gives the properties of an action.
 * @returns {Record<string, string>}
 */
export function look() {
  /** @type {Record<string, string>} */
  const action = {};
  /** @type {Record<string, string>} */
  const session = {};
  if (wish) return action;
  for (const rule of settings.tags) {
    const value = evaluate(rule);
    if (!value) continue;
    if (value !== ruled) identify((ruled = value));
    break;
  }
  for (const rule of settings.props) {
    const value = evaluate(rule);
    if (!value) continue;
    if (!rule.t) action[rule.k] = value;
    else if (known[rule.k] !== value) session[rule.k] = known[rule.k] = value;
  }
  if (Object.keys(session)[0]) emit(clock(), { k: "p", pr: session });
  return action;
}
