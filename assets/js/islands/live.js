// @ts-check
/** Asks now and then whether there is news, and offers it; nothing moves by itself. */
import { get, say } from "../lib/dom.js";

const SECONDS = 10;

/** @param {HTMLElement} element */
export function mount(element) {
  const href = element.dataset.href;
  if (!href) return;
  const words = element.querySelector("span") ?? element;
  let said = "";
  const ask = async () => {
    if (!document.hidden) {
      const answer = await get(href);
      const text = answer && answer.status === 200 ? (await answer.text()).slice(0, 120).trim() : "";
      if (text && text !== said) {
        said = text;
        words.textContent = text;
        element.hidden = false;
        say(text);
        for (const link of element.matches("a") ? [element] : element.querySelectorAll("a")) {
          link.setAttribute("href", location.pathname + location.search);
        }
      }
    }
    setTimeout(ask, SECONDS * 1000);
  };
  setTimeout(ask, SECONDS * 1000);
}
