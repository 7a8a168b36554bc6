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
  brush(element, bars);
  element.addEventListener("keydown", (event) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    const at = bars.indexOf(/** @type {Element} */ (document.activeElement));
    const next = bars[at + step];
    if (step && at >= 0 && next instanceof SVGElement) { event.preventDefault(); next.focus(); }
  });
}

/**
 * Dragging from one bar to another goes to the time between them; a click stays a click.
 * @param {HTMLElement} element
 * @param {Element[]} bars
 */
function brush(element, bars) {
  let first = -1;
  /** @param {PointerEvent} event */
  const at = (event) => bars.findIndex((bar) => {
    const box = bar.getBoundingClientRect();
    return event.clientX >= box.left && event.clientX < box.right;
  });
  /** @param {number} last */
  const mark = (last) => bars.forEach((bar, index) => {
    bar.classList.toggle("is-brushed", first >= 0 && index >= Math.min(first, last) && index <= Math.max(first, last));
  });
  element.addEventListener("pointerdown", (event) => { if (event.button === 0) first = at(event); });
  element.addEventListener("pointermove", (event) => {
    const last = at(event);
    if (first >= 0 && last >= 0 && last !== first) mark(last);
  });
  // A link that is dragged would become a drag of its address.
  element.addEventListener("dragstart", (event) => event.preventDefault());
  addEventListener("pointerup", (event) => {
    const begin = first;
    const last = at(event);
    first = -1;
    mark(-1);
    if (begin < 0 || last < 0 || last === begin) return;
    const [from, to] = [Math.min(begin, last), Math.max(begin, last)].map((index) => bars[index].getAttribute("href") ?? "");
    const target = new URL(from, location.href);
    const end = new URL(to, location.href).searchParams.get("to");
    if (!target.searchParams.has("from") || !end) return;
    target.searchParams.set("to", end);
    location.assign(target);
  });
}
