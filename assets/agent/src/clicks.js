// @ts-check
/**
 * Rage clicks: three or more within a second each, in one place. Dead clicks: a control that answers with nothing.
 */
import { caption, control } from "./naming.js";
import { clock, exit, here, later, life, on, visible } from "./core.js";
import { emit } from "./transport.js";

/** How long a control may take to answer. */
const DEAD = 1500;

/** @param {any} node @param {number} at @param {string} c caption */
function watchDead(node, at, c) {
  const it = control(node);
  if (!it || /^(INPUT|SELECT|TEXTAREA|LABEL|OPTION|LI|TD|TH)$/.test(it.nodeName) || (it.href && !/#/.test(it.href))) return;
  const u = here();
  const before = life.count_;
  const focus = document.activeElement;
  let alive = false;
  const observer = new MutationObserver(() => {
    alive = true;
    observer.disconnect();
  });
  observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  later(() => {
    observer.disconnect();
    if (!alive && before === life.count_ && exit.at_ < at && visible() && (focus === document.activeElement || focus === it))
      emit(at, { k: "d", c, u });
  }, DEAD);
}

/** Starts to count. */
export function openClicks() {
  let count = 0;
  let timer = 0;
  let x = 0;
  let y = 0;
  /** @type {any} */
  let first;
  const end = () => {
    if (count > 2) emit(first.at, { k: "r", c: first.c, u: first.u, x: count });
    count = 0;
  };
  on(window, "scroll blur", () => life.count_++);
  on(document, "click", (event) => {
    // Keys and scripts have no place.
    if (!event.isTrusted || !(event.clientX || event.clientY)) return;
    clearTimeout(timer);
    if (!count || Math.abs(event.clientX - x) > 25 || Math.abs(event.clientY - y) > 25) {
      end();
      x = event.clientX;
      y = event.clientY;
      first = { at: clock(), c: caption(event.target), u: here() };
      watchDead(event.target, first.at, first.c);
    }
    count++;
    timer = later(end, 1000);
  });
}
