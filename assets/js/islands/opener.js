// @ts-check
/** Opens the line of the list that a mark of the timeline leads to. */

/** @param {HTMLElement} element */
export function mount(element) {
  const open = () => {
    const at = location.hash.length > 1 ? document.getElementById(location.hash.slice(1)) : null;
    if (!at || !element.contains(at)) return;
    const details = at.querySelector("details");
    if (!details) return;
    details.open = true;
    details.querySelector("summary")?.focus({ preventScroll: true });
  };
  addEventListener("hashchange", open);
  open();
}
