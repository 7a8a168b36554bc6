// @ts-check
/**
 * Visually complete: when the last thing inside the window was added, or its picture arrived.
 */
import { clock, guard, later, perf, visible } from "./core.js";
import { arrived, drain } from "./timing.js";

/** Elements remembered; older ones go first. */
const KEPT = 300;
/** Smaller ones do not count, square pixels. */
const SMALLEST = 50;

/** @param {Element} node @returns {boolean} */
function inWindow(node) {
  if (!node.isConnected) return false;
  const box = node.getBoundingClientRect();
  return (
    box.width * box.height >= SMALLEST &&
    box.bottom + scrollY > 0 &&
    box.top + scrollY < innerHeight &&
    box.right > 0 &&
    box.left < innerWidth
  );
}

/**
 * Watches from now on.
 * @param {number} from
 * @returns {(loaded: number, done: (shown: number|undefined) => void) => void} waits for the picture to stand still
 */
export function watchPaint(from) {
  /** @type {{node: any, at: number}[]} */
  let added = [];
  let last = 0;
  let hidden = !visible();
  const observer = new MutationObserver(
    guard((records) => {
      const now = clock();
      for (const record of records) {
        for (const node of record.addedNodes) {
          if (node.nodeType === 1 && !/^(SCRIPT|STYLE|LINK|META|HEAD|TITLE)$/.test(node.nodeName)) {
            added.push({ node, at: now });
            last = now;
          }
        }
      }
      if (added.length > KEPT) added = added.slice(-KEPT);
      hidden = hidden || !visible();
    }),
  );
  observer.observe(document, { childList: true, subtree: true });
  return (loaded, done) => {
    const look = () => {
      const now = clock();
      if (now - last < 1000 && now - loaded < 3000) return void later(look, 200);
      observer.disconnect();
      drain();
      if (hidden || !visible()) return done(undefined);
      const paint = perf.getEntriesByName("first-contentful-paint")[0];
      let shown = paint ? paint.startTime : 0;
      for (const { node, at } of added.reverse()) {
        if (at <= shown) break;
        if (inWindow(node)) shown = at;
      }
      for (const image of [...document.images].slice(0, 100)) {
        const at = arrived(image.currentSrc);
        if (at > shown && at < loaded + 3000 && inWindow(image)) shown = at;
      }
      done(shown > from ? shown : undefined);
    };
    look();
  };
}
