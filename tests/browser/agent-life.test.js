// Tabs, ends, trouble and hostile pages, as the agent puts them on the wire in a real Chromium.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { brotliCompressSync } from "node:zlib";
import { until } from "./support/browser.js";
import { action, browser, click, collector, loaded, newPage, page, pageErrors, site, visit } from "./support/wire.js";

describe("tabs", () => {
  test("share the session, and closing one tells the others", async () => {
    const first = await visit();
    const other = await newPage();
    await other.goto(site.origin + "/second.html");
    const second = await loaded("/second.html");
    assert.equal(second.beacon.bs, first.beacon.bs);
    assert.equal(second.beacon.vi, first.beacon.vi);
    assert.notEqual(second.beacon.tab, first.beacon.tab);
    await other.close({ runBeforeUnload: true });
    const end = await until("page end", () => collector.events("q")[0]);
    assert.equal(end.beacon.tab, second.beacon.tab);
    assert.equal(end.pe, 1);
    assert.equal(end.nav, 0);
    const gone = await until("peer gone", () => collector.events("g")[0]);
    assert.equal(gone.tab, second.beacon.tab);
    assert.equal(gone.beacon.tab, first.beacon.tab);
  });

  test("say nothing of each other when a page only leads to the next", async () => {
    await visit();
    const other = await newPage();
    await other.goto(site.origin + "/second.html");
    await loaded("/second.html");
    await other.click("text=Back to the shop");
    await until("page end", () => collector.events("q")[0]);
    await page.waitForTimeout(2500);
    assert.deepEqual(collector.events("g"), []);
  });

  test("get an id of their own when duplicated", async () => {
    const first = await visit();
    const [copy] = await Promise.all([
      browser.context.waitForEvent("page"),
      page.evaluate(() => void window.open("/second.html")),
    ]);
    await copy.waitForLoadState();
    const second = await loaded("/second.html");
    assert.notEqual(second.beacon.tab, first.beacon.tab, "window.open copies the session storage");
  });

  test("tell when the last one is closed", async () => {
    await visit();
    await page.close({ runBeforeUnload: true });
    const end = await until("page end", () => collector.events("q")[0]);
    assert.deepEqual([end.pe, end.nav, end.ps], [0, 0, 0]);
  });

  test("tell when another site follows", async () => {
    await visit();
    await page.evaluate(() => document.getElementById("away").setAttribute("href", "about-other".replace("about-other", location.protocol + "//localhost:" + location.port + "/second.html")));
    await page.click("#away");
    const end = await until("page end", () => collector.events("q")[0]);
    assert.equal(end.nav, 2);
  });
});

describe("an early end", () => {
  test("sends the open action with the page", async () => {
    await visit();
    await page.evaluate(() => document.getElementById("buy").addEventListener("click", () => fetch("/api/slow?delay=8000")));
    await page.click("#buy");
    await page.waitForTimeout(300);
    await page.goto("about:blank");
    const bought = await click("Buy now");
    assert.ok(bought.d >= 250 && bought.d < 3000, `${bought.d} ms`);
  });

  for (const [what, getAll] of [
    ["before the browser tells its cookies", () => new Promise(() => {})],
    ["where the browser refuses to tell its cookies", () => Promise.reject(new Error("refused"))],
  ])
    test(`${what} is told, and the next page knows the visitor`, async () => {
      await page.addInitScript(`if (window.CookieStore) CookieStore.prototype.getAll = ${getAll}`);
      await page.goto(site.origin + "/");
      await page.goto(site.origin + "/second.html");
      const first = await action((one) => one.t === "load" && !one.u.includes("second"));
      await page.goto("about:blank");
      const second = await action((one) => one.t === "load" && one.u.includes("second"));
      assert.match(first.beacon.vi, /^[0-9a-f]{32}$/);
      for (const id of ["vi", "bs", "tab"]) assert.equal(second.beacon[id], first.beacon[id], id);
      assert.deepEqual([first.beacon.ret, second.beacon.ret], [0, 1]);
      assert.deepEqual(pageErrors, []);
    });

  test("is a page view again when it comes back from the cache of the browser", async (t) => {
    const first = await visit();
    await page.click("text=Second page");
    await loaded("/second.html");
    await page.goBack({ waitUntil: "commit" });
    const persisted = await page.evaluate(() => JSON.stringify(performance.getEntriesByType("navigation")[0].notRestoredReasons));
    const again = await action((one) => one.t === "load" && one.pv !== first.pv && one.u === first.u);
    const end = collector.events("q")[0];
    t.diagnostic(`persisted: ${end.ps}, navigation: ${persisted}`);
    assert.equal(end.ps, 1, "the agent must not keep the page out of the cache");
    assert.ok(again.d < 1000);
    assert.equal(again.tm, undefined);
    assert.equal(again.beacon.tab, first.beacon.tab);
  });
});

describe("a collector in trouble", () => {
  test("gets the same beacon again after 503, stamped anew", async () => {
    let refused = 0;
    collector.refuseWith(() => (refused++ < 2 ? 503 : 0));
    await visit();
    const tries = collector.all().filter((one) => one.e.some((event) => event.t === "load"));
    assert.equal(tries.length, 3);
    assert.deepEqual(
      tries.map((one) => one.$.status),
      [503, 503, 204],
    );
    assert.equal(new Set(tries.map((one) => one.id)).size, 1);
    assert.ok(tries[2].s > tries[0].s);
    assert.equal(tries[2].b, tries[0].b);
  });

  test("gets from the next page what it did not take from the last", async () => {
    collector.refuseWith((beacon) => (collector.all().length < 60 && beacon.e.some((e) => e.t === "load" && e.ti === "Shop") && !ready ? 503 : 0));
    let ready = false;
    await page.goto(site.origin + "/");
    await until("refusal", () => collector.all().some((one) => one.$.status === 503));
    const first = collector.all().find((one) => one.$.status === 503);
    await page.evaluate(() => 0);
    await page.goto(site.origin + "/second.html");
    ready = true;
    const load = await loaded("/");
    assert.equal(load.beacon.id, first.id);
  });

  test("is not asked again after 400, and the loss is counted", async () => {
    collector.refuseWith((beacon) => (beacon.e.some((event) => event.t === "load") ? 400 : 0));
    await page.goto(site.origin + "/");
    const refused = await until("refusal", () => collector.all().find((one) => one.$.status === 400));
    await page.click("#buy");
    const bought = await click("Buy now");
    assert.equal(collector.all().filter((one) => one.id === refused.id).length, 1);
    assert.equal(
      collector.taken().reduce((sum, one) => sum + (one.lost || 0), 0),
      refused.e.length,
    );
    assert.ok(bought);
  });
});

describe("a hostile page", () => {
  test("with a strict policy is watched without a violation", async () => {
    const violations = [];
    page.on("console", (message) => /Content Security Policy/.test(message.text()) && violations.push(message.text()));
    await visit("/policy.html");
    await page.click("#buy");
    await click("Buy now");
    assert.deepEqual(violations, []);
  });

  test("without any storage is still watched", async () => {
    await page.addInitScript(() => {
      const refuse = () => { throw new DOMException("no", "SecurityError"); };
      Object.defineProperty(Document.prototype, "cookie", { get: refuse, set: refuse });
      for (const name of ["localStorage", "sessionStorage"]) Object.defineProperty(window, name, { get: refuse });
      Object.defineProperty(Navigator.prototype, "locks", { value: undefined });
      delete window.BroadcastChannel;
    });
    const load = await visit();
    await page.click("#buy");
    const bought = await click("Buy now");
    assert.equal(bought.beacon.bs, load.beacon.bs);
    assert.equal(bought.beacon.tab, load.beacon.tab);
    assert.deepEqual(pageErrors, []);
  });

  test("that throws in its handlers and replaces fetch is still watched", async () => {
    await page.addInitScript(() => {
      const native = window.fetch;
      window.fetch = function (...rest) {
        if (String(rest[0]).includes("/api/evil")) throw new Error("evil fetch");
        return native.apply(this, rest);
      };
      addEventListener("click", () => { throw new Error("evil handler"); }, true);
      Array.prototype.evil = () => 0;
      Array.prototype.toJSON = () => "an old library";
      Object.prototype.evil = 1;
    });
    await visit();
    await page.click("#buy");
    await click("Buy now");
    const thrown = await page.evaluate(() => {
      try { fetch("/api/evil"); return "nothing"; } catch (error) { return error.message; }
    });
    assert.equal(thrown, "evil fetch");
    assert.deepEqual([...new Set(pageErrors)], ["evil handler"]);
  });

  test("loads the agent twice and is counted once", async () => {
    await visit();
    await page.evaluate((src) => document.head.append(Object.assign(document.createElement("script"), { src })), `${collector.origin}/tag/a_test123.js?again`);
    await page.waitForTimeout(500);
    await page.click("#buy");
    await click("Buy now");
    assert.equal(collector.events("a").length, 2);
  });

  test("keeps its own behavior of fetch and XMLHttpRequest", async () => {
    await visit();
    const found = await page.evaluate(async () => {
      const answer = await fetch(new Request("/api/echo", { method: "PUT", body: "x" }));
      const reason = await fetch("http://[").catch((error) => error.constructor.name);
      const stopped = new AbortController();
      const pending = fetch("/api/echo?delay=5000", { signal: stopped.signal }).catch((error) => error.name);
      stopped.abort();
      const request = new XMLHttpRequest();
      request.open("GET", "/api/sync", false);
      request.send();
      return [answer.status, reason, await pending, request.status];
    });
    assert.deepEqual(found, [200, "TypeError", "AbortError", 200]);
    await page.waitForTimeout(2500);
    assert.deepEqual(
      collector.events("e").map((one) => one.u),
      ["http://["],
      "an abort is not an error",
    );
  });
});

test("nothing is sent for sessions that are not drawn", async () => {
  collector.reset({ percent: 0 });
  await page.goto(site.origin + "/");
  await page.click("#buy");
  await page.waitForTimeout(3000);
  await page.goto("about:blank");
  await page.waitForTimeout(300);
  assert.deepEqual(collector.all(), []);
});

test("the agent stays below 12 KiB and evaluates nothing", () => {
  const code = readFileSync(new URL("../../assets/agent/dist/agent.js", import.meta.url));
  assert.ok(brotliCompressSync(code).length <= 12 * 1024);
  const text = code.toString("utf8");
  assert.equal(text.split('"__FOOTFALL_SETTINGS__"').length, 2);
  assert.doesNotMatch(text, /\beval\(|new Function|Function\(|createObjectURL|beforeunload|"unload"/);
});
