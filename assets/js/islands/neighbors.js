// @ts-check
/** `n` and `p`: the next and the previous session of the list. */
import { isTyping } from "../lib/dom.js";

/** @param {HTMLElement} element */
export function mount(element) {
  element.setAttribute("data-ready", "");
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping() || document.querySelector("dialog[open]")) return;
    const rel = event.key === "n" ? "next" : event.key === "p" ? "prev" : "";
    const link = rel && element.querySelector(`a[rel=${rel}]`);
    if (link instanceof HTMLAnchorElement) location.assign(link.href);
  });
}
