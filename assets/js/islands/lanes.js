// @ts-check
/** Arrow keys move over the marks of the timeline: left and right in a lane, up and down to the nearest of the next. */

/** @param {HTMLElement} element */
export function mount(element) {
  const lanes = () => [...element.querySelectorAll("svg[role=group]")].map((lane) => [...lane.querySelectorAll("a")]).filter((marks) => marks.length > 0);
  // One stop for the tabulator instead of hundreds; the arrows do the rest.
  const all = lanes().flat();
  all.forEach((mark, index) => mark.setAttribute("tabindex", index === 0 ? "0" : "-1"));
  element.addEventListener("keydown", (event) => {
    const marks = lanes();
    const at = /** @type {Element} */ (document.activeElement);
    const lane = marks.findIndex((own) => own.includes(/** @type {SVGAElement} */ (at)));
    if (lane < 0) return;
    const place = marks[lane].indexOf(/** @type {SVGAElement} */ (at));
    let next;
    if (event.key === "ArrowRight") next = marks[lane][place + 1];
    else if (event.key === "ArrowLeft") next = marks[lane][place - 1];
    else if (event.key === "Home") next = marks[lane][0];
    else if (event.key === "End") next = marks[lane].at(-1);
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const left = at.getBoundingClientRect().left;
      const other = marks[lane + (event.key === "ArrowDown" ? 1 : -1)] ?? [];
      next = [...other].sort((a, b) => Math.abs(a.getBoundingClientRect().left - left) - Math.abs(b.getBoundingClientRect().left - left))[0];
    } else return;
    event.preventDefault();
    if (!next) return;
    for (const mark of all) mark.setAttribute("tabindex", mark === next ? "0" : "-1");
    next.focus();
  });
}
