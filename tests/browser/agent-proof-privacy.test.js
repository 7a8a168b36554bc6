// What the agent stores and sends, and what it must not: consent, wishes, cookies, values.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { assertSound, errorsOf, loadOf, named, openStage, openVisit } from "./support/proof.js";
import { openTabs } from "./support/tabs.js";

/** All that a page can keep in the browser. */
const kept = async () => [
  document.cookie,
  JSON.stringify({ ...localStorage }),
  JSON.stringify({ ...sessionStorage }),
  (await indexedDB.databases()).length,
  (await window.caches.keys()).length,
];
const NOTHING = ["", "{}", "{}", 0, 0];
const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));

describe("with consent asked for", { concurrency: 3 }, () => {
  const settings = { privacy: { opt_in: true } };

  test("nothing is stored and nothing sent before it is given", async (t) => {
    const { page, context, visit, relay, recorded, sessions, pageErrors } = await openVisit(t, settings);
    await visit();
    assert.deepEqual(await page.evaluate(kept), NOTHING);
    await page.click("#buy");
    await page.evaluate(() => {
      const { footfall, dtrum } = window;
      footfall.identifyUser("ryan");
      footfall.reportError(new Error("too early"));
      footfall.sendSessionProperties({ plan: 1 });
      dtrum.leaveAction(dtrum.enterAction("too early"));
      dtrum.sendBeacon(false, true, true);
    });
    await pause(3000);
    assert.deepEqual(await page.evaluate(kept), NOTHING);
    await page.click("text=Second page");
    await page.waitForURL(/second/);
    await pause(500);
    assert.deepEqual(await page.evaluate(kept), NOTHING);
    assert.deepEqual(await context.cookies(), []);
    assert.deepEqual(relay.beacons(), []);
    // Given, it begins here, and tells nothing of before.
    await page.evaluate(() => window.dtrum.enable());
    const found = await recorded("a visit", (one) => one.actions.length > 0);
    assertSound(found);
    assert.equal(found.session.user_tag, "");
    assert.deepEqual(errorsOf(found), []);
    assert.ok(!named(found, /too early|buy now|page \/$/i));
    assert.ok((await context.cookies()).length > 0);
    await visit();
    const next = await recorded("the next page, without asking again", (one) => loadOf(one, "/"));
    assert.equal(next.session.id, found.session.id);
    assert.equal((await sessions()).length, 1);
    assert.deepEqual(pageErrors, []);
  });

  test("withdrawing it removes everything and ends the talk", async (t) => {
    const { page, context, visit, relay, recorded } = await openVisit(t, settings);
    await visit();
    await page.evaluate(() => window.footfall.enable());
    await recorded("a load", (one) => loadOf(one, "/"));
    assert.notDeepEqual(await page.evaluate(kept), NOTHING);
    await page.evaluate(() => window.footfall.disable());
    await pause(300);
    const sent = relay.beacons().length;
    assert.deepEqual(await page.evaluate(kept), NOTHING);
    await page.click("#buy");
    await page.click("#throws");
    await pause(2500);
    await page.click("text=Second page");
    await page.waitForURL(/second/);
    await pause(1500);
    assert.equal(relay.beacons().length, sent, "nothing is sent any more");
    assert.deepEqual(await page.evaluate(kept), NOTHING);
    assert.deepEqual(await context.cookies(), []);
  });
});

describe("a visitor who does not want to be tracked", { concurrency: 3 }, () => {
  const wishes = [
    ["Do Not Track", { enable_do_not_track: true }],
    ["Global Privacy Control", undefined],
  ];
  const settings = (mode) => ({
    privacy: { do_not_track: mode },
    user_tag_rules: [{ source: "css_selector", expression: "#greeting", cleanup: "" }],
    property_rules: [{ key: "greeting", scope: "session", source: "css_selector", expression: "#greeting", cleanup: "" }],
  });

  /** A page opened by a browser with the wish, in which somebody did something. */
  async function wished(t, mode, [name, preferences]) {
    const stage = await openStage(t, settings(mode));
    const browser = await openTabs(preferences);
    t.after(() => browser.close());
    const tab = await browser.open("about:blank");
    if (!preferences) await tab.before(() => Object.defineProperty(Navigator.prototype, "globalPrivacyControl", { value: true }));
    await tab.navigate(stage.site.origin + "/");
    await tab.loaded();
    const told = await tab.evaluate(() => navigator.doNotTrack === "1" || navigator.globalPrivacyControl === true);
    assert.equal(told, true, `the browser tells of ${name}`);
    await tab.evaluate(() => {
      window.footfall.identifyUser("ryan");
      window.footfall.sendSessionProperties({ secret: 7 }, undefined, { plan: { value: "gold", public: true } });
    });
    await tab.click("#buy");
    return { ...stage, tab };
  }

  for (const wish of wishes) {
    test(`by ${wish[0]} is not captured where that is the rule`, async (t) => {
      const { tab, relay } = await wished(t, "nothing", wish);
      await pause(3500);
      assert.deepEqual(relay.beacons(), []);
      assert.deepEqual(await tab.evaluate(kept), NOTHING);
    });

    test(`by ${wish[0]} stays without name where that is the rule`, async (t) => {
      const { tab, recorded } = await wished(t, "anonymous", wish);
      const found = await recorded("a click", (one) => named(one, /buy now/i));
      assertSound(found);
      assert.equal(found.session.user_tag, "");
      assert.ok(!found.session.properties.some(([key]) => key === "secret" || key === "greeting"), JSON.stringify(found.session.properties));
      assert.deepEqual(await tab.evaluate(kept), NOTHING);
    });
  }

  test("is captured like all others where the rule is to ignore it", async (t) => {
    const { tab, recorded } = await wished(t, "ignore", wishes[0]);
    const found = await recorded("a name", (one) => one.session.user_tag);
    assert.ok(["ryan", "Welcome Ryan"].includes(found.session.user_tag));
    assert.notDeepEqual(await tab.evaluate(kept), NOTHING);
  });
});

describe("storage", { concurrency: 3 }, () => {
  test("is not used without cookies; each page is a visit of its own", async (t) => {
    const { page, context, visit, recorded, sessions, relay } = await openVisit(t, { privacy: { cookieless: true } });
    await visit();
    await page.click("#buy");
    const first = await recorded("a click", (one) => named(one, /buy now/i));
    assertSound(first);
    assert.equal(first.actions.length, 2, "load and click of one page belong together");
    assert.deepEqual(await page.evaluate(kept), NOTHING);
    await page.evaluate(() => window.footfall.endSession());
    assert.deepEqual(await page.evaluate(kept), NOTHING);
    await visit("/second.html");
    await recorded("the next page", (one) => loadOf(one, "/second.html"));
    assert.equal(new Set((await sessions()).map((one) => one.session.visitor)).size, 2);
    assert.deepEqual(await page.evaluate(kept), NOTHING);
    assert.deepEqual(await context.cookies(), []);
    assert.ok(relay.beacons().length > 0);
  });

  test("that the browser refuses is not needed", async (t) => {
    const { page, visit, recorded, pageErrors, sessions } = await openVisit(t);
    await page.addInitScript(() => {
      const refuse = () => {
        throw new DOMException("no", "SecurityError");
      };
      Object.defineProperty(Document.prototype, "cookie", { get: refuse, set: refuse });
      for (const name of ["localStorage", "sessionStorage", "indexedDB", "caches"]) Object.defineProperty(window, name, { get: refuse });
      Object.defineProperty(Navigator.prototype, "locks", { value: undefined });
      delete window.BroadcastChannel;
    });
    await visit();
    await page.click("#buy");
    const found = await recorded("a click", (one) => named(one, /buy now/i));
    assertSound(found);
    assert.equal(found.actions.length, 2);
    assert.equal((await sessions()).length, 1);
    assert.deepEqual(pageErrors, []);
  });
});

describe("values", { concurrency: 3 }, () => {
  test("of named parameters never leave the page", async (t) => {
    const settings = { privacy: { query_drop: ["token", "email"], query_allow: ["token", "email", "page"] } };
    const { page, visit, recorded, waterfall } = await openVisit(t, settings);
    const bodies = [];
    page.on("request", (request) => request.method() === "POST" && request.url().includes("/beacon/") && bodies.push(request.postData() ?? ""));
    await visit("/?token=s3cret-one&page=4#email=s3cret-two");
    await page.evaluate(() => fetch("/api/mail?email=s3cret-three&status=500"));
    await page.evaluate(() => history.pushState({}, "", "/view?token=s3cret-four"));
    await page.waitForTimeout(700);
    await page.goto(page.url().replace("/view", "/second.html"));
    const found = await recorded("three actions", (one) => loadOf(one, "/second.html") && one.session.tally.request_errors > 0);
    assert.ok(bodies.length > 0);
    for (const body of bodies) assert.doesNotMatch(body, /s3cret/);
    const all = JSON.stringify([found, await Promise.all(found.actions.map((one) => waterfall(found, one)))]);
    assert.doesNotMatch(all, /s3cret/);
    assert.match(loadOf(found, "/").url, /page=4/);
  });

  test("of what is marked as private are no captions, and names that the page gives are", async (t) => {
    const { page, visit, recorded } = await openVisit(t);
    await visit();
    await page.evaluate(() => {
      for (const [id, text, attributes] of [["a1", "IBAN DE02", { "data-footfall-private": "" }], ["a2", "x", { "data-footfall-name": "Named" }]]) {
        const button = Object.assign(document.createElement("button"), { id, textContent: text });
        for (const [key, value] of Object.entries(attributes)) button.setAttribute(key, value);
        button.addEventListener("click", () => fetch("/api/x?delay=10"));
        document.body.append(button);
      }
    });
    await page.waitForTimeout(600);
    await page.click("#a1");
    await page.waitForTimeout(900);
    await page.click("#a2");
    const found = await recorded("three actions", (one) => one.actions.length >= 3);
    assert.doesNotMatch(JSON.stringify(found), /DE02/);
    assert.equal(found.actions[2].name, 'click on "Named" on page /');
  });

  test("are read from the page by rule, as properties", async (t) => {
    const rule = (key, scope, source, expression, cleanup = "") => ({ key, scope, source, expression, cleanup });
    const settings = {
      property_rules: [
        rule("greeting", "session", "css_selector", "#greeting", "Welcome (.*)"),
        rule("user", "session", "css_selector", "#greeting@data-user"),
        rule("plan", "session", "javascript_variable", "shop.plan"),
        rule("campaign", "session", "query_string", "utm"),
        rule("login", "session", "cookie", "login", "u:(\\w+)"),
        rule("title", "action", "meta_tag", "section"),
      ],
    };
    const { page, visit, recorded } = await openVisit(t, settings);
    await page.addInitScript(() => {
      window.shop = { plan: "gold" };
      document.cookie = "login=u:anna; path=/";
      addEventListener("DOMContentLoaded", () =>
        document.head.append(Object.assign(document.createElement("meta"), { name: "section", content: "toys" })),
      );
    });
    await visit("/?utm=spring");
    await page.click("#buy");
    const found = await recorded("properties", (one) => one.session.properties.length >= 5 && named(one, /buy now/i));
    assert.deepEqual(Object.fromEntries(found.session.properties), { greeting: "Ryan", user: "ryan.b", plan: "gold", campaign: "spring", login: "anna" });
    for (const action of found.actions) assert.deepEqual(action.properties, [["title", "toys"]], action.name);
  });
});

describe("what is switched off", { concurrency: 3 }, () => {
  test("is not captured, and requests to skip are none", async (t) => {
    const settings = {
      capture: { javascript_errors: false, request_errors: false, web_vitals: false, clicks: false, resources: false, request_skip: ["/api/buy-nothing"] },
    };
    const { page, visit, recorded, waterfall } = await openVisit(t, settings);
    await visit();
    await page.click("#throws");
    for (let count = 0; count < 4; count++) await page.click("#dead", { delay: 10 });
    await page.click("#fails");
    await page.waitForTimeout(1200);
    await page.goto("about:blank");
    const found = await recorded("a click", (one) => named(one, /fails/i) && one.events.some((event) => event.kind === "page_end"));
    assertSound(found);
    assert.deepEqual(errorsOf(found), []);
    assert.equal(found.session.tally.rage_clicks + found.session.tally.dead_clicks, 0);
    const { resources, vitals } = await waterfall(found, loadOf(found, "/"));
    assert.deepEqual([resources.rows.length, resources.sums.length], [0, 0]);
    assert.equal(vitals?.largest_contentful_paint ?? null, null);
  });

  test("by address leaves no trace of the request", async (t) => {
    const { page, visit, recorded, waterfall } = await openVisit(t, { capture: { request_skip: ["/api/cart"] } });
    await visit();
    await page.waitForTimeout(600);
    await page.click("#buy");
    await page.waitForTimeout(1200);
    await page.click("#xhr");
    const found = await recorded("another click", (one) => named(one, /old way/i));
    assert.ok(!named(found, /buy now/i), "a skipped request makes no action");
    const seen = await Promise.all(found.actions.map((one) => waterfall(found, one)));
    assert.doesNotMatch(JSON.stringify(seen), /api\/cart/);
  });

  test("as following of later work ends an action with what began at once", async (t) => {
    const { page, visit, recorded } = await openVisit(t, { capture: { follow_async: false } });
    await visit("/work.html");
    await page.waitForTimeout(600);
    await page.click("#timer");
    await page.waitForTimeout(900);
    await page.click("#promise");
    const found = await recorded("a click", (one) => named(one, /in a promise/i));
    assert.ok(!named(found, /in a timer/i));
  });
});
