// Every call that pages already make to an agent of this kind, from a page written against the public types.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { assertSound, errorsOf, loadOf, named, near, openVisit } from "./support/proof.js";

const here = dirname(fileURLToPath(import.meta.url));
const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));

test("a page that compiles against the public types finds all 42 names", async (t) => {
  const tsc = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin/tsc");
  const built = spawnSync(process.execPath, [tsc, "-p", join(here, "pages")], { encoding: "utf8" });
  assert.equal(built.status, 0, built.stdout + built.stderr);
  const { page, visit } = await openVisit(t);
  await visit("/calls.html");
  const [names, missing] = await page.evaluate(() => {
    const names = window.parts.names();
    return [names, names.filter((name) => typeof window.dtrum[name] !== "function")];
  });
  assert.equal(names.length, 42);
  assert.deepEqual(missing, []);
  assert.equal(await page.evaluate(() => typeof window.dynatrace.sendBizEvent), "function");
});

describe("calls", { concurrency: 3 }, () => {
  test("of actions answer by the table and are recorded", async (t) => {
    const { page, visit, recorded, pageErrors } = await openVisit(t);
    await visit("/calls.html");
    await recorded("the load", (one) => one.actions.length > 0);
    const told = await page.evaluate(() => window.parts.actions());
    assert.deepEqual(told.codes, { nobody: 1, given: 0, unknown: 1, noName: 2, noId: 3, none: 0 });
    assert.ok(told.outer > 0 && told.inner > 0 && told.outer !== told.inner);
    assert.deepEqual(told.entered.map(([id, , isRoot]) => [id, isRoot]), [[told.outer, true], [told.inner, false]]);
    assert.deepEqual(told.left.map(([id, , isRoot]) => [id, isRoot]), [[told.inner, false], [told.outer, true]]);
    near(told.entered[0][1], told.begin, "start that listeners hear", 5);
    near(told.left[1][1], told.stop, "stop that listeners hear", 5);
    assert.deepEqual(told.report.failedProperties, []);
    assert.deepEqual(told.report.sentProperties.map((one) => one.key).sort(), ["day", "items", "plan", "price", "shown"]);
    assert.equal(typeof told.report.info, "string");
    const found = await recorded("the actions", (one) => ["outer", "inner", "unheard", "moved"].every((name) => one.actions.some((a) => a.name === name)));
    assertSound(found);
    const of = (name) => found.actions.find((one) => one.name === name);
    assert.equal(of("outer").kind, "custom");
    near(of("outer").duration, told.stop - told.begin, "the stop that was given", 3);
    assert.equal(of("outer").url, "https://shop.example/source");
    assert.deepEqual(Object.fromEntries(of("outer").properties), {
      items: "3", shown: "4", day: "1970-01-01T00:00:00.000Z", plan: "gold", price: "1.5",
    });
    near(of("moved").duration, 2000, "the start that was given", 20);
    assert.deepEqual(pageErrors, []);
  });

  test("of reports reach the session and their action", async (t) => {
    const { page, visit, recorded, pageErrors } = await openVisit(t);
    await visit("/calls.html");
    await recorded("the load", (one) => one.actions.length > 0);
    const told = await page.evaluate(() => window.parts.reports());
    assert.deepEqual(told.one.sentProperties.map((one) => one.key).sort(), ["born", "ratio", "tier", "visits"]);
    assert.deepEqual(told.two.sentProperties.map((one) => one.key).sort(), ["city", "years"]);
    const found = await recorded("all of it", (one) => one.session.user_tag && one.session.tally.custom_errors >= 3);
    assertSound(found);
    assert.equal(found.session.user_tag, "ryan");
    assert.deepEqual(Object.fromEntries(found.session.properties), {
      visits: "7", born: "1970-01-01T00:00:00.000Z", tier: "b", ratio: "0.5", years: "3", city: "Linz",
    });
    const action = found.actions.find((one) => one.name === "reporting");
    assert.deepEqual(
      action.errors.map((one) => [one.kind, one.message, one.name]),
      [
        ["javascript", "in the action", "RangeError"],
        ["javascript", "as an object", ""],
        ["custom", "coupon", "expired"],
        ["custom", "current", "by flag"],
      ],
    );
    const object = action.errors[1];
    assert.deepEqual([object.url, object.line, object.column, object.stack], ["https://shop.example/a.js", 12, 34, "at a.js:12:34"]);
    const between = found.events.filter((one) => one.kind === "error").map((one) => one.error);
    assert.deepEqual(between.map((one) => one.message), ["alone"]);
    assert.deepEqual(pageErrors, []);
  });

  test("of requests and inputs make, extend and fail actions", async (t) => {
    const { page, visit, recorded, pageErrors } = await openVisit(t);
    await visit("/calls.html");
    await recorded("the load", (one) => one.actions.length > 0);
    const told = await page.evaluate(() => window.parts.requests());
    assert.deepEqual(told.codes, {
      nothingRuns: 0, nobodyFailed: false, extended: true, wrong: false, marked: true, late: false, any: true,
    });
    assert.ok(told.started > 0);
    assert.deepEqual(told.input, { isNode: true, name: "click", info: "left button", title: "Calls" });
    const found = await recorded("an action", (one) => named(one, /extended by hand/));
    assertSound(found);
    const action = named(found, /^click on "Other" on page \/calls\.html$/);
    assert.ok(action, JSON.stringify(found.actions.map((one) => one.name)));
    assert.ok(action.duration >= 175, `${action.duration} ms: with the request of the callback`);
    assert.deepEqual(action.errors.map((one) => [one.kind, one.status, one.message]), [["request", 507, "soft failure"]]);
    assert.deepEqual(pageErrors, []);
  });

  test("decide when a load ends, whether it failed and what the page is called", async (t) => {
    const { page, visit, recorded, pageErrors } = await openVisit(t);
    const loads = (count) => recorded(`${count} loads`, (one) => one.actions.filter((a) => a.kind === "page_load").length >= count);
    const end = () => page.evaluate(() => performance.getEntriesByType("navigation")[0].loadEventEnd);
    await visit("/calls.html?load=manual");
    near((await loads(1)).actions[0].duration, (await end()) + 700, "a load ended by hand", 80);
    await visit("/calls.html?load=markers");
    near((await loads(2)).actions[1].duration, (await end()) + 800, "a load with its last marker", 80);
    await visit("/calls.html?load=error");
    await page.waitForFunction(() => "late" in window.parts.early());
    assert.deepEqual(await page.evaluate(() => window.parts.early()), { wrong: false, marked: true, late: false });
    const failed = (await loads(3)).actions[2];
    assert.deepEqual(failed.errors.map((one) => [one.kind, one.status, one.message]), [["request", 418, "teapot"]]);
    assert.equal(failed.zone, "frustrated");
    await visit("/calls.html?load=page");
    const book = (await loads(4)).actions[3];
    assert.deepEqual([book.page, book.page_group], ["/books/123", "/books/:id"]);
    assert.deepEqual(await page.evaluate(() => window.parts.early()), { automatic: -2, loading: 2 });
    assert.deepEqual(await page.evaluate(() => window.parts.pages()), { same: -1, next: 1, off: -2 });
    const found = await recorded("a page by name", (one) => one.actions.some((a) => a.name === "reading"));
    assertSound(found);
    const reading = found.actions.find((one) => one.name === "reading");
    assert.deepEqual([reading.page, reading.page_group], ["/books/456", "/books/:id"]);
    assert.notEqual(reading.page_view, book.page_view);
    assert.deepEqual(pageErrors, []);
  });

  test("switch detection, storage and capture, and end the session", async (t) => {
    const settings = { user_tag_rules: [{ source: "css_selector", expression: "#greeting", cleanup: "Welcome (.*)" }] };
    const { page, context, visit, recorded, relay, pageErrors } = await openVisit(t, settings);
    await visit("/calls.html");
    await recorded("the load", (one) => loadOf(one, "/calls.html"));
    const rest = await page.evaluate(() => window.parts.rest());
    assert.ok(rest.apart < 100);
    assert.deepEqual(rest.meta.map((one) => [one.expression, one.value, typeof one.id, typeof one.type]), [["#greeting", "Ryan", "string", "string"]]);

    await page.evaluate(() => window.parts.automatic(false));
    await page.click("#buy");
    await pause(900);
    await page.evaluate(() => window.parts.automatic(true));
    await page.click("#buy");
    await recorded("one click of two", (one) => named(one, /buy now/i));
    await page.evaluate(() => window.parts.kill());
    const killed = await recorded("an unfinished action", (one) => named(one, /unfinished/));
    assert.equal(killed.actions.filter((one) => /buy now/i.test(one.name)).length, 1, "detection was off for the other");

    // A cookie that outlives the browser is what knows people again.
    const lasting = async () => (await context.cookies()).filter((one) => one.expires > 0 && one.value.length >= 16);
    assert.equal((await lasting()).length, 1);
    await page.evaluate(() => window.parts.persist(false));
    assert.deepEqual(await lasting(), []);
    await page.reload();
    await pause(500);
    assert.deepEqual(await lasting(), [], "remembered on the next page");
    await page.evaluate(() => window.parts.persist(true));
    await pause(300);
    assert.equal((await lasting()).length, 1);

    await page.evaluate(() => window.parts.watchLeaving());
    await page.reload();
    assert.equal(await page.evaluate(() => localStorage.getItem("left")), "true");

    await page.evaluate(() => window.parts.end());
    const ended = await recorded("an end", (one) => one.session.end_reason === "end_call");
    assertSound(ended);
    await page.click("#buy");
    await recorded("another session", (one) => one.session.id !== ended.session.id && named(one, /buy now/i));

    await page.evaluate(() => window.parts.consent(false));
    await pause(300);
    const sent = relay.beacons().length;
    assert.deepEqual(await context.cookies(), []);
    await page.click("#buy");
    await pause(2500);
    assert.equal(relay.beacons().length, sent);
    await page.evaluate(() => window.parts.consent(true));
    await page.click("#buy");
    await recorded("capture again", () => relay.beacons().length > sent);
    assert.deepEqual(pageErrors, []);
  });

  test("tell of a session that ran out before the next begins", async (t) => {
    // The shortest that the settings take.
    const { page, visit, recorded, sessions } = await openVisit(t, { session: { idle: 60_000 } });
    await page.clock.install();
    await visit("/calls.html");
    await page.clock.runFor(5000);
    await recorded("the load", (one) => one.actions.length > 0);
    await page.evaluate(() => window.parts.watchTimeout());
    await page.clock.fastForward(120_000);
    await page.click("#buy");
    const told = await page.waitForFunction(() => window.timedOut);
    const [id, renewed] = await told.jsonValue();
    assert.match(id, /\S/);
    assert.equal(renewed, true);
    assert.ok((await sessions()).length >= 1);
    assert.deepEqual(errorsOf((await sessions())[0]), []);
  });
});
