// What the agent measures beyond loads and inputs, and the calls under the name that people already know.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { until } from "./support/browser.js";
import { action, click, collector, loaded, page, pageErrors, site, visit } from "./support/wire.js";

describe("the picture of a load", () => {
  test("is complete when the last thing came into the window", async () => {
    await page.addInitScript(() =>
      addEventListener("load", () =>
        setTimeout(() => {
          const late = document.createElement("div");
          late.setAttribute("id", "late");
          late.textContent = "late";
          document.body.prepend(late);
          window.lateAt = performance.now();
        }, 600),
      ),
    );
    const load = await visit();
    const at = await page.evaluate(() => window.lateAt);
    assert.ok(Math.abs(load.vc - at) < 30, `${load.vc} for ${at}`);
    assert.ok(load.si > 0 && load.si < load.vc, `speed index ${load.si} of ${load.vc}`);
  });

  test("does not wait for what lies outside of the window", async () => {
    await page.addInitScript(() =>
      addEventListener("load", () =>
        setTimeout(() => {
          const far = document.createElement("p");
          far.textContent = "far below";
          document.body.append(Object.assign(document.createElement("pre"), { textContent: "\n".repeat(300) }), far);
          document.querySelector("pre").remove();
          far.setAttribute("class", "far");
          window.lateAt = performance.now();
        }, 500),
      ),
    );
    await page.addInitScript(() => addEventListener("DOMContentLoaded", () => {
      const high = new CSSStyleSheet();
      high.replaceSync(".far{position:absolute;top:9000px}");
      document.adoptedStyleSheets = [high];
    }));
    const load = await visit();
    assert.ok(load.vc < (await page.evaluate(() => window.lateAt)) - 100, `${load.vc}`);
  });

  test("is unknown in a page that cannot be seen", async () => {
    await page.addInitScript(() => Object.defineProperty(Document.prototype, "visibilityState", { get: () => "hidden" }));
    await page.goto(site.origin + "/");
    await page.waitForTimeout(2500);
    assert.deepEqual(collector.all(), [], "a hidden page is silent");
    await page.goto(site.origin + "/second.html");
    const load = await loaded("/");
    assert.equal(load.hd, 1);
    assert.equal(load.vc, undefined);
  });
});

describe("vitals", () => {
  test("tell what they are made of", async () => {
    await visit();
    await page.evaluate(() =>
      document.getElementById("dead").addEventListener("click", function slowHandler() {
        const end = performance.now() + 120;
        while (performance.now() < end);
      }),
    );
    await page.click("#dead");
    await page.waitForTimeout(400);
    await page.goto("about:blank");
    const all = () => Object.assign({}, ...collector.events("v"));
    const vital = await until("vitals", () => (all().lcp && all().inp > 100 ? all() : 0));
    assert.equal(vital.lt + vital.ld + vital.lr + vital.lw, vital.lcp, "parts of LCP");
    assert.ok(Math.abs(vital.id + vital.ip + vital.iw - vital.inp) <= 16, "parts of INP");
    assert.ok(vital.ip >= 115, `processing ${vital.ip}`);
    assert.match(vital.it, /^(pointer|click|mouse)/);
    assert.ok(vital.il >= 115 && vital.if, "the script");
  });
});

describe("a click", () => {
  test("that is answered with nothing is dead", async () => {
    await visit();
    await page.click("#dead");
    const dead = await until("dead click", () => collector.events("d")[0]);
    assert.deepEqual([dead.c, dead.u], ["Does nothing", site.origin + "/"]);
  });

  test("that is answered is not", async () => {
    await visit();
    await page.evaluate(() => document.getElementById("dead").addEventListener("click", (event) => event.target.setAttribute("aria-pressed", "true")));
    await page.click("#dead");
    await page.click("#buy");
    await page.waitForTimeout(4000);
    assert.deepEqual(collector.events("d"), []);
  });
});

describe("actions", () => {
  test("beside each other keep their own requests", async () => {
    await visit();
    await page.evaluate(() => {
      document.getElementById("dead").addEventListener("click", async () => {
        await (await fetch("/api/a1?delay=1500")).json();
        await (await fetch("/api/a2?delay=50")).json();
      });
    });
    await page.click("#dead");
    await page.waitForTimeout(150);
    await page.click("#buy");
    await page.waitForTimeout(600);
    await page.click("#chain");
    const first = await click("Does nothing");
    const chain = await click("Chain");
    const paths = (one) => one.r.map((row) => new URL(row.u).pathname);
    assert.deepEqual(paths(first), ["/api/a1", "/api/a2"]);
    assert.deepEqual(paths(chain), ["/api/one", "/api/two", "/api/three"]);
    assert.deepEqual(paths(await click("Buy now")), ["/api/cart"]);
  });

  test("inside each other name the one around", async () => {
    await visit();
    await page.evaluate(() => {
      const outer = window.footfall.enterAction("outer");
      const inner = window.footfall.enterAction("inner");
      window.footfall.leaveAction(inner);
      window.footfall.leaveAction(outer);
    });
    const outer = await action((one) => one.n === "outer");
    const inner = await action((one) => one.n === "inner");
    assert.equal(inner.pa, outer.id);
    assert.equal(outer.pa, undefined);
  });

  test("wait for their requests when they are left without a time", async () => {
    await visit();
    await page.evaluate(() => {
      const id = window.footfall.enterAction("order");
      fetch("/api/order?delay=300");
      window.footfall.leaveAction(id);
    });
    const order = await action((one) => one.n === "order");
    assert.ok(order.d >= 295, `${order.d}`);
    assert.equal(order.r.length, 1);
  });

  test("carry the properties of the rules", async () => {
    collector.reset({
      props: [
        { k: "title", s: "css", x: "h1", t: 0 },
        { k: "tier", s: "js", x: "shop.tier", t: 1 },
      ],
    });
    await page.addInitScript(() => (window.shop = { tier: "gold" }));
    const load = await visit();
    assert.deepEqual(load.pr, { title: "Shop" });
    await page.click("#buy");
    assert.deepEqual((await click("Buy now")).pr, { title: "Shop" });
    assert.deepEqual(collector.events("p").map((one) => one.pr), [{ tier: "gold" }]);
  });

  test("carry the name of the page that the page gave", async () => {
    await visit();
    const codes = await page.evaluate(() => {
      const d = window.dtrum;
      const codes = [d.setPage({ name: "x" })];
      d.enableManualPageDetection();
      codes.push(d.setPage({ name: "cart", group: "checkout" }), d.setPage({ name: "cart" }));
      return codes;
    });
    assert.deepEqual(codes, [-2, 1, -1]);
    await page.click("#buy");
    const bought = await click("Buy now");
    assert.deepEqual([bought.pg, bought.gg], ["cart", "checkout"]);
    const view = await action((one) => one.soft);
    assert.equal(view.pg, "cart");
  });
});

test("a page that is an error says so", async () => {
  await page.goto(site.origin + "/second.html?status=404");
  const load = await loaded("/second.html");
  assert.deepEqual([load.er[0].t, load.er[0].st], ["req", 404]);
});

describe("the calls of dtrum", () => {
  const names = `enterAction leaveAction addEnterActionListener removeEnterActionListener addLeaveActionListener
    removeLeaveActionListener actionName addActionProperties sendSessionProperties identifyUser endSession reportError
    reportCustomError markAsErrorPage markXHRFailed enterXhrAction leaveXhrAction enterXhrCallback leaveXhrCallback
    beginUserInput endUserInput setAutomaticActionDetection setLoadEndManually signalLoadEnd signalOnLoadStart
    incrementOnLoadEndMarkers signalOnLoadEnd sendBeacon enable disable enableSessionReplay disableSessionReplay
    enablePersistentValues disablePersistentValues enableManualPageDetection enableAutomaticPageDetection setPage
    addPageLeavingListener addVisitTimeoutListener getAndEvaluateMetaData now registerPreDiffMethod`.split(/\s+/);

  test("are all there", async () => {
    await visit();
    assert.deepEqual(await page.evaluate((list) => list.filter((name) => typeof window.dtrum[name] !== "function"), names), []);
    assert.equal(names.length, 42);
    assert.equal(await page.evaluate(() => typeof window.dynatrace.sendBizEvent), "function");
  });

  test("tell of actions and inputs", async () => {
    await visit();
    const told = await page.evaluate(async () => {
      const d = window.dtrum;
      const told = [];
      const enter = (id, at, root) => told.push(["enter", at > 1e12, root]);
      d.addEnterActionListener(enter);
      d.addLeaveActionListener((id, at, root) => told.push(["leave", at > 1e12, root]));
      const input = d.beginUserInput("Pay", "click");
      const id = d.enterXhrAction("pay", 3, "/api/pay");
      d.endUserInput(input);
      d.leaveXhrAction(id);
      d.removeEnterActionListener(enter);
      d.leaveAction(d.enterAction("not told of its start"));
      await new Promise((resolve) => setTimeout(resolve, 800));
      return told;
    });
    assert.deepEqual(told, [["enter", true, true], ["leave", true, true], ["leave", true, true]]);
    assert.equal((await click("Pay")).t, "xhr");
  });

  test("hold the load", async () => {
    await page.addInitScript(() => addEventListener("DOMContentLoaded", () => {
      window.dtrum.setLoadEndManually();
      window.marked = window.dtrum.markAsErrorPage(503, "sold out");
      setTimeout(() => { window.dtrum.signalLoadEnd(); window.ended = performance.now(); }, 700);
    }));
    const load = await visit();
    assert.ok(Math.abs(load.d - (await page.evaluate(() => window.ended))) < 20, `${load.d}`);
    assert.equal(await page.evaluate(() => window.marked), true);
    assert.deepEqual([load.er[0].m, load.er[0].st], ["sold out", 503]);
    assert.equal(await page.evaluate(() => window.dtrum.markAsErrorPage(503, "too late")), false);
  });

  test("report what was sent", async () => {
    await visit();
    const report = await page.evaluate(() => window.dtrum.sendSessionProperties({ a: 1 }, undefined, { b: { value: "x" }, c: null }));
    assert.deepEqual(report.sentProperties, [{ key: "a", value: 1 }, { key: "b", value: "x" }]);
    assert.deepEqual(report.failedProperties.map((one) => one.key), ["c"]);
    assert.deepEqual(pageErrors, []);
  });
});
