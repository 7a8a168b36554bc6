// Home, applications, overview: the numbers on the pages are those that were sent, and lead to their sessions.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { openBrowser, until } from "./support/browser.js";
import { openServer } from "./support/server.js";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const pictures = process.env.BROWSER_TEST_PICTURES;
const chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36";
const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";
const robot = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";

let server;
let browser;
let page;
let shop;
let empty;
const complaints = [];
const hex = (number, digits) => number.toString(16).padStart(digits, "0");
const load = (at, path, d, more = {}) => ({ at, k: "a", t: "load", u: `https://shop.example.com${path}`, d, pv: at + 1, ...more });

/** Sends what one browser lived through ten minutes ago. */
async function send(number, userAgent, events, more = {}) {
  const now = Date.now();
  const body = {
    v: 1, id: hex(number, 32), vi: hex(1000 + number, 32), bs: hex(number, 16), tab: hex(number, 16),
    b: now - 600_000, s: now, av: "0.1.0", rel: "4.12.0", ...more, e: events,
  };
  const answer = await fetch(`${server.ingest}/beacon/${shop}`, {
    method: "POST",
    headers: { "Content-Type": "text/plain", "User-Agent": userAgent },
    body: JSON.stringify(body),
  });
  assert.equal(answer.status, 204, await answer.text());
}

before(async () => {
  server = await openServer();
  await server.setUp();
  shop = await server.application("Shop");
  empty = await server.application("Portal");
  // Two satisfied loads, and a click that failed twice.
  await send(1, chrome, [
    load(0, "/", 1000),
    load(5000, "/cart", 2000),
    { at: 9000, k: "a", t: "xhr", i: { k: "click", c: "Pay", e: "BUTTON" }, u: "https://shop.example.com/cart", d: 500, pv: 2,
      er: [{ at: 9100, t: "js", m: "x is not a function", x: 2 }] },
    { at: 9500, k: "u", v: "ryan" },
  ]);
  // One slow load and nothing more.
  await send(2, firefox, [load(0, "/", 5000)], { ret: 1 });
  // A load that nobody waits for, a custom action, two errors outside of actions.
  await send(3, chrome, [
    load(0, "/", 20000),
    { at: 30000, k: "a", t: "custom", n: "pay", u: "https://shop.example.com/", d: 100, pv: 1 },
    { at: 31000, k: "e", t: "req", m: "Not Found", u: "https://shop.example.com/api/stock", me: "GET", st: 404 },
    { at: 32000, k: "e", t: "custom", m: "payment", n: "declined" },
  ]);
  await send(4, robot, [load(0, "/", 300)]);
  // Colors are read at once: none may be on its way.
  browser = await openBrowser({ viewport: { width: 1440, height: 900 }, reducedMotion: "reduce" });
  page = await browser.context.newPage();
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(`${server.admin}/login`);
  await page.fill("#f-name", "admin");
  await page.fill("#f-password", server.password);
  await page.click("main button:has-text('Sign in')");
  await page.waitForURL((url) => !url.pathname.startsWith("/login"));
});
after(async () => {
  await browser?.close();
  await server?.close();
});

const overview = async (query = "") =>
  (await server.api("GET", `/api/v1/applications/${shop}/overview?${query}`)).value;
const step = async (name) => (await page.locator(".step", { hasText: name }).innerText()).replace(/[\s\u202f]+/g, " ");
const rows = (id) => page.locator(`table[aria-labelledby="${id}"] tbody tr`).allInnerTexts();

/** Nobody is kept out, nothing is wider than the screen. */
async function look(name) {
  for (const [width, colorScheme] of [[1440, "light"], [768, "dark"], [390, "light"], [320, "dark"]]) {
    await page.setViewportSize({ width, height: 844 });
    await page.emulateMedia({ colorScheme });
    if (pictures) {
      mkdirSync(pictures, { recursive: true });
      await page.screenshot({ path: join(pictures, `${name}-${width}.png`), fullPage: true });
    }
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wider <= 0, `${name} is ${wider} px wider than ${width}`);
    await page.evaluate(axe);
    const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
    const wrong = found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(" ")).join(", ")}`);
    assert.deepEqual(wrong, [], `${name} at ${width}`);
  }
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.emulateMedia({ colorScheme: "light" });
}

test("numbers of applications", async (t) => {
  await t.test("the API tells what was sent", async () => {
    const told = await until("all sessions are counted", async () => {
      const told = await overview("q=");
      return told.current.sessions === 4 ? overview() : undefined;
    });
    const { current } = told;
    const numbers = Object.fromEntries(Object.entries(current).filter(([, value]) => typeof value === "number"));
    assert.deepEqual(
      { ...numbers, apdex: undefined, load_p75: undefined, median_duration: undefined, duration: undefined },
      {
        users: 3, sessions: 3, new_sessions: 2, bounces: 1, live: 3, sessions_with_errors: 2,
        loads: 4, xhr_actions: 1, custom_actions: 1, satisfied: 3, tolerating: 1, frustrated: 2,
        javascript_errors: 2, request_errors: 1, custom_errors: 1,
        apdex: undefined, load_p75: undefined, median_duration: undefined, duration: undefined,
      },
    );
    assert.ok(Math.abs(current.apdex - 3.5 / 6) < 1e-9);
    // Of 1, 2, 5 and 20 seconds three quarters take no longer than 5.
    assert.ok(Math.abs(current.load_p75 - 5000) <= 20, current.load_p75);
    assert.deepEqual(current.kinds, { real: 3, robot: 1, synthetic: 0 });
    assert.equal(told.before.sessions, 0);
    assert.equal(current.buckets.reduce((sum, one) => sum + one.sessions, 0), 3);
    assert.deepEqual(
      told.dimensions.browser.map((one) => [one.value, one.sessions, one.sessions_with_errors]),
      [["Chrome", 2, 2], ["Firefox", 1, 0]],
    );
  });

  await t.test("the overview shows the same", async () => {
    await page.goto(`${server.admin}/apps/${shop}`);
    assert.match(await step("Who came"), /3 sessions .*3 users · 67% new · 33% bounced/);
    assert.match(await step("What they did"), /6 actions .*67% load · 17% XHR · 17% custom/);
    assert.match(await step("How it felt"), /0\.58 poor/);
    assert.match(await step("What broke"), /4 errors .*2 sessions hit · 67%/);
    assert.match(await step("Did they succeed"), /67% went on/);
    assert.match((await rows("by-browser"))[0], /Chrome\s+2/);
    assert.match((await rows("by-entry"))[0], /\/\s+3/);
    assert.match((await rows("by-release"))[0], /4\.12\.0\s+3/);
    await look("overview");
  });

  await t.test("every step opens its detail, and the address says which", async () => {
    for (const [name, focus] of [["Who came", "who"], ["What they did", "did"], ["What broke", "broke"], ["Did they succeed", "goal"]]) {
      await page.locator(".step", { hasText: name }).click();
      await page.waitForURL((url) => url.searchParams.get("focus") === focus);
      assert.equal(await page.locator(".step[aria-current]").count(), 1);
      assert.match(await step(name), new RegExp(name));
      await look(`overview-${focus}`);
    }
  });

  await t.test("numbers lead to as many sessions", async () => {
    for (const [link, sessions] of [
      ['.figures a', 2],
      ['table[aria-labelledby="by-browser"] a:has-text("Chrome")', 2],
      ['table[aria-labelledby="by-browser"] a:has-text("Firefox")', 1],
      ['.page-head a:has-text("live now")', 3],
      ['.page-head a:has-text("Sessions")', 3],
    ]) {
      await page.goto(`${server.admin}/apps/${shop}?focus=broke`);
      await page.goto(server.admin + (await page.locator(link).first().getAttribute("href")));
      assert.equal(await page.locator(".content table tbody tr").count(), sessions, page.url());
    }
    // The stretches of the chart have all sessions between them.
    await page.goto(`${server.admin}/apps/${shop}?focus=who`);
    const titles = await page.locator(".plot a").evaluateAll((all) => all.map((one) => one.getAttribute("data-tip")));
    const sum = titles.reduce((all, title) => all + Number(/: (\d+) session/.exec(title)[1]), 0);
    assert.equal(sum, 3);
  });

  await t.test("robots are told apart and can be looked at", async () => {
    await page.goto(`${server.admin}/apps/${shop}`);
    await page.locator("a", { hasText: "1 robot session not counted" }).click();
    await page.waitForURL(/q=user\.type/);
    assert.match(await step("Who came"), /1 session /);
    // All kinds are an empty filter, which every control of the page keeps.
    await page.locator(".segmented a", { hasText: "All" }).first().click();
    await page.waitForURL(/q=(\+|%20)/);
    assert.match(await step("Who came"), /4 sessions/);
    await page.locator(".step", { hasText: "What broke" }).click();
    await page.waitForURL(/focus=broke/);
    assert.match(await step("Who came"), /4 sessions/);
  });

  await t.test("what is typed into the filter box holds for every number", async () => {
    await page.goto(`${server.admin}/apps/${shop}?focus=broke`);
    await page.keyboard.press("f");
    await page.keyboard.type("browser:Firefox");
    await page.keyboard.press("Enter");
    await page.waitForURL((url) => url.searchParams.get("q")?.includes("browser:Firefox") && url.searchParams.get("focus") === "broke");
    assert.match(await step("Who came"), /1 session /);
    assert.match(await step("What broke"), /0 errors/);
    assert.equal(await page.locator(".token").innerText(), "browser Firefox");
    await look("overview-filtered");
    const filtered = page.url();
    await page.goto(server.admin + (await page.locator('.page-head a:has-text("Sessions")').getAttribute("href")));
    assert.equal(await page.locator(".content table tbody tr").count(), 1);
    await page.goto(filtered);
    await page.fill("#text", "brwser:x");
    await page.locator(".find button").click();
    assert.match(await page.locator(".empty").innerText(), /not understood/);
    assert.equal(await page.locator(".token-wrong").count(), 1);
    await look("overview-wrong");
    await page.locator(".token-wrong a").click();
    assert.match(await step("Who came"), /1 session /);
    await page.locator(".token a").click();
    assert.match(await step("Who came"), /3 sessions/);
  });

  await t.test("user actions by name: the most time first, in any order, of any filter, and their sessions", async () => {
    const list = async () => (await page.locator("tbody tr").allInnerTexts()).map((row) => row.replace(/[\s\u202f]+/g, " "));
    await page.goto(`${server.admin}/apps/${shop}`);
    await page.locator("nav a", { hasText: "User actions" }).click();
    const rows = await list();
    assert.equal(rows.length, 4, rows.join("\n"));
    assert.match(rows[0], /^loading of page \/ load 3 .*0\.50/, "1, 5 and 20 seconds");
    assert.match(rows[1], /^loading of page \/cart load 1 /);
    assert.match(rows[2], /^click on "Pay" on page \/cart XHR 1 .* 100% 0\.00/);
    assert.match(rows[3], /^pay custom 1 /);
    assert.match(await page.locator(".page-facts").innerText(), /4 names with 6 user actions, 29\ss in all/);
    await look("actions");
    await page.locator("thead a", { hasText: "User action" }).click();
    await page.waitForURL(/sort=name/);
    assert.match((await list())[0], /^click on/);
    await page.locator(".segmented a", { hasText: "Custom" }).click();
    await page.waitForURL((url) => url.searchParams.get("type") === "custom" && url.searchParams.get("sort") === "name");
    assert.deepEqual((await list()).map((row) => row.slice(0, 3)), ["pay"]);
    await page.goto(`${server.admin}/apps/${shop}/actions`);
    await page.fill("#text", "user:ryan");
    await page.locator(".find button").click();
    await page.waitForURL(/q=.*user(%3A|:)ryan/);
    assert.equal((await list()).length, 3, "what the one with the name did");
    await page.locator("tbody tr a", { hasText: "Pay" }).click();
    await page.waitForURL(/\/sessions\?/);
    assert.equal(await page.locator(".content table tbody tr").count(), 1);
    await page.goto(`${server.admin}/apps/${shop}/actions?q=user:nobody`);
    assert.match(await page.locator(".empty").innerText(), /No user action fits/);
    await look("actions-none");
    await page.goto(`${server.admin}/apps/${empty}/actions`);
    assert.match(await page.locator(".empty").innerText(), /No user action fits/);
  });

  await t.test("a panel has an address of its own", async () => {
    for (const [panel, expected] of [["story", "Who came"], ["detail", "Split by"], ["browser", "Chrome"]]) {
      const answer = await page.request.get(`${server.admin}/apps/${shop}?panel=${panel}`);
      const html = await answer.text();
      assert.equal(answer.status(), 200);
      assert.ok(html.includes(expected) && !html.includes("<html"), panel);
    }
    assert.equal((await page.request.get(`${server.admin}/apps/${shop}?panel=nonsense`)).status(), 404);
  });

  await t.test("range and comparison are in the address", async () => {
    await page.goto(`${server.admin}/apps/${shop}?focus=who`);
    await page.locator(".time-range summary").click();
    await page.locator(".time-range a", { hasText: "Last 30 minutes" }).click();
    await page.waitForURL((url) => url.searchParams.get("from") === "-30m" && url.searchParams.get("focus") === "who");
    assert.match(await step("Who came"), /3 sessions/);
    await page.locator(".time-range summary").click();
    await page.locator(".time-range a", { hasText: "a week earlier" }).click();
    await page.waitForURL((url) => url.searchParams.get("cmp") === "week" && url.searchParams.get("from") === "-30m");
    await page.goto(`${server.admin}/apps/${shop}?from=-3h&to=-2h`);
    assert.match(await page.locator(".empty").innerText(), /No session in this time\. The last one was on/);
    await page.locator("a", { hasText: "Go to the last data" }).click();
    assert.match(await step("Who came"), /3 sessions/);
  });

  await t.test("an application without data says how it gets some", async () => {
    await page.goto(`${server.admin}/apps/${empty}`);
    const text = await page.locator(".empty").innerText();
    assert.ok(text.includes(`/tag/${empty}.js`), text);
    assert.equal(await page.locator(`.empty a[href="/apps/${empty}/health"]`).count(), 1);
    await look("overview-never");
  });

  await t.test("the list of applications and home show the same numbers", async () => {
    await page.goto(`${server.admin}/apps`);
    const row = (await page.locator("tbody tr", { hasText: "Shop" }).innerText()).replace(/[\s\u202f]+/g, " ");
    assert.match(row, /Shop .* 3 3 .* 0\.58 poor .* 67% .* receiving/);
    assert.match(await page.locator("tbody tr").first().innerText(), /Shop/, "the worst comes first");
    await page.locator("thead a", { hasText: "Application" }).click();
    await page.waitForURL(/sort=name/);
    assert.equal((await page.locator("thead th[aria-sort=ascending]").innerText()).trim(), "Application");
    await look("applications");
    await page.goto(`${server.admin}/`);
    const home = (await page.locator("main").innerText()).replace(/[\s\u202f]+/g, " ");
    assert.match(home, /Shop: Apdex 0\.58, poor/);
    assert.match(home, /3 sessions/);
    assert.equal(await page.locator('table[aria-labelledby="live"] tbody tr').count(), 3);
    await look("home");
  });

  await t.test("the numbers draw themselves anew when that is wanted, and not under the hands of somebody", async () => {
    await page.clock.install();
    try {
      await page.goto(`${server.admin}/apps/${shop}`);
      await page.locator(".foot a", { hasText: "Refresh every 30 s" }).click();
      await page.waitForURL(/live=1/);
      assert.equal(await page.locator("noscript").count(), 1, "without script the browser does it");
      const island = page.locator("[data-island=refresh]");
      await page.waitForLoadState("networkidle");
      await island.evaluate((node) => (node.dataset.old = "1"));
      await page.locator("main .number a, main a").first().focus();
      await page.clock.runFor(31_000);
      await page.waitForTimeout(300);
      assert.equal(await island.getAttribute("data-old"), "1", "somebody is at a link");
      await page.evaluate(() => document.activeElement?.blur());
      await page.clock.runFor(31_000);
      await page.locator("[data-island=refresh]:not([data-old])").waitFor();
      assert.match(await step("Who came"), /3 sessions/);
      await page.locator(".foot a", { hasText: "Stop" }).click();
      await page.waitForURL((url) => !url.searchParams.has("live"));
    } finally {
      await page.clock.resume();
    }
  });

  await t.test("without complaints in the console", () => assert.deepEqual(complaints, []));
});
