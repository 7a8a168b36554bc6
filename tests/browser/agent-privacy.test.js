// What the agent keeps to itself, as the settings of the application and the visitor wish it.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { until } from "./support/browser.js";
import { browser, click, collector, loaded, page, pageErrors, site, visit } from "./support/wire.js";

const stored = () =>
  page.evaluate(() => [document.cookie, Object.keys(localStorage).join(), Object.keys(sessionStorage).join()].join(""));

/** The page goes, so whatever waits would be sent. */
async function leave() {
  await page.waitForTimeout(1500);
  await page.goto("about:blank");
  await page.waitForTimeout(500);
}

describe("before consent", () => {
  test("nothing is stored and nothing is asked for", async () => {
    collector.reset({ consent: 1 });
    await page.goto(site.origin + "/");
    await page.click("#buy");
    assert.equal(await stored(), "");
    assert.deepEqual(await browser.context.cookies(), []);
    await leave();
    assert.deepEqual(collector.all(), []);
  });

  test("the calls work and do nothing", async () => {
    collector.reset({ consent: 1 });
    await page.goto(site.origin + "/");
    assert.equal(await page.evaluate(() => window.dtrum.enterAction("early")), 0);
    await leave();
    assert.deepEqual(collector.all(), []);
    assert.deepEqual(pageErrors, []);
  });

  test("consent begins the visit, holds on the next page, and its withdrawal removes everything", async () => {
    collector.reset({ consent: 1 });
    await page.goto(site.origin + "/");
    await page.evaluate(() => window.footfall.enable());
    await loaded("/");
    assert.match(await page.evaluate(() => document.cookie), /ff_c=1/, "for all hosts of the site");
    await page.goto(site.origin + "/second.html");
    await loaded("/second.html");
    assert.notEqual(await stored(), "");
    await page.evaluate(() => window.footfall.disable());
    assert.equal(await stored(), "");
    const sent = collector.all().length;
    await leave();
    assert.equal(collector.all().length, sent);
    await page.goto(site.origin + "/");
    await leave();
    assert.equal(collector.all().length, sent, "the next page waits for consent again");
  });

  test("withdrawn before the browser told its cookies, nothing stays either", async () => {
    collector.reset({ consent: 1 });
    await page.goto(site.origin + "/");
    await page.evaluate(() => window.footfall.enable());
    await loaded("/");
    await page.addInitScript(() => {
      if (window.CookieStore) CookieStore.prototype.getAll = () => new Promise(() => {});
      document.addEventListener("readystatechange", () => window.footfall.disable());
    });
    await page.goto(site.origin + "/second.html");
    assert.equal(await stored(), "");
    await leave();
    assert.ok(collector.all().every((one) => !one.e.some((event) => event.u?.includes("second"))));
  });
});

describe("a visitor who does not want to be tracked", () => {
  const wish = () => page.addInitScript(() => Object.defineProperty(Navigator.prototype, "doNotTrack", { value: "1" }));

  test("is watched where the application does not care", async () => {
    await wish();
    await visit();
    assert.notEqual(await stored(), "");
  });

  test("is not watched in mode 1", async () => {
    await wish();
    collector.reset({ dnt: 1 });
    await page.goto(site.origin + "/");
    await page.click("#buy");
    assert.equal(await stored(), "");
    await leave();
    assert.deepEqual(collector.all(), []);
  });

  test("is anonymous in mode 2", async () => {
    await wish();
    collector.reset({ dnt: 2, tags: [{ s: "css", x: "#greeting" }], props: [{ k: "who", s: "css", x: "#greeting", t: 1 }] });
    await visit();
    await page.evaluate(() => {
      window.footfall.identifyUser("ryan");
      window.footfall.sendSessionProperties({ plan: "gold", kind: { value: "b", public: true } });
    });
    await page.click("#buy");
    await click("Buy now");
    assert.equal(await stored(), "");
    assert.deepEqual(collector.events("u"), []);
    const properties = await until("properties", () => collector.events("p")[0]);
    assert.deepEqual(properties.pr, { kind: "b" });
  });

  test("is known by Global Privacy Control as well", async () => {
    await page.addInitScript(() => Object.defineProperty(Navigator.prototype, "globalPrivacyControl", { value: true }));
    collector.reset({ dnt: 1 });
    await page.goto(site.origin + "/");
    await leave();
    assert.deepEqual(collector.all(), []);
  });
});

test("without cookies the ids live as long as the page", async () => {
  collector.reset({ cookieless: 1 });
  const first = await visit();
  assert.equal(await stored(), "");
  await page.goto(site.origin + "/second.html");
  const second = await loaded("/second.html");
  assert.notEqual(second.beacon.vi, first.beacon.vi);
  assert.notEqual(second.beacon.bs, first.beacon.bs);
});

test("values of dropped parameters never leave the page", async () => {
  collector.reset({ drop: ["token", "q.x"] });
  await page.goto(site.origin + "/?token=s3cret&q.x=s3cret&ok=1#t&token=s3cret");
  await loaded("/");
  await page.evaluate(() => fetch("/api/cart?ok=2&token=s3cret&status=500"));
  await page.goto(site.origin + "/second.html");
  await loaded("/second.html");
  const text = JSON.stringify(collector.all().map((one) => one.e));
  assert.doesNotMatch(text, /s3cret/);
  assert.match(text, /ok=1/);
  assert.match(text, /ok=2&token=/);
});

test("requests that the application leaves out are not recorded", async () => {
  collector.reset({ skip: ["/api/cart"] });
  await visit();
  await page.click("#buy");
  await page.click("#xhr");
  await click("Old way");
  assert.doesNotMatch(JSON.stringify(collector.events("a")), /api\/cart/);
});

test("what is private says nothing, and a given name counts", async () => {
  await visit();
  await page.evaluate(() => {
    document.getElementById("buy").dataset.footfallPrivate = "";
    document.getElementById("xhr").parentElement.dataset.footfallName = "Order the old way";
  });
  await page.click("#buy");
  await click("");
  await page.click("#xhr");
  await click("Order the old way");
});

test("parts that are switched off stay silent", async () => {
  collector.reset({ off: 31 });
  await visit();
  await page.click("#throws");
  await page.click("#fails");
  for (let count = 0; count < 4; count++) await page.click("#dead", { delay: 10 });
  await page.waitForTimeout(2000);
  await leave();
  for (const kind of ["e", "v", "r", "d"]) assert.deepEqual(collector.events(kind), [], kind);
  for (const one of collector.events("a")) assert.deepEqual([one.r, one.er], [undefined, undefined]);
});
