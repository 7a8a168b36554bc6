// @ts-check
/** Waits for the first beacon: asks for a stamp, and loads the page anew when it has changed. */
import { get } from "../lib/dom.js";

/** @param {HTMLElement} element */
export function mount(element) {
  const href = element.dataset.href;
  if (!href || "done" in element.dataset) return;
  const ask = async () => {
    const answer = document.hidden ? null : await get(href);
    if (answer && (await answer.text()).trim() !== element.dataset.stamp) return location.reload();
    setTimeout(ask, 2000);
  };
  setTimeout(ask, 1000);
}
