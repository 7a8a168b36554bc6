// @ts-check
/** Keys of the pages: `/` search, `f` filter, `j` and `k` rows, `g` and a letter for pages, `?` all keys. */
import { isTyping, send } from "../lib/dom.js";

/** @type {Record<string, string>} */
const PAGES = { s: "/sessions", a: "/apps", ",": "/settings", h: "/" };
let isGoing = false;
/** Single keys can be switched off: they collide with speech input (WCAG 2.1.4). */
const isOff = document.cookie.split("; ").includes("footfall-keys=off");

/** @param {number} step */
function moveRow(step) {
  const rows = [...document.querySelectorAll(".row-cover, .happened summary, main .hit")];
  const at = rows.indexOf(/** @type {Element} */ (document.activeElement));
  const next = rows[Math.max(0, Math.min(rows.length - 1, at < 0 ? 0 : at + step))];
  if (next instanceof HTMLElement) next.focus();
}

/** @param {string} selector */
function click(selector) {
  const element = document.querySelector(selector);
  if (element instanceof HTMLElement) element.click();
}

function openInNewTab() {
  const at = document.activeElement;
  if (at instanceof HTMLAnchorElement) open(at.href, "_blank", "noopener");
}

/** The next way to compare, of those in the menu of the time range. */
function compare() {
  const all = [...document.querySelectorAll(".time-range a[data-compare]")];
  const next = all[(all.findIndex((one) => one.hasAttribute("aria-current")) + 1) % all.length];
  if (next instanceof HTMLElement) next.click();
}

function showActions() {
  const action = document.querySelector(".page-head a.button, .page-head button, .page-head summary, .find details > summary");
  if (action instanceof HTMLElement) action.focus();
}

function switchTheme() {
  const chosen = document.documentElement.dataset.theme;
  const isDark = chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  send("/theme", { theme: isDark ? "light" : "dark" });
}

function showKeys() {
  const keys = document.getElementById("keys");
  if (keys instanceof HTMLDialogElement) keys.showModal(); else location.assign("/help/keyboard");
}

/** @type {Record<string, () => void>} */
const SINGLE = {
  "/": () => document.getElementById("omni")?.focus(),
  f: () => document.getElementById("text")?.focus(),
  j: () => moveRow(1),
  k: () => moveRow(-1),
  o: openInNewTab,
  t: switchTheme,
  x: compare,
  ".": showActions,
  "?": showKeys,
  "-": () => click(".time-range a[data-wider]"),
  "[": () => click(".time-range > a:first-child"),
  "]": () => click(".time-range > a:last-child:not(:first-child)"),
};

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    for (const menu of document.querySelectorAll("details.menu[open]")) menu.removeAttribute("open");
    return;
  }
  // A dialog has the keys for itself.
  if (document.querySelector("dialog[open]")) return;
  if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    document.getElementById("omni")?.focus();
    return;
  }
  if (isOff || event.ctrlKey || event.metaKey || event.altKey || isTyping()) return;
  const wasGoing = isGoing;
  isGoing = event.key === "g";
  if (wasGoing && PAGES[event.key]) return location.assign(PAGES[event.key]);
  if (/^[1-7]$/.test(event.key)) return click(`.time-range .menu-list > a:nth-child(${event.key})`);
  if (!Object.hasOwn(SINGLE, event.key)) return;
  event.preventDefault();
  SINGLE[event.key]();
});
