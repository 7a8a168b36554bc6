// What the agent puts on the wire, in a real Chromium, against a collector that only writes down.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { brotliCompressSync } from "node:zlib";
import { openBrowser, until } from "./support/browser.js";
import { openCollector, openSite } from "./support/site.js";

let collector;
let site;
let browser;
let page;
/** What the page itself let out: the agent must never add to it. @type {string[]} */
let pageErrors;

before(async () => {
  collector = await openCollector();
  site = await openSite(() => collector.tag);
});
after(() => {
  site.close();
  collector.close();
});

async function newPage() {
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

const action = (check) => until("an action", () => collector.events("a").find(check));
const loaded = (path = "/") => action((one) => one.t === "load" && new URL(one.u).pathname === path);
const click = (caption) => action((one) => one.i?.c === caption);

async function visit(path = "/") {
  await page.goto(site.origin + path);
  return loaded(path);
}

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
