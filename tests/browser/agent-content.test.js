// Errors, user tags and calls, as the agent puts them on the wire in a real Chromium.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { until } from "./support/browser.js";
import { action, click, collector, page, pageErrors, site, visit } from "./support/wire.js";

describe("what breaks", () => {
  test("is reported as an exception with its place", async () => {
    await visit();
    await page.click("#throws");
    const error = await until("error", () => collector.events("e")[0]);
    assert.equal(error.t, "js");
    assert.equal(error.m, "the cart is broken");
    assert.equal(error.n, "TypeError");
    assert.ok(error.u.endsWith("/site.js"));
    assert.ok(error.l > 1 && error.c > 0);
    assert.match(error.s, /site\.js/);
    assert.deepEqual(pageErrors, ["the cart is broken"], "the page still sees its own error");
  });

  test("is reported as a rejection", async () => {
    await visit();
    await page.click("#rejects");
    const error = await until("error", () => collector.events("e")[0]);
    assert.equal(error.n, "RangeError");
    assert.equal(error.m, "nobody caught this");
  });

  test("is attached to the action when a request fails", async () => {
    await visit();
    await page.click("#fails");
    const failed = await click("Fails");
    assert.equal(failed.er[0].t, "req");
    assert.equal(failed.er[0].st, 500);
    assert.equal(failed.er[0].me, "GET");
    assert.ok(failed.er[0].u.includes("/api/fails"));
    assert.equal(failed.r[0].f, 1);
    assert.ok(failed.d < 1000);
  });

  test("is seen when nobody answers", async () => {
    await visit();
    await page.evaluate(() => fetch("http://127.0.0.1:9/nobody").catch(() => 0));
    const error = await until("error", () => collector.events("e")[0]);
    assert.equal(error.m, "No answer");
    assert.equal(error.st, undefined);
  });

  test("is seen when a picture is missing", async () => {
    await visit();
    await page.click("#picture");
    const error = await until("error", () => collector.events("e")[0]);
    assert.equal(error.t, "req");
    assert.ok(error.u.endsWith("/no-such.png"));
  });

  test("is seen when the policy of the page forbids it", async () => {
    await visit("/policy.html");
    await page.evaluate(() => document.body.append(Object.assign(new Image(), { src: "http://127.0.0.1:9/x.png" })));
    const error = await until("error", () => collector.events("e").find((one) => /^CSP/.test(one.m)));
    assert.match(error.m, /img-src/);
  });
});

describe("a user tag", () => {
  test("by call is sent once", async () => {
    await visit();
    await page.evaluate(() => {
      window.footfall.identifyUser("ryan");
      window.dtrum.identifyUser("ryan");
    });
    await until("tag", () => collector.events("u")[0]);
    await page.click("#buy");
    await click("Buy now");
    assert.deepEqual(
      collector.events("u").map((one) => one.v),
      ["ryan"],
    );
  });

  const rules = [
    ["the text of an element", { s: "css", x: "#greeting", c: "Welcome (.*)" }, "Ryan"],
    ["an attribute", { s: "css", x: "#greeting@data-user", c: "" }, "ryan.b"],
    ["a variable", { s: "js", x: "shop.user.name", c: "" }, "ryan-js"],
    ["a meta tag", { s: "meta", x: "user", c: "" }, "ryan-meta"],
    ["a cookie", { s: "cookie", x: "login", c: "u:(\\w+)" }, "ryan"],
    ["the query", { s: "query", x: "who", c: "" }, "ryan-query"],
  ];
  for (const [name, rule, expected] of rules) {
    test(`by rule is read from ${name}`, async () => {
      collector.reset({ tags: [{ s: "css", x: "#absent" }, rule] });
      await page.addInitScript(() => {
        window.shop = { user: { name: "ryan-js" } };
        document.cookie = "login=u:ryan; path=/";
        addEventListener("DOMContentLoaded", () => {
          document.head.append(Object.assign(document.createElement("meta"), { name: "user", content: "ryan-meta" }));
        });
      });
      await page.goto(site.origin + "/?who=ryan-query");
      const tag = await until("tag", () => collector.events("u")[0]);
      assert.equal(tag.v, expected);
    });
  }

  test("by a broken rule breaks nothing", async () => {
    collector.reset({ tags: [{ s: "css", x: "[[", c: "(" }, { s: "css", x: "#greeting", c: "(" }, { s: "js", x: "a.b.c" }] });
    await visit();
    assert.deepEqual(pageErrors, []);
  });
});

describe("the calls", () => {
  test("make custom actions with properties and errors", async () => {
    await visit();
    await page.evaluate(async () => {
      const id = window.footfall.enterAction("checkout");
      window.footfall.addActionProperties(id, { items: 3 });
      window.footfall.reportError(new Error("no stock"), id);
      window.footfall.reportCustomError("coupon", "expired", "hint", id);
      window.footfall.sendSessionProperties({ plan: "gold" }, undefined, { tier: { value: "b", public: true } });
      await new Promise((resolve) => setTimeout(resolve, 100));
      window.footfall.leaveAction(id);
    });
    const made = await action((one) => one.t === "custom");
    assert.equal(made.n, "checkout");
    assert.deepEqual(made.pr, { items: "3" });
    assert.ok(made.d >= 95);
    assert.deepEqual(
      made.er.map((one) => [one.t, one.m, one.n]),
      [
        ["js", "no stock", "Error"],
        ["custom", "coupon", "expired"],
      ],
    );
    assert.deepEqual(collector.events("p")[0].pr, { plan: "gold", tier: "b" });
  });

  test("rename actions and answer with codes", async () => {
    await visit();
    const codes = await page.evaluate(() => {
      const f = window.footfall;
      const id = f.enterAction("first");
      const found = [f.actionName("second", id), f.actionName("x", 999), f.actionName(""), f.actionName("x", -1), f.enterAction("")];
      f.leaveAction(id);
      return found;
    });
    assert.deepEqual(codes, [0, 1, 2, 3, 0]);
    assert.equal((await action((one) => one.t === "custom")).n, "second");
  });

  test("end the session and begin another", async () => {
    const load = await visit();
    await page.evaluate(() => window.footfall.endSession());
    const ended = await until("end", () => collector.events("x")[0]);
    assert.equal(ended.beacon.bs, load.beacon.bs);
    await page.click("#buy");
    assert.notEqual((await click("Buy now")).beacon.bs, load.beacon.bs);
  });

  test("take any nonsense without throwing", async () => {
    await visit();
    await page.evaluate(() => {
      const evil = { toString: () => { throw new Error("evil"); }, get message() { throw new Error("evil"); } };
      for (const name of Object.keys(window.footfall)) {
        if (name === "endSession") continue;
        for (const value of [undefined, null, evil, 7, [], () => 0, Symbol("x")]) window.footfall[name](value, value, value);
      }
    });
    assert.deepEqual(pageErrors, []);
  });
});
