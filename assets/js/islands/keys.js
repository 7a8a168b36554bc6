// @ts-check
/** Keys of the pages: `/` search, `f` filter, `j` and `k` rows, `g` and a letter for pages, `?` all keys. */
import { isTyping } from "../lib/dom.js";

/** @type {Record<string, string>} */
const PAGES = { s: "/sessions", a: "/apps", ",": "/settings", h: "/" };
let isGoing = false;

/** @param {number} step */
function moveRow(step) {
  const rows = [...document.querySelectorAll(".row-cover, .happened summary")];
  const at = rows.indexOf(/** @type {Element} */ (document.activeElement));
  const next = rows[Math.max(0, Math.min(rows.length - 1, at < 0 ? 0 : at + step))];
  if (next instanceof HTMLElement) next.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    for (const menu of document.querySelectorAll("details.menu[open]")) menu.removeAttribute("open");
    return;
  }
  const isPalette = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey);
  // A dialog has the keys for itself.
  if (document.querySelector("dialog[open]")) return;
  if (!isPalette && (event.ctrlKey || event.metaKey || event.altKey || isTyping())) return;
  if (isGoing && PAGES[event.key]) {
    location.assign(PAGES[event.key]);
  } else if (isPalette || event.key === "/") {
    event.preventDefault();
    document.getElementById("omni")?.focus();
  } else if (event.key === "f") {
    const box = document.getElementById("text");
    if (box) { event.preventDefault(); box.focus(); }
  } else if (event.key === "j" || event.key === "k") {
    moveRow(event.key === "j" ? 1 : -1);
  } else if (event.key === "?") {
    const keys = document.getElementById("keys");
    if (keys instanceof HTMLDialogElement) {
      if (!keys.open) keys.showModal();
    } else location.assign("/help#keyboard");
  }
  isGoing = event.key === "g";
});
