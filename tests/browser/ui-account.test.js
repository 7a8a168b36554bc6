// What people set with the numbers before them: Apdex thresholds that are tried, tokens of one's own, a range that grows.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser, until } from "./support/browser.js";
import { openDemo } from "./support/demo.js";

let demo;
let admin;
let plain;

before(async () => {
  demo = await openDemo();
  admin = await openBrowser({ viewport: { width: 1440, height: 900 } });
  plain = await openBrowser({ javaScriptEnabled: false });
  for (const browser of [admin, plain]) {
    const page = await browser.context.newPage();
    await demo.signIn(page);
    await page.close();
  }
});
after(async () => {
  await admin?.close();
  await plain?.close();
  await demo?.close();
});

const settings = "/apps/a_0000001/settings/apdex";
const score = (text) => Number(/(\d\.\d\d)/.exec(text)?.[1]);

test("thresholds are tried while they are typed, and nothing is saved", async () => {
  const page = await admin.context.newPage();
  const complaints = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  await page.goto(demo.admin + settings);
  const trial = page.locator("#apdex-load-trial");
  const is = await trial.innerText();
  assert.match(is, /At 3\ss and 15\ss, as saved, you are at \d\.\d\d \w+, from [\d,]+ page loads\./);
  await page.fill('[name="apdex/load/satisfied"]', "0.4");
  const would = await until("the score of 0.4 s", async () => {
    const text = await trial.innerText();
    return /At 0\.4\ss and 15\ss you would be at/.test(text) && text;
  });
  assert.ok(score(would) < score(is), `${would} ${is}`);
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("name")), "apdex/load/satisfied");
  assert.match(await page.locator("#apdex-trial").innerText(), /would be at \d\.\d\d .*as saved \d\.\d\d/);
  // Both thresholds stand in the picture.
  assert.equal(await trial.locator(".chart-threshold").count(), 2);
  assert.match((await trial.locator(".chart-name").allTextContents()).join("|"), /^0\.4\ss\|15\ss$/);

  await page.fill('[name="apdex/load/satisfied"]', "soon");
  await page.getByText("Satisfied up to: seconds are needed, as 3 or 2.5.").waitFor();
  assert.equal(await page.getAttribute('[name="apdex/load/satisfied"]', "aria-invalid"), "true");
  await page.fill('[name="apdex/load/satisfied"]', "2");
  await until("no fault", async () => (await page.getAttribute('[name="apdex/load/satisfied"]', "aria-invalid")) === null);
  await page.goto(demo.admin + settings);
  assert.equal(await page.inputValue('[name="apdex/load/satisfied"]'), "3");
  assert.deepEqual(complaints, []);
  await page.close();
});

test("without script a button tries them", async () => {
  const page = await plain.context.newPage();
  await page.goto(demo.admin + settings);
  await page.fill('[name="apdex/xhr/satisfied"]', "0.2");
  await page.fill('[name="apdex/load/tolerating"]', "1");
  await page.getByRole("button", { name: "Try without saving" }).click();
  await page.waitForURL(/satisfied=0\.2/);
  assert.match(await page.locator("#apdex-xhr-trial").innerText(), /At 0\.2\ss and 15\ss you would be at/);
  assert.match(await page.locator("#apdex-load-error").innerText(), /Tolerated up to: not less than what satisfies/);
  assert.equal(await page.inputValue('[name="apdex/xhr/satisfied"]'), "0.2");
  await page.goto(demo.admin + settings);
  assert.equal(await page.inputValue('[name="apdex/xhr/satisfied"]'), "3");
  await page.close();
});

test("a token of mine is shown once, works, and ends when it is removed", async () => {
  const page = await plain.context.newPage();
  await page.goto(`${demo.admin}/me#tokens`);
  await page.fill('[name="name"]', "nightly export");
  await page.getByRole("button", { name: "Make the token" }).click();
  await page.getByText("at least one permission").waitFor();
  assert.equal(await page.inputValue('[name="name"]'), "nightly export");
  await page.check('[name="sessions:read"]');
  await page.getByRole("button", { name: "Make the token" }).click();
  const token = (await page.locator(".code code", { hasText: "footfall_" }).innerText()).trim();
  const call = async (path) => (await fetch(demo.admin + path, { headers: { Authorization: `Bearer ${token}` } })).status;
  assert.equal(await call("/api/v1/sessions"), 200);
  assert.equal(await call("/api/v1/accounts"), 403);
  await page.goto(`${demo.admin}/me`);
  assert.ok(!(await page.content()).includes(token), "shown twice");
  const row = page.locator("tr", { hasText: "nightly export" });
  assert.match(await row.innerText(), /sessions:read/);
  await row.getByRole("button", { name: "Remove" }).click();
  await page.waitForURL(/\/me#tokens$/);
  assert.equal(await row.count(), 0);
  assert.equal(await call("/api/v1/sessions"), 401);
  await page.close();
});

test("- zooms out, by key and by link, until nothing more is kept", async () => {
  const page = await admin.context.newPage();
  for (const path of ["/sessions", "/apps/a_0000001", "/apps"]) {
    await page.goto(demo.admin + path);
    await page.keyboard.press("-");
    await page.waitForURL(/from=-48h/);
    assert.match(await page.locator(".time-range summary").innerText(), /Last 48 hours/);
  }
  await page.goto(`${demo.admin}/apps/a_0000001?from=-30d`);
  for (let times = 0; times < 3; times += 1) {
    const wider = page.locator(".time-range a[data-wider]");
    if ((await wider.count()) === 0) break;
    await page.goto(demo.admin + (await wider.getAttribute("href")));
  }
  await page.locator(".time-range summary").click();
  await page.getByText(/Data is kept for \d+ days/).waitFor();
  await page.keyboard.press("Escape");
  const before = page.url();
  await page.keyboard.press("-");
  await page.keyboard.press("?");
  await page.locator("#keys[open]", { hasText: "zoom out" }).waitFor();
  assert.equal(page.url(), before);
  await page.close();

  const bare = await plain.context.newPage();
  await bare.goto(`${demo.admin}/sessions?from=-2h`);
  await bare.locator(".time-range summary").click();
  await bare.getByRole("link", { name: "Zoom out" }).click();
  await bare.waitForURL(/from=-4h/);
  await bare.close();
});
