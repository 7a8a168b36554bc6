// What every proof needs: the real server, and for each test an application, a site and a visitor of its own.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { chromium } from "playwright-core";
import { executablePath, person, until } from "./browser.js";
import { openRelay } from "./relay.js";
import { openServer } from "./server.js";
import { openSite } from "./site.js";

/** @type {Awaited<ReturnType<typeof openServer>>} */
export let server;
/** @type {import("playwright-core").Browser} */
export let chrome;
let made = 0;

before(async () => {
  server = await openServer();
  await server.setUp(["unmasked:read"]);
  chrome = await chromium.launch({
    executablePath,
    headless: true,
    args: person.args,
    chromiumSandbox: false,
    // Taken away by default, and every visitor has it.
    ignoreDefaultArgs: ["--disable-back-forward-cache"],
  });
});
after(async () => {
  await chrome?.close();
  await server?.close();
});

/**
 * An application with its site, and what the server recorded of it.
 * @param {import("node:test").TestContext} t ends it
 * @param {object} [settings] of the application
 */
export async function openStage(t, settings) {
  const application = await server.application(`Proof ${++made}`, settings);
  const relay = await openRelay(server.ingest);
  const tag = `<script src="${relay.origin}/tag/${application}.js"></script>`;
  const site = await openSite(() => tag);
  t.after(() => {
    site.close();
    relay.close();
  });

  /** Sessions of the application with all that happened in them. */
  async function sessions() {
    const rows = await server.sessions(`app:${application}`);
    return Promise.all(rows.map((row) => server.session(row.id)));
  }

  /** Waits for a session that fits. */
  async function recorded(what, check, limit = 20_000) {
    /** @type {any[]} */
    let last = [];
    try {
      return await until(what, async () => (last = await sessions()).find(check), limit);
    } catch (error) {
      throw new Error(`${error.message}\n${JSON.stringify(last, undefined, 1).slice(0, 6000)}\n${server.log().slice(-1000)}`);
    }
  }

  return {
    application,
    relay,
    site,
    tag,
    sessions,
    recorded,
    /** An action with resources and vitals. */
    waterfall: (found, action) => server.waterfall(found.session.id, action.number),
  };
}

/**
 * The same with a visitor and a page.
 * @param {import("node:test").TestContext} t
 * @param {object} [settings]
 */
export async function openVisit(t, settings) {
  const stage = await openStage(t, settings);
  const context = await chrome.newContext({ viewport: { width: 1280, height: 800 } });
  context.setDefaultTimeout(15_000);
  t.after(() => context.close());
  /** What the page itself let out: the agent must never add to it. @type {string[]} */
  const pageErrors = [];
  const newPage = async () => {
    const page = await context.newPage();
    page.on("pageerror", (error) => pageErrors.push(error.message));
    return page;
  };
  const page = await newPage();
  return { ...stage, context, page, newPage, pageErrors, visit: (path = "/") => page.goto(stage.site.origin + path) };
}

/** @param {any} found @param {string} path @returns {any} the load of a page */
export const loadOf = (found, path) => found.actions.find((one) => one.kind === "page_load" && one.page === path);

/** @param {any} found @param {RegExp} pattern @returns {any} */
export const named = (found, pattern) => found.actions.find((one) => pattern.test(one.name));

/** All errors of a session, those of actions and those between. */
export const errorsOf = (found) => [
  ...found.actions.flatMap((one) => one.errors),
  ...found.events.filter((one) => one.kind === "error").map((one) => one.error),
];

/** Times are whole milliseconds on the way: one is what rounding takes. */
export function near(actual, expected, what, tolerance = 1) {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${what}: recorded ${actual}, the browser says ${expected}`);
}

/** What holds for every action that was ever recorded. */
export function assertSound(found) {
  for (const { name, contributors, duration, visually_complete: complete } of found.actions) {
    const sum = contributors.server + contributors.network + contributors.frontend;
    assert.equal(sum, duration, `contributors of ${name}`);
    assert.ok(duration <= 180_000, name);
    assert.ok(complete == null || complete >= 0, name);
  }
  assert.equal(found.session.tally.lost, 0, "events were lost");
}

/** Entries of the browser itself, to compare with. */
export const entries = (page) =>
  page.evaluate(() => ({
    origin: performance.timeOrigin,
    navigation: performance.getEntriesByType("navigation")[0].toJSON(),
    paints: performance.getEntriesByType("paint").map((one) => one.toJSON()),
    resources: performance.getEntriesByType("resource").map((one) => one.toJSON()),
  }));
