// @ts-check
/** Shows what a bar says while it is pointed at or has the focus; arrow keys move along the bars. */

/** @param {HTMLElement} element */
export function mount(element) {
  const tip = document.createElement("div");
  tip.className = "chart-tip";
  tip.hidden = true;
  element.append(tip);
  const bars = [...element.querySelectorAll("a[data-tip]")];
  for (const bar of bars) {
    const show = () => {
      const own = element.getBoundingClientRect();
      const box = bar.getBoundingClientRect();
      tip.textContent = bar.getAttribute("data-tip");
      tip.hidden = false;
      const half = tip.offsetWidth / 2;
      const x = box.left + box.width / 2 - own.left;
      tip.style.left = `${Math.max(half, Math.min(own.width - half, x))}px`;
    };
    bar.addEventListener("pointerenter", show);
    bar.addEventListener("focus", show);
    bar.addEventListener("pointerleave", () => { tip.hidden = true; });
    bar.addEventListener("blur", () => { tip.hidden = true; });
  }
  element.addEventListener("keydown", (event) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    const at = bars.indexOf(/** @type {Element} */ (document.activeElement));
    const next = bars[at + step];
    if (step && at >= 0 && next instanceof SVGElement) { event.preventDefault(); next.focus(); }
  });
}
