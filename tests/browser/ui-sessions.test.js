// The pages that support staff use all day, on the demo's week: find, narrow down, save, open, compare, understand.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { openBrowser, until } from "./support/browser.js";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const binary = resolve(process.env.FOOTFALL_BIN || join(root, "target/debug/footfall"));
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const pictures = process.env.BROWSER_TEST_PICTURES;

let child;
let log = "";
let admin;
let page;
let base = "";
const complaints = [];

/** Looks at a page: nothing that keeps people out, nothing wider than the screen. */
async function look(name, where = page) {
  if (pictures) {
    mkdirSync(pictures, { recursive: true });
    await where.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
  }
  await where.evaluate(axe);
  const found = await where.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  const violations = found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(" ")).join(", ")}`);
  assert.deepEqual(violations, [], `${name} keeps people out`);
  const wider = await where.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(wider <= 0, `${name} is ${wider} px wider than the screen`);
}

/** Number in front of the word "session" in the head of the list. */
async function total() {
  return Number((await page.locator("#list").innerText()).replace(/[^0-9].*$/, "").replaceAll(",", ""));
}

before(async () => {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("FOOTFALL_")));
  child = spawn(binary, ["demo", "--visits-per-day", "120"], { env, stdio: ["ignore", "pipe", "pipe"] });
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (log += text));
  admin = await openBrowser({ viewport: { width: 1440, height: 900 } });
  await until("the week is there", () => /visitors are live now/.test(log), 120_000);
  base = /Footfall\s+(http:\S+)/.exec(log)[1].replace(/\/$/, "");
  const password = /demo\s+(\S+-\S+-\S+-\S+)/.exec(log)[1];
  page = await admin.context.newPage();
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(base + "/login");
  await page.fill("#f-name", "demo");
  await page.fill("#f-password", password);
  await page.click("main button:has-text('Sign in')");
  await page.waitForURL((url) => !url.pathname.startsWith("/login"));
  await until("the week is indexed", async () => {
    await page.goto(base + "/sessions?from=-7d");
    return (await total()) > 300;
  }, 60_000);
});
after(async () => {
  await admin?.close();
  child?.kill("SIGTERM");
});

test("the list of sessions", async (t) => {
  await t.test("facets narrow down, more values are one click away, and the address says it", async () => {
    await page.goto(base + "/sessions?from=-7d");
    const all = await total();
    await look("sessions");
    const more = page.locator(".facet-more").first();
    const group = page.locator(".facets > div", { has: more }).first();
    const rows = await group.locator(".facet").count();
    await more.click();
    await page.waitForURL(/more=/);
    const opened = page.locator(".facets > div", { has: page.locator("a:has-text('Fewer')") });
    assert.ok((await opened.locator(".facet").count()) > rows, "more values are shown");
    await page.locator(".facet", { hasText: "Frustrated" }).first().click();
    await page.waitForURL(/q=.*ux/);
    const some = await total();
    assert.ok(some > 0 && some < all, `${some} of ${all}`);
    const chips = await page.locator("tbody tr td .chip").allInnerTexts();
    assert.deepEqual([...new Set(chips)], ["Frustrated"]);
  });

  await t.test("columns, rows and order are in the address and hold for all pages", async () => {
    // Live sessions grow while the test looks.
    await page.goto(base + "/sessions?from=-7d&q=user.type:real+live:no");
    await page.click("summary:has-text('Columns')");
    await page.locator("label.check:has-text('Place') input").uncheck();
    await page.locator("label.check:has-text('System') input").check();
    await page.selectOption("#rows", "25");
    await page.locator(".menu-columns button").click();
    await page.waitForURL(/cols=/);
    const heads = await page.locator("thead th").allInnerTexts();
    assert.ok(heads.some((head) => head.includes("System")) && !heads.some((head) => head.includes("Place")), heads.join());
    assert.equal(await page.locator("tbody tr").count(), 25);
    await page.click("thead a:has-text('Duration')");
    await page.waitForURL(/sort=-duration/);
    assert.equal((await page.locator("th[aria-sort=descending]").innerText()).trim(), "Duration");
    const ids = async () => page.locator("a.row-cover").evaluateAll((rows) => rows.map((row) => new URL(row.href).pathname.split("/").pop()));
    const durations = async (list) => Promise.all(list.map(async (id) => {
      const answer = await page.evaluate((path) => fetch(path).then((r) => r.json()), `/api/v1/sessions/${id}`);
      return answer.session.duration;
    }));
    const first = await ids();
    const lengths = await durations(first);
    assert.deepEqual(lengths, [...lengths].sort((a, b) => b - a), "the longest first");
    await page.click("a[rel=next]");
    await page.waitForURL(/after=25/);
    const second = await ids();
    assert.equal(new Set([...first, ...second]).size, first.length + second.length, "no session on two pages");
    assert.ok((await durations(second.slice(0, 1)))[0] <= lengths.at(-1));
    const api = await page.evaluate(() => fetch("/api/v1/sessions?from=-7d&q=user.type:real+live:no&sort=-duration&limit=25").then((r) => r.json()));
    assert.deepEqual(api.items.map((item) => item.id).slice(0, 10), first.slice(0, 10), "the API sorts alike");
  });

  await t.test("the filter box suggests by keyboard, and works as text without script", async () => {
    // The script of the box comes after the page.
    await page.goto(base + "/sessions?from=-7d", { waitUntil: "networkidle" });
    await page.keyboard.press("f");
    await page.keyboard.type("browser:");
    await page.locator(".suggest li").first().waitFor();
    await page.keyboard.press("ArrowDown");
    const chosen = await page.locator(".suggest li[aria-selected=true]").innerText();
    await page.keyboard.press("Enter");
    await page.waitForURL(/q=.*browser/);
    assert.match(await page.locator(".token").last().innerText(), /browser/);
    assert.ok(chosen.length > 0);
    await page.locator("#text").focus();
    await page.keyboard.press("Backspace");
    await page.waitForURL((url) => !url.search.includes("browser"));
    const plain = await openBrowser({ javaScriptEnabled: false });
    try {
      await plain.context.addCookies(await admin.context.cookies());
      const reader = await plain.context.newPage();
      await reader.goto(base + "/sessions?from=-7d");
      await reader.fill("#text", "errors>0 ux:frustrated");
      await reader.locator(".find > button").click();
      await reader.waitForURL(/errors%3E0/);
      assert.equal(await reader.locator(".token").count(), 3);
    } finally {
      await plain.close();
    }
  });

  await t.test("a stretch of the chart is taken by dragging and by a form", async () => {
    await page.goto(base + "/sessions?from=-7d");
    const bars = page.locator(".chart a");
    const boxes = await Promise.all([2, 5].map((index) => bars.nth(index).boundingBox()));
    const hrefs = await Promise.all([2, 5].map((index) => bars.nth(index).getAttribute("href")));
    await page.mouse.move(boxes[0].x + boxes[0].width / 2, boxes[0].y + 20);
    await page.mouse.down();
    await page.mouse.move(boxes[1].x + boxes[1].width / 2, boxes[1].y + 20, { steps: 4 });
    await page.mouse.up();
    await page.waitForURL(/to=/);
    const asked = new URL(page.url()).searchParams;
    assert.equal(asked.get("from"), new URL(hrefs[0], base).searchParams.get("from"));
    assert.equal(asked.get("to"), new URL(hrefs[1], base).searchParams.get("to"));
    await page.goto(base + "/sessions?from=-7d");
    await page.click("summary:has-text('Choose a stretch')");
    await page.selectOption("#stretch-from", { index: 2 });
    await page.selectOption("#stretch-to", { index: 5 });
    await page.locator(".stretch button").click();
    await page.waitForURL(/to=/);
    assert.equal(new URL(page.url()).searchParams.get("from"), asked.get("from"));
    assert.equal(new URL(page.url()).searchParams.get("to"), asked.get("to"));
  });

  await t.test("a row says what in it fits", async () => {
    await page.goto(base + "/sessions?from=-7d&q=user.type:real+page:/basket");
    const matched = await page.locator(".matched").allInnerTexts();
    assert.ok(matched.length > 0, "some session has the page");
    for (const text of matched) assert.match(text, /^matched: page \/basket( \d+×)?$/);
    await look("sessions-matched");
  });

  await t.test("finding nothing says which term hides what, and where the person is", async () => {
    await page.goto(base + "/sessions?from=-7d");
    const tag = await page.locator('td a[href^="/users/"]').first().innerText();
    await page.goto(base + `/sessions?from=-30s&q=${encodeURIComponent(`user:"${tag}" duration>5h`)}`);
    const terms = await page.locator(".empty tbody tr").allInnerTexts();
    assert.equal(terms.length, 2, terms.join());
    await page.goto(base + `/sessions?from=-20d&to=-19d&q=${encodeURIComponent(`user:"${tag}"`)}`);
    const text = await page.locator(".empty").innerText();
    assert.match(text, new RegExp(`No session of “${tag}”`));
    await look("sessions-nothing");
    await page.locator(".empty a:has-text('in the last')").click();
    await page.waitForURL(/from=-\d+d/);
    assert.ok((await total()) > 0, "the other range has them");
  });

  await t.test("the foot says what is not in the list", async () => {
    await page.goto(base + "/sessions?from=-400d");
    const foot = await page.locator(".pager").innerText();
    for (const part of [/Times in \S+/, /robot sessions? not shown/, /removed/]) assert.match(foot, part);
  });

  await t.test("a filter is saved as a segment, found again, and removed", async () => {
    await page.goto(base + "/sessions?from=-7d&q=user.type:real+errors%3E0");
    const found = await total();
    await page.click("summary:has-text('Save as segment')");
    await page.fill("#segment-name", "With errors");
    await look("sessions-save");
    await page.click(".segments button:has-text('Save')");
    await page.waitForURL(/from=-7d/);
    const chip = page.locator(".segment", { hasText: "With errors" });
    assert.equal(await chip.getAttribute("aria-current"), "true");
    assert.equal(await total(), found);
    assert.equal(await page.locator("summary:has-text('Save as segment')").count(), 0, "it is saved already");
    const api = await page.evaluate(() => fetch("/api/v1/segments").then((r) => r.json()));
    assert.deepEqual(api.items.map((own) => [own.name, own.filter, own.is_shared]), [["With errors", "user.type:real errors>0", true]]);
    await page.goto(base + "/segments");
    await look("segments");
    await page.click("button[aria-label='Remove With errors']");
    await page.waitForURL(/segments$/);
    assert.match(await page.locator("main").innerText(), /No segment is saved yet/);
  });
});

test("the page of a session", async (t) => {
  await t.test("the list leads to its neighbors by keys, and back", async () => {
    await page.goto(base + "/sessions?from=-7d&q=user.type:real+errors%3E0");
    const ids = await page.locator("a.row-cover").evaluateAll((rows) => rows.map((row) => new URL(row.href).pathname));
    assert.ok(ids.length > 3);
    await page.locator("a.row-cover").nth(1).click();
    await page.waitForURL((url) => url.pathname === ids[1]);
    for (const [key, expected] of [["n", ids[2]], ["p", ids[1]], ["p", ids[0]]]) {
      await page.locator("[data-island=neighbors][data-ready]").waitFor();
      await page.keyboard.press(key);
      await page.waitForURL((url) => url.pathname === expected);
    }
    await look("session");
    await page.locator(".crumbs a:has-text('Sessions')").click();
    await page.waitForURL(/\/sessions\?q=.*errors/);
  });

  await t.test("arrows move over the timeline and Enter leads to the line", async () => {
    await page.goto(base + "/sessions?from=-7d&q=user.type:real+errors%3E0+actions%3E5");
    await page.locator("a.row-cover").first().click();
    // Its script comes after the page.
    await page.locator(".lanes a[tabindex='0']").first().waitFor();
    assert.equal(await page.locator(".lanes a[tabindex='0']").count(), 1, "one stop for the tabulator");
    await page.locator(".lanes a[tabindex='0']").focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowRight");
    const href = await page.evaluate(() => document.activeElement?.getAttribute("href"));
    assert.match(href ?? "", /^#[ae]\d+$/);
    await page.keyboard.press("Enter");
    await page.waitForURL((url) => url.hash === href);
    await page.locator(`${href} details[open]`).waitFor();
  });

  await t.test("views keep the list, and the end is explained", async () => {
    await page.locator(".segmented a:has-text('Errors')").click();
    await page.waitForURL(/show=errors/);
    assert.match(page.url(), /q=/);
    const facts = await page.locator("section:has(#card-session)").innerText();
    assert.match(facts, /Ended by[\s\S]+That is[\s\S]+License/);
    await page.click("summary[aria-label=More]");
    assert.match((await page.locator("a:has-text('Export JSON')").getAttribute("href")) ?? "", /^\/api\/v1\/sessions\/s_/);
  });

  await t.test("a session that is not there says why and searches on", async () => {
    for (const [id, expected] of [
      ["s_00000000000000000000000009", /There is no such session/],
      ["s_01ca8q5t7y0000000000000000", /past its time/],
      ["nonsense", /There is no such session/],
    ]) {
      const answer = await page.goto(`${base}/sessions/${id}`);
      assert.equal(answer?.status(), 404);
      assert.match(await page.locator("h1").innerText(), expected);
    }
    await look("session-missing");
    await page.locator("main form button").click();
    await page.waitForURL(/\/sessions\?.*nonsense/);
    complaints.splice(0, complaints.length, ...complaints.filter((text) => !/404/.test(text)));
  });
});

test("the waterfall marks what stands out, searches, sorts, groups and opens rows", async () => {
  await page.goto(base + "/sessions?from=-7d&q=user.type:real+errors%3E0");
  const id = await page.locator("a.row-cover").first().evaluate((row) => new URL(row.href).pathname);
  const session = await page.evaluate((path) => fetch(`/api/v1${path}`).then((r) => r.json()), id);
  const action = [...session.actions].sort((a, b) => b.resource_count - a.resource_count)[0];
  const address = `${base}${id}/actions/${action.number}/waterfall`;
  await page.goto(address);
  const api = await page.evaluate((path) => fetch(path).then((r) => r.json()), `/api/v1${id}/actions/${action.number}/waterfall`);
  await look("waterfall");
  const finding = page.locator(".finding").first();
  await finding.waitFor();
  await finding.click();
  await page.waitForURL(/find=/);
  const name = new URL(page.url()).searchParams.get("find");
  const marked = await page.locator("tr.is-marked").count();
  const told = api.findings.find((one) => one.name === name);
  assert.ok(marked > 0 && (await page.locator("tr.is-dimmed").count()) >= 0);
  if (told) assert.ok(Math.abs(marked - told.rows.length) <= 1, `${marked} marked, ${told.rows.length} by the API`);
  await page.goto(address);
  await page.fill("#text", "type:script");
  await page.keyboard.press("Enter");
  await page.waitForURL(/q=type/);
  const kinds = await page.locator("tbody tr[id] td:nth-child(2)").allInnerTexts();
  assert.deepEqual([...new Set(kinds)].filter((kind) => kind !== "script"), []);
  await page.goto(`${address}?group=host&sort=duration`);
  const groups = await page.locator(".waterfall-group").allInnerTexts();
  assert.ok(groups.every((group) => /^\S+/.test(group)));
  const row = page.locator("tbody a.row-cover").first();
  await row.focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForURL(/row=\d+#r\d+/);
  assert.match(await page.locator(".waterfall-details").innerText(), /Address[\s\S]*Provider/);
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("aria-expanded")), "true");
  await look("waterfall-row");
});

test("the page of a user tells who it is and how it was, as the API does", async () => {
  await page.goto(base + "/sessions?from=-7d&q=user.type:real+errors%3E0+user:any");
  const user = page.locator('td a[href^="/users/"]').first();
  const tag = await user.innerText();
  await user.click();
  await page.waitForURL(/\/users\/[0-9a-f]+$/);
  assert.equal(await page.locator("h1").innerText(), tag);
  await look("user");
  const api = await page.evaluate((own) => fetch(`/api/v1/users?tag=${encodeURIComponent(own)}`).then((r) => r.json()), tag);
  assert.equal(new URL(page.url()).pathname, `/users/${api.key}`);
  const tile = await page.locator(".tile", { hasText: "Sessions" }).first().locator("dd").innerText();
  assert.equal(parseInt(tile, 10), api.sessions);
  assert.equal(await page.locator("section:has(#devices) tbody tr").count(), api.devices.length);
  assert.equal(api.hours.reduce((sum, count) => sum + count, 0), api.looked_at);
  assert.ok(api.errors.length > 0, "the errors of the session are among them");
  await page.locator("section:has(#errors) a.row-cover").first().click();
  await page.waitForURL(/\/sessions\/s_.*show=errors/);
});

test("on a phone and in the dark", async () => {
  await page.goto(base + "/sessions?from=-7d&q=user.type:real+errors%3E0+user:any");
  const session = await page.locator("a.row-cover").first().getAttribute("href");
  const user = await page.locator('td a[href^="/users/"]').first().getAttribute("href");
  await page.emulateMedia({ colorScheme: "dark" });
  for (const [width, height] of [[390, 844], [768, 1024], [320, 640]]) {
    await page.setViewportSize({ width, height });
    for (const [name, path] of [["sessions", "/sessions?from=-7d"], ["session", session], ["waterfall", `${session.split("?")[0]}/actions/1/waterfall`], ["user", user], ["segments", "/segments"]]) {
      await page.goto(base + path);
      await look(`${name}-${width}`);
    }
  }
});

test("without complaints in the console", () => assert.deepEqual(complaints, []));
