// @ts-check
/** Waits for the first beacon: asks for its own part of the page until it has come. */
import { get, say } from "../lib/dom.js";

/** @param {HTMLElement} element */
export function mount(element) {
  const href = element.dataset.href;
  if (!href || "done" in element.dataset) return;
  const ask = async () => {
    const answer = document.hidden ? null : await get(href);
    if (answer) {
      const next = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("arrival");
      if (next) {
        element.replaceChildren(...next.childNodes);
        if ("done" in next.dataset) return say("The first beacon has arrived");
      }
    }
    setTimeout(ask, 2000);
  };
  setTimeout(ask, 1000);
}
