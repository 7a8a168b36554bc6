// Tabs and windows as people close them, and how quiet the agent is meanwhile.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { until } from "./support/browser.js";
import { assertSound, loadOf, named, openStage } from "./support/proof.js";
import { openTabs } from "./support/tabs.js";

const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));

describe("tabs", { concurrency: 3 }, () => {
  test("of one window are one session, and closing one does not end it", async (t) => {
    const { site, recorded, sessions } = await openStage(t);
    const browser = await openTabs();
    t.after(() => browser.close());
    const first = await browser.open(site.origin + "/");
    await first.loaded();
    // A page that is hidden before it has told of its load keeps it.
    await recorded("the first load", (one) => loadOf(one, "/"));
    const second = await browser.open(site.origin + "/second.html");
    await second.loaded();
    const both = await recorded("two loads", (one) => one.actions.length >= 2);
    assertSound(both);
    assert.notEqual(loadOf(both, "/").tab, loadOf(both, "/second.html").tab);
    await second.close();
    const closed = await recorded("the end of a page", (one) => one.events.some((event) => event.kind === "page_end"));
    // The server waits for a sign of a navigation before it decides.
    await pause(8000);
    const later = await recorded("how", (one) => one.session.id === closed.session.id);
    assert.equal(later.session.end_reason, null);
    assert.equal(later.events.find((one) => one.kind === "page_end").how, "tab_closed");
    await first.click("#buy");
    const bought = await recorded("a click", (one) => named(one, /buy now/i));
    assert.equal(bought.session.id, closed.session.id);
    assert.equal((await sessions()).length, 1);
  });

  test("closed with their window end the session", async (t) => {
    const { site, recorded } = await openStage(t);
    const browser = await openTabs();
    t.after(() => browser.close());
    const first = await browser.open(site.origin + "/", { newWindow: true });
    await first.loaded();
    // A page that is hidden before it has told of its load keeps it.
    await recorded("the first load", (one) => loadOf(one, "/"));
    const second = await browser.open(site.origin + "/second.html");
    await second.loaded();
    await recorded("two loads", (one) => one.actions.length >= 2);
    // As the cross of the window does it: all at once. The empty window keeps the browser running.
    await Promise.all([first.close(), second.close()]);
    const found = await recorded("an end", (one) => one.session.end_reason, 30_000);
    assert.equal(found.session.end_reason, "window_closed");
  });

  test("that lead on to the next page do not end it", async (t) => {
    const { site, recorded, sessions } = await openStage(t);
    const browser = await openTabs();
    t.after(() => browser.close());
    const tab = await browser.open(site.origin + "/");
    await tab.loaded();
    await recorded("a load", (one) => loadOf(one, "/"));
    await tab.click("a[href='/second.html']");
    const next = await recorded("the next load", (one) => loadOf(one, "/second.html"));
    await pause(8000);
    const found = (await sessions())[0];
    assert.equal(found.session.id, next.session.id);
    assert.equal(found.session.end_reason, null);
    assert.deepEqual(found.events.filter((one) => one.kind === "page_end").map((one) => one.how), ["navigated"]);
    assert.equal(loadOf(found, "/").tab, loadOf(found, "/second.html").tab);
  });
});

describe("the agent is quiet", { concurrency: 3 }, () => {
  /** Beacons that came between two moments. */
  const between = (relay, from, to) => relay.beacons().filter((one) => one.at >= from && one.at < to);

  /** A page that has told of its load; then nobody touches it. */
  async function settled(t, path, prepare) {
    const stage = await openStage(t);
    const browser = await openTabs();
    t.after(() => browser.close());
    const tab = await browser.open(stage.site.origin + path);
    await tab.loaded();
    await stage.recorded("a load", (one) => loadOf(one, path));
    await prepare?.(tab, browser);
    return { ...stage, tab, browser };
  }

  test("while a page is only read", async (t) => {
    const { relay } = await settled(t, "/");
    const from = Date.now();
    await pause(15_000);
    const sent = between(relay, from, from + 15_000);
    assert.ok(sent.length <= 3, `${sent.length} requests in 15 s`);
  });

  test("while a page asks its own server again and again", async (t) => {
    const { relay } = await settled(t, "/", (tab) =>
      tab.evaluate(() => void setInterval(() => fetch("/api/news?delay=5"), 300)),
    );
    await pause(2000);
    const from = Date.now();
    await pause(15_000);
    const sent = between(relay, from, from + 15_000);
    assert.ok(sent.length <= 3, `${sent.length} requests in 15 s`);
  });

  test("and silent once the page is hidden, but for the last word", async (t) => {
    const { relay, tab, browser } = await settled(t, "/", async (tab, browser) => {
      await tab.evaluate(() => void setInterval(() => fetch("/api/news?delay=5"), 300));
      await tab.click("#buy");
      await browser.open("about:blank");
      await until("it is hidden", () => tab.evaluate(() => document.visibilityState === "hidden"));
    });
    await pause(1500);
    const from = Date.now();
    await pause(12_000);
    assert.deepEqual(between(relay, from, from + 12_000), []);
    await tab.close();
    await until("the last word", () => between(relay, from + 12_000, Infinity).length > 0);
    await browser.call("Target.getTargets");
  });
});
