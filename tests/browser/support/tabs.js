// Chromium without the driver: its tabs are hidden, prepared and closed as those of a person are.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { executablePath, person, until } from "./browser.js";

/**
 * A browser of its own.
 * @param {object} [preferences] of its profile
 */
export async function openTabs(preferences) {
  const folder = mkdtempSync(join(tmpdir(), "footfall-tabs-"));
  if (preferences) {
    mkdirSync(join(folder, "Default"));
    writeFileSync(join(folder, "Default/Preferences"), JSON.stringify(preferences));
  }
  const flags = ["--headless", "--remote-debugging-pipe", `--user-data-dir=${folder}`, "--window-size=1280,900", ...person.args];
  const child = spawn(executablePath, [...flags, "about:blank"], { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
  const ended = new Promise((done) => child.on("exit", done));
  const input = /** @type {import("node:stream").Writable} */ (child.stdio[3]);
  /** @type {Map<number, {done: (value: any) => void, fail: (error: Error) => void}>} */
  const waiting = new Map();
  let count = 0;
  let rest = Buffer.alloc(0);
  child.stdio[4].on("data", (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    for (let end = rest.indexOf(0); end >= 0; end = rest.indexOf(0)) {
      const message = JSON.parse(rest.subarray(0, end).toString("utf8"));
      rest = rest.subarray(end + 1);
      const call = waiting.get(message.id);
      waiting.delete(message.id);
      if (message.method) heard(message);
      if (message.error) call?.fail(new Error(message.error.message));
      else call?.done(message.result);
    }
  });
  input.on("error", () => 0);

  /** Calls the protocol of the browser. A document that goes away meanwhile never answers. */
  const call = (method, params = {}, sessionId = undefined) =>
    new Promise((done, fail) => {
      const id = ++count;
      waiting.set(id, { done, fail });
      input.write(JSON.stringify({ id, method, params, sessionId }) + "\0");
      setTimeout(() => waiting.delete(id) && fail(new Error(`${method}: no answer`)), 10_000).unref();
    });

  /** Documents of each tab: the one that is shown, then prepared ones. @type {Map<string, string[]>} */
  const documents = new Map();
  function heard({ method, params, sessionId }) {
    const own = documents.get(sessionId);
    if (!own) return;
    if (method === "Target.attachedToTarget") own.push(params.sessionId);
    if (method === "Target.detachedFromTarget") documents.set(sessionId, own.filter((one) => one !== params.sessionId));
  }

  /**
   * Opens a tab.
   * @param {string} url
   * @param {{background?: boolean, newWindow?: boolean}} [how]
   */
  async function open(url, how = {}) {
    const { targetId } = await call("Target.createTarget", { url: "about:blank", forTab: true, ...how });
    const { sessionId } = await call("Target.attachToTarget", { targetId, flatten: true });
    documents.set(sessionId, []);
    // Attached to the page instead, the browser would prepare none.
    await call("Target.setAutoAttach", { autoAttach: true, waitForDebuggerOnStart: false, flatten: true }, sessionId);
    const shown = (place) => until("a document", () => documents.get(sessionId)?.[place]);
    /** Runs a function in a document. */
    const evaluateIn = (place) => async (run, ...rest) => {
      const expression = `(${run})(...${JSON.stringify(rest)})`;
      const answer = await call("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true }, await shown(place));
      const thrown = answer.exceptionDetails;
      if (thrown) throw new Error(thrown.exception?.description ?? thrown.text);
      return answer.result.value;
    };
    const tab = {
      targetId,
      evaluate: evaluateIn(0),
      evaluatePrepared: evaluateIn(1),
      /** Clicks as a person does. */
      async click(selector) {
        const where = await tab.evaluate((text) => {
          const box = document.querySelector(text).getBoundingClientRect();
          return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
        }, selector);
        for (const type of ["mousePressed", "mouseReleased"]) {
          await call("Input.dispatchMouseEvent", { type, ...where, button: "left", clickCount: 1 }, await shown(0));
        }
      },
      /** Runs a function before the scripts of every page that follows. */
      async before(run) {
        await call("Page.enable", {}, await shown(0));
        await call("Page.addScriptToEvaluateOnNewDocument", { source: `(${run})()` }, await shown(0));
      },
      navigate: async (to) => call("Page.navigate", { url: to }, await shown(0)),
      /** Comes to the front of its window. */
      show: () => call("Target.activateTarget", { targetId }),
      /** Closes the tab, as its cross does. */
      close: async () => call("Page.close", {}, await shown(0)).catch(() => 0),
      loaded: () =>
        until("a loaded page", () => tab.evaluate(() => location.href !== "about:blank" && document.readyState === "complete").catch(() => false)),
    };
    if (url !== "about:blank") await tab.navigate(url);
    return tab;
  }

  return {
    call,
    open,
    async close() {
      const late = setTimeout(() => child.kill("SIGKILL"), 10_000);
      await Promise.race([call("Browser.close").catch(() => 0), ended]);
      await ended;
      clearTimeout(late);
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
