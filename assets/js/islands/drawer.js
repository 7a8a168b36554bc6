// @ts-check
/** On narrow screens the facets start closed. */

/** @param {HTMLDetailsElement} element */
export function mount(element) {
  const narrow = matchMedia("(max-width: 1100px)");
  const follow = () => { element.open = !narrow.matches; };
  narrow.addEventListener("change", follow);
  follow();
}
