// Page loads: what the server recorded against what the browser itself says.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { until } from "./support/browser.js";
import { assertSound, entries, loadOf, named, near, openStage, openVisit } from "./support/proof.js";
import { openTabs } from "./support/tabs.js";

const MARKS = {
  fetch_start: "fetchStart",
  domain_lookup_start: "domainLookupStart",
  domain_lookup_end: "domainLookupEnd",
  connect_start: "connectStart",
  connect_end: "connectEnd",
  request_start: "requestStart",
  response_start: "responseStart",
  response_end: "responseEnd",
  dom_interactive: "domInteractive",
  dom_content_loaded_event_start: "domContentLoadedEventStart",
  dom_content_loaded_event_end: "domContentLoadedEventEnd",
  dom_complete: "domComplete",
  load_event_start: "loadEventStart",
  load_event_end: "loadEventEnd",
};

/** Marks of the recorded load against those of the browser. */
function assertMarks(load, told) {
  for (const [ours, theirs] of Object.entries(MARKS)) near(load.timings[ours], told.navigation[theirs], ours);
  const paint = (name) => told.paints.find((one) => one.name === name)?.startTime;
  near(load.timings.first_paint, paint("first-paint"), "first paint");
  near(load.timings.first_contentful_paint, paint("first-contentful-paint"), "first contentful paint");
  const { requestStart, responseStart, responseEnd, loadEventEnd } = told.navigation;
  near(load.contributors.server, responseStart - requestStart, "server time", 2);
  near(load.contributors.network, requestStart + responseEnd - responseStart, "network time", 2);
  assert.ok(load.duration >= Math.floor(loadEventEnd), "a load lasts until its handlers are through");
}

describe("a page load", { concurrency: 3 }, () => {
  test("has the marks, the requests and the hour of the browser", async (t) => {
    const { page, visit, recorded, waterfall, site } = await openVisit(t);
    await visit();
    const found = await recorded("a load", (one) => loadOf(one, "/"));
    const told = await entries(page);
    const load = loadOf(found, "/");
    assertSound(found);
    assert.equal(load.name, "loading of page /");
    assert.equal(load.title, "Shop");
    assertMarks(load, told);
    // Nothing is asked for after the load, so it ends with its handlers.
    near(load.duration, told.navigation.loadEventEnd, "duration", 60);
    // The way of the beacon is all that lies between the two clocks.
    const away = Date.parse(load.started_at) - told.origin;
    const way = await page.evaluate(() =>
      Math.max(...performance.getEntriesByType("resource").map((one) => (one.name.includes("/beacon/") ? one.duration : 0))));
    assert.ok(away >= -2 && away < way + 100, `began ${away} ms away from where the browser says, a beacon takes ${way} ms`);
    const { rows, sums } = (await waterfall(found, load)).resources;
    assert.deepEqual(sums, []);
    const expected = told.resources.filter((one) => one.name.startsWith(site.origin) && one.startTime <= load.duration);
    assert.ok(expected.length >= 3);
    for (const entry of expected) {
      const row = rows.find((one) => one.url === entry.name);
      assert.ok(row, `${entry.name} is in the waterfall`);
      near(row.start, entry.startTime, `start of ${entry.name}`);
      near(row.duration, entry.duration, `duration of ${entry.name}`);
      near(row.start + row.response_start, entry.responseStart, `first byte of ${entry.name}`, 2);
      assert.deepEqual(
        [row.transfer_bytes, row.encoded_bytes, row.decoded_bytes, row.protocol, row.status],
        [entry.transferSize, entry.encodedBodySize, entry.decodedBodySize, entry.nextHopProtocol, 200],
      );
      assert.equal(row.is_render_blocking, entry.renderBlockingStatus === "blocking");
    }
    const page_ = rows.find((one) => one.kind === "document");
    near(page_.duration, told.navigation.responseEnd, "the document in the waterfall");
    assert.ok(!rows.some((one) => one.url.includes("/beacon/")), "the agent's own requests are none of the page's");
  });

  test("with slow pictures is complete when the last one in the window has come", async (t) => {
    const { page, visit, recorded } = await openVisit(t);
    await visit("/slow.html");
    const found = await recorded("a load", (one) => loadOf(one, "/slow.html"));
    const told = await entries(page);
    const load = loadOf(found, "/slow.html");
    assertSound(found);
    assertMarks(load, told);
    const end = (part) => told.resources.find((one) => one.name.includes(part)).responseEnd;
    assert.ok(end("logo") > end("hero") + 200, "the picture below the window comes later");
    // On a busy machine the first paint may come after the picture.
    const painted = told.paints.find((one) => one.name === "first-contentful-paint").startTime;
    near(load.visually_complete, Math.max(end("hero"), painted), "visually complete");
    near(load.duration, told.navigation.loadEventEnd, "duration", 60);
    assert.ok(load.duration >= 2000, "the picture below the window is part of the load");
    assert.ok(load.speed_index > 0 && load.speed_index <= load.visually_complete, `speed index ${load.speed_index}`);
  });

  test("has the vitals of the library itself within five percent", async (t) => {
    const { page, visit, recorded, waterfall } = await openVisit(t);
    await visit("/vitals.html");
    await page.waitForSelector(".banner");
    await page.waitForTimeout(300);
    await page.click("#slow");
    await page.waitForFunction(() => window.vitals.INP > 0 && window.vitals.LCP > 0 && window.vitals.CLS > 0);
    const theirs = await page.evaluate(() => window.vitals);
    // A leaving page sends two beacons, which may overtake each other: what the first would tell is there before.
    const here = await recorded("the load", (one) => loadOf(one, "/vitals.html"));
    await until("LCP", async () => (await waterfall(here, loadOf(here, "/vitals.html"))).vitals?.largest_contentful_paint != null);
    await page.goto("about:blank");
    const found = await recorded("a load that was left", (one) => loadOf(one, "/vitals.html") && one.events.some((event) => event.kind === "page_end"));
    const load = loadOf(found, "/vitals.html");
    // A page tells its last vitals when it is hidden, which is after it said that it ends.
    const vitals = await until("the last vitals", async () => {
      const all = (await waterfall(found, load)).vitals;
      return all?.interaction_to_next_paint != null && all.cumulative_layout_shift != null && all;
    });
    t.diagnostic(JSON.stringify({ ours: vitals, theirs }));
    assertSound(found);
    const close = (actual, expected, what, unit) =>
      assert.ok(Math.abs(actual - expected) <= Math.max(expected * 0.05, unit), `${what}: ${actual}, the library says ${expected}`);
    close(vitals.largest_contentful_paint, theirs.LCP, "LCP", 1);
    close(vitals.interaction_to_next_paint, theirs.INP, "INP", 1);
    close(vitals.cumulative_layout_shift / 1000, theirs.CLS, "CLS", 0.001);
    close(load.timings.first_contentful_paint, theirs.FCP, "FCP", 1);
    close(load.timings.response_start, theirs.TTFB, "TTFB", 1);
    assert.ok(theirs.INP >= 180);
    assert.ok(theirs.LCP >= 250);
    assert.match(vitals.lcp_element, /#hero/);
    assert.match(vitals.lcp_url, /\/hero\.svg/);
    assert.match(vitals.inp_element, /#slow/);
    assert.ok(vitals.cls_element, "what moved has a name");
    const parts = ["lcp_time_to_first_byte", "lcp_load_delay", "lcp_load_duration", "lcp_render_delay"];
    const sum = parts.reduce((all, part) => all + vitals[part], 0);
    near(sum, vitals.largest_contentful_paint, "the parts of LCP", 4);
    assert.ok(vitals.lcp_load_duration >= 240, "the picture takes its time");
    const { inp_input_delay: wait, inp_processing: work, inp_presentation_delay: paint } = vitals;
    near(wait + work + paint, vitals.interaction_to_next_paint, "the parts of INP", 8);
    assert.ok(work >= 175, "the handler takes its time");
    assert.match(vitals.inp_script, /vitals-page\.js/);
  });

  test("that comes back from the cache of the browser is another page view, without marks of the first", async (t) => {
    const { page, visit, recorded } = await openVisit(t);
    await visit();
    await recorded("the first load", (one) => loadOf(one, "/"));
    await page.click("text=Second page");
    await page.waitForURL(/second/);
    await page.goBack({ waitUntil: "commit" });
    await page.waitForFunction(() => document.getElementById("buy"));
    const found = await recorded("the load again", (one) => one.actions.filter((a) => a.kind === "page_load" && a.page === "/").length > 1);
    assertSound(found);
    const [first, again] = found.actions.filter((one) => one.page === "/");
    assert.notEqual(again.page_view, first.page_view);
    assert.equal(again.tab, first.tab);
    assert.ok(again.duration < 1000, `${again.duration} ms`);
    assert.equal(again.timings.response_start, null);
    assert.equal(again.timings.load_event_end, null);
    assert.equal(found.actions.length, 3);
    await page.click("#buy");
    const bought = await recorded("a click afterwards", (one) => named(one, /buy now/i));
    assert.equal(bought.session.id, found.session.id);
    assert.equal(named(bought, /buy now/i).page_view, again.page_view);
  });

  test("of fifty thousand elements is watched all the same", async (t) => {
    const { page, visit, recorded, pageErrors } = await openVisit(t);
    // Texts of whole crowds that somebody read: that blocks a page for as long as the crowd is large.
    await page.addInitScript(() => {
      window.crowds = [];
      const { get, ...rest } = Object.getOwnPropertyDescriptor(Node.prototype, "textContent");
      Object.defineProperty(Node.prototype, "textContent", {
        ...rest,
        get() {
          const text = get.call(this);
          if (text?.length > 5000) window.crowds.push(text.length);
          return text;
        },
      });
    });
    await visit("/huge.html");
    const loaded = await recorded("a load", (one) => loadOf(one, "/huge.html"));
    assertMarks(loadOf(loaded, "/huge.html"), await entries(page));
    assert.ok(loadOf(loaded, "/huge.html").visually_complete > 0);
    await page.click("#buy");
    await recorded("a click", (one) => named(one, /buy now/i));
    await page.click("#deep");
    const found = await recorded("a click into the crowd", (one) => one.actions.length >= 3);
    assertSound(found);
    assert.ok(found.actions[2].name.length < 200, "the text of the whole page is nobody's caption");
    assert.deepEqual(pageErrors, []);
    assert.ok(await page.evaluate(() => document.getElementById("all").textContent.length > 5000 && window.crowds.length === 1), "only the test reads it");
  });

  test("with frames is one visit, and what is done inside them belongs to it", async (t) => {
    const { page, visit, recorded, sessions } = await openVisit(t);
    await visit("/frames.html");
    await page.frameLocator("#inner").locator("#inside").click();
    const found = await recorded("a click inside", (one) => named(one, /inside/i));
    assertSound(found);
    assert.ok(loadOf(found, "/frames.html"));
    assert.match(named(found, /inside/i).name, /^click on "Inside" on page \/inner\.html$/);
    assert.equal(named(found, /inside/i).tab, loadOf(found, "/frames.html").tab);
    await page.evaluate(() => document.getElementById("inner").remove());
    await page.waitForTimeout(6500);
    const later = await sessions();
    assert.equal(later.length, 1);
    assert.equal(later[0].session.end_reason, null, "a frame that goes is no window that closes");
    assert.ok(!later[0].events.some((one) => one.kind === "page_end"));
  });
});

describe("a page that is not looked at", { concurrency: 2 }, () => {
  test("because it is only prepared, is no visit until it is shown", async (t) => {
    const { site, relay, recorded } = await openStage(t);
    const browser = await openTabs();
    t.after(() => browser.close());
    const tab = await browser.open(site.origin + "/prepare.html");
    await tab.loaded();
    await until("a prepared page", () => tab.evaluatePrepared(() => document.readyState === "complete"));
    assert.equal(await tab.evaluatePrepared(() => document.prerendering), true);
    // As long as a person may hesitate.
    await new Promise((resolve) => setTimeout(resolve, 2500));
    assert.deepEqual(relay.beacons(), []);
    assert.deepEqual(await tab.evaluatePrepared(() => [document.cookie, localStorage.length, sessionStorage.length]), ["", 0, 0]);
    await tab.click("#go");
    await until("it is shown", () => tab.evaluate(() => location.pathname === "/prepared.html" && !document.prerendering).catch(() => false));
    const told = await tab.evaluate(() => {
      const { activationStart, responseEnd } = performance.getEntriesByType("navigation")[0];
      return { activationStart, responseEnd, origin: performance.timeOrigin };
    });
    assert.ok(told.activationStart > 2500);
    const found = await recorded("a load", (one) => loadOf(one, "/prepared.html"));
    assertSound(found);
    const load = loadOf(found, "/prepared.html");
    const away = Date.parse(load.started_at) - told.origin - told.activationStart;
    assert.ok(away >= -3 && away < 250, `begins when it is shown, not ${away} ms away`);
    assert.ok(load.duration < 1000, `${load.duration} ms: nobody waited for what came before`);
    assert.ok(!(load.timings.response_end > 0), "what came before counts as nothing");
    assert.ok(!(load.visually_complete > 1500));
    await tab.click("#buy");
    await recorded("a click", (one) => named(one, /buy now/i));
  });

  test("because it opened behind another, is silent until it is, and has no picture", async (t) => {
    const { site, relay, recorded, waterfall } = await openStage(t);
    const browser = await openTabs();
    t.after(() => browser.close());
    const front = await browser.open("about:blank");
    const back = await browser.open(site.origin + "/", { background: true });
    await back.loaded();
    assert.equal(await back.evaluate(() => document.visibilityState), "hidden");
    await new Promise((resolve) => setTimeout(resolve, 4000));
    assert.deepEqual(relay.beacons(), []);
    await back.show();
    await until("it is seen", () => back.evaluate(() => document.visibilityState === "visible"));
    const found = await recorded("a load", (one) => loadOf(one, "/"));
    const load = loadOf(found, "/");
    assert.equal(load.was_hidden, true);
    assert.equal(load.visually_complete, null);
    await back.click("#buy");
    const later = await recorded("a click", (one) => named(one, /buy now/i));
    assertSound(later);
    assert.equal(named(later, /buy now/i).was_hidden, false);
    assert.equal((await waterfall(later, load)).vitals?.largest_contentful_paint ?? null, null, "LCP of a hidden page means nothing");
    await front.close();
  });
});
