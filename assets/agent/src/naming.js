// @ts-check
/**
 * What the clicked element says. Never what a visitor typed.
 */
import { cut, settings } from "./core.js";

const CONTROL = "a,button,label,summary,option,select,textarea,input,li,td,th,[role=button],[role=link],[role=tab],[role=menuitem],[onclick]";

/** @param {any} node @returns {string} */
function says(node) {
  const attribute = (name) => node.getAttribute(name) || "";
  const label = attribute("aria-label");
  if (label) return label;
  if (/^(INPUT|SELECT|TEXTAREA)$/i.test(node.nodeName)) {
    const around = node.labels && node.labels[0];
    return (
      (/^(button|submit|reset)$/.test(node.type) && node.value) ||
      (around && around.textContent) ||
      attribute("placeholder") ||
      attribute("alt") ||
      node.name ||
      node.id
    );
  }
  return node.isContentEditable || node.getElementsByTagName("*").length > 60
    ? ""
    : node.textContent.trim() || attribute("alt") || attribute("title");
}

/**
 * Caption of an element: the name the page gives it, or what the nearest one around it says.
 * @param {any} node
 * @returns {string}
 */
export function caption(node) {
  node = node.closest ? node : node.parentNode;
  if (!settings.captions || !node || !node.closest || node.closest("[data-footfall-private]")) return "";
  const named = node.closest("[data-footfall-name],[data-dtname]");
  let text = named ? named.dataset.footfallName || named.dataset.dtname : "";
  for (let depth = 0; !text && node && node.closest && depth < 6 && !/^(BODY|HTML)$/.test(node.nodeName); depth++) {
    text = cut(says(node), 1000).trim();
    node = node.parentNode;
  }
  return cut(text.replace(/\s+/g, " ").trim(), 100);
}

/** @param {any} node @returns {any} the control the node is in */
export const control = (node) => node.closest && node.closest(CONTROL);

/** @param {any} node @returns {string} name of the control the node is in, as `BUTTON` */
export const element = (node) => cut((control(node) || node).nodeName, 64).toUpperCase();
