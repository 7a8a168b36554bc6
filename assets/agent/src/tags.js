// @ts-check
/**
 * Who it is: by call or by the rules of the application.
 */
import { attempt, clock, cut, settings } from "./core.js";
import { cookie } from "./ids.js";
import { emit } from "./transport.js";

let sent = "";
let ruled = "";

/** Sends a user tag unless it was sent already. @param {any} value */
export function identify(value) {
  const tag = cut(value, 256).trim();
  if (!tag || tag === sent) return;
  sent = tag;
  emit(clock(), { k: "u", v: tag });
}

/** Another session or page view has to be told again. */
export function forget() {
  sent = ruled = "";
}

/** @type {Record<string, (expression: string) => any>} */
const SOURCES = {
  css(expression) {
    const [, selector, attribute] = /^(.*?)(?:@([\w-]+))?$/.exec(expression) || [];
    const node = /** @type {any} */ (document.querySelector(selector));
    return node && (attribute ? node.getAttribute(attribute) : node.textContent);
  },
  js: (expression) => expression.split(".").reduce((value, key) => value[key], /** @type {any} */ (window)),
  meta: (expression) =>
    [...document.querySelectorAll("meta")]
      .filter((node) => node.name === expression || node.getAttribute("property") === expression)
      .map((node) => node.content)[0],
  cookie: (expression) => decodeURIComponent(cookie(expression)),
  query: (expression) => new URLSearchParams(location.search).get(expression),
};

/** Looks for a user tag in the page: the first rule that finds one counts. */
export function lookForUser() {
  for (const { s, x, c } of settings.tags || []) {
    let value = cut(
      attempt(() => SOURCES[s](x)),
      1000,
    ).trim();
    if (value && c) {
      const found = attempt(() => new RegExp(c).exec(value));
      value = found ? found[1] == null ? found[0] : found[1] : "";
    }
    if (!value) continue;
    if (value !== ruled) identify((ruled = value));
    return;
  }
}
