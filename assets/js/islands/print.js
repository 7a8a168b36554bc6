// @ts-check
/** Prints the page with all its lines opened. */

/** @param {HTMLElement} element */
export function mount(element) {
  element.hidden = false;
  element.addEventListener("click", () => {
    for (const menu of document.querySelectorAll("details.menu[open]")) menu.removeAttribute("open");
    const closed = [...document.querySelectorAll(".happened details:not([open])")];
    for (const line of closed) line.setAttribute("open", "");
    window.print();
    for (const line of closed) line.removeAttribute("open");
  });
}
