// @ts-check
/** The search of the top bar as a command menu: groups of hits while typing. Without it the form leads to `/search`. */
import { get, icon, say, send } from "../lib/dom.js";

/** @typedef {{icon: string, text: string, note: string, href: string, theme: string, command: string}} Hit */
/** @typedef {{title: string, hits: Hit[]}} Group */

const WAIT = 120;

/** @param {HTMLFormElement} form */
export function mount(form) {
  const input = form.querySelector("input");
  if (!input) return;
  const list = document.createElement("div");
  list.className = "suggest palette";
  list.id = "palette";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Found");
  list.hidden = true;
  form.append(list);
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", list.id], ["aria-expanded", "false"]]) {
    input.setAttribute(name, value);
  }
  /** @type {Hit[]} */
  let hits = [];
  let chosen = -1;
  let shownFor = "\0";
  /** Title of the group that Tab chose; empty for all. */
  let only = "";
  let timer = 0;
  /** @type {AbortController | null} */
  let running = null;
  const rows = () => [...list.querySelectorAll("[role=option]")];

  const close = () => {
    running?.abort();
    list.hidden = true;
    shownFor = "\0";
    only = "";
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  /** @param {number} at */
  const choose = (at) => {
    chosen = at;
    rows().forEach((row, index) => row.setAttribute("aria-selected", String(index === at)));
    const row = rows()[at];
    if (row) {
      input.setAttribute("aria-activedescendant", row.id);
      row.scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  };
  /**
   * @param {Hit} hit
   * @param {boolean} isNewTab
   */
  const take = (hit, isNewTab) => {
    close();
    if (hit.theme) return send("/theme", { theme: hit.theme === "system" ? "" : hit.theme });
    if (hit.command === "copy") {
      input.blur();
      const button = document.querySelector(".top-tools [data-island=copy]");
      return button instanceof HTMLElement ? button.click() : undefined;
    }
    if (hit.command === "keys") {
      const keys = document.getElementById("keys");
      return keys instanceof HTMLDialogElement ? keys.showModal() : undefined;
    }
    if (isNewTab) open(hit.href, "_blank", "noopener"); else location.assign(hit.href);
  };
  const ask = async () => {
    const text = input.value.trim();
    running?.abort();
    running = new AbortController();
    const answer = await get(`/search/suggest?q=${encodeURIComponent(text)}&group=${encodeURIComponent(only)}`, running.signal);
    if (!answer || input.value.trim() !== text || document.activeElement !== input) return;
    /** @type {unknown} */
    const found = await answer.json().catch(() => []);
    const groups = /** @type {Group[]} */ (Array.isArray(found) ? found.slice(0, 12) : []);
    if (only && !groups.length) {
      only = "";
      return ask();
    }
    hits = groups.flatMap((group) => group.hits);
    let at = 0;
    list.replaceChildren(...groups.map((group, number) => {
      const box = document.createElement("div");
      box.setAttribute("role", "group");
      box.setAttribute("aria-labelledby", `palette-group-${number}`);
      const title = document.createElement("div");
      title.className = "palette-title";
      title.id = `palette-group-${number}`;
      title.textContent = only ? `${group.title} only · Esc for all` : group.title;
      title.dataset.group = group.title;
      box.append(title, ...group.hits.map((hit) => row(hit, `palette-${at++}`)));
      return box;
    }));
    list.hidden = hits.length === 0;
    shownFor = text;
    input.setAttribute("aria-expanded", String(hits.length > 0));
    choose(text && hits.length ? 0 : -1);
    say(hits.length ? `${hits.length} found` : "Nothing found");
  };

  input.addEventListener("focus", ask);
  input.addEventListener("input", () => { if (!input.value) only = ""; clearTimeout(timer); timer = setTimeout(ask, WAIT); });
  input.addEventListener("blur", () => setTimeout(close, 150));
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const at = rows().findIndex((item) => item.contains(/** @type {Node} */ (event.target)));
    if (hits[at]) take(hits[at], event.ctrlKey || event.metaKey);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.preventDefault();
      if (list.hidden) input.blur();
      else if (only) { only = ""; ask(); }
      else close();
    } else if (event.key === "Tab" && !event.shiftKey && !only && hits[chosen]) {
      // Once: the next Tab leaves the field as everywhere.
      event.preventDefault();
      const title = rows()[chosen]?.parentElement?.querySelector(".palette-title");
      only = title instanceof HTMLElement ? title.dataset.group ?? "" : "";
      ask();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) { ask(); return; }
      const count = hits.length + 1;
      choose((chosen + 1 + (event.key === "ArrowDown" ? 1 : count - 1)) % count - 1);
    } else if (event.key === "Enter" && !list.hidden && hits[chosen] && input.value.trim() === shownFor) {
      event.preventDefault();
      take(hits[chosen], event.ctrlKey || event.metaKey);
    }
  });
  // It may have got the focus before this was loaded.
  if (document.activeElement === input) ask();
}

/**
 * @param {Hit} hit
 * @param {string} id
 */
function row(hit, id) {
  const item = document.createElement("div");
  item.id = id;
  item.className = "palette-row";
  item.setAttribute("role", "option");
  item.setAttribute("aria-selected", "false");
  const label = document.createElement("span");
  label.textContent = hit.text;
  const note = document.createElement("small");
  note.textContent = hit.note;
  item.append(icon(/^[a-z0-9-]+$/.test(hit.icon) ? hit.icon : "search"), label, note);
  return item;
}
