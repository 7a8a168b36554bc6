// @ts-check
/** Arrow keys move along the rows of a table; Enter opens the row, as on any link. */

/** @param {HTMLElement} element */
export function mount(element) {
  element.addEventListener("keydown", (event) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (!step) return;
    const rows = [...element.querySelectorAll("a.row-cover")];
    const at = rows.indexOf(/** @type {Element} */ (document.activeElement));
    const next = rows[at + step];
    if (at >= 0 && next instanceof HTMLElement) { event.preventDefault(); next.focus(); }
  });
  // The address of an opened row leads back to it.
  const opened = location.hash.length > 1 ? document.getElementById(location.hash.slice(1)) : null;
  const link = opened && element.contains(opened) ? opened.querySelector("a.row-cover") : null;
  if (link instanceof HTMLElement) link.focus({ preventScroll: true });
}
