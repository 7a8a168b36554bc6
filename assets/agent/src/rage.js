// @ts-check
/**
 * Rage clicks: three or more within a second each, in one place.
 */
import { caption } from "./naming.js";
import { clock, here, later, on } from "./core.js";
import { emit } from "./transport.js";

/** Starts to count. */
export function openRage() {
  let count = 0;
  let timer = 0;
  /** @type {any} */
  let first;
  const end = () => {
    if (count > 2) emit(first.at, { k: "r", c: first.name, u: first.url, x: count });
    count = 0;
  };
  on(
    document,
    "click",
    (event) => {
      // Keys and scripts have no place.
      if (!event.isTrusted || (!event.clientX && !event.clientY)) return;
      const now = clock();
      const near =
        count && Math.abs(event.clientX - first.x) <= 25 && Math.abs(event.clientY - first.y) <= 25;
      clearTimeout(timer);
      if (!near) {
        end();
        first = { x: event.clientX, y: event.clientY, at: now, name: caption(event.target), url: here() };
      }
      count++;
      timer = later(end, 1000);
    },
    true,
  );
}
