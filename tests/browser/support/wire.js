// What every test of the agent on the wire needs: a collector that only writes down, the site, a fresh browser.
import { after, afterEach, before, beforeEach } from "node:test";
import { openBrowser, until } from "./browser.js";
import { openCollector, openSite } from "./site.js";

export let collector;
export let site;
export let browser;
export let page;
/** What the page itself let out: the agent must never add to it. @type {string[]} */
export let pageErrors;

before(async () => {
  collector = await openCollector();
  site = await openSite(() => collector.tag);
});
after(() => {
  site.close();
  collector.close();
});

export async function newPage() {
  const made = await browser.context.newPage();
  made.on("pageerror", (error) => pageErrors.push(error.message));
  return made;
}

beforeEach(async () => {
  collector.reset();
  pageErrors = [];
  browser = await openBrowser();
  page = await newPage();
});
afterEach(() => browser.close());

export const action = (check) => until("an action", () => collector.events("a").find(check));
export const loaded = (path = "/") => action((one) => one.t === "load" && new URL(one.u).pathname === path);
export const click = (caption) => action((one) => one.i?.c === caption);

export async function visit(path = "/") {
  await page.goto(site.origin + path);
  return loaded(path);
}
