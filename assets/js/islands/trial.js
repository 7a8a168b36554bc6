// @ts-check
/** Draws what a form would give while somebody types in it. Nothing is sent to be saved. */
import { load, say } from "../lib/dom.js";

const PAUSE_MILLIS = 250;

/** @param {HTMLFormElement} form */
export function mount(form) {
  let timer = 0;
  let last = 0;
  const again = async () => {
    const number = ++last;
    const typed = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string") typed.set(name, value);
    const answer = await load(`${new URL(form.action).pathname}?${typed}`);
    const fresh = answer?.status === 200 ? answer.responseXML : null;
    // A newer one is on its way, or there is none: what is shown stays.
    if (number !== last || !fresh) return;
    for (const part of form.querySelectorAll("[data-fresh]")) {
      const own = fresh.getElementById(part.id);
      if (own) part.replaceChildren(...own.childNodes);
    }
    for (const field of form.querySelectorAll("input[id]")) {
      if (fresh.getElementById(field.id)?.hasAttribute("aria-invalid")) field.setAttribute("aria-invalid", "true");
      else field.removeAttribute("aria-invalid");
    }
    say(form.querySelector("[data-fresh] .chip")?.closest("p")?.textContent ?? "");
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(again, PAUSE_MILLIS);
  });
}
