// What holds for every page: nobody is kept out, nothing is fetched elsewhere, it is light, it fits every screen.
// With BROWSER_TEST_PICTURES a picture of each page at three widths and in both themes goes to that folder.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { openBrowser } from "./support/browser.js";
import { openDemo } from "./support/demo.js";
import { everyPage, nameOf, OUTSIDE } from "./support/pages.js";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const pictures = process.env.BROWSER_TEST_PICTURES;
const LOOKS = [390, 768, 1440];
const WIDTHS = [320, 360, 600, 761, 1024, 1100, 1101, 1280, 1920, 2560];
const BYTES_MAX = 150_000;
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

let demo;
let admin;
let page;
/** What a page did that it should not, and how heavy it was. */
let seen = { bytes: 0, complaints: [] };

before(async () => {
  demo = await openDemo();
  admin = await openBrowser({ viewport: { width: 1440, height: 900 } });
  page = await admin.context.newPage();
  await page.addInitScript(() => {
    addEventListener("securitypolicyviolation", (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));
  });
  const line = await admin.context.newCDPSession(page);
  await line.send("Network.enable");
  // Every load is somebody's first.
  await line.send("Network.setCacheDisabled", { cacheDisabled: true });
  line.on("Network.loadingFinished", (event) => (seen.bytes += event.encodedDataLength));
  page.on("console", (message) => {
    // The browser says so of every answer that is not 2xx.
    const isStatus = /Failed to load resource.*404/.test(message.text()) && /no\/such-page/.test(page.url());
    if (message.type() === "error" && !isStatus) seen.complaints.push(message.text());
  });
  page.on("pageerror", (error) => seen.complaints.push(error.message));
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith("http") && url.origin !== demo.admin) seen.complaints.push(`asks ${url.origin}`);
  });
});
after(async () => {
  await admin?.close();
  await demo?.close();
});

/** All that holds for a page; answers what does not. */
async function faults(path) {
  seen = { bytes: 0, complaints: [] };
  const found = [];
  const say = (text) => found.push(`${path}: ${text}`);
  await page.setViewportSize({ width: 1440, height: 900 });
  const answer = await page.goto(demo.admin + path, { waitUntil: "networkidle" });
  const status = answer?.status() ?? 0;
  if (status !== (path === "/no/such-page" ? 404 : 200)) say(`status ${status}`);
  if (seen.bytes > BYTES_MAX) say(`${seen.bytes} bytes`);
  if ((await page.locator("h1").count()) !== 1) say("not one h1");
  // Not through a script element: the policy of the pages forbids it.
  await page.evaluate(axe);
  for (const width of LOOKS) {
    await page.setViewportSize({ width, height: width < 500 ? 844 : 900 });
    for (const colorScheme of ["light", "dark"]) {
      // Colours that glide from one theme to the other are neither.
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      const { violations } = await page.evaluate(
        (values) => window.axe.run(document, { resultTypes: ["violations"], runOnly: values }),
        TAGS,
      );
      for (const one of violations) {
        say(`${width} ${colorScheme}: ${one.id}: ${one.nodes.slice(0, 3).map((node) => node.target.join(" ")).join(", ")}`);
      }
      if (pictures) {
        mkdirSync(pictures, { recursive: true });
        await page.screenshot({ path: join(pictures, `${nameOf(path)}-${width}-${colorScheme}.png`), fullPage: true });
      }
    }
  }
  for (const width of [...WIDTHS, ...LOOKS]) {
    await page.setViewportSize({ width, height: 900 });
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (wider > 0) say(`${wider} px wider than a screen of ${width}`);
  }
  return [...found, ...seen.complaints.map((text) => `${path}: ${text}`)];
}

test("pages outside", async () => {
  const found = [];
  for (const path of OUTSIDE) found.push(...(await faults(path)));
  assert.equal(found.join("\n"), "");
});

test("pages inside", async () => {
  await page.setViewportSize({ width: 1440, height: 900 });
  await demo.signIn(page);
  const found = [];
  for (const path of await everyPage(page, demo.admin)) found.push(...(await faults(path)));
  assert.equal(found.join("\n"), "");
});

test("every page is whole without script, and on paper", async () => {
  const cookies = await admin.context.cookies();
  const plain = await openBrowser({ javaScriptEnabled: false });
  await plain.context.addCookies(cookies);
  try {
    const reader = await plain.context.newPage();
    for (const path of await everyPage(page, demo.admin)) {
      await reader.goto(demo.admin + path);
      assert.equal(await reader.locator("main h1").count(), 1, path);
      await reader.emulateMedia({ media: "print" });
      assert.equal(await reader.locator(".nav:visible, .top:visible, .bottom:visible").count(), 0, path);
      assert.ok(await reader.locator("main .print-head, .bare-head .brand").isVisible(), path);
      await reader.emulateMedia({ media: "screen" });
    }
  } finally {
    await plain.close();
  }
});
