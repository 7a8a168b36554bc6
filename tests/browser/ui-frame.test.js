// The frame of the pages: command menu, keys, help, API, account; once with the keyboard alone.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser, until } from "./support/browser.js";
import { openDemo } from "./support/demo.js";

let demo;
let admin;
let page;

before(async () => {
  demo = await openDemo();
  admin = await openBrowser({ viewport: { width: 1440, height: 900 } });
  page = await admin.context.newPage();
});
after(async () => {
  await admin?.close();
  await demo?.close();
});

/** Types into the command menu and waits for what it finds. */
async function ask(text) {
  await page.keyboard.press("Control+k");
  await page.locator("#omni:focus").waitFor();
  await page.keyboard.press("Control+a");
  await page.keyboard.type(text);
}

test("the support case with the keyboard alone", async () => {
  await page.goto(`${demo.admin}/login`);
  for (const [id, text] of [["f-name", "demo"], ["f-password", demo.password]]) {
    await until(`focus on ${id}`, async () => {
      await page.keyboard.press("Tab");
      return page.evaluate((own) => document.activeElement?.id === own, id);
    });
    await page.keyboard.type(text);
  }
  await page.keyboard.press("Enter");
  await page.waitForURL(`${demo.admin}/`);
  // The focus can be seen, and the first thing leads over the menu.
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement?.className), "skip");

  await page.keyboard.press("g");
  await page.keyboard.press("s");
  await page.waitForURL(/\/sessions/);
  await page.goto(`${demo.admin}/sessions?from=-7d&q=user:any`);
  const tag = await page.locator('table a[href^="/users/"]').first().innerText();
  await ask(tag);
  await page.locator(".palette [role=option][aria-selected=true]", { hasText: tag }).waitFor();
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/users\/[0-9a-f]+$/);
  assert.ok(!page.url().includes(encodeURIComponent(tag)), "a name stands in the address");
  await page.locator("h1", { hasText: tag }).waitFor();

  await page.keyboard.press("j");
  const [other] = await Promise.all([admin.context.waitForEvent("page"), page.keyboard.press("o")]);
  await other.waitForURL(/\/sessions\/s_/);
  await other.close();
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/sessions\/s_/);
  const session = /s_\w+/.exec(page.url())?.[0] ?? "";
  await page.keyboard.press("j");
  assert.equal(await page.evaluate(() => document.activeElement?.tagName), "SUMMARY");

  await ask(session);
  await page.locator(".palette [role=option]", { hasText: `${session} ` }).or(page.locator(`.palette [role=option][data-href*="${session}"]`)).first().waitFor();
  await page.keyboard.press("Escape");
});

test("the command menu finds pages, settings, help and commands, by role", async () => {
  await page.goto(`${demo.admin}/apps`);
  for (const [text, group, hit] of [
    ["audit", "Go to|Settings", "Audit log"],
    ["mask ip", "Settings", "Mask IP addresses"],
    ["forbidden_origin", "Help", "forbidden_origin"],
    ["dark", "Commands", "Dark theme"],
  ]) {
    await ask(text);
    await page.locator(".palette [role=option]", { hasText: hit }).first().waitFor();
    const titles = await page.locator(".palette-title").allInnerTexts();
    assert.ok(titles.some((title) => new RegExp(group).test(title)), `${text}: ${titles}`);
  }
  await page.locator(".palette [role=option]", { hasText: "Dark theme" }).click();
  await until("dark", () => page.evaluate(() => document.documentElement.dataset.theme === "dark").catch(() => false));
  assert.equal(new URL(page.url()).pathname, "/apps");
  await page.keyboard.press("t");
  await until("light", () => page.evaluate(() => document.documentElement.dataset.theme === "light").catch(() => false));
});

test("Tab narrows the command menu to one kind, once", async () => {
  await page.goto(`${demo.admin}/apps`);
  await ask("a");
  const titles = () => page.locator(".palette-title").allInnerTexts();
  const chosen = page.locator(".palette [role=option][aria-selected=true]");
  await chosen.waitFor();
  const before = await titles();
  assert.ok(before.length > 1, `${before}`);
  const few = await page.locator(".palette [role=group]").first().locator("[role=option]").count();
  await page.keyboard.press("Tab");
  await page.locator(".palette-title", { hasText: "only" }).waitFor();
  assert.equal((await titles()).length, 1);
  assert.ok((await page.locator(".palette [role=option]").count()) >= few);
  assert.equal(await page.evaluate(() => document.activeElement?.id), "omni");
  await page.keyboard.press("Escape");
  await until("all groups", async () => (await titles()).length === before.length);
  await page.keyboard.press("Tab");
  await page.locator(".palette-title", { hasText: "only" }).waitFor();
  await page.keyboard.press("Tab");
  assert.notEqual(await page.evaluate(() => document.activeElement?.id), "omni");
});

test("keys compare and lead to the actions of a page", async () => {
  await page.goto(`${demo.admin}/apps`);
  await page.locator(".row-cover").first().click();
  await page.locator(".step").first().waitFor();
  for (const expected of ["week", "none", null]) {
    await page.keyboard.press("x");
    await page.waitForURL((url) => url.searchParams.get("cmp") === expected);
    await page.locator(".step").first().waitFor();
  }
  await page.keyboard.press(".");
  assert.ok(await page.evaluate(() => document.activeElement?.matches(".page-head .button")));
});

test("single keys can be switched off", async () => {
  await page.goto(`${demo.admin}/me`);
  await page.uncheck("#f-keys");
  await page.locator('form[action="/me/keys"] button').click();
  await page.waitForURL(/saved=1/);
  await page.keyboard.press("?");
  await page.keyboard.press("/");
  assert.equal(await page.locator("#keys[open]").count(), 0);
  assert.notEqual(await page.evaluate(() => document.activeElement?.id), "omni");
  await page.keyboard.press("Control+k");
  assert.equal(await page.evaluate(() => document.activeElement?.id), "omni");
  await page.goto(`${demo.admin}/me`);
  assert.equal(await page.isChecked("#f-keys"), false);
  await page.check("#f-keys");
  await page.locator('form[action="/me/keys"] button').click();
  await page.waitForURL(/saved=1/);
  await page.keyboard.press("?");
  await page.locator("#keys[open]").waitFor();
});

test("time ranges are shifted by keys, and stay in the address", async () => {
  await page.goto(`${demo.admin}/sessions`);
  await page.keyboard.press("[");
  await page.waitForURL(/from=/);
  const earlier = page.url();
  await page.keyboard.press("]");
  await page.waitForURL((url) => url.href !== earlier);
});

test("help is found by word, and the reason of a refusal has its place", async () => {
  await page.goto(`${demo.admin}/help`);
  await page.fill("#help-q", "apdex");
  await page.keyboard.press("Enter");
  await page.waitForURL(/q=apdex/);
  await page.locator("a.hit", { hasText: "Apdex" }).first().click();
  await page.waitForURL(/\/help\/[a-z-]+#?/);
  const answer = await page.goto(`${demo.admin}/help/outcomes#forbidden_origin`);
  assert.equal(answer?.status(), 200);
  assert.equal(await page.locator("#forbidden_origin").count(), 1);
});

test("a call of the API is explained for this host, and can be tried", async () => {
  await page.goto(`${demo.admin}/api?call=GET+/api/v1/sessions`);
  const example = await page.locator(".code code").first().innerText();
  assert.ok(example.includes(`${demo.admin}/api/v1/sessions`), example);
  await page.locator('[id="f-p.q"]').fill("errors>0");
  await page.locator('form[action="/api/try"] button').click();
  await page.waitForURL(/\/api\/v1\/sessions\?q=errors/);
  assert.ok(Array.isArray(JSON.parse(await page.evaluate(() => document.body.innerText)).items));
});

test("without script the search is a page", async () => {
  const plain = await openBrowser({ javaScriptEnabled: false });
  try {
    const context = plain.context;
    await context.addCookies(await admin.context.cookies());
    const reader = await context.newPage();
    await reader.goto(`${demo.admin}/apps`);
    await reader.fill("#omni", "privacy");
    await reader.press("#omni", "Enter");
    await reader.waitForURL(/\/search\?q=privacy/);
    await reader.locator('a.hit[href^="/help/privacy"]').first().click();
    await reader.waitForURL(/\/help\/privacy/);
  } finally {
    await plain.close();
  }
});
