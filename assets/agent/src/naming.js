// @ts-check
/**
 * What the clicked element says. Never what a visitor typed.
 */
import { cut, settings } from "./core.js";

const CONTROL = "a,button,label,summary,option,select,textarea,input,li,td,th,[role=button],[role=link],[role=tab],[role=menuitem],[onclick]";

/** @param {any} node @returns {string} */
function says(node) {
  const attribute = (name) => node.getAttribute(name) || "";
  const own = attribute("data-ff-name") || attribute("data-dtname") || attribute("aria-label");
  if (own) return own;
  const tag = node.nodeName.toUpperCase();
  if (/^(INPUT|SELECT|TEXTAREA)$/.test(tag)) {
    const label = node.labels && node.labels[0];
    return (
      (/^(button|submit|reset)$/.test(node.type) && node.value) ||
      (label && label.textContent) ||
      attribute("placeholder") ||
      attribute("alt") ||
      node.name ||
      node.id
    );
  }
  if (node.getElementsByTagName("*").length > 60) return "";
  return node.isContentEditable ? "" : node.textContent.trim() || attribute("alt") || attribute("title");
}

/**
 * Caption of an element or the nearest one around it that says something.
 * @param {any} node
 * @returns {string}
 */
export function caption(node) {
  for (let depth = 0; settings.captions && node && node.getAttribute && depth < 6; depth++) {
    if (/^(BODY|HTML)$/.test(node.nodeName)) break;
    const text = cut(says(node), 1000).replace(/\s+/g, " ").trim();
    if (text) return text.slice(0, 100);
    node = node.parentNode;
  }
  return "";
}

/** @param {any} node @returns {string} name of the control the node is in, as `BUTTON` */
export const element = (node) =>
  cut(((node.closest && node.closest(CONTROL)) || node).nodeName, 64).toUpperCase();
