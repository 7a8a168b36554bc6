// @ts-check
/** Small helpers for the pages. */

/**
 * Says a sentence to screen readers.
 * @param {string} text
 */
export function say(text) {
  const place = document.getElementById("says");
  if (place) place.textContent = text;
}

/**
 * Makes an icon of the sprite.
 * @param {string} name
 */
export function icon(name) {
  const base = new URL("../../img/icons.svg", import.meta.url).pathname;
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${base}#${name}`);
  svg.append(use);
  return svg;
}

/**
 * Fetches from this server; null when it does not answer well.
 * @param {string} href
 * @param {AbortSignal} [signal]
 */
export async function get(href, signal) {
  try {
    const answer = await fetch(href, { signal, headers: { "x-requested-with": "fetch" } });
    return answer.ok ? answer : null;
  } catch {
    return null;
  }
}

/**
 * A page as a document, read by the browser itself: the policy of the pages lets no script turn text into one. Null when
 * there is no answer.
 * @param {string} href
 * @returns {Promise<XMLHttpRequest | null>}
 */
export const load = (href) =>
  new Promise((done) => {
    const request = new XMLHttpRequest();
    request.open("GET", href);
    request.responseType = "document";
    request.onload = () => done(request);
    request.onerror = () => done(null);
    request.send();
  });

/** Whether keys go into a text. */
export function isTyping() {
  const at = document.activeElement;
  return at instanceof HTMLElement && (at.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName));
}

/**
 * Sends a form as if it stood in the page.
 * @param {string} action
 * @param {Record<string, string>} fields
 */
export function send(action, fields) {
  const form = document.createElement("form");
  form.method = "post";
  form.action = action;
  form.hidden = true;
  for (const [name, value] of Object.entries(fields)) {
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = name;
    field.value = value;
    form.append(field);
  }
  document.body.append(form);
  form.submit();
}
