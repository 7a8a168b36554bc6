// What follows an input: where it begins and ends, what belongs to it, what breaks.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { assertSound, errorsOf, named, near, openVisit } from "./support/proof.js";

/** Clicks one after the other, each after what the one before it did is over. */
async function clickAll(page, ids) {
  for (const id of ids) {
    await page.click(`#${id}`);
    await page.waitForFunction((name) => window.done[name], id);
    // What may still belong to it.
    await page.waitForTimeout(800);
  }
  return page.evaluate(() => ({
    clicks: window.clicks,
    done: window.done,
    requests: performance.getEntriesByType("resource").filter((one) => one.name.includes("/api/")).map((one) => one.toJSON()),
  }));
}

describe("work after a click", { concurrency: 3 }, () => {
  test("in promises, timers and chains lasts from the click to the last answer", async (t) => {
    const { page, visit, recorded, waterfall } = await openVisit(t);
    await visit("/work.html");
    await page.waitForTimeout(600);
    const told = await clickAll(page, ["promise", "timer", "chained", "both"]);
    const found = await recorded("four clicks", (one) => one.actions.length >= 5);
    assertSound(found);
    assert.equal(found.actions.length, 5);
    const expected = [
      ["promise", /in a promise/i, ["promise"]],
      ["timer", /in a timer/i, ["timer"]],
      ["chained", /one after another/i, ["first", "second", "third"]],
      ["both", /both/i, ["left", "right"]],
    ];
    for (const [id, name, paths] of expected) {
      const action = named(found, name);
      assert.ok(action, `${id} is recorded`);
      assert.equal(action.kind, "xhr");
      const own = paths.map((path) => told.requests.find((one) => one.name.includes(`/api/${path}?`)));
      const end = Math.max(...own.map((one) => one.responseEnd));
      near(action.duration, end - told.clicks[id], `duration of ${id}`, 100);
      assert.ok(action.duration >= Math.floor(end - told.clicks[id]) - 1, `${id} ends no sooner than its last answer`);
      assert.ok(action.request_url.includes(`/api/${paths[0]}?`), action.request_url);
      const { rows } = (await waterfall(found, action)).resources;
      assert.deepEqual(rows.map((row) => new URL(row.url).pathname).sort(), paths.map((path) => `/api/${path}`).sort());
      for (const entry of own) {
        // Values of parameters are masked.
        const row = rows.find((one) => one.url.split("?")[0] === entry.name.split("?")[0]);
        near(row.start, entry.startTime - told.clicks[id], `start of ${entry.name}`, 2);
        near(row.duration, entry.duration, `duration of ${entry.name}`, 2);
        assert.deepEqual([row.kind, row.method, row.status], ["fetch", "GET", 200]);
      }
      const [first] = own;
      near(action.contributors.server, first.responseStart - first.requestStart, `server time of ${id}`, 2);
    }
  });

  test("that the page itself breaks off ends there and is no error", async (t) => {
    const { page, visit, recorded } = await openVisit(t);
    await visit("/work.html");
    await page.waitForTimeout(600);
    const told = await clickAll(page, ["aborted", "xhr-aborted"]);
    const found = await recorded("two clicks", (one) => one.actions.length >= 3);
    assertSound(found);
    for (const [id, name] of [["aborted", /"aborted"/i], ["xhr-aborted", /old way aborted/i]]) {
      near(named(found, name).duration, told.done[id] - told.clicks[id], `duration of ${id}`, 60);
    }
    assert.deepEqual(errorsOf(found), []);
  });

  test("that breaks is recorded with what broke", async (t) => {
    const { page, visit, recorded, pageErrors, site } = await openVisit(t);
    await visit("/work.html");
    await page.waitForTimeout(600);
    await clickAll(page, ["throws", "status", "missing"]);
    await page.evaluate(() => {
      Promise.reject(new RangeError("nobody caught this"));
      fetch("http://127.0.0.1:9/nobody").catch(() => 0);
      window.footfall.reportError(new EvalError("told by the page"));
      window.footfall.reportCustomError("coupon", "expired", "a hint");
      window.footfall.reportError("only words");
    });
    const found = await recorded("all errors", (one) => {
      const { javascript_errors: script, request_errors: request, custom_errors: custom } = one.session.tally;
      return script >= 4 && request >= 6 && custom >= 1;
    });
    assertSound(found);
    const all = errorsOf(found);
    const of = (kind) => all.filter((one) => one.kind === kind);
    assert.deepEqual(of("javascript").map((one) => [one.name, one.message]).sort(), [
      ["", "only words"],
      ["EvalError", "told by the page"],
      ["RangeError", "nobody caught this"],
      ["TypeError", "the cart is broken"],
    ]);
    const thrown = all.find((one) => one.name === "TypeError");
    assert.equal(new URL(thrown.url).pathname, "/work.js");
    assert.ok(thrown.line > 1 && thrown.column > 0);
    assert.match(thrown.stack, /work\.js:\d+:\d+/);
    const requests = of("request").map((one) => [one.url.replace(site.origin, ""), one.status, one.method]);
    const has = (path, status, method) =>
      assert.ok(requests.some(([url, code, verb]) => url.startsWith(path) && code === status && verb === method), `${method} ${path} ${status}: ${JSON.stringify(requests)}`);
    has("/api/bad", 503, "GET");
    has("/api/worse", 404, "PUT");
    has("http://127.0.0.1:9/nobody", 0, "GET");
    for (const path of ["/missing.png", "/missing.js", "/missing.css"]) {
      assert.equal(requests.filter(([url]) => url === path).length, 1, `${path} failed once: ${JSON.stringify(requests)}`);
    }
    assert.deepEqual(of("custom").map((one) => [one.message, one.name]), [["coupon", "expired"]]);
    const failed = named(found, /"status"/i);
    assert.equal(failed.zone, "frustrated");
    assert.deepEqual(failed.errors.map((one) => one.status).sort(), [404, 503]);
    // The page's own, not one more and not one less.
    assert.deepEqual(pageErrors.sort(), ["nobody caught this", "the cart is broken"]);
  });

  test("that the policy of the page forbids is recorded", async (t) => {
    const { page, visit, recorded } = await openVisit(t);
    await visit("/policy.html");
    await page.waitForTimeout(600);
    await page.evaluate(() => {
      document.body.append(Object.assign(new Image(), { src: "http://127.0.0.1:9/x.png" }));
      fetch("http://127.0.0.1:9/data").catch(() => 0);
    });
    const found = await recorded("violations", (one) => errorsOf(one).filter((e) => /^CSP/.test(e.message)).length >= 2);
    const told = errorsOf(found).map((one) => one.message).filter((one) => /^CSP/.test(one));
    assert.ok(told.some((one) => one.includes("img-src")) && told.some((one) => one.includes("connect-src")), told.join());
  });

  test("nested and side by side is told apart", async (t) => {
    const { page, visit, recorded } = await openVisit(t);
    await visit("/work.html");
    await recorded("the load", (one) => one.actions.length > 0);
    const told = await page.evaluate(async () => {
      const { footfall } = window;
      const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));
      const begin = performance.now();
      const outer = footfall.enterAction("outer");
      await pause(40);
      const inner = footfall.enterAction("inner");
      await pause(60);
      footfall.leaveAction(inner);
      const innerEnd = performance.now();
      await pause(50);
      footfall.leaveAction(outer);
      const outerEnd = performance.now();
      const [left, right] = [footfall.enterAction("left"), footfall.enterAction("right")];
      await pause(30);
      footfall.leaveAction(left);
      await pause(30);
      footfall.leaveAction(right);
      return { outer: outerEnd - begin, inner: innerEnd - begin };
    });
    const found = await recorded("four actions", (one) => one.actions.filter((a) => a.kind === "custom").length >= 4);
    assertSound(found);
    const of = (name) => found.actions.find((one) => one.name === name);
    near(of("outer").duration, told.outer, "outer", 3);
    near(of("inner").duration, told.inner - 40, "inner", 15);
    assert.equal(of("inner").parent, of("outer").page_number, "the inner one lies in the outer one");
    assert.equal(of("outer").parent, 0);
    assert.ok(Date.parse(of("inner").started_at) - Date.parse(of("outer").started_at) >= 39);
    assert.ok(of("right").duration >= of("left").duration + 25, "each ends by itself");
  });

  test("that does nothing is a dead click, and three of them are anger", async (t) => {
    const { page, visit, recorded } = await openVisit(t);
    await visit("/work.html");
    await page.waitForTimeout(600);
    await page.click("#idle");
    const dead = await recorded("a dead click", (one) => one.session.tally.dead_clicks >= 1);
    const told = dead.events.find((one) => one.kind === "dead_click");
    assert.deepEqual([told.text, told.page], ["Nothing happens", "/work.html"]);
    await page.waitForTimeout(1200);
    for (let count = 0; count < 4; count++) await page.click("#idle", { delay: 10 });
    const angry = await recorded("a rage click", (one) => one.session.tally.rage_clicks >= 1);
    const rage = angry.events.find((one) => one.kind === "rage_click");
    assert.deepEqual([rage.text, rage.count], ["Nothing happens", 4]);
    assert.equal(angry.actions.filter((one) => one.kind !== "page_load").length, 0, "a click that does nothing is no action");
  });
});

describe("a route change", { concurrency: 2 }, () => {
  for (const [framework, base] of [["React", "/app"], ["Vue", "/vue"]]) {
    test(`of ${framework}'s router is an action with all its requests`, async (t) => {
      const { page, visit, recorded, waterfall, site, pageErrors } = await openVisit(t);
      await page.addInitScript(() => addEventListener("click", (event) => (window.clicked = event.timeStamp), true));
      await visit(`${base}/`);
      await page.waitForSelector("h1");
      await page.waitForTimeout(600);
      await page.click("text=About us");
      await page.waitForSelector("h1:text('About')");
      await page.waitForTimeout(1200);
      await page.click("text=Product seven");
      await page.waitForSelector("#reviews:text('reviewed')");
      const told = await page.evaluate(() => ({
        clicked: window.clicked,
        last: performance.getEntriesByType("resource").find((one) => one.name.includes("/api/reviews/7")).responseEnd,
        title: document.title,
      }));
      const found = await recorded("three actions", (one) => one.actions.length >= 3);
      assertSound(found);
      assert.deepEqual(
        found.actions.map((one) => [one.kind, one.is_soft_navigation, one.name]),
        [
          ["page_load", false, `loading of page ${base}/`],
          ["xhr", true, `click on "About us" on page ${base}/`],
          ["xhr", true, `click on "Product seven" on page ${base}/about`],
        ],
      );
      const [load, about, product] = found.actions;
      assert.equal(about.target_url, `${site.origin}${base}/about`);
      assert.equal(product.target_url, `${site.origin}${base}/product/7`);
      assert.equal(new Set([load, about, product].map((one) => one.page_view)).size, 3, "each view has its number");
      assert.ok(product.duration >= Math.floor(told.last - told.clicked) - 1, `${product.duration} ms`);
      near(product.duration, told.last - told.clicked, "duration", 80);
      assert.ok(about.duration < 400, `${about.duration} ms for a view without requests`);
      const { rows } = (await waterfall(found, product)).resources;
      assert.deepEqual(rows.map((row) => new URL(row.url).pathname), ["/api/products/7", "/api/reviews/7"]);
      await page.click("text=Start");
      await page.waitForTimeout(900);
      await page.goBack();
      const back = await recorded("the way back", (one) => one.actions.length >= 5);
      assert.equal(back.actions[4].is_soft_navigation, true);
      assert.ok(back.actions[4].target_url.endsWith("/product/7") || back.actions[4].url.endsWith("/product/7"));
      assert.deepEqual(pageErrors, []);
    });
  }
});
