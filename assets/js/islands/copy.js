// @ts-check
/** Copies a text, or the address of the page when there is none. */
import { say } from "../lib/dom.js";

/** @param {HTMLElement} element */
export function mount(element) {
  element.hidden = false;
  element.addEventListener("click", async () => {
    const text = element.dataset.text || location.href;
    if (!await write(text)) return say("Copying is not allowed here");
    say("Copied");
    const label = element.querySelector("span");
    if (!label) return;
    const before = label.textContent;
    label.textContent = "Copied";
    setTimeout(() => { label.textContent = before; }, 1500);
  });
}

/** @param {string} text */
async function write(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    area.className = "unseen";
    document.body.append(area);
    area.select();
    const isDone = document.execCommand("copy");
    area.remove();
    return isDone;
  }
}
