// @ts-check
/**
 * LCP, INP and CLS, with the element each is about and the parts each is made of (after the attribution of web-vitals).
 */
import { onCLS } from "web-vitals/onCLS.js";
import { onINP } from "web-vitals/onINP.js";
import { onLCP } from "web-vitals/onLCP.js";
import { clean, clock, cut, guard, observe, off, round, some } from "./core.js";
import { view } from "./actions.js";
import { arrivalOf, navigation } from "./timing.js";
import { emit } from "./transport.js";

/** What is known of the page view so far: each event tells all of it. @type {any} */
let known = {};

/** @param {any} values */
function send(values) {
  const pv = view.page_;
  known = { ...(known.pv === pv && known), k: "v", pv, ...values };
  emit(clock(), known);
}

/**
 * A short selector of an element.
 * @param {any} node
 * @returns {string|undefined}
 */
function selector(node) {
  let text = "";
  for (let depth = 0; node && node.localName && depth < 4; depth++, node = node.parentNode) {
    text = (node.id ? "#" + node.id : [node.localName, ...[...node.classList].slice(0, 2)].join(".")) + (text && ">" + text);
    if (node.id) break;
  }
  return some(cut(text, 200));
}

/** Frames that took long, the last ones. @type {any[]} */
let frames = [];

/** Slow inputs, the last ones. @type {any[]} */
let events = [];

/** Starts to measure. */
export function openVitals() {
  if (off(4)) return;
  observe("long-animation-frame", (list) => (frames = frames.concat(list.getEntries()).slice(-50)));
  observe("event", (list) => (events = events.concat(list.getEntries()).slice(-50)), { durationThreshold: 40 });
  onLCP(
    guard(({ value, entries, navigationType }) => {
      const [entry = {}] = entries;
      const lcp = round(value);
      const isRestored = /^back/.test(navigationType);
      const { activationStart = 0, responseStart = 0 } = navigation();
      // Whole from here on: rounded one by one, the parts would not add up.
      const first = isRestored ? 0 : round(responseStart - activationStart);
      const found = (entry.url && arrivalOf(entry.url)) || {};
      const from = Math.max(first, round((found.requestStart || found.startTime || 0) - activationStart));
      const to = Math.min(lcp, Math.max(from, round((found.responseEnd || 0) - activationStart)));
      send({
        lcp,
        le: selector(entry.element),
        lu: some(clean(entry.url)),
        lt: first,
        ld: from - first,
        lr: round(to - from),
        lw: round(lcp - to),
      });
    }),
  );
  onINP(
    guard(({ value, entries }) => {
      const [entry] = entries;
      if (!entry) return send({ inp: round(value) });
      const at = entry.startTime;
      // All that was handled before the same paint, as a click after its `pointerup`.
      const together = [entry, ...events.filter((one) => Math.abs(one.startTime + one.duration - at - entry.duration) < 9)];
      const from = Math.max(at, Math.min(...together.map((one) => one.processingStart)));
      const paint = Math.max(at + entry.duration, from);
      const to = Math.min(Math.max(...together.map((one) => one.processingEnd)), paint);
      /** @type {any} */
      let script = {};
      let longest = 0;
      for (const { startTime, duration, scripts } of frames) {
        if (startTime > to || startTime + duration < at) continue;
        for (const one of scripts) {
          const length = one.startTime + one.duration - Math.max(at, one.startTime);
          if (length > longest) {
            longest = length;
            script = one;
          }
        }
      }
      send({
        inp: round(value),
        ie: selector((entries.find((one) => one.target) || {}).target),
        it: entry.name,
        id: round(from - at),
        ip: round(to - from),
        iw: round(paint - to),
        is: some(clean(script.sourceURL)),
        if: some(cut(script.sourceFunctionName || script.invoker, 200)),
        il: some(round(longest)),
      });
    }),
  );
  onCLS(
    guard(({ value, entries }) => {
      const [worst = {}] = entries.slice().sort((a, b) => b.value - a.value);
      const source = (worst.sources || []).find((one) => one.node && one.node.nodeType < 2) || {};
      send({
        cls: round(value * 1000),
        ce: selector(source.node),
        cv: some(round(worst.value * 1000)),
        ct: some(round(worst.startTime)),
      });
    }),
  );
}
