// @ts-check
/** Draws the content anew every 30 seconds, unless somebody looks elsewhere or is in the middle of something. */
import { mountAll } from "../islands.js";
import { load } from "../lib/dom.js";

const SECONDS = 30;

/** Whether drawing anew would take something out of somebody's hands. */
function isInUse() {
  const main = document.getElementById("main");
  const at = document.activeElement;
  const selection = String(getSelection() ?? "");
  return document.hidden || selection !== "" || !!(main && at && at !== main && main.contains(at)) || !!document.querySelector("details.menu[open], dialog[open]");
}

async function again() {
  const main = document.getElementById("main");
  const answer = main && !isInUse() ? await load(location.href) : null;
  if (!main || !answer || answer.status !== 200) return void setTimeout(again, SECONDS * 1000);
  const fresh = answer.responseXML?.getElementById("main");
  // Signed out meanwhile: the page itself leads to the sign-in.
  if (!fresh || answer.responseURL !== location.href.split("#")[0]) return location.reload();
  // The clock of the new content goes on from here.
  main.replaceChildren(...fresh.childNodes);
  mountAll(main);
}

export function mount() {
  setTimeout(again, SECONDS * 1000);
}
