// @ts-check
/** Type-ahead of the filter box: users, fields, values. Enter without a choice sends the form as it is. */
import { get, icon, say } from "../lib/dom.js";

/** @typedef {{icon: string, text: string, note: string, href: string, insert: string}} Suggestion */

const WAIT = 120;
let lists = 0;

/** @param {HTMLFormElement} form */
export function mount(form) {
  const input = /** @type {HTMLInputElement | null} */ (form.querySelector("input[name=text]"));
  const base = form.dataset.suggest;
  if (!input || !base) return;
  const list = document.createElement("ul");
  list.className = "suggest";
  list.id = `suggest-${++lists}`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Suggestions");
  list.hidden = true;
  input.after(list);
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", list.id], ["aria-expanded", "false"]]) {
    input.setAttribute(name, value);
  }

  /** @type {Suggestion[]} */
  let shown = [];
  let chosen = -1;
  let timer = 0;
  /** @type {AbortController | null} */
  let running = null;

  const close = () => {
    list.hidden = true;
    chosen = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  /** @param {number} at */
  const choose = (at) => {
    chosen = at;
    [...list.children].forEach((row, index) => row.setAttribute("aria-selected", String(index === at)));
    const row = list.children[at];
    if (row) {
      input.setAttribute("aria-activedescendant", row.id);
      row.scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  };
  /** @param {Suggestion} suggestion */
  const take = (suggestion) => {
    if (suggestion.href) return location.assign(suggestion.href);
    input.value = suggestion.insert;
    input.focus();
    if (suggestion.insert.endsWith(":")) ask(); else form.requestSubmit();
  };
  const ask = async () => {
    const text = input.value.trim();
    running?.abort();
    if (!text) return close();
    running = new AbortController();
    const answer = await get(base + encodeURIComponent(text), running.signal);
    if (!answer || input.value.trim() !== text) return;
    /** @type {unknown} */
    const found = await answer.json().catch(() => []);
    shown = Array.isArray(found) ? found.slice(0, 12) : [];
    list.replaceChildren(...shown.map((suggestion, index) => row(suggestion, text, `${list.id}-${index}`)));
    list.hidden = shown.length === 0;
    input.setAttribute("aria-expanded", String(shown.length > 0));
    choose(-1);
    say(shown.length ? `${shown.length} suggestions` : "No suggestions");
  };

  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, WAIT); });
  input.addEventListener("blur", () => setTimeout(close, 150));
  list.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    const at = [...list.children].findIndex((item) => item.contains(/** @type {Node} */ (event.target)));
    if (shown[at]) take(shown[at]);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !list.hidden) { event.preventDefault(); close(); }
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (list.hidden) { ask(); return; }
      event.preventDefault();
      const count = shown.length + 1;
      choose((chosen + 1 + (event.key === "ArrowDown" ? 1 : count - 1)) % count - 1);
    } else if (event.key === "Enter" && shown[chosen] && !list.hidden) { event.preventDefault(); take(shown[chosen]); }
    else if (event.key === "Backspace" && input.value === "") {
      const last = [...form.querySelectorAll(".token a")].pop();
      if (last instanceof HTMLAnchorElement) location.assign(last.href);
    }
  });
}

/**
 * @param {Suggestion} suggestion
 * @param {string} text
 * @param {string} id
 */
function row(suggestion, text, id) {
  const item = document.createElement("li");
  item.id = id;
  item.setAttribute("role", "option");
  item.setAttribute("aria-selected", "false");
  const label = document.createElement("span");
  const at = suggestion.text.toLowerCase().indexOf(text.toLowerCase());
  if (at < 0) label.textContent = suggestion.text;
  else {
    const mark = document.createElement("mark");
    mark.textContent = suggestion.text.slice(at, at + text.length);
    label.append(suggestion.text.slice(0, at), mark, suggestion.text.slice(at + text.length));
  }
  const note = document.createElement("small");
  note.textContent = suggestion.note;
  item.append(icon(/^[a-z0-9-]+$/.test(suggestion.icon) ? suggestion.icon : "search"), label, note);
  return item;
}
