// Loads, inputs and route changes, as the agent puts them on the wire in a real Chromium.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { until } from "./support/browser.js";
import { action, browser, click, collector, loaded, page, pageErrors, site, visit } from "./support/wire.js";

describe("a page load", () => {
  test("carries everything the wire format requires", async () => {
    const load = await visit();
    const { beacon } = load;
    assert.equal(beacon.v, 1);
    assert.match(beacon.id, /^[0-9a-f]{32}$/);
    assert.match(beacon.vi, /^[0-9a-f]{32}$/);
    assert.match(beacon.bs, /^[0-9a-f]{16}$/);
    assert.match(beacon.tab, /^[0-9a-f]{16}$/);
    assert.ok(Math.abs(beacon.s - Date.now()) < 10_000);
    assert.ok(Math.abs(beacon.b - beacon.s) < 10_000);
    assert.equal(beacon.scr, "1280x800");
    assert.equal(beacon.vp, "1280x800");
    assert.equal(beacon.lang, "en-US");
    assert.ok(beacon.tz);
    assert.equal(beacon.rel, "4.12.0");
    assert.equal(beacon.ret, 0);
    assert.equal(beacon.wd, 1);
    assert.equal(beacon.$.path, "/beacon/a_test123");
    assert.equal(beacon.$.headers.cookie, undefined);
    assert.match(beacon.$.headers["content-type"], /^text\/plain/);
    assert.ok(Number.isInteger(load.at) && Number.isInteger(load.d) && load.d > 0);
    assert.ok(Number.isInteger(load.pv));
    assert.equal(load.ti, "Shop");
    assert.ok(load.vc > 0, "visually complete");
    for (const mark of ["fs", "qs", "ps", "pe", "di", "ls", "le", "dc", "os", "oe", "fcp"]) {
      assert.ok(load.tm[mark] > 0, mark);
    }
    assert.ok(load.d >= load.tm.oe);
    const kinds = Object.fromEntries(load.r.map((row) => [new URL(row.u).pathname, row.k]));
    assert.deepEqual(
      [kinds["/"], kinds["/site.css"], kinds["/logo.svg"], kinds["/site.js"]],
      ["doc", "css", "img", "js"],
    );
    assert.equal(load.r.find((row) => row.u.endsWith("/site.css")).rb, 1);
  });

  test("never asks the collector for leave first", async () => {
    await visit();
    assert.deepEqual(
      collector.all().filter((one) => one.$.method === "OPTIONS"),
      [],
    );
  });

  test("keeps the visitor and the browser session on the next page", async () => {
    const first = await visit();
    await page.click("text=Second page");
    const second = await loaded("/second.html");
    assert.equal(second.beacon.vi, first.beacon.vi);
    assert.equal(second.beacon.bs, first.beacon.bs);
    assert.equal(second.beacon.tab, first.beacon.tab);
    assert.equal(second.beacon.ret, 1);
    assert.notEqual(second.pv, first.pv);
    assert.equal(second.rf, site.origin + "/");
    const left = await until("page end", () => collector.events("q")[0]);
    assert.equal(left.nav, 1);
  });

  test("sums resources beyond the limit", async () => {
    collector.reset({ resources: 2 });
    const load = await visit();
    assert.ok(load.r.length <= 3);
    assert.ok(load.rm.every((sum) => sum.h && sum.k && sum.c > 0));
    assert.ok(load.rm.length > 0);
  });

  test("keeps the slowest and the largest resources, also behind many that are alike", async () => {
    collector.reset({ resources: 10 });
    await page.addInitScript(() => {
      // Cached ones take no time and no bytes; the browser's own entries would differ a little each time.
      const entry = (index, duration, transferSize) => ({
        name: `${location.origin}/alike/${index}.png`, initiatorType: "img", startTime: 20 + index / 10, duration, transferSize,
        responseEnd: 20 + index / 10 + duration,
      });
      const made = Array.from({ length: 60 }, (_, index) => entry(index, index === 55 ? 900 : 0, index === 57 ? 50000 : 0));
      const native = PerformanceObserver.prototype.takeRecords;
      PerformanceObserver.prototype.takeRecords = function () {
        return [...native.call(this), ...made.splice(0)];
      };
    });
    const load = await visit();
    const kept = load.r.map((one) => /alike\/(\d+)/.exec(one.u)?.[1]);
    assert.ok(kept.includes("55") && kept.includes("57"), `${kept}`);
    assert.ok(load.r.length <= 11);
  });

  test("sends vitals of its page view", async () => {
    const load = await visit();
    await page.click("#dead");
    await page.waitForTimeout(300);
    await page.goto("about:blank");
    const vitals = () => Object.assign({}, ...collector.events("v"));
    const found = await until("all vitals", () => (vitals().cls != null && vitals().lcp && vitals().inp != null ? vitals() : 0));
    assert.equal(found.pv, load.pv);
    assert.ok(Number.isInteger(found.cls));
    assert.ok(found.le);
    assert.equal(found.ie, "#dead");
  });
});

describe("an input", () => {
  test("followed by fetch makes an action with its request", async () => {
    await visit();
    await page.click("#buy");
    const bought = await click("Buy now");
    assert.equal(bought.t, "xhr");
    assert.deepEqual(bought.i, { k: "click", c: "Buy now", e: "BUTTON" });
    assert.ok(bought.ru.endsWith("/api/cart?delay=120"));
    assert.ok(bought.d >= 115 && bought.d < 1000, `${bought.d} ms`);
    assert.equal(bought.r[0].k, "fetch");
    assert.equal(bought.r[0].m, "POST");
    assert.equal(bought.r[0].st, 200);
  });

  test("followed by XMLHttpRequest makes an action with its request", async () => {
    await visit();
    await page.click("#xhr");
    const old = await click("Old way");
    assert.equal(old.r[0].k, "xhr");
    assert.equal(old.r[0].st, 200);
    assert.ok(old.d >= 75);
  });

  test("is followed through timers and promises", async () => {
    await visit();
    await page.click("#later");
    const later = await click("Buy later");
    assert.ok(later.d >= 240 && later.d < 1500, `${later.d} ms`);
  });

  test("is extended by chained requests", async () => {
    await visit();
    await page.click("#chain");
    const chain = await click("Chain");
    assert.equal(chain.r.length, 3);
    assert.ok(chain.d >= 195);
  });

  test("by key names the field and not what was typed", async () => {
    await visit();
    await page.focus("#search");
    await page.keyboard.press("s");
    const typed = await action((one) => one.i?.k === "keypress");
    assert.equal(typed.i.c, "Search");
    assert.equal(typed.i.e, "INPUT");
  });

  test("that leaves a filled field is the click, not the change of the field", async () => {
    await visit();
    await page.fill("#name", "Ryan");
    await page.click("#buy");
    const bought = await click("Buy now");
    assert.deepEqual(bought.i, { k: "click", c: "Buy now", e: "BUTTON" });
    // Pressed for longer: the field has changed well before the click.
    await page.waitForTimeout(700);
    await page.fill("#name", "Anna");
    await page.click("#xhr", { delay: 80 });
    await click("Old way");
    assert.deepEqual(
      collector.events("a").filter((one) => one.i?.k === "change"),
      [],
    );
  });

  test("by key that submits is the key, not the click the browser makes of it", async () => {
    await visit();
    await page.focus("#buy");
    await page.keyboard.press("Enter");
    const bought = await click("Buy now");
    assert.equal(bought.i.k, "keypress");
  });

  test("without a request makes no action", async () => {
    await visit();
    await page.click("#dead");
    await page.click("#buy");
    await click("Buy now");
    assert.equal(collector.events("a").length, 2);
  });

  test("keeps its caption when the application says so", async () => {
    collector.reset({ captions: 0 });
    await visit();
    await page.click("#buy");
    const bought = await action((one) => one.t === "xhr");
    assert.equal(bought.i.c, "");
  });

  test("repeated in anger is a rage click", async () => {
    await visit();
    for (let count = 0; count < 4; count++) await page.click("#dead", { delay: 10 });
    const rage = await until("rage click", () => collector.events("r")[0]);
    assert.equal(rage.c, "Does nothing");
    assert.equal(rage.x, 4);
    assert.equal(rage.u, site.origin + "/");
  });
});

describe("a route change", () => {
  test("after a click is an action of the click", async () => {
    const load = await visit();
    await page.click("#hash");
    const route = await click("Next view");
    assert.equal(route.soft, 1);
    assert.equal(route.nu, site.origin + "/view/2");
    assert.notEqual(route.pv, load.pv);
  });

  test("by the history without an input is an action of the new page", async () => {
    await visit();
    await page.evaluate(() => history.pushState({}, "", "/view/3"));
    const route = await action((one) => one.soft);
    assert.equal(route.u, site.origin + "/view/3");
    assert.equal(route.i, undefined);
  });

  test("of a framework's router takes its chained requests along", async () => {
    await visit("/app/");
    await page.click("text=About us");
    const about = await click("About us");
    assert.equal(about.soft, 1);
    await page.click("text=Product seven");
    const product = await click("Product seven");
    assert.equal(product.soft, 1);
    assert.deepEqual(
      product.r.map((row) => new URL(row.u).pathname),
      ["/api/products/7", "/api/reviews/7"],
    );
    assert.ok(product.d >= 115, `${product.d} ms`);
    assert.deepEqual(pageErrors, []);
  });
});
