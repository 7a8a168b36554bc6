// @ts-check
/**
 * LCP, INP and CLS, with the element each is about.
 */
import { onCLS, onINP, onLCP } from "web-vitals";
import { clock, cut, guard, round } from "./core.js";
import { view } from "./actions.js";
import { emit } from "./transport.js";

/** @param {any} values */
const send = (values) => emit(clock(), { k: "v", pv: view.page, ...values });

/**
 * A short selector of an element.
 * @param {any} node
 * @returns {string|undefined}
 */
function selector(node) {
  let text = "";
  for (let depth = 0; node && node.nodeName && node.nodeType !== 9 && depth < 4; depth++, node = node.parentNode) {
    if (node.nodeType !== 1) continue;
    const name = node.id ? "#" + node.id : [node.localName, ...[...node.classList].slice(0, 2)].join(".");
    text = text ? name + ">" + text : name;
    if (node.id) break;
  }
  return cut(text, 200) || undefined;
}

/** Starts to measure. */
export function openVitals() {
  onLCP(
    guard(({ value, entries }) => {
      const entry = entries[entries.length - 1] || {};
      send({ lcp: round(value), le: selector(entry.element), lu: cut(entry.url, 2048) || undefined });
    }),
  );
  onINP(
    guard(({ value, entries }) => {
      const entry = entries.find((one) => one.target) || {};
      send({ inp: round(value), ie: selector(entry.target) });
    }),
  );
  onCLS(
    guard(({ value, entries }) => {
      const worst = entries.slice().sort((a, b) => b.value - a.value)[0] || { sources: [] };
      const source = worst.sources.find((one) => one.node) || {};
      send({ cls: round(value * 1000), ce: selector(source.node) });
    }),
  );
}
