// @ts-check
/** Finds what can do more with script, and loads only that. Every page works without it. */
import "./islands/keys.js";

for (const element of document.querySelectorAll("[data-island]")) {
  const name = element.getAttribute("data-island");
  if (!name || !/^[a-z]+$/.test(name) || name === "keys") continue;
  import(`./islands/${name}.js`).then((module) => module.mount(element)).catch(() => {});
}
