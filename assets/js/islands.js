// @ts-check
/** Finds what can do more with script, and loads only that. Every page works without it. */
import "./islands/keys.js";

/** @param {ParentNode} root */
export function mountAll(root) {
  for (const element of root.querySelectorAll("[data-island]")) {
    const name = element.getAttribute("data-island");
    if (!name || !/^[a-z]+$/.test(name) || name === "keys") continue;
    import(`./islands/${name}.js`).then((module) => module.mount(element)).catch(() => {});
  }
}

mountAll(document);
