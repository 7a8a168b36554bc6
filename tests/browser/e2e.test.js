// From the click in a real browser to what the server recorded.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { openBrowser, person, until } from "./support/browser.js";
import { openServer } from "./support/server.js";
import { openSite } from "./support/site.js";

let server;
let site;
let browser;
let page;
let tag = "";

before(async () => {
  server = await openServer();
  await server.setUp();
  const application = await server.application("Shop", {
    user_tag_rules: [{ source: "css_selector", expression: "#greeting", cleanup: "Welcome (.*)" }],
  });
  tag = server.tag(application);
  site = await openSite(() => tag);
});
after(async () => {
  site?.close();
  await server?.close();
});
beforeEach(async () => {
  browser = await openBrowser(person);
  page = await browser.context.newPage();
});
afterEach(() => browser.close());

const DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";

/** The visitor id that the agent gave this browser, as the API writes it. */
async function visitor() {
  const cookie = (await browser.context.cookies(site.origin)).find((one) => one.name === "ff_v");
  if (!cookie) return undefined;
  let rest = BigInt("0x" + cookie.value);
  let text = "";
  for (let count = 0; count < 26; count++, rest >>= 5n) text = DIGITS[Number(rest & 31n)] + text;
  return "v_" + text;
}

/** Waits for a session of this browser that fits. */
async function recorded(what, check, limit = 15_000) {
  const own = await until("visitor id", visitor);
  let last;
  try {
    return await until(
      what,
      async () => {
        for (const row of await server.sessions()) {
          if (row.visitor !== own) continue;
          last = await server.session(row.id);
          if (check(last)) return last;
        }
        return undefined;
      },
      limit,
    );
  } catch (error) {
    throw new Error(`${error.message}\nlast seen: ${JSON.stringify(last, undefined, 1)}\n${server.log().slice(-2000)}`);
  }
}

const named = (found, pattern) => found.actions.find((one) => pattern.test(one.name));

describe("a visitor", () => {
  test("is recorded with name, actions, timings and requests, and found", async () => {
    await page.goto(site.origin + "/");
    await page.waitForTimeout(1500);
    await page.click("#buy");
    await page.waitForTimeout(1000);
    await page.click("text=Second page");
    const found = await recorded("load, click, load", (one) => one.actions.length >= 3);
    assert.equal(found.session.user_tag, "Ryan");
    assert.equal(found.session.is_live, true);
    assert.match(found.session.client.browser, /Chrom/);
    assert.equal(found.session.kind, "real_user", JSON.stringify(found.session.client));
    assert.deepEqual(
      found.actions.map((one) => one.name.toLowerCase()),
      ["loading of page /", 'click on "buy now" on page /', "loading of page /second.html"],
    );
    const [load, click] = found.actions;
    assert.ok(load.timings.response_start > 0);
    assert.ok(load.resource_count >= 4);
    assert.equal(load.contributors.server + load.contributors.network + load.contributors.frontend, load.duration);
    assert.ok(click.duration >= 115);
    assert.ok(click.request_url.includes("/api/cart"));
    const hits = await until("found by name", async () => {
      const rows = await server.sessions("ryan");
      return rows.some((one) => one.id === found.session.id) && rows;
    });
    assert.ok(hits.length > 0);
  });

  test("of a framework page is recorded with its route changes", async () => {
    await page.goto(site.origin + "/app/");
    await page.waitForTimeout(1500);
    await page.click("text=Product seven");
    const found = await recorded("route change", (one) => named(one, /product seven/i));
    const route = named(found, /product seven/i);
    assert.equal(route.is_soft_navigation, true);
    assert.ok(route.duration >= 115);
    assert.ok(route.resource_count >= 2);
  });

  test("who meets errors is recorded with them", async () => {
    await page.goto(site.origin + "/");
    await page.waitForTimeout(1500);
    await page.click("#fails");
    await page.waitForTimeout(800);
    await page.click("#throws");
    const found = await recorded(
      "errors",
      (one) => one.session.tally.request_errors >= 1 && one.session.tally.javascript_errors >= 1,
    );
    const failed = named(found, /fails/i);
    assert.equal(failed.errors[0].status, 500);
    assert.equal(failed.zone, "frustrated");
    const reports = [
      ...found.actions.flatMap((one) => one.errors),
      ...found.events.filter((one) => one.kind === "error").map((one) => one.error),
    ];
    // Messages are masked for a token that may not see them.
    assert.ok(reports.some((one) => one.kind === "javascript" && one.name === "TypeError"), JSON.stringify(reports));
    const hits = await until("found by error", async () => (await server.sessions("errors>0")).length);
    assert.ok(hits > 0);
  });
});

describe("closing", () => {
  test("one of two tabs does not end the session", async () => {
    await page.goto(site.origin + "/");
    const other = await browser.context.newPage();
    await other.goto(site.origin + "/second.html");
    await recorded("both loads", (one) => one.actions.length >= 2);
    await other.close({ runBeforeUnload: true });
    await recorded("end of a page", (one) => one.events.some((event) => event.kind === "page_end"));
    await page.waitForTimeout(9000);
    const found = await recorded("still live", () => true);
    assert.equal(found.session.end_reason, null);
    await page.click("#buy");
    const later = await recorded("more of the same session", (one) => named(one, /buy now/i));
    assert.equal(later.session.id, found.session.id);
  });

  test("the last tab ends the session", async () => {
    await page.goto(site.origin + "/");
    await recorded("load", (one) => one.actions.length >= 1);
    await page.close({ runBeforeUnload: true });
    const found = await recorded("end", (one) => one.session.end_reason, 30_000);
    assert.equal(found.session.end_reason, "window_closed");
  });

  test("by call ends the session at once", async () => {
    await page.goto(site.origin + "/");
    await recorded("load", (one) => one.actions.length >= 1);
    await page.evaluate(() => window.footfall.endSession());
    const found = await recorded("end", (one) => one.session.end_reason);
    await page.click("#buy");
    const next = await recorded("another session", (one) => named(one, /buy now/i));
    assert.notEqual(next.session.id, found.session.id);
    assert.equal(next.session.user_tag, "Ryan");
  });
});
