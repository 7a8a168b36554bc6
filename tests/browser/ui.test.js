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

  await t.test("a page load has its document in the waterfall", async () => {
    const load = page.locator(".happened > li", { hasText: "loading of page /" }).first();
    await load.locator("summary").first().click();
    await load.locator("a", { hasText: "Full waterfall" }).click();
    await page.waitForURL(/waterfall$/);
    const groups = await page.locator(".waterfall-group").allInnerTexts();
    assert.match(groups[0], /^Documents 1/);
    assert.match(await page.locator(".parts").innerText(), /server/);
    await look(page, "waterfall");
  });

  await t.test("? shows the keys and / goes to the search", async () => {
    await page.goto(server.admin + "/sessions");
    await page.keyboard.press("?");
    await page.locator("#keys[open]").waitFor();
    await look(page, "keys");
    await page.keyboard.press("Escape");
    assert.equal(await page.locator("#keys[open]").count(), 0);
    await page.keyboard.press("/");
    assert.equal(await page.evaluate(() => document.activeElement?.id), "omni");
  });

  await t.test("the set-up knows the application that its address leaves out", async () => {
    const answer = await page.goto(server.admin + "/setup/snippet");
    assert.equal(answer?.status(), 200);
    assert.ok((await page.content()).includes("/tag/a_"));
  });

  await t.test("a refused origin is on the health page, one click from the list that allows it", async () => {
    const id = /\/tag\/(a_\w+)\.js/.exec(tag)[1];
    const settings = `${server.admin}/apps/${id}/settings/origins`;
    await page.goto(settings);
    await page.fill("#f-allowed_origins", site.origin);
    await page.click("text=Save");
    await page.waitForURL(/saved=1/);
    const refused = await fetch(`${server.ingest}/beacon/${id}`, {
      method: "POST",
      headers: { Origin: "https://other.example" },
      body: "{}",
    });
    assert.equal(refused.status, 403);
    await page.goto(`${server.admin}/apps/${id}/health`);
    const text = await page.evaluate(() => document.body.innerText);
    for (const part of ["https://other.example", "origin not allowed", "Free space", "Versions of the agent"]) {
      assert.ok(text.includes(part), part);
    }
    await look(page, "health");
    await page.click("text=Allow in settings");
    await page.waitForURL(/allow=/);
    assert.equal(await page.inputValue("#f-allowed_origins"), `${site.origin}\nhttps://other.example`);
  });

  await t.test("every page can be read on a phone, in the dark, and without script", async () => {
    const id = /\/tag\/(a_\w+)\.js/.exec(tag)[1];
    await page.goto(server.admin + "/sessions?q=ryan");
    const session = await page.locator('table a[href^="/sessions/s_"]').first().getAttribute("href");
    const user = await page.locator('table a[href^="/users/"]').first().getAttribute("href");
    const sections = ["general", "detection", "tagging", "apdex", "sessions", "privacy", "snippet"];
    const paths = [
      "/sessions", "/sessions?q=user:nobody", "/sessions?q=nonsense:1", session, `${session}/actions/1/waterfall`, user,
      "/apps", "/apps/new", `/apps/${id}/health`, ...sections.map((section) => `/apps/${id}/settings/${section}`),
      "/settings/users", "/settings/tokens", "/settings/audit", "/me", "/help",
    ];
    await page.emulateMedia({ colorScheme: "dark" });
    await page.setViewportSize({ width: 390, height: 844 });
    for (const path of paths) {
      const answer = await page.goto(server.admin + path);
      assert.equal(answer?.status(), 200, path);
      const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wider <= 0, `${path} is ${wider} px wider than a phone`);
      await look(page, `phone-${paths.indexOf(path)}`);
    }
    const cookies = await admin.context.cookies();
    const plain = await visitor.context.browser()?.newContext({ javaScriptEnabled: false });
    if (!plain) return;
    await plain.addCookies(cookies);
    const reader = await plain.newPage();
    for (const path of paths) {
      await reader.goto(server.admin + path);
      assert.equal(await reader.locator("main h1").count(), 1, path);
    }
    await plain.close();
  });

  await t.test("a theme chosen before signing in stays, and a wrong password is told", async () => {
    const other = await visitor.context.newPage();
    await other.goto(server.admin + "/login?next=/apps");
    await look(other, "login");
    await Promise.all([other.waitForNavigation(), other.click("text=Dark")]);
    assert.match(other.url(), /next=/);
    const theme = () => other.evaluate(() => document.documentElement.dataset.theme);
    assert.equal(await theme(), "dark");
    await other.fill("#f-name", "admin");
    await other.fill("#f-password", "not the password");
    await other.click("main button");
    await other.locator("[role=alert], .field-error").first().waitFor();
    await look(other, "login-wrong");
    // Guessing is slowed down.
    await other.waitForTimeout(3000);
    await other.fill("#f-name", "admin");
    await other.fill("#f-password", server.password);
    await other.click("main button");
    await other.waitForURL(/\/apps$/);
    assert.equal(await theme(), "dark");
    await other.close();
  });

  await t.test("without complaints in the console", () => assert.deepEqual(complaints, []));
});
