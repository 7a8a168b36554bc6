// @ts-check
/** A menu closes when something else is chosen. */

/** @param {HTMLDetailsElement} element */
export function mount(element) {
  document.addEventListener("click", (event) => {
    if (event.target instanceof Node && !element.contains(event.target)) element.open = false;
  });
}
