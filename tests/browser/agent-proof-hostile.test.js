// Pages that get in the way: the agent must see through them, and must never break them.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { assertSound, errorsOf, loadOf, named, openVisit } from "./support/proof.js";

describe("a page", { concurrency: 3 }, () => {
  test("with a strict policy that names only our host is watched without a violation", async (t) => {
    const { page, visit, recorded, pageErrors } = await openVisit(t);
    const violations = [];
    page.on("console", (message) => /Content Security Policy/i.test(message.text()) && violations.push(message.text()));
    await page.addInitScript(() => {
      window.violations = [];
      document.addEventListener("securitypolicyviolation", (event) => window.violations.push(event.violatedDirective));
    });
    await visit("/policy.html");
    await page.waitForTimeout(600);
    await page.click("#buy");
    await page.waitForTimeout(900);
    await page.click("#throws");
    const found = await recorded("a click and an error", (one) => named(one, /buy now/i) && one.session.tally.javascript_errors > 0);
    assertSound(found);
    assert.ok(loadOf(found, "/policy.html"));
    await page.evaluate(() => window.footfall.endSession());
    await recorded("the end", (one) => one.session.end_reason);
    assert.deepEqual(await page.evaluate(() => window.violations), []);
    assert.deepEqual(violations, []);
    assert.deepEqual(pageErrors, ["the cart is broken"]);
  });

  test("that replaces fetch and XMLHttpRequest before and after is still watched", async (t) => {
    const { page, visit, recorded, pageErrors } = await openVisit(t);
    await page.addInitScript(() => {
      window.calls = [];
      const wrap = (name) => {
        const native = window.fetch;
        window.fetch = function (...rest) {
          window.calls.push(name);
          return native.apply(this, rest);
        };
        const { open } = XMLHttpRequest.prototype;
        XMLHttpRequest.prototype.open = function (...rest) {
          window.calls.push(name + " open");
          return open.apply(this, rest);
        };
      };
      wrap("before");
      addEventListener("DOMContentLoaded", () => wrap("after"));
    });
    await visit();
    await page.waitForTimeout(600);
    await page.evaluate(() => (window.calls.length = 0));
    await page.click("#buy");
    await page.waitForTimeout(1200);
    await page.click("#xhr");
    const found = await recorded("both clicks", (one) => named(one, /buy now/i) && named(one, /old way/i));
    assertSound(found);
    assert.equal(found.actions.length, 3);
    assert.ok(named(found, /buy now/i).duration >= 115);
    // What was there before the agent is all it has to send with; what came later is none of its business.
    const calls = (await page.evaluate(() => window.calls)).filter((one) => one !== "before");
    assert.deepEqual(calls, ["after", "after open", "before open"], "each wrapper is asked once for each call of the page");
    assert.deepEqual(pageErrors, []);
  });

  test("that throws wherever it can sees its own errors and no other", async (t) => {
    const { page, visit, recorded, pageErrors } = await openVisit(t);
    await page.addInitScript(() => {
      for (const type of ["click", "load", "pointerdown"]) {
        addEventListener(type, () => { throw new Error(`evil ${type}`); }, true);
      }
      const native = window.fetch;
      window.fetch = function (...rest) {
        if (String(rest[0]).includes("/api/evil")) throw new Error("evil fetch");
        return native.apply(this, rest);
      };
      window.onerror = () => { throw new Error("evil handler of errors"); };
      Array.prototype.toJSON = () => "an old library";
      Object.prototype.evil = 1;
      String.prototype.toJSON = function () { return "evil " + this; };
      Map.prototype.forEach = null;
      window.Promise.prototype.finally = null;
    });
    await visit();
    await page.waitForTimeout(600);
    await page.click("#buy");
    const thrown = await page.evaluate(() => {
      try {
        return fetch("/api/evil") && "nothing";
      } catch (error) {
        return error.message;
      }
    });
    assert.equal(thrown, "evil fetch");
    const found = await recorded("a click", (one) => named(one, /buy now/i));
    assert.ok(loadOf(found, "/"));
    assert.deepEqual(found.actions.map((one) => one.name), ["loading of page /", 'click on "Buy now" on page /']);
    assert.ok(errorsOf(found).some((one) => one.message === "evil click"), "what the page throws is recorded");
    for (const message of pageErrors) assert.match(message, /^evil /);
  });

  test("that replaces its history again and again is one view at an address", async (t) => {
    const { page, visit, recorded, pageErrors } = await openVisit(t);
    await visit();
    await recorded("the load", (one) => loadOf(one, "/"));
    await page.evaluate(async () => {
      // As pages do that keep their state in the address.
      for (let count = 0; count < 60; count++) history.replaceState({ count }, "", location.href);
      const { pushState } = history;
      history.pushState = function (...rest) {
        return pushState.apply(this, rest);
      };
      history.pushState({}, "", "/view/2");
    });
    const found = await recorded("a view", (one) => one.actions.length >= 2);
    await page.waitForTimeout(1500);
    const later = await recorded("the same", (one) => one.session.id === found.session.id);
    assertSound(later);
    assert.equal(later.actions.length, 2, "an address that stays is no route change");
    assert.equal(later.actions[1].is_soft_navigation, true);
    assert.equal(await page.evaluate(() => location.pathname), "/view/2");
    assert.deepEqual(pageErrors, []);
  });

  test("that floods the agent is bounded and told of what was left out", async (t) => {
    const { page, visit, recorded, relay, waterfall, pageErrors } = await openVisit(t);
    await visit();
    await recorded("the load", (one) => loadOf(one, "/"));
    await page.evaluate(async () => {
      for (let count = 0; count < 3000; count++) window.footfall.reportError(new Error(`error ${count}`));
      const id = window.footfall.enterAction("flood");
      await Promise.all(Array.from({ length: 300 }, (_, count) => fetch(`/api/many?${count}`).then((answer) => answer.text())));
      window.footfall.leaveAction(id);
    });
    const found = await recorded("the flood", (one) => named(one, /flood/));
    const flood = named(found, /flood/);
    const { rows, sums } = (await waterfall(found, flood)).resources;
    assert.ok(rows.length <= 30, `${rows.length} rows`);
    const summed = sums.reduce((all, one) => all + one.count, 0);
    assert.ok(Math.abs(rows.length + summed - 300) <= 5, `${rows.length} kept and ${summed} summed of 300`);
    assert.ok(found.session.tally.javascript_errors <= 200, "errors of one page are bounded");
    for (const { status, bytes } of relay.beacons()) assert.ok(status === 204 && bytes <= 65_536, `${status}, ${bytes} bytes`);
    assert.deepEqual(pageErrors, []);
  });
});
