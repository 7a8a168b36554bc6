// As a person who has just installed it: set up, put the line into the page, be Ryan, find Ryan.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { openBrowser, person, until } from "./support/browser.js";
import { openServer } from "./support/server.js";
import { openSite } from "./support/site.js";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const pictures = process.env.BROWSER_TEST_PICTURES;

let server;
let site;
let admin;
let visitor;
let tag = "";
/** What the console of our own pages said. */
const complaints = [];

before(async () => {
  server = await openServer();
  site = await openSite(() => tag);
  admin = await openBrowser({ viewport: { width: 1440, height: 900 } });
  visitor = await openBrowser(person);
});
after(async () => {
  await admin?.close();
  await visitor?.close();
  site?.close();
  await server?.close();
});

/** Looks at a page: nothing in the console, nothing that keeps people out. */
async function look(page, name) {
  if (pictures) {
    mkdirSync(pictures, { recursive: true });
    await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
  }
  // Not through a script element: the policy of the pages forbids it.
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  const serious = found.violations
    .filter((one) => one.impact === "serious" || one.impact === "critical")
    .map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(" ")).join(", ")}`);
  assert.deepEqual(serious, [], `${name} keeps people out`);
}

test("from the first start to Ryan's session", async (t) => {
  const page = await admin.context.newPage();
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));

  await t.test("the wizard leads from the token to the line for the page", async () => {
    await page.goto(server.admin + "/setup");
    for (let step = 1; step <= 6; step++) {
      await look(page, `setup-${step}`);
      const text = await page.evaluate(() => document.body.textContent);
      const line = /<script[^>]*src="[^"]*\/tag\/a_[^"]+"[^>]*><\/script>/.exec(text);
      if (line) {
        // The page names the listener as its own browser would reach it.
        const id = /\/tag\/(a_\w+)\.js/.exec(line[0])[1];
        tag = server.tag(id);
        break;
      }
      const fields = await page.locator("main form input:visible, form.form input:visible").all();
      for (const field of fields) {
        const name = (await field.getAttribute("name")) ?? "";
        const type = (await field.getAttribute("type")) ?? "text";
        if (/token|code/.test(name)) await field.fill(server.token);
        else if (type === "password" || /password/.test(name)) await field.fill(server.password);
        else if (type === "text" || type === "email") await field.fill(step < 3 ? "admin" : "Shop");
      }
      await page.locator("form.form button").last().click();
      await page.waitForLoadState();
    }
    assert.match(tag, /\/tag\/a_/, "the wizard showed no line for the page");
  });

  await t.test("Ryan walks through the shop and the wizard sees it", async () => {
    const shop = await visitor.context.newPage();
    await shop.goto(site.origin + "/");
    await shop.evaluate(() => window.footfall.identifyUser("ryan"));
    await shop.waitForTimeout(1500);
    await shop.click("#buy");
    await shop.waitForTimeout(1000);
    await shop.click("#fails");
    await shop.waitForTimeout(3000);
    await until("the wizard says so", async () => {
      await page.reload();
      return page.evaluate(() => /arrived|first session|is here/i.test(document.body.innerText));
    });
    await look(page, "setup-done");
  });

  await t.test("the search box finds him and his session tells what he did", async () => {
    await page.goto(server.admin + "/sessions");
    await look(page, "sessions-all");
    await page.locator("#text").fill("ryan");
    await look(page, "sessions-typing");
    await page.keyboard.press("Enter");
    // The address is the state.
    await page.waitForURL(/\?q=.*ryan/);
    const row = page.locator("table a", { hasText: "ryan" }).first();
    await row.waitFor();
    await look(page, "sessions-ryan");
    const link = page.locator('table a[href^="/sessions/s_"]').first();
    await link.click();
    await page.waitForURL(/\/sessions\/s_/);
    const text = (await page.evaluate(() => document.body.innerText)).toLowerCase();
    for (const expected of ["ryan", "loading of page /", "buy now", "fails", "500"]) {
      assert.ok(text.includes(expected), `the session page does not say ${expected}`);
    }
    await look(page, "session-ryan");
  });

  await t.test("without complaints in the console", () => assert.deepEqual(complaints, []));
});
